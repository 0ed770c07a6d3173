"""The demo on a terminal: queues, agents and the last events; without one, an event a line."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from router.insight.demo.connection import Connection, Json
from router.insight.demo.ledger import Ledger, Summary

REFRESH_S = 0.5
EVENTS_SHOWN = 12
COLOURS = {"available": "green", "busy": "red", "offline": "bright_black"}


class Screen:
    """What a supervisor sees; his own connection asks the router for it."""

    def __init__(self, console: Console, connection: Connection, ledger: Ledger) -> None:
        self._console = console
        self._connection = connection
        self._ledger = ledger

    async def run(self) -> None:
        """Draws until it is cancelled."""
        if self._console.is_terminal:
            with Live(console=self._console, auto_refresh=False, transient=True) as live:
                while True:
                    live.update(await self._picture(), refresh=True)
                    await asyncio.sleep(REFRESH_S)
        while True:
            self.print_lines()
            await asyncio.sleep(REFRESH_S)

    def print_lines(self) -> None:
        """The events since the last time, where there is no terminal to draw on."""
        if not self._console.is_terminal:
            for line in self._ledger.take_lines():
                self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    async def _picture(self) -> Group:
        queues = (await self._connection.command("queues")).get("result", {})
        agents = (await self._connection.command("agents")).get("result", {})
        events = Text("\n".join(list(self._ledger.lines)[-EVENTS_SHOWN:]), no_wrap=True)
        return Group(
            _queue_table(queues.get("queues", [])),
            _agent_table(agents.get("agents", [])),
            events,
            Text(_totals(self._ledger.summary()), style="bold"),
        )


def print_summary(console: Console, summary: Summary) -> None:
    """What came of the run."""
    console.print(_totals(summary), highlight=False)
    console.print(
        f"offers: {summary.offers} made, {summary.declined} declined, {summary.expired} expired, "
        f"{summary.revoked} revoked; {summary.transfers} transfers; wait p50 "
        f"{summary.wait_p50_ms / 1000:.1f} s, p90 {summary.wait_p90_ms / 1000:.1f} s",
        highlight=False,
    )
    if summary.lost:
        console.print(f"[red]LOST, without an end: {', '.join(summary.lost)}[/]")
    else:
        console.print("[green]None lost:[/] every contact that was taken reached an end.")


def _totals(summary: Summary) -> str:
    refused = f", {summary.refused} refused" if summary.refused else ""
    return (
        f"contacts: {summary.contacts} taken{refused}, {summary.answered} answered, "
        f"{summary.abandoned} abandoned, {len(summary.lost)} still open"
    )


def _queue_table(queues: list[Json]) -> Table:
    table = _table("queue", "waiting", "offered", "assigned", "wrap-up", "ready")
    for queue in queues:
        names = ("waiting", "offered", "assigned", "wrap_up")
        ready = sorted((channel, n) for channel, n in queue["ready"].items() if n)
        could = ", ".join(f"{n} {channel}" for channel, n in ready)
        table.add_row(queue["queue"], *(str(queue[name]) for name in names), could)
    return table


def _agent_table(agents: list[Json]) -> Table:
    table = _table("agent", "", "presence", "work")
    for agent in agents:
        state = Text("●", style=COLOURS.get(agent["visible"], ""))
        reason = f" ({agent['reason']})" if agent.get("reason") else ""
        table.add_row(agent["agent"], state, agent["presence"] + reason, _work(agent["work"]))
    return table


def _work(work: Any) -> str:
    held = work.values() if isinstance(work, dict) else ()
    return ", ".join(f"{one['ch']} {one['k']}" for one in held)


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column)
    return table


@contextmanager
def drawing(screen: Screen) -> Iterator[None]:
    """Draws while the block runs."""
    task = asyncio.create_task(screen.run())
    try:
        yield
    finally:
        task.cancel()
        screen.print_lines()
