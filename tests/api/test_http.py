"""The HTTP edge: statuses, encodings, repeats, limits, and lists."""

from typing import Any

import aiohttp
import msgspec
import pytest

from router.api.roles import Role
from router.engine.driver import StoreBusy, StoreDown, StoreError, StoreUnknown
from router.service import Service
from tests.clients import Api, stream
from tests.routers import ANY_PORT, NewService

DOUBLE = b'{"contact":"a","channel":"voice","channel":"chat"}'
CONTACT = {"contact": "c-1", "channel": "voice", "queue": "sales"}


async def test_a_contact_is_created_once_and_a_repeat_is_told_apart(api: Api) -> None:
    await api.furnish()

    status, first = await api.call("POST", "/v1/contacts", CONTACT)
    again, second = await api.call("POST", "/v1/contacts", CONTACT)
    other, conflict = await api.call("POST", "/v1/contacts", CONTACT | {"priority": 1})

    assert (status, first["state"], "repeated" in first) == (201, "queued", False)
    assert (again, second["repeated"]) == (200, True)
    assert (other, conflict["type"]) == (409, "urn:vez:problem:conflict")


async def test_the_same_content_in_another_order_is_the_same_contact(api: Api) -> None:
    await api.furnish()
    attributes = {"a": 1, "b": None, "c": "x"}
    await api.ok("POST", "/v1/contacts", CONTACT | {"attributes": attributes})

    turned = dict(reversed((CONTACT | {"attributes": attributes}).items()))
    turned["attributes"] = dict(reversed(attributes.items()))
    status, answer = await api.call("POST", "/v1/contacts", turned | {"tier": 0})

    assert (status, answer["repeated"]) == (200, True)


async def test_the_place_of_a_new_contact_is_told(api: Api) -> None:
    await api.furnish()

    async with api.http.post(
        f"{api.url}/v1/contacts", json=CONTACT, headers=api.headers(Role.GATEWAY)
    ) as answer:
        assert answer.headers["Location"] == "/v1/contacts/c-1"


async def test_an_idempotency_key_makes_a_repeat_safe(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    key = {"Idempotency-Key": "one two three"}

    first = await api.call("POST", "/v1/contacts/c-1/cancel", {}, headers=key)
    again = await api.call("POST", "/v1/contacts/c-1/cancel", {}, headers=key)
    other = await api.call("POST", "/v1/contacts/c-1/cancel", {"reason": "x"}, headers=key)
    fresh = await api.call("POST", "/v1/contacts/c-1/cancel", {})
    theirs = await api.call(
        "POST", "/v1/contacts/c-1/cancel", {}, headers=key, subject="somebody else"[:8]
    )

    assert first[0] == 200
    assert (again[0], again[1]["repeated"]) == (200, True)
    assert (other[0], other[1]["type"]) == (422, "urn:vez:problem:key-reused")
    assert (fresh[0], fresh[1]["type"]) == (409, "urn:vez:problem:ended")
    assert theirs[0] == 409


async def test_messagepack_goes_in_and_out(api: Api) -> None:
    await api.furnish()
    headers = api.headers(Role.GATEWAY) | {"Content-Type": "application/msgpack"}

    async with api.http.post(
        f"{api.url}/v1/contacts", data=msgspec.msgpack.encode(CONTACT), headers=headers
    ) as answer:
        assert answer.status == 201
        assert answer.content_type == "application/msgpack"
        assert msgspec.msgpack.decode(await answer.read())["state"] == "queued"
    async with api.http.get(
        f"{api.url}/v1/contacts/none", headers=headers | {"Accept": "application/msgpack"}
    ) as answer:
        assert answer.content_type == "application/problem+msgpack"
        assert msgspec.msgpack.decode(await answer.read())["status"] == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/none", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/contacts/", 404),
        ("GET", "/v1/contacts//why", 404),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/contacts/%2e%2e/why", 404),
        ("DELETE", "/v1/contacts", 405),
        ("POST", "/v1/contacts/c-1/why", 405),
        ("PUT", "/v1/stream", 405),
        ("GET", "/v1/stream", 426),
    ],
)
async def test_what_is_not_there_is_said_to_be_so(
    api: Api, method: str, path: str, status: int
) -> None:
    got, answer = await api.call(method, path)

    assert got == answer["status"] == status


async def test_the_methods_of_a_path_are_told(api: Api) -> None:
    async with api.http.delete(f"{api.url}/v1/contacts") as answer:
        assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_another_kind_of_body_is_refused(api: Api, content_type: str) -> None:
    status, answer = await api.call(
        "POST", "/v1/contacts", CONTACT, headers={"Content-Type": content_type}
    )

    assert (status, answer["type"]) == (415, "urn:vez:problem:media-type")


@pytest.mark.parametrize("body", [b"{", b"[1", b"", b"\xff", DOUBLE])
async def test_a_body_that_can_not_be_read_is_malformed(api: Api, body: bytes) -> None:
    async with api.http.post(
        f"{api.url}/v1/contacts",
        data=body,
        headers=api.headers(Role.GATEWAY) | {"Content-Type": "application/json"},
    ) as answer:
        assert answer.status == 400
        problem = msgspec.json.decode(await answer.read())
        assert problem["type"] == "urn:vez:problem:malformed"


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_beyond_the_limit_is_refused(api: Api, *, is_chunked: bool) -> None:
    async def chunks() -> Any:
        for _ in range(80):
            yield b" " * 1_024

    headers = api.headers(Role.GATEWAY) | {"Content-Type": "application/json"}
    data = chunks() if is_chunked else b" " * 65_537
    try:
        async with api.http.post(f"{api.url}/v1/contacts", data=data, headers=headers) as answer:
            assert answer.status == 413
    except aiohttp.ClientConnectionError:
        assert is_chunked  # it was cut off while it still sent


async def test_a_contact_is_read_with_kinds_as_they_were_sent(api: Api) -> None:
    await api.furnish()
    await api.admit("c-1", attributes={}, subject="Grüße")
    await api.admit("c-2", attributes={"a": [1][0]}, requirements={"english": 5})

    first = await api.ok("GET", "/v1/contacts/c-1", role=Role.GATEWAY)
    second = await api.ok("GET", "/v1/contacts/c-2", role=Role.GATEWAY)

    assert (first["attributes"], first["requirements"]) == ({}, {})
    assert first["subject"] == "Grüße"
    assert (second["attributes"], second["requirements"]) == ({"a": 1}, {"english": 5})
    assert "fp" not in first


async def test_a_waiting_contact_can_be_changed(api: Api) -> None:
    await api.furnish()
    await api.admit("c-1", priority=1, subject="old")

    await api.ok("PATCH", "/v1/contacts/c-1", {"priority": 9, "attributes": {"vip": True}})

    contact = await api.ok("GET", "/v1/contacts/c-1")
    assert (contact["priority"], contact["subject"]) == (9, "old")
    assert contact["attributes"] == {"vip": True}


async def test_a_gateway_answers_for_the_agent_it_rang(api: Api) -> None:
    await api.furnish("ann")
    gateway: dict[str, Any] = {"role": Role.GATEWAY, "subject": "pbx"}
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        offer = (await api.admit("c-1"))["offers"][0]["n"]
        accept = f"/v1/contacts/c-1/offers/{offer}/accept"

        assert (await api.call("POST", accept, {}, **gateway))[0] == 422
        assert (await api.ok("POST", accept, {"agent": "ann"}, **gateway))["state"] == "assigned"
        assert (await api.ok("POST", accept, {"agent": "ann"}, **gateway))["repeated"]
        late = await api.call(
            "POST", accept.replace(f"/{offer}/", "/99/"), {"agent": "ann"}, **gateway
        )
        assert (late[0], late[1]["state"]) == (410, "assigned")
        assert (await api.ok("POST", "/v1/contacts/c-1/close", **gateway))["state"] == "closed"


async def test_an_offer_to_an_unreachable_agent_goes_on(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        offer = (await api.admit("c-1"))["offers"][0]["n"]
        body = {"agent": "ann", "cause": "unreachable"}

        await api.ok("POST", f"/v1/contacts/c-1/offers/{offer}/decline", body, role=Role.GATEWAY)

        event = (await desk.event("offer.declined"))["event"]
        assert event["cause"] == "unreachable"
        why = await api.ok("GET", "/v1/contacts/c-1/why")
        assert why["candidates"][0]["verdict"] == "cooling"
        assert why["contact"]["contact"] == "c-1"


async def test_lists_hold_what_waits_and_what_is_held(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        for number in range(3):
            await api.admit(f"c-{number}", origin="pbx" if number else "web")
        await desk.command("accept", contact="c-0", offer=1)

        async def listed(query: str, **caller: Any) -> list[str]:
            answer = await api.ok("GET", f"/v1/contacts{query}", **caller)
            return [contact["contact"] for contact in answer["contacts"]]

        ann = {"role": Role.AGENT, "subject": "ann"}
        assert await listed("?owner=me", **ann) == ["c-0"]
        assert await listed("?queue=sales&state=queued") == ["c-1", "c-2"]
        assert await listed("?state=assigned") == ["c-0"]
        assert sorted(await listed("")) == ["c-0", "c-1", "c-2"]
        assert await listed("?origin=pbx&limit=1") == ["c-1"]
        assert await listed("?owner=ann&origin=pbx") == []


async def test_agents_and_queues_are_told_as_they_are(api: Api) -> None:
    await api.furnish("ann", "bob", wrap_up_ms=5_000)
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1")

        page = await api.ok("GET", "/v1/agents?limit=1", role=Role.AGENT, subject="bob")
        rest = await api.ok("GET", f"/v1/agents?limit=1&cursor={page['cursor']}")
        assert [page["agents"][0]["agent"], rest["agents"][0]["agent"]] == ["ann", "bob"]
        assert [page["agents"][0]["visible"], rest["agents"][0]["visible"]] == ["busy", "offline"]

        own = await api.ok("GET", "/v1/agents/ann", role=Role.AGENT, subject="ann")
        assert [contact["contact"] for contact in own["work"]] == ["c-1"]
        assert "work" not in await api.ok("GET", "/v1/agents/ann", role=Role.AGENT, subject="bob")

        queue = await api.ok("GET", "/v1/queues/sales")
        assert (queue["offered"], queue["settings"]["wrap_up_ms"]) == (1, 5_000)
        assert {view["queue"] for view in (await api.ok("GET", "/v1/queues"))["queues"]} == {
            "general",
            "sales",
        }
    assert (await api.call("GET", "/v1/queues/none"))[0] == 404
    assert (await api.call("GET", "/v1/agents/none"))[0] == 404
    assert (await api.ok("GET", "/v1/tenant"))["channels"]["voice"]["cost"] == 2


async def test_a_state_that_comes_later_is_accepted_not_done(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1")
        await desk.command("accept", contact="c-1", offer=1)
        body = {"presence": "not_ready", "reason": "lunch", "when": "idle"}

        status, answer = await api.call("POST", "/v1/agents/ann/state", body)

        assert (status, answer["outcome"]) == (202, "pending")


async def test_the_document_is_served(api: Api) -> None:
    answer = await api.ok("GET", "/v1/openapi.json", role=Role.AGENT)

    assert answer["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (StoreDown("down"), "store-down"),
        (StoreBusy("LOADING x"), "store-down"),
        (StoreError("ERR what"), "store-down"),
        (StoreUnknown("lost"), "outcome-unknown"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_store_that_does_not_answer_is_503_with_a_time_to_come_back(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str
) -> None:
    await api.furnish()

    async def fail(*_args: Any) -> bytes:
        raise error

    monkeypatch.setattr(service.engine.store, "fcall", fail)
    async with api.http.post(
        f"{api.url}/v1/contacts", json=CONTACT, headers=api.headers(Role.GATEWAY)
    ) as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "1"
        problem = msgspec.json.decode(await answer.read())
    assert problem["type"] == f"urn:vez:problem:{kind}"
    assert "ERR" not in str(problem)


async def test_a_bug_is_told_without_a_trace(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: Any) -> bytes:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(service.engine.store, "fcall", fail)

    status, answer = await api.call("PUT", "/v1/queues/sales", {})

    assert (status, answer["type"]) == (500, "urn:vez:problem:internal")
    assert "secret" not in str(answer)


async def test_health_is_open_and_readiness_follows_the_store(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def status(path: str) -> int:
        async with api.http.get(api.url + path) as answer:
            return answer.status

    assert [await status("/healthz"), await status("/readyz")] == [200, 200]

    async def fail() -> None:
        raise StoreDown("down")

    monkeypatch.setattr(service.engine.store, "ping", fail)
    monkeypatch.setattr(service.edge, "_checked_at", -1.0)
    assert [await status("/healthz"), await status("/readyz")] == [200, 503]


async def test_a_refusal_of_a_large_body_names_the_limit_that_stands(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    limits = msgspec.structs.replace(ANY_PORT.http, body_max_bytes=1_024)
    service = await new_service(msgspec.structs.replace(ANY_PORT, http=limits))
    api = Api(http, service.http.url, tenant)

    status, answer = await api.call("POST", "/v1/contacts", CONTACT | {"subject": "x" * 2_000})

    assert (status, answer["type"]) == (413, "urn:vez:problem:too-large")
    assert "1024 bytes" in answer["title"]


async def test_an_agent_sees_of_another_what_he_needs_and_no_more(api: Api) -> None:
    await api.furnish("ann", "bob")
    peer = {
        "agent": "bob",
        "name": "",
        "visible": "offline",
        "presence": "offline",
        "memberships": {"sales": {}},
    }

    one = await api.ok("GET", "/v1/agents/bob", role=Role.AGENT, subject="ann")
    page = await api.ok("GET", "/v1/agents", role=Role.AGENT, subject="ann")
    own = await api.ok("GET", "/v1/agents/ann", role=Role.AGENT, subject="ann")
    watched = await api.ok("GET", "/v1/agents/bob", role=Role.SUPERVISOR)

    assert one == page["agents"][1] == peer
    assert own.keys() == watched.keys() > peer.keys()
    assert {"sessions", "skills", "misses", "work"} <= own.keys()


@pytest.mark.parametrize(
    ("path", "answered"),
    [("agents?limit=200", 3), ("contacts/c-1/why?limit=200", 3), ("queues", 5)],
)
async def test_a_dear_read_costs_more_than_a_cheap_one(
    new_service: NewService,
    http: aiohttp.ClientSession,
    tenant: str,
    api: Api,
    path: str,
    answered: int,
) -> None:
    limits = {"requests_per_s_max": 1, "requests_burst_max": 40}
    limited = msgspec.structs.replace(ANY_PORT.http, **limits)
    service = await new_service(msgspec.structs.replace(ANY_PORT, http=limited))
    await api.furnish("ann")
    await api.admit("c-1")
    slow = Api(http, service.http.url, tenant)

    statuses = [(await slow.call("GET", f"/v1/{path}"))[0] for _ in range(5)]

    assert statuses == [200] * answered + [429] * (5 - answered)
