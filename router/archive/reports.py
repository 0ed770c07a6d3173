"""Owns interval reports: what is counted of waits, holds and presences, by queue, agent or reason.

Everything is counted in the interval in which it happened: a wait is offered where it began, and
answered or abandoned where it ended. Sums of milliseconds are told beside the means, so that rows
can be added up again. `DEFINITIONS` says what each number is, and goes with every report.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, case, func, or_, select

from router.archive.intervals import Busy, Interval, Span, spans
from router.archive.projector import position
from router.archive.schema import CONTACTS, HOLDS, PRESENCES, WAITS

By = Literal["queue", "agent", "disposition"]
Row = dict[str, Any]
Counted = dict[tuple[int, str], Row]

DEFINITIONS: Final[dict[str, str]] = {
    "offered": "waits in the queue that began in the interval",
    "answered": "waits that ended in it because an agent got the contact",
    "abandoned": "waits that ended in it because the customer left, short ones not counted",
    "short_abandoned": "the same, left before short_abandon_ms",
    "left": "waits that ended in it otherwise: another queue, later, another end",
    "answered_in_time": "answered after service_level_ms at most",
    "abandoned_in_time": "abandoned after service_level_ms at most",
    "service_level_answered_only": "answered_in_time / answered",
    "service_level_with_abandons": (
        "(answered_in_time + abandoned_in_time) / (answered + abandoned)"
    ),
    "service_level_strict": "answered_in_time / (answered + abandoned)",
    "abandonment_rate": "abandoned / offered",
    "wait_ms": "sum of the waits answered",
    "asa_ms": "mean wait of those answered: wait_ms / answered",
    "handled": "times that an agent's hold of a contact ended in it, wrap-up included",
    "talk_ms": "sum of these holds up to wrap-up",
    "wrap_up_ms": "sum of their wrap-ups",
    "aht_ms": "mean handling time: (talk_ms + wrap_up_ms) / handled",
    "busy_ms": "time in the interval with at least one contact in hand, wrap-up included",
    "ready_ms": "time in it ready with no contact in hand",
    "occupancy": "busy_ms / (ready_ms + busy_ms)",
    "closed": "contacts handled that were closed in it with this reason; empty: with none",
    "resolved": "of these, told to be resolved",
    "unresolved": "of these, told not to be",
}
WAITED: Final = (
    *("answered", "abandoned", "short_abandoned", "left"),
    *("answered_in_time", "abandoned_in_time", "wait_ms"),
)
HELD: Final = ("handled", "talk_ms", "wrap_up_ms")
FIELDS: Final[dict[By, tuple[str, ...]]] = {
    "queue": ("offered", *WAITED, *HELD),
    "agent": ("answered", "answered_in_time", "wait_ms", *HELD, "busy_ms", "ready_ms"),
    "disposition": ("closed", "resolved", "unresolved", *HELD),
}
RATIOS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "service_level_answered_only": (("answered_in_time",), ("answered",)),
    "service_level_with_abandons": (
        ("answered_in_time", "abandoned_in_time"),
        ("answered", "abandoned"),
    ),
    "service_level_strict": (("answered_in_time",), ("answered", "abandoned")),
    "abandonment_rate": (("abandoned",), ("offered",)),
    "asa_ms": (("wait_ms",), ("answered",)),
    "aht_ms": (("talk_ms", "wrap_up_ms"), ("handled",)),
    "occupancy": (("busy_ms",), ("ready_ms", "busy_ms")),
}
"""A ratio -> what is above the line, and what below; told where all of it is counted."""


class Asked(NamedTuple):
    """A report: the intervals in order, by what, and the two thresholds.

    `levels` are the queues with a `service_level_ms` of their own.
    """

    intervals: list[Interval]
    by: By
    service_level_ms: int
    short_abandon_ms: int
    levels: Mapping[str, int] = {}


def report(connection: Connection, tenant: str, asked: Asked) -> list[Row]:
    """The rows that have something to tell, by interval and name."""
    counted: Counted = {}
    for span in spans(asked.intervals):
        for place, name, numbers in _counts(connection, tenant, asked, span):
            row = counted.setdefault((place, name), {})
            for field, number in numbers.items():
                row[field] = row.get(field, 0) + int(number or 0)
    if asked.by == "agent":
        _add_times(connection, tenant, asked, counted)
    return [_row(asked, place, name, counted[place, name]) for place, name in sorted(counted)]


def _row(asked: Asked, place: int, name: str, numbers: Row) -> Row:
    begin, end = asked.intervals[place]
    return {"from": begin, "to": end, asked.by: name} | numbers_of(asked.by, numbers)


def numbers_of(by: By, counted: Row) -> Row:
    """The numbers of a row, without those that say what it is of: what was counted, and rates."""
    row = {field: counted.get(field, 0) for field in FIELDS[by]}
    for field, (above, below) in RATIOS.items():
        if {*above, *below} <= row.keys():
            whole = sum(row[part] for part in below)
            value = sum(row[part] for part in above) / whole if whole else None
            row[field] = value if value is None else round(value, 4)
    return row


def _counts(
    connection: Connection, tenant: str, asked: Asked, span: Span
) -> Iterator[tuple[int, str, Row]]:
    if asked.by == "disposition":
        yield from _closed(connection, tenant, span)
        return
    if asked.by == "queue":
        began = _bucket(WAITS, "from_at", span)
        found = select(began, WAITS.c.queue, func.count()).where(
            WAITS.c.tenant == tenant, _within(WAITS, "from_at", span)
        )
        for place, name, offered in connection.execute(found.group_by(began, WAITS.c.queue)):
            yield span.place + place, name, {"offered": offered}
    yield from _waited(connection, tenant, asked, span)
    yield from _held(connection, tenant, asked.by, span)


def _waited(
    connection: Connection, tenant: str, asked: Asked, span: Span
) -> Iterator[tuple[int, str, Row]]:
    w = WAITS.c
    wait = w.to_at - w.from_at
    answered = w.how == "answered"
    long = and_(w.how == "abandoned", wait >= asked.short_abandon_ms)
    in_time = wait <= _threshold(asked)
    counts = {
        "answered": _count(answered),
        "abandoned": _count(long),
        "short_abandoned": _count(and_(w.how == "abandoned", wait < asked.short_abandon_ms)),
        "left": _count(w.how == "left"),
        "answered_in_time": _count(and_(answered, in_time)),
        "abandoned_in_time": _count(and_(long, in_time)),
        "wait_ms": func.sum(case((answered, wait), else_=0)),
    }
    name = w.queue if asked.by == "queue" else w.agent
    bucket = _bucket(WAITS, "to_at", span)
    found = select(bucket, name, *(counts[field] for field in WAITED)).where(
        w.tenant == tenant, _within(WAITS, "to_at", span), name.is_not(None)
    )
    for place, named, *numbers in connection.execute(found.group_by(bucket, name)):
        yield span.place + place, named, dict(zip(WAITED, numbers, strict=True))


def _threshold(asked: Asked) -> int | ColumnElement[int]:
    """How long a wait may be to be in time."""
    queues: dict[int, list[str]] = defaultdict(list)
    for queue, ms in asked.levels.items():
        if ms != asked.service_level_ms:
            queues[ms].append(queue)
    own = [(WAITS.c.queue.in_(named), ms) for ms, named in queues.items()]
    return case(*own, else_=asked.service_level_ms) if own else asked.service_level_ms


def _held(
    connection: Connection, tenant: str, by: By, span: Span
) -> Iterator[tuple[int, str, Row]]:
    h = HOLDS.c
    name = h.queue if by == "queue" else h.agent
    bucket = _bucket(HOLDS, "to_at", span)
    found = select(bucket, name, *_held_counts()).where(
        h.tenant == tenant, _within(HOLDS, "to_at", span), name.is_not(None)
    )
    for place, named, *numbers in connection.execute(found.group_by(bucket, name)):
        yield span.place + place, named, dict(zip(HELD, numbers, strict=True))


def _held_counts() -> tuple[ColumnElement[Any], ...]:
    h = HOLDS.c
    return (func.count(), func.sum(h.talked_to - h.from_at), func.sum(h.to_at - h.talked_to))


def _closed(connection: Connection, tenant: str, span: Span) -> Iterator[tuple[int, str, Row]]:
    c, h = CONTACTS.c, HOLDS.c
    bucket = _bucket(CONTACTS, "closed_at", span)
    own = and_(c.tenant == tenant, _within(CONTACTS, "closed_at", span), c.result == "handled")
    counts = (func.count(), _count(c.resolved.is_(True)), _count(c.resolved.is_(False)))
    found = select(bucket, c.disposition, *counts).where(own)
    for place, name, *numbers in connection.execute(found.group_by(bucket, c.disposition)):
        fields = ("closed", "resolved", "unresolved")
        yield span.place + place, name or "", dict(zip(fields, numbers, strict=True))
    same = and_(h.tenant == c.tenant, h.contact == c.contact, h.life == c.life)
    joined = CONTACTS.join(HOLDS, same)
    found = select(bucket, c.disposition, *_held_counts()).select_from(joined).where(own)
    for place, name, *numbers in connection.execute(found.group_by(bucket, c.disposition)):
        yield span.place + place, name or "", dict(zip(HELD, numbers, strict=True))


def _add_times(connection: Connection, tenant: str, asked: Asked, counted: Counted) -> None:
    """Busy and ready time of each agent, cut at the intervals' edges."""
    begin, end = asked.intervals[0].begin, asked.intervals[-1].end
    held = _pieces(connection, HOLDS, tenant, begin, end)
    ready = _pieces(connection, PRESENCES, tenant, begin, end, PRESENCES.c.presence == "ready")
    now = _now(connection, tenant)
    for agent in held.keys() | ready.keys():
        busy = Busy(held.get(agent, ()), ready.get(agent, ()), now)
        for place, interval in enumerate(asked.intervals):
            busy_ms, ready_ms = busy.times(interval)
            if busy_ms or ready_ms:
                row = counted.setdefault((place, agent), {})
                row |= {"busy_ms": busy_ms, "ready_ms": ready_ms}


def _now(connection: Connection, tenant: str) -> int:
    """The instant up to which the archive tells: what is open lasts until then."""
    place = position(connection, tenant)
    return 0 if place is None else place.at


def _pieces(
    connection: Connection,
    table: Table,
    tenant: str,
    begin: int,
    end: int,
    *more: ColumnElement[bool],
) -> dict[str, list[tuple[int, int | None]]]:
    t = table.c
    asked = select(t.agent, t.from_at, t.to_at).where(
        t.tenant == tenant, t.from_at < end, or_(t.to_at.is_(None), t.to_at > begin), *more
    )
    found: dict[str, list[tuple[int, int | None]]] = {}
    for agent, from_at, to_at in connection.execute(asked.order_by(t.agent, t.from_at)):
        found.setdefault(agent, []).append((from_at, to_at))
    return found


def _bucket(table: Table, instant: str, span: Span) -> ColumnElement[int]:
    return ((table.c[instant] - span.begin) // span.length).label("place")


def _within(table: Table, instant: str, span: Span) -> ColumnElement[bool]:
    return and_(table.c[instant] >= span.begin, table.c[instant] < span.end)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def columns(by: By) -> list[str]:
    """The names of a row's fields, in order: for a table."""
    own = [*FIELDS[by]]
    ratios = [name for name, (above, below) in RATIOS.items() if {*above, *below} <= {*own}]
    return ["from", "to", by, *own, *ratios]


def definitions(names: Iterable[str]) -> dict[str, str]:
    """What these fields are."""
    return {name: DEFINITIONS[name] for name in names if name in DEFINITIONS}
