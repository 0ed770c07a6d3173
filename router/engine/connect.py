"""From a store's URL to a driver."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Literal

import structlog

from router.engine.address import Address, parse
from router.engine.binary import EmbeddedError
from router.engine.driver import StoreDriver
from router.engine.embedded import EmbeddedServer
from router.engine.node import StoreOptions
from router.engine.redis_driver import RedisDriver, SentinelDriver

EMBEDDED = "embedded://"
LOOK_S: Final = 0.25
AGAIN_S: Final = 1.0  # the pause after a start that failed
DriverName = Literal["redis", "asyncio-redis"]

logger = structlog.get_logger()


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

    Should that server end by itself, it is started again.
    Raises: ValueError for a URL, EmbeddedError for a server that does not start.
    """
    if url != EMBEDDED:
        store = connect(url, driver=driver, options=options)
        try:
            yield store
        finally:
            await store.close()
        return
    server = EmbeddedServer.start(data_dir, binary=binary)
    keeper = asyncio.create_task(_keep_alive(server), name="embedded-server")
    try:
        async with open_store(
            server.url, data_dir=data_dir, driver=driver, options=options
        ) as inner:
            yield inner
    finally:
        keeper.cancel()
        await asyncio.wait([keeper])
        server.stop()


async def _keep_alive(server: EmbeddedServer) -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        if server.is_running:
            continue
        logger.error("store.ended", reason="the embedded server ended by itself")
        try:
            await server.revive()
            logger.warning("store.revived", pid=server.pid)
        except (EmbeddedError, OSError, subprocess.SubprocessError) as error:
            logger.exception("store.not_revived", reason=str(error))
            await asyncio.sleep(AGAIN_S)


def _asyncio_redis(address: Address, options: StoreOptions) -> StoreDriver:
    from router.engine.asyncio_redis_driver import AsyncioRedisDriver  # noqa: PLC0415  optional

    return AsyncioRedisDriver(address, options)
