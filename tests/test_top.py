"""`acd top`: what it knows is what is, what it draws fits, and it leaves a terminal as it was."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from router.api import views
from router.api.roles import Role
from router.cli import main
from router.cli.live.keys import obey, split
from router.cli.live.picture import clock_time, draw, reasons_of
from router.cli.live.sight import AGENT_SORTS, QUEUE_SORTS, Sight, Wish
from router.cli.live.staff import Staff
from router.config import HttpConfig
from router.engine.engine import Engine
from router.queries import ListAgents
from router.service import Service
from tests.archive.ledger import journal_of
from tests.archive.test_reports import ramble
from tests.clients import SECRET, Api, stream
from tests.routers import ANY_PORT, NewService, api, http, new_service, service  # noqa: F401
from tests.servers import TestServer
from tests.terminals import terminal
from tests.waiting import wait_until

NOW = 1_000_000


def queue(name: str, **more: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("waiting", "offered", "assigned", "waiting_customer", "wrap_up"), 0)
    figures = {"offered": 9, "answered": 8, "abandoned": 1, "answered_in_time": 8}
    level = {"service_level_strict": 0.9}
    return {
        **counts,
        "queue": name,
        "name": "",
        "held": 0,
        "unreachable": 0,
        "service_level_ms": 20_000,
        "agents": {"ready": 1, "busy": 2, "not_ready": 0, "offline": 3},
        "estimated_wait_ms": {"voice": {"p50": 1_000, "p80": 61_000}},
        "recent": figures | level,
        "today": figures | level,
    } | more


def waiting(name: str, ms: int, count: int = 1) -> dict[str, Any]:
    return queue(name, waiting=count, oldest=f"c-{name}", oldest_since=NOW - ms)


def agent(name: str, presence: str = "ready", **work: str) -> dict[str, Any]:
    held = {contact: {"k": kind, "ch": "voice", "u": 1} for contact, kind in work.items()}
    view = {"agent": name, "name": name.title(), "presence": presence, "since": NOW - 65_000}
    return view | {"sessions": ["s1"], "work": held, "memberships": {"sales": {}}}


def sight(*queues: dict[str, Any], agents: tuple[dict[str, Any], ...] = ()) -> Sight:
    made = Sight("demo", "http://127.0.0.1:8080", lambda: 1.0)
    made.hear({"now": NOW, "queues": list(queues), "figures": {}})
    made.staff.begin(list(agents), NOW)
    return made


def drawn(seen: Sight, wish: Wish | None = None, width: int = 80, height: int | None = 24) -> str:
    """What stands on the terminal, without colours."""
    console = Console(width=width, height=height, file=io.StringIO(), markup=False, emoji=False)
    with console.capture() as captured:
        console.print(draw(seen, wish or Wish(), width, height))
    return captured.get()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", [21, 22])
async def test_events_keep_agents_as_the_directory_has_them(
    server: TestServer, engine: Engine, tenant: str, seed: int
) -> None:
    ramble(server, tenant, seed)
    staff = Staff()

    for entry in await journal_of(engine.store, tenant):
        for event in entry.events:
            staff.see(event.fields, entry.at)

    directory = (await engine.read(tenant, ListAgents(limit=1_000)))["agents"]
    assert staff.agents.keys() == {view["agent"] for view in directory}
    for view in map(views.outside, directory):
        known = staff.agents[view["agent"]]
        assert (known.presence, known.reason) == (view["presence"], view.get("reason") or "")
        assert known.work == {name: (w["ch"], w["k"]) for name, w in view["work"].items()}
        assert known.queues == view["memberships"].keys()


def test_a_state_lasts_since_it_began_or_at_least_since_it_was_seen() -> None:
    staff = Staff()
    staff.begin([agent("ann"), agent("bob", c1="assigned")], NOW)
    ann, bob = staff.agents["ann"], staff.agents["bob"]
    assert (ann.state, ann.since, ann.is_exact) == ("ready", NOW - 65_000, True)
    assert (bob.state, bob.since, bob.is_exact) == ("busy", NOW, False)

    offer = {"e": "offer.made", "agent": "ann", "contact": "c2", "channel": "chat"}
    staff.see(offer, NOW + 5)
    staff.see({"e": "contact.closed", "contact": "c1", "agent": "bob"}, NOW + 6)

    assert (ann.state, ann.since, ann.work) == ("ringing", NOW + 5, {"c2": ("chat", "offer")})
    assert (bob.state, bob.since, bob.is_exact) == ("ready", NOW + 6, True)
    staff.take([agent("ann", c2="assigned"), agent("bob")], NOW + 9)
    assert (ann.state, ann.since, ann.is_exact) == ("busy", NOW + 9, False)
    assert bob.since == NOW + 6
    staff.begin([agent("bob")], NOW + 10)
    assert staff.counts() == dict.fromkeys(staff.counts(), 0) | {"ready": 1}


def test_what_needs_attention_has_a_sign_beside_its_colour() -> None:
    seen = sight(
        waiting("calm", 9_000),
        waiting("soon", 10_000),
        waiting("late", 75_000),
        queue("bad", recent={"service_level_strict": 0.55}),
        queue("lost", unreachable=2),
    )
    seen.wall["queues"][1]["agents"] = {"ready": 0, "busy": 0, "not_ready": 0, "offline": 0}

    lines = {line.split(" ")[0]: line for line in drawn(seen).splitlines() if line}

    assert "0:09 " in lines["calm"]
    assert "0:10! " in lines["soon"]
    assert " 0! " in lines["soon"]
    assert "1:15!!" in lines["late"]
    assert "55%!!" in lines["bad"]
    assert "!! 2 for nobody" in lines["lost"]
    assert drawn(seen).index("late") < drawn(seen).index("soon") < drawn(seen).index("calm")


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ({"is_open": True, "closes_at": NOW + 5}, "Night  "),
        ({"is_open": False, "opens_at": 8 * 3_600_000}, "Night closed to 05:00"),
        ({"is_open": False, "opens_at": 80 * 3_600_000}, "Night closed to Sun 05:00"),
        ({"is_open": False}, "Night closed  "),
    ],
)
def test_a_closed_queue_says_until_when(hours: dict[str, Any], told: str) -> None:
    seen = sight(queue("night", hours=hours) | {"name": "Night"})
    seen.wall["figures"] = {"time_zone": "America/Sao_Paulo"}

    assert told in drawn(seen, width=160)


def test_colours_are_left_out_where_nobody_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def codes() -> str:
        console = Console(force_terminal=True, color_system="standard", file=io.StringIO())
        with console.capture() as captured:
            console.print(draw(sight(waiting("late", 75_000)), Wish(), 80, 24))
        return captured.get()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;31m1:15!!" in codes()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in codes()
    assert "1:15!!" in codes()


@pytest.mark.parametrize("width", [20, 40, 80, 132, 250])
@pytest.mark.parametrize("height", [5, 8, 12, 24, 60])
@pytest.mark.parametrize(("queues", "agents"), [(0, 0), (3, 2), (70, 300)])
def test_a_picture_fits_any_terminal(width: int, height: int, queues: int, agents: int) -> None:
    names = [f"queue-with-a-long-name-{n}" for n in range(queues)]
    people = tuple(agent(f"agent{n}", c="assigned") for n in range(agents))
    seen = sight(*(waiting(name, n * 1_000) for n, name in enumerate(names)), agents=people)
    seen.reasons = {"c-" + name: "nobody " * 40 for name in names}

    lines = drawn(seen, Wish(skip=30), width, height).splitlines()

    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    if height >= 8:
        assert lines[-1].startswith("q quit")


def test_names_can_not_steer_the_terminal() -> None:
    evil = "\x1b[2Jx\n"
    seen = sight(waiting("q", 1), agents=(agent("ann") | {"name": evil},))
    seen.wall["queues"][0] |= {"name": evil, "oldest": "c"}
    seen.reasons["c"] = evil

    assert "\x1b" not in drawn(seen)


def test_keys_sort_filter_scroll_and_end() -> None:
    wish = Wish()
    for key in ("s", "a", "down", "page-down", "up"):
        assert obey(wish, key)
    assert (QUEUE_SORTS[wish.queue_sort], AGENT_SORTS[wish.agent_sort]) == ("waiting", "time")
    assert wish.skip == 10
    for key in split(b"/qal\x7f\r"):
        assert obey(wish, key)
    assert (wish.text, wish.is_typing, wish.skip) == ("qa", False, 0)
    assert obey(wish, "escape")
    assert wish.text == ""
    assert not obey(wish, "q")
    assert [split(data) for data in (b"\x1b[A", b"\x1b[6~", b"\x1b[99x", b"")] == [
        *(["up"], ["page-down"], [], ["q"])
    ]


def test_a_filter_holds_for_queues_their_waits_and_agents() -> None:
    seen = sight(waiting("sales", 1), waiting("help", 2), agents=(agent("ann"), agent("bob")))

    assert "help" not in drawn(seen, Wish(text="SALES"))
    assert "Ann" in drawn(seen, Wish(text="SALES"))  # she serves it
    assert "Bob" not in drawn(seen, Wish(text="ann"))


def test_reasons_are_told_by_how_many_agents_they_keep() -> None:
    assert reasons_of({"tally": {"no_slot": 1, "not_ready": 3}}) == "3 not ready, 1 no slot"
    assert reasons_of({"tally": {}, "because": "nobody serves it"}) == "nobody serves it"
    assert [clock_time(ms) for ms in (-1, 61_000, 3_600_000)] == ["0:00", "1:01", "1:00:00"]


@pytest.fixture
def file(tmp_path: Path, tenant: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f'[auth.keys.k]\nsecret = "{SECRET.decode()}"\n[tenants.{tenant}]\n')
    return path


@pytest.fixture
def glance(file: Path, api: Api) -> Callable[..., Any]:  # noqa: F811
    words = ["--config", str(file), "top", "--url", api.url]

    async def run(*more: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, main, [*words, *more])

    return run


async def test_without_a_terminal_one_picture_is_printed(
    api: Api,  # noqa: F811
    glance: Callable[..., Any],
) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1")
        await api.admit("c-2")

        told = await glance()
        asked = await glance("--json", "--queue", "sales")

    assert told.exit_code == 0, told.output
    assert "\x1b" not in told.output
    assert "1 ringing" in told.output
    assert "1 offline" in told.output
    (row,) = (line.split() for line in told.output.splitlines() if line.startswith("c-2"))
    assert row[1] == "sales"
    assert "1 not connected" in told.output or "1 offline" in " ".join(row)
    assert "no figures: no archive" in told.output
    assert [one["queue"] for one in msgspec.json.decode(asked.output)["queues"]] == ["sales"]


async def test_a_router_that_is_not_there_is_told_at_once(file: Path) -> None:
    words = ["--config", str(file), "top", "--url", "http://127.0.0.1:1"]

    told = await asyncio.to_thread(CliRunner().invoke, main, words)

    assert told.exit_code == 2
    assert "no router answers at http://127.0.0.1:1" in told.output


async def test_it_is_live_and_a_key_ends_it(api: Api, file: Path) -> None:  # noqa: F811
    await api.furnish("ann")
    async with terminal(file, api.url) as top, stream(api, Role.AGENT, "ann") as desk:
        await top.shows(b"live")
        await desk.command("set_state", presence="ready")
        await top.shows(b"1 ready")
        await api.admit("c-1")
        await top.shows(b"1 ringing")
        await api.admit("c-2")
        await top.shows(b"no slot")
        top.press(b"/nobody\r")
        await top.shows(b"filter: nobody")
        top.press(b"q")


async def test_an_interrupt_ends_it_as_well(api: Api, file: Path) -> None:  # noqa: F811
    await api.furnish()
    async with terminal(file, api.url) as top:
        await top.shows(b"live")
        await top.shows(b"live")  # it goes on
        top.process.send_signal(2)


async def test_a_token_that_runs_out_is_followed_by_another_one(
    api: Api,  # noqa: F811
    service: Service,  # noqa: F811
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await api.furnish("ann")
    expired = {"role": "supervisor", "code": "4104"}

    def has_expired() -> bool:
        told = service.metrics.registry.get_sample_value("acd_sessions_closed_total", expired)
        return told is not None and told >= 1

    async with terminal(file, api.url) as top:
        await top.shows(b"live")
        with monkeypatch.context() as patch:
            patch.setattr(service.edge.verifier, "is_expired", lambda _: True)
            await wait_until(has_expired)
        async with stream(api, Role.AGENT, "ann") as desk:
            await desk.command("set_state", presence="ready")
            await top.shows(b"1 ready")
        top.press(b"q")


@pytest.mark.timeout(60)
async def test_it_waits_for_its_router_and_goes_on(
    new_service: NewService,  # noqa: F811
    http: Any,  # noqa: F811
    tenant: str,
    file: Path,
) -> None:
    first = await new_service()
    port = int(first.http.url.rpartition(":")[2])
    client = Api(http, first.http.url, tenant)
    await client.furnish("ann")
    async with terminal(file, client.url) as top:
        await top.shows(b"live")
        await first.drain()
        await top.shows(b"!! no answer")
        again = msgspec.structs.replace(ANY_PORT, http=HttpConfig(port=port))
        await new_service(again)
        await top.shows(b"live")
        async with aiohttp.ClientSession() as fresh:
            other = Api(fresh, client.url, tenant)
            async with stream(other, Role.AGENT, "ann") as desk:
                await desk.command("set_state", presence="ready")
                await top.shows(b"1 ready")
        top.press(b"q")
