"""Leases: who shows life keeps his session, says he more or not; who does not loses it in time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis

from presence.calls import Renew
from router.api.roles import Role
from router.engine.driver import StoreDown
from router.service import Service
from tests.clients import Api, Stream, stream
from tests.routers import NewService, with_limits
from tests.servers import TestServer
from tests.waiting import wait_until

ANN: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}
PING_MS = 300


@pytest.fixture
async def service(new_service: NewService) -> Service:
    return await new_service(with_limits(ping_ms=PING_MS))


@asynccontextmanager
async def only_answering_pings(desk: Stream) -> AsyncIterator[None]:
    """A desktop that reads, and so answers pings, but never speaks."""
    reading = asyncio.create_task(desk.closed())
    try:
        yield
        assert not reading.done(), f"closed with {desk.close_code}"
    finally:
        reading.cancel()
        await asyncio.wait([reading])


def has_passed(api: Api, desk: Stream, ms: int) -> Callable[[], Awaitable[bool]]:
    """Whether the tenant's clock went on by so much since the desktop was welcomed."""

    async def look() -> bool:
        body = {"presence": "not_ready"}
        reply = await api.ok("POST", "/v1/agents/bob/state", body)
        return bool(reply["now"] - desk.welcome["now"] > ms)

    return look


async def sessions(api: Api) -> list[str]:
    found: list[str] = (await api.ok("GET", "/v1/agents/ann"))["sessions"]
    return found


async def test_a_desktop_that_only_answers_pings_keeps_its_session(api: Api) -> None:
    await api.furnish("ann", "bob", tenant={"lease_ms": 1_200})
    async with stream(api, Role.AGENT, "bob"), stream(api, **ANN, session="s1") as desk:
        async with only_answering_pings(desk):
            await wait_until(has_passed(api, desk, 2 * 1_200))

        assert await sessions(api) == ["s1"]
        assert not [m for m in desk.events if m["event"]["e"] == "session.closed"]


async def test_a_store_that_pauses_for_most_of_a_lease_ends_no_session(
    api: Api, server: TestServer
) -> None:
    await api.furnish("ann", "bob", tenant={"lease_ms": 2_000})
    async with stream(api, Role.AGENT, "bob"), stream(api, **ANN, session="s1") as desk:
        async with only_answering_pings(desk):
            for pauses in range(1, 4):
                with redis.Redis(unix_socket_path=server.server.socket) as client:
                    client.execute_command("CLIENT", "PAUSE", "1200", "ALL")
                await wait_until(has_passed(api, desk, pauses * 1_600))

        assert await sessions(api) == ["s1"]


async def test_renewals_that_fail_for_most_of_a_lease_go_out_again_at_once(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.furnish("ann", "bob", tenant={"lease_ms": 2_000})
    call, failed = service.engine.call, 0
    loop = asyncio.get_running_loop()

    async def failing(tenant: str, asked: Any, **options: Any) -> Any:
        nonlocal failed
        if isinstance(asked, Renew) and loop.time() < ends:
            failed += 1
            raise StoreDown("planted")
        return await call(tenant, asked, **options)

    async with stream(api, Role.AGENT, "bob"), stream(api, **ANN, session="s1") as desk:
        ends = loop.time() + 1.3
        monkeypatch.setattr(service.engine, "call", failing)
        async with only_answering_pings(desk):
            await wait_until(has_passed(api, desk, 2 * 2_000))

        assert failed
        assert await sessions(api) == ["s1"]
        assert len(service.leases._dues) <= 2  # each socket is looked at once a round, not more


async def test_the_offers_of_a_dead_desktop_go_within_its_lease_and_a_ping(api: Api) -> None:
    await api.furnish("ann", "bob", tenant={"lease_ms": 2_000})
    async with stream(api, Role.AGENT, "bob") as bob, stream(api, **ANN) as ann:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")
        await ann.event("offer.made")
        last = (await bob.command("set_state", presence="ready"))["now"]
        ann.drop()

        offer = await bob.event("offer.made")

    # Not another lease, on a busy machine either.
    assert offer["at"] - last < 2_000 + PING_MS + 2_000


async def test_the_welcome_tells_how_often_a_sign_of_life_is_asked_for(api: Api) -> None:
    await api.furnish("ann", tenant={"lease_ms": 600})
    async with stream(api, **ANN) as desk:
        assert desk.welcome["lease_ms"] == 600
        assert desk.welcome["heartbeat_ms"] == 200
