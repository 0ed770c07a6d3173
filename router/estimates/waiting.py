"""Owns who waits where, as the journal tells it: the mirror of the store's waiting sets. Pure."""

from bisect import bisect_left, insort
from collections.abc import Mapping
from typing import Any, Final

from router.offer import BY_HAND

TIER_SPAN: Final = 10**13
CONTACTS_MAX: Final = 100_000
PERSONAL: Final = "|@"
ENTERED_DIGITS: Final = 13
ENDS: Final = frozenset({"contact.assigned", "contact.closed", "contact.held", "contact.scheduled"})

Place = tuple[int, str]


class Waiter:
    """One contact that waits: in which line, and where in it."""

    __slots__ = ("line", "place")

    def __init__(self, line: str, place: Place) -> None:
        self.line = line
        self.place = place


class Changes:
    """What one entry did to who waits: who left which line, and who came to wait and still does."""

    __slots__ = ("came", "left")

    def __init__(self) -> None:
        self.left: list[str] = []
        self.came: dict[str, Waiter] = {}


class Waiting:
    """All who wait, by line, in the order in which they will be called."""

    def __init__(self) -> None:
        self._waiters: dict[str, Waiter] = {}
        self._lines: dict[str, list[Place]] = {}
        self._tiers: dict[str, int] = {}

    def __contains__(self, contact: object) -> bool:
        return contact in self._waiters

    def length(self, line: str) -> int:
        """How many wait in a line."""
        return len(self._lines.get(line, ()))

    def place(self, contact: str) -> int:
        """The place of a contact that waits: 1 is the next."""
        waiter = self._waiters[contact]
        return bisect_left(self._lines[waiter.line], waiter.place) + 1

    def take(self, name: str, event: Mapping[str, Any], changes: Changes) -> None:
        """Follows one event; events that say nothing of who waits are ignored."""
        if name in {"contact.admitted", "contact.queued"}:
            self._enter(event, changes)
        elif name == "contact.updated":
            self._update(event, changes)
        elif (name == "offer.made" and event["kind"] not in BY_HAND) or name in ENDS:
            self._leave(event["contact"], changes)
            if name == "contact.closed":
                self._tiers.pop(event["contact"], None)

    def settle(self, changes: Changes) -> None:
        """The entry is over: whoever came in it and was not called at once waits."""
        for contact, waiter in list(changes.came.items()):
            if len(self._waiters) >= CONTACTS_MAX:
                del changes.came[contact]
                continue
            self._waiters[contact] = waiter
            insort(self._lines.setdefault(waiter.line, []), waiter.place)

    def _enter(self, event: Mapping[str, Any], changes: Changes) -> None:
        contact: str = event["contact"]
        tier = int(event.get("tier", self._tiers.get(contact, 0)))
        if tier:
            self._tiers[contact] = tier
        self._leave(contact, changes)
        changes.came[contact] = Waiter(event["line"], _place(event, event["entered"], tier))

    def _update(self, event: Mapping[str, Any], changes: Changes) -> None:
        contact: str = event["contact"]
        tier = int(event["tier"])
        self._tiers[contact] = tier
        waiter = self._waiters.get(contact)
        if waiter is None:
            return
        place = _place(event, int(waiter.place[1][:ENTERED_DIGITS]), tier)
        if waiter.line == event["line"]:
            self._remove(waiter)
            waiter.place = place
            insort(self._lines.setdefault(waiter.line, []), place)
        else:
            self._leave(contact, changes)
            changes.came[contact] = Waiter(event["line"], place)

    def _leave(self, contact: str, changes: Changes) -> None:
        changes.came.pop(contact, None)
        waiter = self._waiters.pop(contact, None)
        if waiter is not None:
            self._remove(waiter)
            changes.left.append(waiter.line)

    def _remove(self, waiter: Waiter) -> None:
        line = self._lines[waiter.line]
        del line[bisect_left(line, waiter.place)]
        if not line:
            del self._lines[waiter.line]


def _place(event: Mapping[str, Any], entered: int, tier: int) -> Place:
    return (event["due"] - tier * TIER_SPAN, f"{entered:013d}{event['contact']}")


def is_personal(line: str) -> bool:
    """Whether the line is that of one agent alone: its wait has an end of its own."""
    return PERSONAL in line


def group_of(line: str) -> str:
    """The base line of its queue and channel, which stands for all their lines."""
    return line[: line.rindex("|") + 1]
