"""Owns which ways on which contacts are sent on lead back. Pure.

The rule is that of the store: no contact comes back to a queue that has sent it on. A circle of
diversions while closed alone is none when not all of them are by one calendar: it ends where it is
open, and while all are closed an arrival is refused.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from router import calendars
from router.calendars import HORIZON_MS, CalendarSettings


class Edge(NamedTuple):
    """A queue to which contacts are sent on; the calendar, when that is for being closed."""

    to: str
    calendar: str | None = None


EdgesOf = Callable[[str], Sequence[Edge]]


def way_back(start: str, edges: Iterable[Edge], edges_of: EdgesOf) -> list[str]:
    """The shortest circle that begins with one of the queue's edges; empty when there is none."""
    ways = [([start, edge.to], [edge.calendar]) for edge in edges]
    seen: set[tuple[str, str]] = set()
    for way, by in ways:
        kind = "mixed" if None in by else "several" if len({*by}) > 1 else "one"
        if way[-1] == start:
            if kind != "several":
                return way
        elif (way[-1], kind) not in seen:
            seen.add((way[-1], kind))
            ways += [([*way, edge.to], [*by, edge.calendar]) for edge in edges_of(way[-1])]
    return []


def diversions(start: str, edges_of: EdgesOf) -> list[str]:
    """The circle of diversions by several calendars that the queue is on; empty when on none."""
    way, by = [start], set[str]()
    while len(way) == 1 or way[-1] not in way[:-1]:
        edge = next((edge for edge in edges_of(way[-1]) if edge.calendar is not None), None)
        if edge is None or edge.calendar is None:
            return []
        way.append(edge.to)
        by.add(edge.calendar)
    return way if way[-1] == start and len(by) > 1 else []


def warning(
    way: Sequence[str],
    calendar_of: Callable[[str], str],
    known: Mapping[str, CalendarSettings],
    now_ms: int,
) -> str | None:
    """What becomes of who comes while all queues of a circle are closed, and when that is first.

    None when, as far as calendars are known ahead, one of the queues is always open.
    """
    hours = [known.get(calendar_of(queue)) for queue in way[:-1]]
    shut_at = _all_shut([own for own in hours if own is not None], now_ms) if all(hours) else None
    if shut_at is None:
        return None
    at = datetime.fromtimestamp(shut_at / 1_000, UTC).strftime("%Y-%m-%d %H:%M")
    return f"all of {' > '.join(way)} are closed at {at} UTC: who comes then is refused"


def _all_shut(hours: Sequence[CalendarSettings], now_ms: int) -> int | None:
    """The first instant from now on at which none of the calendars is open."""
    found = [calendars.edges(own, now_ms, now_ms + HORIZON_MS) for own in hours]
    closings = sorted(edge for edges in found for edge in edges[1::2] if edge > now_ms)
    for at in (now_ms, *closings):
        if not any(bisect_right(edges, at) % 2 for edges in found):
            return at
    return None
