"""What the benchmarks share: their options, a store, CPU time, medians, tables and JSON."""

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click
import msgspec
from redis import Redis
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

json_option = click.option("--json", "is_json", is_flag=True, help="Print one JSON object only.")
quick_option = click.option(
    "--quick", "is_quick", is_flag=True, help="Small and short, to see that it works."
)


class Spread(msgspec.Struct, frozen=True):
    """The median of several rounds, and how far they lay apart."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        """`31.2 (29.8-33.0)`."""
        return f"{_short(self.median)} ({_short(self.low)}-{_short(self.high)})"


def spread(values: Sequence[float]) -> Spread:
    """The median and the range of some rounds' values."""
    return Spread(median(values), min(values), max(values))


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The nearest rank: the smallest value that so many percent do not exceed."""
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank), 1) - 1]


def cpu_s(pid: int) -> float:
    """The CPU time that all threads of a process have used, in seconds."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.is_dir():
        raise click.ClickException("this benchmark reads CPU time from /proc: it runs on Linux")
    return sum(_task_ns(task) for task in tasks.iterdir()) / 1e9


def used_memory(client: Redis) -> int:
    """Bytes that the store has allocated for its data."""
    info: dict[str, Any] = client.info("memory")
    return int(info["used_memory"])


def note(text: str) -> None:
    """A line for who waits, beside the output."""
    if sys.stderr.isatty():
        click.echo(text, err=True)


def show(result: msgspec.Struct, table: Table, notes: str, *, is_json: bool) -> None:
    """The result as one JSON object, or as a table with notes."""
    if is_json:
        click.echo(msgspec.json.encode(result).decode())
        return
    console = Console(highlight=False)
    console.print(table)
    console.print(notes)


def table(title: str, *columns: str) -> Table:
    """A table whose first column is text and the others are numbers."""
    made = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for place, column in enumerate(columns):
        made.add_column(column, justify="right" if place else "left")
    return made


def verdict(value: float, aim: float, *, at_most: bool = True) -> str:
    """The aim of a figure, and whether it is met."""
    is_met = value <= aim if at_most else value >= aim
    sign = "<=" if at_most else ">="
    return f"(aim {sign} {aim:g}: {'met' if is_met else 'MISSED'})"


def _task_ns(task: Path) -> int:
    try:
        return int((task / "schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # the thread has just ended


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
