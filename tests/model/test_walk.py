"""Random walks of the model beside the engine: they agree, and the walks go everywhere."""

import os
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import redis

from presence.calls import OpenSession, PutAgent, SetState
from queues.calls import Admit
from router.calls import PutTenant, Tick
from router.engine.library import Library, header_of, lua_files
from tests.model.chance import START
from tests.model.model import Model
from tests.model.pair import Command, Step, new_pair
from tests.model.scenes import Stage
from tests.model.settings_traffic import STRATEGIES
from tests.model.stories import STORIES
from tests.model.walk import Rambler, opening, replay, shrunk, walk

SEEDS = range(1, 7)
SEED_MAX = 16
MORE = (101, 102, 103, 104)
STEPS = 1_500
LONG_STEPS = int(os.environ.get("ACD_MODEL_STEPS", "0"))
RETURNS = (
    "declined",
    "expired",
    "unreachable",
    "revoked",
    "released",
    "pulled",
    "logged_off",
    "transferred",
    "orphaned",
    "direct_over",
    "escalated",
    "step",
    "wait",
    "nobody_logged_in",
    "nobody_ready",
    "opened",
    "scheduled",
)
KINDS = ("queue", "direct", "transfer", "consult")
PARTINGS = ("left", "dismissed", "over", "gone", "logged_off", "completed")
WRAP_UPS = ("on_request", "optional", "forced", "forced_limit")
GATES = ("full", "nobody_logged_in", "nobody_ready")
EVERYWHERE = ("no_tenant", "bad_clock", "key_reused")


def must_reach() -> set[str]:
    """Every outcome and event that the transitions' headers name, and all that has kinds."""
    headers = [header for header in map(header_of, lua_files()) if header and header.outcomes]
    must = {f"{header.name}>{outcome}" for header in headers for outcome in header.outcomes}
    must |= {event for header in headers for event in header.events}
    must.remove("timer.failed")  # tests/engine/test_timers.py damages a record for it
    # tests/doctor damages things for these
    must -= {"repair>ok", "repair>unrepairable", "repair.made", "contact.lost"}
    must |= {f"offer.made kind={kind}" for kind in KINDS}
    for end in ("accepted", "declined", "expired", "revoked"):
        must |= {f"offer.{end} kind={kind}" for kind in KINDS}
    must |= {f"contact.consult_ended reason={reason}" for reason in PARTINGS}
    must |= {f"offer.made strategy={strategy}" for strategy in STRATEGIES}
    must |= {f"contact.queued reason={reason}" for reason in RETURNS}
    must |= {
        "offer.made sticky=True",
        "contact.admitted resumed=True",
        "put_agent: contact.unreachable",
        "put_agent: contact.queued",
    }
    must |= {"offer.made side=broadcast", "offer.revoked reason=taken", "offer.accepted auto=True"}
    must |= {"accept>gone taken_by", "decline>gone taken_by"}
    must |= {f"contact.admitted state={state}" for state in ("queued", "held", "scheduled")}
    must |= {f"contact.scheduled reason={why}" for why in ("call_back", "not_reached", "updated")}
    must |= {f"{told} reason=transferred" for told in ("contact.held", "contact.scheduled")}
    must |= {"contact.held reason=scheduled", "offer.revoked reason=transferred"}
    must |= {f"contact.closed reason={why}" for why in ("held_too_long", "not_reached")}
    must |= {f"admit: contact.{told}" for told in ("activity", "reopened", "linked")}
    must |= {f"contact.closed state_before={state}" for state in ("held", "scheduled")}
    causes = ("declared", "login", "no_answer", "declines", "unreachable", "returned", "pending")
    must |= {"agent.state cause=grace_over", "agent.state cause=logged_off"}
    must |= {f"contact.monitored mode={mode}" for mode in ("listen", "coach", "barge", "stop")}
    must |= {f"agent.state cause={cause}" for cause in causes}
    must |= {f"contact.wrap_up mode={m}" for m in WRAP_UPS}
    must |= {f"contact.diverted reason={reason}" for reason in GATES}
    must |= {f"why>{reason}" for reason in GATES}
    must |= {"contact.diverted reason=estimated_wait", "why>estimated_wait"}
    must |= {f"contact.step source={source}" for source in ("contact", "queue")}
    results = ("handled", "abandoned", "cancelled", "expired", "overflowed")
    must |= {f"contact.closed result={result}" for result in results}
    must |= {f"contact.closed reason={reason}" for reason in ("hand_back", *GATES[1:])}
    obstacles = (
        *("unknown", "twice", "default_queue", "in_use", "referred", "not_offline", "awaited"),
        "loop",
    )
    must |= {f"obstacle>{why}" for why in obstacles}
    must |= {"offer.revoked reason=interrupted", "offer.revoked reason=waiting_customer"}
    must |= {"contact.queued reason=customer_replied", "contact.assigned how=customer_replied"}
    must |= {"contact.closed reason=no_answer", "contact.waiting_customer reason=owner_gone"}
    must |= {f"contact.assigned how={how}" for how in ("reply", "reopen")}
    must |= {f"contact.reopened by={by}" for by in ("customer", "agent", "supervisor")}
    must |= {f"contact.activity author={author}" for author in ("customer", "agent", "system")}
    must |= {f"offer.revoked reason={why}" for why in ("interrupted", "claimed", "taken_over")}
    must |= {f"contact.assigned how={how}" for how in ("offer", "claim", "take_over", "hand")}
    verdicts = ("offline", "not_connected", "not_ready", "no_channel", "no_slot", "exclusive")
    return must | {f"verdict>{verdict}" for verdict in (*verdicts, "no_capacity", "owner")}


@pytest.mark.timeout(300)
def test_walks_agree_and_reach_with_the_scenes_every_outcome_and_event(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    reached: Counter[str] = Counter()
    client.function_load(library.code, replace=True)
    for scene in STORIES:
        with Stage(client, library, new_tenant()) as stage:
            scene.tell(stage)
            reached += stage.pair.reached
    for seed in SEEDS:
        reached += walk(seed, STEPS, client, library=library, tenant=new_tenant)
    seed = max(SEEDS)
    while must_reach() - set(reached) and seed < SEED_MAX:  # for what is rare, write a scene
        seed += 1
        reached += walk(seed, STEPS, client, library=library, tenant=new_tenant)

    assert sorted(must_reach() - set(reached)) == []
    outcomes = {name.partition(">")[2].removesuffix("+repeated") for name in reached}
    assert set(EVERYWHERE) <= outcomes


@pytest.mark.parametrize("seed", MORE)
@pytest.mark.timeout(120)
def test_more_walks_agree(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str], seed: int
) -> None:
    """On every server; how far walks get is asked on one."""
    client.function_load(library.code, replace=True)

    walk(seed, STEPS, client, library=library, tenant=new_tenant)


@pytest.mark.skipif(not LONG_STEPS, reason="ACD_MODEL_STEPS asks for a long walk")
@pytest.mark.timeout(0)
def test_a_long_walk_agrees(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    seed = Random().randrange(10**9)

    walk(seed, LONG_STEPS, client, library=library, tenant=new_tenant)


def test_more_timers_than_one_call_takes_are_left_for_the_next(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    pair = new_pair(client, new_tenant(), library)
    pair.run(Step(PutTenant(settings={}, simulated=True), START))
    member: dict[str, dict[str, object]] = {"general": {"role": "agent"}}
    for agent in ("a1", "a2"):
        pair.run(Step(PutAgent(agent=agent, memberships=member, slots={"chat": 3}), START))
    for number in range(150):
        call = Admit(
            contact=f"k{number}", channel="chat", agents=["a1"], agent_wait_ms=1_000, fp="f"
        )
        pair.run(Step(call, START + number))
    pair.run(Step(OpenSession(agent="a2", session="s1", lease_ms=60_000), START + 200))
    pair.run(Step(SetState(agent="a2", presence="ready"), START + 201))

    more = [pair.run(Step(Tick(), START + 2_000)).values["more"] for _ in range(3)]

    assert more == [True, True, False]


def test_tenants_share_a_server_and_nothing_else(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    randoms = [Random(seed) for seed in (21, 22)]
    pairs = [new_pair(client, new_tenant(), library) for _ in randoms]
    ramblers = [Rambler(random, pair) for random, pair in zip(randoms, pairs, strict=True)]
    for rambler in ramblers:
        for command in opening(rambler.random, rambler.pair.model):
            rambler.pair.run(command)

    for number in range(300):
        ramblers[number % 2].step()
        if number % 100 == 99:
            reload: Any = client
            reload.function_load(library.code, replace=True)


def test_a_difference_is_shrunk_to_the_commands_that_show_it(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    right = "local changed = a.presence ~= 'ready' or a.pending\n"
    assert right in library.code
    code = library.code.replace(right, right + "  reason = 'planted'\n")
    planted = Library("planted0", code.replace(library.version, "planted0"))
    commands: list[Command] = opening(Random(8), Model())

    found = replay(commands, client, planted, new_tenant())
    assert found is not None
    least, divergence = shrunk(commands, found, client, planted, new_tenant)

    names = [type(step.call).__name__ for step in least if isinstance(step, Step)]
    assert names[:1] + names[-3:] == ["PutTenant", "PutAgent", "OpenSession", "SetState"]
    assert "planted" in str(divergence)
    assert replay(least, client, library, new_tenant()) is None
