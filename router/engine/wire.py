"""One connection to one server: what the drivers provide, and its remaking after a loss."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from router.engine.driver import StoreBusy, StoreDown, StoreUnknown

Command = tuple[bytes, ...]
# bytes, int, None or a list of them; a StoreError stands for an error answer.
Answer = Any


class Wire(Protocol):
    """A connected socket that speaks the protocol; a driver makes it."""

    async def exchange(self, commands: Sequence[Command]) -> list[Answer]:
        """Sends the commands together and reads as many answers, in order.

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


class Link:
    """A wire that is made when first needed, and made anew after a loss. For one user at a time."""

    def __init__(self, dial: Dial, *, reply_ms: int, term: Term | None = None) -> None:
        self._dial = dial
        self._reply_ms = reply_ms
        self._term = term or Term()
        self._made_in = 0
        self._wire: Wire | None = None

    async def exchange(self, commands: Sequence[Command], *, extra_ms: int = 0) -> list[Answer]:
        """The answers to the commands; `extra_ms` is added to the time allowed for all of them.

        Raises: StoreDown when no connection could be made, StoreUnknown when it was lost after
        the commands were sent. Cancelled on the way, it drops the connection with its answers.
        """
        wire = await self._connected()
        self._wire = None
        try:
            async with asyncio.timeout((self._reply_ms + extra_ms) / 1000):
                answers = await wire.exchange(commands)
        except TimeoutError:
            self._term.number += 1
            await wire.close()
            raise StoreUnknown("no answer in time") from None
        except StoreUnknown:
            self._term.number += 1
            await wire.close()
            raise
        except BaseException:
            await wire.close()
            raise
        if _is_demoted(answers):
            self._term.number += 1
        self._wire = wire
        return answers

    async def close(self) -> None:
        """Closes the connection, if there is one; the next exchange makes a new one."""
        if self._wire:
            wire, self._wire = self._wire, None
            await wire.close()

    async def _connected(self) -> Wire:
        wire, self._wire = self._wire, None
        if wire:
            if self._made_in == self._term.number and await wire.is_alive():
                return wire
            await wire.close()
        self._made_in = self._term.number
        return await self._dial()


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
