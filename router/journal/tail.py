"""Owns the tails: one blocking reader for each tenant in use, decoded once, handed to its fan-out.

A tail that loses its connection goes on where it stopped. When it can not know that nothing is
missing (another primary, a trimmed journal), it tells every reader so, and starts anew. One that
nobody needs for a while falls asleep: it keeps its place, and no connection, task or entries.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

import msgspec
import structlog

from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.journal.entry import START, Entry, Key, decode_entry, just_before, parse_position
from router.journal.fanout import Fanout
from router.journal.window import Window
from router.queries import ListQueues, Position

BLOCK_MS: Final = 5_000
READ_MAX: Final = 500
JOINS_MAX: Final = 32
IDLE_MS: Final = 300_000
SWEEP_MS: Final = 15_000
OVERLAP_MS: Final = 2_000
PAST_MAX: Final = 2_000
RETRY_MS: Final = (50, 100, 200, 500, 1_000)

log = structlog.get_logger()


class Observers(NamedTuple):
    """Who is told about every entry that is read, and about every restart of a tail.

    `on_begin`: reading begins, now or anew; these entries stand before the first that will be read.
    """

    on_entry: Callable[[str, Entry], None]
    on_restart: Callable[[str], None]
    on_begin: Callable[[str, list[Entry]], None] | None = None


class Journal:
    """One tenant's journal as this router reads it.

    `epoch` names the history that positions belong to; it changes with a new primary. `window`
    holds the last entries, so that most readers who come back need nothing from the store; those
    who do wait for `filling`, and `joining` bounds how many do at once.
    """

    def __init__(
        self, engine: Engine, tenant: str, observers: Observers, clock: Callable[[], float]
    ) -> None:
        """Made by `Journals.open`, which then calls `start`."""
        self.tenant = tenant
        self.key = f"{{{tenant}}}:journal"
        self.store = engine.store
        self.fanout = Fanout()
        self.window = Window()
        self.filling = asyncio.Lock()
        self.joining = asyncio.Semaphore(JOINS_MAX)
        self.epoch = ""
        self.settings: dict[str, Any] = {}
        self.is_following = False
        self._engine = engine
        self._observers = observers
        self._clock = clock
        self._used_at = clock()
        self._after = START
        self._begun = START
        self._task: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the tail reads; if not, it sleeps."""
        return self._task is not None

    async def start(self, since: Key | None) -> bool:
        """Begins at the journal's end, or with the entry `since`; False without such a tenant.

        One that slept begins a little earlier, but after what it has read: replies may overtake
        one another, and no entry of this router's may go uncounted.

        Raises:
            StoreError: the store does not answer.

        """
        slept_at = (self.epoch, self._after)
        now = await self._join()
        if now is None:
            return False
        if slept_at[0]:
            ms = max(0, (now if since is None else since.ms) - OVERLAP_MS)
            is_same = slept_at[0] == self.epoch
            early = parse_position(just_before(Key(ms, 0, 0))) or START
            self._begin(max(slept_at[1], early) if is_same else early)
        elif since is not None:
            self._begin(parse_position(just_before(Key(since.ms, 0, 0))) or START)
        await self._look_back()
        self.touch()
        self.is_following = True  # what has only just begun is not interrupted
        self._task = asyncio.create_task(self._run(), name=f"journal-{self.tenant}")
        return True

    async def stop(self) -> None:
        """Stops reading, and forgets what was read but its place."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        self.window.reset(self._after)

    def touch(self) -> None:
        """Somebody needs the tail now."""
        self._used_at = self._clock()

    def is_idle(self, idle_ms: int) -> bool:
        """Whether nobody has needed it, and nothing has come, for so long; not if interrupted."""
        idle_s = self._clock() - self._used_at
        return self.is_open and self.is_following and idle_s * 1000 >= idle_ms

    async def _join(self) -> int | None:
        """Takes the journal's end and its epoch as they are now; the store's time."""
        place = await self._engine.read(self.tenant, Position())
        if place["outcome"] != "ok":
            return None
        self.settings = (await self._engine.read(self.tenant, ListQueues()))["tenant"]
        self.epoch = await self._read_epoch(place)
        self._after = parse_position(place["position"]) or START
        self._begun = START
        self.fanout.position = self._after
        self.window.reset(self._after)
        return int(place["now"])

    def _begin(self, after: Key) -> None:
        self._after = self._begun = self.fanout.position = after
        self.window.reset(after)

    async def _look_back(self) -> None:
        """Tells of the last entries before the first that will be read, as far as they can be."""
        if self._observers.on_begin is None:
            return
        before = f"{self._after.ms}-{self._after.seq + 1}"
        found = await self.store.journal_back(self.key, before, PAST_MAX)
        past = []
        for entry_id, blob in reversed(found):
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                past.append(decode_entry(entry_id, blob))
        self._observers.on_begin(self.tenant, past)

    async def _read_epoch(self, place: dict[str, Any]) -> str:
        return f"{place['epoch']}.{await self.store.generation(self.key)}"

    async def _run(self) -> None:
        """The tail's watchdog: whatever happens is logged and counted, and reading goes on."""
        failures = 0
        while True:
            try:
                if failures:
                    await self._rejoin()
                    failures = 0
                await self._follow()
            except StoreError as error:
                log.warning("journal.interrupted", tenant=self.tenant, error=str(error))
            except Exception:
                log.exception("journal.failed", tenant=self.tenant)
            self.is_following = False
            self._observers.on_restart(self.tenant)
            await asyncio.sleep(RETRY_MS[min(failures, len(RETRY_MS) - 1)] / 1000)
            failures += 1

    async def _rejoin(self) -> None:
        """After an interruption: goes on where it stopped, or tells everybody that it can not."""
        place = await self._engine.read(self.tenant, Position())
        if await self._read_epoch(place) == self.epoch and await self._is_whole():
            return
        log.warning("journal.position_lost", tenant=self.tenant, position=self._after.entry)
        await self._join()
        self.fanout.lose()
        await self._look_back()

    async def _is_whole(self) -> bool:
        """Whether the last entry read is still there: then none after it has been trimmed."""
        if self._after in (START, self._begun):
            return True
        found = await self.store.journal_range(
            self.key, just_before(self._after), self._after.entry, 1
        )
        return bool(found)

    async def _follow(self) -> None:
        while True:
            self.is_following = True
            entries = await self.store.tail(self.key, self._after.entry, BLOCK_MS, READ_MAX)
            if len(entries) == READ_MAX and not await self._is_whole():
                log.warning("journal.trimmed", tenant=self.tenant, position=self._after.entry)
                await self._join()
                self.fanout.lose()
                await self._look_back()
                continue
            for entry_id, blob in entries:
                self._publish(entry_id, blob)

    def _publish(self, entry_id: str, blob: bytes) -> None:
        key = parse_position(entry_id) or START
        self._after = key
        try:
            entry = decode_entry(entry_id, blob)
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.exception("journal.unreadable", tenant=self.tenant, position=entry_id)
            self.window.break_off(key)
            self.fanout.lose()
            return
        self.touch()
        if entry.transition == "put_tenant":
            self._take_settings(entry)
        self.window.append(entry)
        self.fanout.publish(entry)
        self._observers.on_entry(self.tenant, entry)

    def _take_settings(self, entry: Entry) -> None:
        for event in entry.events:
            if event.name == "config.tenant":
                self.settings = event.fields["settings"]


class Journals:
    """The journals of the tenants in use on this router; who was in use once keeps his place."""

    def __init__(
        self,
        engine: Engine,
        observers: Observers,
        *,
        idle_ms: int = IDLE_MS,
        sweep_ms: int = SWEEP_MS,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Opens nothing yet. `clock` tells seconds that never run back."""
        self._engine = engine
        self._observers = observers
        self._idle_ms = idle_ms
        self._sweep_ms = sweep_ms
        self._clock = clock or asyncio.get_running_loop().time
        self._known: dict[str, Journal] = {}
        self._opening = asyncio.Lock()
        self._sweeper: asyncio.Task[None] | None = None

    def get(self, tenant: str) -> Journal | None:
        """The tenant's journal if it is open; who asks needs it, so it stays open for a while."""
        journal = self._known.get(tenant)
        if journal is None or not journal.is_open:
            return None
        journal.touch()
        return journal

    def all(self) -> list[Journal]:
        """Every journal that was in use here, awake or asleep."""
        return list(self._known.values())

    async def open(self, tenant: str, since: Key | None = None) -> Journal | None:
        """The tenant's journal, from now on or from `since`; None without such a tenant.

        Raises:
            StoreError: the store does not answer.

        """
        async with self._opening:
            known = self.get(tenant)
            if known is not None:
                return known
            journal = self._known.get(tenant)
            if journal is None:
                journal = Journal(self._engine, tenant, self._observers, self._clock)
            if not await journal.start(since):
                return None
            self._known[tenant] = journal
            if self._sweeper is None:
                self._sweeper = asyncio.create_task(self._sweep(), name="journals-sweep")
            return journal

    async def close_idle(self) -> None:
        """Puts to sleep the tails that nobody has needed for `idle_ms`."""
        async with self._opening:
            for journal in self.all():
                if len(journal.fanout):
                    journal.touch()
                elif journal.is_idle(self._idle_ms):
                    await journal.stop()

    async def close(self) -> None:
        """Stops every tail."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.wait([self._sweeper])
            self._sweeper = None
        for journal in self.all():
            await journal.stop()
        self._known.clear()

    async def _sweep(self) -> None:
        """The watchdog of idle tails: whatever happens, the next round comes."""
        while True:
            await asyncio.sleep(self._sweep_ms / 1000)
            try:
                await self.close_idle()
            except Exception:
                log.exception("journals.unswept")
