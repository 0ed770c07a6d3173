"""The command `acd demo`: a small center's traffic against a running router, by real clients.

Gateways bring contacts over HTTP; every agent of the configuration has a desktop on a WebSocket, a
supervisor watches. Nothing of the engine is called but its protocol.
"""

import asyncio
import secrets
import signal
from contextlib import AsyncExitStack

import aiohttp
from rich.console import Console

from router import keys
from router.api.auth import mint
from router.api.roles import Role
from router.config import Config, TenantConfig
from router.insight.demo.connection import Connection, Turned
from router.insight.demo.desk import Desk
from router.insight.demo.gateway import Gateway
from router.insight.demo.ledger import Ledger, Summary
from router.insight.demo.people import Pace, People, ways
from router.insight.demo.screen import Screen, drawing, print_summary

__all__ = ["DemoError", "Pace", "Summary", "run"]

TOKEN_S = 12 * 3_600
WELCOME_S = 5.0
END_S = 120.0


class DemoError(Exception):
    """What the user can put right; the text tells him how."""


def run(
    config: Config,
    *,
    tenant: str = "demo",
    url: str | None = None,
    minutes: float | None = 2.0,
    contacts: int | None = None,
    speed: float = 1.0,
    seed: int | None = None,
) -> bool:
    """Runs the demo and prints its summary; answers whether every contact reached an end.

    It ends after `minutes`, or when `contacts` have come, whichever is first; then, or at the first
    Ctrl-C, customers stop coming and those under way are served. `speed` shortens all durations
    but the router's own. `url` is the router's; by default that of the configuration.
    Raises: DemoError.
    """
    plan = config.tenants.get(tenant)
    if plan is None or not ways(plan):
        known = ", ".join(config.tenants) or "none"
        raise DemoError(f"tenant {tenant}: the configuration has none with agents; it has {known}")
    secret = keys.secrets(config)
    if not secret:
        raise DemoError("auth.keys has public keys only: the demo can not sign its tokens")
    base = url or f"http://{config.http.host}:{config.http.port}"
    demo = Demo(plan, tenant, secret[0], config.auth.issuer or None)
    people = People(plan, secrets.randbits(32) if seed is None else seed, speed, Pace())

    async def play() -> Summary:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
        return await demo.play(base, people, minutes, contacts, stop)

    summary = asyncio.run(play())
    print_summary(Console(), summary)
    return not summary.lost


class Demo:
    """One run: who takes part, with which tokens."""

    def __init__(self, plan: TenantConfig, tenant: str, secret: bytes, issuer: str | None) -> None:
        self._plan = plan
        self._tenant = tenant
        self._secret = secret
        self._issuer = issuer

    async def play(
        self,
        base: str,
        people: People,
        minutes: float | None,
        contacts: int | None,
        stop: asyncio.Event,
    ) -> Summary:
        """Opens the center, brings contacts, lets them end, closes it. Raises: DemoError."""
        mark = secrets.token_hex(3)
        ledger = Ledger(mark)
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(aiohttp.ClientSession(base))
            await _check(http, base)
            gateway = Gateway(http, self._token(Role.GATEWAY, "demo"), people, ledger, mark)
            watcher = Connection(http, self._token(Role.SUPERVISOR, "demo"), _ignore, _ignore)
            desks = self._desks(http, people)
            connections = [gateway.connection, watcher, *(desk.connection for desk in desks)]
            await stack.enter_async_context(_Connected(connections))
            stack.enter_context(drawing(Screen(Console(), watcher, ledger)))
            try:
                async with asyncio.timeout(None if minutes is None else minutes * 60):
                    await gateway.bring(contacts, stop)
            except TimeoutError:
                pass  # the time is over; those who are there are served
            await gateway.end(END_S, stop)
            await asyncio.gather(*(desk.leave() for desk in desks))
        return ledger.summary()

    def _desks(self, http: aiohttp.ClientSession, people: People) -> list[Desk]:
        queues = list(self._plan.queues)
        return [
            Desk(http, self._token(Role.AGENT, agent), agent, queues, people)
            for agent in self._plan.agents
        ]

    def _token(self, role: Role, subject: str) -> str:
        return mint(
            self._secret,
            tenant=self._tenant,
            subject=subject,
            role=role,
            ttl_s=TOKEN_S,
            issuer=self._issuer,
        )


class _Connected:
    """Keeps connections while the block runs. Raises: DemoError when one can not be made."""

    def __init__(self, connections: list[Connection]) -> None:
        self._connections = connections
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> None:
        self._tasks = [asyncio.create_task(connection.run()) for connection in self._connections]
        welcomes = [connection.is_welcome.wait() for connection in self._connections]
        try:
            async with asyncio.timeout(WELCOME_S):
                await asyncio.gather(*welcomes)
        except TimeoutError:
            await self.__aexit__()
            raise DemoError(f"the router did not welcome everybody: {self._reason()}") from None

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _reason(self) -> str:
        turned = [
            str(error)
            for task in self._tasks
            if not task.cancelled() and isinstance(error := task.exception(), Turned)
        ]
        return turned[0] if turned else f"nothing came for {WELCOME_S:.0f} s"


async def _check(http: aiohttp.ClientSession, base: str) -> None:
    try:
        async with http.get("/healthz") as answer:
            answer.raise_for_status()
    except aiohttp.ClientError as error:
        sentence = "start it in another terminal with scripts/serve"
        raise DemoError(f"no router answers at {base} ({error}): {sentence}") from None


def _ignore(_: object) -> None:
    return
