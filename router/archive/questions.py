"""Owns what is asked of the archive: one contact, its timeline, a customer's earlier contacts.

What is hidden (see `router.archive.retention`) is answered only when it is asked for.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, Table, or_, select, tuple_

from router.archive import fold, inbox, projector
from router.archive.archiver import Archiver
from router.archive.facts import OPEN
from router.archive.inbox import Page, Wish
from router.archive.projector import Place
from router.archive.reports import Asked, report
from router.archive.schema import CONTACTS, ENTRIES, IS_LAST, PARTICIPANTS
from router.journal.entry import Key

Fields = dict[str, Any]
WAIT_MS: Final = 2_000
LOOK_MS: Final = 20


class Known(NamedTuple):
    """A contact as the archive has it: its record, its life, and who took part in it."""

    record: Fields
    life: int
    agents: frozenset[str]


class Told(NamedTuple):
    """One entry of a timeline."""

    key: Key
    at: int
    actor: str
    visibility: str
    event: Fields


class Wanted(NamedTuple):
    """Whose contacts are asked for, by customer or by address, and in which queues (None: all)."""

    customer: str | None = None
    address: str | None = None
    queues: Sequence[str] | None = None
    agent: str | None = None
    with_hidden: bool = False


class Seen(NamedTuple):
    """Where a page of history ended."""

    arrived: int
    contact: str
    life: int


class Questions:
    """Asks one archive; every question raises `ArchiveError` when it does not answer."""

    def __init__(self, archiver: Archiver) -> None:
        """Asks the archiver's database."""
        self._archiver = archiver
        self._database = archiver.database
        self._keeps = archiver.settler.keeps

    async def has(self, tenant: str, position: Key) -> bool:
        """Waits, for 2 s at most, until the archive has the entry; whether it has."""
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT_MS / 1_000
        while True:
            place = await self._database.read(lambda c: projector.position(c, tenant))
            if place and projector.order(place.entry) >= (position.ms, position.seq):
                return True
            if loop.time() >= until:
                return False
            self._archiver.poke(tenant)
            await asyncio.sleep(LOOK_MS / 1_000)

    async def contact(
        self, tenant: str, contact: str, *, with_hidden: bool = False
    ) -> Known | None:
        """The contact that the id means now, or None."""

        def ask(connection: Connection) -> Known | None:
            c = CONTACTS.c
            asked = select(c.record, c.life).where(
                c.tenant == tenant, c.contact == contact, IS_LAST
            )
            asked = self._shown(connection, asked, tenant, with_hidden=with_hidden)
            found = connection.execute(asked).one_or_none()
            if found is None:
                return None
            p = PARTICIPANTS.c
            named = select(p.agent).where(
                p.tenant == tenant, p.contact == contact, p.life == found.life
            )
            agents = frozenset(connection.execute(named).scalars())
            return Known(_record(found.record), found.life, agents)

        return await self._database.read(ask)

    async def last_of(
        self, tenant: str, customer: str, channel: str, conversation: str
    ) -> Fields | None:
        """The record of a conversation's last contact, unless that is hidden."""
        c = CONTACTS.c
        thread = (c.customer == customer, c.conversation == conversation, c.channel == channel)
        asked = select(c.record).where(c.tenant == tenant, IS_LAST, *thread)
        asked = asked.order_by(c.arrived.desc(), c.contact.desc()).limit(1)

        def ask(connection: Connection) -> Fields | None:
            shown = self._shown(connection, asked, tenant, with_hidden=False)
            found = connection.execute(shown).scalar_one_or_none()
            return None if found is None else _record(found)

        return await self._database.read(ask)

    async def timeline(
        self, tenant: str, contact: str, life: int, after: Key, limit: int, *, is_public: bool
    ) -> list[Told]:
        """The entries after a place, oldest first; only those for the customer, or all."""
        e = ENTRIES.c
        asked = select(ENTRIES).where(e.tenant == tenant, e.contact == contact, e.life == life)
        asked = asked.where(tuple_(e.ms, e.seq, e.nth) > tuple_(*after))
        if is_public:
            asked = asked.where(e.visibility == "public")
        asked = asked.order_by(e.ms, e.seq, e.nth).limit(limit)
        rows = await self._database.read(lambda c: c.execute(asked).mappings().all())
        return [
            Told(
                Key(row["ms"], row["seq"], row["nth"]),
                row["at"],
                row["actor"],
                row["visibility"],
                {"e": row["kind"], "contact": contact} | fold.decode(row["fields"]),
            )
            for row in rows
        ]

    async def history(
        self, tenant: str, wanted: Wanted, before: Seen | None, limit: int
    ) -> list[tuple[Seen, Fields]]:
        """Contacts of a customer or an address, the newest first."""

        def ask(connection: Connection) -> list[tuple[Seen, Fields]]:
            c = CONTACTS.c
            asked = select(c.arrived, c.contact, c.life, c.record)
            asked = asked.where(c.tenant == tenant, c.arrived.is_not(None))
            if wanted.customer is not None:
                asked = asked.where(c.customer == wanted.customer)
            if wanted.address is not None:
                asked = asked.where(c.address == wanted.address)
            if wanted.queues is not None:
                mine = _took_part(CONTACTS, tenant, wanted.agent)
                asked = asked.where(or_(c.queue.in_(wanted.queues), mine))
            if before is not None:
                asked = asked.where(tuple_(c.arrived, c.contact, c.life) < tuple_(*before))
            asked = self._shown(connection, asked, tenant, with_hidden=wanted.with_hidden)
            order = (c.arrived.desc(), c.contact.desc(), c.life.desc())
            rows = connection.execute(asked.order_by(*order).limit(limit))
            return [(Seen(*row[:3]), _record(row.record)) for row in rows]

        return await self._database.read(ask)

    async def inbox(
        self, tenant: str, wish: Wish, *, limit: int, cursor: str | None, with_hidden: bool
    ) -> tuple[Page, str]:
        """A page of what is wished for, and the last entry archived. Raises: BadCursorError."""

        def ask(connection: Connection) -> tuple[Page, str]:
            place = projector.position(connection, tenant)
            wished = wish
            if place is not None and not with_hidden:
                before = self._keeps.hidden_before(tenant, place.at)
                wished = msgspec.structs.replace(wish, hidden_before=before)
            found = inbox.page(connection, tenant, wished, limit=limit, cursor=cursor)
            records = [_present(record) for record in found.records]
            return found._replace(records=records), _as_of(place)

        return await self._database.read(ask)

    async def counts(
        self, tenant: str, queues: Sequence[str] | None, me: str | None
    ) -> tuple[list[Fields], str]:
        """How many contacts are open, by queue, state and owner; and the last entry archived."""

        def ask(connection: Connection) -> tuple[list[Fields], str]:
            place = projector.position(connection, tenant)
            return inbox.counts(connection, tenant, queues, me), _as_of(place)

        return await self._database.read(ask)

    async def report(self, tenant: str, asked: Asked) -> list[Fields]:
        """The rows of a report, as of what is archived now."""
        return (await self.reports(tenant, asked))[0]

    async def reports(self, tenant: str, *asked: Asked) -> list[list[Fields]]:
        """The rows of several reports, all as of the same instant."""
        return await self._database.read(lambda c: [report(c, tenant, one) for one in asked])

    def behind_ms(self, tenant: str) -> int:
        """For how long there have been entries that are not archived, as far as we know."""
        return self._archiver.lags().get(tenant, 0)

    def _shown(
        self, connection: Connection, asked: Select[Any], tenant: str, *, with_hidden: bool
    ) -> Select[Any]:
        """Without what was closed too long ago."""
        place = projector.position(connection, tenant)
        if with_hidden or place is None:
            return asked
        before = self._keeps.hidden_before(tenant, place.at)
        return asked.where(or_(CONTACTS.c.closed_at.is_(None), CONTACTS.c.closed_at >= before))


def _took_part(table: Table, tenant: str, agent: str | None) -> Any:
    p = PARTICIPANTS.c
    named = select(p.contact).where(p.tenant == tenant, p.agent == agent)
    return table.c.contact.in_(named)


def _as_of(place: Place | None) -> str:
    return "0-0" if place is None else place.entry


def _record(text: str) -> Fields:
    return _present(fold.decode(text))


def _present(record: Fields) -> Fields:
    """The record as the store would tell it."""
    record.setdefault("offers", 0)
    return {name: value for name, value in record.items() if name not in OPEN}
