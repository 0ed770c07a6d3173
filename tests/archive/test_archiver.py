"""The journal comes into the archive whole, once, in order, whatever happens on the way."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, event

from queues.calls import Score
from router.archive.archiver import Archiver, Pace
from router.archive.database import ArchiveError, Database
from router.archive.gap import INSIDE
from router.archive.projector import OvertakenError
from router.archive.schema import GAPS, PRESENCES
from router.calls import Reopen, Report
from router.engine.engine import Engine
from router.queries import ViewContact
from tests.archive.conftest import NewArchive
from tests.archive.ledger import TABLES, Ledger, journal_of
from tests.archive.scenes import abandoned, admit, furnish, handled
from tests.conftest import Sim


@pytest.fixture
async def history(sim: Sim) -> Sim:
    """Two contacts handled, one given up, one that an agent has, one that waits."""
    await furnish(sim, "ann")
    await abandoned(sim, "c0")
    await handled(sim, "c1", "ann")
    await handled(sim, "c2", "ann")
    for name in ("c3", "c4", "c5"):
        await admit(sim, name)
    return sim


async def told(sim: Sim) -> list[tuple[int, ...]]:
    """The places of all events of contacts, by the journal."""
    journal = await journal_of(sim.engine.store, sim.tenant)
    return [tuple(one.key) for entry in journal for one in entry.events if "contact" in one.fields]


def archived(stored: dict[str, Any]) -> dict[str, Any]:
    """The store's record as far as the archive keeps it."""
    return {name: value for name, value in stored.items() if name not in INSIDE and value}


async def test_every_event_of_a_contact_is_in_its_timeline_once(
    history: Sim, archiver: Archiver, ledger: Ledger
) -> None:
    while await archiver.catch_up(history.tenant, 1):
        pass

    assert await ledger.places() == await told(history)
    assert await ledger.timeline("c0") == [
        *("contact.admitted", "offer.made", "offer.revoked", "contact.closed")
    ]


async def test_the_record_is_that_of_the_store(
    history: Sim, archiver: Archiver, ledger: Ledger
) -> None:
    await archiver.catch_up(history.tenant)

    for name in ("c0", "c1", "c2", "c3", "c4", "c5"):
        stored = archived((await history.read(ViewContact(contact=name)))["contact"])  # type: ignore[arg-type]
        kept = ledger.record(await ledger.contact(name))
        assert {field: kept.get(field) for field in stored} == stored, name


async def test_what_was_said_is_kept_as_the_store_keeps_it(
    history: Sim, archiver: Archiver, ledger: Ledger
) -> None:
    said = Report(contact="c3", author="agent", agent="ann", id="m1", visibility="public")
    await history.ok(said, after=1_000)
    await history.ok(Report(contact="c3", author="customer", id="m2"), after=1_000)
    await history.ok(Reopen(contact="c1", who="customer"), after=1_000)
    await history.ok(Score(contact="c2", score=9), after=1_000)
    await archiver.catch_up(history.tenant)

    for name in ("c1", "c2", "c3"):
        stored = archived((await history.read(ViewContact(contact=name)))["contact"])  # type: ignore[arg-type]
        kept = ledger.record(await ledger.contact(name))
        assert {field: kept.get(field) for field in stored} == stored, name
    assert ledger.record(await ledger.contact("c3"))["messages"] == ["m1", "m2"]


async def test_rows_tell_who_has_the_ball_who_took_part_and_how_it_ended(
    history: Sim, archiver: Archiver, ledger: Ledger
) -> None:
    await archiver.catch_up(history.tenant)

    row = await ledger.contact("c1")
    assert (row["state"], row["result"], row["waiting"]) == ("closed", "handled", "nobody")
    assert (row["owner"], row["disposition"], row["customer"]) == ("ann", "bill", "maria")
    assert (await ledger.contact("c5"))["waiting"] == "us"
    assert [row["presence"] for row in await ledger.rows(PRESENCES)] == ["not_ready", "ready"]


@pytest.mark.parametrize("batch", [1, 2, 1_000])
async def test_the_size_of_the_steps_does_not_matter(
    history: Sim, open_archive: NewArchive, ledger: Ledger, batch: int
) -> None:
    one = Archiver(history.engine, await open_archive(), pace=Pace(batch=batch))
    await one.catch_up(history.tenant, 1_000)

    assert await ledger.places() == await told(history)
    assert await ledger.rows(GAPS) == []


async def test_an_archiver_that_starts_anew_goes_on_where_the_last_one_was(
    history: Sim, engine: Engine, open_archive: NewArchive, ledger: Ledger
) -> None:
    first = Archiver(engine, await open_archive(), pace=Pace(batch=4))
    await first.catch_up(history.tenant, 2)
    second = Archiver(engine, await open_archive())
    await second.catch_up(history.tenant)
    await admit(history, "late")
    await second.catch_up(history.tenant)

    assert await ledger.places() == await told(history)


class Acknowledgement(ArchiveError):
    """The archive did the work, and nobody heard of it."""


class Deaf(Database):
    """A database whose n-th answer is lost, after the commit."""

    left = 0

    async def write(self, work: Callable[[Connection], Any]) -> Any:
        done = await super().write(work)
        self.left -= 1
        if self.left == 0:
            raise Acknowledgement("lost")
        return done


@pytest.mark.timeout(120)
async def test_killed_after_any_commit_nothing_is_lost_or_doubled(
    history: Sim, url: str, archive: Database, ledger: Ledger
) -> None:
    await Archiver(history.engine, archive, pace=Pace(batch=5)).catch_up(history.tenant)
    expected = await ledger.everything()

    for nth in count(1):
        await wipe(archive)
        deaf = Deaf(url)
        await deaf.open()
        deaf.left = nth
        with suppress(Acknowledgement):
            await Archiver(history.engine, deaf, pace=Pace(batch=5)).catch_up(history.tenant)
        await deaf.close()
        await Archiver(history.engine, archive, pace=Pace(batch=5)).catch_up(history.tenant)
        assert await ledger.everything() == expected, nth
        if deaf.left > 0:
            assert nth > 5
            return


class Killed(Exception):
    """The archiver dies here."""


@contextmanager
def dies_at(database: Database, nth: int) -> Iterator[list[int]]:
    """The n-th statement from here on is never sent."""
    seen = [0]

    def before(*_args: Any) -> None:
        seen[0] += 1
        if seen[0] == nth:
            raise Killed

    event.listen(database._engine, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        event.remove(database._engine, "before_cursor_execute", before)


@pytest.mark.timeout(120)
async def test_killed_at_any_statement_nothing_is_lost_or_doubled(
    history: Sim, archive: Database, ledger: Ledger
) -> None:
    await Archiver(history.engine, archive, pace=Pace(batch=20)).catch_up(history.tenant)
    expected = await ledger.everything()

    for nth in count(1):
        await wipe(archive)
        with dies_at(archive, nth) as seen:
            archiver = Archiver(history.engine, archive, pace=Pace(batch=20))
            with suppress(Killed):
                await archiver.catch_up(history.tenant)
        await Archiver(history.engine, archive, pace=Pace(batch=20)).catch_up(history.tenant)
        assert await ledger.everything() == expected, nth
        if seen[0] < nth:
            assert nth > 10
            return


async def test_two_archivers_at_once_are_harmless(
    history: Sim, engine: Engine, open_archive: NewArchive, ledger: Ledger
) -> None:
    alone = Archiver(engine, await open_archive(), pace=Pace(batch=3))
    await alone.catch_up(history.tenant, 100)
    expected = await ledger.everything()
    await wipe(ledger.database)

    overtaken = [0]

    async def stubborn(database: Database) -> None:
        one = Archiver(engine, database, pace=Pace(batch=3))
        while True:
            try:
                if not await one.catch_up(history.tenant, 1):
                    return
            except OvertakenError:
                overtaken[0] += 1

    await asyncio.gather(*[stubborn(await open_archive()) for _ in range(3)])

    assert await ledger.everything() == expected
    assert overtaken[0] > 0


async def wipe(database: Database) -> None:
    """Empties the archive."""
    await database.write(_empty)


def _empty(connection: Connection) -> None:
    for table in TABLES:
        connection.execute(table.delete())
