"""What the model knows of one tenant: plain records, and what follows from them. Pure.

Nothing here is an index: what the engine keeps beside its records, the model works out from them.
"""

from dataclasses import dataclass, field
from typing import Any

from router.doctor.state import thread_of
from tests.model.asked import Asked, Skills
from tests.model.defaults import AGENT_DEFAULTS
from tests.model.instants import of_agent, of_contact

Plain = dict[str, Any]
Place = tuple[int, str]

TIER = 10**13

CARD_FIELDS = ("address", "subject", "origin", "customer", "attributes", "priority")


def line_id(queue: str, channel: str, asked: Asked | None = None) -> str:
    """The line of contacts that the same agents can serve."""
    return f"{queue}|{channel}|{asked.text() if asked else ''}"


def personal_line(queue: str, channel: str, agents: list[str]) -> str:
    """The line of the contacts that wait for these agents alone."""
    return f"{queue}|{channel}|@{','.join(agents)}"


BY_HAND = ("transfer", "consult")
"""Kinds of offers that a colleague makes."""


@dataclass
class Offer:
    """A contact put to one agent, until its deadline."""

    n: int
    agent: str
    made: int
    deadline: int
    kind: str
    note: str | None = None


@dataclass
class Tried:
    """How often an offer of a contact failed with an agent, and until when he is left alone."""

    n: int = 0
    until: int = 0


@dataclass
class Contact:
    """The unit of work."""

    id: str
    fp: str
    queue: str
    channel: str
    priority: int
    tier: int
    requirements: Skills
    any_of: list[Skills]
    target_ms: int | None
    card: Plain
    lease_ms: int | None
    agents: list[str] | None
    agent_wait_ms: int | None
    backup_queue: str | None
    arrived: int
    entered: int
    since: int | None
    due: int | None
    state: str = "queued"
    not_before: int | None = None
    look_at: int | None = None
    held_until: int | None = None
    callback: Plain | None = None
    offers: int = 0
    ringing: list[Offer] = field(default_factory=list)
    width: int | None = None
    widen_at: int | None = None
    accepted: int | None = None
    monitors: dict[str, str] = field(default_factory=dict)
    owner: str | None = None
    assigned_at: int | None = None
    tried: dict[str, Tried] = field(default_factory=dict)
    failures: int = 0
    direct: list[str] | None = None
    sticky: bool | None = None
    direct_until: int | None = None
    retry: int | None = None
    dead_end: str | None = None
    alive_until: int | None = None
    relax: list[Plain] = field(default_factory=list)
    joined: int = 0
    stepped: int | None = None
    relaxed: int | None = None
    step_at: int | None = None
    late: bool | None = None
    participants: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    customer_since: int | None = None
    spoken: bool | None = None
    answered: bool | None = None
    response: Plain | None = None
    response_by: int | None = None
    asked_at: int | None = None
    no_answer_at: int | None = None
    freed: bool | None = None
    worked_ms: int | None = None
    episode: int | None = None
    links: list[Plain] = field(default_factory=list)
    follows: str | None = None
    followed_by: str | None = None
    wrap_until: int | None = None
    wrap_up: str | None = None
    ended_at: int | None = None
    result: str | None = None
    reason: str | None = None
    instruction: str | None = None
    disposition: str | None = None
    resolved: bool | None = None
    survey_wish: bool | None = None
    survey_requested: bool | None = None
    closed_by: str | None = None
    rating: Plain | None = None
    note: str | None = None
    consult: Plain | None = None
    closed_at: int | None = None
    conversation: str | None = None
    attached: str | None = None

    @property
    def thread(self) -> str | None:
        """What it shares with all other contacts of its conversation."""
        if self.conversation is None:
            return None
        return thread_of(self.channel, self.card["customer"], self.conversation)

    @property
    def score(self) -> int:
        return (self.due or 0) - self.tier * TIER

    @property
    def member(self) -> str:
        return f"{self.entered:013d}{self.id}"

    @property
    def place(self) -> Place:
        """Its place among all that wait: smaller goes first."""
        return (self.score, self.member)

    @property
    def line(self) -> str:
        """The line that it stands in or comes back to; none while it is held or scheduled."""
        if self.state in ("held", "scheduled"):
            return ""
        if self.direct is not None:
            return personal_line(self.queue, self.channel, self.direct)
        return line_id(self.queue, self.channel, self.asked)

    @property
    def who(self) -> str | None:
        """The customer, as far as he is known: by his id, else by where he comes from."""
        customer, address = self.card["customer"], self.card["address"]
        return f"c={customer}" if customer else f"a={address}" if address else None

    @property
    def asked(self) -> Asked:
        return Asked(self.requirements, tuple(self.any_of))

    @property
    def is_short(self) -> bool:
        """Whether it rings fewer agents than it may; with a step due it lets its bells ring out."""
        return self.state == "offered" and len(self.ringing) < (self.width or 0) and not self.late

    def offer_to(self, agent: str) -> Offer | None:
        """The pending offer to the agent."""
        return next((offer for offer in self.ringing if offer.agent == agent), None)

    def numbered(self, n: int) -> Offer | None:
        """The pending offer with the number."""
        return next((offer for offer in self.ringing if offer.n == n), None)

    def is_cooling(self, agent: str, now: int) -> bool:
        return agent in self.tried and self.tried[agent].until > now


@dataclass
class Work:
    """What an agent holds of one contact: a slot of its channel, and units of his capacity."""

    kind: str
    channel: str
    units: int
    interrupted: bool = False


@dataclass
class Agent:
    """Who may serve."""

    id: str
    name: str
    memberships: dict[str, Plain]
    skills: dict[str, int]
    slots: dict[str, int]
    capacity: int
    since: int
    presence: str = "offline"
    reason: str = ""
    pending: tuple[str, str] | None = None
    turn: int | None = None
    misses: int = 0
    declines: int = 0
    unreached: int = 0
    return_at: int | None = None
    epoch: int = 0
    sessions: dict[str, int] = field(default_factory=dict)
    attached: dict[str, int] = field(default_factory=dict)
    logged_off: set[str] = field(default_factory=set)
    grace_until: int | None = None
    work: dict[str, Work] = field(default_factory=dict)
    stands: list[str] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)

    def settings(self) -> Plain:
        """His definition, as it was given."""
        return {name: getattr(self, name) for name in AGENT_DEFAULTS}

    def used(self, channel: str) -> int:
        return sum(1 for work in self.work.values() if work.channel == channel)

    def units(self) -> int:
        return sum(work.units for work in self.work.values())

    @property
    def active(self) -> int:
        """Since when nothing happened to him; he is ready."""
        return max(self.turn or 0, self.since)

    def is_member(self, queue: str) -> bool:
        """Whether he serves the queue; a supervisor does not."""
        membership = self.memberships.get(queue)
        return membership is not None and membership.get("role", "agent") == "agent"

    def meets(self, asked: Asked) -> bool:
        def has(skill: str, level: int) -> bool:
            return self.skills.get(skill, 0) >= level

        every = all(has(*demand) for demand in asked.all_of.items())
        return every and all(any(has(*one) for one in c.items()) for c in asked.any_of)


@dataclass
class Result:
    """What a call answered, and the events it wrote; `about` is whose standing it tells."""

    outcome: str
    values: Plain = field(default_factory=dict)
    standing: Plain = field(default_factory=dict)
    events: list[Plain] = field(default_factory=list)
    repeated: bool = False
    about: str | None = None


class World:
    """One tenant: its records, its clock, and the events of the call that runs."""

    def __init__(self) -> None:
        self.exists = False
        self.simulated = False
        self.now = 0
        self.version = 0
        self.history: dict[int, Plain] = {}
        self.file: dict[str, Plain] = {}
        self.revoked: dict[str, Plain] = {}
        self.settings: Plain = {}
        self.queues: dict[str, Plain] = {}
        self.counts: dict[str, int] = {}
        self.calendars: dict[str, Plain] = {}
        self.looks: dict[str, int] = {}
        self.opened = 0
        self.contacts: dict[str, Contact] = {}
        self.traces: dict[str, Contact] = {}
        self.conversations: dict[str, str] = {}
        self.agents: dict[str, Agent] = {}
        self.lines: dict[str, tuple[str, str, Asked]] = {}
        self.estimates: dict[str, list[list[int]]] = {}
        self.line_idle: dict[str, int] = {}
        self.memory: dict[str, tuple[int, str]] = {}
        self.answers: dict[str, tuple[str, Result]] = {}
        self.events: list[Plain] = []
        self.leaving: dict[str, int] = {}
        self.fresh: set[str] = set()
        self.touched_contacts: set[str] = set()
        self.touched_agents: set[str] = set()
        self.touched_rings: set[str] = set()
        self.crowded: list[tuple[str, str]] = []

    def emit(self, name: str, /, **values: Any) -> None:
        self.events.append({"e": name, **values})

    def cost(self, channel: str) -> int:
        return int(self.settings["channels"].get(channel, {}).get("cost", 1))

    def interrupts(self, channel: str) -> set[str]:
        """The channels whose work a contact of this one interrupts."""
        return set(self.settings["channels"].get(channel, {}).get("interrupts", ()))

    def is_exclusive(self, channel: str) -> bool:
        return bool(self.settings["channels"].get(channel, {}).get("exclusive", False))

    def waiting(self) -> list[Contact]:
        """All contacts that wait, the first one first."""
        waiting = [c for c in self.contacts.values() if c.state == "queued"]
        return sorted(waiting, key=lambda contact: contact.place)

    def held_in(self, queue: str) -> list[Contact]:
        """Who waits for the queue to open, by the place that he will have."""
        held = [c for c in self.contacts.values() if c.state == "held" and c.queue == queue]
        return sorted(held, key=lambda contact: contact.place)

    def timers(self) -> dict[str, int]:
        """Every instant at which something happens by itself."""
        due: dict[str, int] = {}
        for contact in self.contacts.values():
            due.update({name: at for name, at in of_contact(contact) if at is not None})
        for agent in self.agents.values():
            due.update({name: at for name, at in of_agent(agent) if at is not None})
        due.update({f"l|{line}": at for line, at in self.line_idle.items()})
        due.update({f"q|{queue}": at for queue, at in self.leaving.items()})
        due.update({f"h|@{queue}": at for queue, at in self.looks.items()})
        return due
