"""What can go wrong between customers and the chat: tickets, fields, limits, losses, restarts."""

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from router.api.roles import Role
from router.config import ArchiveConfig, Config, HttpConfig
from router.gateways.chat.tickets import Tickets
from router.service import Service
from tests.clients import Api, Json
from tests.gateways.conftest import SECRET, Chat, NewGateway, furnish
from tests.gateways.customers import Customer, connected, page
from tests.gateways.test_chat import accept, desk, tells
from tests.gateways.test_numbers import figures
from tests.routers import ANY_PORT, NewService
from tests.servers import free_port
from tests.waiting import wait_until


def faults(answer: Json) -> dict[str, str]:
    return {error["field"]: error["code"] for error in answer["errors"]}


def tickets(tenant: str, *, ttl_ms: int = 60_000, ago_ms: int = 0) -> Tickets:
    now_ms = time.time_ns() // 1_000_000  # noqa: TID251 - tickets expire by it
    return Tickets(SECRET, tenant=tenant, ttl_ms=ttl_ms, wall_ms=lambda: now_ms - ago_ms)


async def test_faulty_fields_are_named_as_the_form_has_them(archived: Api, chat: Chat) -> None:
    await furnish(archived, intake={"required": ["queue", "subject"], "listed_subjects": True})
    await archived.ok("PUT", "/v1/queues/inside", {"name": "Inside"})
    zoe = chat.customer()

    async def refused(**more: Any) -> dict[str, str]:
        status, answer = await zoe.call("POST", "/chat/start", zoe.form(**more))
        assert status == 422, answer
        return faults(answer)

    empty = {"name": " ", "reach": "", "department": "", "subject": "", "message": ""}
    assert await refused(**empty) == dict.fromkeys(empty, "required")
    assert await refused(reach="no address", subject=3, message="x" * 2_001, name="n" * 101) == {
        "name": "long",
        "reach": "invalid",
        "subject": "invalid",
        "message": "long",
    }
    assert await refused(subject="Anything") == {"subject": "unknown"}
    assert await refused(subject="x", department="inside") == {
        "subject": "unknown",
        "department": "unknown",
    }
    assert await refused(browser="short", key=None, subject="x") == {
        "browser": "invalid",
        "key": "invalid",
    }
    assert (await archived.ok("GET", "/v1/contacts?origin=chat"))["contacts"] == []


async def test_what_a_router_refuses_is_told_without_its_words(archived: Api, chat: Chat) -> None:
    zoe = chat.customer()
    await zoe.ok("GET", "/chat/options")
    await archived.ok("PUT", "/v1/queues/sales", {"external": False})
    status, answer = await zoe.call("POST", "/chat/start", zoe.form())

    assert (status, faults(answer)) == (422, {"department": "unknown"})
    assert "internal_only" not in str(answer)


async def test_closed_hours_are_told_before_and_at_the_beginning(
    archived: Api, new_chat: NewGateway
) -> None:
    never = {"time_zone": "UTC", "weekly": {}, "dates": {"2100-01-01": ["08:00-09:00"]}}
    await furnish(archived)
    await archived.ok("PUT", "/v1/calendars/never", never)
    await furnish(archived, calendar="never")
    chat = await new_chat(archived.url)
    zoe = chat.customer()
    options = await zoe.ok("GET", "/chat/options")
    status, answer = await zoe.call("POST", "/chat/start", zoe.form())
    await furnish(archived, calendar="never", closed="hold")
    await zoe.start()
    async with page(zoe) as one:
        await one.text("Hello")

    assert options["departments"][0] == {
        "id": "sales",
        "name": "Sales",
        "is_open": False,
        "when_closed": "refuse",
    }
    assert (status, answer["type"]) == (409, "urn:vez:problem:closed")
    assert one.status["phase"] == "held"
    assert one.kinds == ["held", "message"]


@pytest.mark.parametrize(
    "make",
    [
        lambda *_: "",
        lambda *_: "nonsense",
        lambda own, _: own[:-2] + ("AA" if own[-2:] != "AA" else "BB"),
        lambda _, tenant: tickets(tenant, ago_ms=120_000).make("chat-1"),
        lambda _, tenant: tickets(tenant + "x").make("chat-1"),
    ],
    ids=["none", "nonsense", "forged", "expired", "of another tenant"],
)
async def test_without_a_valid_ticket_nothing_is_said_or_shown(
    chat: Chat, tenant: str, make: Callable[[str, str], str]
) -> None:
    zoe = chat.customer()
    await zoe.start()
    zoe.ticket = make(zoe.ticket, tenant)
    answers = [
        await zoe.call("POST", f"/chat/{path}", {"id": "m", "text": "x", "score": 1})
        for path in ("messages", "end", "rating")
    ]
    async with connected(zoe) as one:
        await one.hello(zoe.ticket)
        code = await one.closed()

    assert [status for status, _ in answers] == [401, 401, 401]
    assert code == 4103


async def test_a_ticket_opens_its_own_conversation_only(chat: Chat, tenant: str) -> None:
    zoe = chat.customer()
    zoe.ticket = tickets(tenant).make("chat-unknown")
    said = await zoe.call("POST", "/chat/messages", {"id": "m-1", "text": "x"})
    async with connected(zoe) as one:
        await one.hello(zoe.ticket)
        code = await one.closed()

    assert said[0] == 404
    assert code == 4106


async def test_pages_of_other_sites_and_other_bodies_are_refused(chat: Chat) -> None:
    zoe = chat.customer()
    form = zoe.form()
    foreign = await zoe.call("POST", "/chat/start", form, Origin="https://other.example.com")
    plain = await zoe.call("POST", "/chat/start", form, **{"Content-Type": "text/plain"})
    array = await zoe.call("POST", "/chat/start", [])
    large = await zoe.call("POST", "/chat/start", zoe.form(message="x" * 40_000))
    got = await zoe.call("GET", "/chat/start")
    nowhere = await zoe.call("GET", "/chat/else")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await chat.http.ws_connect(
            chat.listener.url + "/chat/stream", origin="https://other.example.com"
        )

    answers = (foreign, plain, array, large, got, nowhere)
    assert [status for status, _ in answers] == [403, 415, 400, 413, 405, 404]
    assert refused.value.status == 403


async def test_limits_are_told_with_when_to_come_back(archived: Api, new_chat: NewGateway) -> None:
    await furnish(archived)
    chat = await new_chat(
        archived.url, messages_burst=2, messages_per_minute=1, starts_per_minute=2, browsers_max=1
    )
    zoe = chat.customer()
    await zoe.start()
    said = [await zoe.call("POST", "/chat/messages", {"id": f"m{n}", "text": "x"}) for n in "123"]
    await zoe.start()
    third = await zoe.call("POST", "/chat/start", zoe.form())
    async with page(zoe):
        with pytest.raises(aiohttp.WSServerHandshakeError) as full:
            async with page(zoe):
                pass

    assert [status for status, _ in said] == [200, 200, 429]
    assert said[2][1]["retry_after_s"] == 60
    assert third[0] == 429
    assert full.value.status == 503


async def test_who_is_gone_for_long_leaves_the_queue_and_who_is_there_stays(
    archived: Api, new_chat: NewGateway
) -> None:
    await furnish(archived, intake={"lease_ms": 3_000})
    chat = await new_chat(archived.url, absent_ms=1)
    zoe, yan = chat.customer(), chat.customer()
    async with desk(archived) as ann:
        await ann.command("set_state", presence="not_ready")
        await zoe.start()
        async with page(zoe) as there:
            await yan.start(reach="yan@example.com")
            async with page(yan) as away:
                await away.until(lambda: away.status.get("place"))

            async def yan_has_left() -> bool:
                waiting = await archived.ok("GET", "/v1/contacts?origin=chat")
                return [one["customer"] for one in waiting["contacts"]] == ["zoe@example.com"]

            await wait_until(yan_has_left)
            await there.until(lambda: there.status.get("place") == 1)
        async with page(yan) as back:
            ended = await back.phase("ended")

    assert there.status["phase"] == "waiting"
    assert ended["result"] == "abandoned"


async def test_who_was_asked_something_may_be_away_for_long(
    archived: Api, new_chat: NewGateway
) -> None:
    await furnish(archived, intake={"lease_ms": 3_000})
    chat = await new_chat(archived.url, absent_ms=1)
    zoe, yan = chat.customer(), chat.customer()
    await zoe.start()
    async with desk(archived) as ann:
        async with page(zoe) as one:
            contact = await accept(ann)
            await tells(ann, contact, "Which order?", wait=True)
            await one.phase("asked")
        await ann.command("set_state", presence="not_ready")
        await yan.start()  # nobody keeps him alive: when he has left, a lease is over
        await wait_until(lambda: not chat.gateway.chats.all())

        async def yan_has_left() -> bool:
            waiting = await archived.ok("GET", "/v1/contacts?origin=chat&state=queued")
            return not waiting["contacts"]

        await wait_until(yan_has_left)
        async with page(zoe) as back:
            await zoe.say("Seven")
            await back.text("Seven")

    assert back.texts == ["Hello", "Which order?", "Seven"]
    assert "ended" not in back.kinds


async def test_a_page_that_does_not_read_is_cut_off_and_others_are_not(
    archived: Api, new_chat: NewGateway
) -> None:
    await furnish(archived)
    chat = await new_chat(archived.url, outbox_max=5, messages_burst=1_000)
    zoe = chat.customer()
    await zoe.start()
    async with page(zoe) as slow, page(zoe) as quick:
        connection = slow.socket._response.connection
        assert connection is not None
        assert isinstance(connection.transport, asyncio.Transport)
        raw = connection.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.transport.pause_reading()
        for number in range(1_000):
            await zoe.say(f"{number} " + "x" * 1_900)
            await quick.text(f"{number} " + "x" * 1_900)
            if chat.gateway.browsers == 1:
                break
        async with page(zoe) as back:
            pass

    assert len(quick.texts) < 1_000
    assert back.texts == quick.texts


def of_port(port: int, archive: Path) -> Config:
    return msgspec.structs.replace(
        ANY_PORT,
        http=HttpConfig(port=port),
        archive=ArchiveConfig(url=f"sqlite:///{archive}", flush_ms=1),
    )


@pytest.mark.parametrize("is_lost", [False, True], ids=["resumed", "read again"])
async def test_a_restart_of_the_router_loses_nothing(
    new_service: NewService,
    new_chat: NewGateway,
    http: aiohttp.ClientSession,
    tenant: str,
    tmp_path: Path,
    *,
    is_lost: bool,
) -> None:
    config = of_port(free_port(), tmp_path / "archive.sqlite")
    first: Service = await new_service(config)
    api = Api(http, first.http.url, tenant)
    await furnish(api)
    chat = await new_chat(api.url)
    zoe = chat.customer()
    await zoe.start(message="One")
    async with page(zoe) as one:
        async with desk(api) as ann:
            contact = await accept(ann)
            await tells(ann, contact, "Two")
            await one.text("Two")
        await first.drain()
        await first.http.stop()
        away = await zoe.call("POST", "/chat/messages", {"id": "m-3", "text": "Three"})
        if is_lost:
            chat.gateway.chats.stream._epoch = "another history"
        await new_service(config)
        await told_at_once(api, contact, "Four")
        again = await zoe.call("POST", "/chat/messages", {"id": "m-3", "text": "Three"})
        await one.text("Three")
        await one.until(lambda: "Four" in one.texts)

    assert (away[0], away[1]["type"]) == (503, "urn:vez:problem:later")
    assert again[0] == 200
    assert one.texts == ["One", "Two", "Four", "Three"]
    resumed = figures(chat.gateway)["reconnects_total", "no" if is_lost else "yes"]
    assert resumed == 1


async def told_at_once(api: Api, contact: str, text: str) -> None:
    """Said while the chat may not be back yet."""
    body = {"author": "agent", "agent": "ann", "text": text}
    await api.ok("POST", f"/v1/contacts/{contact}/activity", body, role=Role.GATEWAY)


async def test_without_an_archive_a_reload_brings_what_this_process_knows(
    api: Api, new_chat: NewGateway
) -> None:
    await furnish(api)
    chat = await new_chat(api.url)
    zoe = chat.customer()
    await zoe.start()
    async with page(zoe) as one:
        await one.text("Hello")
    async with page(zoe) as two:
        await two.text("Hello")
    other = await chat.twin(api.url)
    zoe.url = other.listener.url
    async with page(zoe) as three:
        await zoe.say("Still here")
        await three.text("Still here")

    assert three.status["phase"] == "waiting"
    assert three.texts == ["Still here"]


async def test_many_customers_share_one_stream(archived: Api, new_chat: NewGateway) -> None:
    await furnish(archived)
    chat = await new_chat(archived.url, starts_per_minute=1_000)
    customers = [chat.customer() for _ in range(40)]

    async def whole(zoe: Customer, number: int) -> list[str]:
        await zoe.start(reach=f"c{number}@example.com", message=f"One {number}")
        async with page(zoe) as one:
            await zoe.say(f"Two {number}")
            await one.text(f"Two {number}")
            return one.texts

    found = await asyncio.gather(*(whole(zoe, n) for n, zoe in enumerate(customers)))

    assert found == [[f"One {n}", f"Two {n}"] for n in range(40)]
