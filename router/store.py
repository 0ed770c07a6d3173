"""Owns the way from the configuration to an engine: the router's own, or a visitor's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from router.config import Config, StoreConfig
from router.engine.batcher import Durability
from router.engine.connect import EMBEDDED, connect, open_store
from router.engine.driver import StoreDown, StoreDriver
from router.engine.engine import Engine
from router.engine.node import StoreOptions


class NothingRunsError(Exception):
    """There is no running store to visit; the text says what to do."""


class _ServerFile(msgspec.Struct):
    """What the embedded server's pid file tells of it."""

    socket: str


def options(config: StoreConfig) -> StoreOptions:
    """The configured limits of the connections to the store."""
    return StoreOptions(
        connect_ms=config.connect_timeout_ms,
        reply_ms=config.call_timeout_ms,
        durability=Durability(
            wait_replicas=config.replicas,
            wait_ms=config.replicas_timeout_ms,
        ),
    )


@asynccontextmanager
async def own_engine(config: Config, router: str) -> AsyncIterator[Engine]:
    """A router's engine with its library loaded; an embedded store is started and stopped.

    Raises: ValueError for a URL, EmbeddedError for a server that does not start, StoreError.
    """
    store = config.store
    async with open_store(
        store.url,
        data_dir=Path(store.data_dir),
        binary=store.server or None,
        driver=store.driver,
        options=options(store),
    ) as driver:
        engine = Engine(driver, router=router)
        await engine.start()
        yield engine


@asynccontextmanager
async def visiting_engine(config: Config) -> AsyncIterator[Engine]:
    """An engine on the store that routers use already; nothing is started.

    Raises: NothingRunsError, StoreError.
    """
    store = config.store
    is_embedded = store.url == EMBEDDED
    url = _embedded_url(Path(store.data_dir)) if is_embedded else store.url
    driver = connect(url, driver=store.driver, options=options(store))
    try:
        if is_embedded:
            await _check_runs(driver, Path(store.data_dir))
        yield Engine(driver, router="visitor")
    finally:
        await driver.close()


def _embedded_url(data_dir: Path) -> str:
    """The address of the embedded store that a router runs on the directory."""
    try:
        server = msgspec.json.decode((data_dir / "server.pid").read_bytes(), type=_ServerFile)
    except (OSError, msgspec.DecodeError):
        raise _nothing_runs(data_dir) from None
    return f"unix://{quote(server.socket)}"


async def _check_runs(driver: StoreDriver, data_dir: Path) -> None:
    """The file of a server that was killed may still name its socket."""
    try:
        await driver.ping()
    except StoreDown:
        raise _nothing_runs(data_dir) from None


def _nothing_runs(data_dir: Path) -> NothingRunsError:
    return NothingRunsError(f"no engine runs on {data_dir}: start one with `acd serve`")
