"""What one routed contact costs the store, at any size, beside one XADD of the same size.

A routed contact is: admitted, offered, accepted, closed, and the next one offered to its agent. The
floor is a pipelined XADD of the mean size of the journal entries that the routing wrote, in batches
as deep as the routing's own, on the same server in the same run. CPU is that of the server process,
all threads. Each size has a server of its own, so that what a larger center costs a smaller one is
not hidden.
"""

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import ExitStack
from pathlib import Path
from statistics import mean, median
from time import perf_counter

import click
import msgspec
from redis import Redis
from rich.table import Table

from bench import harness
from bench.center import Center, Size, Way
from bench.harness import Spread, spread
from router.calls import Accept
from router.engine.connect import connect
from router.engine.embedded import EmbeddedServer
from router.engine.engine import Engine
from router.engine.node import StoreOptions

SIZES = (Size(100, 10), Size(1_000, 100), Size(10_000, 1_000), Size(100_000, 10_000))
BATCH = 10  # calls that travel together, the same at every size; the smallest has ten agents
WORKERS = 64
FLOOR_KEY = "{bench}:floor"


class Plan(msgspec.Struct, frozen=True):
    """How much is measured."""

    sizes: tuple[Size, ...]
    rounds: int
    contacts: int  # of each size in each round, for CPU; and again for speed
    floor: int


FULL = Plan(SIZES, rounds=15, contacts=300, floor=3_000)
QUICK = Plan(SIZES[:2], rounds=2, contacts=50, floor=500)


class AtSize(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one size."""

    waiting: int
    agents: int
    cpu_us_per_contact: Spread
    floor_xadd_us: Spread
    xadds_per_contact: Spread
    contacts_per_second: Spread
    bytes_per_waiting_contact: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the run; the first four are those of the least favourable size."""

    xadds_per_contact: float
    growth: float  # of the multiple, from the smallest size to the largest
    cpu_growth: float  # of the CPU itself: on a large heap an XADD is dearer too
    contacts_per_second: float
    bytes_per_waiting_contact: float
    floor_xadd_us: Spread
    entry_bytes: float
    server: str
    sizes: list[AtSize]


class Site:
    """One size on a server of its own, the floor beside it, and what the rounds brought."""

    def __init__(self, server: EmbeddedServer, size: Size, way: Way | None = None) -> None:
        self._pid = server.pid
        self._client = Redis(unix_socket_path=server.socket)
        options = StoreOptions(reply_ms=60_000)
        self._engine = Engine(connect(server.url, options=options), router="bench")
        self._center = Center(self._engine, size, way)
        self._bytes_per_waiting = 0.0
        self.entry_bytes: list[int] = [400]  # a first guess, for the floor before any entry
        self.floors_us: list[float] = []
        self.cpu_us: list[float] = []
        self.xadds: list[float] = []
        self._speeds: list[float] = []

    async def fill(self) -> None:
        """Brings agents and customers, and weighs those who wait."""
        harness.note(f"filling: {self._center.size}")
        await self._engine.start()
        await self._center.open()
        before = harness.used_memory(self._client)
        await self._center.fill()
        grown = harness.used_memory(self._client) - before
        self._bytes_per_waiting = grown / self._center.size.waiting
        await self._center.skip_journal()

    async def measure(self, plan: Plan) -> None:
        """One round, with the floor before and after it: both meet the same noise."""
        before, used = self._floor_us(plan.floor), 0.0
        for _ in range(plan.contacts // BATCH):
            used += await self._route_batch()
        floor_us = (before + self._floor_us(plan.floor)) / 2
        cpu_us = used * 1e6 / (plan.contacts // BATCH * BATCH)
        self.floors_us.append(floor_us)
        self.cpu_us.append(cpu_us)
        self.xadds.append(cpu_us / floor_us)

    async def race(self, plan: Plan) -> None:
        """One round of routing as fast as it goes."""
        started = perf_counter()
        await self._center.route(plan.contacts, WORKERS)
        self._speeds.append(plan.contacts / (perf_counter() - started))
        await self._center.skip_journal()

    async def close(self) -> None:
        """Disconnects."""
        await self._engine.close()
        self._client.close()

    def figures(self) -> AtSize:
        """The medians of the rounds."""
        return AtSize(
            waiting=self._center.size.waiting,
            agents=self._center.size.agents,
            cpu_us_per_contact=spread(self.cpu_us),
            floor_xadd_us=spread(self.floors_us),
            xadds_per_contact=spread(self.xadds),
            contacts_per_second=spread(self._speeds),
            bytes_per_waiting_contact=self._bytes_per_waiting,
        )

    def server_name(self) -> str:
        """What the server is."""
        info = self._client.info("server")
        name = info.get("valkey_version")
        return f"Valkey {name}" if name else f"Redis {info['redis_version']}"

    async def _route_batch(self) -> float:
        """Routes a batch of contacts and answers the server's CPU seconds for it.

        What each agent was offered is read from the journal, outside of the measured time.
        """
        center = self._center
        used = await self._used_s(center.close(BATCH))
        accepts = await self._read_offers()
        while accepts:
            used += await self._used_s(center.answer(accepts))
            accepts = await self._read_offers()  # of those whose contact another one took
        return used + await self._used_s(center.admit(BATCH))

    async def _used_s(self, work: Awaitable[None]) -> float:
        start = harness.cpu_s(self._pid)
        await work
        return harness.cpu_s(self._pid) - start

    async def _read_offers(self) -> list[Accept]:
        accepts, sizes = await self._center.read_offers()
        self.entry_bytes += sizes
        return accepts

    def _floor_us(self, count: int) -> float:
        """Server CPU of one pipelined XADD with one field of the entries' mean size."""
        value = bytes(round(mean(self.entry_bytes)))
        pipeline = self._client.pipeline(transaction=False)
        for _ in range(BATCH):
            pipeline.xadd(FLOOR_KEY, {b"e": value}, maxlen=100_000, approximate=True)
        commands = list(pipeline.command_stack)
        start = harness.cpu_s(self._pid)
        for _ in range(count // BATCH):
            pipeline.execute()
            pipeline.command_stack = list(commands)
        return (harness.cpu_s(self._pid) - start) * 1e6 / count


async def run(sites: list[Site], plan: Plan) -> Result:
    """Fills every size, then measures them in turn."""
    for site in sites:
        await site.fill()
    for number in range(plan.rounds):
        harness.note(f"round {number + 1} of {plan.rounds}")
        for site in sites:
            await site.measure(plan)
            await site.race(plan)
    result = result_of(sites)
    for site in sites:
        await site.close()
    return result


def result_of(sites: list[Site]) -> Result:
    """The least favourable figures, and the growth between the sizes at the ends."""
    sizes = [site.figures() for site in sites]
    small, large = sites[0], sites[-1]
    return Result(
        xadds_per_contact=max(size.xadds_per_contact.median for size in sizes),
        growth=growth_of(small.xadds, large.xadds),
        cpu_growth=growth_of(small.cpu_us, large.cpu_us),
        contacts_per_second=min(size.contacts_per_second.median for size in sizes),
        bytes_per_waiting_contact=max(size.bytes_per_waiting_contact for size in sizes),
        floor_xadd_us=spread([each for site in sites for each in site.floors_us]),
        entry_bytes=mean([each for site in sites for each in site.entry_bytes[1:]]),
        server=sites[0].server_name(),
        sizes=sizes,
    )


def growth_of(small: list[float], large: list[float]) -> float:
    """How much more the large one costs, round by round."""
    return median(most / least for least, most in zip(small, large, strict=True))


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    table = harness.table(
        f"engine on {result.server}: median (range) of the rounds",
        *("waiting / agents", "server us", "XADD us", "x", "contacts/s", "bytes"),
    )
    for size in result.sizes:
        table.add_row(
            f"{size.waiting:,} / {size.agents:,}",
            str(size.cpu_us_per_contact),
            str(size.floor_xadd_us),
            str(size.xadds_per_contact),
            str(size.contacts_per_second),
            f"{size.bytes_per_waiting_contact:,.0f}",
        )
    notes = [
        "us of server CPU per routed contact; bytes of memory per waiting one",
        f"floor: a pipelined XADD of {result.entry_bytes:.0f} bytes, {result.floor_xadd_us} us",
        f"XADDs per contact: {result.xadds_per_contact:.1f} "
        + harness.verdict(result.xadds_per_contact, 60),
        f"growth, largest to smallest: {result.growth:.2f} " + harness.verdict(result.growth, 1.3),
        f"growth of the CPU itself, as the floor's grows too: {result.cpu_growth:.2f}",
        f"contacts per second: {result.contacts_per_second:,.0f} "
        + harness.verdict(result.contacts_per_second, 2_500, at_most=False),
        f"bytes per waiting contact: {result.bytes_per_waiting_contact:,.0f} "
        + harness.verdict(result.bytes_per_waiting_contact, 2_048),
    ]
    return table, "\n".join(notes)


@click.command(help=__doc__)
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Runs each size on a server of its own, with the settings of the embedded store.

    Only the rewriting of the append-only file is put off: it is rare, and a child process does it.
    """
    plan = QUICK if is_quick else FULL
    settings = {"auto-aof-rewrite-percentage": "0"}
    with ExitStack() as stack:
        sites = []
        for size in plan.sizes:
            directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="acd-bench-"))
            server = EmbeddedServer.start(Path(directory), settings=settings)
            stack.callback(server.stop)
            sites.append(Site(server, size))
        result = asyncio.run(run(sites, plan))
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
