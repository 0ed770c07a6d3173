"""The second driver, over the protocol object of asyncio-redis: plain TCP and unix sockets.

An independent client that must agree with the first one. It knows no streams, functions, user names
or replies within replies, so commands go through its protocol object as they are, and answers
are read back from its containers.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from asyncio_redis.exceptions import ConnectionLostError, ErrorReply
from asyncio_redis.protocol import HiRedisProtocol, MultiBulkReply

from router.engine.address import Address
from router.engine.commands import NodeDriver
from router.engine.driver import StoreDown, StoreError, StoreUnknown, error_of
from router.engine.node import Node, StoreOptions
from router.engine.wire import Answer, Command, Wire


class AsyncioRedisDriver(NodeDriver):
    """A store at a fixed place: TCP or a unix socket."""

    def __init__(self, address: Address, options: StoreOptions) -> None:
        if address.kind not in ("single", "unix") or address.tls:
            raise ValueError("asyncio-redis reaches redis://host:port and unix:// stores only")

        async def dial() -> Wire:
            return await _dial(address, options.connect_ms)

        super().__init__(Node(dial, options))


class _ProtocolWire:
    """Commands through a protocol object; see `Wire`."""

    def __init__(self, protocol: HiRedisProtocol) -> None:
        self._protocol = protocol
        self._due: deque[asyncio.Future[Answer]] = deque()

    async def send(self, commands: Sequence[Command]) -> None:
        """Sends all; the library keeps a future for each answer."""
        loop, protocol = asyncio.get_running_loop(), self._protocol
        try:
            for command in commands:
                answer = loop.create_future()
                self._due.append(answer)
                protocol._queue.append(answer)  # noqa: SLF001  its own methods know few commands
                protocol._send_command(command)  # noqa: SLF001  as above
        except ConnectionLostError as error:
            raise _lost(error) from error

    async def receive(self, count: int) -> list[Answer]:
        """Awaits so many; an error answer is a value among the others."""
        try:
            return [await _answer_of(self._due.popleft()) for _ in range(count)]
        except ConnectionLostError as error:
            raise _lost(error) from error

    async def is_alive(self) -> bool:
        return bool(self._protocol.is_connected)

    async def close(self) -> None:
        for answer in self._due:
            answer.cancel()  # nobody reads them any more
        if self._protocol.transport:
            self._protocol.transport.abort()
            # The transport tells the protocol of its end in the next round of the loop.
            await asyncio.sleep(0)


async def _dial(address: Address, connect_ms: int) -> Wire:
    """Raises: StoreDown."""
    loop = asyncio.get_running_loop()
    name = address.path or "{}:{}".format(*address.places[0])
    try:
        async with asyncio.timeout(connect_ms / 1000):
            if address.path:
                _, protocol = await loop.create_unix_connection(HiRedisProtocol, address.path)
            else:
                _, protocol = await loop.create_connection(HiRedisProtocol, *address.places[0])
            wire = _ProtocolWire(protocol)
            await _introduce(wire, address)
    except TimeoutError:
        raise StoreDown(f"{name} did not answer within {connect_ms} ms") from None
    except (OSError, StoreError) as error:
        raise StoreDown(f"{name}: {error}") from error
    return wire


async def _introduce(wire: _ProtocolWire, address: Address) -> None:
    """Names the user and the database, when the address has them."""
    greetings: list[Command] = []
    if address.password:
        user = (address.username.encode(),) if address.username else ()
        greetings.append((b"AUTH", *user, address.password.encode()))
    if address.db:
        greetings.append((b"SELECT", b"%d" % address.db))
    await wire.send(greetings)
    answers = await wire.receive(len(greetings))
    refused = [answer for answer in answers if isinstance(answer, StoreError)]
    if refused:
        await wire.close()
        raise refused[0]


def _lost(error: ConnectionLostError) -> StoreUnknown:
    return StoreUnknown(f"connection lost: {error.exception or 'closed'}")


async def _answer_of(waiting: asyncio.Future[Answer]) -> Answer:
    try:
        return await _plain(await waiting)
    except ErrorReply as error:
        return error_of(str(error))


async def _plain(answer: Answer) -> Answer:
    """Lists out of the library's containers, whose items come as futures."""
    if isinstance(answer, MultiBulkReply):
        return [await _plain(await item) for item in answer.iter_raw()]
    return answer
