"""Place and estimated wait, as gateways, customers and supervisors see them."""

import asyncio
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from router.api.roles import Role
from router.calls import PutEstimates
from router.estimates.learner import between
from router.service import Service
from tests.clients import Api, stream
from tests.waiting import wait_until

P50 = [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000]
ROW = [P50, [3 * ms for ms in P50]]


async def learned(api: Api, service: Service, **rows: list[list[int]]) -> None:
    """Puts what a router would have learned: of the queue `sales`, by channel and requirements."""
    lines = {f"sales|{line.replace('__', '|')}": row for line, row in rows.items()}
    reply = await service.engine.call(api.tenant, PutEstimates(lines=lines))
    assert reply.is_ok


async def position(api: Api, contact: str) -> dict[str, object]:
    return await api.ok("GET", f"/v1/contacts/{contact}/position", role=Role.GATEWAY)


async def test_a_waiting_contact_is_told_its_place_and_how_long_it_takes(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    await learned(api, service, voice__=ROW)
    for number in range(7):
        await api.admit(f"c-{number}")

    for number in range(7):
        found = await position(api, f"c-{number}")
        wait = {
            name: between(row, number + 1) for name, row in zip(("p50", "p80"), ROW, strict=True)
        }
        assert found["place"] == number + 1
        assert found["estimated_wait_ms"] == wait
        assert found["state"] == "queued"
        contact = await api.ok("GET", f"/v1/contacts/c-{number}", role=Role.GATEWAY)
        assert (contact["place"], contact["estimated_wait_ms"]) == (number + 1, wait)


async def test_priority_goes_first_and_the_others_are_told_so(api: Api, service: Service) -> None:
    await api.furnish("ann")
    await learned(api, service, voice__=ROW)
    await api.admit("c-1")
    await api.admit("c-2", priority=100)

    assert (await position(api, "c-2"))["place"] == 1
    assert (await position(api, "c-1"))["place"] == 2


async def test_nothing_of_agents_is_told_and_nothing_once_it_is_offered(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    await learned(api, service, voice__=ROW)
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1")
        await desk.event("offer.made", contact="c-1")
        found = await position(api, "c-1")

    assert found.keys() == {"contact", "state", "queue", "since", "now"}
    assert found["state"] == "offered"


async def test_a_line_of_its_own_is_told_apart_and_an_unknown_one_like_its_queue(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    slow = [[9 * ms for ms in row] for row in ROW]
    await learned(api, service, voice__=ROW, **{"voice__en=5": slow})
    await api.admit("c-1", requirements={"en": 5})
    await api.admit("c-2", requirements={"pt": 5})
    await api.admit("c-3", channel="chat")

    waits = [(await position(api, f"c-{n}")).get("estimated_wait_ms") for n in (1, 2, 3)]

    assert waits == [{"p50": 90_000, "p80": 270_000}, {"p50": 10_000, "p80": 30_000}, None]


async def test_who_waits_for_one_agent_alone_is_promised_nothing(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    await learned(api, service, voice__=ROW)
    await api.admit("c-1", agents=["ann"], agent_wait_ms=60_000)

    found = await position(api, "c-1")

    assert found["place"] == 1
    assert "estimated_wait_ms" not in found


async def test_a_queue_tells_what_a_newcomer_would_wait(api: Api, service: Service) -> None:
    await api.furnish("ann")
    await learned(api, service, voice__=ROW)
    before = await api.ok("GET", "/v1/queues/sales")
    await api.admit("c-1")
    after = await api.ok("GET", "/v1/queues/sales")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await desk.event("offer.made", contact="c-1")
        await desk.command("accept", contact="c-1", offer=1)
        await desk.command("close", contact="c-1")
        free = await api.ok("GET", "/v1/queues/sales")

    assert before["estimated_wait_ms"] == {"voice": {"p50": 10_000, "p80": 30_000}}
    assert after["estimated_wait_ms"] == {"voice": {"p50": 20_000, "p80": 60_000}}
    now = {"p50": 0, "p80": 0}
    assert free["estimated_wait_ms"] == {"voice": now, "chat": now}


async def test_who_would_wait_too_long_goes_elsewhere_or_is_refused(
    api: Api, service: Service
) -> None:
    await api.furnish("ann", estimated_wait_max_ms=40_000, overflow_to="back")
    await api.furnish(queue="back")
    await learned(api, service, voice__=ROW)
    async with stream(api, Role.SUPERVISOR) as watcher:
        for number in range(3):  # each is due later than the one before, in whatever instant
            await api.admit(f"c-{number}", target_ms=20_000 + number)
        told = (await watcher.event("contact.diverted"))["event"]
        await api.admit("first", priority=100)
    queues = [(await api.ok("GET", f"/v1/contacts/c-{n}"))["queue"] for n in range(3)]
    first = (await api.ok("GET", "/v1/contacts/first"))["queue"]
    await api.furnish("ann", estimated_wait_max_ms=40_000)
    body = {"contact": "c-9", "channel": "voice", "queue": "sales"}
    status, problem = await api.call("POST", "/v1/contacts", body)

    assert queues == ["sales", "back", "back"]
    assert first == "sales"
    assert (told["contact"], told["reason"]) == ("c-1", "estimated_wait")
    assert (status, problem["why"], problem["queue"]) == (409, "estimated_wait", "sales")


@pytest.mark.parametrize("value", [-1, 604_800_001, "soon"])
async def test_a_bad_limit_of_the_estimated_wait_is_told(api: Api, value: object) -> None:
    await api.furnish("ann")

    status, problem = await api.call("PUT", "/v1/queues/sales", {"estimated_wait_max_ms": value})

    assert status == 422
    [error] = problem["errors"]
    assert (error["field"], error["value"]) == ("estimated_wait_max_ms", value)
    assert "integer" in error["expected"]


async def test_the_socket_answers_the_same(api: Api, service: Service) -> None:
    await api.furnish("ann")
    await learned(api, service, voice__=ROW)
    await api.admit("c-1")
    async with stream(api, Role.GATEWAY) as gateway:
        told = (await gateway.command("position", contact="c-1"))["result"]
        unknown = await gateway.command("position", contact="c-9")
        bad = await gateway.command("position", contact="c 1")
    async with stream(api, Role.AGENT, "ann") as desk:
        refused = await desk.command("position", contact="c-1")

    assert (told["place"], told["estimated_wait_ms"]) == (1, {"p50": 10_000, "p80": 30_000})
    assert unknown["problem"]["type"] == "urn:vez:problem:unknown-contact"
    assert bad["problem"]["errors"][0]["field"] == "contact"
    assert refused["problem"]["status"] == 403


async def test_a_bad_or_unknown_contact_is_told(api: Api) -> None:
    await api.furnish("ann")

    unknown, _ = await api.call("GET", "/v1/contacts/c-9/position")
    bad, problem = await api.call("GET", "/v1/contacts/c%209/position")

    assert unknown == 404
    assert bad == 422
    [error] = problem["errors"]
    assert (error["field"], error["value"]) == ("contact", "c 9")


async def test_a_router_learns_from_its_journal_and_counts_what_it_promised(
    api: Api, service: Service, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.estimates.learner.PUT_EVERY_MS", 0)
    told: list[str] = []
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        for number in range(14):  # those of one ms go in the order of their names
            await api.admit(f"c-{number:02}")
        for number in range(12):
            await desk.event("offer.made", contact=f"c-{number:02}")
            await desk.command("accept", contact=f"c-{number:02}", offer=1)
            await api.admit(f"d-{number:02}")
            await desk.command("close", contact=f"c-{number:02}")
        await wait_until(lambda: service.edge.estimates.knows(api.tenant, "sales|voice|"))
        async with asyncio.timeout(10):
            while "estimated_wait_ms" not in await position(api, "d-01"):
                await api.admit(f"e-{len(told)}")
                told.append("again")

    async with http.get(f"{service.page.url}/metrics") as answer:
        text = await answer.text()
    shown = {family.name for family in text_string_to_metric_families(text) if family.samples}
    assert "acd_queue_estimated_wait_seconds" in shown


async def test_places_of_many_are_one_question(api: Api, service: Service) -> None:
    await api.furnish("ann")
    await learned(api, service, voice__=ROW)
    for number in range(3):
        await api.admit(f"c-{number}")
    asked = ["c-2", "c-9", "c-0", "c-2"]
    told = await api.ok("POST", "/v1/positions", {"contacts": asked}, role=Role.GATEWAY)
    each = {name: await position(api, name) for name in ("c-2", "c-0")}
    async with stream(api, Role.GATEWAY) as gateway:
        same = (await gateway.command("positions", contacts=asked))["result"]
    by_agent, _ = await api.call("POST", "/v1/positions", {"contacts": asked}, role=Role.AGENT)

    now, then = told.pop("now"), same.pop("now")
    assert all(one.pop("now") >= now for one in each.values())
    assert told == {"positions": each, "contacts_gone": ["c-9"]} == same
    assert then >= now
    assert [each[name]["place"] for name in ("c-2", "c-0")] == [3, 1]
    assert by_agent == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "contacts"),
        ({"contacts": []}, "contacts"),
        ({"contacts": ["c-1"] * 201}, "contacts"),
        ({"contacts": ["c-1", "c 2"]}, "contacts[1]"),
        ({"contacts": "c-1"}, "contacts"),
    ],
)
async def test_a_bad_list_of_contacts_is_told(api: Api, body: dict[str, Any], field: str) -> None:
    await api.furnish("ann")
    status, problem = await api.call("POST", "/v1/positions", body, role=Role.GATEWAY)

    assert status == 422
    assert problem["errors"][0]["field"] == field
