"""Ticking: every tenant's due timers are applied in time, by every router that runs.

Two routers that tick the same tenant do each other no harm, so there is no leader: each wakes at
the earliest timer it knows of, and now and then anyway, for what it has not heard of.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from math import inf
from typing import Any

import msgspec
import structlog

from router.calls import Tick
from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.engine.reply import Outcome, Reply

log = structlog.get_logger()
_QUIET_S = 10.0  # a store that is away fails every tick of every tenant


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How often to tick without a known timer, and how much at once."""

    backup_ms: int = 1_000
    idle_ms: int = 5_000
    discover_ms: int = 5_000
    ticks_max: int = 64


class _Watch:
    """What is known of one tenant; `due` is in the loop's time."""

    __slots__ = ("due", "handle", "has_timers", "is_ticking")

    def __init__(self) -> None:
        self.due = inf
        self.handle: asyncio.TimerHandle | None = None
        self.has_timers = False
        self.is_ticking = False


class Timekeeper:
    """Ticks the real tenants of one store; simulated ones keep their own time.

    It learns of timers from every reply of the engine. `late_listeners` are told how late each tick
    was answered, in seconds; `failed_ticks` counts those that failed; `left_alone` names the
    simulated tenants it has met.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        pace: Pace | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._engine = engine
        self._pace = pace or Pace()
        self._chance = chance
        self._watches: dict[str, _Watch] = {}
        self.left_alone: set[str] = set()
        self._slots = asyncio.Semaphore(self._pace.ticks_max)
        self._tasks: set[asyncio.Task[None]] = set()
        self._discovery: asyncio.TimerHandle | None = None
        self._quiet_until = -inf
        self._is_closed = False
        self.late_listeners: list[Callable[[float], None]] = []
        self.failed_ticks = 0

    def start(self) -> None:
        """Begins to tick, in the running loop, until `close`."""
        self._loop = asyncio.get_running_loop()
        self._engine.reply_listeners.append(self._hear)
        self._begin_discovery()

    async def close(self) -> None:
        """Stops; a tick under way is left to the store."""
        self._is_closed = True
        self._engine.reply_listeners.remove(self._hear)
        handles = [self._discovery, *(watch.handle for watch in self._watches.values())]
        for handle in handles:
            if handle:
                handle.cancel()
        self._watches.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, tenant: str, transition: str, reply: Reply, seconds: float) -> None:
        """Learns from a reply when the tenant's next timer is due."""
        del transition, seconds
        if reply.now is None or tenant in self.left_alone:
            return
        watch = self._watches.get(tenant) or self._watch(tenant)
        watch.has_timers = reply.next is not None
        if reply.next is not None:
            # The reply's `now` is a little old by now, so the timer is never met too early.
            self._plan(tenant, watch, self._loop.time() + max(1, reply.next - reply.now) / 1000)

    def _watch(self, tenant: str) -> _Watch:
        watch = self._watches[tenant] = _Watch()
        self._plan(tenant, watch, self._loop.time() + self._pace.backup_ms / 1000 * self._chance())
        return watch

    def _plan(self, tenant: str, watch: _Watch, due: float) -> None:
        """Ticks at that time, or at the earlier one that is planned already."""
        if due >= watch.due:
            return
        watch.due = due
        if watch.is_ticking:
            return  # planned when the tick has ended
        if watch.handle:
            watch.handle.cancel()
        watch.handle = self._loop.call_at(due, self._begin_tick, tenant, watch)

    def _begin_tick(self, tenant: str, watch: _Watch) -> None:
        due, watch.due, watch.handle, watch.is_ticking = watch.due, inf, None, True
        self._run(self._tick(tenant, due), lambda: self._end_tick(tenant, watch))

    def _end_tick(self, tenant: str, watch: _Watch) -> None:
        watch.is_ticking = False
        if self._watches.get(tenant) is not watch:
            return  # it was dropped
        pause_ms = self._pace.backup_ms if watch.has_timers else self._pace.idle_ms
        backup = self._loop.time() + pause_ms / 1000 * (0.75 + self._chance() / 2)
        due, watch.due = watch.due, inf
        self._plan(tenant, watch, min(due, backup))

    async def _tick(self, tenant: str, due: float) -> None:
        async with self._slots:
            reply = await self._engine.call(tenant, Tick())
            for on_late in self.late_listeners:
                on_late(max(0.0, self._loop.time() - due))
            while reply.more:
                reply = await self._engine.call(tenant, Tick())
        if reply.outcome is Outcome.BAD_CLOCK:
            self.left_alone.add(tenant)
        if reply.outcome is not Outcome.OK:
            self._watches.pop(tenant, None)

    def _begin_discovery(self) -> None:
        self._run(self._discover(), self._end_discovery)

    def _end_discovery(self) -> None:
        self._discovery = self._loop.call_later(
            self._pace.discover_ms / 1000, self._begin_discovery
        )

    async def _discover(self) -> None:
        """Learns of tenants that other routers have put."""
        for tenant in await self._engine.tenants() - self._watches.keys() - self.left_alone:
            self._watch(tenant)

    def _run(self, work: Coroutine[Any, Any, None], then: Callable[[], None]) -> None:
        """Runs a piece of work, and whatever becomes of it, the next one is planned."""
        task = self._loop.create_task(work, name="timekeeper")
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if task.cancelled() or self._is_closed:
                return
            error = task.exception()
            if error:
                self._fail(error)
            then()

        task.add_done_callback(ended)

    def _fail(self, error: BaseException) -> None:
        """Counts a failure, and logs it unless it logged one a short while ago."""
        self.failed_ticks += 1
        if self._loop.time() < self._quiet_until:
            return
        self._quiet_until = self._loop.time() + _QUIET_S
        if isinstance(error, StoreError):
            log.warning("tick.failed", error=str(error), failed=self.failed_ticks)
        else:
            log.error("tick.broken", exc_info=error, failed=self.failed_ticks)
