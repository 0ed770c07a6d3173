"""What it costs to tell everybody who waits his place: one question each, or one for many.

A chat gateway asks so every few seconds. Both ways ask the same router for the same contacts, in
turn, over one HTTP connection; CPU time is that of the router and its store together.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

import aiohttp
import click
import msgspec
from rich.table import Table

from bench import harness, service
from bench.harness import Spread, spread
from router.api.roles import Role

WAITING, QUICK_WAITING = 1_000, 50
ROUNDS, QUICK_ROUNDS = 7, 2
AT_ONCE = 200
ADMITTED_TOGETHER = 20
JSON = {"Content-Type": "application/json"}

Ask = Callable[[], Awaitable[int]]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One round of one way: milliseconds from first to last, and of CPU."""

    round_ms: Spread
    cpu_ms: Spread


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of both ways, and how many times more the first takes: median, and all rounds."""

    waiting: int
    rounds: int
    each: Way
    many: Way
    ratio_ms: float
    ratio_cpu: float
    ratios_ms: Spread
    ratios_cpu: Spread


@click.command(help=__doc__, short_help="The places of those who wait.")
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Runs it and shows the figures."""
    waiting, rounds = (QUICK_WAITING, QUICK_ROUNDS) if is_quick else (WAITING, ROUNDS)
    with service.router(agents=1) as running:
        result = asyncio.run(_measure(running, waiting, rounds))
    harness.show(result, _table(result), f"{rounds} rounds, in turn.", is_json=is_json)


async def _measure(running: service.Running, waiting: int, rounds: int) -> Places:
    url = f"http://127.0.0.1:{running.port}/v1"
    headers = {"Authorization": f"Bearer {service.token(Role.GATEWAY, 'bench')}"}
    names = [f"c-{number:05}" for number in range(waiting)]
    connector = aiohttp.TCPConnector(limit=ADMITTED_TOGETHER)
    async with aiohttp.ClientSession(headers=headers, connector=connector) as http:

        async def post(path: str, body: object) -> bytes:
            data = msgspec.json.encode(body)
            async with http.post(url + path, data=data, headers=JSON) as answer:
                answer.raise_for_status()
                return await answer.read()

        async def each() -> int:
            told = 0
            for name in names:
                async with http.get(f"{url}/contacts/{name}/position") as answer:
                    told += "place" in msgspec.json.decode(await answer.read())
            return told

        async def many() -> int:
            told = 0
            for first in range(0, waiting, AT_ONCE):
                body = {"contacts": names[first : first + AT_ONCE]}
                told += len(msgspec.json.decode(await post("/positions", body))["positions"])
            return told

        admissions = [
            post("/contacts", {"contact": name, "channel": "voice", "queue": service.queue_of(0)})
            for name in names
        ]
        await asyncio.gather(*admissions)
        taken = [
            [await _round(running, ask, waiting) for ask in (each, many)] for _ in range(rounds)
        ]
    return _places(waiting, taken)


async def _round(running: service.Running, ask: Ask, waiting: int) -> tuple[float, float]:
    """Milliseconds, and of CPU."""
    cpu, began = _cpu_ms(running), perf_counter()
    told = await ask()
    ms = (perf_counter() - began) * 1_000
    if told != waiting:
        raise click.ClickException(f"{told} of {waiting} places were told")
    return ms, _cpu_ms(running) - cpu


def _cpu_ms(running: service.Running) -> float:
    return (harness.cpu_s(running.pid) + harness.cpu_s(running.store_pid)) * 1_000


def _places(waiting: int, taken: list[list[tuple[float, float]]]) -> Places:
    def way(which: int) -> Way:
        ms, cpu = zip(*(pair[which] for pair in taken), strict=True)
        return Way(round_ms=spread(ms), cpu_ms=spread(cpu))

    ratios = [spread([each[n] / many[n] for each, many in taken]) for n in (0, 1)]
    return Places(
        waiting=waiting,
        rounds=len(taken),
        each=way(0),
        many=way(1),
        ratio_ms=ratios[0].median,
        ratio_cpu=ratios[1].median,
        ratios_ms=ratios[0],
        ratios_cpu=ratios[1],
    )


def _table(result: Places) -> Table:
    table = harness.table(
        f"places of {result.waiting:,} who wait, all told once", "", "ms", "CPU, ms"
    )
    table.add_row("one question each", str(result.each.round_ms), str(result.each.cpu_ms))
    table.add_row(f"{AT_ONCE} at once", str(result.many.round_ms), str(result.many.cpu_ms))
    table.add_row("ratio", str(result.ratios_ms), str(result.ratios_cpu))
    return table


if __name__ == "__main__":
    main()
