"""Owns one customer's open page: what goes out to it, how much may wait, and how it ends."""

import asyncio
import contextlib
import socket
from typing import Any, Final

import msgspec
from aiohttp import WSCloseCode, web

CLOSE_WITHIN_S: Final = 2.0
KERNEL_BYTES: Final = 65_536


class Browser:
    """A socket; what is sent waits in a bounded outbox, and who lets it fill is cut off."""

    def __init__(
        self,
        client: web.WebSocketResponse,
        transport: asyncio.Transport,
        outbox_max: int,
    ) -> None:
        """Nothing is sent before `write` runs."""
        self._client = client
        self._transport = transport
        connection = transport.get_extra_info("socket")  # the kernel keeps no more than that
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        self._outbox: asyncio.Queue[str] = asyncio.Queue(outbox_max)

    def send(self, message: dict[str, Any]) -> None:
        """Puts a message into the outbox; the page that is too slow comes back and resumes."""
        try:
            self._outbox.put_nowait(msgspec.json.encode(message).decode())
        except asyncio.QueueFull:
            self._transport.abort()

    async def write(self) -> None:
        """Sends what waits, until the socket is gone."""
        with contextlib.suppress(ConnectionError):
            while True:
                await self._client.send_str(await self._outbox.get())

    async def close(self, code: int, reason: str) -> None:
        """Ends the socket with a code; one that takes nothing more is cut off."""
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await self._client.close(code=code, message=reason.encode(), drain=False)
        self._transport.abort()


class Code:
    """Close codes: 4000 to 4099 come back with the same ticket, 4100 to 4199 do not."""

    STOPPING: Final = (4000, "the gateway stops")
    AWAY: Final = (4003, "the router does not answer")
    NO_HELLO: Final = (4100, "no hello in time")
    BAD_HELLO: Final = (4101, "the hello is not valid")
    BAD_TICKET: Final = (4103, "the ticket is not valid")
    ELSEWHERE: Final = (4105, "the conversation was opened in too many places")
    GONE: Final = (4106, "there is no such conversation")
    BYE: Final = (int(WSCloseCode.OK), "bye")
