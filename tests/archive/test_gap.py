"""Entries that were gone before they were archived: told, and what came of them is known."""

import msgspec
import pytest
import redis

from queues.calls import Cancel
from router.archive.archiver import Archiver, Pace
from router.archive.schema import GAPS, POSITIONS, PRESENCES, WAITS
from router.calls import Accept, Reopen, Repair, Tick
from router.engine.engine import Engine
from router.queries import ListQueues, ViewContact
from tests.archive.conftest import NewArchive
from tests.archive.ledger import Ledger
from tests.archive.scenes import abandoned, admit, furnish, handled
from tests.conftest import Sim
from tests.servers import TestServer


@pytest.fixture
async def late(sim: Sim, engine: Engine, open_archive: NewArchive) -> Archiver:
    """An archiver that has taken the beginning: ann is there, c1 waits and so does c2."""
    await furnish(sim, "ann")
    for name in ("rung", "c1", "c2"):
        await admit(sim, name)
    archiver = Archiver(engine, await open_archive(), pace=Pace(batch=3))
    while await archiver.catch_up(sim.tenant):
        pass
    return archiver


def trim(server: TestServer, tenant: str, keep: int) -> None:
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.xtrim(f"{{{tenant}}}:journal", maxlen=keep, approximate=False)


async def test_what_is_gone_is_told_and_the_living_are_read_again(
    late: Archiver, sim: Sim, server: TestServer, ledger: Ledger
) -> None:
    await sim.ok(Cancel(contact="c1"), after=1_000)
    await sim.ok(Accept(contact="rung", offer=1, agent="ann"), after=1_000)
    await admit(sim, "new")
    trim(server, sim.tenant, 1)
    before = (await ledger.rows(POSITIONS))[0]["entry"]
    while await late.catch_up(sim.tenant):
        pass

    (gap,) = await ledger.rows(GAPS)
    assert (gap["after"], gap["why"]) == (before, "lost")
    for name in ("rung", "c1", "c2", "new"):
        stored = (await sim.read(ViewContact(contact=name)))["contact"]
        row = await ledger.contact(name)
        assert (row["state"], row["owner"]) == (stored["state"], stored.get("owner"))  # type: ignore[index,attr-defined]
    waits = {row["contact"]: row["how"] for row in await ledger.rows(WAITS)}
    assert waits == {"rung": "answered", "c1": "abandoned", "c2": None, "new": None}
    (place,) = await ledger.rows(POSITIONS)
    assert (place["is_healing"], place["is_loose"]) == (False, False)


async def test_what_was_repaired_is_read_again(
    late: Archiver, sim: Sim, server: TestServer, ledger: Ledger
) -> None:
    prefix = f"{{{sim.tenant}}}:"
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.delete(f"{prefix}c:c1")
        blob: bytes = client.get(f"{prefix}c:c2")
        damaged = msgspec.msgpack.decode(blob) | {"priority": 7, "id": "x"}
        client.set(f"{prefix}c:c2", msgspec.msgpack.encode(damaged))
    for name, places in (("c1", (("timers", "o|c1|1"),)), ("c2", ())):
        await sim.ok(Repair(kind="contact", id=name, places=places))
    while await late.catch_up(sim.tenant):
        pass

    rows = {name: await ledger.contact(name) for name in ("c1", "c2")}
    assert (rows["c1"]["state"], rows["c1"]["reason"]) == ("closed", "lost")
    assert (rows["c2"]["state"], rows["c2"]["priority"]) == ("queued", 7)


async def test_after_a_gap_the_journal_is_followed_as_ever(
    late: Archiver, sim: Sim, server: TestServer, ledger: Ledger
) -> None:
    await abandoned(sim, "c3")
    trim(server, sim.tenant, 0)
    while await late.catch_up(sim.tenant):
        pass
    await admit(sim, "c4")
    while await late.catch_up(sim.tenant):
        pass

    assert len(await ledger.rows(GAPS)) == 1
    assert await ledger.timeline("c4") == ["contact.admitted"]


async def test_who_is_let_go_before_he_is_looked_up_is_over_when_the_journal_says(
    late: Archiver, sim: Sim, server: TestServer, ledger: Ledger
) -> None:
    old = {"id": "old", "queue": "sales", "channel": "voice", "closed_at": sim.now}
    await sim.ok(Reopen(contact="old", who="supervisor", record=old))
    await abandoned(sim, "c3")
    await sim.ok(Cancel(contact="old"), after=1_000)
    ended = sim.now
    await sim.ok(Tick(), after=60_000)
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.delete(f"{{{sim.tenant}}}:c:old")
    while await late.catch_up(sim.tenant):  # he is heard of, and ends, in different batches
        pass

    row = await ledger.contact("old")
    assert (row["state"], row["result"], row["closed_at"]) == ("closed", "abandoned", ended)
    (wait,) = [one for one in await ledger.rows(WAITS) if one["contact"] == "old"]
    assert (wait["how"], wait["to_at"]) == ("abandoned", ended)


async def test_who_is_gone_from_the_store_is_over(
    late: Archiver, sim: Sim, server: TestServer, ledger: Ledger
) -> None:
    await sim.ok(Cancel(contact="c2"), after=1_000)
    trim(server, sim.tenant, 0)
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.delete(f"{{{sim.tenant}}}:c:c2")
    while await late.catch_up(sim.tenant):
        pass

    row = await ledger.contact("c2")
    assert (row["state"], row["result"], row["reason"]) == ("closed", "unknown", "lost")


async def test_an_archive_that_begins_late_says_so_and_takes_what_lives(
    sim: Sim, engine: Engine, open_archive: NewArchive, server: TestServer, ledger: Ledger
) -> None:
    await furnish(sim, "ann")
    await handled(sim, "c1", "ann")
    for name in ("c2", "c3", "c4"):
        await admit(sim, name)
    trim(server, sim.tenant, 2)
    archiver = Archiver(engine, await open_archive())
    while await archiver.catch_up(sim.tenant):
        pass

    (gap,) = await ledger.rows(GAPS)
    assert gap["why"] == "begun"
    assert (await ledger.contact("c4"))["state"] == "queued"
    assert (await ledger.contact("c2"))["state"] == "offered"
    (present,) = await ledger.rows(PRESENCES)
    assert present["presence"] == "ready"


async def test_healing_that_was_cut_off_is_done_again(
    late: Archiver, sim: Sim, engine: Engine, server: TestServer, ledger: Ledger
) -> None:
    await sim.ok(Cancel(contact="c1"), after=1_000)
    trim(server, sim.tenant, 0)
    await late.catch_up(sim.tenant, 1)  # the gap is recorded, and no more
    assert (await ledger.rows(POSITIONS))[0]["is_healing"]
    other = Archiver(engine, late.database)
    await other.catch_up(sim.tenant)

    assert (await ledger.contact("c1"))["state"] == "closed"
    assert not (await ledger.rows(POSITIONS))[0]["is_healing"]
    assert (await sim.read(ListQueues()))["outcome"] == "ok"
