"""Draws replayed days: who waited and who was there, over the day, engine and recording."""

import importlib.util
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from router.insight.bank import Ending, RecordedCall, ReplayError, midnight_ms
from router.insight.replay_report import ReplayedDay

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SLOT_S = 600
SLOTS = 25 * 3_600 // SLOT_S  # a day, and what passes midnight
HOURS = [slot * SLOT_S / 3_600 for slot in range(SLOTS)]

# (second of the day, value from then on), in order of time
Course = list[tuple[float, int]]


class PlotUnavailable(ReplayError):
    """The library that draws is not installed."""


def require() -> None:
    """Raises: PlotUnavailable, with the remedy, when nothing can be drawn."""
    if importlib.util.find_spec("matplotlib") is None:
        raise PlotUnavailable("--plot needs matplotlib: pip install 'vez-acd[plot]'")


def draw(days: Sequence[ReplayedDay], path: Path) -> None:
    """Writes a PNG: a row for each day, waiting on the left, agents on the right."""
    from matplotlib.figure import Figure  # noqa: PLC0415  an extra, and slow to import

    figure = Figure(figsize=(13, 2.8 * len(days) + 0.6), layout="constrained")
    rows = figure.subplots(len(days), 2, squeeze=False)
    for (waiting, agents), day in zip(rows, days, strict=True):
        _draw_waiting(waiting, day)
        _draw_agents(agents, day)
    figure.savefig(path, format="png", dpi=110)


def averages(course: Course) -> list[float]:
    """The mean over time of each `SLOT_S` of a day, of something that changes at instants."""
    sums = [0.0] * SLOTS
    for (since, value), (until, _) in pairwise(course):
        at = since
        while at < min(until, SLOTS * SLOT_S):
            slot = int(at // SLOT_S)
            end = min(until, (slot + 1) * SLOT_S)
            sums[slot] += value * (end - at) / SLOT_S
            at = end
    return sums


def _draw_waiting(axes: "Axes", day: ReplayedDay) -> None:
    _fill(axes, _recorded_waiting(day.calls), "recorded")
    _line(axes, _course(day, "waiting"), "replayed")
    _finish(axes, f"{day.date}: customers waiting, means of {SLOT_S // 60} minutes")


def _draw_agents(axes: "Axes", day: ReplayedDay) -> None:
    _fill(axes, _course(day, "staffed"), "ready or serving")
    _line(axes, _course(day, "serving"), "serving or writing up")
    _finish(axes, f"{day.date}: agents, replayed")


def _fill(axes: "Axes", course: Course, label: str) -> None:
    axes.fill_between(HOURS, averages(course), step="post", color="0.82", label=label)


def _line(axes: "Axes", course: Course, label: str) -> None:
    axes.step(HOURS, averages(course), where="post", lw=1.2, label=label)


def _finish(axes: "Axes", title: str) -> None:
    axes.set_title(title, fontsize=10)
    axes.set_xlim(0, 24.5)
    axes.set_xticks(range(0, 25, 2))
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", fontsize=8, frameon=False)


def _course(day: ReplayedDay, field: str) -> Course:
    midnight = midnight_ms(day.date)
    samples = day.result.samples
    return [((sample.at_ms - midnight) / 1000, getattr(sample, field)) for sample in samples]


def _recorded_waiting(calls: Sequence[RecordedCall]) -> Course:
    """How many waited in the recording, after each change."""
    changes = []
    for call in calls:
        if call.waited and call.ending is not Ending.PHANTOM:
            changes += [(call.arrived, 1), (call.arrived + call.waited, -1)]
    course, waiting = [], 0
    for second, change in sorted(changes):
        waiting += change
        course.append((float(second), waiting))
    return course
