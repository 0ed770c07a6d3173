"""What a file allows and hardly anybody can mean."""

from typing import Any

import msgspec

from router.calendars import DAYS
from router.config import Config
from router.config.remarks import remarks

NOW = 1_795_000_000_000  # 2026-11-18 10:26 UTC, a Wednesday


def told(tenant: dict[str, Any]) -> list[str]:
    return list(remarks(msgspec.convert({"tenants": {"t": tenant}}, Config), NOW))


def test_who_serves_nobody_and_whom_nobody_serves_is_told() -> None:
    agents = {
        "ann": {
            "memberships": {"sales": {}, "watched": {"role": "supervisor"}},
            "slots": {"voice": 1},
        },
        "bob": {"memberships": {"empty": {}}, "slots": {"voice": 0}},
        "cai": {"slots": {"voice": 1}},
    }
    queues: dict[str, Any] = {"sales": {}, "watched": {}, "empty": {}}
    channels: dict[str, Any] = {"voice": {}, "chat": {}}

    found = told({"agents": agents, "queues": queues, "channels": channels})

    assert [remark.partition(": ")[0] for remark in found] == [
        "tenants.t.queues.watched",
        "tenants.t.queues.empty",
        "tenants.t.channels.chat",
        "tenants.t.agents.cai",
    ]


def test_nothing_is_said_of_a_tenant_whose_agents_come_from_elsewhere() -> None:
    assert told({"queues": {"sales": {}}}) == []


def around_the_clock(night: dict[str, Any]) -> dict[str, Any]:
    """A day queue and a night queue that divert to each other while closed."""
    day = {"time_zone": "UTC", "weekly": dict.fromkeys(DAYS, ("08:00-20:00",))}
    return {
        "calendars": {"by_day": day, "by_night": night},
        "queues": {
            "general": {},
            "day": {"calendar": "by_day", "closed": "divert", "closed_to": "night"},
            "night": {"calendar": "by_night", "closed": "divert", "closed_to": "day"},
        },
    }


def test_two_queues_may_divert_to_each_other_and_never_both_be_closed() -> None:
    weekly = dict.fromkeys(DAYS, ("00:00-08:00", "20:00-24:00"))

    assert told(around_the_clock({"time_zone": "UTC", "weekly": weekly})) == []


def test_of_two_that_divert_to_each_other_it_is_told_when_both_are_closed() -> None:
    weekly = dict.fromkeys(DAYS, ("00:00-08:00", "20:00-24:00"))
    night = {"time_zone": "UTC", "weekly": weekly, "dates": {"2026-12-24": ["00:00-08:00"]}}

    (remark,) = told(around_the_clock(night))

    assert remark == (
        "tenants.t.queues.day.closed_to: all of day > night > day are closed at 2026-12-24 20:00 "
        "UTC: who comes then is refused"
    )
