"""Owns when frames go out: all that one socket gets in one pass of the loop leaves in one write."""

import asyncio
from typing import Protocol


class Flushable(Protocol):
    """Something with frames that wait to go out."""

    def flush(self) -> None:
        """Lets them out."""
        ...


class Flusher:
    """The sockets that have something to say, until the end of this pass."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing waits."""
        self._loop = loop
        self._waiting: list[Flushable] = []

    def add(self, one: Flushable) -> None:
        """The socket has its first frame of this pass."""
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(one)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.flush()
