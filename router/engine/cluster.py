"""The driver of a Cluster: each call goes to the primary that owns its tenant's slot.

Batches, order and durability are those of each primary's own writer. A redirected call was not
run, so it is sent again where the answer points; the map is read anew after every surprise.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from redis.crc import key_slot

from router.engine.address import Address, Place
from router.engine.batcher import Batcher
from router.engine.commands import CommandDriver
from router.engine.driver import Redirect, StoreDown, StoreError, StoreUnknown
from router.engine.node import Node, StoreOptions
from router.engine.redis_wire import dial
from router.engine.wire import Answer, Command, Dial, Link, Wire

SLOTS = 16_384
HOPS_MAX = 5
_ASKING: Command = (b"ASKING",)


class ClusterDriver(CommandDriver):
    """A store whose keys are spread over primaries; a tenant's keys all live on one of them."""

    def __init__(self, address: Address, options: StoreOptions) -> None:
        self._address = address
        self._options = options
        self._nodes: dict[Place, Node] = {}
        self._slots: list[Place | None] = [None] * SLOTS
        self._known: list[Place] = list(address.places)
        self._is_stale = True
        self._refreshing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Closes every node's connections."""
        if self._refreshing:
            await asyncio.wait([self._refreshing])
        for node in self._nodes.values():
            await node.close()

    async def _write(self, key: bytes, command: Command) -> Answer:
        return await self._send(key, command, lambda node: node.writer)

    async def _read(self, key: bytes, command: Command) -> Answer:
        return await self._send(key, command, lambda node: node.reader)

    async def _block(self, key: bytes, command: Command, block_ms: int) -> Answer:
        try:
            return await (await self._owner(key)).block(command, block_ms)
        except StoreError:
            self._is_stale = True  # the reader of a journal comes again by itself
            raise

    async def _each_primary(self, command: Command) -> list[Answer]:
        await self._refresh()
        places = {place for place in self._slots if place}
        sent = [self._send_to(place, command) for place in places]
        return await asyncio.gather(*sent)

    async def _send_to(self, place: Place, command: Command) -> Answer:
        """The answer of that primary, an error as a value."""
        try:
            return await self._node(place).writer.send(command)
        except StoreError as error:
            return error

    async def _send(
        self, key: bytes, command: Command, lane_of: Callable[[Node], Batcher]
    ) -> Answer:
        """Sends to the owner of the key, and follows redirects."""
        node = await self._owner(key)
        before: tuple[Command, ...] = ()
        for _ in range(HOPS_MAX):
            try:
                return await lane_of(node).send(*before, command)
            except Redirect as redirect:
                place = (redirect.host or self._known[0][0], redirect.port)
                node, before = self._node(place), (_ASKING,) if redirect.is_ask else ()
                if not redirect.is_ask:
                    self._slots[redirect.slot] = place
                    self._is_stale = True
            except StoreUnknown:
                self._is_stale = True
                raise
            except StoreDown:
                # Never sent: when a replica has taken over, it goes there.
                self._is_stale = True
                moved = await self._owner(key)
                if moved is node:
                    raise
                node, before = moved, ()
        raise StoreDown(f"redirected {HOPS_MAX} times")

    async def _owner(self, key: bytes) -> Node:
        if self._is_stale:
            await self._refresh()
        place = self._slots[key_slot(key)]
        if place is None:
            self._is_stale = True
            raise StoreDown("no primary serves this slot")
        return self._node(place)

    def _node(self, place: Place) -> Node:
        if place not in self._nodes:
            self._nodes[place] = Node(self._dial_of(place), self._options)
        return self._nodes[place]

    def _dial_of(self, place: Place) -> Dial:
        async def dial_it() -> Wire:
            return await dial(self._address, place, self._options.connect_ms)

        return dial_it

    async def _refresh(self) -> None:
        """Reads the map, once for all who wait for it."""
        if self._refreshing is None:
            self._refreshing = asyncio.create_task(self._read_map(), name="cluster-map")
            self._refreshing.add_done_callback(self._refreshed)
        await asyncio.shield(self._refreshing)

    def _refreshed(self, task: asyncio.Task[None]) -> None:
        self._refreshing = None
        if not task.cancelled():
            task.exception()  # those who wait are told

    async def _read_map(self) -> None:
        """Raises: StoreDown when no known node tells the map."""
        problems = []
        for place in self._known:
            link = Link(self._dial_of(place), reply_ms=self._options.reply_ms)
            try:
                (rows,) = await link.exchange([(b"CLUSTER", b"SLOTS")])
            except StoreError as error:
                rows = error
            finally:
                await link.close()
            if isinstance(rows, list) and rows:
                await self._use(rows, place)
                return
            problems.append(f"{place[0]}:{place[1]}: {rows or 'knows no slots'}")
        raise StoreDown(f"no node tells the cluster's map: {'; '.join(problems)}")

    async def _use(self, rows: list[Any], teller: Place) -> None:
        """Takes over the rows of [first slot, last slot, primary, replicas...]."""
        slots: list[Place | None] = [None] * SLOTS
        known: dict[Place, None] = {}
        for first, last, *servers in rows:
            places = [((name or b"").decode() or teller[0], port) for name, port, *_ in servers]
            known |= dict.fromkeys(places)
            slots[first : last + 1] = [places[0]] * (last + 1 - first)
        self._slots, self._is_stale = slots, False
        self._known = [*known, *(p for p in self._address.places if p not in known)]
        for place in [place for place in self._nodes if place not in known]:
            await self._nodes.pop(place).close()
