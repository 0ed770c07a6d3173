"""Timers of real tenants fire in time, with any number of timekeepers and through a lost store."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from presence.calls import OpenSession, PutAgent
from router.calls import PutTenant
from router.engine.connect import connect
from router.engine.driver import StoreDriver
from router.engine.engine import Engine
from router.engine.timekeeper import Pace, Timekeeper
from tests.conftest import PATIENT, Sim
from tests.engine.conftest import small_library
from tests.proxy import proxy_to
from tests.servers import TestServer
from tests.waiting import wait_until

# A backup that comes too late for these tests, so that only planned ticks can pass them.
RARE = Pace(backup_ms=60_000, idle_ms=60_000, discover_ms=60_000)
OFTEN = Pace(backup_ms=20, idle_ms=20, discover_ms=20)


@asynccontextmanager
async def _keeping(engine: Engine, pace: Pace) -> AsyncIterator[Timekeeper]:
    keeper = Timekeeper(engine, pace=pace)
    keeper.start()
    try:
        yield keeper
    finally:
        await keeper.close()


async def _closings(engine: Engine, tenant: str) -> list[dict[str, Any]]:
    """The journal's entries in which sessions were closed."""
    rows = await engine.store.journal_range(f"{{{tenant}}}:journal", "0-0", "+", 1_000)
    entries = [msgspec.msgpack.decode(blob) for _, blob in rows]
    return [entry for entry in entries if any(e["e"] == "session.closed" for e in entry["ev"])]


async def _open_session(engine: Engine, tenant: str, lease_ms: int) -> int:
    """Opens a session and returns the instant at which its lease ends."""
    await engine.call(tenant, PutTenant(settings={}))
    await engine.call(tenant, PutAgent(agent="ana"))
    opened = OpenSession(agent="ana", session="s-1", lease_ms=lease_ms)
    reply = await engine.call(tenant, opened)
    assert reply.now is not None
    return reply.now + lease_ms


async def test_a_timer_fires_in_time_though_nobody_calls(engine: Engine, tenant: str) -> None:
    lateness: list[float] = []
    async with _keeping(engine, RARE) as keeper:
        keeper.late_listeners.append(lateness.append)
        due = await _open_session(engine, tenant, lease_ms=100)
        await wait_until(lambda: lateness)

    (closing,) = await _closings(engine, tenant)
    assert closing["t"] == "tick"
    assert due <= closing["at"] < due + RARE.backup_ms / 2  # how late at most, benchmarks say
    assert 0 <= lateness[0] < RARE.backup_ms / 2_000


async def test_two_timekeepers_fire_a_timer_once(
    engine: Engine, tenant: str, server_url: str
) -> None:
    other = Engine(connect(server_url, options=PATIENT), router="r-2", library=engine.library)
    async with _keeping(engine, OFTEN), _keeping(other, OFTEN):
        await _open_session(engine, tenant, lease_ms=60)

        async def is_closed() -> bool:
            return bool(await _closings(engine, tenant))

        await wait_until(is_closed)
        ticks: list[str] = []
        engine.reply_listeners.append(lambda *_: ticks.append("one"))
        other.reply_listeners.append(lambda *_: ticks.append("two"))
        await wait_until(lambda: {"one", "two"} <= set(ticks))

    assert len(await _closings(engine, tenant)) == 1
    await other.close()


async def test_a_tenant_of_another_router_is_found(
    engine: Engine, tenant: str, server_url: str
) -> None:
    other = Engine(connect(server_url, options=PATIENT), router="r-2", library=engine.library)
    await _open_session(other, tenant, lease_ms=60)

    async with _keeping(engine, OFTEN):

        async def is_closed() -> bool:
            return bool(await _closings(engine, tenant))

        await wait_until(is_closed)
    await other.close()


async def test_everything_that_is_due_at_once_is_applied(engine: Engine, tenant: str) -> None:
    await engine.call(tenant, PutTenant(settings={"max_sessions": 8}))
    for n in range(20):
        await engine.call(tenant, PutAgent(agent=f"a-{n}"))
        for s in range(8):
            session = f"s-{n}-{s}"
            call = OpenSession(agent=f"a-{n}", session=session, lease_ms=1)
            await engine.call(tenant, call)

    async with _keeping(engine, OFTEN):

        async def are_closed() -> bool:
            entries = await _closings(engine, tenant)
            closed = [e for entry in entries for e in entry["ev"] if e["e"] == "session.closed"]
            return len(closed) == 160

        await wait_until(are_closed)


async def test_a_simulated_tenant_is_left_alone(engine: Engine, sim: Sim) -> None:
    ticks: list[tuple[str, str]] = []
    async with _keeping(engine, OFTEN) as keeper:
        engine.reply_listeners.append(lambda tenant, name, *_: ticks.append((tenant, name)))
        await sim.ok(PutAgent(agent="ana"))
        await wait_until(lambda: sim.tenant in keeper.left_alone)
        tried = len(ticks)
        await sim.ok(OpenSession(agent="ana", session="s-1", lease_ms=1))

        real = sim.tenant + "-real"
        await _open_session(engine, real, lease_ms=60)
        await wait_until(lambda: ticks.count((real, "tick")) > 3)

    assert (sim.tenant, "tick") not in ticks[tried:]
    assert await _closings(engine, sim.tenant) == []


async def test_a_lost_store_is_counted_and_then_ticked_again(
    engine: Engine, tenant: str, server: TestServer
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        broken = Engine(connect(proxy.url, options=PATIENT), router="r-2", library=engine.library)
        async with _keeping(broken, OFTEN) as keeper:
            await _open_session(broken, tenant, lease_ms=60_000)
            proxy.hold_answers()
            await wait_until(lambda: proxy.held_bytes)
            proxy.cut()
            proxy.pass_answers()
            await wait_until(lambda: keeper.failed_ticks)

            ticks: list[str] = []
            broken.reply_listeners.append(lambda _, name, *__: ticks.append(name))
            await wait_until(lambda: ticks.count("tick") > 3)
        await broken.close()


async def test_a_broken_tick_is_counted_and_tried_again(
    store: StoreDriver, tmp_path: Path, new_tenant: Callable[[], str]
) -> None:
    library = small_library(tmp_path)
    engine = Engine(store, router="r-1", library=library)
    await engine.start()
    tenant = new_tenant()
    await store.set_add("acd:tenants", tenant)

    async with _keeping(engine, OFTEN) as keeper:
        await wait_until(lambda: keeper.failed_ticks > 3)
