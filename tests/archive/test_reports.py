"""Reports agree exactly with an independent recount of the journal, on any history."""

from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
import redis

from router.archive.archiver import Archiver, Pace
from router.archive.intervals import Busy, Interval, cut, spans
from router.archive.questions import Questions
from router.archive.reports import Asked
from router.engine.engine import Engine
from router.engine.library import assemble
from router.queries import ViewContact
from tests.archive import recount
from tests.archive.conftest import NewArchive
from tests.archive.ledger import Ledger, journal_of
from tests.archive.scenes import abandoned, furnish, handled
from tests.conftest import Sim
from tests.model.pair import new_pair
from tests.model.walk import Rambler, opening
from tests.servers import TestServer

STEPS = 300
TOLD = (
    *("state", "queue", "channel", "priority", "owner", "result", "reason", "disposition"),
    *("entered", "due", "tier", "closed_at", "assigned_at", "wrap_until", "customer", "subject"),
)
"""What people ask for; all of it must be as the store has it."""
UTC = ZoneInfo("UTC")


def ramble(server: TestServer, tenant: str, seed: int) -> None:
    """A random history of a tenant, with everything that the engine can do."""
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        pair = new_pair(client, tenant, assemble())
        random = Random(seed)
        for command in opening(random, pair.model):
            pair.run(command)
        rambler = Rambler(random, pair)
        for _ in range(STEPS):
            rambler.step()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_history_is_archived_as_it_is_and_counted_as_it_was(
    server: TestServer, engine: Engine, open_archive: NewArchive, tenant: str, seed: int
) -> None:
    ramble(server, tenant, seed)
    archive = await open_archive()
    archiver = Archiver(engine, archive, pace=Pace(batch=40))
    while await archiver.catch_up(tenant):
        pass

    journal = await journal_of(engine.store, tenant)
    ledger = Ledger(archive, tenant)
    await check_records(engine, ledger)
    edges = [journal[0].at - 1, *range(journal[0].at, journal[-1].at + 60_000, 30_000)]
    intervals = [Interval(*pair) for pair in pairwise(edges)]
    limits = recount.Limits(edges, 900, 200)
    questions = Questions(archiver)
    for by, expected in (
        ("queue", recount.by_queue(journal, limits)),
        ("agent", recount.by_agent(journal, limits)),
    ):
        rows = await questions.report(tenant, Asked(intervals, by, 900, 200))  # type: ignore[arg-type]
        found = {(edges.index(row["from"]), row[by]): row for row in rows}
        assert found.keys() == {key for key, row in expected.items() if any(row.values())}
        for key, numbers in expected.items():
            for field, number in numbers.items():
                assert found.get(key, {}).get(field, 0) == number, (key, field)


async def check_records(engine: Engine, ledger: Ledger) -> None:
    """What the archive folded is what the store has."""
    checked = 0
    for name in {row["contact"] for row in await ledger.rows(ledger.contacts)}:
        reply = await engine.read(ledger.tenant, ViewContact(contact=name))
        if reply["outcome"] != "ok" or reply["contact"]["id"] != name:
            continue  # let go; the id may mean another one since
        kept = ledger.record(await ledger.contact(name))
        stored = {n: v for n, v in reply["contact"].items() if n in TOLD and v}
        assert {field: kept.get(field) for field in stored} == stored, name
        checked += 1
    assert checked


async def test_rates_follow_from_the_numbers_beside_them(
    sim: Sim, engine: Engine, open_archive: NewArchive
) -> None:
    await furnish(sim, "ann")
    begin = sim.now
    await handled(sim, "c1", "ann")  # waits 1 s, is talked to for 5 s
    await abandoned(sim, "c2")  # leaves after 3 s
    archiver = Archiver(engine, await open_archive())
    await archiver.catch_up(sim.tenant)
    questions = Questions(archiver)
    whole = [Interval(begin, sim.now + 1)]

    (row,) = await questions.report(sim.tenant, Asked(whole, "queue", 2_000, 0))
    assert (row["offered"], row["answered"], row["abandoned"]) == (2, 1, 1)
    assert row["service_level_answered_only"] == 1.0
    assert row["service_level_with_abandons"] == 0.5
    assert row["service_level_strict"] == 0.5
    assert (row["asa_ms"], row["aht_ms"], row["abandonment_rate"]) == (1_000, 5_000, 0.5)

    (row,) = await questions.report(sim.tenant, Asked(whole, "queue", 2_000, 4_000))
    assert (row["abandoned"], row["short_abandoned"]) == (0, 1)
    assert row["service_level_strict"] == 1.0

    (row,) = await questions.report(sim.tenant, Asked(whole, "agent", 2_000, 0))
    assert (row["busy_ms"], row["ready_ms"]) == (5_000, 6_000)
    assert row["occupancy"] == round(5 / 11, 4)

    (row,) = await questions.report(sim.tenant, Asked(whole, "disposition", 2_000, 0))
    assert (row["disposition"], row["closed"], row["aht_ms"]) == ("bill", 1, 5_000)


def test_intervals_hold_all_that_is_asked_for() -> None:
    assert cut("15m", 1, 900_001, UTC, 10) == [(0, 900_000), (900_000, 1_800_000)]
    with pytest.raises(ValueError, match="at most 3 intervals"):
        cut("hour", 0, 10 * 3_600_000, UTC, 3)
    with pytest.raises(ValueError, match="before"):
        cut("hour", 5, 5, UTC, 3)


def test_a_day_is_as_long_as_it_is_where_the_tenant_lives() -> None:
    begin = 1_774_652_400_000  # 2026-03-28, midnight in Berlin
    days = cut("day", begin, begin + 2 * 86_400_000, ZoneInfo("Europe/Berlin"), 10)

    assert [(end - start) // 3_600_000 for start, end in days] == [24, 23, 24]
    assert [span.place for span in spans(days)] == [0, 1, 2]


def test_time_in_hand_is_counted_once_however_much_is_in_hand() -> None:
    busy = Busy([(0, 50), (20, 30), (40, None)], [(0, 200)], now=100)

    assert busy.times(Interval(0, 200)) == (100, 100)
    assert busy.times(Interval(90, 110)) == (10, 10)
