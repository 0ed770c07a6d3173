"""A customer's browser as the chat's page is one, for tests over real sockets."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp
import msgspec

PATIENCE_S = 10.0

Json = dict[str, Any]


class Customer:
    """One browser: what it chose by chance, its ticket, and what it was told."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http = http
        self.url = url
        self.browser = secrets.token_urlsafe(16)
        self.ticket = ""

    async def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Json]:
        """The status and the decoded body."""
        given = {"Authorization": f"Bearer {self.ticket}"} if self.ticket else {}
        if body is not None:
            given["Content-Type"] = "application/json"
        data = None if body is None else msgspec.json.encode(body)
        async with self.http.request(
            method, self.url + path, data=data, headers=given | headers
        ) as answer:
            return answer.status, msgspec.json.decode(await answer.read())

    async def ok(self, method: str, path: str, body: Any = None) -> Json:
        status, answer = await self.call(method, path, body)
        assert status < 300, answer
        return answer

    def form(self, **more: Any) -> Json:
        """What a customer fills in, with a new key."""
        return {
            "browser": self.browser,
            "key": secrets.token_urlsafe(16),
            "name": "Zoe",
            "reach": "zoe@example.com",
            "department": "sales",
            "message": "Hello",
        } | more

    async def start(self, **more: Any) -> Json:
        """Begins, and keeps the ticket."""
        answer = await self.ok("POST", "/chat/start", self.form(**more))
        self.ticket = answer["ticket"]
        return answer

    async def say(self, text: str, name: str | None = None) -> Json:
        body = {"id": name or secrets.token_hex(8), "text": text}
        return await self.ok("POST", "/chat/messages", body)


class Page:
    """A connected page: entries in the order of their coming, and the last status."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.welcome: Json = {}
        self.entries: list[Json] = []
        self.status: Json = {}
        self.code: int | None = None

    async def hello(self, ticket: str, **more: Any) -> Self:
        await self.socket.send_str(
            msgspec.json.encode({"type": "hello", "ticket": ticket} | more).decode()
        )
        return self

    async def welcomed(self) -> Self:
        await self.until(lambda: self.welcome)
        return self

    async def until(self, holds: Callable[[], object]) -> None:
        """Returns once what was told makes it hold."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                assert await self.take(), f"closed with {self.code}: {self.entries} {self.status}"

    async def phase(self, phase: str) -> Json:
        await self.until(lambda: self.status.get("phase") == phase)
        return self.status

    async def text(self, text: str) -> Json:
        """The entry of a message."""
        await self.until(lambda: text in self.texts)
        return next(entry for entry in self.entries if entry.get("text") == text)

    @property
    def texts(self) -> list[str]:
        return [entry["text"] for entry in self.entries if entry["kind"] == "message"]

    @property
    def kinds(self) -> list[str]:
        return [entry["kind"] for entry in self.entries]

    async def closed(self) -> int:
        """The code with which the gateway closes the socket."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.take():
                pass
        assert self.code is not None
        return self.code

    async def take(self) -> bool:
        received = await self.socket.receive()
        if received.type is not aiohttp.WSMsgType.TEXT:
            self.code = self.socket.close_code
            return False
        message = msgspec.json.decode(received.data)
        match message["type"]:
            case "welcome":
                self.welcome = message
                self.entries = (
                    message["entries"] if message["whole"] else self.entries + message["entries"]
                )
                self.status = message["status"]
            case "entry":
                self.entries.append(message["entry"])
            case "status":
                self.status = message["status"]
        return True


@asynccontextmanager
async def page(customer: Customer, **hello: Any) -> AsyncIterator[Page]:
    """A page that has been welcomed."""
    async with connected(customer) as one:
        await one.hello(customer.ticket, **hello)
        yield await one.welcomed()


@asynccontextmanager
async def connected(customer: Customer) -> AsyncIterator[Page]:
    """A socket that has not said hello."""
    async with customer.http.ws_connect(
        customer.url + "/chat/stream", timeout=aiohttp.ClientWSTimeout(ws_close=1.0)
    ) as socket:
        yield Page(socket)
