"""One connection to one server: what the drivers provide, and its remaking after a loss."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from router.engine.driver import StoreBusy, StoreDown, StoreUnknown

Command = tuple[bytes, ...]
# bytes, int, None or a list of them; a StoreError stands for an error answer.
Answer = Any


class Wire(Protocol):
    """A connected socket that speaks the protocol; a driver makes it."""

    async def send(self, commands: Sequence[Command]) -> None:
        """Sends the commands together. Raises: StoreUnknown when the connection is lost."""
        ...

    async def receive(self, count: int) -> list[Answer]:
        """The answers to the next `count` of the commands that were sent, in order.

        Raises: StoreUnknown when the connection is lost on the way.
        """
        ...

    async def is_alive(self) -> bool:
        """False once the peer has closed; only asked while nothing is in flight."""
        ...

    async def close(self) -> None:
        """Closes the socket at once; answers under way are lost."""
        ...


Dial = Callable[[], Awaitable[Wire]]


class Term:
    """How long the links of one node trust in its being the primary.

    When one of them is lost or refused, all others are made anew at their next use: the primary may
    be another one now, and an old one would go on answering reads.
    """

    def __init__(self) -> None:
        self.number = 0


class _Line:
    """A wire in use: exchanges are sent one after another, and answered in the same order."""

    def __init__(self, wire: Wire, term: int) -> None:
        self.wire = wire
        self.term = term
        self.users = 0
        self.is_lost = False
        self._reading = asyncio.Lock()  # whoever waits first has it first

    async def receive(self, count: int) -> list[Answer]:
        async with self._reading:
            if self.is_lost:
                raise StoreUnknown("the connection was lost with an earlier answer")
            return await self.wire.receive(count)


class Link:
    """A wire that is made when first needed, and made anew after a loss.

    Exchanges may overlap: each is sent without waiting for the answers to the one before it.
    """

    def __init__(self, dial: Dial, *, reply_ms: int, term: Term | None = None) -> None:
        self._dial = dial
        self._reply_ms = reply_ms
        self._term = term or Term()
        self._sending = asyncio.Lock()
        self._line: _Line | None = None

    async def exchange(self, commands: Sequence[Command], *, extra_ms: int = 0) -> list[Answer]:
        """The answers to the commands; `extra_ms` is added to the time allowed for all of them.

        Raises: StoreDown when no connection could be made, StoreUnknown when it was lost after
        the commands were sent, or with an exchange that was sent before this one. Cancelled on the
        way, it drops the connection with its answers.
        """
        async with self._sending:
            line = await self._connected()
            line.users += 1
            until = asyncio.get_running_loop().time() + (self._reply_ms + extra_ms) / 1000
            async with self._losing(line), asyncio.timeout_at(until):
                await line.wire.send(commands)
        async with self._losing(line), asyncio.timeout_at(until):
            answers = await line.receive(len(commands))
        if _is_demoted(answers):
            self._term.number += 1
        line.users -= 1
        if line is not self._line and not line.users:
            await line.wire.close()
        return answers

    async def close(self) -> None:
        """Closes the connection, if there is one; the next exchange makes a new one."""
        line, self._line = self._line, None
        if line:
            await line.wire.close()

    @asynccontextmanager
    async def _losing(self, line: _Line) -> AsyncIterator[None]:
        """What goes wrong within takes the wire with it, and every exchange that is on it."""
        try:
            yield
        except BaseException as error:
            line.is_lost = True
            if self._line is line:
                self._line = None
            if isinstance(error, TimeoutError | StoreUnknown):
                self._term.number += 1
            await line.wire.close()
            if isinstance(error, TimeoutError):
                raise StoreUnknown("no answer in time") from None
            raise

    async def _connected(self) -> _Line:
        line, term = self._line, self._term.number
        if line:
            if line.term == term and (line.users or await line.wire.is_alive()):
                return line
            self._line = None
            if not line.users:  # otherwise the last of them closes it
                await line.wire.close()
        self._line = _Line(await self._dial(), term)
        return self._line


def _is_demoted(answers: list[Answer]) -> bool:
    """The server is no longer the primary, so the next calls must look for the new one."""
    return any(type(answer) is StoreBusy and answer.code == "READONLY" for answer in answers)


async def within(connect_ms: int, place: str, connecting: Awaitable[None]) -> None:
    """Waits for a connection within a time limit. Raises: StoreDown."""
    try:
        async with asyncio.timeout(connect_ms / 1000):
            await connecting
    except TimeoutError:
        raise StoreDown(f"{place} did not answer within {connect_ms} ms") from None
