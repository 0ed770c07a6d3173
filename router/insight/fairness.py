"""Whether contacts and agents are treated alike, as numbers learned from the journal. Pure.

*Overtakes* of a contact: how often somebody of its queue who was due later was offered before it.
Within a line that happens only after a failed offer; between lines it is the price of skills.

*Jain's index* of values x: (Σx)² / (n·Σx²), 1 when all are equal, 1/n when one has everything
(Jain, Chiu, Hawe 1984, "A Quantitative Measure of Fairness and Discrimination", DEC-TR-301). It is
taken over the agents of a queue: of the offers each got for his time in `ready`, and of occupancy,
the share of his time on duty that he was busy. Both forget the past by half in `HALF_LIFE_MS`.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from math import log
from typing import Any, NamedTuple

from router.offer import BY_HAND

Event = dict[str, Any]
Place = tuple[int, str]

HALF_LIFE_MS = 30 * 60_000
ON_DUTY_MIN_MS = 60_000.0  # who was there for less says nothing about shares
TIER_SPAN = 10**13
PASSED_MAX = 100  # contacts that one offer's overtaking is written to
WAITING_MAX = 20_000  # of one queue; a longer one is not followed


class Overtaken(NamedTuple):
    """A contact's wait is over; that many who were due later went before it."""

    queue: str
    times: int


class Indexes(NamedTuple):
    """Jain's indexes of one queue; None when fewer than two agents can be compared."""

    offers: float | None
    occupancy: float | None


@dataclass(slots=True)
class _Sums:
    """What the index of values is made from, value by value."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        self.total += value
        self.squares += value * value

    def jain(self) -> float | None:
        if self.count < 2:
            return None
        return self.total**2 / (self.count * self.squares) if self.squares else 1.0


@dataclass(slots=True)
class _Waiting:
    queue: str
    tier: int
    place: Place
    overtaken: int = 0


@dataclass(slots=True)
class _Agent:
    is_ready: bool = False
    busy: set[str] = field(default_factory=set)
    queues: frozenset[str] = frozenset()
    at: int = 0
    ready_ms: float = 0.0
    busy_ms: float = 0.0
    offers: dict[str, float] = field(default_factory=dict)

    def advance(self, at: int) -> None:
        """Brings the sums to an instant: what was fades, what is now is added."""
        passed = max(0, at - self.at)
        self.at = max(self.at, at)
        left: float = 0.5 ** (passed / HALF_LIFE_MS)
        gained = (1.0 - left) * HALF_LIFE_MS / log(2)
        self.ready_ms = self.ready_ms * left + (gained if self.is_ready else 0.0)
        self.busy_ms = self.busy_ms * left + (gained if self.busy else 0.0)
        for queue in self.offers:
            self.offers[queue] *= left


class Fairness:
    """What one tenant's journal says, from the first entry that was read."""

    def __init__(self) -> None:
        self._contacts: dict[str, _Waiting] = {}
        self._lists: dict[str, list[Place]] = {}
        self._agents: dict[str, _Agent] = {}
        self._at = 0

    def apply(self, at: int, event: Event) -> Overtaken | None:
        """Takes the next event; tells when a contact's wait is over."""
        name: str = event["e"]
        self._at = max(self._at, at)
        if name in ("contact.admitted", "contact.queued", "contact.updated", "contact.step"):
            self._waits(event)
            self._let_go(at, event)
        elif name == "offer.made" and event["kind"] not in BY_HAND:
            self._offered(at, event)
        elif name == "contact.assigned":
            self._let_go(at, event | {"agent": event.get("from")})
            self._agent(event["agent"], at).busy.add(event["contact"])
            return self._ended(event["contact"])
        elif name == "contact.waiting_customer":
            self._let_go(at, event)
        elif name == "contact.closed":
            self._let_go(at, event)
            return self._ended(event["contact"])
        elif name == "agent.state":
            is_ready = event["presence"] == "ready" and not event.get("pending")
            self._agent(event["agent"], at).is_ready = is_ready
        elif name == "agent.put":
            memberships: dict[str, Any] = event.get("memberships") or {}
            serves = [q for q, m in memberships.items() if m.get("role", "agent") == "agent"]
            self._agent(event["agent"], at).queues = frozenset(serves)
        return None

    def indexes(self) -> dict[str, Indexes]:
        """Jain's indexes of each queue, as of the last event; one pass over the agents."""
        sums: dict[str, tuple[_Sums, _Sums]] = defaultdict(lambda: (_Sums(), _Sums()))
        for agent in self._agents.values():
            agent.advance(self._at)
            on_duty_ms = max(agent.ready_ms, agent.busy_ms)
            if on_duty_ms < ON_DUTY_MIN_MS:
                continue
            for queue in agent.queues | agent.offers.keys():
                of_offers, of_occupancy = sums[queue]
                of_occupancy.add(agent.busy_ms / on_duty_ms)
                if agent.ready_ms >= ON_DUTY_MIN_MS:
                    of_offers.add(agent.offers.get(queue, 0.0) / agent.ready_ms)
        return {
            queue: Indexes(of_offers.jain(), of_occupancy.jain())
            for queue, (of_offers, of_occupancy) in sorted(sums.items())
        }

    def _agent(self, name: str, at: int) -> _Agent:
        """The agent, at this instant."""
        agent = self._agents.get(name)
        if agent is None:
            agent = self._agents[name] = _Agent(at=at)
        agent.advance(at)
        return agent

    def _let_go(self, at: int, event: Event) -> None:
        """The agent that the event names, if any, has no more to do with the contact."""
        owner = event.get("agent")
        if owner is not None and event["e"] != "contact.updated":
            self._agent(owner, at).busy.discard(event["contact"])

    def _waits(self, event: Event) -> None:
        if event.get("due") is None:
            return  # it does not wait yet
        name: str = event["contact"]
        known = self._contacts.get(name)
        stands = known is not None and self._leave(known)
        if event["e"] == "contact.updated" and not stands:
            return  # it rings; it comes back with an event of its own
        tier: int = event.get("tier", known.tier if known else 0)
        place = (event["due"] - tier * TIER_SPAN, name)
        overtaken = known.overtaken if known else 0
        waiting = self._lists.setdefault(event["queue"], [])
        if len(waiting) < WAITING_MAX:
            insort(waiting, place)
            self._contacts[name] = _Waiting(event["queue"], tier, place, overtaken)

    def _leave(self, contact: _Waiting) -> int:
        """Takes it out of its queue's list, if it stands there; answers how many were before it."""
        waiting = self._lists[contact.queue]
        index = bisect_left(waiting, contact.place)
        if index == len(waiting) or waiting[index] != contact.place:
            return 0
        del waiting[index]
        return index + 1

    def _offered(self, at: int, event: Event) -> None:
        agent = self._agent(event["agent"], at)
        agent.offers[event["queue"]] = agent.offers.get(event["queue"], 0.0) + 1.0
        contact = self._contacts.get(event["contact"])
        if contact is None:
            return
        before = self._leave(contact) - 1
        for _, name in self._lists[contact.queue][: max(0, min(before, PASSED_MAX))]:
            self._contacts[name].overtaken += 1

    def _ended(self, name: str) -> Overtaken | None:
        contact = self._contacts.pop(name, None)
        if contact is None:
            return None
        self._leave(contact)
        return Overtaken(contact.queue, contact.overtaken)
