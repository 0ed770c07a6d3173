"""One server as a driver uses it: a writer, a reader, and a connection for each blocking tail."""

import msgspec

from router.engine.batcher import Batcher, Durability
from router.engine.driver import StoreDown, StoreError
from router.engine.wire import Answer, Command, Dial, Link, Term


class StoreOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of the connections, and what an answered write means."""

    connect_ms: int = 300
    reply_ms: int = 500
    durability: Durability = Durability()
    batch_max: int = 512
    waiting_max: int = 50_000


class Node:
    """Connections to one server, made when first used.

    WAIT counts the writes of its own connection, so all writes share one; reads and blocking tails
    never stand before them.
    """

    def __init__(self, dial: Dial, options: StoreOptions) -> None:
        self._dial = dial
        self._options = options
        self._term = Term()
        self.writer = self._batcher(options.durability)
        self.reader = self._batcher(Durability())
        self._idle_tails: list[Link] = []
        self._is_closed = False

    async def block(self, command: Command, block_ms: int) -> Answer:
        """The answer to a command that may wait `block_ms` on the server."""
        self._check_open()
        link = self._idle_tails.pop() if self._idle_tails else self._link()
        answers = await link.exchange([command], extra_ms=max(block_ms, 0))
        if self._is_closed:
            await link.close()
        else:
            self._idle_tails.append(link)
        answer = answers[0]
        if isinstance(answer, StoreError):
            raise answer
        return answer

    async def close(self) -> None:
        """Refuses new calls and closes the connections once what is in flight has ended."""
        self._is_closed = True
        await self.writer.close()
        await self.reader.close()
        while self._idle_tails:
            await self._idle_tails.pop().close()

    def _check_open(self) -> None:
        if self._is_closed:
            raise StoreDown("the store is closed")

    def _link(self) -> Link:
        return Link(self._dial, reply_ms=self._options.reply_ms, term=self._term)

    def _batcher(self, durability: Durability) -> Batcher:
        options = self._options
        return Batcher(
            self._link(),
            durability,
            batch_max=options.batch_max,
            waiting_max=options.waiting_max,
        )
