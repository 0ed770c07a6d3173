"""What walls show is what a recount finds, and costs the same however many look."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from router.api import wallboard
from router.api.auth import Identity
from router.api.parameters import ContactQuery
from router.api.reads import Reads
from router.api.roles import Role
from router.api.wallboard import RECENT_MS, Shared, Wallboard, WallQuery
from router.archive.archive import Archive
from router.archive.intervals import Interval
from router.archive.reports import Asked
from router.archive.today import ANEW_MS, QUARTER_MS, SETTLED_MS, Levels, Today
from router.engine.engine import Call, Engine
from router.queries import CountAgents, CountQueues, ListAgents, ListQueues
from tests.archive import recount
from tests.archive.ledger import journal_of
from tests.archive.scenes import abandoned, furnish, handled
from tests.archive.test_reports import ramble
from tests.conftest import Sim
from tests.servers import TestServer

COUNTED = ("queued", "held", "scheduled", "offered", "assigned", "waiting_customer", "wrap_up")
LEVEL_MS = 700


class Clock:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def past(engine: Engine, url: str) -> Any:
    """An archive that catches up when it is told to."""
    archive = Archive(engine, url)
    await archive.database.open()
    yield archive
    await archive.database.close()


def sales(wall: dict[str, Any]) -> dict[str, Any]:
    """The queue of the scenes, beside the default one."""
    return next(queue for queue in wall["queues"] if queue["queue"] == "sales")


async def caught_up(archive: Archive, tenant: str) -> None:
    while await archive.archiver.catch_up(tenant):
        pass


async def check_present(engine: Engine, tenant: str, wall: dict[str, Any]) -> None:
    """Counts and agents, counted one by one."""
    admin = Identity(tenant=tenant, subject="acd", role=Role.ADMIN, expires=0)
    found = await Reads(engine).contacts(admin, ContactQuery(limit=1_000))
    states = Counter((c["queue"], c["state"]) for c in found["contacts"])
    directory = (await engine.read(tenant, ListAgents(limit=1_000)))["agents"] or []
    for queue in wall["queues"]:
        name = queue["queue"]
        told = [queue["waiting" if state == "queued" else state] for state in COUNTED]
        assert told == [states[name, state] for state in COUNTED], name
        waiting = [c for c in found["contacts"] if (c["queue"], c["state"]) == (name, "queued")]
        assert queue.get("oldest_since") == min((c["since"] for c in waiting), default=None)
        if waiting:
            assert queue["oldest"] in [c["contact"] for c in waiting]
        members = [
            agent
            for agent in directory
            if dict(agent["memberships"] or {}).get(name, {}).get("role") == "agent"
        ]
        assert queue["agents"] == {
            how: sum(standing(agent) == how for agent in members) for how in queue["agents"]
        }
        assert sum(queue["agents"].values()) == len(members)


def standing(agent: dict[str, Any]) -> str:
    if agent["presence"] == "offline" or not agent["sessions"]:
        return "offline"
    if "ok" in dict(agent["verdicts"] or {}).values():
        return "ready"
    kinds = {work["k"] for work in dict(agent["work"] or {}).values()}
    in_hand = kinds if agent["presence"] == "ready" else kinds - {"waiting_customer"}
    return "busy" if in_hand else "not_ready"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [11, 12])
async def test_a_wall_shows_what_a_recount_finds(
    server: TestServer,
    engine: Engine,
    past: Archive,
    tenant: str,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wallboard, "PAGE", 2)
    ramble(server, tenant, seed)
    await caught_up(past, tenant)
    reads = Reads(engine, past, LEVEL_MS)

    wall = await reads.wallboard.look(tenant, WallQuery())

    await check_present(engine, tenant, wall)
    journal = await journal_of(engine.store, tenant)
    assert wall["figures"]["recent"]["from"] == wall["now"] - RECENT_MS
    targets = {
        view["queue"]: view["settings"]["target_ms"]
        for view in (await engine.read(tenant, ListQueues()))["queues"]
    }
    seen: Counter[str] = Counter()
    for when in ("recent", "today"):
        edges = [wall["figures"][when]["from"], wall["figures"][when]["to"]]
        for queue in wall["queues"]:
            level = queue["service_level_ms"]
            assert level == (targets[queue["queue"]] or LEVEL_MS)
            expected = recount.by_queue(journal, recount.Limits(edges, level, 0))
            numbers = expected.get((0, queue["queue"]), {})
            for field, value in queue[when].items():
                if isinstance(value, int):
                    assert value == numbers.get(field, 0), (when, queue["queue"], field)
                    seen[field] += value
            answered, lost = numbers.get("answered", 0), numbers.get("abandoned", 0)
            strict = numbers.get("answered_in_time", 0) / max(1, answered + lost)
            told = queue[when]["service_level_strict"]
            assert told == (round(strict, 4) if answered + lost else None)
    assert seen.total()


async def test_each_queue_is_held_to_its_own_target(
    sim: Sim, engine: Engine, past: Archive
) -> None:
    await furnish(sim, "ann")  # the queue's target is 20 s
    await handled(sim, "c1", "ann")
    await abandoned(sim, "c2")
    await caught_up(past, sim.tenant)

    wall = await Reads(engine, past, 1).wallboard.look(sim.tenant, WallQuery())

    queue = sales(wall)
    assert (queue["today"]["answered_in_time"], queue["today"]["service_level_strict"]) == (1, 0.5)
    assert queue["recent"]["offered"] == queue["today"]["offered"] == 2
    assert wall["definitions"]["service_level_strict"]


async def test_today_is_the_day_of_the_time_zone(sim: Sim, engine: Engine, past: Archive) -> None:
    await furnish(sim)
    sim.now = 22 * 3_600_000
    await abandoned(sim, "c1")
    sim.now = 26 * 3_600_000
    await abandoned(sim, "c2")
    await caught_up(past, sim.tenant)
    board = Reads(engine, past).wallboard

    here = await board.look(sim.tenant, WallQuery())
    there = await board.look(sim.tenant, WallQuery(time_zone="America/Sao_Paulo"))

    assert sales(here)["today"]["abandoned"] == 1
    assert sales(there)["today"]["abandoned"] == 2  # 23:00 of the day before, there


async def test_what_is_over_is_counted_once(
    sim: Sim, engine: Engine, past: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnish(sim)
    reads, asked = Reads(engine, past), []
    questions = reads.past.questions
    reports = questions.reports

    async def counted(tenant: str, *wanted: Asked) -> Any:
        asked.append([interval.begin for interval in wanted[0].intervals])
        return await reports(tenant, *wanted)

    monkeypatch.setattr(questions, "reports", counted)
    day, levels = Interval(0, 86_400_000), Levels(20_000, {})
    today = Today(questions, sim.tenant)

    async def look() -> tuple[list[int], int, list[int]]:
        """The quarters that were asked, who left today, and who left in each quarter."""
        await caught_up(past, sim.tenant)
        found = await today.look(day, sim.now, 1_800_000, levels)
        rows = [quarter.rows.get("sales", {"abandoned": 0}) for quarter in found.quarters]
        return asked[-1], found.today.rows["sales"]["abandoned"], [r["abandoned"] for r in rows]

    await abandoned(sim, "c1")  # in the second quarter
    assert await look() == ([0, QUARTER_MS], 1, [0, 1])
    await abandoned(sim, "c2")
    assert await look() == ([0, QUARTER_MS], 2, [0, 2])  # the first one is over for 2 minutes only
    sim.now = QUARTER_MS + SETTLED_MS
    await abandoned(sim, "c3")
    assert await look() == ([0, QUARTER_MS], 3, [0, 3])
    await abandoned(sim, "c4")
    assert await look() == ([QUARTER_MS], 4, [0, 4])
    sim.now = 2 * QUARTER_MS + SETTLED_MS
    await abandoned(sim, "c5")
    assert await look() == ([QUARTER_MS, 2 * QUARTER_MS], 5, [0, 4, 1])
    await abandoned(sim, "c6")
    assert await look() == ([2 * QUARTER_MS], 6, [0, 4, 2])
    levels = Levels(20_000, {"sales": 1_000})  # others are in time now: all is counted anew
    assert await look() == ([0, QUARTER_MS, 2 * QUARTER_MS], 6, [0, 4, 2])
    sim.now = ANEW_MS + 1
    await abandoned(sim, "c7")
    assert await look() == ([n * QUARTER_MS for n in range(5)], 7, [0, 4, 2, 0, 1])


async def test_the_day_comes_as_a_series_for_who_asks(
    sim: Sim, engine: Engine, past: Archive
) -> None:
    await furnish(sim, "ann")
    await handled(sim, "c1", "ann")
    await caught_up(past, sim.tenant)
    board = Reads(engine, past).wallboard

    plain = await board.look(sim.tenant, WallQuery())
    wall = await board.look(sim.tenant, WallQuery(series="15m"))

    assert "series" not in sales(plain)
    assert [quarter["from"] for quarter in sales(wall)["series"]] == [0, QUARTER_MS]
    assert sales(wall)["series"][1]["service_level_strict"] == 1.0
    assert sales(wall)["today"] == sales(plain)["today"]


async def test_fifty_walls_cost_as_much_as_one(sim: Sim, engine: Engine, past: Archive) -> None:
    await furnish(sim, "ann", "bob")
    reads, clock, asked = Reads(engine, past), Clock(), Counter[str]()

    async def ask(tenant: str, query: Call) -> dict[str, Any]:
        asked[query.transition] += 1
        return await engine.read(tenant, query)

    board = Wallboard(ask, reads.past, 20_000, clock)

    async def fifty() -> Counter[str]:
        asked.clear()
        for _ in range(50):
            await board.look(sim.tenant, WallQuery())
        return asked

    once = {CountQueues.transition: 1, CountAgents.transition: 1}
    assert await fifty() == once
    clock.now = 0.9
    assert await fifty() == {}
    await abandoned(sim, "c1")
    await caught_up(past, sim.tenant)
    clock.now = 1.0
    assert await fifty() == once
    queue = sales(await board.look(sim.tenant, WallQuery()))
    assert queue["today"]["abandoned"] == 0
    clock.now = 5.0
    queue = sales(await board.look(sim.tenant, WallQuery()))
    assert queue["today"]["abandoned"] == 1


async def test_what_takes_long_is_asked_seldom() -> None:
    clock, asked = Clock(), 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        clock.now += 0.5
        return asked

    shared = Shared(ask, 1.0, clock)

    found = []
    for later in (0.0, 24.0, 1.1):
        clock.now += later
        found.append(await shared.get())
    assert found == [1, 1, 2]


async def test_a_failure_is_told_to_all_and_asked_about_again() -> None:
    clock, chance = Clock(), Random(1)

    async def ask() -> float:
        if clock.now < 1:
            raise LookupError
        return chance.random()

    shared = Shared(ask, 1.0, clock)

    for _ in range(2):
        with pytest.raises(LookupError):
            await shared.get()
    clock.now = 1.0
    assert await shared.get() < 1


async def test_without_its_archive_a_wall_still_shows_the_present(
    sim: Sim, engine: Engine, past: Archive
) -> None:
    await furnish(sim, "ann")
    await past.database.write(lambda c: c.exec_driver_sql("drop table acd_waits"))

    wall = await Reads(engine, past).wallboard.look(sim.tenant, WallQuery())

    assert wall["figures"] == {"missing": "archive_down"}
    assert sales(wall)["agents"]["ready"] == 1
    assert "today" not in sales(wall)
