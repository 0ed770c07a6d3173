"""Learns from a tenant's journal how long places take, and notes what was promised. Pure.

Every router that follows the journal learns the same from it. What is told is a table: for each
line the P50 and P80 of some places, in whole ms; promises are made from the table that was last
put out, so what is judged is what was told.
"""

from typing import Final, NamedTuple

from router.estimates.calibration import PERCENTS, Calibration
from router.estimates.pace import PLACES, Pace, band, quantile
from router.estimates.promises import Promise, Promises, Verdict
from router.estimates.waiting import Changes, Waiting, group_of, is_personal
from router.journal.entry import Entry

ENDS: Final = frozenset({"offer.accepted", "contact.assigned", "contact.closed"})
LINES_MAX: Final = 500
TABLE_MAX: Final = 2 * LINES_MAX
PUT_EVERY_MS: Final = 2_000
CHANGED: Final = 0.05
TOLD_MAX_MS: Final = 86_400_000

Row = list[list[int]]  # P50 of each of PLACES, then P80


class Kept(NamedTuple):
    """A promise that came to its end: of which queue and quantile, and whether it was kept."""

    queue: str
    percent: int
    is_kept: bool


class Learner:
    """What is known of one tenant's lines.

    Each line has a pace of its own; the pool of a queue and channel has one of all its lines, which
    speaks for those that have not moved enough yet.
    """

    def __init__(self) -> None:
        self.promises = Promises()
        self._waiting = Waiting()
        self._lines = _Paces()
        self._pools = _Paces()
        self.calibration = Calibration()
        self._table: dict[str, Row] = {}
        self._put_at = 0

    def adopt(self, earlier: "Learner") -> None:
        """Keeps what an earlier one had learned of the truth of promises: it saw more of them."""
        self.calibration = earlier.calibration
        self.promises.coverage = earlier.promises.coverage
        self.promises.seen = earlier.promises.seen

    def take(self, entry: Entry) -> list[Kept]:
        """Learns from an entry; answers the promises that came to their end in it."""
        for verdict in self.promises.overdue(entry.at):
            self._learn(verdict)
        changes, ended = Changes(), list[Kept]()
        for event in entry.events:
            self._waiting.take(event.name, event.fields, changes)
            if event.name in ENDS:
                ended += self._end(event.fields["contact"], event.name)
        for line in changes.left:
            self._lines.depart(line, entry.at)
            self._pools.depart(group_of(line), entry.at)
        self._waiting.settle(changes)
        for contact, waiter in changes.came.items():
            self._lines.arrive(waiter.line, entry.at)
            self._pools.arrive(group_of(waiter.line), entry.at)
            self._promise(contact, waiter.line, entry.at)
        return ended

    def put_out(self, at: int) -> dict[str, Row]:
        """The rows that have changed since they were last put out; at most every few seconds."""
        if at - self._put_at < PUT_EVERY_MS:
            return {}
        self._put_at = at
        due = self._lines.take_due()
        due |= {group for group in self._pools.take_due() if not self._lines.is_known(group)}
        changed = {}
        for line in due:
            row = self._row(line, at)
            if row is not None and _differ(self._table.get(line), row):
                changed[line] = self._table[line] = row
        if len(self._table) > TABLE_MAX:
            self._table = changed.copy()
        return changed

    def told(self, line: str, place: int) -> dict[int, int] | None:
        """What the table says of a place in a line: percent -> ms."""
        row = self._table.get(line) or self._table.get(group_of(line))
        if row is None:
            return None
        return {percent: between(row[i], place) for i, percent in enumerate(PERCENTS)}

    def _row(self, line: str, at: int) -> Row | None:
        """P50 and P80 of each place; a later place or a higher quantile is never told sooner."""
        group = group_of(line)
        mean = self._lines.mean(line, at) or (
            self._pools.mean(group, at) if line == group else None
        )
        if mean is None:
            return None
        rows: Row = []
        for percent in PERCENTS:
            row: list[int] = []
            for i, place in enumerate(PLACES):
                factor = self.calibration.factor(group, i, percent)
                ms = min(TOLD_MAX_MS, int(mean * quantile(place, percent) * factor))
                row.append(max(ms, row[-1] if row else 0, rows[-1][i] if rows else 0))
            rows.append(row)
        return rows

    def _promise(self, contact: str, line: str, at: int) -> None:
        if contact in self.promises or is_personal(line):
            return
        place = self._waiting.place(contact)
        told = self.told(line, place)
        if told is not None:
            group = group_of(line)
            queue = line[: line.index("|")]
            self.promises.make(contact, Promise(queue, group, band(place), at, told))

    def _end(self, contact: str, how: str) -> list[Kept]:
        promise = self.promises.get(contact)
        if promise is None:
            return []
        if how == "offer.accepted":
            for verdict in self.promises.answered(contact):
                self._learn(verdict)
            known = PERCENTS
        else:
            self.promises.end(contact)
            known = tuple(promise.broken)
        return [Kept(promise.queue, p, p not in promise.broken) for p in known]

    def _learn(self, verdict: Verdict) -> None:
        promise = verdict.promise
        self.calibration.learn(
            promise.group, promise.band, verdict.percent, is_kept=verdict.is_kept
        )


class _Paces:
    """The paces of lines, or of pools of lines, by name."""

    def __init__(self) -> None:
        self._paces: dict[str, Pace] = {}
        self._waiting: dict[str, int] = {}
        self._touched: set[str] = set()

    def arrive(self, name: str, at: int) -> None:
        """One more waits."""
        pace = self._advanced(name, at)
        self._waiting[name] = self._waiting.get(name, 0) + 1
        pace.is_busy = True

    def depart(self, name: str, at: int) -> None:
        """One of those who waited has left."""
        pace = self._advanced(name, at)
        pace.depart()
        self._touched.add(name)
        left = self._waiting.pop(name) - 1
        pace.is_busy = left > 0
        if left:
            self._waiting[name] = left

    def is_known(self, name: str) -> bool:
        """Whether enough have left to say how fast."""
        pace = self._paces.get(name)
        return pace is not None and pace.is_known

    def mean(self, name: str, at: int) -> float | None:
        """The mean gap; None as long as it is not known."""
        if not self.is_known(name):
            return None
        return self._advanced(name, at).mean()

    def take_due(self) -> set[str]:
        """Those in which somebody waits, or has waited since the last time."""
        due = {*self._waiting, *self._touched}
        self._touched.clear()
        return due

    def _advanced(self, name: str, at: int) -> Pace:
        pace = self._paces.get(name)
        if pace is None:
            if len(self._paces) >= LINES_MAX:
                self._drop_idle()
            pace = self._paces[name] = Pace()
        pace.advance(at)
        return pace

    def _drop_idle(self) -> None:
        for name in [name for name in self._paces if name not in self._waiting]:
            del self._paces[name]
        self._touched &= self._paces.keys()


def between(row: list[int], place: int) -> int:
    """The row's value at a place: on the straight line between its places, or beyond the last."""
    i = band(place)
    low = PLACES[i]
    if i + 1 == len(PLACES):
        return min(TOLD_MAX_MS, row[i] * place // low)
    return row[i] + (row[i + 1] - row[i]) * (place - low) // (PLACES[i + 1] - low)


def _differ(old: Row | None, new: Row) -> bool:
    """Whether some value has changed by more than is worth telling."""
    if old is None:
        return True
    return any(
        abs(is_now - was) > CHANGED * max(was, 1_000)
        for were, are in zip(old, new, strict=True)
        for was, is_now in zip(were, are, strict=True)
    )
