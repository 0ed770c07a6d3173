"""The doctor finds what the promises forbid, and nothing else, in states that walks lead to."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import msgspec
import pytest
import redis

from router.calls import Repair
from router.doctor.doctor import Doctor, repair
from router.doctor.promises import STRANGE
from router.doctor.report import target_of
from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.engine.library import Library
from router.engine.reply import Outcome
from tests.broken import Broken
from tests.doctor.corruption import corrupt
from tests.fold import Fold
from tests.invariants import check
from tests.model.pair import Pair, new_pair
from tests.model.walk import Rambler, opening
from tests.state import read_state

STEPS = 120
FAULTS = 25
ROUNDS = 6
REPAIRED = (Outcome.OK, Outcome.HEALTHY, Outcome.UNREPAIRABLE)


def wandered(seed: int, client: "redis.Redis", library: Library, tenant: str) -> Pair:
    """A tenant in the middle of its day."""
    pair, random = new_pair(client, tenant, library), Random(seed)
    for command in opening(random, pair.model):
        pair.run(command)
    rambler = Rambler(random, pair)
    for _ in range(STEPS):
        rambler.step()
    return pair


def dumped(client: Any, prefix: str) -> dict[bytes, tuple[bytes, int]]:
    return {
        key: (client.dump(key), max(client.pttl(key), 0)) for key in client.scan_iter(f"{prefix}*")
    }


def restored(
    client: Any, prefix: str, kept: dict[bytes, tuple[bytes, int]], library: Library
) -> None:
    """As it was; the server keeps nothing of what it read meanwhile."""
    client.function_load(library.code, replace=True)
    client.delete(*client.scan_iter(f"{prefix}*"))
    for key, (blob, ttl) in kept.items():
        client.restore(key, ttl, blob)


def is_broken(client: Any, tenant: str) -> str:
    try:
        check(read_state(client, tenant))
    except Broken as broken:
        return str(broken)
    return ""


def is_left_broken(client: Any, tenant: str, history: Fold | None) -> str:
    """What is wrong after repairs, by the journal, too; what is in no known state is left."""
    state = read_state(client, tenant)
    if state.pop("strange"):
        return ""
    state["strange"] = {}
    try:
        check(state, history=history)
    except Broken as broken:
        return str(broken)
    return ""


def told_since(pair: Pair) -> Fold:
    """The fold of the whole journal, of which the pair has heard the first part."""
    history = deepcopy(pair.history)
    prefix, client = pair.direct.prefix, pair.direct.client
    for _, entry in client.xrange(f"{prefix}journal", pair.direct.position):
        for event in msgspec.msgpack.decode(entry[b"e"])["ev"]:
            history.apply(event)
    return history


async def repaired(engine: Engine, tenant: str) -> list[str]:
    """Repairs until nothing is found; answers what was wrong, and what is still."""
    report = await Doctor(engine, tenant).report()
    for _ in range(ROUNDS):
        targets = [target_of(finding.id) for finding in report.findings]
        for target, reply in await repair(engine, tenant, targets):
            assert reply.outcome in REPAIRED, (target, reply)
        report = await Doctor(engine, tenant).report()
        if not report.findings:
            break
    return [finding.text for finding in report.findings if finding.check != STRANGE]


@pytest.mark.parametrize("seed", range(3))
async def test_what_a_repair_believes_is_told(
    seed: int,
    client: "redis.Redis",
    library: Library,
    engine: Engine,
    new_tenant: Callable[[], str],
) -> None:
    tenant = new_tenant()
    pair = wandered(seed, client, library, tenant)
    believed: dict[str, Any] = {"note": "another", "participants": ["zoe"], "episode": 9}
    kinds = {"c": ("contact", believed), "a": ("agent", {"reason": "another"})}
    for prefix, (kind, change) in kinds.items():
        state = read_state(client, tenant)
        for name in sorted(state[f"{kind}s"]):
            key = f"{pair.direct.prefix}{prefix}:{name}"
            record = msgspec.msgpack.decode(client.get(key))  # type: ignore[arg-type]
            client.set(key, msgspec.msgpack.encode(record | change | {"id": "x"}), keepttl=True)
            reply = await engine.call(tenant, Repair(kind=kind, id=name))
            assert reply.outcome is Outcome.OK

    check(read_state(client, tenant), history=told_since(pair))


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_corrupted_is_repaired(
    seed: int,
    client: "redis.Redis",
    library: Library,
    engine: Engine,
    new_tenant: Callable[[], str],
) -> None:
    tenant = new_tenant()
    pair = wandered(seed, client, library, tenant)
    prefix, random = pair.direct.prefix, Random(seed)
    kept = dumped(client, prefix)
    left = []
    for _ in range(FAULTS):
        restored(client, prefix, kept, library)
        what = corrupt(random, client, prefix)
        try:
            wrong = await repaired(engine, tenant)
        except StoreError as error:
            wrong = [str(error)]
        history = told_since(pair)
        broken = is_left_broken(client, tenant, history if history.is_repaired else None)
        if wrong or broken:
            left.append((what, wrong, broken))
    assert not left, "\n".join(map(str, left))


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_corrupted_is_found_and_nothing_else(
    seed: int,
    client: "redis.Redis",
    library: Library,
    engine: Engine,
    new_tenant: Callable[[], str],
) -> None:
    tenant = new_tenant()
    pair = wandered(seed, client, library, tenant)
    prefix, random = pair.direct.prefix, Random(seed)
    assert (await Doctor(engine, tenant).report()).findings == []
    kept = dumped(client, prefix)
    missed, found = [], 0
    for _ in range(FAULTS):
        restored(client, prefix, kept, library)
        what = corrupt(random, client, prefix)
        report = await Doctor(engine, tenant).report()
        broken = is_broken(client, tenant)
        found += bool(broken)
        if bool(report.findings) != bool(broken):
            missed.append((what, broken, report.findings))
    assert not missed, "\n".join(map(str, missed))
    assert found > FAULTS // 3
