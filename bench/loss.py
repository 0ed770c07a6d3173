"""What a killed store loses: SIGKILL in the middle of full traffic, restart, and compare.

Every admission that was answered with success before the kill must be in the store after the
restart; those under way are unknown, and are repeated. The window in which an answer could
be lost by a power cut is the time since the last fsync, which the server tells (`appendfsync`).
"""

import asyncio
import os
import random
import signal
import tempfile
from pathlib import Path
from time import perf_counter

import click
import msgspec
from rich.table import Table

from bench import harness
from bench.center import put
from bench.harness import Spread, spread
from queues.calls import Admit, PutQueue
from router.calls import PutTenant
from router.engine.connect import connect
from router.engine.driver import StoreError
from router.engine.embedded import EmbeddedServer
from router.engine.engine import Engine
from router.engine.node import StoreOptions
from router.queries import ViewContact

TENANT = "bench-loss"
WORKERS = 64
KILL_AFTER_S = (0.3, 1.5)
POLICIES = ("everysec", "always")


class OfPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What one fsync policy lost, over all rounds."""

    appendfsync: str
    kills: int
    answered: int
    lost: int
    unknown: int  # under way at the kill; all of them were repeated with success
    back_after_s: Spread  # from the kill to the first answer
    answered_per_s: Spread


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Every policy; `lost` of all of them must be 0."""

    policies: list[OfPolicy]
    answered: int
    lost: int


class Round:
    """One life of a server: traffic, the kill, the restart, the comparison."""

    def __init__(self, policy: str, directory: Path) -> None:
        self._server = EmbeddedServer.start(directory, settings={"appendfsync": policy})
        options = StoreOptions(reply_ms=5_000)
        self._engine = Engine(connect(self._server.url, options=options), router="bench")
        self._next = 0
        self.answered: list[str] = []
        self.unknown: list[str] = []
        self.lost = 0
        self.back_after_s = 0.0
        self.answered_per_s = 0.0

    async def run(self, kill_after_s: float) -> None:
        """Kills the server after so many seconds of traffic."""
        engine = self._engine
        await engine.start()
        await engine.call(TENANT, PutTenant(settings={}))
        await engine.call(TENANT, PutQueue(queue="sales", settings={}))
        await engine.call(TENANT, put("ann", {"sales": {}}))
        started = perf_counter()
        traffic = [asyncio.create_task(self._bring()) for _ in range(WORKERS)]
        await asyncio.sleep(kill_after_s)
        os.kill(self._server.pid, signal.SIGKILL)
        killed = perf_counter()
        await asyncio.wait(traffic)
        self.answered_per_s = len(self.answered) / (killed - started)
        await self._server.revive()
        await self._repeat(self.unknown[:1])
        self.back_after_s = perf_counter() - killed
        await self._repeat(self.unknown)
        for name in self.answered:
            found = await engine.read(TENANT, ViewContact(contact=name))
            self.lost += found["outcome"] != "ok"
        await engine.close()
        self._server.stop()

    async def _bring(self) -> None:
        """Admits until the store does not answer."""
        while True:
            self._next += 1
            name = f"contact-{self._next:07}"
            try:
                await self._admit(name)
            except StoreError:
                self.unknown.append(name)
                return
            self.answered.append(name)

    async def _repeat(self, names: list[str]) -> None:
        """As a gateway does: the same again until there is an answer."""
        for name in names:
            while True:
                try:
                    await self._admit(name)
                    break
                except StoreError:
                    await asyncio.sleep(0.01)

    async def _admit(self, name: str) -> None:
        call = Admit(contact=name, queue="sales", channel="voice", fp=name)
        reply = await self._engine.call(TENANT, call)
        assert reply.is_ok, reply


async def measure(policy: str, kills: int) -> OfPolicy:
    """So many kills of a server with one fsync policy, each at another moment."""
    rounds = []
    for number in range(kills):
        harness.note(f"{policy}: kill {number + 1} of {kills}")
        with tempfile.TemporaryDirectory(prefix="acd-bench-") as directory:
            one = Round(policy, Path(directory))
            await one.run(random.uniform(*KILL_AFTER_S))
            rounds.append(one)
    return OfPolicy(
        appendfsync=policy,
        kills=kills,
        answered=sum(len(one.answered) for one in rounds),
        lost=sum(one.lost for one in rounds),
        unknown=sum(len(one.unknown) for one in rounds),
        back_after_s=spread([one.back_after_s for one in rounds]),
        answered_per_s=spread([one.answered_per_s for one in rounds]),
    )


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    table = harness.table(
        "a store that is killed under traffic",
        *("appendfsync", "kills", "answered", "lost", "unknown", "back after, s", "answered/s"),
    )
    for one in result.policies:
        counts = (one.kills, one.answered, one.lost, one.unknown)
        figures = (*map(str, counts), str(one.back_after_s), str(one.answered_per_s))
        table.add_row(one.appendfsync, *figures)
    notes = [
        "lost: answered with success, and not there after the restart "
        + harness.verdict(result.lost, 0),
        "unknown: under way at the kill, answered 503; each was repeated with success",
    ]
    return table, "\n".join(notes)


@click.command(help=__doc__)
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Kills servers of each policy."""
    kills = 1 if is_quick else 10

    async def run() -> list[OfPolicy]:
        return [await measure(policy, kills) for policy in POLICIES]

    policies = asyncio.run(run())
    result = Result(
        policies=policies,
        answered=sum(one.answered for one in policies),
        lost=sum(one.lost for one in policies),
    )
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
