"""The promises that were made to those who wait, and what became of them. Pure.

A promise is made when a contact comes to wait in its queue's line, and stands until somebody
accepts it: an offer that fails, or a move to another queue, does not end it. It is kept when that
is within the time told, and broken when the time is over before it. A contact that leaves before
says nothing about it, and counts neither way.
"""

from heapq import heappop, heappush
from typing import Final, NamedTuple

from router.estimates.calibration import PERCENTS

RECENT: Final = 200


class Promise:
    """What one contact was told."""

    __slots__ = ("at", "band", "broken", "group", "queue", "told")

    def __init__(self, queue: str, group: str, band: int, at: int, told: dict[int, int]) -> None:
        self.queue = queue
        self.group = group
        self.band = band
        self.at = at
        self.told = told
        self.broken: set[int] = set()


class Verdict(NamedTuple):
    """One quantile of a promise was kept or broken."""

    promise: Promise
    percent: int
    is_kept: bool


class Promises:
    """The open promises of one tenant, and how many of the last were kept."""

    def __init__(self) -> None:
        self._open: dict[str, Promise] = {}
        self._ends: list[tuple[int, str, int]] = []
        self.coverage: dict[tuple[str, int], float] = {}
        self.seen: dict[tuple[str, int], int] = {}

    def __contains__(self, contact: object) -> bool:
        return contact in self._open

    def make(self, contact: str, promise: Promise) -> None:
        """The contact was told how long it will take."""
        self._open[contact] = promise
        for percent, ms in promise.told.items():
            heappush(self._ends, (promise.at + ms, contact, percent))

    def overdue(self, at: int) -> list[Verdict]:
        """Those whose time was over before `at`: broken, though they still wait."""
        found = []
        while self._ends and self._ends[0][0] < at:
            until, contact, percent = heappop(self._ends)
            promise = self._open.get(contact)
            if promise is None or promise.at + promise.told[percent] != until:
                continue  # it has ended, or is of an earlier wait
            promise.broken.add(percent)
            found.append(self._judge(promise, percent, is_kept=False))
        return found

    def answered(self, contact: str) -> list[Verdict]:
        """Somebody accepts the contact: what is not broken by now is kept."""
        promise = self._open.pop(contact)
        return [
            self._judge(promise, percent, is_kept=True)
            for percent in PERCENTS
            if percent not in promise.broken
        ]

    def end(self, contact: str) -> Promise:
        """The contact's wait is over, whatever came of it."""
        return self._open.pop(contact)

    def get(self, contact: str) -> Promise | None:
        """The open promise of a contact."""
        return self._open.get(contact)

    def _judge(self, promise: Promise, percent: int, *, is_kept: bool) -> Verdict:
        key = (promise.queue, percent)
        seen = self.seen[key] = min(RECENT, self.seen.get(key, 0) + 1)
        before = self.coverage.get(key, 0.0)
        self.coverage[key] = before + (is_kept - before) / seen
        return Verdict(promise, percent, is_kept)
