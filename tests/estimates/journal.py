"""Small journals of one line, as a router would read them."""

from typing import Any

from router.estimates.learner import Kept, Learner
from router.journal.entry import Entry, Event, Key

LINE = "sales|voice|"


class Story:
    """Tells a learner what happens in a line, a second at a time if nothing else is said."""

    def __init__(self, learner: Learner | None = None) -> None:
        self.learner = learner or Learner()
        self.now = 1_000_000
        self.count = 0

    def tell(self, *events: dict[str, Any]) -> list[Kept]:
        """One entry, now."""
        self.count += 1
        made = tuple(Event(Key(self.count, 0, n), self.now, e) for n, e in enumerate(events))
        kept = self.learner.take(Entry(f"{self.count}-0", self.now, "r-1", "t", "", made))
        self.learner.put_out(self.now)
        return kept

    def admit(self, contact: str, line: str = LINE, **more: Any) -> list[Kept]:
        return self.tell(admitted(contact, self.now, line, **more))

    def call(self, contact: str) -> list[Kept]:
        """It is offered and accepted at once."""
        return self.tell(offered(contact), {"e": "offer.accepted", "contact": contact})

    def leave(self, contact: str) -> list[Kept]:
        return self.tell({"e": "contact.closed", "contact": contact})

    def moving(self, gap_ms: int, departures: int = 10, line: str = LINE) -> None:
        """One after the other waits and is called after the same gap."""
        for _ in range(departures):
            contact = f"m{self.count}"
            self.admit(contact, line)
            self.now += gap_ms
            self.call(contact)


def admitted(contact: str, at: int, line: str, **more: Any) -> dict[str, Any]:
    arrival = {"e": "contact.admitted", "contact": contact, "line": line, "tier": 0}
    return arrival | {"due": at, "entered": at} | more


def offered(contact: str, kind: str = "queue") -> dict[str, Any]:
    return {"e": "offer.made", "contact": contact, "kind": kind}
