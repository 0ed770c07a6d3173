"""A connection of redis-py below its client: its handshake and parser, our batches, no retries."""

import math
from collections.abc import Sequence
from typing import Any

from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from router.engine.address import Address, Place
from router.engine.driver import StoreDown, StoreUnknown, error_of
from router.engine.wire import Answer, Command, Wire, within


class RedisWire:
    """Sends packed commands and reads their answers; see `Wire`."""

    def __init__(self, connection: AbstractConnection) -> None:
        self._connection = connection

    async def send(self, commands: Sequence[Command]) -> None:
        """Sends all at once."""
        try:
            await self._connection.send_packed_command(pack(commands), check_health=False)
        except (RedisError, OSError) as error:
            raise _lost(error) from error

    async def receive(self, count: int) -> list[Answer]:
        """Reads so many; an error answer is a value among the others."""
        read, answers = self._connection.read_response, []
        try:
            for _ in range(count):
                try:
                    answer = await read(
                        disable_decoding=True, timeout=math.inf, disconnect_on_error=False
                    )
                except RedisError as error:
                    answer = error_of(_text_of(error))
                answers.append(answer)
        except (RedisError, OSError) as error:
            raise _lost(error) from error
        return answers

    async def is_alive(self) -> bool:
        """An idle connection with something to read has been closed, or is out of step."""
        try:
            return self._connection.is_connected and not await self._connection.can_read()
        except RedisError:
            return False

    async def close(self) -> None:
        """Closes the socket; answers under way are lost."""
        try:
            await self._connection.disconnect()
        except (RedisError, OSError):
            return  # it is gone either way


async def dial(address: Address, place: Place | None, connect_ms: int) -> Wire:
    """Connects to one server of the address, with its credentials. Raises: StoreDown."""
    connection = _connection(address, place, connect_ms)
    name = f"{place[0]}:{place[1]}" if place else address.path
    try:
        await within(connect_ms, name, connection.connect())  # type: ignore[no-untyped-call]
    except (RedisError, OSError) as error:
        await connection.disconnect(nowait=True)
        raise StoreDown(f"{name}: {error}") from error
    except BaseException:
        await connection.disconnect(nowait=True)
        raise
    return RedisWire(connection)


def pack(commands: Sequence[Command]) -> bytes:
    """The commands in the protocol's form."""
    parts: list[bytes] = []
    for command in commands:
        parts.append(b"*%d\r\n" % len(command))
        parts.extend([b"$%d\r\n%b\r\n" % (len(word), word) for word in command])
    return b"".join(parts)


def _connection(address: Address, place: Place | None, connect_ms: int) -> AbstractConnection:
    common: dict[str, Any] = {
        "db": address.db,
        "username": address.username,
        "password": address.password,
        "protocol": 2,
        "driver_info": None,
        "socket_timeout": None,
        "socket_connect_timeout": connect_ms / 1000,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }
    if place is None:
        return UnixDomainSocketConnection(path=address.path, **common)
    host, port = place
    if address.tls is None:
        return Connection(host=host, port=port, **common)
    return SSLConnection(
        host=host,
        port=port,
        ssl_ca_certs=address.tls.ca,
        ssl_certfile=address.tls.cert,
        ssl_keyfile=address.tls.key,
        ssl_check_hostname=address.tls.check_hostname,
        **common,
    )


def _lost(error: Exception) -> StoreUnknown:
    return StoreUnknown(f"connection lost: {error}")


def _text_of(error: RedisError) -> str:
    """The error answer as the server wrote it. Raises the error itself when it is no answer."""
    code = getattr(error, "status_code", None)
    if code:
        return f"{code} {error}"
    if isinstance(error, ResponseError):
        return str(error)
    raise error
