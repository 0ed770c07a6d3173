"""The commands of the store, spelled once for every driver."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Any

from router.engine.driver import Entries, StoreBusy, StoreDown, StoreError, StoreUnknown
from router.engine.node import Node
from router.engine.wire import Answer, Command


class CommandDriver(ABC):
    """A store driver over the few ways in which a command travels; see `StoreDriver`."""

    async def fcall(self, function: str, key: str, arg: bytes) -> bytes:
        """FCALL with the others of its batch."""
        place = key.encode()
        return _blob(await self._write(place, (b"FCALL", function.encode(), b"1", place, arg)))

    async def fcall_ro(self, function: str, key: str, arg: bytes) -> bytes:
        """FCALL_RO with the other reads."""
        place = key.encode()
        return _blob(await self._read(place, (b"FCALL_RO", function.encode(), b"1", place, arg)))

    async def load(self, code: str) -> None:
        """FUNCTION LOAD without REPLACE: the name tells the content, so one that exists is ours."""
        answers = await self._each_primary((b"FUNCTION", b"LOAD", code.encode()))
        _check_one_works(["exists" if _is_there(answer) else answer for answer in answers])

    async def tail(self, key: str, after: str, block_ms: int, count: int) -> Entries:
        """XREAD BLOCK on a connection of its own."""
        place = key.encode()
        block = (b"BLOCK", b"%d" % block_ms) if block_ms > 0 else ()
        command = (b"XREAD", b"COUNT", b"%d" % count, *block, b"STREAMS", place, after.encode())
        streams = await self._block(place, command, block_ms)
        return _entries(streams[0][1]) if streams else []

    async def journal_range(self, key: str, after: str, until: str, count: int) -> Entries:
        """XRANGE with an open start."""
        place = key.encode()
        first, last = f"({after}".encode(), until.encode()
        command = (b"XRANGE", place, first, last, b"COUNT", b"%d" % count)
        return _entries(await self._read(place, command))

    async def journal_back(self, key: str, before: str, count: int) -> Entries:
        """XREVRANGE with an open end."""
        place = key.encode()
        last = b"+" if before == "+" else f"({before}".encode()
        command = (b"XREVRANGE", place, last, b"-", b"COUNT", b"%d" % count)
        return _entries(await self._read(place, command))

    async def set_add(self, key: str, member: str) -> None:
        """SADD."""
        place = key.encode()
        await self._write(place, (b"SADD", place, member.encode()))

    async def set_members(self, key: str) -> frozenset[str]:
        """SMEMBERS."""
        place = key.encode()
        members: list[bytes] = await self._read(place, (b"SMEMBERS", place))
        return frozenset(member.decode() for member in members)

    async def ping(self) -> None:
        """PING on each writer."""
        _check_one_works(await self._each_primary((b"PING",)))

    async def generation(self, key: str = "") -> str:
        """The master_replid of INFO replication."""
        text: bytes = await self._read(key.encode(), (b"INFO", b"replication"))
        for line in text.decode().splitlines():
            name, _, value = line.partition(":")
            if name == "master_replid":
                return value
        raise StoreError("the server tells no replication id")

    @abstractmethod
    async def close(self) -> None:
        """Lets what is in flight end, then closes every connection."""

    @abstractmethod
    def _write(self, key: bytes, command: Command) -> Awaitable[Answer]: ...

    @abstractmethod
    def _read(self, key: bytes, command: Command) -> Awaitable[Answer]: ...

    @abstractmethod
    def _block(self, key: bytes, command: Command, block_ms: int) -> Awaitable[Answer]: ...

    @abstractmethod
    async def _each_primary(self, command: Command) -> list[Answer]:
        """The answer of each primary, an error in its place as a value."""


class NodeDriver(CommandDriver):
    """A driver of one primary, wherever it may move."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def close(self) -> None:
        """Closes the node's connections."""
        await self._node.close()

    def _write(self, key: bytes, command: Command) -> Awaitable[Answer]:
        del key  # there is one server for all keys
        return self._node.writer.send(command)

    def _read(self, key: bytes, command: Command) -> Awaitable[Answer]:
        del key
        return self._node.reader.send(command)

    def _block(self, key: bytes, command: Command, block_ms: int) -> Awaitable[Answer]:
        del key
        return self._node.block(command, block_ms)

    async def _each_primary(self, command: Command) -> list[Answer]:
        try:
            return [await self._node.writer.send(command)]
        except StoreError as error:
            return [error]


def _is_there(answer: Answer) -> bool:
    return isinstance(answer, StoreError) and "already exists" in str(answer)


def _check_one_works(answers: list[Answer]) -> None:
    """Raises the error that is a bug, if any, else one of those that are away when all are."""
    problems = [answer for answer in answers if isinstance(answer, StoreError)]
    for problem in problems:
        if not isinstance(problem, StoreDown | StoreUnknown | StoreBusy):
            raise problem
    if len(problems) == len(answers):
        raise problems[0] if problems else StoreDown("the cluster has no primary")


def _blob(answer: Answer) -> bytes:
    if isinstance(answer, bytes):
        return answer
    raise StoreError(f"a function answered {type(answer).__name__} instead of a blob")


def _entries(rows: list[Any] | None) -> Entries:
    """Rows of [id, [field, value]] as pairs of id and value; an entry has one field."""
    return [(row[0].decode(), row[1][1]) for row in rows or []]
