"""What every test can ask for: a real server, a connected store, an engine, a tenant of its own."""

import asyncio
import inspect
import os
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count

import pytest
import redis
import uvloop
from hypothesis import HealthCheck, settings

from router.calls import PutTenant
from router.engine.connect import connect
from router.engine.driver import StoreDriver
from router.engine.engine import Call, Engine
from router.engine.node import StoreOptions
from router.engine.reply import Outcome, Reply
from tests.servers import TestServer

# A busy machine must not turn a slow reply into a lost one.
PATIENT = StoreOptions(connect_ms=5_000, reply_ms=10_000)
LONG_S = 300
_numbers = count(1)

# The same examples in each run, however slow the machine is: new ones are asked for (model tests).
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


if os.environ.get("ACD_TEST_LOOP") == "uvloop":

    def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
        """Every async test runs on uvloop, as the service does."""
        return {"uvloop": uvloop.new_event_loop}


def _is_short(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("timeout")
    return marker is None or marker.args[0] < LONG_S


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests begin first; where asked for, only those that talk to the store are left."""
    items.sort(key=_is_short)  # a worker left alone with a long one would keep everybody waiting
    if os.environ.get("ACD_TEST_ONLY") != "store":
        return
    others = [item for item in items if "server" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in set(others)]


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    """One server for each worker process, on a unix socket."""
    server = TestServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server_url(server: TestServer) -> str:
    return server.url


@pytest.fixture(autouse=True)
def no_key_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every key that a test leaves is its tenants' own; then they are deleted."""
    yield
    if "server" not in request.fixturenames:
        return
    with redis.Redis(unix_socket_path=request.getfixturevalue("server").server.socket) as client:
        keys = client.keys()
        if keys:
            client.delete(*keys)
    foreign = [key for key in keys if not key.startswith(b"{t-") and key != b"acd:tenants"]
    assert not foreign


@pytest.fixture(autouse=True)
def no_task_leaks(request: pytest.FixtureRequest) -> None:
    """An async test ends with every task ended that was started on its way."""
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("_all_tasks_end")


@pytest.fixture
async def _all_tasks_end() -> AsyncIterator[None]:
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left


@pytest.fixture
async def store(server_url: str) -> AsyncIterator[StoreDriver]:
    """The default driver, connected to the worker's server."""
    store = connect(server_url, options=PATIENT)
    await store.ping()
    yield store
    await store.close()


@pytest.fixture
async def engine(store: StoreDriver) -> Engine:
    """An engine whose library is loaded."""
    engine = Engine(store, router="r-test")
    await engine.start()
    return engine


@pytest.fixture
def new_tenant() -> Callable[[], str]:
    """Makes tenant ids that no other test has."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "w")
    return lambda: f"t-{worker}-{next(_numbers)}"


@pytest.fixture
def tenant(new_tenant: Callable[[], str]) -> str:
    """The id of a tenant that does not exist yet."""
    return new_tenant()


class Sim:
    """A simulated tenant; its clock stands at `now` (ms), where each call is made."""

    def __init__(self, engine: Engine, tenant: str) -> None:
        self.engine = engine
        self.tenant = tenant
        self.now = 1_000_000

    async def call(self, call: Call, *, after: int = 0, **options: str | bool) -> Reply:
        """Moves the clock on by `after` ms and calls; the reply carries its events."""
        self.now += after
        return await self.engine.call(self.tenant, call, now=self.now, echo=True, **options)  # type: ignore[arg-type]

    async def ok(self, call: Call, *, after: int = 0, **options: str | bool) -> Reply:
        """As `call`, and the outcome must be ok."""
        reply = await self.call(call, after=after, **options)
        assert reply.outcome is Outcome.OK, reply
        return reply

    async def read(self, query: Call) -> dict[str, object]:
        return await self.engine.read(self.tenant, query)


@pytest.fixture
async def sim(engine: Engine, tenant: str) -> Sim:
    """A simulated tenant with default settings."""
    sim = Sim(engine, tenant)
    await sim.ok(PutTenant(settings={}, simulated=True))
    return sim
