"""Repairs of what is right, which must change nothing."""

from router.calls import Repair
from tests.model.chance import AGENTS, CALENDARS, QUEUES, Chance

LETTERS = "obvewhdrutsygql"


class RepairTraffic(Chance):
    """Makes calls that a doctor would make, in states in which nothing is wrong."""

    def repair(self) -> Repair:
        contacts = sorted(self.model.contacts) or ["nobody"]
        lines = ["general|chat|", "q1|voice|", *sorted(self.model.lines)]
        names = {
            "contact": contacts,
            "agent": AGENTS,
            "line": lines,
            "queue": QUEUES,
            "calendar": CALENDARS,
            "timer": [f"{letter}|nobody" for letter in LETTERS],
            "counter": ["agents|ready"],
            "conversation": sorted(self.model.conversations) or ["nobody"],
            "key": ["timers", "n", "nobody"],
        }
        kind = self.pick(names)
        return Repair(kind=kind, id=self.pick(names[kind]), off_by=1, mended=1)
