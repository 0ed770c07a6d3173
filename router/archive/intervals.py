"""Owns how time is cut into intervals, and how much of each somebody was busy or ready. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

Name = Literal["15m", "30m", "hour", "day"]
LENGTHS: Final[dict[Name, int]] = {"15m": 900_000, "30m": 1_800_000, "hour": 3_600_000}
Piece = tuple[int, int | None]


class Interval(NamedTuple):
    """From an instant, up to another one that is not in it."""

    begin: int
    end: int


class Span(NamedTuple):
    """Intervals of one length in a row; `place` is that of the first."""

    place: int
    begin: int
    end: int
    length: int


def cut(name: Name, begin: int, end: int, zone: ZoneInfo, at_most: int) -> list[Interval]:
    """The intervals that hold all from `begin` to `end`; days are those of the time zone.

    Raises: ValueError when there are more than `at_most`, or none.
    """
    if begin >= end:
        raise ValueError("`from` before `to`")
    edges: list[int] = []
    for edge in _days(begin, zone) if name == "day" else _even(begin, LENGTHS[name]):
        edges.append(edge)
        if edge >= end:
            break
        if len(edges) > at_most:
            raise ValueError(f"at most {at_most} intervals")
    return [Interval(*pair) for pair in pairwise(edges)]


def spans(intervals: Sequence[Interval]) -> Iterator[Span]:
    """The intervals in runs of one length: days are not all as long."""
    numbered = enumerate(intervals)
    for length, run in groupby(numbered, lambda one: one[1].end - one[1].begin):
        same = list(run)
        yield Span(same[0][0], same[0][1].begin, same[-1][1].end, length)


def _even(begin: int, length: int) -> Iterator[int]:
    edge = begin - begin % length
    while True:
        yield edge
        edge += length


def _days(begin: int, zone: ZoneInfo) -> Iterator[int]:
    day = datetime.fromtimestamp(begin / 1_000, zone).date()
    while True:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        yield round(midnight.timestamp() * 1_000)
        day += timedelta(days=1)


class Busy:
    """One agent's time: with something in hand, and ready without; what is open lasts until now."""

    def __init__(self, held: Sequence[Piece], ready: Sequence[Piece], now: int) -> None:
        """Takes pieces in the order of their beginnings; those in hand may overlap."""
        self._held = _joined(held, now)
        self._ready = _joined(ready, now)

    def times(self, interval: Interval) -> tuple[int, int]:
        """Busy and ready time in the interval, in ms."""
        held = [*_inside(self._held, interval)]
        busy = sum(end - begin for begin, end in held)
        ready = 0
        for begin, end in _inside(self._ready, interval):
            taken = _inside(held, Interval(begin, end))
            ready += end - begin - sum(until - since for since, until in taken)
        return busy, ready


def _joined(pieces: Sequence[Piece], now: int) -> list[Interval]:
    """The pieces without their overlaps."""
    found: list[Interval] = []
    for begin, end in pieces:
        until = max(now, begin) if end is None else end
        if found and begin <= found[-1].end:
            found[-1] = Interval(found[-1].begin, max(found[-1].end, until))
        else:
            found.append(Interval(begin, until))
    return found


def _inside(pieces: Sequence[Interval], interval: Interval) -> Iterator[Interval]:
    for begin, end in pieces:
        piece = Interval(max(begin, interval.begin), min(end, interval.end))
        if piece.begin < piece.end:
            yield piece
