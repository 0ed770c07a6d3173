"""The load of the service's benchmarks: a room of desktops at work, and contacts for them.

Every desktop is ready, accepts what it is offered, and closes it at once. The same room can stand
before the floor, whose messages are the contacts themselves.
"""

import asyncio
from collections.abc import Callable
from random import Random
from time import perf_counter

import msgspec

from bench import service
from bench.client import Desktop, Gateways, command, connect_desktop, decode
from router.api.roles import Role

CONNECTIONS = 16
CONNECT_BATCH = 50
SETTLE_S = 5.0
HELLO = msgspec.json.encode({"type": "hello", "protocol": 1})
READY = command(1, "set_state", presence="ready")
STATE, ACCEPT, CLOSE = 1, 2, 3  # the ids of a desktop's commands


class Room:
    """Desktops before one router; `on_offer` and `on_closed` are told the contact."""

    def __init__(self, running: service.Running) -> None:
        self.on_offer: Callable[[str], None] = lambda _: None
        self.on_closed: Callable[[str], None] = lambda _: None
        self._running = running
        self._desktops: list[Desktop] = []
        self._offered: dict[Desktop, str] = {}
        self._closing: dict[Desktop, str] = {}  # the next offer may come before the close's reply
        self._not_ready = 0
        self._all_ready = asyncio.Event()

    async def open(self, count: int) -> None:
        """Connects the desktops and declares them ready."""
        self._not_ready = count
        for start in range(0, count, CONNECT_BATCH):
            numbers = range(start, min(start + CONNECT_BATCH, count))
            self._desktops += await asyncio.gather(*(self._connect(n) for n in numbers))
        await self._all_ready.wait()

    async def close(self) -> None:
        """Disconnects all and waits until they are gone."""
        for desktop in self._desktops:
            desktop.close()
        await asyncio.gather(*(desktop.closed for desktop in self._desktops))

    async def _connect(self, number: int) -> Desktop:
        token = service.token(Role.AGENT, service.agent_of(number))
        port = self._running.port
        desktop = await connect_desktop(port, "/v1/stream", token, self._receive)
        desktop.send(HELLO)
        return desktop

    def _receive(self, desktop: Desktop, payload: bytes) -> None:
        message = decode(payload)
        if message.type == "event":
            event = message.event
            if event and event.e == "offer.made":
                self.on_offer(event.contact)
                self._offered[desktop] = event.contact
                desktop.send(command(ACCEPT, "accept", contact=event.contact, offer=event.offer))
        elif message.type == "reply":
            self._go_on(desktop, message.id)
        elif message.type == "welcome":
            desktop.send(READY)
        else:
            raise RuntimeError(f"not expected here: {payload!r}")

    def _go_on(self, desktop: Desktop, done: int) -> None:
        if done == ACCEPT:
            contact = self._closing[desktop] = self._offered.pop(desktop)
            desktop.send(command(CLOSE, "close", contact=contact))
        elif done == CLOSE:
            self.on_closed(self._closing.pop(desktop))
        else:
            self._not_ready -= 1
            if self._not_ready == 0:
                self._all_ready.set()


class FloorRoom(Room):
    """Desktops before the floor: what comes is a contact, and nothing is answered."""

    async def open(self, count: int) -> None:
        """Connects the desktops."""
        self._not_ready = 1
        for start in range(0, count, CONNECT_BATCH):
            numbers = range(start, min(start + CONNECT_BATCH, count))
            self._desktops += await asyncio.gather(*(self._connect(n) for n in numbers))

    def _receive(self, desktop: Desktop, payload: bytes) -> None:
        del desktop
        self.on_offer(msgspec.json.decode(payload)["contact"])


class Source:
    """Where contacts come from: one gateway on a few connections."""

    def __init__(self, gateways: Gateways, run: str) -> None:
        self._gateways = gateways
        self._run = run
        self._count = 0

    @classmethod
    async def open(cls, running: service.Running, run: str) -> "Source":
        """Connects; `run` makes the contacts' ids differ from those of other runs."""
        token = service.token(Role.GATEWAY, "gateway-1")
        return cls(await Gateways.connect(running.port, "/v1/contacts", token, CONNECTIONS), run)

    def bring(self) -> str:
        """Sends one contact; answers its id."""
        number = self._count = self._count + 1
        contact = f"{self._run}-{number}"
        body = {
            "contact": contact,
            "channel": "voice",
            "queue": service.queue_of(number),
            "address": f"+49 30 5550{number % 10_000:04}",
            "subject": "invoice",
            "origin": "gateway-1",
            "customer": f"customer-{number}",
            "priority": number % 3,
            "attributes": {"language": "de", "menu": 2},
        }
        self._gateways.post(msgspec.json.encode(body))
        return contact

    def close(self) -> None:
        """Hangs up."""
        self._gateways.close()


class Stopwatch:
    """From the instant that a contact is sent to the one at which its offer is there."""

    def __init__(self, bring: Callable[[], str]) -> None:
        self.seconds: list[float] = []
        self._bring = bring
        self._sent: dict[str, float] = {}
        self._none_sent = asyncio.Event()

    def start(self) -> None:
        """Sends a contact."""
        now = perf_counter()
        self._sent[self._bring()] = now
        self._none_sent.clear()

    def stop(self, contact: str) -> None:
        """It was offered."""
        self.seconds.append(perf_counter() - self._sent.pop(contact))
        if not self._sent:
            self._none_sent.set()

    async def wait_for_offers(self) -> None:
        """Waits until everything that was sent has been offered."""
        async with asyncio.timeout(SETTLE_S):
            await self._none_sent.wait()


async def arrivals(
    per_second: float, seconds: float, chance: Random, bring: Callable[[], None]
) -> None:
    """Calls `bring` at random instants (a Poisson process) for a while."""
    loop = asyncio.get_running_loop()
    at = loop.time()
    end = at + seconds
    while (at := at + chance.expovariate(per_second)) < end:
        await asyncio.sleep(at - loop.time())
        bring()
