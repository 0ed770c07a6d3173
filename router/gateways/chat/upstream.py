"""Owns the way to the router: requests with a gateway's token, and one stream of its events."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from typing import Any, Final

import aiohttp
import msgspec
import structlog

from router.gateways.chat import refusals
from router.gateways.chat.metrics import ChatMetrics

REQUEST_S: Final = 8.0
REQUEST: Final = aiohttp.ClientTimeout(total=REQUEST_S)
CONNECTIONS_MAX: Final = 64
HEARTBEAT_S: Final = 10.0
BACK_AFTER_S: Final = (0.1, 5.0)
JSON: Final = "application/json"

log = structlog.get_logger()

Json = dict[str, Any]


class Router:
    """Asks one of some routers over HTTP, and the next one once it is away; repeats nothing."""

    def __init__(self, token: Callable[[], str], metrics: ChatMetrics) -> None:
        """`token` tells a gateway's token that is valid now; `urls` are set before `open`."""
        self.urls: tuple[str, ...] = ()
        self._nth = 0
        self._metrics = metrics
        self.token = token
        self._http: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """The router that is asked now."""
        return self.urls[self._nth % len(self.urls)]

    def turn_from(self, url: str) -> None:
        """That router is away: the next one is asked, unless it is already."""
        if url == self.url and len(self.urls) > 1:
            self._nth += 1
            log.info("chat.turned", router=self.url)

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        return {"Authorization": f"Bearer {self.token()}"}

    @property
    def http(self) -> aiohttp.ClientSession:
        """The connections; there are none before `open`."""
        if self._http is None:
            raise refusals.later()
        return self._http

    async def open(self) -> None:
        """Makes ready to ask."""
        connector = aiohttp.TCPConnector(limit=CONNECTIONS_MAX)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=REQUEST_S)  # a stream has no end
        self._http = aiohttp.ClientSession(connector=connector, timeout=timeout)

    async def close(self) -> None:
        """Asks no more."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: dict[str, str] | None = None,
    ) -> Json:
        """The router's answer; that of another one where this one was not even reached.

        Raises: Refusal, as the customer may be told of it.
        """
        for _ in self.urls:
            url = self.url
            try:
                status, answer = await self._send(method, url + path, body, query)
                break
            except aiohttp.ClientConnectorError as error:
                self._tell_away(url, path, error)
            except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError) as error:
                self._tell_away(url, path, error)
                raise refusals.later() from None
        else:
            raise refusals.later()
        if status >= 400:
            refusal = refusals.of_router(status, answer)
            if refusal.kind == "router":
                log.warning("chat.refused", path=path, status=status, type=answer.get("type"))
            raise refusal
        return answer

    async def _send(
        self, method: str, url: str, body: Json | None, query: dict[str, str] | None
    ) -> tuple[int, Json]:
        data = None if body is None else msgspec.json.encode(body)
        headers = self.headers | ({} if body is None else {"Content-Type": JSON})
        async with self.http.request(
            method, url, data=data, headers=headers, params=query, timeout=REQUEST
        ) as response:
            return response.status, msgspec.json.decode(await response.read())

    def _tell_away(self, url: str, path: str, error: Exception) -> None:
        self._metrics.on_away()
        said = str(error) or type(error).__name__
        log.warning("chat.router_away", router=url, path=path, error=said)
        self.turn_from(url)


class Stream:
    """The router's events in their order, without a gap and without a double, through restarts.

    `position` is that of the last event; `on_gap` is called when events were lost, before those
    that follow.
    """

    def __init__(
        self,
        router: Router,
        on_event: Callable[[str, int, Json], None],
        on_gap: Callable[[], None],
        metrics: ChatMetrics,
    ) -> None:
        """`on_event` gets position, instant (tenant's clock) and event."""
        self._router = router
        self._on_event = on_event
        self._on_gap = on_gap
        self._metrics = metrics
        self._epoch = ""
        self._welcomed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_new = True
        self.position = ""

    @property
    def is_up(self) -> bool:
        """Whether events come."""
        return self._welcomed.is_set()

    def start(self) -> None:
        """Begins to listen, and goes on until `close`."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="chat-stream")

    async def close(self) -> None:
        """Listens no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def wait_up(self, seconds: float) -> None:
        """Returns once events come.

        Raises: Refusal, when they do not in time.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._welcomed.wait()
        except TimeoutError:
            raise refusals.later() from None

    async def _run(self) -> None:
        least, most = BACK_AFTER_S
        wait_s = least
        while True:
            url = self._router.url
            try:
                await self._listen(url)
            except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError) as error:
                log.warning("chat.stream_down", error=str(error) or type(error).__name__)
            except refusals.Refusal:
                log.warning("chat.stream_down", error="the router does not answer")
            except Exception:  # the stream's watchdog: a bug is logged, and the stream goes on
                log.exception("chat.stream_failed")
            wait_s = least if self._welcomed.is_set() else min(wait_s * 2, most)
            self._welcomed.clear()
            self._router.turn_from(url)
            await asyncio.sleep(wait_s * (0.5 + secrets.randbelow(1_000) / 1_000))

    async def _listen(self, router: str) -> None:
        """One connection, from its hello to its end."""
        url = router.replace("http", "ws", 1) + "/v1/stream"
        async with self._router.http.ws_connect(
            url, headers=self._router.headers, heartbeat=HEARTBEAT_S, max_msg_size=0
        ) as socket:
            hello: Json = {"type": "hello", "protocol": 1}
            if self._epoch:
                hello["position"] = {"epoch": self._epoch, "id": self.position}
            await socket.send_str(msgspec.json.encode(hello).decode())
            async for received in socket:
                if received.type is not aiohttp.WSMsgType.TEXT:
                    break
                self._take(msgspec.json.decode(received.data))
            log.info("chat.stream_closed", code=socket.close_code)

    def _take(self, message: Json) -> None:
        if message["type"] == "event":
            self.position = message["position"]
            self._on_event(message["position"], message["at"], message["event"])
        elif message["type"] == "welcome":
            is_lost = not message["recovered"] and not self._is_new
            if not self._is_new:
                self._metrics.on_reconnect(is_resumed=message["recovered"])
            self._epoch, self._is_new = message["epoch"], False
            if not message["recovered"]:
                self.position = message["position"]
            self._welcomed.set()
            if is_lost:
                self._on_gap()
