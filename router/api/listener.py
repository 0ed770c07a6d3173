"""Owns the listening sockets: aiohttp's bare server around one function that answers."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

KEEPALIVE_S: Final = 75.0
BACKLOG: Final = 1_024

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Listener:
    """One address; requests in progress may end when it stops."""

    def __init__(self, answer: Answer, *, host: str, port: int, body_max: int) -> None:
        """Port 0 takes any free one; `url` tells which. A body is at most `body_max` bytes."""
        self._answer = answer
        self._host = host
        self._port = port
        self._body_max = body_max
        self._runner: web.ServerRunner | None = None
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        """Where it listens, once it has started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Begins to listen.

        Raises:
            OSError: the address can not be had.

        """
        server = web.Server(
            self._answer,
            request_factory=self._request,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=KEEPALIVE_S,
        )
        self._runner = web.ServerRunner(server)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, self._host, self._port, backlog=BACKLOG)
        try:
            await self._site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._port = self._runner.addresses[0][1]

    async def refuse(self) -> None:
        """Takes no new connections; those that are open go on."""
        if self._site is not None:
            await self._site.stop()
            self._site = None

    async def stop(self) -> None:
        """Lets requests in progress end, then closes every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _request(self, *parts: Any) -> web.BaseRequest:
        message, payload, protocol, writer, task = parts
        loop = task.get_loop()
        return web.BaseRequest(
            message, payload, protocol, writer, task, loop, client_max_size=self._body_max
        )
