"""Owns what happens when entries were gone before they were archived: it is recorded, and told.

What happened in a gap stays unknown, but not what came of it: while the position says that it
heals, nobody goes on, every live contact is read from the store, and those that the archive still
takes for live and the store does not know are over. Each write compares and sets the position like
any step, so that what was read is never written over what was archived later.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any, Final, Literal

import structlog
from sqlalchemy import Connection, select

from router.archive import facts
from router.archive.database import Database, put
from router.archive.facts import OPEN
from router.archive.projector import Batch, Look, Place, Row, order, step
from router.archive.schema import CONTACTS, GAPS, IS_LAST
from router.engine.engine import Engine
from router.journal.entry import Key, parse_position
from router.queries import ListAgents, ListQueues, ListWaiting, Position, ViewContact

Fields = dict[str, Any]
PAGE: Final = 200
HEALED: Final = 2**30
State = Literal["queued", "held", "scheduled"]
WAITING: Final[tuple[tuple[State, str], ...]] = (
    ("queued", "waiting"),
    ("held", "held"),
    ("scheduled", "scheduled"),
)
INSIDE: Final = frozenset(
    {
        *("fp", "score", "tried", "accepted", "retry", "ringing", "monitors", "stepped"),
        *("relaxed", "late", "look_at", "dead_end", "unreachable", "step_at", "failures"),
        *("consult", "interrupted", "widen_at", "width", "lease_ms", "joined", "response"),
        *("agents", "agent_wait_ms", "backup_queue", "direct_until", "survey_wish"),
    }
)
"""Fields of the store's record that are of the present alone."""

log = structlog.get_logger()


async def open_gap(engine: Engine, database: Database, tenant: str, place: Place) -> Place:
    """Records that the journal does not go on from the place, and where it does; healing begins.

    Raises: StoreError, ArchiveError, OvertakenError.
    """
    key = f"{{{tenant}}}:journal"
    told = await engine.read(tenant, Position())
    first = await engine.store.journal_range(key, place.entry, "+", 1)
    last: str = told.get("position", "0-0")
    until = first[0][0] if first else last
    log.error("archive.gap", tenant=tenant, after=place.entry, until=until)
    why = "begun" if order(place.entry) == (0, 0) else "lost"
    row = {"tenant": tenant, "after": place.entry, "until": until, "why": why}
    changes = {"entry": place.entry if first else last, "epoch": told.get("epoch", place.epoch)}

    def work(connection: Connection) -> Place:
        after = step(connection, tenant, place, is_healing=True, is_loose=True, **changes)
        put(connection, GAPS, [row | {"noticed": told.get("now", place.at)}])
        return after

    return await database.write(work)


async def heal(engine: Engine, database: Database, tenant: str, place: Place) -> Place:
    """Reads what lives now, and ends what does not; then the journal is followed again.

    Raises: StoreError, ArchiveError, OvertakenError.
    """
    live: dict[str, None] = {}
    async for names in _live(engine, tenant):
        live |= dict.fromkeys(names)
    open_here = await database.read(lambda c: _open(c, tenant))
    names = list(live | dict.fromkeys(open_here))
    for at in range(0, len(names), PAGE):
        page = dict.fromkeys(names[at : at + PAGE], Look.LIFE)
        place = await look_up(engine, database, tenant, place, page)
    place = await _look_at_agents(engine, database, tenant, place)
    healed = await _write(database, tenant, place, is_healing=False)
    log.warning("archive.healed", tenant=tenant, contacts=len(names))
    return healed


async def look_up(
    engine: Engine, database: Database, tenant: str, place: Place, asked: Mapping[str, Look]
) -> Place:
    """Takes from these contacts, as the store has them now, what each is looked up for.

    Raises: StoreError, ArchiveError, OvertakenError.
    """
    replies = await asyncio.gather(
        *(engine.read(tenant, ViewContact(contact=name)) for name in asked)
    )
    now = (await engine.read(tenant, Position())).get("now", place.at)

    def fill(batch: Batch) -> None:
        batch.load_contacts(asked)
        for (name, look), reply in zip(asked.items(), replies, strict=True):
            record = reply.get("contact")
            # An id may mean another contact by now, which an admission under it was attached to.
            if record and (record["id"] != name or record.get("forgotten")):
                record = None
            if look is not Look.REST and (record or look is Look.LIFE):
                _merge(batch, name, record, _key(place), now)
            elif record:
                _fill(batch.rows[name], record, place.at)

    return await _write(database, tenant, place, fill)


async def _look_at_agents(engine: Engine, database: Database, tenant: str, place: Place) -> Place:
    """Takes what every agent has declared."""
    async for agents in _directory(engine, tenant):
        place = await _write(database, tenant, place, partial(_present, agents, place))
    return place


def _present(agents: list[Fields], place: Place, batch: Batch) -> None:
    batch.load_agents(agent["agent"] for agent in agents)
    for agent in agents:
        batch.present(agent, _key(place), agent.get("since") or place.at)


async def _write(
    database: Database,
    tenant: str,
    place: Place,
    fill: Callable[[Batch], None] | None = None,
    **changes: Any,
) -> Place:
    def work(connection: Connection) -> Place:
        after = step(connection, tenant, place, **changes)
        batch = Batch(connection, tenant)
        if fill is not None:
            fill(batch)
        batch.write()
        return after

    return await database.write(work)


def _fill(row: Row, record: Fields, at: int) -> None:
    """What no event has said; the store may be far ahead, even in a later life of the id."""
    if record.get("arrived", at) <= at:
        told = {field: value for field, value in record.items() if field not in INSIDE}
        row.record = told | row.record


def _merge(batch: Batch, name: str, record: Fields | None, key: Key, now: int) -> None:
    """The row as the store has the contact; what was open in it is ended or goes on."""
    row = batch.rows.get(name)
    if record is None:
        if row is None or row.record.get("state") == "closed":
            return
        row.record |= {"state": "closed", "result": "unknown", "reason": "lost", "closed_at": now}
    else:
        if row is None:
            row = batch.rows[name] = Row(1, {"id": name})
        elif row.record.get("arrived", record["arrived"]) != record["arrived"]:
            row = batch.renew(name, row)
        own = {field: row.record[field] for field in OPEN if field in row.record}
        told = {field: value for field, value in record.items() if field not in INSIDE}
        row.record = told | own | {"moved": now}
    batch.keep(name, row, facts.of_state(row.record, key, now))


async def _live(engine: Engine, tenant: str) -> AsyncIterator[list[str]]:
    """The ids of all who wait, then of all whom somebody has: a contact goes rather that way.

    Pages are read from the last one: who leaves a list moves others forward, to where we still
    look.
    """
    queues = (await engine.read(tenant, ListQueues())).get("queues") or []
    for queue in queues:
        for state, count in WAITING:
            for offset in reversed(range(0, queue[count] + PAGE, PAGE)):
                asked = ListWaiting(queue=queue["queue"], state=state, offset=offset, limit=PAGE)
                reply = await engine.read(tenant, asked)
                yield [record["id"] for record in reply.get("contacts") or []]
    async for agents in _directory(engine, tenant):
        yield [contact for agent in agents for contact in agent["work"] or {}]


async def _directory(engine: Engine, tenant: str) -> AsyncIterator[list[Fields]]:
    cursor = None
    while True:
        reply = await engine.read(tenant, ListAgents(limit=PAGE, cursor=cursor))
        if reply.get("agents"):
            yield reply["agents"]
        cursor = reply.get("cursor")
        if cursor is None:
            return


def _key(place: Place) -> Key:
    """Where what the journal does not tell stands: before all that it tells next."""
    found = parse_position(place.entry) or Key(0, 0, 0)
    return Key(found.ms, found.seq, HEALED)


def _open(connection: Connection, tenant: str) -> list[str]:
    c = CONTACTS.c
    asked = select(c.contact).where(c.tenant == tenant, IS_LAST, c.state != "closed")
    return list(connection.execute(asked).scalars())
