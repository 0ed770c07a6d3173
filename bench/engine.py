"""What one routed contact costs the store, at any size, beside one XADD of the same size.

A routed contact is: admitted, offered, accepted, closed, and the next one offered to its agent. The
floor is a pipelined XADD of the mean size of the journal entries that the routing wrote, on the
same server in the same run. CPU is that of the server process, all threads.
"""

import asyncio
import tempfile
from pathlib import Path
from statistics import mean
from time import perf_counter

import click
import msgspec
from redis import Redis
from rich.table import Table

from bench import harness
from bench.center import Center, Size
from bench.harness import Spread, spread
from router.engine.connect import connect
from router.engine.embedded import EmbeddedServer
from router.engine.engine import Engine
from router.engine.node import StoreOptions

SIZES = (Size(100, 10), Size(1_000, 100), Size(10_000, 1_000), Size(100_000, 10_000))
BATCH = 10  # calls that travel together, the same at every size; the smallest has ten agents
WORKERS = 64
FLOOR_PIPELINE = 100
FLOOR_KEY = "{bench}:floor"


class Plan(msgspec.Struct, frozen=True):
    """How much is measured."""

    sizes: tuple[Size, ...]
    rounds: int
    contacts: int  # of each size in each round, for CPU; and again for speed
    floor: int


FULL = Plan(SIZES, rounds=7, contacts=1_000, floor=20_000)
QUICK = Plan(SIZES[:2], rounds=2, contacts=50, floor=1_000)


class AtSize(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one size."""

    waiting: int
    agents: int
    cpu_us_per_contact: Spread
    xadds_per_contact: Spread
    contacts_per_second: Spread
    bytes_per_waiting_contact: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the run; the first four are those of the least favourable size."""

    xadds_per_contact: float
    growth: float
    contacts_per_second: float
    bytes_per_waiting_contact: float
    floor_xadd_us: Spread
    entry_bytes: float
    server: str
    sizes: list[AtSize]


class Measured:
    """One size's center and what its rounds brought."""

    def __init__(self, center: Center, bytes_per_waiting: float) -> None:
        self.center = center
        self.bytes_per_waiting = bytes_per_waiting
        self.cpu_us: list[float] = []
        self.xadds: list[float] = []
        self.speeds: list[float] = []

    def figures(self) -> AtSize:
        """The medians of the rounds."""
        return AtSize(
            waiting=self.center.size.waiting,
            agents=self.center.size.agents,
            cpu_us_per_contact=spread(self.cpu_us),
            xadds_per_contact=spread(self.xadds),
            contacts_per_second=spread(self.speeds),
            bytes_per_waiting_contact=self.bytes_per_waiting,
        )


class Bench:
    """The engine and its server, with the floor on the same server."""

    def __init__(self, server: EmbeddedServer, plan: Plan) -> None:
        self._pid = server.pid
        self._plan = plan
        self._client = Redis(unix_socket_path=server.socket)
        options = StoreOptions(reply_ms=60_000)
        self._engine = Engine(connect(server.url, options=options), router="bench")
        self._entry_bytes: list[int] = [400]  # a first guess, for the round before any other

    async def run(self) -> Result:
        """Fills every size, then measures them and the floor in turn."""
        await self._engine.start()
        all_sizes = [await self._filled(size) for size in self._plan.sizes]
        floors = []
        for number in range(self._plan.rounds):
            harness.note(f"round {number + 1} of {self._plan.rounds}")
            for measured in all_sizes:
                floors.append(self._floor_us())
                await self._measure(measured, floors[-1])
        await self._engine.close()
        return self._result([measured.figures() for measured in all_sizes], floors)

    async def _filled(self, size: Size) -> Measured:
        harness.note(f"filling: {size}")
        center = Center(self._engine, size)
        await center.open()
        before = harness.used_memory(self._client)
        await center.fill()
        grown = harness.used_memory(self._client) - before
        measured = Measured(center, grown / size.waiting)
        await center.skip_journal()
        return measured

    async def _measure(self, measured: Measured, floor_us: float) -> None:
        contacts, center = self._plan.contacts, measured.center
        used = 0.0
        for _ in range(contacts // BATCH):
            used += await self._route_batch(center)
        cpu_us = used * 1e6 / (contacts // BATCH * BATCH)
        measured.cpu_us.append(cpu_us)
        measured.xadds.append(cpu_us / floor_us)
        started = perf_counter()
        await center.route(contacts, WORKERS)
        measured.speeds.append(contacts / (perf_counter() - started))
        await center.skip_journal()

    async def _route_batch(self, center: Center) -> float:
        """Routes a batch of contacts and answers the server's CPU seconds for it.

        What each agent was offered is read from the journal, outside of the measured time.
        """
        start = harness.cpu_s(self._pid)
        await center.close(BATCH)
        closed = harness.cpu_s(self._pid)
        accepts, sizes = await center.read_offers()
        assert len(accepts) == BATCH
        self._entry_bytes += sizes
        read = harness.cpu_s(self._pid)
        await center.answer(accepts)
        await center.admit(BATCH)
        return harness.cpu_s(self._pid) - read + closed - start

    def _floor_us(self) -> float:
        """Server CPU of one pipelined XADD with one field of the entries' mean size."""
        value = bytes(round(mean(self._entry_bytes)))
        pipeline = self._client.pipeline(transaction=False)
        for _ in range(FLOOR_PIPELINE):
            pipeline.xadd(FLOOR_KEY, {b"e": value}, maxlen=100_000, approximate=True)
        commands = list(pipeline.command_stack)
        start = harness.cpu_s(self._pid)
        for _ in range(self._plan.floor // FLOOR_PIPELINE):
            pipeline.execute()
            pipeline.command_stack = list(commands)
        return (harness.cpu_s(self._pid) - start) * 1e6 / self._plan.floor

    def _result(self, sizes: list[AtSize], floors: list[float]) -> Result:
        info = self._client.info("server")
        name = f"Valkey {v}" if (v := info.get("valkey_version")) else info["redis_version"]
        cost = [size.cpu_us_per_contact.median for size in sizes]
        return Result(
            xadds_per_contact=max(size.xadds_per_contact.median for size in sizes),
            growth=cost[-1] / cost[0],
            contacts_per_second=min(size.contacts_per_second.median for size in sizes),
            bytes_per_waiting_contact=max(size.bytes_per_waiting_contact for size in sizes),
            floor_xadd_us=spread(floors),
            entry_bytes=mean(self._entry_bytes[1:]),
            server=name,
            sizes=sizes,
        )


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    table = harness.table(
        f"engine on {result.server}: median (range) of the rounds",
        *("waiting / agents", "server us", "x XADD", "contacts/s", "bytes"),
    )
    for size in result.sizes:
        table.add_row(
            f"{size.waiting:,} / {size.agents:,}",
            str(size.cpu_us_per_contact),
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
    """Runs the benchmark on a server of its own, with the settings of the embedded store."""
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as directory:
        server = EmbeddedServer.start(Path(directory))
        try:
            result = asyncio.run(Bench(server, QUICK if is_quick else FULL).run())
        finally:
            server.stop()
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
