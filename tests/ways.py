"""A balancer in front of routers: to the first of them that lives, and cut off when one dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL


class Way:
    """Listens on a port of its own and passes bytes on, unread."""

    def __init__(self, *routers: str) -> None:
        self.url = ""
        self._routers = list(routers)
        self._ends: dict[asyncio.StreamWriter, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def lose(self, router: str) -> None:
        """That router is gone at once, without a word."""
        self._routers.remove(router)
        for end, of in tuple(self._ends.items()):
            if of == router:
                end.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Joins one client to a router until either is gone."""
        if not self._routers:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        router = self._routers[0]
        url = URL(router)
        there, back = await asyncio.open_connection(url.host, url.port)
        self._ends |= {writer: router, back: router}
        ways = [asyncio.create_task(_pass(*ends)) for ends in ((reader, back), (there, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, back):
            end.transport.abort()
            del self._ends[end]
        await asyncio.wait(ways)
        self._tasks.discard(task)

    async def close(self) -> None:
        """Cuts everything and waits for it to end."""
        for end in tuple(self._ends):
            end.transport.abort()
        if self._tasks:
            await asyncio.wait(self._tasks)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass  # cut


@asynccontextmanager
async def way_to(*routers: str) -> AsyncIterator[Way]:
    """A way to the first of these routers, by their URLs."""
    way = Way(*routers)
    listener = await asyncio.start_server(way.serve, "127.0.0.1", 0)
    way.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield way
    finally:
        listener.close()
        await way.close()
        await listener.wait_closed()
