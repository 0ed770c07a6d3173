"""From a store's URL to a driver."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from router.engine.address import Address, parse
from router.engine.driver import StoreDriver
from router.engine.embedded import EmbeddedServer
from router.engine.node import StoreOptions
from router.engine.redis_driver import RedisDriver, SentinelDriver

EMBEDDED = "embedded://"
DriverName = Literal["redis", "asyncio-redis"]


def connect(
    url: str, *, driver: DriverName = "redis", options: StoreOptions | None = None
) -> StoreDriver:
    """A driver for the store at that URL; it connects when it is first used.

    Raises: ValueError when the URL is not understood, or the driver can not reach such a store.
    """
    address, options = parse(url), options or StoreOptions()
    if driver == "asyncio-redis":
        return _asyncio_redis(address, options)
    if address.kind == "cluster":
        from router.engine.cluster import ClusterDriver  # noqa: PLC0415  few need it

        return ClusterDriver(address, options)
    if address.kind == "sentinel":
        return SentinelDriver(address, options)
    return RedisDriver(address, options)


@asynccontextmanager
async def open_store(
    url: str,
    *,
    data_dir: Path,
    binary: str | None = None,
    driver: DriverName = "redis",
    options: StoreOptions | None = None,
) -> AsyncIterator[StoreDriver]:
    """A driver that is closed at the end; `embedded://` starts a server on `data_dir` and stops it.

    Raises: ValueError for a URL, EmbeddedError for a server that does not start.
    """
    server = EmbeddedServer.start(data_dir, binary=binary) if url == EMBEDDED else None
    try:
        store = connect(server.url if server else url, driver=driver, options=options)
        try:
            yield store
        finally:
            await store.close()
    finally:
        if server:
            server.stop()


def _asyncio_redis(address: Address, options: StoreOptions) -> StoreDriver:
    from router.engine.asyncio_redis_driver import AsyncioRedisDriver  # noqa: PLC0415  optional

    return AsyncioRedisDriver(address, options)
