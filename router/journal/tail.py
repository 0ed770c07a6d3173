"""Owns the tails: one blocking reader for each tenant in use, decoded once, handed to its fan-out.

A tail that loses its connection goes on where it stopped. When it can not know that nothing is
missing (another primary, a trimmed journal), it tells every reader so, and starts anew.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
import structlog

from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.journal.entry import START, Entry, Key, decode_entry, just_before, parse_position
from router.journal.fanout import Fanout
from router.queries import ListQueues, Position

BLOCK_MS: Final = 5_000
READ_MAX: Final = 500
RECENT_MAX: Final = 2_000
RETRY_MS: Final = (50, 100, 200, 500, 1_000)

log = structlog.get_logger()


class Observers(NamedTuple):
    """Who is told about every entry that is read, and about every restart of a tail."""

    on_entry: Callable[[str, Entry], None]
    on_restart: Callable[[str], None]


class Journal:
    """One tenant's journal as this router reads it.

    `epoch` names the history that positions belong to; it changes with a new primary. `recent`
    holds the last entries, so that most readers who come back need nothing from the store.
    """

    def __init__(self, engine: Engine, tenant: str, observers: Observers) -> None:
        """Made by `Journals.open`, which then calls `start`."""
        self.tenant = tenant
        self.key = f"{{{tenant}}}:journal"
        self.store = engine.store
        self.fanout = Fanout()
        self.recent: deque[Entry] = deque(maxlen=RECENT_MAX)
        self.epoch = ""
        self.settings: dict[str, Any] = {}
        self.is_following = False
        self._engine = engine
        self._observers = observers
        self._after = START
        self._begun = START
        self._task: asyncio.Task[None] | None = None

    async def start(self, since: Key | None) -> bool:
        """Begins at the journal's end, or with the entry `since`; False without such a tenant.

        Raises:
            StoreError: the store does not answer.

        """
        if not await self._join():
            return False
        if since is not None:
            before = parse_position(just_before(Key(since.ms, 0, 0)))
            self._after = self._begun = self.fanout.position = before or START
        self._task = asyncio.create_task(self._run(), name=f"journal-{self.tenant}")
        return True

    async def stop(self) -> None:
        """Stops reading."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _join(self) -> bool:
        """Takes the journal's end and its epoch as they are now."""
        place = await self._engine.read(self.tenant, Position())
        if place["outcome"] != "ok":
            return False
        self.settings = (await self._engine.read(self.tenant, ListQueues()))["tenant"]
        self.epoch = await self._read_epoch(place)
        self._after = parse_position(place["position"]) or START
        self._begun = START
        self.fanout.position = self._after
        self.recent.clear()
        return True

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
            self.fanout.lose()
            return
        if entry.transition == "put_tenant":
            self._take_settings(entry)
        self.recent.append(entry)
        self.fanout.publish(entry)
        self._observers.on_entry(self.tenant, entry)

    def _take_settings(self, entry: Entry) -> None:
        for event in entry.events:
            if event.name == "config.tenant":
                self.settings = event.fields["settings"]


class Journals:
    """The journals of the tenants in use on this router."""

    def __init__(self, engine: Engine, observers: Observers) -> None:
        """Opens nothing yet."""
        self._engine = engine
        self._observers = observers
        self._open: dict[str, Journal] = {}
        self._opening = asyncio.Lock()

    def get(self, tenant: str) -> Journal | None:
        """The tenant's journal if it is open."""
        return self._open.get(tenant)

    def all(self) -> list[Journal]:
        """Every open journal."""
        return list(self._open.values())

    async def open(self, tenant: str, since: Key | None = None) -> Journal | None:
        """The tenant's journal, from now on or from `since`; None without such a tenant.

        Raises:
            StoreError: the store does not answer.

        """
        async with self._opening:
            known = self._open.get(tenant)
            if known is not None:
                return known
            journal = Journal(self._engine, tenant, self._observers)
            if not await journal.start(since):
                return None
            self._open[tenant] = journal
            return journal

    async def close(self) -> None:
        """Stops every tail."""
        for journal in self._open.values():
            await journal.stop()
        self._open.clear()
