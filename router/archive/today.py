"""Owns today's figures by queue: quarters of an hour that are over are counted once, and kept.

What has happened does not change, so only the last quarters are asked again, however long the day.
A quarter counts as over once it is and the archive has had time for it; all are counted anew each
hour, for an archive may close a gap late.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from router.archive.intervals import Interval
from router.archive.questions import Questions
from router.archive.reports import FIELDS, Asked, Row, numbers_of

QUARTER_MS: Final = 900_000
SETTLED_MS: Final = 300_000
ANEW_MS: Final = 3_600_000
ByQueue = dict[str, Row]


class Counted(NamedTuple):
    """The numbers of a time, by queue; of a queue without a row nothing happened."""

    time: Interval
    rows: ByQueue


class Figures(NamedTuple):
    """Of the whole day so far, of the last while, and of each quarter of an hour."""

    today: Counted
    recent: Counted
    quarters: list[Counted]


class Levels(NamedTuple):
    """How long a wait may be to be in time, and in which queues otherwise."""

    ms: int
    own: Mapping[str, int]


class Today:
    """One tenant's day."""

    def __init__(self, questions: Questions, tenant: str) -> None:
        """Has counted nothing."""
        self._questions = questions
        self._tenant = tenant
        self._settled: dict[int, ByQueue] = {}
        self._kept_for: tuple[int, Levels] | None = None

    async def look(self, day: Interval, now: int, recent_ms: int, levels: Levels) -> Figures:
        """The figures as of now, an instant of that day. Raises: ArchiveError."""
        if self._kept_for != (now // ANEW_MS, levels):
            self._settled, self._kept_for = {}, (now // ANEW_MS, levels)
        settled, begin = self._settled, day.begin
        while begin in settled:
            begin += QUARTER_MS
        open_quarters = [Interval(at, at + QUARTER_MS) for at in range(begin, now + 1, QUARTER_MS)]
        recent = Interval(now - recent_ms, now + 1)
        behind_ms = self._questions.behind_ms(self._tenant)
        asked = (
            Asked(intervals, "queue", levels.ms, 0, levels.own)
            for intervals in (open_quarters, [recent])
        )
        rows, lately = await self._questions.reports(self._tenant, *asked)
        fresh: dict[int, ByQueue] = {quarter.begin: {} for quarter in open_quarters}
        for row in rows:
            fresh[row["from"]][row["queue"]] = row
        known = {at: settled[at] for at in range(day.begin, begin, QUARTER_MS)} | fresh
        for quarter in open_quarters:
            if quarter.end + SETTLED_MS + behind_ms <= now:
                settled[quarter.begin] = fresh[quarter.begin]
        return Figures(
            Counted(day, _sum(known.values())),
            Counted(recent, {row["queue"]: row for row in lately}),
            [Counted(Interval(at, at + QUARTER_MS), known[at]) for at in sorted(known)],
        )


def _sum(quarters: Iterable[ByQueue]) -> ByQueue:
    """All of them together; rates follow from the sums."""
    total: dict[str, dict[str, Any]] = {}
    for rows in quarters:
        for queue, row in rows.items():
            into = total.setdefault(queue, {})
            for name in FIELDS["queue"]:
                into[name] = into.get(name, 0) + row[name]
    return {queue: numbers_of("queue", numbers) for queue, numbers in total.items()}
