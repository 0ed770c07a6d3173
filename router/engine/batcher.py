"""Group sending: the calls of one loop tick travel as one batch on one connection.

Two batches may be in flight, so that the store has work while the router reads what it answered;
meanwhile the next one collects. A caller that goes away takes nothing with it: its place in the
batch stays, and the answer that belongs there is dropped.
"""

import asyncio
from typing import Final, NamedTuple

import msgspec

from router.engine.driver import StoreDown, StoreError, StoreUnknown
from router.engine.wire import Answer, Command, Link

FLIGHTS: Final = 2


class Durability(msgspec.Struct, frozen=True):
    """How many replicas must hold a batch before its calls are answered, and the time for that."""

    wait_replicas: int = 0
    wait_ms: int = 200


class _Request(NamedTuple):
    commands: tuple[Command, ...]
    answer: asyncio.Future[Answer]


class Batcher:
    """Sends over one link; with a durability, each batch ends with WAIT, which decides on it."""

    def __init__(
        self,
        link: Link,
        durability: Durability | None = None,
        *,
        batch_max: int = 512,
        waiting_max: int = 50_000,
    ) -> None:
        self._link = link
        self._durability = durability or Durability()
        self._batch_max = batch_max
        self._waiting_max = waiting_max
        self._waiting: list[_Request] = []
        self._flights: set[asyncio.Task[None]] = set()
        self._is_planned = False
        self._is_closed = False

    def send(self, *commands: Command) -> asyncio.Future[Answer]:
        """The answer to the last of the commands, which stay side by side in one batch.

        Raises, at once or through the future: StoreError and its kinds.
        """
        if self._is_closed:
            raise StoreDown("the store is closed")
        if len(self._waiting) >= self._waiting_max:
            raise StoreDown(f"{self._waiting_max} calls are waiting already")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append(_Request(commands, answer))
        if not self._is_planned and len(self._flights) < FLIGHTS:
            self._is_planned = True
            loop.call_soon(self._depart)
        return answer

    async def close(self) -> None:
        """Refuses new calls, lets the sent and the waiting ones end, then closes the link."""
        self._is_closed = True
        self._depart()
        while self._flights:
            await asyncio.wait(self._flights)
        await self._link.close()

    def _depart(self) -> None:
        self._is_planned = False
        while self._waiting and len(self._flights) < FLIGHTS:
            batch = [request for request in self._take() if not request.answer.done()]
            if batch:
                flight = asyncio.create_task(self._send_batch(batch), name="store-batch")
                self._flights.add(flight)
                flight.add_done_callback(self._land)

    def _take(self) -> list[_Request]:
        batch = self._waiting[: self._batch_max]
        del self._waiting[: self._batch_max]
        return batch

    def _land(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        if not flight.cancelled():
            self._depart()
            return
        for request in self._waiting:
            _fail(request, StoreDown("the sender was stopped"))
        self._waiting.clear()

    async def _send_batch(self, batch: list[_Request]) -> None:
        commands = [command for request in batch for command in request.commands]
        try:
            answers = await self._exchange(commands)
        except StoreError as error:
            for request in batch:
                _fail(request, error)
            return
        except BaseException:
            for request in batch:
                _fail(request, StoreUnknown("the sender was stopped"))
            raise
        at = -1
        for request in batch:
            at += len(request.commands)
            _settle(request, answers[at])

    async def _exchange(self, commands: list[Command]) -> list[Answer]:
        replicas, wait_ms = self._durability.wait_replicas, self._durability.wait_ms
        if not replicas:
            return await self._link.exchange(commands)
        commands.append((b"WAIT", b"%d" % replicas, b"%d" % wait_ms))
        answers = await self._link.exchange(commands, extra_ms=wait_ms)
        reached = answers.pop()
        if isinstance(reached, int) and reached >= replicas:
            return answers
        short = StoreUnknown(f"{reached} of {replicas} replicas have it after {wait_ms} ms")
        return [answer if isinstance(answer, StoreError) else short for answer in answers]


def _settle(request: _Request, answer: Answer) -> None:
    if isinstance(answer, StoreError):
        _fail(request, answer)
    elif not request.answer.done():
        request.answer.set_result(answer)


def _fail(request: _Request, error: StoreError) -> None:
    if not request.answer.done():
        # A copy, because each caller's traceback is written into what he is given.
        request.answer.set_exception(type(error)(*error.args))
