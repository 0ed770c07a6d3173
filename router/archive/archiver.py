"""Owns the reader that brings every tenant's journal into the archive, in order, batch by batch.

Every router may run one: a step compares and sets the position, so that two at once are harmless.
Who finds himself overtaken stands by, and goes on only when the other one does not.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec
import structlog

from router.archive import gap, projector
from router.archive.database import ArchiveError, Database
from router.archive.projector import OvertakenError, Place
from router.archive.retention import Retention, Settler
from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.journal.entry import Entry, Key, decode_entry, just_before, parse_position
from router.queries import Position

PAGES_MAX: Final = 20
RETRY_MS: Final = (200, 500, 1_000, 5_000)

log = structlog.get_logger()


class Pace(NamedTuple):
    """How the archiver goes: entries in a step, and the times between its looks, in ms."""

    batch: int = 1_000
    flush_ms: int = 200
    sweep_ms: int = 5_000
    standby_ms: int = 5_000
    settle_ms: int = 30_000


class Counts:
    """What this archiver has done: entries archived, gaps found, and failures met."""

    __slots__ = ("entries", "failures", "gaps")

    def __init__(self) -> None:
        self.entries = self.gaps = self.failures = 0


class Archiver:
    """Archives the tenants of one store; `poke` tells that something has happened."""

    def __init__(
        self,
        engine: Engine,
        database: Database,
        *,
        pace: Pace | None = None,
        keeps: Retention | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Begins with `start`. `clock` tells seconds that never run back."""
        self.database = database
        self.counts = Counts()
        self.pace = pace or Pace()
        self._engine = engine
        self._clock = clock or asyncio.get_running_loop().time
        self.settler = Settler(
            engine,
            database,
            keeps or Retention(),
            every_ms=self.pace.settle_ms,
            clock=self._clock,
        )
        self._places: dict[str, Place] = {}
        self._standing_by: dict[str, tuple[float, int]] = {}
        self._behind_since: dict[str, float] = {}
        self._ahead: set[str] = set()
        self._poked = asyncio.Event()
        self._locks: dict[str, asyncio.Lock] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to archive."""
        self._task = asyncio.create_task(self._run(), name="archiver")

    async def close(self) -> None:
        """Ends after the step in progress; the database is left to its owner."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    def poke(self, tenant: str) -> None:
        """The tenant's journal has grown."""
        self._behind_since.setdefault(tenant, self._clock())
        if tenant not in self._ahead:
            self._ahead.add(tenant)
            self._poked.set()

    def lags(self) -> dict[str, int]:
        """For how many ms each tenant has had entries that, as far as we know, nobody archived."""
        now = self._clock()
        return {
            tenant: round((now - since) * 1_000) for tenant, since in self._behind_since.items()
        }

    async def catch_up(self, tenant: str, pages: int = PAGES_MAX) -> bool:
        """Archives what there is, at most so many batches; whether there may be more.

        Raises: StoreError, ArchiveError, OvertakenError.
        """
        async with self._locks.setdefault(tenant, asyncio.Lock()):
            place = self._places.pop(tenant, None) or await self._find(tenant)
            if place is None:
                self._behind_since.pop(tenant, None)
                return False
            is_more = True
            for _ in range(pages):
                looked_at = self._clock()
                place, is_more = await self._page(tenant, place)
                self._places[tenant] = place
                if not is_more:
                    self._is_level(tenant, looked_at)
                    break
            await self.settler.settle(tenant, place)
            return is_more

    def _is_level(self, tenant: str, looked_at: float) -> None:
        """All that was there when we looked is archived."""
        if self._behind_since.get(tenant, looked_at) <= looked_at:
            self._behind_since.pop(tenant, None)

    async def _run(self) -> None:
        """The archiver's watchdog: whatever happens is logged and counted, and it goes on."""
        failures = 0
        is_open = False
        while True:
            try:
                if not is_open:
                    await self.database.open()
                    is_open = True
                await self._round()
                failures = 0
                continue
            except (StoreError, ArchiveError) as error:
                log.warning("archive.interrupted", error=str(error))
            except Exception:
                log.exception("archive.failed")
            self.counts.failures += 1
            await asyncio.sleep(RETRY_MS[min(failures, len(RETRY_MS) - 1)] / 1000)
            failures += 1

    async def _round(self) -> None:
        """Every tenant once, then those that something happens in, until the next round."""
        for tenant in await self._engine.tenants():
            self.poke(tenant)
        until = self._clock() + self.pace.sweep_ms / 1000
        while self._clock() < until:
            ahead, self._ahead = self._ahead, set()
            self._poked.clear()
            for tenant in sorted(ahead):
                await self._visit(tenant)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, until - self._clock())):
                    await self._poked.wait()
                    await asyncio.sleep(self.pace.flush_ms / 1000)

    async def _visit(self, tenant: str) -> None:
        """The tenant's next batches, unless another archiver is at it."""
        if tenant in self._standing_by and await self._is_served(tenant):
            return
        try:
            if await self.catch_up(tenant):
                self.poke(tenant)
        except OvertakenError:
            place = await self._stored(tenant)
            self._stand_by(tenant, -1 if place is None else place.turn)
        except StoreError as error:  # one tenant's shard may be away; the others go on
            self.counts.failures += 1
            log.warning("archive.interrupted", tenant=tenant, error=str(error))

    async def _is_served(self, tenant: str) -> bool:
        """Whether another archiver still goes on with the tenant; looks every `standby_ms`."""
        until, turn = self._standing_by[tenant]
        if (looked_at := self._clock()) < until:
            return True
        place = await self._stored(tenant)
        told = await self._engine.read(tenant, Position())
        if place is not None and told.get("position") == place.entry:
            self._is_level(tenant, looked_at)
        elif place is None or place.turn == turn:
            del self._standing_by[tenant]
            return False
        self._stand_by(tenant, place.turn)
        return True

    def _stand_by(self, tenant: str, turn: int) -> None:
        self._places.pop(tenant, None)
        self._standing_by[tenant] = (self._clock() + self.pace.standby_ms / 1000, turn)

    async def _stored(self, tenant: str) -> Place | None:
        return await self.database.read(lambda c: projector.position(c, tenant))

    async def _find(self, tenant: str) -> Place | None:
        """The tenant's stored place; made where there is none yet, None without such a tenant."""
        place = await self._stored(tenant)
        if place is not None:
            return place
        told = await self._engine.read(tenant, Position())
        if told["outcome"] != "ok":
            return None
        epoch: str = told["epoch"]
        await self.database.write(lambda c: projector.begin(c, tenant, epoch))
        return await self._stored(tenant)

    async def _page(self, tenant: str, place: Place) -> tuple[Place, bool]:
        """One batch after the place: what is there must begin with the last entry taken."""
        if place.is_healing:
            place = await gap.heal(self._engine, self.database, tenant, place)
        found = await self._read(tenant, place)
        if found is None:
            self.counts.gaps += 1
            return await gap.open_gap(self._engine, self.database, tenant, place), True
        if not found:
            return place, False
        entries, unreadable = _decoded(tenant, found)
        place, looks = await self.database.write(
            lambda c: projector.project(c, tenant, place, entries, unreadable)
        )
        self.counts.entries += len(found)
        if looks:
            place = await gap.look_up(self._engine, self.database, tenant, place, looks)
        return place, len(found) >= self.pace.batch

    async def _read(self, tenant: str, place: Place) -> list[tuple[str, bytes]] | None:
        """The entries after the place; None when some between have gone."""
        key, count = f"{{{tenant}}}:journal", self.pace.batch
        last = parse_position(place.entry) or Key(0, 0, 0)
        if place.is_loose:
            return await self._engine.store.journal_range(key, place.entry, "+", count)
        if last.ms == 0:
            found = await self._engine.store.journal_range(key, "0-0", "+", count)
            return found if not found or _is_first(found[0]) else None
        found = await self._engine.store.journal_range(key, just_before(last), "+", count + 1)
        if not found or found[0][0] != place.entry:
            return None
        return found[1:]


def _is_first(found: tuple[str, bytes]) -> bool:
    """Whether this is the entry that made the tenant."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        for event in decode_entry(*found).events:
            if event.name == "config.tenant" and event.fields.get("version") == 1:
                return True
    return False


def _decoded(tenant: str, found: list[tuple[str, bytes]]) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    unreadable: list[str] = []
    for entry_id, blob in found:
        try:
            entries.append(decode_entry(entry_id, blob))
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.exception("archive.unreadable", tenant=tenant, position=entry_id)
            unreadable.append(entry_id)
    return entries, unreadable
