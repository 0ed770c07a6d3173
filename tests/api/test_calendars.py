"""Hours, contacts that come later, and calls back, over HTTP and the socket."""

from typing import Any

import pytest

from router.api.roles import Role
from router.calendars import DAYS
from tests.clients import Api, Json, stream

NEVER = {"time_zone": "Europe/Berlin"}
ALWAYS = {"time_zone": "UTC", "weekly": {day: ["00:00-24:00"] for day in DAYS}}


async def furnish(api: Api, calendar: Json, *agents: str, **settings: Any) -> None:
    await api.furnish(*agents, calendar="office", **settings)
    await api.ok("PUT", "/v1/calendars/office", calendar)


async def test_a_calendar_is_put_and_read_as_it_was_given(api: Api) -> None:
    await furnish(api, ALWAYS | {"holidays": [], "dates": {"2020-01-01": []}})

    view = await api.ok("GET", "/v1/calendars/office")
    queue = await api.ok("GET", "/v1/queues/sales")

    assert (view["is_open"], view["settings"]["time_zone"]) == (True, "UTC")
    assert view["settings"]["weekly"]["sun"] == ["00:00-24:00"]
    assert (view["settings"]["holidays"], view["settings"]["dates"]) == ([], {"2020-01-01": []})
    assert queue["hours"]["is_open"] is True
    assert (await api.call("GET", "/v1/calendars/none"))[0] == 404


async def test_a_calendar_is_removed_when_no_queue_uses_it(api: Api) -> None:
    await furnish(api, ALWAYS)
    await api.ok("PUT", "/v1/queues/night", {"calendar": "office"})

    status, answer = await api.call("DELETE", "/v1/calendars/office")

    assert (status, answer["type"]) == (409, "urn:vez:problem:blocked")
    (error,) = answer["errors"]
    assert error["field"] == "calendars.office"
    assert error["expected"] == "to be used by no queue: night, sales"
    for queue in ("night", "sales"):
        await api.ok("PUT", f"/v1/queues/{queue}", {})
    await api.ok("DELETE", "/v1/calendars/office")
    assert (await api.ok("GET", "/v1/calendars"))["calendars"] == []
    assert (await api.call("DELETE", "/v1/calendars/office"))[0] == 404


async def test_other_hours_are_a_version_and_the_same_ones_are_not(api: Api) -> None:
    await furnish(api, ALWAYS)
    before = await api.ok("GET", "/v1/config")

    await api.ok("PUT", "/v1/calendars/office", ALWAYS)
    same = await api.ok("GET", "/v1/config")
    await api.ok("PUT", "/v1/calendars/office", NEVER)
    other = await api.ok("GET", "/v1/config")

    assert same == before
    assert other["version"] == before["version"] + 1
    assert other["hash"] != before["hash"]
    (newest, *_) = (await api.ok("GET", "/v1/config/versions"))["versions"]
    assert newest["changes"] == [{"kind": "calendar", "id": "office", "what": "changed"}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "UTC", "weekly": {"mon": ["12:00-08:00"]}}, "weekly.mon[0]"),
        ({"time_zone": "UTC", "holidays": ["2026-02-30"]}, "holidays[0]"),
        ({"time_zone": "UTC", "weekly": {"mon": ["9-12"]}}, "weekly.mon[0]"),
        ({"time_zone": "UTC", "weekly": {"may": []}}, "weekly.may"),
    ],
)
async def test_hours_that_can_not_be_are_refused_by_field(api: Api, body: Json, field: str) -> None:
    await api.furnish()

    status, answer = await api.call("PUT", "/v1/calendars/office", body)

    assert status == 422
    assert [error["field"] for error in answer["errors"]] == [field]


async def test_a_closed_queue_refuses_or_asks_for_a_callback(api: Api) -> None:
    body = {"contact": "c-1", "channel": "voice", "queue": "sales"}
    for closed, asks in (("refuse", False), ("callback", True)):
        await furnish(api, NEVER, closed=closed)
        status, answer = await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)
        assert (status, answer["type"]) == (409, "urn:vez:problem:closed")
        assert answer.get("callback", False) is asks


async def test_two_queues_may_divert_to_each_other_by_different_hours(api: Api) -> None:
    await api.furnish()
    rules = {"calendar": "days", "closed": "divert", "closed_to": "night"}
    await api.ok("PUT", "/v1/queues/sales", rules)
    back = {"closed": "divert", "closed_to": "sales"}
    status, refused = await api.call("PUT", "/v1/queues/night", back | {"calendar": "days"})
    await api.ok("PUT", "/v1/queues/night", back | {"calendar": "nights"})
    await api.ok("PUT", "/v1/calendars/days", NEVER)
    await api.ok("PUT", "/v1/calendars/nights", ALWAYS)

    await api.admit("c-1")
    await api.ok("PUT", "/v1/calendars/nights", NEVER | {"dates": {"2999-01-01": ["08:00-09:00"]}})
    body = {"contact": "c-2", "channel": "voice", "queue": "sales"}
    answer = await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)

    assert (status, refused["type"]) == (422, "urn:vez:problem:loop")
    assert (await api.ok("GET", "/v1/contacts/c-1"))["queue"] == "night"
    assert (answer[0], answer[1]["type"]) == (409, "urn:vez:problem:closed")


async def test_a_held_contact_comes_in_when_the_calendar_opens(api: Api) -> None:
    await furnish(api, NEVER, closed="hold")
    held = await api.admit("c-1")
    listed = await api.ok("GET", "/v1/contacts?state=held")
    count = (await api.ok("GET", "/v1/queues/sales"))["held"]

    await api.ok("PUT", "/v1/calendars/office", ALWAYS)
    await api.admit("c-2")  # any call applies what is due
    after = await api.ok("GET", "/v1/contacts/c-1")

    assert (held["state"], count, after["state"]) == ("held", 1, "queued")
    assert [view["contact"] for view in listed["contacts"]] == ["c-1"]


async def test_not_before_is_limited(api: Api) -> None:
    await api.furnish()
    body = {"contact": "c-1", "channel": "voice", "queue": "sales", "not_before": 2**52}

    status, answer = await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)

    assert (status, answer["type"]) == (422, "urn:vez:problem:too-far")


async def test_a_callback_outlives_the_hang_up_and_is_tried_again(api: Api) -> None:
    await api.furnish("ann", callback_attempts_max=2, callback_retry_ms=100)
    await api.admit("c-1")
    async with stream(api, Role.GATEWAY, "pbx") as gateway:
        told = await gateway.command("call_back", contact="c-1", address="+55 11")
        hung_up = await gateway.command("cancel", contact="c-1")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        for last in (False, True):
            offer = (await desk.event("offer.made"))["event"]
            assert offer["card"]["callback"] == {"address": "+55 11", "attempts": int(last)}
            await desk.command("accept", contact="c-1", offer=offer["offer"])
            answer = await desk.command("not_reached", contact="c-1", reason="busy")
            assert answer["state"] == ("closed" if last else "scheduled")

    assert told["outcome"] == "ok"
    assert hung_up["problem"]["type"] == "urn:vez:problem:is-callback"
    ended = await api.ok("GET", "/v1/contacts/c-1")
    assert (ended["result"], ended["reason"]) == ("expired", "not_reached")


async def test_only_a_callback_can_be_not_reached(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        offer = (await api.admit("c-1"))["offers"][0]
        await desk.command("accept", contact="c-1", offer=offer["n"])
        answer = await desk.command("not_reached", contact="c-1")

    assert answer["problem"]["type"] == "urn:vez:problem:no-callback"
