"""What is let go: closed contacts leave the store, later lists, and in the end the archive."""

import pytest
import redis

from queues.calls import Admit, Update
from router.archive.archiver import Archiver, Pace
from router.archive.questions import Questions, Wanted
from router.archive.retention import DAY_MS, Days, Retention
from router.archive.schema import CONTACTS, ENTRIES, HOLDS, PARTICIPANTS, WAITS
from router.calls import Archived, PutTenant
from router.engine.engine import Engine
from router.engine.reply import Outcome
from router.queries import ViewContact
from tests.archive.conftest import NewArchive
from tests.archive.ledger import Ledger
from tests.archive.scenes import abandoned, admit, furnish, handled
from tests.conftest import Sim
from tests.servers import TestServer

KEEPS = Retention(closed_keep_ms=60_000, days=Days(hidden=90, purged=365))


@pytest.fixture
async def archiver(engine: Engine, open_archive: NewArchive) -> Archiver:
    """Settles each time that it is asked to."""
    pace = Pace(batch=50, settle_ms=0)
    return Archiver(engine, await open_archive(), pace=pace, keeps=KEEPS)


@pytest.fixture
async def closed(sim: Sim, archiver: Archiver) -> Sim:
    """One contact was handled and is archived, one waits."""
    await furnish(sim, "ann")
    await handled(sim, "c1", "ann")
    await archiver.catch_up(sim.tenant)
    return sim


async def test_a_closed_contact_leaves_the_store_once_it_is_archived_and_its_time_is_over(
    closed: Sim, archiver: Archiver, ledger: Ledger
) -> None:
    assert (await closed.read(ViewContact(contact="c1")))["outcome"] == "ok"
    closed.now += 61_000
    await admit(closed, "c2")
    await archiver.catch_up(closed.tenant)

    assert (await closed.read(ViewContact(contact="c1")))["outcome"] == "unknown"
    assert (await closed.read(ViewContact(contact="c2")))["outcome"] == "ok"
    assert (await ledger.contact("c1"))["forgotten"]
    known = await Questions(archiver).contact(closed.tenant, "c1")
    assert known is not None
    assert known.record["result"] == "handled"


async def test_an_id_that_was_let_go_is_not_admitted_anew_for_a_while(
    closed: Sim, archiver: Archiver
) -> None:
    closed.now += 61_000
    await admit(closed, "c2")
    await archiver.catch_up(closed.tenant)
    asked = Admit(contact="c1", channel="chat", queue="sales", fp="1")

    again = await closed.ok(asked)
    other = await closed.call(Admit(contact="c1", channel="chat", queue="sales", fp="2"))

    assert (again.repeated, again.state, again.events) == (True, "closed", [])
    assert other.outcome is Outcome.CONFLICT
    changed = await closed.call(Update(contact="c1", priority=2))
    assert changed.outcome is Outcome.UNKNOWN


async def test_an_id_that_comes_again_much_later_begins_a_new_life(
    closed: Sim, archiver: Archiver, server: TestServer, ledger: Ledger
) -> None:
    closed.now += 61_000
    await admit(closed, "c2")
    await archiver.catch_up(closed.tenant)
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        assert 0 < client.pttl(f"{{{closed.tenant}}}:c:c1") <= 86_400_000
        client.delete(f"{{{closed.tenant}}}:c:c1")  # its time to live is over
    await abandoned(closed, "c1")
    await archiver.catch_up(closed.tenant)

    rows = [row for row in await ledger.rows(CONTACTS) if row["contact"] == "c1"]
    told = [(row["life"], row["is_last"], row["result"]) for row in rows]
    assert told == [(1, False, "handled"), (2, True, "abandoned")]
    entries = [row for row in await ledger.rows(ENTRIES) if row["contact"] == "c1"]
    assert {row["life"] for row in entries} == {1, 2}


async def test_only_what_was_closed_at_that_instant_is_let_go(closed: Sim) -> None:
    await admit(closed, "c2")
    named = {"c1": 1, "c2": closed.now, "nobody": 1}
    reply = await closed.ok(Archived(position="1-1", unarchived_max=200_000, contacts=named))

    assert reply.contacts_gone == ["nobody"]


async def test_the_journal_is_cut_only_where_it_is_archived(
    sim: Sim, archiver: Archiver, server: TestServer
) -> None:
    await sim.ok(PutTenant(settings={"journal_max": 1_000}, simulated=True))
    await furnish(sim, "ann")
    await archiver.catch_up(sim.tenant)
    key = f"{{{sim.tenant}}}:journal"
    for number in range(1_300):
        await sim.ok(Admit(contact=f"c{number}", channel="chat", queue="sales", fp="1"))
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        grown = client.xlen(key)
        while await archiver.catch_up(sim.tenant):
            pass
        cut = client.xlen(key)

    assert grown > 1_300
    assert 1_000 <= cut < 1_200


async def test_old_contacts_are_hidden_and_then_deleted_with_all_that_hangs_on_them(
    closed: Sim, archiver: Archiver, ledger: Ledger
) -> None:
    questions = Questions(archiver)
    maria = Wanted(customer="maria")
    assert [row["id"] for _, row in await questions.history(closed.tenant, maria, None, 9)] == [
        "c1"
    ]

    closed.now += 91 * DAY_MS
    await admit(closed, "c2")
    await archiver.catch_up(closed.tenant)
    hidden = await questions.history(closed.tenant, maria, None, 9)
    asked_for = await questions.history(closed.tenant, maria._replace(with_hidden=True), None, 9)
    assert [len(hidden), len(asked_for)] == [0, 1]
    assert await questions.contact(closed.tenant, "c1") is None

    closed.now += 300 * DAY_MS
    await admit(closed, "c3")
    await archiver.catch_up(closed.tenant)
    for table in (CONTACTS, ENTRIES, HOLDS, PARTICIPANTS, WAITS):
        assert "c1" not in {row["contact"] for row in await ledger.rows(table)}, table.name
    assert {row["contact"] for row in await ledger.rows(CONTACTS)} >= {"c2", "c3"}


async def test_killed_between_letting_go_and_noting_it_nothing_is_lost(
    closed: Sim, archiver: Archiver, engine: Engine, ledger: Ledger
) -> None:
    closed.now += 61_000
    row = await ledger.contact("c1")
    named = {"c1": row["closed_at"]}
    await closed.ok(Archived(position="1-1", unarchived_max=200_000, contacts=named))
    await admit(closed, "c2")
    await Archiver(engine, archiver.database, pace=archiver.pace, keeps=KEEPS).catch_up(
        closed.tenant
    )

    assert (await ledger.contact("c1"))["forgotten"]
