"""An archive on each kind of database, and a journal to be archived."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from router.archive.archiver import Archiver, Pace
from router.archive.database import Database
from router.engine.engine import Engine
from tests.archive.ledger import Ledger
from tests.databases import PostgresServer
from tests.routers import api, http, new_service  # noqa: F401

NewArchive = Callable[..., Awaitable[Database]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a worker waits for PostgreSQL to be made, on a machine that may be busy."""
    for item in items:
        is_ours = item.path.is_relative_to(Path(__file__).parent)
        if is_ours and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(90))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for each worker process; the tests that ask for it are skipped without one."""
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty archive's address."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/archive.sqlite"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def open_archive(url: str) -> AsyncIterator[NewArchive]:
    """Opens the archive, as often as it is asked: each as if by another router."""
    async with AsyncExitStack() as stack:

        async def open_one() -> Database:
            database = Database(url)
            stack.push_async_callback(database.close)
            await database.open()
            return database

        yield open_one


@pytest.fixture
async def archive(open_archive: NewArchive) -> Database:
    return await open_archive()


@pytest.fixture
async def archiver(engine: Engine, archive: Database) -> Archiver:
    """Not started: tests say when it goes on."""
    return Archiver(engine, archive, pace=Pace(batch=7))


@pytest.fixture
def ledger(archive: Database, tenant: str) -> Ledger:
    """What the archive holds, to be looked at."""
    return Ledger(archive, tenant)
