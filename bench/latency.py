"""From a contact's POST to its offer at a desktop, beside a bare program on the same stack.

Desktops are connected by WebSocket, all ready; contacts come by HTTP, 100 a second at random
instants. The floor only does POST, XADD, XREAD, WebSocket send. Router, floor, their stores and
this generator are processes of their own; rounds take turns, and only the one that is measured has
desktops connected.
"""

from random import Random

import click
import msgspec
import uvloop
from rich.table import Table

from bench import harness, service
from bench.harness import Spread, percentile, spread
from bench.load import FloorRoom, Room, Source, Stopwatch, arrivals

PER_SECOND = 100
SEED = 7


class Plan(msgspec.Struct, frozen=True):
    """How much is measured; the first `warm_s` of each round do not count."""

    desktops: int
    rounds: int
    warm_s: float
    seconds: float


FULL = Plan(1_000, rounds=5, warm_s=2, seconds=8)
QUICK = Plan(20, rounds=1, warm_s=0.2, seconds=1)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Medians of the rounds; the ratios are of rounds side by side."""

    p50_ms: float
    p99_ms: float
    floor_p50_ms: float
    floor_p99_ms: float
    ratio_p50: float
    ratio_p99: float
    desktops: int
    contacts: int
    rounds: dict[str, Spread]


class Rounds:
    """What the rounds of one side brought."""

    def __init__(self) -> None:
        self.p50_ms: list[float] = []
        self.p99_ms: list[float] = []
        self.contacts = 0

    def add(self, seconds: list[float]) -> None:
        """Takes one round's times."""
        ordered = sorted(seconds)
        self.p50_ms.append(percentile(ordered, 50) * 1000)
        self.p99_ms.append(percentile(ordered, 99) * 1000)
        self.contacts += len(ordered)


async def measure(room: Room, source: Source, plan: Plan, chance: Random) -> list[float]:
    """One round: the times from POST to offer, after the warm-up."""
    await room.open(plan.desktops)
    warm, watch = Stopwatch(source.bring), Stopwatch(source.bring)
    for each, seconds in ((warm, plan.warm_s), (watch, plan.seconds)):
        room.on_offer = each.stop
        await arrivals(PER_SECOND, seconds, chance, each.start)
        await each.wait_for_offers()
    await room.close()
    return watch.seconds


async def run(vez: service.Running, floor: service.Running, plan: Plan) -> Result:
    """Takes turns between the router and the floor."""
    sides = {"vez": Rounds(), "floor": Rounds()}
    sources = {
        "vez": await Source.open(vez, "vez"),
        "floor": await Source.open(floor, "floor"),
    }
    for number in range(plan.rounds):
        harness.note(f"round {number + 1} of {plan.rounds}")
        for name, room in (("floor", FloorRoom(floor)), ("vez", Room(vez))):
            chance = Random(SEED + number)
            sides[name].add(await measure(room, sources[name], plan, chance))
    for source in sources.values():
        source.close()
    return result_of(sides["vez"], sides["floor"], plan)


def result_of(vez: Rounds, floor: Rounds, plan: Plan) -> Result:
    """The medians."""
    p50 = [ours / bare for ours, bare in zip(vez.p50_ms, floor.p50_ms, strict=True)]
    p99 = [ours / bare for ours, bare in zip(vez.p99_ms, floor.p99_ms, strict=True)]
    rounds = {
        "p50_ms": spread(vez.p50_ms),
        "p99_ms": spread(vez.p99_ms),
        "floor_p50_ms": spread(floor.p50_ms),
        "floor_p99_ms": spread(floor.p99_ms),
        "ratio_p50": spread(p50),
        "ratio_p99": spread(p99),
    }
    medians = {name: round(each.median, 3) for name, each in rounds.items()}
    return Result(**medians, desktops=plan.desktops, contacts=vez.contacts, rounds=rounds)


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    title = f"latency, POST to offer, {result.desktops} desktops: median (range) of the rounds"
    table = harness.table(title, "", "p50 ms", "p99 ms")
    rounds = result.rounds
    for name, prefix in (("vez", ""), ("floor", "floor_")):
        table.add_row(name, str(rounds[f"{prefix}p50_ms"]), str(rounds[f"{prefix}p99_ms"]))
    table.add_row("times the floor", str(rounds["ratio_p50"]), str(rounds["ratio_p99"]))
    notes = [
        f"{result.contacts} contacts at {PER_SECOND} a second",
        f"p50: {result.p50_ms:.2f} ms " + harness.verdict(result.p50_ms, 3),
        f"p99: {result.p99_ms:.2f} ms " + harness.verdict(result.p99_ms, 10),
        f"p50, times the floor: {result.ratio_p50:.2f} " + harness.verdict(result.ratio_p50, 2),
        f"p99, times the floor: {result.ratio_p99:.2f} " + harness.verdict(result.ratio_p99, 2),
    ]
    return table, "\n".join(notes)


@click.command(help=__doc__)
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Starts both programs and takes turns between them."""
    plan = QUICK if is_quick else FULL
    with service.router(plan.desktops) as vez, service.floor() as floor:
        result = uvloop.run(run(vez, floor, plan))
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
