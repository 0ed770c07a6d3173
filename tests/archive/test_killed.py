"""An archiver that is killed as a process, at any moment, again and again."""

import asyncio
import subprocess
import sys
from random import Random

import pytest

from router.archive.archiver import Archiver
from router.engine.engine import Engine
from tests.archive.conftest import NewArchive
from tests.archive.ledger import Ledger
from tests.archive.scenes import abandoned, admit, furnish, handled
from tests.archive.test_archiver import wipe
from tests.conftest import Sim

PROGRAM = """
import asyncio, sys
from router.archive.archiver import Archiver, Pace
from router.archive.database import Database
from router.engine.connect import connect
from router.engine.engine import Engine

async def main(store_url, url, tenant):
    database = Database(url)
    await database.open()
    archiver = Archiver(Engine(connect(store_url), router="r-killed"), database, pace=Pace(batch=2))
    print("open", flush=True)
    while await archiver.catch_up(tenant, 1):
        print("step", flush=True)
    print("level", flush=True)
    await asyncio.Event().wait()  # until it is killed

asyncio.run(main(*sys.argv[1:]))
"""
KILLS = 4


def kill_after(steps: int, *words: str) -> None:
    """Lets a process archive, and kills it after so many words of it, wherever it is then."""
    command = [sys.executable, "-c", PROGRAM, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(steps):
            if process.stdout.readline().strip() == "level":
                break
        process.kill()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
async def test_a_process_that_is_killed_loses_and_doubles_nothing(
    sim: Sim, engine: Engine, server_url: str, url: str, open_archive: NewArchive
) -> None:
    await furnish(sim, "ann")
    for number in range(5):
        await handled(sim, f"h{number}", "ann")
        await abandoned(sim, f"a{number}")
    await admit(sim, "waits")
    archive = await open_archive()
    ledger = Ledger(archive, sim.tenant)
    await Archiver(engine, archive).catch_up(sim.tenant)
    expected = await ledger.everything()
    await wipe(archive)

    chance = Random(7)
    for _ in range(KILLS):
        steps = chance.randrange(1, 6)
        await asyncio.to_thread(kill_after, steps, server_url, url, sim.tenant)
    await Archiver(engine, archive).catch_up(sim.tenant)

    assert await ledger.everything() == expected
