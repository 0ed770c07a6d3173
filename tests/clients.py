"""A gateway and a desktop as a user would write them, for tests over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp
import msgspec

from router.api.auth import mint
from router.api.roles import Role

SECRET = b"a secret that only the tests know, 32+ bytes"
PATIENCE_S = 20.0

Json = dict[str, Any]


def token(tenant: str, subject: str, role: Role, *, ttl_s: int = 600) -> str:
    return mint(SECRET, tenant=tenant, subject=subject, role=role, ttl_s=ttl_s)


class Api:
    """HTTP with a token; `call` answers the status and the decoded body."""

    def __init__(self, http: aiohttp.ClientSession, url: str, tenant: str) -> None:
        self.http = http
        self.url = url
        self.tenant = tenant

    def headers(self, role: Role, subject: str = "tester") -> dict[str, str]:
        return {"Authorization": f"Bearer {token(self.tenant, subject, role)}"}

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: Role = Role.ADMIN,
        subject: str = "tester",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Json]:
        async with self.http.request(
            method,
            self.url + path,
            data=None if body is None else msgspec.json.encode(body),
            headers=self.headers(role, subject)
            | ({} if body is None else {"Content-Type": "application/json"})
            | (headers or {}),
        ) as answer:
            return answer.status, msgspec.json.decode(await answer.read())

    async def ok(self, method: str, path: str, body: Any = None, **options: Any) -> Json:
        status, answer = await self.call(method, path, body, **options)
        assert status < 300, answer
        return answer

    async def furnish(
        self, *agents: str, queue: str = "sales", tenant: Json | None = None, **settings: Any
    ) -> None:
        """A tenant with one queue and agents who take one call and two chats each."""
        channels = {"voice": {"cost": 2}, "chat": {"cost": 1}}
        await self.ok("PUT", "/v1/tenant", {"channels": channels} | (tenant or {}))
        await self.ok("PUT", f"/v1/queues/{queue}", settings)
        for agent in agents:
            definition = {
                "memberships": {queue: {}},
                "slots": {"voice": 1, "chat": 2},
                "capacity": 2,
            }
            await self.ok("PUT", f"/v1/agents/{agent}", definition)

    async def admit(self, contact: str, **more: Any) -> Json:
        body = {"contact": contact, "channel": "voice", "queue": "sales"} | more
        return await self.ok("POST", "/v1/contacts", body, role=Role.GATEWAY)


class Stream:
    """One WebSocket client: commands with their answers, events kept until they are asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, is_binary: bool) -> None:
        self.socket = socket
        self.is_binary = is_binary
        self.welcome: Json = {}
        self.events: list[Json] = []
        self.others: list[Json] = []
        self.position: Json | None = None
        self.close_code: int | None = None
        self._ids = 0

    async def send(self, message: Json) -> None:
        if self.is_binary:
            await self.socket.send_bytes(msgspec.msgpack.encode(message))
        else:
            await self.socket.send_str(msgspec.json.encode(message).decode())

    async def hello(self, **more: Any) -> Self:
        await self.send({"type": "hello", "protocol": 1} | more)
        self.welcome = await self._until(lambda m: m["type"] == "welcome")
        self.position = {"epoch": self.welcome["epoch"], "id": self.welcome["position"]}
        return self

    async def command(self, name: str, **args: Any) -> Json:
        """The reply or the problem that answers the command."""
        self._ids += 1
        number = self._ids
        await self.send({"type": "command", "id": number, "name": name, "args": args})
        return await self._until(lambda m: m.get("id") == number)

    async def event(self, name: str, **fields: Any) -> Json:
        """The next event of that name with these fields; those before it are passed over."""
        wanted = {"e": name} | fields

        def fits(message: Json) -> bool:
            return message["type"] == "event" and bool(wanted.items() <= message["event"].items())

        while self.events:
            message = self.events.pop(0)
            if fits(message):
                return message
        return await self._until(fits)

    async def message(self, kind: str) -> Json:
        return await self._until(lambda m: m["type"] == kind)

    async def closed(self) -> int:
        """The code with which the server closes the socket."""
        async with asyncio.timeout(PATIENCE_S):
            while self.close_code is None:
                await self._take()
        return self.close_code

    async def close(self, code: int = 1000) -> None:
        await self.socket.close(code=code)

    @property
    def is_hung_up(self) -> bool:
        """Whether the server has shut the connection."""
        connection = self.socket._response.connection
        return connection is None or connection.transport is None

    def drop(self) -> None:
        """The connection is gone, without a word."""
        self._transport().abort()

    def stop_reading(self) -> None:
        """Nothing more is taken from the network."""
        connection = self._transport().get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self._transport().pause_reading()

    def _transport(self) -> asyncio.Transport:
        connection = self.socket._response.connection
        assert connection is not None
        assert isinstance(connection.transport, asyncio.Transport)
        return connection.transport

    async def _until(self, fits: Callable[[Json], bool]) -> Json:
        for number, message in enumerate(self.others):
            if fits(message):
                return self.others.pop(number)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                taken = await self._take()
                assert taken is not None, f"closed with {self.close_code}: {self.others}"
                if fits(taken):
                    return taken
                (self.events if taken["type"] == "event" else self.others).append(taken)

    async def _take(self) -> Json | None:
        received = await self.socket.receive()
        if received.type is aiohttp.WSMsgType.TEXT:
            message: Json = msgspec.json.decode(received.data)
        elif received.type is aiohttp.WSMsgType.BINARY:
            message = msgspec.msgpack.decode(received.data)
        else:
            self.close_code = self.socket.close_code
            return None
        if message["type"] == "event" and self.position is not None:
            self.position["id"] = message["position"]
        return message


@asynccontextmanager
async def stream(
    api: Api,
    role: Role,
    subject: str = "tester",
    *,
    subprotocol: str = "acd.json",
    url: str | None = None,
    **hello: Any,
) -> AsyncIterator[Stream]:
    """A welcomed socket."""
    async with connected(api, role, subject, subprotocol=subprotocol, url=url) as client:
        yield await client.hello(**hello)


@asynccontextmanager
async def connected(
    api: Api,
    role: Role,
    subject: str = "tester",
    *,
    subprotocol: str = "acd.json",
    url: str | None = None,
    headers: dict[str, str] | None = None,
) -> AsyncIterator[Stream]:
    """A socket that has not said hello."""
    async with api.http.ws_connect(
        (url or api.url) + "/v1/stream",
        protocols=[subprotocol],
        headers=api.headers(role, subject) if headers is None else headers,
        timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
    ) as socket:
        yield Stream(socket, is_binary=subprotocol == "acd.msgpack")
