"""Where simulations run: a store of their own, and simulated tenants that leave nothing behind."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError, ResponseError

from router.engine.address import parse
from router.engine.commands import CommandDriver
from router.engine.driver import StoreDown, StoreError, StoreUnknown
from router.engine.embedded import EmbeddedServer
from router.engine.engine import TENANTS_KEY, Engine
from router.engine.redis_wire import pack
from router.engine.wire import Answer, Command
from router.insight.bank import ReplayError

REPLY_S = 30  # nobody waits for a simulation's answers; a busy machine may take its time
SCAN_COUNT = b"1000"


class BadStore(ReplayError):
    """The store's URL is not one that a simulation can use."""


@contextmanager
def own_store() -> Iterator[str]:
    """A new server without persistence, in a temporary directory; yields its URL.

    Raises: EmbeddedError when there is no server to start.
    """
    with tempfile.TemporaryDirectory(prefix="acd-simulation-") as directory:
        server = EmbeddedServer.start(Path(directory), settings={"appendonly": "no"})
        try:
            yield server.url
        finally:
            server.stop()


class SoloDriver(CommandDriver):
    """A store driver for one caller that has nothing else to do: it blocks for each answer.

    A simulation sends one call after another, each chosen by the answer before; the event loop
    between them would only cost time.
    """

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(url, socket_timeout=REPLY_S, protocol=2)
        # redis-py types few methods of its connections.
        self._connection: Any = self._client.connection_pool.make_connection()

    async def close(self) -> None:
        """Closes the connection."""
        self._connection.disconnect()
        self._client.close()

    async def remove(self, tenant: str) -> None:
        """Removes every key of a tenant, and the tenant from the list of them."""
        cursor = b"0"
        while True:
            scan = (b"SCAN", cursor, b"MATCH", b"{%b}:*" % tenant.encode(), b"COUNT", SCAN_COUNT)
            cursor, keys = self._ask(scan)
            if keys:
                self._ask((b"UNLINK", *keys))
            if cursor == b"0":
                break
        self._ask((b"SREM", TENANTS_KEY.encode(), tenant.encode()))

    async def _write(self, key: bytes, command: Command) -> Answer:
        del key  # there is one server for all keys
        return self._ask(command)

    async def _read(self, key: bytes, command: Command) -> Answer:
        del key
        return self._ask(command)

    async def _block(self, key: bytes, command: Command, block_ms: int) -> Answer:
        del key, block_ms
        return self._ask(command)

    async def _each_primary(self, command: Command) -> list[Answer]:
        try:
            return [self._ask(command)]
        except StoreError as error:
            return [error]

    def _ask(self, command: Command) -> Answer:
        try:
            self._connection.connect()
        except RedisError as error:
            raise StoreDown(str(error)) from error
        try:
            self._connection.send_packed_command([pack([command])], check_health=False)
            return self._connection.read_response(disable_decoding=True)
        except ResponseError as error:
            raise StoreError(str(error)) from error
        except RedisError as error:
            raise StoreUnknown(f"connection lost: {error}") from error


class Stage:
    """An engine on a store, and the tenants that were made there for one simulation each."""

    def __init__(self, engine: Engine, driver: SoloDriver) -> None:
        self.engine = engine
        self._driver = driver

    @asynccontextmanager
    async def tenant(self, purpose: str) -> AsyncIterator[str]:
        """The id of a tenant that nobody has used; all its keys are removed afterwards."""
        tenant = f"{purpose}-{secrets.token_hex(4)}"
        try:
            yield tenant
        finally:
            await self._driver.remove(tenant)


@asynccontextmanager
async def stage(url: str, router: str) -> AsyncIterator[Stage]:
    """Connects to a single server.

    Raises: BadStore when the URL is not that of one server, StoreError when it does not answer.
    """
    try:
        address = parse(url)
    except ValueError as error:
        raise BadStore(f"--store {url}: {error}") from None
    if address.kind not in ("single", "unix"):
        raise BadStore(f"--store: {address}: expected one server, redis://, rediss:// or unix://")
    driver = SoloDriver(url)
    engine = Engine(driver, router=router)
    try:
        await engine.start()
        yield Stage(engine, driver)
    finally:
        await engine.close()
