"""The file's tenants in the store: put where they differ, and left alone where they do not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog

from presence.settings import AgentDefinition, Membership
from queues.calls import PutQueue
from queues.settings import QueueSettings, Step
from router.calendars import DAYS, CalendarSettings, Week
from router.calls import PutConfig, PutTenant
from router.config import TenantConfig
from router.engine.engine import Engine
from router.queries import ListCalendars, ListQueues, ViewAgent
from router.settings import ChannelSettings
from router.setup import Configuration, SetupRefusedError, apply
from router.standing import read_filed

ANN = AgentDefinition(
    name="Ann",
    memberships={"general": Membership(), "sales": Membership(role="supervisor", level=9)},
    slots={"voice": 1},
)
ALL_WEEK = dict.fromkeys(DAYS, ("00:00-24:00",))
SMALL = TenantConfig(
    channels={"voice": ChannelSettings(cost=3)},
    calendars={"always": CalendarSettings(time_zone="UTC", weekly=Week(**ALL_WEEK))},
    queues={"general": QueueSettings(), "sales": QueueSettings(wrap_up_ms=500, calendar="always")},
    agents={"ann": ANN},
)


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """A reload configures the log."""
    yield
    structlog.reset_defaults()


FILE = """
[tenants.{tenant}.queues.general]
ring_ms = {ring_ms}
[tenants.{tenant}.agents.ann]
memberships.general.level = 5
"""


async def ring_ms(engine: Engine, tenant: str) -> int:
    reply = await engine.read(tenant, ListQueues())
    settings: dict[str, int] = reply["queues"][0]["settings"]
    return settings["ring_ms"]


async def test_a_new_tenant_gets_all_that_the_file_says(engine: Engine, tenant: str) -> None:
    puts = await apply(engine, {tenant: SMALL})

    assert puts == 4
    assert (await engine.read(tenant, ListCalendars()))["calendars"][0]["is_open"] is True
    stored = await engine.read(tenant, ListQueues())
    assert stored["tenant"]["channels"]["voice"]["cost"] == 3
    assert [queue["queue"] for queue in stored["queues"]] == ["general", "sales"]
    agent = (await engine.read(tenant, ViewAgent(agent="ann")))["agent"]
    membership = agent["memberships"]["sales"]
    assert (membership["role"], membership["level"]) == ("supervisor", 9)


async def test_a_second_time_nothing_is_put(engine: Engine, tenant: str) -> None:
    await apply(engine, {tenant: SMALL})

    assert await apply(engine, {tenant: SMALL}) == 0


async def test_queues_that_send_on_the_other_way_round_are_put(engine: Engine, tenant: str) -> None:
    def chain(*queues: str) -> TenantConfig:
        ways = zip(queues, (*queues[1:], ""), strict=True)
        rules = {queue: QueueSettings(overflow_to=target) for queue, target in ways}
        return TenantConfig(queues={"general": QueueSettings(), **rules})

    await apply(engine, {tenant: chain("a", "b", "c")})
    puts = await apply(engine, {tenant: chain("c", "b", "a")})

    assert puts == 3
    assert await apply(engine, {tenant: chain("c", "b", "a")}) == 0


async def test_a_circle_with_what_the_store_has_is_told(engine: Engine, tenant: str) -> None:
    await apply(engine, {tenant: SMALL})
    await engine.call(tenant, PutQueue(queue="extra", settings={"overflow_to": "sales"}))
    steps = (Step(after_ms=9, to_queue="extra"),)
    own = TenantConfig(channels=SMALL.channels, queues={"sales": QueueSettings(steps=steps)})

    with pytest.raises(SetupRefusedError, match=r"loop steps\[0\].to_queue sales > extra > sales"):
        await apply(engine, {tenant: own})


async def test_only_what_differs_is_put(engine: Engine, tenant: str) -> None:
    await apply(engine, {tenant: SMALL})
    other = QueueSettings(wrap_up_ms=900)
    await engine.call(tenant, PutQueue(queue="extra", settings={}))

    puts = await apply(
        engine, {tenant: TenantConfig(channels=SMALL.channels, queues={"sales": other})}
    )

    assert puts == 1
    stored = await engine.read(tenant, ListQueues())
    by_id = {queue["queue"]: queue["settings"] for queue in stored["queues"]}
    assert by_id.keys() == {"extra", "general", "sales"}
    assert by_id["sales"]["wrap_up_ms"] == 900


async def test_a_membership_that_the_file_no_longer_has_is_taken_away(
    engine: Engine, tenant: str
) -> None:
    await apply(engine, {tenant: SMALL})
    less = AgentDefinition(name="Ann", memberships={"general": Membership()}, slots={"voice": 1})

    puts = await apply(
        engine, {tenant: TenantConfig(channels=SMALL.channels, agents={"ann": less})}
    )

    assert puts == 1
    agent = (await engine.read(tenant, ViewAgent(agent="ann")))["agent"]
    assert list(agent["memberships"]) == ["general"]


async def test_more_agents_than_a_page_are_compared(engine: Engine, tenant: str) -> None:
    crowd = TenantConfig(agents={f"a{n}": AgentDefinition() for n in range(450)})
    await apply(engine, {tenant: crowd})

    assert await apply(engine, {tenant: crowd}) == 0


async def test_a_tenant_made_for_simulation_is_refused(engine: Engine, tenant: str) -> None:
    await engine.call(tenant, PutTenant(settings={}, simulated=True), now=1)

    with pytest.raises(SetupRefusedError, match=f"put_config for tenant {tenant}: bad_clock"):
        await apply(engine, {tenant: SMALL})


async def change(engine: Engine, tenant: str, queue: str, **settings: object) -> None:
    """Somebody else changes a queue, on top of what it is."""
    reply = await engine.read(tenant, ListQueues())
    now = next(one["settings"] for one in reply["queues"] if one["queue"] == queue)
    await engine.call(tenant, PutQueue(queue=queue, settings=now | settings), actor="admin:root")


async def settings_of(engine: Engine, tenant: str, queue: str) -> dict[str, Any]:
    reply = await engine.read(tenant, ListQueues())
    return next(one["settings"] for one in reply["queues"] if one["queue"] == queue)


async def test_what_was_changed_elsewhere_stays_and_is_told(
    engine: Engine, tenant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await apply(engine, {tenant: SMALL})
    await change(engine, tenant, "sales", ring_ms=9_000)

    puts = await apply(engine, {tenant: SMALL})

    assert puts == 0
    assert (await settings_of(engine, tenant, "sales"))["ring_ms"] == 9_000
    told = capsys.readouterr().out
    assert "config.differs" in told
    assert "queue sales: ring_ms 9000 -> 20000" in told


async def test_a_start_puts_what_the_file_says_anew_beside_what_was_changed(
    engine: Engine, tenant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await apply(engine, {tenant: SMALL})
    await change(engine, tenant, "sales", ring_ms=9_000, wrap_up_ms=700)
    queues = {**SMALL.queues, "sales": QueueSettings(wrap_up_ms=600, calendar="always")}
    anew = msgspec.structs.replace(SMALL, queues=queues)

    assert await apply(engine, {tenant: anew}) == 1
    assert await apply(engine, {tenant: anew}) == 0

    now = await settings_of(engine, tenant, "sales")
    assert (now["ring_ms"], now["wrap_up_ms"]) == (9_000, 600)
    assert "config.put" in (told := capsys.readouterr().out)
    assert "queue sales: wrap_up_ms 700 -> 600" in told


async def test_what_was_removed_elsewhere_is_not_made_again(engine: Engine, tenant: str) -> None:
    await apply(engine, {tenant: SMALL})
    gone = PutConfig(changes=[{"kind": "agent", "id": "ann", "remove": True}])
    await engine.call(tenant, gone)

    assert await apply(engine, {tenant: SMALL}) == 0

    assert (await engine.read(tenant, ViewAgent(agent="ann")))["outcome"] == "unknown"


async def test_what_the_file_names_no_more_is_left_and_forgotten(
    engine: Engine, tenant: str
) -> None:
    await apply(engine, {tenant: SMALL})
    queues = {"general": QueueSettings()}
    less = TenantConfig(channels=SMALL.channels, queues=queues, calendars=SMALL.calendars)

    assert await apply(engine, {tenant: less}) == 0
    await change(engine, tenant, "sales", ring_ms=9_000)
    said = await read_filed(engine, tenant)
    assert await apply(engine, {tenant: SMALL}) == 1

    assert ("queue", "sales") not in said
    assert (await settings_of(engine, tenant, "sales"))["ring_ms"] == 20_000


async def test_words_of_more_objects_than_a_step_takes_are_all_remembered(
    engine: Engine, tenant: str
) -> None:
    crowd = TenantConfig(agents={f"a{n}": AgentDefinition() for n in range(250)})
    await apply(engine, {tenant: crowd})

    assert len(await read_filed(engine, tenant)) == 251
    await apply(engine, {tenant: TenantConfig()})
    assert list(await read_filed(engine, tenant)) == [("tenant", "")]


@pytest.fixture
def write(tmp_path: Path, tenant: str) -> Callable[[int], Path]:
    """Writes a file with the ring time of the queue `general`."""

    def write(ring_ms: int) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(FILE.format(tenant=tenant, ring_ms=ring_ms))
        return path

    return write


async def test_a_reload_applies_what_the_file_says_now(
    engine: Engine, tenant: str, write: Callable[[int], Path]
) -> None:
    configuration = Configuration(write(5_000), {})
    await apply(engine, configuration.current.tenants)

    write(6_000)
    is_applied = await configuration.reload(engine)

    assert is_applied
    assert configuration.current.tenants[tenant].queues["general"].ring_ms == 6_000
    assert await ring_ms(engine, tenant) == 6_000


async def test_a_reload_of_a_faulty_file_changes_nothing_and_is_counted(
    engine: Engine, tenant: str, write: Callable[[int], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    configuration = Configuration(write(5_000), {})
    await apply(engine, configuration.current.tenants)
    before = configuration.current

    write(-1)
    is_applied = await configuration.reload(engine)

    assert not is_applied
    assert configuration.reloads_refused == 1
    assert configuration.current is before
    assert await ring_ms(engine, tenant) == 5_000
    assert "ring_ms = -1" in "".join(capsys.readouterr())
