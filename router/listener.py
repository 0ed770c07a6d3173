"""Owns the listening sockets: aiohttp's bare server around one function that answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

KEEPALIVE_S: Final = 75.0
BACKLOG: Final = 1_024
REQUESTS_END_WITHIN_S: Final = 10.0
FIRST_REQUEST_WITHIN_S: Final = 60.0  # connections may be made ahead of their first request
LINGER_S: Final = 1.0  # for the rest of a body that was refused, so that the refusal is read

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class _Server(web.Server):
    """The bare server, and which of its connections are too many or have not spoken yet."""

    def __init__(self, answer: Answer, connections_max: int, **options: Any) -> None:
        super().__init__(answer, **options)
        self._connections_max = connections_max
        self._waiting: dict[Any, asyncio.TimerHandle] = {}
        self.too_many: set[Any] = set()
        self._is_over = False

    def pre_shutdown(self) -> None:
        self._is_over = True
        for handler in self._waiting:  # nothing is in progress, and aiohttp would wait
            self._connections[handler].abort()
        super().pre_shutdown()

    def connection_made(self, handler: Any, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if self._is_over:  # taken just before the address was given up: nobody else would close it
            transport.abort()
            return
        if len(self._connections) > self._connections_max:
            self.too_many.add(handler)
        loop = asyncio.get_running_loop()
        self._waiting[handler] = loop.call_later(FIRST_REQUEST_WITHIN_S, transport.abort)

    def connection_lost(self, handler: Any, exc: BaseException | None = None) -> None:
        self.has_spoken(handler)
        self.too_many.discard(handler)
        super().connection_lost(handler, exc)

    def has_spoken(self, handler: Any) -> None:
        waiting = self._waiting.pop(handler, None)
        if waiting is not None:
            waiting.cancel()


class Listener:
    """One address; requests in progress may end when it stops.

    Connections above `connections_max` get one answer, `full`, and are closed.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        host: str,
        port: int,
        body_max: int,
        connections_max: int,
        full: Callable[[], web.Response],
    ) -> None:
        """Port 0 takes any free one; `url` tells which. A body is at most `body_max` bytes."""
        self._answer = answer
        self._connections_max = connections_max
        self._full = full
        self._server: _Server | None = None
        self._host = host
        self._port = port
        self._body_max = body_max
        self._listening: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it listens, once it has started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def loopback_url(self) -> str:
        """As `url`, for this machine: an address that stands for all of them is none to call."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(self._host)  # noqa: S104
        return self.url if host is None else f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Begins to listen.

        Raises:
            OSError: the address can not be had.

        """
        server = self._server = _Server(
            self._answer_or_refuse,
            self._connections_max,
            request_factory=self._request,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=KEEPALIVE_S,
            lingering_time=LINGER_S,
        )
        self._listening = await asyncio.get_running_loop().create_server(
            server, self._host, self._port, backlog=BACKLOG
        )
        self._port = self._listening.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Takes no new connections; those that are open go on."""
        listening, self._listening = self._listening, None
        if listening is None:
            return
        # asyncio forgets, unclosed, a connection taken in the very turn that closes the address.
        loop = asyncio.get_running_loop()
        for address in listening.sockets:
            loop.remove_reader(address)
        await asyncio.sleep(0)
        listening.close()

    async def stop(self) -> None:
        """Lets requests in progress end, then closes every connection."""
        await self.refuse()
        server, self._server = self._server, None
        if server is not None:
            await asyncio.sleep(0)  # what has just come is in progress, not idle
            server.pre_shutdown()
            await server.shutdown(REQUESTS_END_WITHIN_S)

    async def _answer_or_refuse(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._server is not None and request.protocol in self._server.too_many:
            response = self._full()
            response.force_close()
            return response
        return await self._answer(request)

    def _request(self, *parts: Any) -> web.BaseRequest:
        message, payload, protocol, writer, task = parts
        if self._server is not None:
            self._server.has_spoken(protocol)
        loop = task.get_loop()
        return web.BaseRequest(
            message, payload, protocol, writer, task, loop, client_max_size=self._body_max
        )
