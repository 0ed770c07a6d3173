"""The light clients of the benchmarks: desktops on WebSockets, a gateway on kept connections.

They speak just enough of both protocols, on asyncio's transports, so that the generator costs
little beside what it measures. Clients must mask their frames; the mask used here is zero.
"""

import asyncio
import base64
import os
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

import msgspec

HEADER_END = b"\r\n\r\n"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Event(msgspec.Struct):
    """The parts of an event that a desktop acts on."""

    e: str
    contact: str = ""
    offer: Any = None


class Message(msgspec.Struct):
    """The parts of a message from the server that a desktop acts on."""

    type: str
    id: int = 0
    outcome: str = ""
    event: Event | None = None
    problem: dict[str, Any] | None = None


decode = msgspec.json.Decoder(Message).decode
Receiver = Callable[["Desktop", bytes], None]


class Desktop(asyncio.Protocol):
    """One WebSocket; `on_message` gets the text of every message."""

    def __init__(self, path: str, token: str, on_message: Receiver) -> None:
        self.name = ""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._path, self._token, self._on_message = path, token, on_message
        self._buffer = bytearray()
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks for the upgrade."""
        self._transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {self._token}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells who waits for it."""
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"no WebSocket: {exc}"))
        if not self.closed.done():
            self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Takes the handshake's answer, then whole frames."""
        self._buffer += data
        if not self._is_open:
            end = self._buffer.find(HEADER_END)
            if end < 0:
                return
            assert self._buffer.startswith(b"HTTP/1.1 101"), bytes(self._buffer[:300])
            del self._buffer[: end + 4]
            self._is_open = True
            self.opened.set_result(None)
        while self._take_frame():
            pass

    def send(self, payload: bytes) -> None:
        """Sends a text message."""
        self._frame(TEXT, payload)

    def close(self) -> None:
        """Says goodbye and hangs up."""
        self._frame(CLOSE, b"\x03\xe8")
        self._transport.close()

    def _take_frame(self) -> bool:
        if self._transport.is_closing():  # it has hung up: what still comes is not answered
            return False
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        size, start = buffer[1], 2
        if size == 126:
            start = 4
        elif size == 127:
            start = 10
        if len(buffer) < start:
            return False
        if start > 2:
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + size:
            return False
        opcode, payload = buffer[0] & 15, bytes(buffer[start : start + size])
        del buffer[: start + size]
        if opcode <= 2:
            self._on_message(self, payload)
        elif opcode == PING:
            self._frame(PONG, payload)
        elif opcode == CLOSE:
            self._transport.close()
            return False
        return True

    def _frame(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        header = bytes((0x80 | opcode, 0x80 | size))
        if size > 125:
            header = bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big")
        self._transport.write(header + bytes(4) + payload)


class Gateway(asyncio.Protocol):
    """One kept HTTP connection; requests wait their turn on it."""

    EXPECTED: ClassVar[tuple[bytes, ...]] = (b"200", b"201")

    def __init__(self, path: str, token: str) -> None:
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: "
        ).encode()
        self._buffer = bytearray()
        self._waiting: deque[bytes] = deque()
        self._is_busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast("asyncio.Transport", transport)

    def post(self, body: bytes) -> None:
        """Sends the body as soon as the answer to the one before has come."""
        if self._is_busy:
            self._waiting.append(body)
            return
        self._is_busy = True
        self._transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))

    def data_received(self, data: bytes) -> None:
        """Takes the answer; anything but success stops the run."""
        self._buffer += data
        end = self._buffer.find(HEADER_END)
        if end < 0:
            return
        head = bytes(self._buffer[:end])
        size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(self._buffer) < end + 4 + size:
            return
        assert head[9:12] in self.EXPECTED, bytes(self._buffer)
        del self._buffer[: end + 4 + size]
        self._is_busy = False
        if self._waiting:
            self.post(self._waiting.popleft())

    def close(self) -> None:
        """Hangs up."""
        self._transport.close()


class Gateways:
    """A few HTTP connections that take requests in turn."""

    def __init__(self, connections: list[Gateway]) -> None:
        self._connections = connections
        self._next = 0

    @classmethod
    async def connect(cls, port: int, path: str, token: str, count: int) -> "Gateways":
        """Opens the connections."""
        loop = asyncio.get_running_loop()
        made = [Gateway(path, token) for _ in range(count)]
        for one in made:
            await loop.create_connection(partial(_same, one), "127.0.0.1", port)
        return cls(made)

    def post(self, body: bytes) -> None:
        """Sends a request on the next connection."""
        self._next = (self._next + 1) % len(self._connections)
        self._connections[self._next].post(body)

    def close(self) -> None:
        """Hangs up all."""
        for one in self._connections:
            one.close()


async def connect_desktop(port: int, path: str, token: str, on_message: Receiver) -> Desktop:
    """An open WebSocket."""
    desktop = Desktop(path, token, on_message)
    loop = asyncio.get_running_loop()
    await loop.create_connection(lambda: desktop, "127.0.0.1", port)
    await desktop.opened
    return desktop


def _same(gateway: Gateway) -> Gateway:
    return gateway


def command(number: int, name: str, **args: object) -> bytes:
    """A command message."""
    return msgspec.json.encode({"type": "command", "id": number, "name": name, "args": args})
