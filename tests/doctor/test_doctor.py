"""The doctor finds what the promises forbid, and nothing else, in states that walks lead to."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import redis

from router.doctor.doctor import Doctor
from router.engine.engine import Engine
from router.engine.library import Library
from tests.broken import Broken
from tests.doctor.corruption import corrupt
from tests.invariants import check
from tests.model.pair import Pair, new_pair
from tests.model.walk import Rambler, opening
from tests.state import read_state

STEPS = 120
FAULTS = 25


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


def restored(client: Any, prefix: str, kept: dict[bytes, tuple[bytes, int]]) -> None:
    client.delete(*client.scan_iter(f"{prefix}*"))
    for key, (blob, ttl) in kept.items():
        client.restore(key, ttl, blob)


def is_broken(client: Any, tenant: str) -> str:
    try:
        check(read_state(client, tenant))
    except Broken as broken:
        return str(broken)
    return ""


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
        restored(client, prefix, kept)
        what = corrupt(random, client, prefix)
        report = await Doctor(engine, tenant).report()
        broken = is_broken(client, tenant)
        found += bool(broken)
        if bool(report.findings) != bool(broken):
            missed.append((what, broken, report.findings))
    assert missed == []
    assert found > FAULTS // 3
