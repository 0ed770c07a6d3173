"""Calendars are known far ahead, whichever router looks, at whatever instant."""

from collections.abc import Callable
from typing import Any

import msgspec

from queues.settings import DAY_MS
from router.calendars import HORIZON_MS, RENEW_MS, CalendarSettings, Week, plain, put
from router.calls import PutTenant
from router.engine.engine import Engine
from router.queries import ListCalendars
from router.renewal import Renewal, due

OFFICE = CalendarSettings(time_zone="Europe/Berlin", weekly=Week(mon=("08:00-17:00",)))
NOW = 1_795_000_000_000


def told(until: int, wall: int, settings: CalendarSettings = OFFICE) -> dict[str, Any]:
    record = {"calendar": "office", "settings": plain(settings), "until": until}
    return {"calendars": [record], "wall": wall}


def test_what_is_known_far_enough_is_left() -> None:
    made = put("office", OFFICE, NOW)

    assert list(due(told(made.until, NOW))) == []
    assert list(due(told(made.until, made.until - RENEW_MS))) == []


def test_after_some_days_it_is_made_anew_from_the_instant_that_the_store_tells() -> None:
    made = put("office", OFFICE, NOW)
    later = NOW + 11 * DAY_MS

    [call] = due(told(made.until, later))

    assert call == put("office", OFFICE, later)
    assert call.until - made.until == 11 * DAY_MS
    assert set(made.edges) & set(call.edges)


def test_a_zone_that_this_machine_does_not_know_is_left_as_it_is() -> None:
    reply = told(NOW, NOW, msgspec.structs.replace(OFFICE, time_zone="Mars/Olympus"))

    assert list(due(reply)) == []


async def test_a_router_renews_the_calendars_of_every_tenant_once(
    engine: Engine, new_tenant: Callable[[], str]
) -> None:
    tenants = [new_tenant(), new_tenant()]
    for tenant in tenants:
        await engine.call(tenant, PutTenant(settings={}))
        wall = (await engine.read(tenant, ListCalendars()))["wall"]
        old = put("office", OFFICE, wall - 20 * DAY_MS)
        await engine.call(tenant, old)

    first, second = [await Renewal(engine, chance=lambda: 0.5).look() for _ in range(2)]

    assert (first >= 2, second) == (True, 0)
    for tenant in tenants:
        reply = await engine.read(tenant, ListCalendars())
        [record] = reply["calendars"]
        assert record["until"] - reply["wall"] > HORIZON_MS - 2 * DAY_MS
        assert msgspec.json.encode(record["settings"]["weekly"]["mon"]) == b'["08:00-17:00"]'
