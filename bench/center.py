"""A center of a given size for the engine's benchmark: agents at work, customers waiting."""

import asyncio
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from presence.calls import OpenSession, PutAgent, SetState
from queues.calls import Admit, PutQueue
from router.calls import Accept, Close, PutTenant
from router.engine.engine import Call, Engine
from router.engine.reply import Reply
from router.queries import Position

T = TypeVar("T")

QUEUES = ("sales", "service", "billing", "orders", "general")
FILL_BATCH = 500
LEASE_MS = 3_600_000
JOURNAL_MAX = 1_000  # the journal is bounded, and no part of the memory of those who wait


class Size(NamedTuple):
    """How many customers wait, and how many agents are at work."""

    waiting: int
    agents: int

    def __str__(self) -> str:
        """`1,000 waiting, 100 agents`."""
        return f"{self.waiting:,} waiting, {self.agents:,} agents"


class Way(NamedTuple):
    """What is asked of the routing, beside the defaults."""

    before: tuple[Call, ...] = ()  # what the queues name
    queue: dict[str, object] = {}  # noqa: RUF012  read only
    tenant: dict[str, object] = {}  # noqa: RUF012
    contact: dict[str, object] = {}  # noqa: RUF012
    agent: dict[str, object] = {}  # noqa: RUF012


class Center:
    """A tenant whose agents all serve someone and all serve the same five queues."""

    def __init__(self, engine: Engine, size: Size, way: Way | None = None) -> None:
        self.size = size
        self.way = way or Way()
        self.tenant = f"bench-{secrets.token_hex(4)}"
        self.at_work: deque[tuple[str, str]] = deque()  # contact and its agent, longest first
        self._engine = engine
        self._admitted = 0
        self._position = "0-0"

    async def open(self) -> None:
        """Makes the tenant with its agents, each of whom has somebody to serve."""
        tenant: dict[str, object] = {"journal_max": JOURNAL_MAX}
        await self._all([PutTenant(settings=tenant | self.way.tenant)])
        for call in self.way.before:
            await self._one(call)
        settings: dict[str, object] = {"ring_ms": LEASE_MS} | self.way.queue
        await self._all([PutQueue(queue=queue, settings=settings) for queue in QUEUES])
        names = [f"agent-{number}" for number in range(self.size.agents)]
        memberships: dict[str, dict[str, object]] = {queue: {} for queue in QUEUES}
        for batch in batches(names):
            await self._all([put(name, memberships, **self.way.agent) for name in batch])
            await self._all([OpenSession(agent=n, session="s", lease_ms=LEASE_MS) for n in batch])
            await self._all([SetState(agent=name, presence="ready") for name in batch])
            await self._all([self.next_contact() for _ in batch])
            while answers := (await self.read_offers())[0]:
                await self.answer(answers)

    async def fill(self) -> None:
        """Brings the customers who wait, since all agents are at work."""
        for batch in batches(range(self.size.waiting)):
            await self._all([self.next_contact() for _ in batch])

    def next_contact(self) -> Admit:
        """A customer as gateways bring them, with a card of usual size."""
        self._admitted = number = self._admitted + 1
        own: Any = self.way.contact
        return Admit(
            **own,
            contact=f"contact-{number:08}",
            queue=QUEUES[number % len(QUEUES)],
            channel="voice",
            priority=number % 3,
            address=f"+49 30 5550{number % 10_000:04}",
            subject="invoice",
            origin="gateway-1",
            customer=f"customer-{number % 5_000}",
            attributes='{"language":"de","menu":"2"}',
            fp=f"{number:032x}",
        )

    def accepts(self, replies: Sequence[Reply]) -> list[Accept]:
        """The answers to the offers that calls have brought; their agents are at work then."""
        return [self.accept(event) for reply in replies for event in offers(reply.events)]

    def accept(self, event: dict[str, Any]) -> Accept:
        """The answer to one offer."""
        self.at_work.append((event["contact"], event["agent"]))
        return Accept(contact=event["contact"], offer=event["offer"], agent=event["agent"])

    async def close(self, count: int) -> None:
        """The agents who serve longest are done; each is offered the next one."""
        done = [self.at_work.popleft() for _ in range(count)]
        await self._all([Close(contact=contact, agent=agent) for contact, agent in done])

    async def admit(self, count: int) -> None:
        """New customers come."""
        await self._all([self.next_contact() for _ in range(count)])

    async def answer(self, calls: list[Accept]) -> None:
        """The agents take what they were offered."""
        await self._all(calls)

    async def read_offers(self) -> tuple[list[Accept], list[int]]:
        """Answers to the offers in the journal since the last time, and its entries' sizes.

        Of a contact that rings several agents, the first one answers.
        """
        key = f"{{{self.tenant}}}:journal"
        entries = await self._engine.store.journal_range(key, self._position, "+", 10 * FILL_BATCH)
        if entries:
            self._position = entries[-1][0]
        events = [event for _, entry in entries for event in msgspec.msgpack.decode(entry)["ev"]]
        firsts = {event["contact"]: event for event in reversed(offers(events))}
        answers = [self.accept(event) for event in reversed(firsts.values())]
        return answers, [len(e) for _, e in entries]

    async def skip_journal(self) -> None:
        """Leaves out what the journal has told so far."""
        at = await self._engine.read(self.tenant, Position())
        self._position = at["position"]

    async def route(self, contacts: int, workers: int) -> None:
        """Routes contacts as fast as it goes: each worker closes, accepts the next, admits one."""
        todo = iter(range(contacts))
        await asyncio.gather(*(self._work(todo) for _ in range(min(workers, self.size.agents))))

    async def _work(self, todo: Iterator[int]) -> None:
        for _ in todo:
            contact, agent = self.at_work.popleft()
            closed = await self._one(Close(contact=contact, agent=agent), echo=True)
            for accept in self.accepts([closed]):
                await self._one(accept)
            await self._one(self.next_contact())

    async def _one(self, call: Call, *, echo: bool = False) -> Reply:
        reply = await self._engine.call(self.tenant, call, echo=echo)
        assert reply.is_ok, f"{call} was answered {reply}"
        return reply

    async def _all(self, calls: Sequence[Call], *, echo: bool = False) -> list[Reply]:
        return await asyncio.gather(*(self._one(call, echo=echo) for call in calls))


def put(name: str, memberships: dict[str, dict[str, object]], **own: Any) -> PutAgent:
    """An agent of all five queues who takes one call at a time."""
    return PutAgent(agent=name, memberships=memberships, slots={"voice": 1}, capacity=1, **own)


def offers(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The offers among events."""
    return [event for event in events if event["e"] == "offer.made"]


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in groups that are sent together."""
    for start in range(0, len(items), FILL_BATCH):
        yield items[start : start + FILL_BATCH]
