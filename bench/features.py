"""What each way of routing costs the store, beside the default of the same center in the same run.

A routed contact is that of `engine`: admitted, offered, accepted, closed, and the next one offered.
Each way has a server of its own; its rounds are taken in turn with those of the default, and the
ratio is that of each round. `everything` has all of them on at once, and is measured at two sizes.
"""

import asyncio
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click
import msgspec
from rich.table import Table

from bench import harness
from bench.center import Size, Way
from bench.engine import Plan, Site, growth_of
from bench.harness import Spread, spread
from queues.calls import PutQueue
from queues.settings import DAY_MS
from router import calendars
from router.calendars import DAYS, CalendarSettings, Week
from router.engine.embedded import EmbeddedServer

SKILLED: dict[str, object] = {"skills": {"english": 80, "german": 60}}
ASKING: dict[str, object] = {"requirements": {"english": 50}}
CHOOSING: dict[str, object] = {"any_of": [{"german": 50, "english": 90}]}
STRATEGIES = (
    "round_robin",
    "least_occupied",
    "top_down",
    "best_skill",
    "specialists_first",
    "weighted_random",
)
SPARE = PutQueue(queue="spare", settings={})
DAILY = ("00:00-23:59",)
HOURS = CalendarSettings(time_zone="UTC", weekly=Week(**dict.fromkeys(DAYS, DAILY)))
OPEN = calendars.put("hours", HOURS, round(time.time() * 1_000))
HOURLY: dict[str, object] = {"calendar": "hours", "closed": "hold"}
LIMITS: dict[str, object] = {
    "length_max": 1_000_000,
    "estimated_wait_max_ms": 7 * DAY_MS,
    "wait_max_ms": 7 * DAY_MS,
    "join_when": "logged_in",
    "leave_when": "nobody_logged_in",
    "overflow_to": "spare",
}
STEPS: dict[str, object] = {
    "steps": [
        {"after_ms": DAY_MS // 4, "drop": ["english"]},
        {"after_ms": DAY_MS // 2, "tier": 1, "notify": "long"},
        {"after_ms": DAY_MS, "to_queue": "spare"},
    ]
}
CUSTOMERS: dict[str, object] = {"sticky": "if_ready", "resume_ms": 60_000}
WAYS: dict[str, Way] = {
    "default": Way(),
    **{strategy: Way(queue={"strategy": strategy}) for strategy in STRATEGIES},
    "requirements": Way(contact=ASKING, agent=SKILLED),
    "any of": Way(contact=CHOOSING, agent=SKILLED),
    "limits": Way(before=(SPARE,), queue=LIMITS),
    "steps": Way(before=(SPARE,), queue=STEPS),
    "known customers": Way(queue=CUSTOMERS),
    "calendar": Way(before=(OPEN,), queue=HOURLY),
    "broadcast to three": Way(queue={"broadcast_to": 3}),
    "wrap-up": Way(queue={"wrap_up": "on_request", "wrap_up_ms": 30_000}),
}
EVERYTHING = Way(
    before=(SPARE, OPEN),
    queue={"strategy": "best_skill", "idle_since": "activity"}
    | HOURLY
    | LIMITS
    | STEPS
    | CUSTOMERS
    | {"wrap_up": "on_request", "wrap_up_ms": 30_000},
    contact=ASKING | CHOOSING | {"relax": [{"after_ms": DAY_MS, "drop": ["german"]}]},
    agent=SKILLED,
)
MIDDLE, SMALL, LARGE = Size(1_000, 100), Size(100, 10), Size(10_000, 1_000)
FULL = Plan((MIDDLE,), rounds=9, contacts=300, floor=1_000)
QUICK = Plan((Size(100, 10),), rounds=1, contacts=30, floor=200)


class OfWay(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one way of routing."""

    name: str
    cpu_us_per_contact: Spread
    ratio: Spread  # to the default, round by round


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Every way beside the default, and how all of them together grow with the center."""

    ways: list[OfWay]
    everything_ratio: float
    everything_growth: float  # of the multiple of an XADD, from the smaller center to the larger
    default_growth: float  # of the same between the same sizes, without any of them


async def run(sites: dict[str, Site], plan: Plan) -> Result:
    """Fills every center, then measures them in turn."""
    for site in sites.values():
        await site.fill()
    for number in range(plan.rounds):
        harness.note(f"round {number + 1} of {plan.rounds}")
        for site in sites.values():
            await site.measure(plan)
    for site in sites.values():
        await site.close()
    plain = sites["default"].cpu_us
    ways = [
        OfWay(
            name=name,
            cpu_us_per_contact=spread(site.cpu_us),
            ratio=spread([own / default for own, default in zip(site.cpu_us, plain, strict=True)]),
        )
        for name, site in sites.items()
        if not name.endswith((", small", ", large"))
    ]
    return Result(
        ways=ways,
        everything_ratio=next(way.ratio.median for way in ways if way.name == "everything"),
        everything_growth=_growth(sites, "everything"),
        default_growth=_growth(sites, "default"),
    )


def _growth(sites: dict[str, Site], name: str) -> float:
    return growth_of(sites[f"{name}, small"].xadds, sites[f"{name}, large"].xadds)


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    table = harness.table(
        "ways of routing: median (range) of the rounds", "way", "server us", "x default"
    )
    for way in result.ways:
        table.add_row(way.name, str(way.cpu_us_per_contact), str(way.ratio))
    notes = [
        "us of server CPU per routed contact, and its ratio to the default's of the same round",
        f"everything on: {result.everything_ratio:.2f} times the default",
        f"growth with everything on, {SMALL} to {LARGE}: {result.everything_growth:.2f} "
        + harness.verdict(result.everything_growth, 1.3)
        + f"; without: {result.default_growth:.2f}",
    ]
    return table, "\n".join(notes)


@click.command(help=__doc__)
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Runs each way on a server of its own, with the settings of the embedded store."""
    plan = QUICK if is_quick else FULL
    (size,) = plan.sizes
    centers = {name: (size, way) for name, way in WAYS.items()} | {"everything": (size, EVERYTHING)}
    large = size if is_quick else LARGE
    for name, way in (("default", WAYS["default"]), ("everything", EVERYTHING)):
        centers |= {f"{name}, small": (SMALL, way), f"{name}, large": (large, way)}
    with ExitStack() as stack:
        sites = {}
        for name, (its_size, way) in centers.items():
            directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="acd-bench-"))
            settings = {"auto-aof-rewrite-percentage": "0"}
            server = EmbeddedServer.start(Path(directory), settings=settings)
            stack.callback(server.stop)
            sites[name] = Site(server, its_size, way)
        result = asyncio.run(run(sites, plan))
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
