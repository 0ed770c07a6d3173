"""Owns what is let go: closed contacts leave the store, and old ones the archive.

The store is told how far the archive is; it cuts its journal there, and lets go of the contacts
that are named, in bounded batches. Contacts that were closed long ago are hidden first (nobody but
an administrator who asks for them is shown them), and deleted later, with all that hangs on them.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Connection, delete, select, tuple_, update

from router.archive.database import Database
from router.archive.projector import Place
from router.archive.schema import (
    CONTACTS,
    ENTRIES,
    HOLDS,
    IS_LAST,
    LINKS,
    PARTICIPANTS,
    PRESENCES,
    WAITS,
    WORDS,
)
from router.calls import Archived
from router.engine.engine import Engine
from router.engine.reply import Outcome, Reply
from router.queries import Position

DAY_MS: Final = 86_400_000
BATCH: Final = 200
BATCHES_MAX: Final = 10
PARTS: Final = (ENTRIES, LINKS, PARTICIPANTS, WORDS, WAITS, HOLDS)
Key = tuple[str, int]

log = structlog.get_logger()


class Days(NamedTuple):
    """How many days after its end a contact is hidden, and deleted; 0: never."""

    hidden: int = 90
    purged: int = 365


class Retention(NamedTuple):
    """What is kept: closed contacts in the store and entries of the journal, and days by tenant."""

    closed_keep_ms: int = 86_400_000
    unarchived_max: int = 1_000_000
    days: Days = Days()
    by_tenant: Mapping[str, Days] = {}

    def of(self, tenant: str) -> Days:
        """The tenant's days."""
        return self.by_tenant.get(tenant, self.days)

    def hidden_before(self, tenant: str, now: int) -> int:
        """Contacts that were closed before this instant are hidden."""
        days = self.of(tenant).hidden
        return now - days * DAY_MS if days else 0


class Settler:
    """Lets go, now and then, of what need not be kept."""

    def __init__(
        self,
        engine: Engine,
        database: Database,
        keeps: Retention,
        *,
        every_ms: int,
        clock: Callable[[], float],
    ) -> None:
        """`every_ms`: no tenant is settled more often; `clock` tells seconds."""
        self.keeps = keeps
        self._engine = engine
        self._database = database
        self.every_s = every_ms / 1_000
        self._clock = clock
        self._settled: dict[str, tuple[float, str]] = {}

    async def settle(self, tenant: str, place: Place) -> None:
        """Tells the store how far the archive is, and deletes what is too old; bounded.

        What is left over is done the next time that the tenant is looked at.

        Raises: StoreError, ArchiveError.
        """
        at, entry = self._settled.get(tenant, (None, ""))
        if at is not None and self._clock() - at < self.every_s:
            return
        told = await self._engine.read(tenant, Position())
        now: int = told.get("now", place.at)
        for _ in range(BATCHES_MAX):
            is_full = await self._let_go(tenant, place, now, is_news=entry != place.entry)
            entry = place.entry
            if not is_full:
                await self._purge(tenant, now)
                self._settled[tenant] = (self._clock(), place.entry)
                return

    async def _let_go(self, tenant: str, place: Place, now: int, *, is_news: bool) -> bool:
        """One call to the store, if there is anything to tell; whether there is more."""
        before = now - self.keeps.closed_keep_ms
        found = await self._database.read(lambda c: leaving(c, tenant, before))
        if not found and not is_news:
            return False
        call = Archived(
            position=place.entry,
            unarchived_max=self.keeps.unarchived_max,
            contacts={contact: closed_at for contact, _, closed_at in found},
        )
        reply = await send(self._engine, tenant, call, now)
        gone = frozenset(reply.contacts_gone)
        keys = [(contact, life) for contact, life, _ in found if contact in gone]
        if keys:
            await self._database.write(lambda c: forget(c, tenant, keys))
        return len(found) == BATCH and bool(keys)

    async def _purge(self, tenant: str, now: int) -> None:
        days = self.keeps.of(tenant).purged
        if not days:
            return
        for _ in range(BATCHES_MAX):
            gone = await self._database.write(lambda c: purge(c, tenant, now - days * DAY_MS))
            if gone:
                log.info("archive.purged", tenant=tenant, contacts=gone)
            if gone < BATCH:
                return


async def send(engine: Engine, tenant: str, call: Archived, now: int) -> Reply:
    """The call to a tenant; one made for simulation is told its own instant.

    Raises: StoreError.
    """
    reply = await engine.call(tenant, call)
    if reply.outcome is Outcome.BAD_CLOCK:
        reply = await engine.call(tenant, call, now=now)
    return reply


def leaving(connection: Connection, tenant: str, before: int) -> list[tuple[str, int, int]]:
    """Contacts that were closed before, and that the store may still have: id, life, and when."""
    c = CONTACTS.c
    asked = select(c.contact, c.life, c.closed_at).where(
        c.tenant == tenant, c.closed_at.is_not(None), ~c.forgotten, c.closed_at < before, IS_LAST
    )
    rows = connection.execute(asked.order_by(c.closed_at).limit(BATCH))
    return [(contact, life, closed_at) for contact, life, closed_at in rows]


def forget(connection: Connection, tenant: str, keys: list[Key]) -> None:
    """Notes that the store has let these go."""
    c = CONTACTS.c
    named = tuple_(c.contact, c.life).in_(keys)
    connection.execute(update(CONTACTS).where(c.tenant == tenant, named).values(forgotten=True))


def purge(connection: Connection, tenant: str, before: int) -> int:
    """Deletes contacts that were closed before, with all that hangs on them; answers how many."""
    c = CONTACTS.c
    asked = select(c.contact, c.life).where(c.tenant == tenant, c.closed_at < before)
    rows = connection.execute(asked.order_by(c.closed_at).limit(BATCH))
    keys = [(contact, life) for contact, life in rows]
    if keys:
        for table in (*PARTS, CONTACTS):
            named = tuple_(table.c.contact, table.c.life).in_(keys)
            connection.execute(delete(table).where(table.c.tenant == tenant, named))
    over = (PRESENCES.c.tenant == tenant, PRESENCES.c.to_at < before)
    connection.execute(delete(PRESENCES).where(*over))
    return len(keys)
