"""Plans: how they read, and that what they foretell is what happens."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest
import redis

from presence.settings import AgentDefinition, Membership
from queues.settings import QueueSettings
from router.calendars import DAYS, CalendarSettings, Week
from router.config.eligible import Line, Roster
from router.config.obstacles import Live, Standing, Waiter
from router.config.plan import Plan, plan
from router.config.tell import told
from router.config.whole import Plain, Target, Whole, after, differences, plain_of, tidy
from router.engine.library import assemble
from router.settings import ChannelSettings, TenantSettings
from tests.model.rare import Tenant
from tests.servers import TestServer

ALL_WEEK = dict.fromkeys(DAYS, ("00:00-24:00",))
TENANT = TenantSettings(channels={"voice": ChannelSettings(cost=2), "chat": ChannelSettings()})


def agent(*queues: str, slots: Plain | None = None, capacity: int = 4, **skills: int) -> Plain:
    return plain_of(
        AgentDefinition(
            memberships={queue: Membership() for queue in queues},
            skills=skills,
            slots=slots or {"voice": 1},
            capacity=capacity,
        )
    )


WHOLE = Whole(
    version=7,
    hash="",
    objects={
        ("tenant", ""): plain_of(TENANT),
        ("queue", "general"): plain_of(QueueSettings()),
        ("queue", "sales"): plain_of(QueueSettings(escalate_to="general")),
        ("agent", "ann"): agent("sales", english=60),
        ("agent", "bob"): agent("sales", "general", english=20),
    },
)
LIVE = Live(
    agents={
        "ann": Standing("ready", 1, {"c9": {"k": "assigned", "ch": "voice", "u": 2}}),
        "bob": Standing(),
    },
    waiting=[
        Waiter("c1", Line("sales", "voice", "english=50")),
        Waiter("c2", Line("sales", "voice", "english=50")),
        Waiter("c3", Line("sales", "voice")),
    ],
    served={"sales": 1},
)
WANTED: dict[Target, Plain | None] = {
    ("tenant", ""): plain_of(msgspec.structs.replace(TENANT, grace_ms=5_000)),
    ("queue", "sales"): plain_of(QueueSettings(escalate_to="general", target_ms=5_000)),
    ("queue", "night"): plain_of(QueueSettings(name="Night")),
    ("agent", "ann"): agent("sales", slots={"chat": 1}, capacity=1, english=60),
    ("agent", "bob"): None,
    ("queue", "general"): None,
}
GOLDEN = """\
~ tenant
    grace_ms: 60000 -> 5000
~ queue sales
    target_ms: 20000 -> 5000
+ queue night
    name: "" -> "Night"
~ agent ann
    slots.chat: none -> 1
    capacity: 4 -> 1
    slots.voice: 1 -> none
- agent bob
- queue general
"""


def test_a_plan_reads_as_agreed() -> None:
    lines = list(told(plan(WHOLE, WANTED, LIVE)))

    start = lines.index("agents who could be offered other contacts:")
    assert "\n".join(lines[:start]) + "\n" == GOLDEN
    assert lines[start:] == [
        "agents who could be offered other contacts:",
        "  ann gains sales chat; loses sales voice, sales voice english=50",
        "  bob loses general voice, sales voice",
        "agents who can serve:",
        "  general voice: 1 -> 0",
        "  sales chat: 0 -> 1",
        "  sales voice: 2 -> 0",
        "contacts that wait:",
        "  sales voice: 1 waits, agents 2 -> 0",
        "  sales voice english=50: 2 wait, agents 1 -> 0",
        "  sales: 3 keep their due time",
        "  no agent at all for 3 (3 of them now have one): c1, c2, c3",
        "agents above what they then may hold:",
        "  ann holds 1 of voice, limit 0",
        "  ann holds 2 of capacity, limit 1",
        "problems:",
        "  error: queue general: is the default queue",
        "  warning: queue sales: escalate_to names general, which does not exist",
        "  warning: queue sales: nobody could serve its voice contacts any more",
        "6 changes, 1 error, 2 warnings on top of version 7",
    ]


def test_a_plan_is_the_same_in_json() -> None:
    found = json.loads(msgspec.json.encode(plan(WHOLE, WANTED, LIVE)))

    assert found["base"] == 7
    assert found["changes"][0] == {
        "kind": "tenant",
        "id": "",
        "what": "changed",
        "fields": [{"field": "grace_ms", "old": 60_000, "new": 5_000}],
    }
    assert found["unreachable"] == {"count": 3, "new": 3, "contacts": ["c1", "c2", "c3"]}
    assert found["staffing"][-1] == {"queue": "sales", "channel": "voice", "before": 2, "after": 0}
    assert msgspec.convert(found, Plan) == plan(WHOLE, WANTED, LIVE)


def test_a_name_that_is_nearly_right_is_told_what_is_near() -> None:
    found = plan(WHOLE, {("agent", "cy"): agent("sales", "genral")}, LIVE)

    (problem,) = found.problems
    assert problem.text == (
        "memberships.genral: no queue of this name; the nearest known one is general"
    )


def test_nothing_to_do_is_said() -> None:
    found = plan(WHOLE, {("agent", "ann"): WHOLE.objects["agent", "ann"]}, LIVE)

    assert list(told(found)) == ["nothing to do: version 7 is like that"]


def test_a_plan_says_which_queues_have_other_hours() -> None:
    always = plain_of(CalendarSettings(time_zone="UTC", weekly=Week(**ALL_WEEK)))
    never = plain_of(CalendarSettings(time_zone="UTC"))
    objects = WHOLE.objects | {
        ("calendar", "day"): always,
        ("calendar", "old"): never,
        ("queue", "general"): plain_of(QueueSettings(calendar="day")),
        ("queue", "sales"): plain_of(QueueSettings(calendar="old", closed="hold")),
    }
    wanted: dict[Target, Plain | None] = {
        ("calendar", "day"): never,
        ("calendar", "old"): None,
        ("queue", "sales"): plain_of(QueueSettings(calendar="nights", closed="hold")),
    }
    live = Live(later={"sales": 2}, wall=1_795_000_000_000)
    whole = Whole(version=7, hash="", objects=objects)

    lines = list(told(plan(whole, wanted, live)))

    assert lines == [
        "~ calendar day",
        *(f'    weekly.{day}: ["00:00-24:00"] -> []' for day in DAYS),
        "- calendar old",
        "~ queue sales",
        '    calendar: "old" -> "nights"',
        "queues that have other hours:",
        "  general (calendar day): now open -> closed",
        "  sales (calendar nights): now closed -> open",
        "problems:",
        "  warning: queue sales: calendar names nights, which does not exist: it is always open",
        "3 changes, 1 warning on top of version 7",
    ]
    (problem, *_) = plan(
        whole, {("calendar", "day"): None, ("queue", "sales"): None}, live
    ).problems
    assert problem.text == "is used by queue general"
    (problem,) = plan(whole, {("queue", "sales"): None}, live).problems[:1]
    assert problem.text == "has 0 waiting contacts, 0 with agents and 2 for later"


def test_queues_that_divert_to_each_other_are_warned_of_by_several_calendars() -> None:
    def diverts(calendar: str, to: str) -> Plain:
        return plain_of(QueueSettings(calendar=calendar, closed="divert", closed_to=to))

    never = plain_of(CalendarSettings(time_zone="UTC"))
    wanted: dict[Target, Plain | None] = {
        ("calendar", "x"): never,
        ("calendar", "y"): never,
        ("queue", "a"): diverts("x", "b"),
        ("queue", "b"): diverts("y", "a"),
    }
    live = Live(wall=1_795_000_000_000)

    (warning,) = plan(WHOLE, wanted, live).problems
    (error,) = plan(WHOLE, wanted | {("queue", "b"): diverts("x", "a")}, live).problems

    assert (warning.level, warning.id) == ("warning", "a")
    assert warning.text.startswith("all of a > b > a are closed at 2026-11-1")
    assert (error.level, error.text) == ("error", "contacts would go in a circle: a > b > a")


QUEUES, AGENTS = ("general", "q1", "q2"), ("a1", "a2", "a3", "a4")
CALENDARS = ("day", "night")
ASKS: tuple[Plain, ...] = ({}, {}, {"en": 5}, {"en": 5, "pt": 1})


class World:
    """A tenant of the real engine with random settings, whose contacts nobody takes yet."""

    def __init__(self, random: Random, tenant: Tenant) -> None:
        self.random = random
        self.tenant = tenant
        self.version = 0
        self.now = 1_000
        self.objects: dict[Target, Plain] = {}
        self.waiting: list[Waiter] = []
        self.call("put_tenant", settings=self.settings("tenant", ""), simulated=True)
        self.objects["tenant", ""] = plain_of(TENANT)
        self.objects["queue", "general"] = plain_of(QueueSettings())
        first: list[Target] = [("queue", queue) for queue in QUEUES]
        first += [("agent", name) for name in AGENTS]
        assert self.apply({target: self.settings(*target) for target in first})
        for n in range(12):
            self.admit(f"c{n}")

    def call(self, transition: str, **args: object) -> Plain:
        self.now += 1
        return self.tenant.call(transition, now=self.now, **args)

    def settings(self, kind: str, name: str) -> Plain:
        pick = self.random.choice
        if kind == "tenant":
            cost = pick((1, 2, 3)) if self.version else 2
            channels = {"voice": ChannelSettings(cost=cost), "chat": ChannelSettings()}
            return plain_of(msgspec.structs.replace(TENANT, channels=channels))
        if kind == "queue":
            later = [q for q in QUEUES if q > name]
            own = QueueSettings(
                escalate_to=pick(["", *later]),
                ring_ms=60_000,
                calendar=pick(("", *CALENDARS)),
                closed=pick(("refuse", "divert" if self.version > 1 else "refuse")),
                closed_to=pick(QUEUES),
            )
            return plain_of(own)
        if kind == "calendar":
            return plain_of(CalendarSettings(time_zone="UTC", weekly=Week(**ALL_WEEK)))
        return agent(
            *(queue for queue in QUEUES if self.random.random() < 0.5),
            slots={"voice": pick((0, 1)), "chat": pick((0, 1, 2))},
            capacity=pick((1, 2, 4)),
            **{skill: pick((1, 5, 9)) for skill in ("en", "pt") if self.random.random() < 0.6},
        )

    def admit(self, contact: str) -> None:
        queue, channel = self.random.choice(QUEUES), self.random.choice(("voice", "chat"))
        asked = self.random.choice(ASKS)
        card = dict.fromkeys(("address", "subject", "origin", "customer", "attributes"), "")
        ask = {"contact": contact, "queue": queue, "channel": channel, "requirements": asked}
        reply = self.call("admit", **ask, **card, priority=0, tier=0, fp="f")
        assert reply["outcome"] == "ok"
        text = ",".join(f"{skill}={level}" for skill, level in sorted(asked.items()))
        self.waiting.append(Waiter(contact, Line(queue, channel, text)))

    def apply(self, wanted: dict[Target, Plain | None]) -> bool:
        changes = differences(self.objects, wanted)
        reply = self.call(
            "put_config", changes=[change.call(self.now) for change in changes], note=""
        )
        if reply["outcome"] == "ok":
            self.objects, self.version = after(self.objects, changes), reply["version"]
        return bool(reply["outcome"] == "ok")

    def foretell(self, wanted: dict[Target, Plain | None]) -> Plan:
        whole = Whole(version=self.version, hash="", objects=self.objects)
        return plan(whole, wanted, Live(waiting=self.waiting))

    def some_changes(self) -> dict[Target, Plain | None]:
        targets: list[Target] = [("agent", name) for name in AGENTS]
        targets += [("queue", name) for name in QUEUES]
        targets += [("calendar", name) for name in CALENDARS]
        wanted: dict[Target, Plain | None] = {}
        for kind, name in self.random.sample(targets, 4):
            gone = self.random.random() < 0.25
            wanted[kind, name] = None if gone else self.settings(kind, name)
        if self.random.random() < 0.3:
            wanted["tenant", ""] = self.settings("tenant", "")
        return wanted

    def ready(self, line: Line) -> set[str]:
        key = f"{self.tenant.prefix}r:{line.queue}|{line.channel}|{line.asks}"
        return {name.decode() for name in self.tenant.client.zrange(key, 0, -1)}

    def everybody_works(self) -> set[str]:
        """All agents take all they can get; answers the contacts that nobody ever takes."""
        for name in sorted(name for kind, name in self.objects if kind == "agent"):
            self.call("open_session", agent=name, session="s", lease_ms=600_000)
            self.call("set_state", agent=name, presence="ready", reason="", when="now")
        left = {waiter.id for waiter in self.waiting}
        for _ in range(len(left)):
            for contact in sorted(left):
                found = self.tenant.call("view_contact", contact=contact)["contact"]
                for offer in found.get("ringing") or []:
                    self.call("accept", contact=contact, offer=offer["n"], agent=offer["agent"])
                    self.call("close", contact=contact, wrap_up=False)
                    left.discard(contact)
        return left


@pytest.mark.parametrize("seed", range(25))
def test_what_a_plan_foretells_is_what_happens(
    seed: int, server: TestServer, new_tenant: Callable[[], str]
) -> None:
    library = assemble()
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.function_load(library.code, replace=True)
        world = World(Random(seed), Tenant(client, library, new_tenant()))
        for _ in range(4):
            wanted = world.some_changes()
            foretold = world.foretell(wanted)
            had = Roster(world.objects)

            assert world.apply(wanted) != foretold.has_errors, told_in_full(foretold)

            if not foretold.has_errors:
                check_staffing(foretold, had, Roster(world.objects))
        stuck = world.foretell({}).unreachable.contacts

        assert world.everybody_works() == {*stuck}
        for queue in (name for kind, name in world.objects if kind == "queue"):
            for channel in ("voice", "chat"):
                line = Line(queue, channel)
                assert world.ready(line) == set(Roster(world.objects).able(line))


def check_staffing(foretold: Plan, had: Roster, has: Roster) -> None:
    lost = {(e.agent, line) for e in foretold.eligibility for line in e.lost}
    gained = {(e.agent, line) for e in foretold.eligibility for line in e.gained}
    for queue in QUEUES:
        for channel in ("voice", "chat"):
            line = Line(queue, channel)
            before, then = set(had.able(line)), set(has.able(line))
            assert {name for name, where in lost if where == line.name} == before - then
            assert {name for name, where in gained if where == line.name} == then - before


def told_in_full(foretold: Plan) -> str:
    return "\n".join(told(foretold))


def test_settings_of_the_store_get_their_kinds_back() -> None:
    stored: Any = {"memberships": [], "skills": [], "slots": {"voice": 1}}
    assert tidy("agent", stored)["memberships"] == {}
    tenant = plain_of(TenantSettings())
    emptied = tenant | {"intake": [], "subjects": []}
    assert tidy("tenant", emptied) == tenant
