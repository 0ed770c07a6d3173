"""Owns the router process: what it is made of, how it starts, drains and ends.

Start: store, library, configuration, ticking, journals, listeners. Stop (SIGTERM, SIGINT): not
ready, no new connections, sockets moved to other routers, requests ended, then the rest.
"""

import asyncio
import gc
import secrets
import signal
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Final

import structlog

from router import keys, log
from router.api.auth import Verifier, mint
from router.api.codes import REASONS, CloseCode
from router.api.configs import BODY_MAX
from router.api.edge import Edge
from router.api.http import HttpEdge, full
from router.api.leases import Leases
from router.api.limits import Limits
from router.api.protocol import Reconnect
from router.api.roles import Role
from router.api.session import Session
from router.api.ws import StreamEdge
from router.archive.archive import of_config
from router.calls import Archived
from router.chat import gateway_of
from router.config import Config, ConfigError
from router.engine.connect import EMBEDDED
from router.engine.engine import Engine
from router.engine.timekeeper import Timekeeper
from router.front import Front
from router.gateways.chat.gateway import Gateway
from router.gauges import StateGauges
from router.listener import Answer, Listener
from router.metrics import Metrics
from router.metrics_page import MetricsPage
from router.pages import Pages
from router.renewal import Renewal
from router.setup import Configuration, SetupRefusedError, apply
from router.store import own_engine
from router.watchdog import Watchdog

DEV_TOKEN_S: Final = 12 * 3_600
AGENTS_SHOWN: Final = 3
SCRAPERS_MAX: Final = 100
COLLECT_AFTER: Final = (20_000, 20, 50)

logger = structlog.get_logger()


def wall_ms() -> int:
    """The machine's time; only to see how far a journal's reader is behind."""
    return time.time_ns() // 1_000_000


class Service:
    """One router on one store: its listeners and everything behind them."""

    def __init__(
        self, engine: Engine, verifier: Verifier, config: Config, chat: Gateway | None = None
    ) -> None:
        """Nothing runs before `start`; `chat` is the gateway that runs beside it.

        Raises:
            ValueError: the archive's URL can not be one, or its driver is not installed.

        """
        self.engine = engine
        self.chat = chat
        self.archive = of_config(engine, config)
        self.metrics = Metrics(
            router=engine.router,
            wall_ms=wall_ms,
            service_level_ms=config.metrics.service_level_ms,
        )
        self._drain_ms = config.stop.drain_ms
        self._chance = Random(secrets.randbits(64))  # noqa: S311 - spreads load, hides nothing
        self.edge = Edge(
            engine,
            verifier,
            self.metrics,
            limits=limits_of(config),
            origins=config.http.origins,
            chance=self._chance,
            archive=self.archive,
        )
        self.leases = Leases(self.edge, sockets_max=config.http.connections_max)
        self.timekeeper = Timekeeper(engine, chance=self._chance.random)
        self.renewal = Renewal(engine, chance=self._chance.random)
        every_ms, chance = config.doctor.every_ms, self._chance.random
        self.watchdog = Watchdog(engine, every_ms=every_ms, clock=self.edge.clock, chance=chance)
        self._stream = StreamEdge(self.edge, self.leases)
        http = HttpEdge(self.edge, self._stream.stream)
        gauges = StateGauges(engine, self._tenants, self.edge.clock)
        numbers = None if chat is None else chat.metrics
        for source in (gauges, self.edge.estimates, self.watchdog, self.archive, numbers):
            if source is not None:
                self.metrics.registry.register(source)
        page = MetricsPage(self.metrics.registry, gauges.refresh)
        body_max = max(config.http.body_max_bytes, BODY_MAX)  # the edge holds each to its own
        self.http = Listener(
            front(http.handle, config, chat).handle,
            host=config.http.host,
            port=config.http.port,
            body_max=body_max,
            connections_max=config.http.connections_max,
            full=full,
        )
        self.page = Listener(
            page.handle,
            host=config.metrics.host,
            port=config.metrics.port,
            body_max=body_max,
            connections_max=SCRAPERS_MAX,
            full=full,
        )

    async def start(self) -> None:
        """Begins to tick and to listen.

        Raises:
            OSError: an address can not be had.

        """
        self.timekeeper.late_listeners.append(self.metrics.on_late)
        self.timekeeper.start()
        self.renewal.start()
        self.watchdog.start()
        self.leases.start()
        if self.archive is not None:
            self.archive.start()
        await self.page.start()
        await self.http.start()
        if self.chat is not None:
            await self.chat.start(self.http.loopback_url)

    async def drain(self) -> None:
        """Takes nothing new and sends every socket to another router, spread over `drain_ms`."""
        self.edge.is_draining = True
        await self.http.refuse()
        if self.chat is not None:
            await self.chat.drain()
        moves = [asyncio.create_task(self._move(session)) for session in self.leases.all()]
        moves.append(asyncio.create_task(self._stream.close_unwelcomed()))
        await asyncio.wait(moves)
        for session in self.leases.all():  # welcomed while the others moved
            session.close(CloseCode.DRAINING)

    async def stop(self) -> None:
        """Ends requests in progress, then everything; the engine is left to its owner."""
        if self.chat is not None:
            await self.chat.stop()
        await self.http.stop()
        await self.leases.stop()
        await self.watchdog.close()
        await self.renewal.close()
        await self.timekeeper.close()
        await self.edge.close()
        if self.archive is not None:
            await self.archive.close()
        await self.page.stop()

    async def _move(self, session: Session) -> None:
        """Tells one socket when it will be closed, and closes it then."""
        delay_ms = round(self._chance.random() * self._drain_ms / 2)
        session.send(Reconnect(delay_ms=delay_ms, reason=REASONS[CloseCode.DRAINING]))
        await asyncio.sleep(delay_ms / 1000)
        session.close(CloseCode.DRAINING)
        await session.wait_ended()

    def _tenants(self) -> list[str]:
        return [journal.tenant for journal in self.edge.journals.all()]


def front(protocol: Answer, config: Config, chat: Gateway | None) -> Front:
    """What the main address answers with, as configured."""
    pages = Pages(config.pages.embed_origins) if config.pages.enabled else None
    return Front(protocol, pages, {} if chat is None else {"/chat/": chat.handle})


def limits_of(config: Config) -> Limits:
    """The edges' limits as configured."""
    return Limits(
        body_max_bytes=config.http.body_max_bytes,
        message_max_bytes=config.socket.message_max_bytes,
        outbox_max_bytes=config.socket.outbox_max_bytes,
        hello_timeout_ms=config.socket.hello_timeout_ms,
        ping_ms=config.socket.ping_ms,
        requests_per_s_max=config.http.requests_per_s_max,
        requests_burst_max=config.http.requests_burst_max,
        commands_per_s_max=config.socket.commands_per_s_max,
        commands_burst_max=config.socket.commands_burst_max,
    )


def run(configuration: Configuration) -> None:
    """Serves until SIGTERM or SIGINT; SIGHUP reads the configuration again.

    Raises:
        ConfigError: the configuration can not be carried out here.
        StoreError: the store does not answer at the start.

    """
    config = configuration.current
    log.configure(config.log.format, config.log.level)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(configuration))


async def serve(configuration: Configuration) -> None:
    """As `run`, in the running loop."""
    config = configuration.current
    verifier = keys.verifier(config)
    stop = asyncio.Event()
    async with own_engine(config, f"r-{secrets.token_hex(6)}") as engine:
        try:
            await apply(engine, config.tenants)
        except SetupRefusedError as error:
            raise ConfigError([str(error)]) from None
        try:
            service = Service(engine, verifier, config, gateway_of(config, wall_ms))
        except ValueError as error:
            raise ConfigError([f"archive.url: {error}"]) from None
        reload = _Reload(configuration, service)
        _on_signals(stop.set, reload.begin)
        try:
            for tenant in config.tenants:
                await service.edge.journals.open(tenant)
                if service.archive is None:
                    await engine.call(tenant, Archived(unarchived_max=0, contacts={}))
            await _start(service, config)
            _collect_less()
            announce(service, config)
            await stop.wait()
            logger.info("service.draining", sockets=len(service.leases))
            await service.drain()
        finally:
            _on_signals(None, None)
            await reload.end()
            await service.stop()
        logger.info("service.stopped")


def announce(service: Service, config: Config) -> None:
    """Says where to look; with the embedded store and its own secret, also with which tokens."""
    socket = service.http.url.replace("http", "ws", 1)
    lines = [
        f"Vez listens on {service.http.url} (WebSocket {socket}/v1/stream)",
        f"Metrics are on {service.page.url}/metrics",
    ]
    if config.pages.enabled:
        lines.append(f"Pages: {service.http.url}/desk, /wall, /chat, /admin")
    if config.store.url == EMBEDDED and not config.auth.keys:
        for tenant in config.tenants:
            lines += ["", f"Development tokens of tenant {tenant}, for 12 hours:"]
            lines += _tokens(config, tenant)
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.flush()


def _tokens(config: Config, tenant: str) -> list[str]:
    secret = keys.secrets(config)[0]
    callers = [(role, str(role)) for role in (Role.GATEWAY, Role.SUPERVISOR, Role.ADMIN)]
    callers += [(Role.AGENT, name) for name in list(config.tenants[tenant].agents)[:AGENTS_SHOWN]]
    issuer = config.auth.issuer or None
    return [
        f"  {role} {subject if role is Role.AGENT else '':8} "
        + mint(secret, tenant=tenant, subject=subject, role=role, ttl_s=DEV_TOKEN_S, issuer=issuer)
        for role, subject in callers
    ]


async def _start(service: Service, config: Config) -> None:
    try:
        await service.start()
    except OSError as error:
        places = f"http {config.http.host}:{config.http.port}"
        places += f", metrics {config.metrics.host}:{config.metrics.port}"
        raise ConfigError([f"can not listen ({places}): {error.strerror or error}"]) from None


class _Reload:
    """Reading the configuration again, one reading at a time."""

    def __init__(self, configuration: Configuration, service: Service) -> None:
        self._configuration = configuration
        self._service = service
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        task = asyncio.get_running_loop().create_task(self._reload(), name="reload")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _reload(self) -> None:
        is_ok = await self._configuration.reload(self._service.engine)
        self._service.metrics.on_reload(is_ok=is_ok)
        self._service.edge.renew_log()


def _on_signals(stop: Callable[[], None] | None, reload: Callable[[], None] | None) -> None:
    """Tells what signals do; None gives them back their defaults."""
    loop = asyncio.get_running_loop()
    wanted = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: reload}
    for number, action in wanted.items():
        if action is None:
            loop.remove_signal_handler(number)
        else:
            loop.add_signal_handler(number, action)


def _collect_less() -> None:
    """What is here stays: it is not looked through again and again while calls wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The fast loop where there is one."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not on every platform

    return uvloop.new_event_loop
