"""The clock of a tenant follows the server's, never runs back, and never jumps far in one step."""

import pytest
import redis

from presence.calls import OpenSession, PutAgent
from router.calls import PutTenant, Tick
from router.engine.engine import Engine
from tests.servers import TestServer
from tests.waiting import wait_until

HOUR_MS = 3_600_000


class ServerClock:
    """Makes the tenant believe that the server's clock has jumped since the last call."""

    def __init__(self, server: TestServer, tenant: str) -> None:
        self.client = redis.Redis(unix_socket_path=server.server.socket)
        self.meta = f"{{{tenant}}}:meta"

    def jump(self, ms: int) -> None:
        self.client.hincrby(self.meta, "real", -ms)


@pytest.fixture
async def clock(server: TestServer, engine: Engine, tenant: str) -> ServerClock:
    await engine.call(tenant, PutTenant(settings={}))
    return ServerClock(server, tenant)


async def now(engine: Engine, tenant: str) -> int:
    """The tenant's clock, after a tick."""
    told = (await engine.call(tenant, Tick())).now
    assert told is not None
    return told


async def pend_something(engine: Engine, tenant: str) -> None:
    await engine.call(tenant, PutAgent(agent="ann"))
    await engine.call(tenant, OpenSession(agent="ann", session="s", lease_ms=20 * HOUR_MS))


async def test_after_a_jump_back_it_stands_and_then_goes_on(
    engine: Engine, tenant: str, clock: ServerClock
) -> None:
    before = await now(engine, tenant)
    clock.jump(-HOUR_MS)

    after = await now(engine, tenant)

    assert after == before

    async def goes_on() -> bool:
        return await now(engine, tenant) > after

    await wait_until(goes_on)


async def test_a_jump_ahead_is_five_seconds_while_something_is_pending(
    engine: Engine, tenant: str, clock: ServerClock
) -> None:
    await pend_something(engine, tenant)
    before = await now(engine, tenant)
    clock.jump(HOUR_MS)

    after = await now(engine, tenant)

    assert after - before == 5_000


async def test_with_nothing_pending_it_catches_up_at_once(
    engine: Engine, tenant: str, clock: ServerClock
) -> None:
    before = await now(engine, tenant)
    clock.jump(HOUR_MS)

    after = await now(engine, tenant)

    assert after - before >= HOUR_MS
