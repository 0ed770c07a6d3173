"""What the wallboard costs its browser: a thousand changes a minute, beside a minute without any.

Chromium's own count of its main thread's CPU time (`TaskDuration`) over wall time, in percent of
one core: the page at rest, the page while contacts come and go, and the same with a list of 200
waiting beside it. Then the list is scrolled: the CPU time of a frame, beside that of a frame while
it stands.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from shutil import which
from typing import Any, Final

import aiohttp
import click
import msgspec
from playwright.async_api import CDPSession, Page
from rich.table import Table

from bench import harness, service
from bench.harness import Spread, spread
from router.api.roles import Role
from tests.pages.chromium import Chromium, opened

AGENTS: Final = 50
QUEUES: Final = 20
WAITING: Final = 200
PER_MINUTE: Final = 1_000
AIM_PERCENT: Final = 5
SCROLL: Final = """async ([step, frames]) => {
  const place = document.querySelector("aside");
  for (let count = 0; count < frames; count += 1) {
    await new Promise(requestAnimationFrame);
    place.scrollBy(0, count < frames / 2 ? step : -step);
  }
}"""
FRAMES: Final = 120
STEP_PX: Final = 100
SMOOTH_MS: Final = 8
"""Half of what a screen has that shows sixty a second."""


class Plan(msgspec.Struct, frozen=True):
    """How much is measured, after a while for the page to settle."""

    rounds: int
    settle_s: float
    seconds: float


FULL: Final = Plan(3, settle_s=2, seconds=12)
QUICK: Final = Plan(1, settle_s=0.5, seconds=2)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Medians of the rounds; percent of one core."""

    floor_percent: float
    busy_percent: float
    list_percent: float
    ratio: float
    still_frame_ms: float
    scroll_frame_ms: float
    changes: int
    rounds: dict[str, Spread]


class Traffic:
    """Contacts that come, and leave when there are too many: each is one change of a queue."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        """Brings nothing before it is told to."""
        self._http = http
        self._url = url
        self._gateway = {"Authorization": f"Bearer {service.token(Role.GATEWAY, 'bench')}"}
        self._admin = {"Authorization": f"Bearer {service.token(Role.ADMIN, 'bench')}"}
        self._numbers = count()
        self._there: list[str] = []
        self.changes = 0

    async def furnish(self) -> None:
        """The queues, and one of them with many waiting."""
        for number in range(QUEUES):
            await self._put(f"/v1/queues/w{number}", {"name": f"Queue {number}"})
        for _ in range(WAITING):
            await self._admit("w0")

    async def change(self) -> None:
        """One comes to one of the other queues, or the one who is there longest leaves."""
        self.changes += 1
        if len(self._there) < QUEUES:
            number = next(self._numbers)
            self._there.append(await self._admit(f"w{1 + number % (QUEUES - 1)}"))
        else:
            await self._post(f"/v1/contacts/{self._there.pop(0)}/cancel", {})

    @asynccontextmanager
    async def flowing(self) -> AsyncIterator[None]:
        """Changes at their rate until the block ends."""
        flow = asyncio.create_task(self._flow())
        yield
        flow.cancel()
        await asyncio.gather(flow, return_exceptions=True)

    async def _flow(self) -> None:
        loop = asyncio.get_running_loop()
        began, done = loop.time(), 0
        while True:
            await self.change()
            done += 1
            await asyncio.sleep(max(0.0, began + done * 60 / PER_MINUTE - loop.time()))

    async def _admit(self, queue: str) -> str:
        contact = f"bench-{next(self._numbers)}"
        body = {"contact": contact, "channel": "voice", "queue": queue, "subject": contact}
        await self._post("/v1/contacts", body)
        return contact

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self._http.post(self._url + path, json=body, headers=self._gateway) as answer:
            answer.raise_for_status()

    async def _put(self, path: str, body: dict[str, Any]) -> None:
        async with self._http.put(self._url + path, json=body, headers=self._admin) as answer:
            answer.raise_for_status()


async def busy(cdp: CDPSession, seconds: float) -> float:
    """Percent of one core that the page's main thread takes."""
    loop = asyncio.get_running_loop()
    began, before = loop.time(), await _task_s(cdp)
    await asyncio.sleep(seconds)
    after, ended = await _task_s(cdp), loop.time()
    return (after - before) / (ended - began) * 100


async def frame_ms(page: Page, cdp: CDPSession, step: int) -> float:
    """CPU time of one frame while the list is scrolled by so much in each."""
    before = await _task_s(cdp)
    await page.evaluate(SCROLL, [step, FRAMES])
    return (await _task_s(cdp) - before) / FRAMES * 1000


async def measure(page: Page, cdp: CDPSession, traffic: Traffic, plan: Plan) -> dict[str, float]:
    """One round: at rest, with changes, with the list beside it, and its scrolling."""
    figures = {}
    await page.evaluate("location.hash = ''")
    await asyncio.sleep(plan.settle_s)
    figures["floor_percent"] = await busy(cdp, plan.seconds)
    async with traffic.flowing():
        await asyncio.sleep(plan.settle_s)
        figures["busy_percent"] = await busy(cdp, plan.seconds)
        await page.evaluate("location.hash = '#/queue/w0'")
        await page.locator(".contact").nth(WAITING - 1).wait_for(state="attached")
        await asyncio.sleep(plan.settle_s)
        figures["list_percent"] = await busy(cdp, plan.seconds)
        figures["still_frame_ms"] = await frame_ms(page, cdp, 0)
        figures["scroll_frame_ms"] = await frame_ms(page, cdp, STEP_PX)
    figures["ratio"] = figures["busy_percent"] / figures["floor_percent"]
    return figures


async def run(port: int, chromium: Chromium, plan: Plan) -> Result:
    """Opens the wall once and measures it round by round."""
    url = f"http://127.0.0.1:{port}"
    async with (
        aiohttp.ClientSession() as http,
        chromium.connect() as browser,
        opened(browser, url) as tab,
    ):
        traffic = Traffic(http, url)
        await traffic.furnish()
        page = await tab.sign_in("/wall", service.token(Role.SUPERVISOR, "bench"))
        await page.locator(".queues tbody tr").nth(QUEUES - 1).wait_for()
        cdp = await tab.context.new_cdp_session(page)
        await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        rounds = []
        for number in range(plan.rounds):
            harness.note(f"round {number + 1} of {plan.rounds}")
            rounds.append(await measure(page, cdp, traffic, plan))
    spreads = {name: spread([each[name] for each in rounds]) for name in rounds[0]}
    medians = {name: round(each.median, 3) for name, each in spreads.items()}
    return Result(**medians, changes=traffic.changes, rounds=spreads)


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    title = f"wall, {QUEUES} queues, {PER_MINUTE:,} changes a minute: median (range) of the rounds"
    table = harness.table(title, "", "percent of one core")
    rounds = result.rounds
    table.add_row("at rest", str(rounds["floor_percent"]))
    table.add_row("with changes", str(rounds["busy_percent"]))
    table.add_row(f"and {WAITING} waiting beside", str(rounds["list_percent"]))
    table.add_row("times the page at rest", str(rounds["ratio"]))
    notes = [
        f"{what}: {value:.2f} % {harness.verdict(value, AIM_PERCENT)}"
        for what, value in (
            ("with changes", result.busy_percent),
            ("with the list", result.list_percent),
        )
    ]
    notes.append(
        f"a frame while {WAITING} rows are scrolled: {rounds['scroll_frame_ms']} ms of CPU "
        + harness.verdict(result.scroll_frame_ms, SMOOTH_MS)
        + f", while they stand: {rounds['still_frame_ms']} ms"
    )
    return table, "\n".join(notes)


async def _task_s(cdp: CDPSession) -> float:
    """The CPU time of the page's tasks so far, in seconds."""
    metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


@click.command(help=__doc__)
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Starts a router and a browser."""
    if which("chromium") is None:
        raise click.ClickException("this benchmark needs Chromium (package chromium)")
    chromium = Chromium()
    try:
        with service.router(AGENTS) as router:
            result = asyncio.run(run(router.port, chromium, QUICK if is_quick else FULL))
    finally:
        chromium.stop()
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
