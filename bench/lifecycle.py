"""Whole lifecycles per second through one router process, the generator on the same cores.

A lifecycle: POST by a gateway, offer at a desktop by WebSocket, accept, its reply, close, its
reply. A fixed number of contacts is under way; each that ends brings the next. The CPU of router,
store and generator is told apart.
"""

import asyncio
import os
from time import perf_counter

import click
import msgspec
import uvloop
from rich.table import Table

from bench import harness, service
from bench.harness import Spread, spread
from bench.load import Room, Source


class Plan(msgspec.Struct, frozen=True):
    """How much is measured."""

    desktops: int
    under_way: int
    rounds: int
    warm_s: float
    seconds: float


FULL = Plan(200, under_way=100, rounds=5, warm_s=2, seconds=6)
QUICK = Plan(20, under_way=10, rounds=1, warm_s=0.2, seconds=1)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Medians of the rounds; CPU in microseconds for each lifecycle."""

    lifecycles_per_second: float
    cpu_us_per_lifecycle: dict[str, float]
    rounds: Spread
    cpu_rounds: dict[str, Spread]
    lifecycles: int


class Loop:
    """Contacts that end bring others, and are counted."""

    def __init__(self, room: Room, source: Source) -> None:
        self.ended = 0
        self.is_on = True
        self._under_way = 0
        self._empty = asyncio.Event()
        self._source = source
        room.on_closed = self._closed

    def begin(self, count: int) -> None:
        """Brings the first ones."""
        self._under_way = count
        for _ in range(count):
            self._source.bring()

    async def end(self) -> None:
        """Lets those under way end and brings no others."""
        self.is_on = False
        await self._empty.wait()

    def _closed(self, _: str) -> None:
        self.ended += 1
        if self.is_on:
            self._source.bring()
            return
        self._under_way -= 1
        if self._under_way == 0:
            self._empty.set()


async def run(running: service.Running, plan: Plan) -> Result:
    """Opens the room and counts, round by round."""
    processes = {"router": running.pid, "store": running.store_pid, "generator": os.getpid()}
    room, source = Room(running), await Source.open(running, "lifecycle")
    await room.open(plan.desktops)
    loop = Loop(room, source)
    loop.begin(plan.under_way)
    await asyncio.sleep(plan.warm_s)
    speeds: list[float] = []
    cpu: dict[str, list[float]] = {name: [] for name in processes}
    for number in range(plan.rounds):
        harness.note(f"round {number + 1} of {plan.rounds}")
        used = {name: harness.cpu_s(pid) for name, pid in processes.items()}
        started, before = perf_counter(), loop.ended
        await asyncio.sleep(plan.seconds)
        count = loop.ended - before
        speeds.append(count / (perf_counter() - started))
        for name, pid in processes.items():
            cpu[name].append((harness.cpu_s(pid) - used[name]) * 1e6 / count)
    await loop.end()
    await room.close()
    source.close()
    rounds, cpu_rounds = spread(speeds), {name: spread(each) for name, each in cpu.items()}
    return Result(
        lifecycles_per_second=round(rounds.median, 1),
        cpu_us_per_lifecycle={name: round(each.median, 1) for name, each in cpu_rounds.items()},
        rounds=rounds,
        cpu_rounds=cpu_rounds,
        lifecycles=loop.ended,
    )


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    table = harness.table("lifecycle: median (range) of the rounds", "", "us CPU per lifecycle")
    for name, each in result.cpu_rounds.items():
        table.add_row(name, str(each))
    figure = f"lifecycles per second: {result.rounds} "
    aim = harness.verdict(result.lifecycles_per_second, 1_000, at_most=False)
    return table, figure + aim


@click.command(help=__doc__)
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Starts a router and loads it."""
    plan = QUICK if is_quick else FULL
    with service.router(plan.desktops) as running:
        result = uvloop.run(run(running, plan))
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
