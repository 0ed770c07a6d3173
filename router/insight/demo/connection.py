"""One WebSocket of the demo as a client should keep it: it resumes where it was after a loss."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import aiohttp
import msgspec

from router.api.codes import REASONS, CloseCode, should_reconnect

Json = dict[str, Any]
RETRY_S = 0.5


class _Lost(Exception):
    """The connection went away before the answer to a command came."""


class Turned(Exception):
    """The server closed the connection for good, with a code; the text says why."""

    def __init__(self, code: int) -> None:
        reason = REASONS.get(CloseCode(code)) if code in list(CloseCode) else None
        super().__init__(f"the router closed the connection: {reason or code}")
        self.code = code


class Connection:
    """`on_snapshot` gets the state at the start and after a gap, `on_event` every event since.

    `hello` is what is said in the hello beside the token.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        token: str,
        on_snapshot: Callable[[Json], None],
        on_event: Callable[[Json], None],
        *,
        hello: Json | None = None,
    ) -> None:
        self._http = http
        self._hello: Json = {"type": "hello", "protocol": 1, "token": token} | (hello or {})
        self._on_snapshot = on_snapshot
        self._on_event = on_event
        self._position: dict[str, str] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self.is_welcome = asyncio.Event()

    async def run(self) -> None:
        """Stays connected until it is cancelled. Raises: Turned."""
        while True:
            try:
                await self._converse()
            except (aiohttp.ClientError, OSError):
                pass  # the router is away: it comes back, or another one does
            finally:
                self._lose_answers()
            await asyncio.sleep(RETRY_S)

    async def command(self, name: str, **args: object) -> Json:
        """The reply to a command, or the problem; `type` tells which.

        Sent again after a loss: every command names its contact and offer, so that is safe.
        """
        while True:
            await self.is_welcome.wait()
            number = next(self._numbers)
            answer = self._answers[number] = asyncio.get_running_loop().create_future()
            try:
                await self._send({"type": "command", "id": number, "name": name, "args": args})
                reply: Json = await answer
            except _Lost:
                continue
            return reply

    async def bye(self) -> None:
        """Leaves at once, so that nobody waits for the lease to run out."""
        try:
            await self._send({"type": "bye"})
        except _Lost:
            return

    async def _converse(self) -> None:
        async with self._http.ws_connect("/v1/stream", compress=0) as self._socket:
            await self._send(self._hello)
            async for frame in self._socket:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    self._take(msgspec.json.decode(frame.data))
            code = self._socket.close_code or 1006
        if code != CloseCode.BYE and not should_reconnect(code):
            raise Turned(code)

    def _take(self, message: Json) -> None:
        match message["type"]:
            case "event":
                self._position["id"] = message["position"]
                self._on_event(message["event"])
            case "reply" | "problem":
                answer = self._answers.pop(message.get("id", 0), None)
                if answer is not None and not answer.done():
                    answer.set_result(message)
            case "welcome":
                self._welcome(message)

    def _welcome(self, message: Json) -> None:
        if "session" in message:
            self._hello["session"] = message["session"]
        self._position = {"epoch": message["epoch"], "id": message["position"]}
        self._hello["position"] = self._position
        self.is_welcome.set()
        if not message["recovered"]:
            self._on_snapshot(message["snapshot"])

    async def _send(self, message: Json) -> None:
        if self._socket is None or self._socket.closed:
            raise _Lost
        await self._socket.send_str(msgspec.json.encode(message).decode())

    def _lose_answers(self) -> None:
        self.is_welcome.clear()
        answers, self._answers = self._answers, {}
        for answer in answers.values():
            if not answer.done():
                answer.set_exception(_Lost())
