"""Calendars are open when their local times say so, whatever the clocks do."""

from bisect import bisect_right
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queues.settings import DAY_MS
from router.calendars import (
    DAYS,
    HORIZON_MS,
    CalendarSettings,
    Week,
    edges,
    put,
    unfit,
)

MINUTE_MS = 60_000
# Zones at days around which their clocks change, and how.
CHANGES = (
    ("America/Sao_Paulo", "2018-11-04"),  # midnight does not exist
    ("America/Sao_Paulo", "2019-02-17"),  # the last hour of the 16th comes twice
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),  # half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Pacific/Apia", "2011-12-30"),  # a day that there never was
    ("Asia/Kathmandu", "2026-06-01"),
)
EVERY_DAY = "2026-12-24"


def ms(text: str, zone: str = "UTC") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000)


def calendar(zone: str, *spans: str, **more: Any) -> CalendarSettings:
    return CalendarSettings(time_zone=zone, weekly=Week(**dict.fromkeys(DAYS, spans)), **more)


def spans_of(rules: CalendarSettings, day: str) -> tuple[str, ...]:
    if day in rules.dates:
        return rules.dates[day]
    if day in rules.holidays:
        return ()
    weekday = datetime.fromisoformat(day).weekday()
    found: tuple[str, ...] = getattr(rules.weekly, DAYS[weekday])
    return found


def open_minutes(rules: CalendarSettings, start_ms: int, days: int) -> list[bool]:
    """The rule itself, minute by minute.

    A span has begun once the clock has shown its opening or later, and goes on while the clock is
    still to show a time before its closing.
    """
    zone = ZoneInfo(rules.time_zone)
    instants = range(start_ms - 3 * DAY_MS, start_ms + (days + 3) * DAY_MS, MINUTE_MS)
    local = [
        datetime.fromtimestamp(at // 1_000, UTC).astimezone(zone).replace(tzinfo=None)
        for at in instants
    ]
    shown = list(accumulate(local, max))
    to_come = list(accumulate(reversed(local), min))[::-1]
    is_open = [False] * len(local)
    first, last = min(local).date(), max(local).date()
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = datetime.fromordinal(number)
        for span in spans_of(rules, day.date().isoformat()):
            opens, closes = (clock(day, text) for text in span.split("-"))
            for index in range(bisect_right(shown, opens - RESOLUTION), len(local)):
                if to_come[index] >= closes:
                    break
                is_open[index] = True
    margin = 3 * DAY_MS // MINUTE_MS
    return is_open[margin:-margin]


RESOLUTION = datetime(2, 1, 1) - datetime(1, 12, 31, 23, 59, 59)  # noqa: DTZ001


def clock(day: datetime, text: str) -> datetime:
    hours, minutes = (int(part) for part in text.split(":"))
    return datetime.fromtimestamp(
        day.replace(tzinfo=UTC).timestamp() + (hours * 60 + minutes) * 60, UTC
    ).replace(tzinfo=None)


def said(found: list[int], start_ms: int, days: int) -> list[bool]:
    instants = range(start_ms, start_ms + days * DAY_MS, MINUTE_MS)
    return [bisect_right(found, at) % 2 == 1 for at in instants]


def a_day() -> st.SearchStrategy[tuple[str, ...]]:
    marks = st.lists(st.integers(0, 1_440), max_size=6, unique=True).map(sorted)
    return marks.map(
        lambda found: tuple(
            f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
            for opens, closes in zip(found[::2], found[1::2], strict=False)
        )
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data(), change=st.sampled_from(CHANGES), days=st.tuples(*[a_day()] * 7))
def test_the_edges_say_what_the_rule_says_at_every_minute(
    data: st.DataObject, change: tuple[str, str], days: tuple[tuple[str, ...], ...]
) -> None:
    zone, day = change
    dates = data.draw(st.dictionaries(st.sampled_from([day, EVERY_DAY]), a_day(), max_size=1))
    holidays = data.draw(st.lists(st.just(day), max_size=1))
    rules = CalendarSettings(
        time_zone=zone,
        weekly=Week(**dict(zip(DAYS, days, strict=True))),
        holidays=tuple(holidays),
        dates=dates,
    )
    start = ms(day) - 2 * DAY_MS

    found = edges(rules, start, start + 4 * DAY_MS)

    assert found == sorted(set(found))
    assert said(found, start, 4) == open_minutes(rules, start, 4)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_a_shop_that_never_closes_is_not_closed_by_a_clock_change(zone: str, day: str) -> None:
    start = ms(day) - 2 * DAY_MS

    found = edges(calendar(zone, "00:00-24:00"), start, start + 4 * DAY_MS)

    assert len(found) == 1
    assert found[0] <= start


def test_a_time_that_does_not_exist_is_the_first_one_after_the_gap() -> None:
    start = ms("2026-03-29")
    rules = calendar("Europe/Berlin", "02:30-04:00")

    found = edges(rules, start, start + DAY_MS)

    assert found == [ms("2026-03-29T01:00"), ms("2026-03-29T02:00")]


def test_of_a_time_that_comes_twice_opening_is_the_first_and_closing_the_second() -> None:
    start = ms("2026-10-25")
    rules = calendar("Europe/Berlin", "02:15-02:45")

    found = edges(rules, start, start + DAY_MS)

    assert found == [ms("2026-10-25T00:15"), ms("2026-10-25T01:45")]


def test_a_day_that_there_never_was_has_no_hours() -> None:
    start = ms("2011-12-29")
    rules = CalendarSettings(time_zone="Pacific/Apia", dates={"2011-12-30": ("08:00-17:00",)})

    assert edges(rules, start, start + 4 * DAY_MS) == []


def test_a_date_goes_before_a_holiday_and_a_holiday_before_the_week() -> None:
    start = ms("2026-12-23")
    more = {"holidays": ("2026-12-24", "2026-12-25"), "dates": {"2026-12-24": ("08:00-12:00",)}}
    rules = calendar("UTC", "08:00-18:00", **more)

    found = edges(rules, start, start + 4 * DAY_MS)

    assert [datetime.fromtimestamp(at / 1_000, UTC).isoformat()[5:13] for at in found] == [
        *("12-23T08", "12-23T18", "12-24T08", "12-24T12", "12-26T08", "12-26T18")
    ]


def test_the_call_is_the_same_all_day_and_reaches_far_ahead() -> None:
    rules = calendar("Europe/Berlin", "08:00-18:00")

    morning, evening = (put("c", rules, ms(f"2026-06-01T{hour}:00")) for hour in ("03", "21"))

    assert morning == evening
    assert morning.until == ms("2026-06-01") + HORIZON_MS
    assert len(morning.edges) in (800, 801, 802)
    assert msgspec.msgpack.encode(morning)


@pytest.mark.parametrize(
    ("fields", "place", "value", "expected"),
    [
        (
            {"time_zone": "Europe/Berlim"},
            ("time_zone",),
            "Europe/Berlim",
            "nearest known one is Europe/Berlin",
        ),
        (
            {"time_zone": "UTC", "holidays": ("2026-02-29",)},
            ("holidays", 0),
            "2026-02-29",
            "a date that there is",
        ),
        (
            {"time_zone": "UTC", "weekly": Week(mon=("08:00-12:00", "11:00-13:00"))},
            ("weekly", "mon", 1),
            "11:00-13:00",
            "overlaps 08:00-12:00",
        ),
        (
            {"time_zone": "UTC", "dates": {"2026-12-24": ("12:00-12:00",)}},
            ("dates", "2026-12-24", 0),
            "12:00-12:00",
            "to close after it opens",
        ),
        (
            {"time_zone": "UTC", "dates": {"2026-13-01": ()}},
            ("dates", "2026-13-01"),
            "2026-13-01",
            "a date that",
        ),
    ],
)
def test_what_can_not_be_used_is_named(
    fields: dict[str, Any], place: tuple[str | int, ...], value: str, expected: str
) -> None:
    [found] = unfit(CalendarSettings(**fields))

    assert (found.path, found.value) == (place, value)
    assert expected in found.expected


def test_spans_that_touch_are_one_opening() -> None:
    start = ms("2026-06-01")
    rules = calendar("UTC", "08:00-12:00", "12:00-18:00")

    assert list(unfit(rules)) == []
    assert len(edges(rules, start, start + DAY_MS)) == 2
