"""The figures of a queue over a day: calls, ends, waits and service level. Pure.

Waits are those of answered calls, so their mean is the average speed of answer. The service level
within T has three named variants: `answered_only` = answered within T / answered,
`with_abandons` = (answered + abandoned within T) / (answered + abandoned),
`strict` = answered within T / (answered + abandoned).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import ceil

import msgspec

from router.insight.bank import TYPES, Ending, RecordedCall

TARGET_MS = 20_000
ALL = "all"


class Tally:
    """What became of the calls of a queue, as they end."""

    def __init__(self) -> None:
        self.answered_ms: list[int] = []
        self.abandoned_ms: list[int] = []
        self.unserved = 0

    def add(self, other: "Tally") -> None:
        """Takes in another queue's or day's calls."""
        self.answered_ms += other.answered_ms
        self.abandoned_ms += other.abandoned_ms
        self.unserved += other.unserved


class ServiceLevel(msgspec.Struct, frozen=True, kw_only=True):
    """Shares from 0 to 1 within `target_ms`; None where nothing was counted."""

    target_ms: int
    answered_only: float | None
    with_abandons: float | None
    strict: float | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One queue's figures; `unserved` still waited when the last agent had left."""

    calls: int
    answered: int
    abandoned: int
    unserved: int
    mean_wait_ms: int | None
    p50_wait_ms: int | None
    p90_wait_ms: int | None
    p99_wait_ms: int | None
    service_level: ServiceLevel


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a queue in the replay, beside those of the recording."""

    replayed: Figures
    recorded: Figures


Tallies = Mapping[str, Tally]


def recorded(calls: Iterable[RecordedCall]) -> dict[str, Tally]:
    """What the recording says became of the calls, by queue."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for call in calls:
        if call.ending is Ending.SERVED:
            tallies[call.queue].answered_ms.append(call.waited * 1000)
        elif call.ending is Ending.HUNG_UP:
            tallies[call.queue].abandoned_ms.append(call.waited * 1000)
    return tallies


def merged(days: Iterable[Tallies]) -> dict[str, Tally]:
    """The tallies of several days as one."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for day in days:
        for queue, tally in day.items():
            tallies[queue].add(tally)
    return tallies


def compare(replayed: Tallies, recording: Tallies) -> dict[str, Compared]:
    """Every queue that has calls, in the recording's own order, and all of them together."""
    sides = [{**side, ALL: _sum(side)} for side in (replayed, recording)]
    empty = Tally()
    return {
        queue: Compared(
            replayed=figures(sides[0].get(queue, empty)),
            recorded=figures(sides[1].get(queue, empty)),
        )
        for queue in (*TYPES, ALL)
        if queue in sides[0] or queue in sides[1]
    }


def figures(tally: Tally) -> Figures:
    """The figures of one tally."""
    waits = sorted(tally.answered_ms)
    answered, abandoned = len(waits), len(tally.abandoned_ms)
    return Figures(
        calls=answered + abandoned + tally.unserved,
        answered=answered,
        abandoned=abandoned,
        unserved=tally.unserved,
        mean_wait_ms=round(sum(waits) / answered) if waits else None,
        p50_wait_ms=percentile(waits, 50),
        p90_wait_ms=percentile(waits, 90),
        p99_wait_ms=percentile(waits, 99),
        service_level=_service_level(tally),
    )


def percentile(ordered: list[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank)."""
    return ordered[ceil(len(ordered) * percent / 100) - 1] if ordered else None


def _service_level(tally: Tally) -> ServiceLevel:
    in_time = sum(wait <= TARGET_MS for wait in tally.answered_ms)
    gone_in_time = sum(wait <= TARGET_MS for wait in tally.abandoned_ms)
    answered, ended = len(tally.answered_ms), len(tally.answered_ms) + len(tally.abandoned_ms)
    return ServiceLevel(
        target_ms=TARGET_MS,
        answered_only=_share(in_time, answered),
        with_abandons=_share(in_time + gone_in_time, ended),
        strict=_share(in_time, ended),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _sum(side: Tallies) -> Tally:
    total = Tally()
    for tally in side.values():
        total.add(tally)
    return total
