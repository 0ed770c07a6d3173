"""Owns one WebSocket's reading and its end.

One task serves a socket, but others want it closed. The one that serves it says the closing words,
because only then is the other side's answer waited for; a connection that is shut before it can
lose what was just sent, the close code with it (RFC 6455, 7.1.1).
"""

import asyncio
from typing import Any, Final

from aiohttp import WSMessage, web

from router.api.codes import REASONS, CloseCode

ABORT_AFTER_S: Final = 3.0


class Socket:
    """A WebSocket that any task may close and one task serves. Only the first close counts."""

    __slots__ = ("_abort", "_ended", "_reader", "close_code", "transport", "ws")

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        """The handshake is over, nothing is read yet."""
        self.ws = ws
        self.transport = transport
        self.close_code: CloseCode | None = None
        self._reader: asyncio.Task[Any] | None = None
        self._abort: asyncio.TimerHandle | None = None
        self._ended = asyncio.Event()

    async def receive(self, timeout_s: float | None = None) -> WSMessage | None:
        """The next message; None once somebody has closed the socket.

        Raises:
            TimeoutError: nothing came within `timeout_s`.

        """
        if self._is_closed():
            return None
        task = self._reader = asyncio.current_task()
        try:
            return await self.ws.receive(timeout=timeout_s)
        except asyncio.CancelledError:
            if task is None or not self._is_closed() or task.uncancel():
                raise
            return None
        finally:
            self._reader = None

    def close(self, code: CloseCode) -> None:
        """Nothing more is read; whoever serves the socket says goodbye, within `ABORT_AFTER_S`."""
        if self._is_closed():
            return
        self.close_code = code
        self._abort = asyncio.get_running_loop().call_later(ABORT_AFTER_S, self.transport.abort)
        if self._reader is not None:
            self._reader.cancel()

    async def finish(self) -> None:
        """The last words, by the task that serves the socket; none when the other side had them."""
        try:
            if self.close_code is not None:
                text = REASONS[self.close_code].encode()
                await self.ws.close(code=self.close_code, message=text, drain=False)
        finally:
            if self._abort is not None:
                self._abort.cancel()
                if self.transport.get_write_buffer_size():
                    self.transport.abort()  # it does not read: nothing more will reach it
            self._ended.set()

    async def wait_ended(self) -> None:
        """Returns when the last words are said."""
        await self._ended.wait()

    def _is_closed(self) -> bool:
        return self.close_code is not None
