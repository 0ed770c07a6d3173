"""The demo's customers and agents against a real router, quick and small; and how it is told."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from presence.settings import AgentDefinition, Membership
from queues.settings import QueueSettings
from router.cli import main
from router.config import Config, TenantConfig
from router.insight.demo import Demo, DemoError, run
from router.insight.demo.ledger import Ledger
from router.insight.demo.people import Pace, People, ways
from router.service import Service
from router.setup import apply
from tests.clients import SECRET
from tests.routers import new_service, service

__all__ = ["new_service", "service"]

SERVES_ALL = {"sales": Membership(), "support": Membership()}
QUICK = QueueSettings(ring_ms=300, decline_ms=100, miss_ms=100, unreachable_ms=100)
PLAN = TenantConfig(
    default_queue="sales",
    queues={
        "sales": msgspec.structs.replace(QUICK, wrap_up_ms=5_000),
        "support": QUICK,
    },
    agents={
        "ann": AgentDefinition(memberships=SERVES_ALL, slots={"chat": 2}, skills={"english": 60}),
        "bob": AgentDefinition(memberships=SERVES_ALL, slots={"chat": 2, "voice": 1}),
    },
)
SPEED = 100
RESTLESS = Pace(declines=0.2, misses=0.1, transfers=0.4, patience=200)


@pytest.fixture
async def center(service: Service, tenant: str) -> Demo:
    await apply(service.engine, {tenant: PLAN})
    return Demo(PLAN, tenant, SECRET, None)


async def test_every_contact_that_was_taken_reaches_an_end(
    center: Demo, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    people = People(PLAN, 1, SPEED, RESTLESS)

    summary = await center.play(service.http.url, people, None, 40, asyncio.Event())

    assert summary.lost == []
    assert summary.contacts == 40
    assert summary.answered + summary.abandoned == 40
    assert summary.offers >= summary.answered > 0
    assert summary.declined + summary.expired + summary.transfers > 0
    assert "offer.made" in capsys.readouterr().out


async def test_when_it_is_stopped_those_who_wait_hang_up(center: Demo, service: Service) -> None:
    stop = asyncio.Event()

    class Patient(People):
        def contact(self, number: int, run: str) -> dict[str, Any]:
            if number == 20:
                stop.set()
            return super().contact(number, run)

    people = Patient(PLAN, 1, SPEED, Pace(patience=1e6, between_contacts=0.01))

    summary = await center.play(service.http.url, people, None, None, stop)

    assert (summary.contacts, summary.lost) == (20, [])
    assert summary.abandoned > 0


async def test_without_a_router_it_says_how_to_start_one(center: Demo) -> None:
    people = People(PLAN, 1, SPEED, Pace())

    with pytest.raises(DemoError, match=r"no router answers at .* with scripts/serve"):
        await center.play("http://127.0.0.1:1", people, None, 1, asyncio.Event())


def test_the_command_tells_a_mistake_in_one_line(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"""
        http.port = 1
        store.data_dir = "{tmp_path}"
        [tenants.small.queues.general]
        [tenants.small.agents.ann]
        memberships.general = {{}}
        slots.chat = 1
    """)

    ended = CliRunner().invoke(main, ["--config", str(config), "demo", "--contacts", "1"])

    assert ended.exit_code == 2
    assert ended.output.startswith("Error: no router answers at http://127.0.0.1:1 (")
    assert ended.output.count("\n") == 1


def test_a_tenant_without_agents_is_refused_with_those_there_are() -> None:
    config = Config(tenants={"empty": TenantConfig()})

    with pytest.raises(DemoError, match="tenant empty: the configuration has none with agents"):
        run(config, tenant="empty")
    with pytest.raises(DemoError, match=r"tenant demo: .* it has empty"):
        run(config)


def test_contacts_go_where_somebody_serves_and_ask_what_somebody_can() -> None:
    assert {(way.queue, way.channel) for way in ways(PLAN)} == {
        ("sales", "chat"),
        ("sales", "voice"),
        ("support", "chat"),
        ("support", "voice"),
    }
    people = People(PLAN, 1, SPEED, Pace())
    for number in range(200):
        body = people.contact(number, "run")
        asked = body.get("requirements", {"english": 1})
        assert body["channel"] == "chat" or "requirements" not in body
        assert 1 <= asked["english"] <= 60


def test_the_same_seed_brings_the_same_people() -> None:
    one, other = (People(PLAN, 5, 1.0, Pace()) for _ in range(2))

    assert [one.contact(n, "x") for n in range(9)] == [other.contact(n, "x") for n in range(9)]


def test_services_have_the_mean_that_is_asked_for() -> None:
    people = People(PLAN, 5, 2.0, Pace())

    mean = sum(people.work(10.0) for _ in range(20_000)) / 20_000

    assert mean == pytest.approx(5.0, rel=0.05)


def test_a_contact_without_an_end_is_lost() -> None:
    ledger = Ledger("run")
    for contact in ("run-1", "run-2"):
        ledger.push(contact)
    closed = {"e": "contact.closed", "contact": "run-1", "result": "handled"}

    ledger.see(closed)
    ledger.see(closed | {"contact": "other-2"})

    summary = ledger.summary()
    assert (summary.answered, summary.lost) == (1, ["run-2"])
    assert msgspec.json.encode(summary)


def test_waits_are_those_until_the_first_answer() -> None:
    ledger, chance = Ledger("run"), Random(1)
    waits = [chance.randrange(10_000) for _ in range(10)]
    for number, wait in enumerate(waits):
        accepted = {"e": "offer.accepted", "contact": f"run-{number}", "kind": "queue"}
        ledger.see(accepted | {"wait_ms": wait})
    ledger.see({"e": "offer.accepted", "contact": "run-0", "kind": "transfer", "wait_ms": 99_999})

    summary = ledger.summary()

    assert (summary.wait_p50_ms, summary.wait_p90_ms) == (sorted(waits)[5], sorted(waits)[9])
    assert summary.transfers == 1
