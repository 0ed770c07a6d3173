"""A router with an archive, a chat gateway in front of it, and customers."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from router.api.roles import Role
from router.gateways.chat.gateway import Gateway
from router.gateways.chat.settings import ChatSettings
from router.listener import Listener
from tests.clients import Api, token
from tests.gateways.customers import Customer
from tests.routers import api, archived, http, new_service, service

__all__ = ["api", "archived", "http", "new_service", "service"]

SECRET = b"a secret of the chat's own, 32 bytes and more"

NewGateway = Callable[..., Awaitable["Chat"]]


class Chat:
    """A running gateway, where it listens, and its customers."""

    def __init__(
        self,
        gateway: Gateway,
        listener: Listener,
        http: aiohttp.ClientSession,
        twin: "NewGateway",
    ) -> None:
        self.gateway = gateway
        self.listener = listener
        self.http = http
        self.twin = twin

    def customer(self) -> Customer:
        return Customer(self.http, self.listener.url)

    async def stop(self) -> None:
        await self.gateway.stop()
        await self.listener.stop()


def gateway_of(tenant: str, **settings: Any) -> Gateway:
    """A gateway that nothing has started yet."""
    return Gateway(
        ChatSettings(**({"place_ms": 50} | settings)),
        tenant=tenant,
        token=lambda: token(tenant, "chat", Role.GATEWAY),
        secret=SECRET,
        wall_ms=lambda: time.time_ns() // 1_000_000,  # noqa: TID251 - tickets expire by it
    )


@pytest.fixture
async def new_chat(http: aiohttp.ClientSession, tenant: str) -> AsyncIterator[NewGateway]:
    """Starts gateways; all are stopped at the end."""
    async with AsyncExitStack() as stack:

        async def start(url: str, **settings: Any) -> Chat:
            gateway = gateway_of(tenant, **settings)
            listener = Listener(
                gateway.handle,
                host="127.0.0.1",
                port=0,
                body_max=65_536,
                connections_max=10_000,
                full=lambda: web.Response(status=503),
            )
            await listener.start()
            chat = Chat(gateway, listener, http, start)
            stack.push_async_callback(chat.stop)
            await gateway.start(url)
            return chat

        yield start


@pytest.fixture
async def chat(archived: Api, new_chat: NewGateway) -> Chat:
    """A gateway whose tenant takes chats in the queue `sales`, which ann serves."""
    await furnish(archived)
    return await new_chat(archived.url)


async def furnish(api: Api, *, intake: dict[str, Any] | None = None, **settings: Any) -> None:
    """A tenant that takes chats from customers."""
    rule = {"required": ["queue"], "external": True, "lease_ms": 60_000} | (intake or {})
    own: dict[str, Any] = {"external": True, "name": "Sales"} | settings
    await api.furnish("ann", tenant={"intake": {"chat": rule}}, **own)
