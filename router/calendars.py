"""Owns calendars as people write them, and the instants that the store is given of them. Pure.

A calendar is a week of local times in one time zone, with dates that differ. The store knows no
time zones: it gets the instants at which the calendar opens and closes, in turn, for `HORIZON_MS`
ahead, and they are made anew before they run out.

Where clocks change, a local time may not exist or exist twice. One that does not exist is the
first instant after the gap; of one that exists twice, opening takes the first and closing the
second. So a change of clocks never closes what the calendar says is open.
"""

import difflib
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Meta, Struct, field

from queues.settings import DAY_MS
from router.calls import PutCalendar

HORIZON_MS: Final = 400 * DAY_MS
RENEW_MS: Final = 390 * DAY_MS
"""Edges that reach less far than this ahead are made anew: about every ten days."""
DATES_MAX: Final = 1_000

Span = Annotated[
    str,
    Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)",
        description='local times as "08:00-12:30", at most to 24:00',
    ),
]
Spans = Annotated[
    tuple[Span, ...],
    Meta(max_length=24, description="when it is open; none: closed all day"),
]
Day = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)",
        description='a date in quotes, as "2026-12-24"',
    ),
]


class Week(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a calendar is open on each day of the week; a day without times is closed."""

    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()


DAYS: Final = Week.__struct_fields__


class CalendarSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours of a calendar in local time: a date before a holiday, a holiday before the week."""

    time_zone: Annotated[
        str,
        Meta(min_length=1, max_length=64, description='an IANA name, as "America/Sao_Paulo"'),
    ]
    weekly: Week = field(default_factory=Week)
    holidays: Annotated[
        tuple[Day, ...],
        Meta(max_length=DATES_MAX, description="dates on which it is closed"),
    ] = ()
    dates: dict[Day, Spans] = field(default_factory=dict)


class Unfit(NamedTuple):
    """A value that can not be used: where it stands, the value, and what was expected."""

    path: tuple[str | int, ...]
    value: Any
    expected: str


def unfit(settings: CalendarSettings) -> Iterator[Unfit]:
    """What is wrong with settings whose every value looks right by itself."""
    if settings.time_zone not in known_zones():
        yield Unfit(("time_zone",), settings.time_zone, _nearest_zone(settings.time_zone))
    for name in DAYS:
        yield from _unfit_spans(("weekly", name), getattr(settings.weekly, name))
    for index, text in enumerate(settings.holidays):
        if _date(text) is None:
            yield Unfit(("holidays", index), text, "expected a date that there is")
    for text, spans in settings.dates.items():
        if _date(text) is None:
            yield Unfit(("dates", text), text, "expected a date that there is")
        yield from _unfit_spans(("dates", text), spans)
    if len(settings.dates) > DATES_MAX:
        yield Unfit(("dates",), len(settings.dates), f"expected at most {DATES_MAX} dates")


def _unfit_spans(path: tuple[str | int, ...], spans: tuple[str, ...]) -> Iterator[Unfit]:
    last: tuple[int, str] | None = None
    for index, text in sorted(enumerate(spans), key=lambda item: _minutes(item[1])):
        opens, closes = _minutes(text)
        if opens >= closes:
            yield Unfit((*path, index), text, "expected to close after it opens, on the same day")
        elif last is not None and opens < last[0]:
            yield Unfit((*path, index), text, f"overlaps {last[1]}")
        last = (closes, text)


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The names of all time zones that this machine knows."""
    return frozenset(available_timezones())


def plain(settings: CalendarSettings) -> dict[str, Any]:
    """The settings as the store keeps them."""
    builtins: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(settings))
    return builtins


def settings_of(stored: dict[str, Any]) -> CalendarSettings:
    """The settings out of what the store keeps, where an empty list may have become a map."""
    days = {name: stored.get(name) or {} for name in ("weekly", "dates")}
    spans = {
        name: {day: found or [] for day, found in of_days.items()} for name, of_days in days.items()
    }
    return msgspec.convert(
        {**stored, **spans, "holidays": stored.get("holidays") or []}, CalendarSettings
    )


def put(calendar: str, settings: CalendarSettings, wall_ms: int) -> PutCalendar:
    """The call that puts a calendar, with its edges from the day of the given instant on."""
    start_ms = wall_ms - wall_ms % DAY_MS
    return PutCalendar(
        calendar=calendar,
        settings=plain(settings),
        edges=edges(settings, start_ms, start_ms + HORIZON_MS),
        until=start_ms + HORIZON_MS,
    )


def edges(settings: CalendarSettings, from_ms: int, until_ms: int) -> list[int]:
    """The instants from which it is open, closed, open … until the end; the first one opens.

    The first opening may lie before the start, when it is open there.
    """
    zone = ZoneInfo(settings.time_zone)
    found: list[int] = []
    for opens, closes in _openings(settings, zone, from_ms, until_ms):
        if found and opens <= found[-1]:
            found[-1] = max(closes, found[-1])
        elif closes > opens:
            found += [opens, closes]
    while found and found[1] <= from_ms:
        del found[:2]
    return [edge for edge in found if edge < until_ms]


def is_open(settings: CalendarSettings, at_ms: int) -> bool:
    """Whether it is open at an instant."""
    return bisect_right(edges(settings, at_ms, at_ms + DAY_MS), at_ms) % 2 == 1


def _openings(
    settings: CalendarSettings, zone: ZoneInfo, from_ms: int, until_ms: int
) -> Iterator[tuple[int, int]]:
    """Each span of each day as a pair of instants; those of neighbouring days may touch."""
    holidays = set(settings.holidays)
    day = _local(from_ms // 1_000, zone).date() - timedelta(days=2)
    last = _local(until_ms // 1_000, zone).date() + timedelta(days=2)
    while day <= last:
        text = day.isoformat()
        spans: tuple[str, ...] = getattr(settings.weekly, DAYS[day.weekday()])
        if text in settings.dates:
            spans = settings.dates[text]
        elif text in holidays:
            spans = ()
        for opens, closes in sorted(map(_minutes, spans)):
            begins = _instant(day, opens, zone, is_second=False)
            yield begins, _instant(day, closes, zone, is_second=True)
        day += timedelta(days=1)


def _instant(day: date, minutes: int, zone: ZoneInfo, *, is_second: bool) -> int:
    """The instant (ms) of a local time; where it is two, the first or the second of them."""
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first = int(local.replace(tzinfo=zone, fold=0).timestamp())
    second = int(local.replace(tzinfo=zone, fold=1).timestamp())
    if first > second:  # a gap lies between what it would be by the rules before and after
        return _end_of_gap(local, second, first, zone) * 1_000
    return (second if is_second else first) * 1_000


def _end_of_gap(local: datetime, low: int, high: int, zone: ZoneInfo) -> int:
    """The first second at which the clock shows the local time or a later one."""
    while low < high:
        middle = (low + high) // 2
        if _local(middle, zone) >= local:
            high = middle
        else:
            low = middle + 1
    return low


def _local(second: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(second, UTC).astimezone(zone).replace(tzinfo=None)


def _minutes(span: str) -> tuple[int, int]:
    opens, closes = (int(text[:2]) * 60 + int(text[3:]) for text in span.split("-"))
    return opens, closes


def _nearest_zone(name: str) -> str:
    close = difflib.get_close_matches(name, known_zones(), n=1)
    hint = f"the nearest known one is {close[0]}" if close else "expected an IANA name"
    return f"no time zone of this name; {hint}"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
