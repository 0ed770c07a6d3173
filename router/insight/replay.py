"""The command `acd replay`: recorded days run through the engine in virtual time."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from router.engine.engine import Call
from router.engine.reply import Reply
from router.insight import plot as plots
from router.insight.bank import Ending, RecordedCall, Recording, ReplayError, read_calls
from router.insight.day import Day
from router.insight.figures import recorded
from router.insight.notes import notes_on
from router.insight.replay_report import ReplayedDay, print_report, report_json, summarize
from router.insight.shifts import staffing
from router.insight.stage import Stage, own_store, stage
from router.queries import ListQueues

__all__ = ["ReplayError", "UnknownDate", "choose", "replay_day", "run"]

ALL_DATES = "all"


class UnknownDate(ReplayError):
    """A date was asked for that the file has no calls of."""


def run(
    path: Path,
    dates: Sequence[str],
    *,
    store_url: str | None = None,
    json_out: bool = False,
    plot: Path | None = None,
) -> bool:
    """Replays the dates (yymmdd, or `all`) of a file of recorded calls and prints the figures.

    Without a store it starts one of its own, which is gone afterwards. `json_out` prints one JSON
    object instead of tables; `plot` names a PNG file to draw. Progress goes to stderr.
    Answers whether every promise that is checked held on every day.
    Raises, with a sentence for the user: ReplayError (a bad file, date, store or plot),
    EmbeddedError, StoreError.
    """
    if plot:
        plots.require()
    recording = read_calls(path)
    chosen = choose(recording, dates)
    with ExitStack() as stack:
        url = store_url or stack.enter_context(own_store())
        days = asyncio.run(_replay(recording, chosen, url, is_quiet=not sys.stderr.isatty()))
    if plot:
        plots.draw(days, plot)
    summary = summarize(path, days)
    if json_out:
        sys.stdout.write(report_json(summary) + "\n")
    else:
        print_report(Console(), summary)
    return summary.holds


def choose(recording: Recording, dates: Sequence[str]) -> list[str]:
    """The dates in order, each once; `all` are all that the file has. Raises: UnknownDate."""
    known = recording.dates()
    if ALL_DATES in dates:
        return known
    for date in dates:
        if date not in known:
            has = ", ".join(known)
            raise UnknownDate(f"--date {date}: expected {ALL_DATES} or a date in the file: {has}")
    return sorted(set(dates))


async def _replay(
    recording: Recording, dates: list[str], url: str, *, is_quiet: bool
) -> list[ReplayedDay]:
    by_date = {date: recording.day(date) for date in dates}
    total = sum(call.ending is not Ending.PHANTOM for day in by_date.values() for call in day)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    progress = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))
    async with stage(url, router="replay") as place:
        with nullcontext() if is_quiet else progress:
            task = progress.add_task("", total=total)
            days = []
            for date, calls in by_date.items():
                progress.update(task, description=date)
                days.append(await replay_day(place, date, calls, lambda: progress.advance(task)))
    return days


async def replay_day(
    place: Stage, date: str, calls: list[RecordedCall], advance: Callable[[], None]
) -> ReplayedDay:
    """Runs one day's calls in a tenant of its own."""
    staff, engine = staffing(calls), place.engine
    async with place.tenant(f"replay-{date}") as tenant:

        async def send(call: Call, now: int) -> Reply:
            return await engine.call(tenant, call, now=now, echo=True)

        started = perf_counter()
        result = await Day(calls, staff, send).run(advance)
        seconds = perf_counter() - started
        left = await _left_in_store(place, tenant)
    return ReplayedDay(
        date=date,
        calls=calls,
        recorded=recorded(calls),
        result=result,
        notes=notes_on(calls, staff),
        seconds=seconds,
        left_in_store=left,
    )


async def _left_in_store(place: Stage, tenant: str) -> int:
    """Contacts that the store still counts in some queue, and agents it does not count offline."""
    view = await place.engine.read(tenant, ListQueues())
    states = ("waiting", "offered", "assigned", "waiting_customer", "wrap_up")
    contacts: int = sum(queue[state] for queue in view["queues"] for state in states)
    agents: int = view["agents"]["ready"] + view["agents"]["not_ready"]
    return contacts + agents
