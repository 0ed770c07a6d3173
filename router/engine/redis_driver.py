"""The default driver: one primary, named by address or by Sentinel, over redis-py."""

import asyncio
from typing import Any

from router.engine.address import Address, Place
from router.engine.commands import NodeDriver
from router.engine.driver import StoreDown, StoreError
from router.engine.node import Node, StoreOptions
from router.engine.redis_wire import dial
from router.engine.wire import Command, Wire


class RedisDriver(NodeDriver):
    """A store at a fixed place: TCP, TLS or a unix socket."""

    def __init__(self, address: Address, options: StoreOptions) -> None:
        place = address.places[0] if address.places else None

        async def dial_it() -> Wire:
            return await dial(address, place, options.connect_ms)

        super().__init__(Node(dial_it, options))


class SentinelDriver(NodeDriver):
    """A store whose primary is asked of the Sentinels each time a connection is made."""

    def __init__(self, address: Address, options: StoreOptions) -> None:
        self._address = address
        self._connect_ms = options.connect_ms
        self._sentinels = list(address.places)
        self._as_sentinel = Address(
            kind="single",
            username=address.sentinel_username,
            password=address.sentinel_password,
            tls=address.tls,
        )
        super().__init__(Node(self._dial_primary, options))

    async def _dial_primary(self) -> Wire:
        problems = []
        for sentinel in list(self._sentinels):
            try:
                wire = await self._dial_named_by(sentinel)
            except StoreError as error:
                problems.append(f"{sentinel[0]}:{sentinel[1]}: {error}")
                continue
            self._sentinels.remove(sentinel)
            self._sentinels.insert(0, sentinel)
            return wire
        raise StoreDown(f"no primary of {self._address.service}: {'; '.join(problems)}")

    async def _dial_named_by(self, sentinel: Place) -> Wire:
        """Raises: StoreError when this Sentinel names nobody, or somebody who is no primary."""
        service = self._address.service.encode()
        asked = await dial(self._as_sentinel, sentinel, self._connect_ms)
        try:
            named = await self._ask(asked, (b"SENTINEL", b"GET-MASTER-ADDR-BY-NAME", service))
        finally:
            await asked.close()
        if not named:
            raise StoreDown("knows no such service")
        wire = await dial(self._address, (named[0].decode(), int(named[1])), self._connect_ms)
        try:
            role = await self._ask(wire, (b"ROLE",))
        except BaseException:
            await wire.close()
            raise
        if role[0] == b"master":
            return wire
        await wire.close()
        raise StoreDown(f"{named[0].decode()}:{int(named[1])} is no primary")

    async def _ask(self, wire: Wire, command: Command) -> Any:
        try:
            async with asyncio.timeout(self._connect_ms / 1000):
                await wire.send([command])
                (answer,) = await wire.receive(1)
        except TimeoutError:
            raise StoreDown(f"no answer within {self._connect_ms} ms") from None
        if isinstance(answer, StoreError):
            raise answer
        return answer
