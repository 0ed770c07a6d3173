"""A wire between a driver and its server that tests can hold, cut and count on."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class Proxy:
    """Listens on a unix socket and passes bytes on; what the server answers can be held back."""

    def __init__(self, server_socket: str, directory: Path) -> None:
        self.socket = str(directory / "p")
        self.url = f"unix://{self.socket}"
        self.connections = 0
        self.held_bytes = 0
        self._server_socket = server_socket
        self._may_answer = asyncio.Event()
        self._may_answer.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def hold_answers(self) -> None:
        """From now on the server's answers wait here."""
        self._may_answer.clear()

    def pass_answers(self) -> None:
        """What was held goes on its way."""
        self._may_answer.set()

    def cut(self) -> None:
        """Every connection is lost at once, with what is held."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Joins one client to the server until either is gone."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.connections += 1
        server_reader, server_writer = await asyncio.open_unix_connection(self._server_socket)
        ends = {writer, server_writer}
        self._writers |= ends
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._ask(reader, server_writer))
                ways.create_task(self._answer(server_reader, writer))
        except* OSError:
            pass  # cut
        finally:
            self._writers -= ends
            for end in ends:
                end.transport.abort()
            self._tasks.discard(task)

    async def close(self) -> None:
        """Cuts everything and waits for it to end."""
        self.pass_answers()
        self.cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            self.held_bytes += len(chunk)
            await self._may_answer.wait()
            self.held_bytes -= len(chunk)
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError


@asynccontextmanager
async def proxy_to(server_socket: str) -> AsyncIterator[Proxy]:
    """A proxy in front of the server on that socket."""
    with tempfile.TemporaryDirectory(prefix="acd-p-") as directory:
        proxy = Proxy(server_socket, Path(directory))
        listener = await asyncio.start_unix_server(proxy.serve, proxy.socket)
        try:
            yield proxy
        finally:
            listener.close()
            await proxy.close()
            await listener.wait_closed()
