"""The floor of the latency benchmark: a bare program on the same stack, which only passes on.

POST puts a contact into a stream (XADD), a reader takes it out (XREAD) and sends it to the next
WebSocket in turn. No routing, no checks, no state.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from aiohttp import WSMsgType, web
from redis.asyncio import Redis

from router.engine.embedded import EmbeddedServer

STREAM = "floor"


class Floor:
    """The program's handlers and its reader."""

    def __init__(self, socket: str) -> None:
        # redis-py types a stream's answers for every protocol version at once.
        self._writer: Any = Redis(unix_socket_path=socket, socket_timeout=None)
        self._reader: Any = Redis(unix_socket_path=socket, socket_timeout=None)
        self._desktops: list[web.WebSocketResponse] = []
        self._next = 0

    async def post(self, request: web.Request) -> web.Response:
        """A contact comes."""
        body = await request.read()
        msgspec.json.decode(body)
        position = await self._writer.xadd(STREAM, {b"e": body}, maxlen=100_000, approximate=True)
        answer = msgspec.json.encode({"position": position.decode()})
        return web.Response(body=answer, status=201, content_type="application/json")

    async def stream(self, request: web.Request) -> web.WebSocketResponse:
        """A desktop comes."""
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        self._desktops.append(ws)
        try:
            async for message in ws:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._desktops.remove(ws)
        return ws

    async def pass_on(self) -> None:
        """Sends every entry of the stream to the next desktop, for ever."""
        after = b"$"
        while True:
            found = await self._reader.xread({STREAM: after}, block=60_000)
            for _, entries in found:
                for after, fields in entries:  # noqa: B007  the last id is where to go on
                    self._next = (self._next + 1) % len(self._desktops)
                    await self._desktops[self._next].send_bytes(fields[b"e"])


async def serve(socket: str) -> None:
    """Listens on a free port, and says on which."""
    floor = Floor(socket)
    app = web.Application()
    app.add_routes([web.post("/v1/contacts", floor.post), web.get("/v1/stream", floor.stream)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    sys.stdout.write(f"floor listens on {port}\n")
    sys.stdout.flush()
    await floor.pass_on()


def main() -> None:
    """Runs until it is told to stop; the argument is the store's directory."""
    server = EmbeddedServer.start(Path(sys.argv[1]))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(server.socket))
