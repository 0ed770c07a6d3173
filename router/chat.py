"""Owns the web chat's place in a process: whose it is, its token and secret, its running alone."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from router import keys, log
from router.api.auth import mint
from router.api.roles import Role
from router.config import Config, ConfigError
from router.front import Front
from router.gateways.chat.gateway import BODY_MAX, Gateway
from router.listener import Answer, Listener
from router.metrics_page import MetricsPage
from router.pages import Pages
from router.pages.pages import CUSTOMERS

SUBJECT: Final = "chat"
READ_AGAIN_S: Final = 60.0
SCRAPERS_MAX: Final = 100

logger = structlog.get_logger()


def gateway_of(config: Config, wall_ms: Callable[[], int]) -> Gateway | None:
    """The chat that a router runs beside itself; None when there is none, and why is logged.

    Raises: ConfigError, when its secret can not be read.
    """
    chat = config.chat
    if not chat.enabled or not config.tenants:
        return None
    try:
        return _gateway(config, wall_ms)
    except LookupError as missing:
        logger.info("chat.off", because=str(missing))
        return None


async def serve_alone(config: Config, wall_ms: Callable[[], int]) -> None:
    """Serves the chat of a router elsewhere, until SIGTERM or SIGINT.

    Raises: ConfigError, when something that it needs is not configured.
    """
    log.configure(config.log.format, config.log.level)
    if not config.chat.routers:
        raise ConfigError(["chat.routers: expected a router's address, when the chat runs alone"])
    try:
        gateway = _gateway(config, wall_ms)
    except LookupError as missing:
        raise ConfigError([f"chat: {missing}"]) from None
    listener, numbers = _listeners(config, gateway)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        await numbers.start()
        await listener.start()
        await gateway.start("")
        told = {"url": listener.url, "metrics": numbers.url, "routers": config.chat.routers}
        logger.info("chat.listens", **told)
        await stop.wait()
    except OSError as error:
        place = f"{config.chat.host}:{config.chat.port}"
        place += f", metrics {config.metrics.host}:{config.chat.metrics_port}"
        raise ConfigError([f"chat can not listen ({place}): {error.strerror or error}"]) from None
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        await listener.refuse()
        await gateway.stop()
        await listener.stop()
        await numbers.stop()


def _listeners(config: Config, gateway: Gateway) -> tuple[Listener, Listener]:
    """The customers' address, and that of Prometheus."""
    chat, registry = config.chat, CollectorRegistry(auto_describe=True)
    registry.register(gateway.metrics)

    def listener(answer: Answer, host: str, port: int, most: int) -> Listener:
        return Listener(
            answer,
            host=host,
            port=port,
            body_max=BODY_MAX,
            connections_max=most,
            full=lambda: web.Response(status=503),
        )

    page = MetricsPage(registry).handle
    return (
        listener(front(config, gateway).handle, chat.host, chat.port, chat.browsers_max + 1_000),
        listener(page, config.metrics.host, chat.metrics_port, SCRAPERS_MAX),
    )


def front(config: Config, gateway: Gateway) -> Front:
    """What customers get where the chat runs alone: their page, and the chat."""
    origins = config.pages.embed_origins
    pages = Pages(origins, pages=CUSTOMERS) if config.pages.enabled else None
    return Front(gateway.handle, pages)


def _gateway(config: Config, wall_ms: Callable[[], int]) -> Gateway:
    """Raises: LookupError, with what is missing."""
    tenant = _tenant(config)
    return Gateway(
        config.chat,
        tenant=tenant,
        token=_token(config, tenant, wall_ms),
        secret=keys.chat_secret(config),
        wall_ms=wall_ms,
    )


def _tenant(config: Config) -> str:
    if config.chat.tenant:
        return config.chat.tenant
    if len(config.tenants) == 1:
        return next(iter(config.tenants))
    raise LookupError("chat.tenant names none of several tenants")


def _token(config: Config, tenant: str, wall_ms: Callable[[], int]) -> Callable[[], str]:
    """Tells a token that is valid now: the given one, that of a file, or one that is made here.

    Raises: LookupError, when there is none and none can be made.
    """
    chat = config.chat
    if chat.token:
        return lambda: chat.token
    if chat.token_file:
        path = Path(chat.token_file)
        return _renewed(lambda: path.read_text("utf-8").strip(), READ_AGAIN_S, wall_ms)
    found = keys.secrets(config)
    if not found:
        raise LookupError("with public keys, chat.token or chat.token_file is needed")
    ttl_s = config.auth.token_ttl_ms // 1_000
    issuer = config.auth.issuer or None

    def make() -> str:
        return mint(
            found[0],
            tenant=tenant,
            subject=SUBJECT,
            role=Role.GATEWAY,
            ttl_s=ttl_s,
            issuer=issuer,
        )

    return _renewed(make, ttl_s / 2, wall_ms)


def _renewed(
    make: Callable[[], str], every_s: float, wall_ms: Callable[[], int]
) -> Callable[[], str]:
    """The same text for a while, then a fresh one."""
    made_ms, text = -1, ""

    def tell() -> str:
        nonlocal made_ms, text
        now_ms = wall_ms()
        if made_ms < 0 or not 0 <= now_ms - made_ms < every_s * 1_000:
            made_ms, text = now_ms, make()
        return text

    return tell
