"""Owns the archive's database: SQLite in a file or PostgreSQL; one thread writes, a few read."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from router.archive.schema import NewerArchiveError, migrate

FILE: Final = "archive.sqlite"
BUSY_MS: Final = 10_000
OPEN_S: Final = 2.0
WRITES: Final = "acd_writes"
T = TypeVar("T")


class ArchiveError(Exception):
    """Raised when the archive does not answer, or not as it should; nothing was changed."""


class Database:
    """One archive; what is handed to it runs in its threads, in a transaction of its own."""

    def __init__(self, url: str, *, readers: int = 2) -> None:
        """Connects to nothing before `open`.

        Raises: ValueError for an address that can not be one.
        """
        self.url = url
        self._opened = asyncio.Event()
        self._engine = _engine(url, readers)
        self._writing = self._engine.execution_options(**{WRITES: True})
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="archive-write")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="archive-read")

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    async def open(self) -> None:
        """Makes the tables, or brings them to this version. Raises: ArchiveError."""
        if self.kind == "sqlite" and self._engine.url.database:
            try:
                Path(self._engine.url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ArchiveError(str(error)) from error
        await self.write(migrate)
        self._opened.set()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Runs the work in one transaction: all of it, or nothing. Raises: ArchiveError."""
        return await self._run(self._writer, self._writing, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Runs a question, once the archive is open. Raises: ArchiveError."""
        if not self._opened.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._opened.wait(), OPEN_S)
        if not self._opened.is_set():
            raise ArchiveError("the archive is not open")
        return await self._run(self._readers, self._engine, work)

    async def close(self) -> None:
        """Lets what runs end, then closes every connection."""
        loop = asyncio.get_running_loop()
        for pool in (self._writer, self._readers):
            await loop.run_in_executor(None, pool.shutdown)
        self._engine.dispose()

    async def _run(
        self, pool: ThreadPoolExecutor, engine: Engine, work: Callable[[Connection], T]
    ) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(pool, _in_transaction, engine, work)
        except (SQLAlchemyError, NewerArchiveError) as error:
            raise ArchiveError(str(error).partition("\n")[0]) from error


def address(url: str, data_dir: str) -> str:
    """The archive's URL: the configured one, or the file in the data directory."""
    if url:
        return url
    return URL.create("sqlite", database=str(Path(data_dir) / FILE)).render_as_string()


def put(
    connection: Connection, table: Table, rows: list[dict[str, Any]], *, over: bool = True
) -> None:
    """Writes the rows, all with the same columns; over those with their keys, or only new ones."""
    if not rows:
        return
    sql, order = _upsert(connection.dialect, table, tuple(rows[0]), over=over)
    if order is None:
        connection.exec_driver_sql(sql, rows)
    else:
        connection.exec_driver_sql(sql, [tuple(row[name] for name in order) for row in rows])


@lru_cache(maxsize=100)
def _upsert(
    dialect: Dialect, table: Table, columns: tuple[str, ...], *, over: bool
) -> tuple[str, tuple[str, ...] | None]:
    """The statement, and the order of its values where they have no names.

    Made once: making it anew for each batch was a third of the archiver's time.
    """
    made = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
    own = [name for name in columns if not table.c[name].primary_key]
    if over and own:
        keys = list(table.primary_key.columns)
        changed = {name: made.excluded[name] for name in own}
        whole = made.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        whole = made.on_conflict_do_nothing()
    compiled = whole.compile(dialect=dialect, column_keys=list(columns))
    order = compiled.positiontup
    return str(compiled), None if order is None else tuple(order)


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _engine(url: str, readers: int) -> Engine:
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise ValueError(f"not an address of an archive: {error}") from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        url_of_driver = parsed.set(drivername="postgresql+psycopg")
        options = {"pool_size": readers + 1, "max_overflow": 0, "pool_pre_ping": True}
        try:
            return create_engine(url_of_driver, **options)
        except ImportError:
            raise ValueError("PostgreSQL needs the extra `postgres` (psycopg)") from None
    raise ValueError(f"an archive is sqlite or postgresql, not {parsed.get_backend_name()}")


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        """What is committed is on the disk; who reads does not wait for who writes."""
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine
