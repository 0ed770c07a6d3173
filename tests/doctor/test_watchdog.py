"""A router looks for what is stuck by itself, and tells how much it found."""

from collections.abc import Callable

import redis
from prometheus_client.registry import CollectorRegistry

from queues.calls import Admit, PutQueue
from router.calls import PutTenant
from router.doctor.doctor import Doctor, repair
from router.doctor.report import target_of
from router.engine.engine import Engine
from router.watchdog import Watchdog

HOUR_MS = 3_600_000


class Board:
    """What Prometheus would read."""

    def __init__(self, watchdog: Watchdog) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(watchdog)

    def findings(self, tenant: str, kind: str) -> float | None:
        labels = {"tenant": tenant, "kind": kind}
        return self.registry.get_sample_value("acd_doctor_findings", labels)


def watchdog(engine: Engine, every_ms: int = HOUR_MS) -> Watchdog:
    seconds = iter(range(1_000_000))
    return Watchdog(
        engine, every_ms=every_ms, clock=lambda: float(next(seconds)), chance=lambda: 0.5
    )


async def furnish(engine: Engine, tenant: str) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    await engine.call(tenant, PutQueue(queue="q", settings={}))
    await engine.call(tenant, Admit(contact="c1", queue="q", channel="chat", fp="f"))


async def test_what_is_stuck_is_told_until_it_is_repaired(
    engine: Engine, client: "redis.Redis", new_tenant: Callable[[], str]
) -> None:
    broken, healthy = new_tenant(), new_tenant()
    for tenant in (broken, healthy):
        await furnish(engine, tenant)
    dog = watchdog(engine)
    board = Board(dog)
    assert board.findings(broken, "contact") is None
    assert client.zrem(f"{{{broken}}}:wq:q", "c1") == 1

    await dog.look()
    assert (board.findings(broken, "contact"), board.findings(healthy, "contact")) == (1, 0)
    assert board.findings(broken, "agent") == 0
    took = board.registry.get_sample_value("acd_doctor_look_seconds", {"tenant": broken})
    assert took == 1

    report = await Doctor(engine, broken).report()
    await repair(engine, broken, [target_of(found.id) for found in report.findings])
    await dog.look()
    assert board.findings(broken, "contact") == 0


async def test_a_tenant_that_can_not_be_read_is_passed_over(
    engine: Engine, client: "redis.Redis", new_tenant: Callable[[], str]
) -> None:
    gone, there = sorted((new_tenant(), new_tenant()))
    for tenant in (gone, there):
        await furnish(engine, tenant)
    client.delete(f"{{{gone}}}:meta")
    dog = watchdog(engine)

    await dog.look()

    assert (Board(dog).findings(gone, "contact"), Board(dog).findings(there, "contact")) == (
        None,
        0,
    )


async def test_it_may_be_told_never_to_look(engine: Engine) -> None:
    dog = watchdog(engine, every_ms=0)

    dog.start()
    await dog.close()

    assert list(Board(dog).registry.collect())
