"""Prints what replayed days came to, beside what was recorded: tables, or one JSON object."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from router.insight.bank import RecordedCall
from router.insight.day import DayResult
from router.insight.figures import ALL, Compared, Figures, Tally, compare, merged
from router.insight.notes import SENTENCES, Notes, total
from router.insight.watch import Checks

PATIENCE = (
    "Patience: who hung up in the recording hangs up after as long a wait here; that of served "
    "customers is only known to exceed their wait, so here they wait as long as it takes."
)
WAITS = (
    "Waits are those of answered calls; SL = answered within 20 s / (answered + abandoned), the "
    "strict variant. Recorded: what the bank's own system made of the same calls."
)
RULES = (
    "Checked on every event and on the store: each contact ended once, nobody was overtaken by a "
    "call due later, no agent was idle while a call he serves waited, none had two at once, "
    "queues and agents are empty at the end, the sums add up."
)


class ReplayedDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day: its calls, what the recording and the engine made of them, and how long it took."""

    date: str
    calls: list[RecordedCall]
    recorded: dict[str, Tally]
    result: DayResult
    notes: Notes
    seconds: float
    left_in_store: int

    @property
    def contacts(self) -> int:
        """How many the engine admitted."""
        return self.result.checks.contacts

    @property
    def holds(self) -> bool:
        """Every promise that is checked held, and every call is accounted for."""
        ended = sum(figures.calls for figures in map(_replayed, self.queues()))
        is_complete = ended == self.contacts == len(self.calls) - self.notes.phantoms
        return self.result.checks.hold and self.left_in_store == 0 and is_complete

    def queues(self) -> list[Compared]:
        """The figures of each queue, without those of all together."""
        compared = compare(self.result.tallies, self.recorded)
        return [both for queue, both in compared.items() if queue != ALL]


class DaySummary(msgspec.Struct, kw_only=True):
    """One day in the JSON report."""

    date: str
    contacts: int
    contacts_per_second: float
    transitions: int
    queues: dict[str, Compared]
    notes: Notes
    checks: Checks
    left_in_store: int
    holds: bool


class Summary(msgspec.Struct, kw_only=True):
    """The JSON report: all days together, then each."""

    file: str
    dates: list[str]
    contacts: int
    answered: int
    abandoned: int
    unserved: int
    transitions: int
    seconds: float
    contacts_per_second: float
    holds: bool
    queues: dict[str, Compared]
    notes: Notes
    days: list[DaySummary]


def summarize(path: Path, days: Sequence[ReplayedDay]) -> Summary:
    """All figures of the run."""
    queues = compare(
        merged(day.result.tallies for day in days), merged(day.recorded for day in days)
    )
    seconds = sum(day.seconds for day in days)
    contacts = sum(day.contacts for day in days)
    overall = queues[ALL].replayed
    return Summary(
        file=str(path),
        dates=[day.date for day in days],
        contacts=contacts,
        answered=overall.answered,
        abandoned=overall.abandoned,
        unserved=overall.unserved,
        transitions=sum(day.result.transitions for day in days),
        seconds=round(seconds, 3),
        contacts_per_second=round(contacts / seconds, 1),
        holds=all(day.holds for day in days),
        queues=queues,
        notes=total(day.notes for day in days),
        days=[_summary_of(day) for day in days],
    )


def report_json(summary: Summary) -> str:
    """One JSON object."""
    return msgspec.json.format(msgspec.json.encode(summary), indent=2).decode()


def print_report(console: Console, summary: Summary) -> None:
    """The tables: queues over all days, the days, what to know, what was checked."""
    dates = summary.dates[0] if len(summary.dates) == 1 else f"{len(summary.dates)} days"
    console.print(_queue_table(f"{dates} of {summary.file}", summary.queues))
    if len(summary.days) > 1:
        console.print(_day_table(summary.days))
    console.print(f"[dim]{WAITS}[/]\n[dim]{PATIENCE}[/]")
    for name, sentence in SENTENCES.items():
        console.print(f"[dim]{getattr(summary.notes, name):>6} {sentence}[/]")
    verdict = "[green]held[/]" if summary.holds else "[red]BROKEN[/]"
    console.print(f"Promises {verdict}. [dim]{RULES}[/]")
    for day in summary.days:
        if not day.holds:
            console.print(f"[red]{day.date}: {day.checks}, left in store: {day.left_in_store}[/]")
    console.print(
        f"{summary.contacts} contacts in {summary.seconds:.2f} s: "
        f"[bold]{summary.contacts_per_second:,.0f} contacts/s[/], "
        f"{summary.transitions} transitions"
    )


def _summary_of(day: ReplayedDay) -> DaySummary:
    return DaySummary(
        date=day.date,
        contacts=day.contacts,
        contacts_per_second=round(day.contacts / day.seconds, 1),
        transitions=day.result.transitions,
        queues=compare(day.result.tallies, day.recorded),
        notes=day.notes,
        checks=day.result.checks,
        left_in_store=day.left_in_store,
        holds=day.holds,
    )


def _replayed(both: Compared) -> Figures:
    return both.replayed


COLUMNS = ("", "calls", "answered", "abandoned", "mean s", "p50", "p90", "p99", "SL 20 s")


def _queue_table(title: str, queues: dict[str, Compared]) -> Table:
    table = _table(title, "queue")
    for queue, both in queues.items():
        _add(table, queue, both)
    return table


def _day_table(days: Sequence[DaySummary]) -> Table:
    table = _table("by day, all queues", "date")
    for day in days:
        _add(table, day.date, day.queues[ALL])
    return table


def _table(title: str, first: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first)
    for name in COLUMNS:
        table.add_column(name, justify="right" if name else "left")
    return table


def _add(table: Table, name: str, both: Compared) -> None:
    table.add_row(name, "replayed", *_values(both.replayed))
    table.add_row("", "recorded", *_values(both.recorded), style="dim")


def _values(figures: Figures) -> list[str]:
    waits = (figures.mean_wait_ms, figures.p50_wait_ms, figures.p90_wait_ms, figures.p99_wait_ms)
    level = figures.service_level.strict
    return [
        str(figures.calls),
        str(figures.answered),
        str(figures.abandoned),
        *("-" if wait is None else f"{wait / 1000:.0f}" for wait in waits),
        "-" if level is None else f"{level:.0%}",
    ]
