"""Both drivers, and a small library of functions to call through them."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import redis

from router.engine.connect import DriverName, connect
from router.engine.driver import StoreDriver
from router.engine.library import Library, assemble
from router.engine.node import StoreOptions
from tests.conftest import PATIENT
from tests.servers import TestServer

PRELUDE = "local function say(text) return cmsgpack.pack({ outcome = 'ok', state = text }) end\n"
REGISTER = """
local function register(name, callback, flags)
  name = 'acd_@VERSION@_' .. name
  redis.register_function({ function_name = name, callback = callback, flags = flags })
end
register('echo', function(keys, argv) return argv[1] end, { 'no-writes' })
register('note', function(keys, argv)
  redis.call('INCR', keys[1] .. ':notes')
  return argv[1]
end)
register('write_down', function(keys, argv)
  return redis.call('XADD', keys[1], '*', 'e', argv[1])
end)
register('break_down', function(keys, argv) return redis.call('HGET', keys[1], {}) end)
register('tick', function(keys, argv) return 'no reply' end)
register('number', function(keys, argv) return 7 end)
register('hang', function(keys, argv) while true do end end)
register('greet', function(keys, argv) return say(greeting) end)
"""

Connect = Callable[..., StoreDriver]


def small_library(root: Path, greeting: str = "hello") -> Library:
    """A library of a few functions, assembled as the real one is."""
    for owner in ("presence", "queues", "router"):
        (root / owner / "lua").mkdir(parents=True)
    lua = root / "router" / "lua"
    (lua / "prelude.lua").write_text(PRELUDE + "local greeting\n")
    (lua / "greeting.lua").write_text(f"greeting = '{greeting}'\n")
    (lua / "register.lua").write_text(REGISTER)
    return assemble(roots=[root / owner / "lua" for owner in ("presence", "queues", "router")])


@pytest.fixture(params=["redis", "asyncio-redis"])
def driver_name(request: pytest.FixtureRequest) -> DriverName:
    name: DriverName = request.param
    return name


@pytest.fixture
async def connecting(driver_name: DriverName) -> AsyncIterator[Connect]:
    """Connects the driver under test, to any server, and closes it at the end."""
    async with AsyncExitStack() as closing:

        def connect_to(url: str, options: StoreOptions = PATIENT) -> StoreDriver:
            driver = connect(url, driver=driver_name, options=options)
            closing.push_async_callback(driver.close)
            return driver

        yield connect_to


@pytest.fixture
def driver(connecting: Connect, server_url: str) -> StoreDriver:
    """The driver under test on the worker's server."""
    return connecting(server_url)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return small_library(tmp_path)


@pytest.fixture
async def loaded(driver: StoreDriver, library: Library) -> StoreDriver:
    """The driver under test, with the small library loaded."""
    await driver.load(library.code)
    return driver


@pytest.fixture
def operator(server: TestServer) -> Iterator[redis.Redis]:
    """An independent client on the same server."""
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        yield client


@pytest.fixture
def key(tenant: str) -> str:
    return f"{{{tenant}}}:meta"
