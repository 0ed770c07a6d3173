"""Chance, and whom or what it picks of what the model knows."""

from random import Random
from typing import Any

from tests.model.model import Model
from tests.model.records import Plain
from tests.model.restored import record_of

AGENTS = ("a1", "a2", "a3", "a4")
QUEUES = ("general", "q1", "q2")
CALENDARS = ("day", "night")
CHANNELS = ("voice", "chat", "email")
SKILLS = ("en", "pt")
CONTACTS = ("k1", "k2", "k3", "k4", "k5", "k6")
START = 1_700_000_000_000
REQUIREMENTS: tuple[dict[str, int], ...] = ({}, {}, {}, {"en": 5}, {"pt": 5}, {"en": 5, "pt": 1})


ANY_OF: tuple[list[dict[str, int]], ...] = (
    *[[]] * 12,
    [{"en": 5, "pt": 5}],
    [{"en": 9}, {"pt": 1, "en": 1}],
    [{"en": 9, "pt": 9}, {"pt": 5, "en": 1}],
    [{"pt": 9}],
    [{"en": 1}],
)


class Chance:
    """Chance, and the choices it makes."""

    def __init__(self, random: Random, model: Model) -> None:
        self.random = random
        self.model = model
        self.order = random.sample(QUEUES, len(QUEUES))
        self.generation = dict.fromkeys(CONTACTS, 0)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, options: Any) -> Any:
        return self.random.choice(list(options))

    def agent(self) -> str:
        """Mostly one that is there."""
        return "nobody" if self.chance(0.02) else str(self.pick(AGENTS))

    def contact(self, *states: str) -> str:
        """The id of a contact in one of the states, if there is one and chance agrees."""
        fit = [c.id for c in self.model.contacts.values() if not states or c.state in states]
        if fit and self.chance(0.9):
            return str(self.pick(fit))
        attached = [trace.id for trace in self.model.traces.values() if trace.attached]
        known = [*self.model.contacts, *attached, "nothing"]
        return str(self.pick(known))

    def last_of_thread(self, channel: str) -> Plain | None:
        """What the archive has of the last contact of the conversation `t1`, if it has one."""
        record = self.archived_record()
        told = (record["channel"], record.get("customer"), record.get("conversation"))
        return record if told == (channel, "c7", "t1") else None

    def archived_record(self) -> Plain:
        """What the archive has of a contact that was let go, or of one long before our time."""
        gone = [trace for trace in self.model.traces.values() if not trace.attached]
        if gone and self.chance(0.7):
            return record_of(self.pick(gone))
        self.generation["old"] = self.generation.get("old", 0) + 1
        return {
            "id": f"old{self.generation['old']}",
            "queue": self.pick((*QUEUES, "nowhere")),
            "channel": self.pick(CHANNELS),
            "owner": self.pick(AGENTS),
            "customer": "c7",
            "conversation": self.pick((None, "t1")),
            "arrived": 1_600_000_000_000,  # before all that is there
            "closed_at": self.model.now - self.pick((1_000, 4_000)),
        }
