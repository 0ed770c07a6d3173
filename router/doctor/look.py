"""A tenant's state, or the part that belongs to one thing in it, as checks ask of it. Pure.

A check looks at one subject: a contact, an agent, a line or a queue. Whatever names a subject makes
it one, so that an entry, a timer or a slot without a record is looked at as well.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from router.doctor.capacity import Channels

Plain = dict[str, Any]
Entries = dict[tuple[str, str], int]
"""Where something stands: (index, key) -> score."""

WORK_OF_STATE: Final = {
    "offered": "offer",
    "assigned": "assigned",
    "waiting_customer": "waiting_customer",
    "wrap_up": "wrap_up",
}
"""Contact states in which agents' slots are held -> what they are held as."""
OWNED: Final = ("assigned", "waiting_customer", "wrap_up")
MEMBER_INDEXES: Final = ("waiting", "short", "held")
"""Indexes of contacts by entry and id; those by id alone follow."""
ID_INDEXES: Final = ("queue_waits", "scheduled", "asked_in", "asked_by")
ROSTERS: Final = ("members", "watchers", "takers")
TIMER_SUBJECTS: Final = dict.fromkeys("obvewhdrut", "contact") | dict.fromkeys("syg", "agent")
"""A timer's letter -> what it is for; `l` is for lines, `q` and `h|@` for queues."""


def member(contact: Plain) -> str:
    """What a contact is called in its line: its entry, so that ties go by it, and its id."""
    return f"{contact['entered']:013d}{contact['id']}"


def timer_subject(timer: str) -> tuple[str, str]:
    """What a timer is for; `timer` itself when nobody knows."""
    letter, _, rest = timer.partition("|")
    if letter == "l":
        return "line", rest
    if letter == "q" or timer.startswith("h|@"):
        return "queue", rest.removeprefix("@")
    kind = TIMER_SUBJECTS.get(letter)
    return (kind, rest.partition("|")[0]) if kind else ("timer", timer)


class Look:
    """A state with what is asked of it by subject; `settings` are the tenant's."""

    def __init__(self, state: Plain, settings: Plain | None = None) -> None:
        self.state = state
        self.settings: Plain = state["tenant"] if settings is None else settings
        self.channels = Channels(self.settings.get("channels") or {})

    @cached_property
    def places(self) -> dict[str, Entries]:
        """Each contact's entries in the indexes of those who wait."""
        found: dict[str, Entries] = {}
        for index in (*MEMBER_INDEXES, *ID_INDEXES):
            for key, held in self.state[index].items():
                for name, score in held.items():
                    contact = name[13:] if index in MEMBER_INDEXES else name
                    found.setdefault(contact, {})[index, key] = score
        return found

    @cached_property
    def stands(self) -> dict[str, dict[str, int]]:
        """Each agent's scores in the ready sets of lines."""
        found: dict[str, dict[str, int]] = {}
        for line, held in self.state["ready"].items():
            for agent, score in held.items():
                found.setdefault(agent, {})[line] = score
        return found

    @cached_property
    def rosters(self) -> dict[str, Entries]:
        """Each agent's entries in the indexes of definitions; a skill's score is the level."""
        found: dict[str, Entries] = {}
        for index in ROSTERS:
            for key, agents in self.state[index].items():
                for agent in agents:
                    found.setdefault(agent, {})[index, key] = 0
        for skill, levels in self.state["skills"].items():
            for agent, level in levels.items():
                found.setdefault(agent, {})["skills", skill] = level
        return found

    @cached_property
    def said(self) -> dict[str, dict[str, tuple[str, str]]]:
        """What the contacts say of each agent: contact -> what he holds it as, and its channel."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for key, contact in self.state["contacts"].items():
            for agent, kind in holders(contact):
                found.setdefault(agent, {})[key] = (kind, contact["channel"])
        return found

    @cached_property
    def timers(self) -> dict[tuple[str, str], dict[str, int]]:
        """The timers that are set for each subject."""
        found: dict[tuple[str, str], dict[str, int]] = {}
        for timer, due in self.state["timers"].items():
            found.setdefault(timer_subject(timer), {})[timer] = due
        return found

    def subjects(self) -> Iterator[tuple[str, str]]:
        """Everything in the state that a check looks at, as (kind, id)."""
        named: dict[str, set[str]] = {
            "contact": {*self.state["contacts"], *self.places, *self.state["expiring"]},
            "agent": {*self.state["agents"], *self.state["definitions"], *self.stands, *self.said},
            "line": {*self.state["waiting"], *self.state["ready"], *self.state["short"]},
            "queue": {*self.state["queues"], *self.state["ids"].get("queues", ())},
            "calendar": {*self.state["calendars"], *self.state["ids"].get("calendars", ())},
        }
        named["conversation"] = set(self.state["conversations"])
        named["agent"] |= {*self.rosters, *self.state["ids"].get("agents", ())}
        named["line"] |= {line for lines in self.state["lines"].values() for line in lines}
        for agent in self.state["agents"].values():
            named["contact"] |= set(agent.get("work", ()))
        for kind, key in self.timers:
            named.setdefault(kind, set()).add(key)
        for index in (
            "lines",
            "queue_waits",
            "held",
            "scheduled",
            "asked_in",
            "members",
            "watchers",
        ):
            named["queue"] |= set(self.state[index])
        for kind, key in self.state["damaged"]:
            named.setdefault(kind, set()).add(key)
        for kind, keys in named.items():
            for key in sorted(keys):
                yield kind, key


def holders(contact: Plain) -> Iterator[tuple[str, str]]:
    """Who holds a slot for the contact, and as what, by its record."""
    if contact["state"] in OWNED and "owner" in contact and not contact.get("freed"):
        yield contact["owner"], contact["state"]
    for offer in contact.get("ringing", ()):
        yield offer["agent"], "offer"
    if "consult" in contact:
        yield contact["consult"]["agent"], "consult"
