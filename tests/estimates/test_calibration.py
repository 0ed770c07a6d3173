"""What is promised comes true as often as it says: on days that the engine plays, seeded.

With ACD_CALLS, a file of recorded calls of the bank (`router/insight/bank.py`), its days are
played too.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from router.engine.engine import Call
from router.engine.reply import Reply
from router.estimates.learner import Learner
from router.insight.bank import Ending, RecordedCall, read_calls
from router.insight.day import Day
from router.insight.shifts import Shift, Staffing, staffing
from router.insight.stage import stage
from router.journal.entry import Entry, Event, Key

RECORDED = os.environ.get("ACD_CALLS", "")
DATES = ("990202", "990204", "990209", "990211")
HOUR = 3_600
Rate = Callable[[float], float]


class Score:
    """How many promises came true, by quantile."""

    def __init__(self) -> None:
        self.kept: dict[int, list[bool]] = defaultdict(list)

    def share(self, percent: int) -> float:
        return sum(self.kept[percent]) / len(self.kept[percent])


async def played(url: str, calls: list[RecordedCall], staff: Staffing) -> Score:
    """Plays a day on the production transitions, with a learner that reads along."""
    learner, score = Learner(), Score()
    count = 0
    async with stage(url, router="calibration") as place, place.tenant("calibration") as tenant:

        async def send(call: Call, now: int) -> Reply:
            nonlocal count
            reply = await place.engine.call(tenant, call, now=now, echo=True)
            count += 1
            events = tuple(Event(Key(count, 0, n), now, e) for n, e in enumerate(reply.events))
            for kept in learner.take(Entry(f"{count}-0", now, "calibration", "t", "", events)):
                score.kept[kept.percent].append(kept.is_kept)
            learner.put_out(now)
            return reply

        await Day(calls, staff, send).run(lambda: None)
    return score


def arrivals(random: Random, hours: float, rate: Rate, fastest: float) -> list[RecordedCall]:
    """Calls of a Poisson process with a changing rate (an hour), by thinning."""
    calls: list[RecordedCall] = []
    at = 0.0
    while (at := at + random.expovariate(fastest / HOUR)) < hours * HOUR:
        if random.random() > rate(at / HOUR) / fastest:
            continue
        number = len(calls) + 1
        patience = random.expovariate(1 / 900)
        is_patient = patience > 600
        calls.append(
            RecordedCall(
                line=number,
                id=f"c-{number}",
                customer="",
                priority=0,
                queue="PS" if random.random() < 0.7 else "NE",
                date="990201",
                arrived=int(at),
                waited=0 if is_patient else int(patience),
                ending=Ending.SERVED if is_patient else Ending.HUNG_UP,
                served_at=None,
                service=1 + int(random.expovariate(1 / 180)),
                server=None,
            )
        )
    return calls


def crew(spans: Sequence[tuple[float, float]]) -> Staffing:
    """Agents of both queues, each from one hour to another."""
    shifts = [
        Shift(
            server=f"agent{number}",
            queues=frozenset({"PS", "NE"}),
            ready=[(int(since * HOUR), int(until * HOUR))],
        )
        for number, (since, until) in enumerate(spans)
    ]
    return Staffing(shifts=shifts, after_call={})


@pytest.mark.timeout(300)
async def test_on_a_day_with_a_rush_promises_come_true_as_often_as_they_say(
    server_url: str,
) -> None:
    calls = arrivals(Random(7), 12, lambda hour: 230 if 4 <= hour < 6 else 150, 230)

    score = await played(server_url, calls, crew([(0, 13)] * 8))

    assert len(score.kept[80]) > 700
    assert 0.75 <= score.share(80) <= 0.85
    assert 0.45 <= score.share(50) <= 0.55


@pytest.mark.timeout(300)
async def test_on_a_day_on_which_half_the_staff_leaves_they_do_too(server_url: str) -> None:
    calls = arrivals(Random(11), 12, lambda hour: 150 if hour < 6 else 95, 150)

    score = await played(server_url, calls, crew([(0, 14)] * 4 + [(0, 5)] * 4))

    assert len(score.kept[80]) > 500
    assert 0.75 <= score.share(80) <= 0.85
    assert 0.43 <= score.share(50) <= 0.57


@pytest.mark.skipif(not RECORDED, reason="ACD_CALLS names no file of recorded calls")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("date", DATES)
async def test_on_recorded_days_they_do_too(server_url: str, date: str) -> None:
    calls = read_calls(Path(RECORDED)).day(date)

    score = await played(server_url, calls, staffing(calls))

    assert len(score.kept[80]) > 300
    assert 0.75 <= score.share(80) <= 0.85
    assert 0.44 <= score.share(50) <= 0.56
