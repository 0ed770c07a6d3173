"""The router as a process: two at once, clean stop, reload, and a kill that loses nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from router.api.codes import CloseCode
from router.api.roles import Role
from router.service import Service
from tests.clients import SECRET, Api, connected, stream
from tests.routers import NewService
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent
FILE = """
[store]
url = "{url}"
data_dir = "{data_dir}"
[http]
port = 0
[metrics]
port = 0
[auth.keys.main]
secret = "{secret}"
[stop]
drain_ms = 200
[tenants.{tenant}]
[tenants.{tenant}.channels]
voice = {{ cost = 1 }}
[tenants.{tenant}.queues.general]
[tenants.{tenant}.queues.sales]
[tenants.{tenant}.agents.ann]
memberships = {{ sales = {{}} }}
slots = {{ voice = 2 }}
"""


class Process:
    """A running `acd serve`."""

    def __init__(self, process: asyncio.subprocess.Process, lines: list[str]) -> None:
        self.process = process
        self.lines = lines
        self.url = lines[0].split()[3]
        self.metrics_url = lines[1].split()[3]

    async def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        async with asyncio.timeout(20):
            return await self.process.wait()


Serve = Callable[[Path], Awaitable[Process]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts `acd serve` with a file; what still runs at the end is killed."""
    async with AsyncExitStack() as stack:

        async def start(path: Path) -> Process:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "router", "--config", str(path), "serve"),
                cwd=path.parent,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=asyncio.subprocess.PIPE,
            )
            stack.push_async_callback(finish, process)
            assert process.stdout is not None
            async with asyncio.timeout(20):
                lines = [(await process.stdout.readline()).decode() for _ in range(2)]
            return Process(process, lines)

        yield start


async def finish(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def write(directory: Path, tenant: str, url: str) -> Path:
    path = directory / "config.toml"
    path.write_text(
        FILE.format(url=url, data_dir=directory / "store", secret=SECRET.decode(), tenant=tenant)
    )
    return path


async def test_two_routers_serve_one_tenant_at_once(api: Api, new_service: NewService) -> None:
    await api.furnish("ann", "bob")
    second = await new_service()
    other = Api(api.http, second.http.url, api.tenant)
    async with stream(api, Role.AGENT, "ann") as ann, stream(other, Role.AGENT, "bob") as bob:
        for desk in (ann, bob):
            await desk.command("set_state", presence="ready")
        await asyncio.gather(
            *((api if n % 2 else other).admit(f"c-{n}", channel="chat") for n in range(4))
        )
        offers = [await desk.event("offer.made") for desk in (ann, bob) for _ in range(2)]
        repeats = await asyncio.gather(
            *(
                one.call("POST", "/v1/contacts", {"contact": "same", "channel": "voice"})
                for one in (api, other) * 3
            )
        )

    assert sorted(offer["event"]["contact"] for offer in offers) == ["c-0", "c-1", "c-2", "c-3"]
    assert sorted(status for status, _ in repeats) == [200] * 5 + [201]


async def test_a_draining_router_sends_its_desktops_to_another_with_their_offers(
    api: Api, service: Service, new_service: NewService
) -> None:
    await api.furnish("ann")
    second = await new_service()
    async with stream(api, Role.AGENT, "ann", session="s1") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1")
        offer = await desk.event("offer.made")
        draining = asyncio.create_task(service.drain())

        assert (await desk.message("reconnect"))["delay_ms"] <= 100
        assert await desk.closed() == CloseCode.DRAINING
        await draining
    hello: dict[str, Any] = {"session": "s1", "position": desk.position}
    async with stream(api, Role.AGENT, "ann", url=second.http.url, **hello) as moved:
        assert moved.welcome["recovered"] is True
        accepted = await moved.command("accept", contact="c-1", offer=offer["event"]["offer"])
        assert accepted["state"] == "assigned"
        names = [message["event"]["e"] for message in moved.events]
        assert "offer.revoked" not in names


async def test_a_draining_router_is_not_ready_and_takes_no_new_sockets(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    async with api.http.get(f"{api.url}/readyz") as answer:
        assert answer.status == 200  # and the connection stays open

    await service.drain()

    async with api.http.get(f"{api.url}/readyz") as answer:
        assert (answer.status, await answer.text()) == (503, "draining\n")
    with pytest.raises(aiohttp.ClientError):
        async with aiohttp.ClientSession() as fresh, fresh.get(f"{api.url}/healthz"):
            pass


async def test_a_socket_without_hello_does_not_hold_up_the_drain(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    async with connected(api, Role.AGENT, "ann") as desk:
        closing = asyncio.create_task(desk.closed())
        async with asyncio.timeout(20):
            await service.drain()
            assert await closing == CloseCode.DRAINING
            await service.http.stop()


async def test_a_hello_that_comes_while_the_router_drains_opens_no_session(
    api: Api, service: Service, new_service: NewService
) -> None:
    await api.furnish("ann")
    second = await new_service()
    async with connected(api, Role.AGENT, "ann") as desk:
        service.edge.is_draining = True
        await desk.send({"type": "hello", "protocol": 1})

        assert await desk.closed() == CloseCode.DRAINING
    other = Api(api.http, second.http.url, api.tenant)
    assert (await other.ok("GET", "/v1/agents/ann"))["sessions"] == []


async def test_sigterm_ends_the_process_cleanly(
    serve: Serve, tmp_path: Path, tenant: str, server_url: str, http: aiohttp.ClientSession
) -> None:
    router = await serve(write(tmp_path, tenant, server_url))
    api = Api(http, router.url, tenant)
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        ending = asyncio.create_task(router.end(signal.SIGTERM))

        await desk.message("reconnect")
        assert await desk.closed() == CloseCode.DRAINING
        assert await ending == 0


async def test_sighup_applies_the_file_and_keeps_the_sockets(
    serve: Serve, tmp_path: Path, tenant: str, server_url: str, http: aiohttp.ClientSession
) -> None:
    path = write(tmp_path, tenant, server_url)
    router = await serve(path)
    api = Api(http, router.url, tenant)

    async def reloads(result: str) -> bool:
        async with http.get(f"{router.metrics_url}") as answer:
            text = await answer.text()
        return f'acd_config_reloads_total{{result="{result}"}}' in text

    async with stream(api, Role.SUPERVISOR) as watcher:
        good = path.read_text()
        path.write_text(good + "[tenants." + tenant + ".queues.late]\nring_ms = 7000\n")
        router.process.send_signal(signal.SIGHUP)
        assert (await watcher.event("config.queue"))["event"]["queue"] == "late"
        path.write_text(good + "nonsense = 1\n")
        router.process.send_signal(signal.SIGHUP)
        await wait_until(lambda: reloads("refused"))
        assert (await watcher.command("queues"))["outcome"] == "ok"
    assert await reloads("ok")


async def test_a_killed_router_loses_nothing_and_its_desktops_go_on_elsewhere(
    serve: Serve, tmp_path: Path, tenant: str, server_url: str, http: aiohttp.ClientSession
) -> None:
    path = write(tmp_path, tenant, server_url)
    doomed, other = await serve(path), await serve(path)
    api = Api(http, doomed.url, tenant)
    survivor = Api(http, other.url, tenant)
    admitted: set[str] = set()

    async def push(worker: int) -> None:
        for number in range(1_000):
            contact = f"c-{worker}-{number}"
            try:
                await api.admit(contact)
            except aiohttp.ClientError:
                return
            admitted.add(contact)

    async with stream(api, Role.AGENT, "ann", session="s1") as desk:
        await desk.command("set_state", presence="ready")
        pushing = [asyncio.create_task(push(worker)) for worker in range(8)]
        offer = (await desk.event("offer.made"))["event"]
        await desk.command("accept", contact=offer["contact"], offer=offer["offer"])
        await wait_until(lambda: len(admitted) > 100)
        await doomed.end(signal.SIGKILL)
        await asyncio.gather(*pushing)

    hello: dict[str, Any] = {"session": "s1", "position": desk.position}
    async with stream(survivor, Role.AGENT, "ann", **hello) as back:
        closed = await back.command("close", contact=offer["contact"])
        assert closed["state"] == "closed"
        await back.event("contact.closed")
        await back.event("offer.made")
    for contact in admitted:
        assert (await survivor.ok("GET", f"/v1/contacts/{contact}"))["contact"] == contact


async def test_a_killed_router_with_its_own_store_finds_everything_again(
    serve: Serve, tmp_path: Path, tenant: str, http: aiohttp.ClientSession
) -> None:
    path = write(tmp_path, tenant, "embedded://")
    first = await serve(path)
    api = Api(http, first.url, tenant)
    for number in range(50):
        await api.admit(f"c-{number}")
    await first.end(signal.SIGKILL)

    second = await serve(path)
    api = Api(http, second.url, tenant)
    found = await api.ok("GET", "/v1/contacts?queue=sales&state=queued")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        assert (await desk.event("offer.made"))["event"]["contact"] == "c-0"

    assert len(found["contacts"]) == 50
    assert await second.end(signal.SIGTERM) == 0
