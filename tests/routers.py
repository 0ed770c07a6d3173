"""A router with its listeners, on the worker's server, and clients of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import msgspec
import pytest

from router.api.auth import Verifier
from router.config import ArchiveConfig, Config, HttpConfig, MetricsConfig, SocketConfig, StopConfig
from router.engine.connect import connect
from router.engine.engine import Engine
from router.gateways.chat.gateway import Gateway
from router.service import Service
from tests.clients import SECRET, Api
from tests.conftest import PATIENT
from tests.waiting import wait_until

ANY_PORT = Config(
    http=HttpConfig(port=0),
    metrics=MetricsConfig(port=0),
    socket=SocketConfig(ping_ms=4_000),
    stop=StopConfig(drain_ms=100),
    archive=ArchiveConfig(enabled=False),
)

NewService = Callable[..., Awaitable[Service]]


@pytest.fixture
async def new_service(server_url: str) -> AsyncIterator[NewService]:
    """Starts routers, each with its own connections; all are stopped at the end."""
    async with AsyncExitStack() as stack:

        async def start(config: Config = ANY_PORT, chat: Gateway | None = None) -> Service:
            number = len(started)
            store = connect(server_url, options=PATIENT)
            stack.push_async_callback(store.close)
            engine = Engine(store, router=f"r-{number}")
            await engine.start()
            service = Service(engine, Verifier(secret_keys=(SECRET,)), config, chat)
            await service.start()
            stack.push_async_callback(service.stop)
            started.append(service)
            return service

        started: list[Service] = []
        yield start


@pytest.fixture
async def service(new_service: NewService) -> Service:
    return await new_service()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(service: Service, http: aiohttp.ClientSession, tenant: str) -> Api:
    return Api(http, service.http.url, tenant)


@pytest.fixture
async def archived(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str, tmp_path: Path
) -> Api:
    """A router that keeps an archive."""
    archive = ArchiveConfig(url=f"sqlite:///{tmp_path}/archive.sqlite", flush_ms=1)
    service = await new_service(msgspec.structs.replace(ANY_PORT, archive=archive))
    api = Api(http, service.http.url, tenant)

    async def is_open() -> bool:
        return (await api.call("GET", "/v1/inbox/counts"))[0] == 200

    await wait_until(is_open)
    return api


def with_limits(**socket: int) -> Config:
    """A configuration with other limits of sockets."""
    return msgspec.structs.replace(ANY_PORT, socket=SocketConfig(**socket))
