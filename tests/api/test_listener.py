"""The listening socket: how many connections, and how long it waits for those that say nothing."""

import asyncio
import contextlib
import io
import socket

import aiohttp
import msgspec
import pytest
from aiohttp import web

from router import log
from router.api.roles import Role
from router.listener import Listener
from router.service import Service
from tests.clients import Api, stream
from tests.routers import ANY_PORT, NewService
from tests.waiting import one_round, wait_until


async def test_a_connection_too_many_is_told_so_and_closed(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    narrow = msgspec.structs.replace(ANY_PORT.http, connections_max=2)
    service = await new_service(msgspec.structs.replace(ANY_PORT, http=narrow))
    api = Api(http, service.http.url, tenant)
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        async with api.http.get(f"{api.url}/readyz") as first:
            async with aiohttp.ClientSession() as other, other.get(f"{api.url}/readyz") as second:
                assert second.status == 503
                assert second.headers["Retry-After"] == "1"
                assert msgspec.json.decode(await second.read())["type"].endswith(":full")
            assert first.status == 200
        assert (await desk.command("snapshot"))["outcome"] == "ok"
    await wait_until(lambda: is_served(api))


async def is_served(api: Api) -> bool:
    async with aiohttp.ClientSession() as fresh, fresh.get(f"{api.url}/readyz") as answer:
        return answer.status == 200


async def test_a_connection_that_never_asks_is_cut(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.listener.FIRST_REQUEST_WITHIN_S", 0.1)
    host, port = service.http.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /v1/contacts HTTP/1.1\r\nHost: x\r\n")

    async with asyncio.timeout(20):
        assert await reader.read() == b""
    writer.close()


async def test_a_router_that_drains_keeps_no_connection(api: Api, service: Service) -> None:
    await api.furnish("ann")
    await service.drain()

    async with api.http.get(f"{api.url}/v1/queues", headers=api.headers(Role.ADMIN)) as answer:
        assert answer.status in (200, 503)
        assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize("turns", range(5))
async def test_a_connection_taken_while_it_stops_is_closed_as_well(turns: int) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response()

    listener = Listener(
        answer, host="127.0.0.1", port=0, body_max=1, connections_max=9, full=web.Response
    )
    await listener.start()
    host, port = listener.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as late:
        for _ in range(turns):  # how far the loop has got with it
            await one_round()
        await listener.stop()

        late.setblocking(False)  # noqa: FBT003
        async with asyncio.timeout(20):
            with contextlib.suppress(ConnectionResetError):
                assert await asyncio.get_running_loop().sock_recv(late, 1) == b""


async def test_a_body_that_does_not_come_is_not_waited_for(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.api.http.BODY_WITHIN_S", 0.1)
    host, port = service.http.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = [
        "POST /v1/contacts HTTP/1.1",
        "Host: x",
        f"Authorization: {api.headers(Role.GATEWAY)['Authorization']}",
        "Content-Type: application/json",
        "Content-Length: 100",
    ]
    writer.write("\r\n".join([*head, "", "{"]).encode())

    async with asyncio.timeout(20):
        assert b"408" in await reader.readline()
        await reader.read()  # until it is closed
    writer.close()


async def test_every_transition_is_a_line_in_the_log_when_it_is_wanted(
    api: Api, service: Service
) -> None:
    lines = io.StringIO()
    log.configure("json", "debug", lines)
    service.edge.renew_log()
    try:
        await api.furnish("ann")
        await api.admit("c-1", address="+55 11 5555 0100")
        await wait_until(lambda: "contact.admitted" in lines.getvalue())
    finally:
        log.configure("json", "info")
        service.edge.renew_log()

    written = [msgspec.json.decode(line) for line in lines.getvalue().splitlines()]
    admitted = next(line for line in written if line["event"] == "contact.admitted")
    assert (admitted["contact"], admitted["queue"], admitted["tenant"]) == (
        "c-1",
        "sales",
        api.tenant,
    )
    assert "5555" not in lines.getvalue()
