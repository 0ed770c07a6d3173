"""How fast journals are archived, beside how fast one process makes them, in the same run.

A center routes contacts as fast as it goes; then an archiver takes the whole journal of it, in
steps of the default size, into a SQLite file with full durability, or into the PostgreSQL that
--url names. The figure is the archiver's entries a second over the engine's: above 1 the archive
keeps up with one process at its limit.
"""

import tempfile
from pathlib import Path
from time import perf_counter

import click
import msgspec
import uvloop
from rich.table import Table
from sqlalchemy import Connection, select

from bench import harness
from bench.center import Center, Size, Way
from bench.harness import Spread, spread
from router.archive.archiver import Archiver
from router.archive.database import Database
from router.archive.schema import CONTACTS, POSITIONS
from router.engine.connect import connect
from router.engine.embedded import EmbeddedServer
from router.engine.engine import Engine

SIZE = Size(1_000, 100)
WORKERS = 64
JOURNAL_MAX = 1_000_000


class Plan(msgspec.Struct, frozen=True):
    """How much is measured."""

    rounds: int
    contacts: int


FULL = Plan(rounds=5, contacts=3_000)
QUICK = Plan(rounds=2, contacts=200)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The figures: medians, and all rounds."""

    ratio: float
    archived_per_second: Spread
    routed_per_second: Spread
    bytes_per_contact: float
    database: str


async def run(directory: Path, url: str, plan: Plan) -> Result:
    """Routes and archives, round by round."""
    server = EmbeddedServer.start(directory / "store")
    engine = Engine(connect(server.url), router="r-bench")
    await engine.start()
    database = Database(url or f"sqlite:///{directory}/archive.sqlite")
    await database.open()
    center = Center(engine, SIZE, Way(tenant={"journal_max": JOURNAL_MAX}))
    await center.open()
    await center.fill()
    archiver = Archiver(engine, database)
    await all_of(archiver, center.tenant)
    routed: list[float] = []
    archived: list[float] = []
    for number in range(plan.rounds):
        harness.note(f"round {number + 1} of {plan.rounds}")
        before = archiver.counts.entries
        routing = perf_counter()
        await center.route(plan.contacts, WORKERS)
        archiving = perf_counter()
        await all_of(archiver, center.tenant)
        entries = archiver.counts.entries - before
        routed.append(entries / (archiving - routing))
        archived.append(entries / (perf_counter() - archiving))
    contacts = await database.read(count_contacts)
    size = (directory / "archive.sqlite").stat().st_size if not url else 0
    kind = database.kind
    await database.close()
    await engine.close()
    server.stop()
    speeds, floor = spread(archived), spread(routed)
    return Result(
        ratio=round(speeds.median / floor.median, 2),
        archived_per_second=speeds,
        routed_per_second=floor,
        bytes_per_contact=round(size / contacts, 1),
        database=kind,
    )


async def all_of(archiver: Archiver, tenant: str) -> None:
    """Archives what there is."""
    while await archiver.catch_up(tenant):
        pass


def count_contacts(connection: Connection) -> int:
    """How many contacts are archived."""
    assert connection.execute(select(POSITIONS.c.entry)).all()
    return len(connection.execute(select(CONTACTS.c.contact)).all())


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    table = harness.table(f"archive: {result.database}", "", "entries per second")
    table.add_row("archived", str(result.archived_per_second))
    table.add_row("made by one process", str(result.routed_per_second))
    aim = harness.verdict(result.ratio, 1, at_most=False)
    size = (
        f"bytes per contact: {result.bytes_per_contact:,.0f}\n" if result.bytes_per_contact else ""
    )
    return table, f"{size}archived / made: {result.ratio} {aim}"


@click.command(help=__doc__)
@click.option("--url", default="", help="postgresql://… instead of a SQLite file.")
@harness.json_option
@harness.quick_option
def main(url: str, *, is_json: bool, is_quick: bool) -> None:
    """Runs it on a store of its own."""
    plan = QUICK if is_quick else FULL
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as directory:
        result = uvloop.run(run(Path(directory), url, plan))
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
