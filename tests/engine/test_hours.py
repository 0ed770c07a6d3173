"""Hours are on the wall, timers in the tenant's time: neither may mislead the other."""

from collections.abc import Callable
from typing import Any

import redis

from queues.calls import Admit, PutQueue
from router.calls import CallBack, PutCalendar, PutTenant, Tick
from router.engine.engine import Call, Engine
from router.engine.reply import Outcome, Reply
from router.queries import ListCalendars, ViewContact
from tests.servers import TestServer

MINUTE = 60_000


async def ok(engine: Engine, tenant: str, call: Call, now: int | None = None) -> Reply:
    reply = await engine.call(tenant, call, now=now)
    assert reply.outcome is Outcome.OK, reply
    return reply


async def wall(engine: Engine, tenant: str) -> int:
    found: int = (await engine.read(tenant, ListCalendars()))["wall"]
    return found


async def record(engine: Engine, tenant: str, contact: str) -> dict[str, Any]:
    found: dict[str, Any] = (await engine.read(tenant, ViewContact(contact=contact)))["contact"]
    return found


def hurry(server: TestServer, tenant: str, by_ms: int) -> None:
    """The tenant's clock goes ahead of the wall, as after the machine's clock was put back."""
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.hincrby(f"{{{tenant}}}:meta", "virt", by_ms)


async def test_a_timer_that_comes_before_the_instant_on_the_wall_is_set_again(
    engine: Engine, server: TestServer, new_tenant: Callable[[], str]
) -> None:
    tenant = new_tenant()
    await ok(engine, tenant, PutTenant(settings={}))
    at = await wall(engine, tenant) + 10 * MINUTE
    await ok(engine, tenant, Admit(contact="c", channel="chat", not_before=at, fp="f"))

    hurry(server, tenant, 11 * MINUTE)
    early = await ok(engine, tenant, Tick())
    still = await record(engine, tenant, "c")

    assert (still["state"], still["not_before"]) == ("scheduled", at)
    assert early.next is not None
    assert early.now is not None
    assert early.next - early.now > 9 * MINUTE


async def test_held_contacts_come_in_when_a_calendar_or_a_queue_lets_them(
    engine: Engine, new_tenant: Callable[[], str]
) -> None:
    tenant = new_tenant()
    await ok(engine, tenant, PutTenant(settings={}))
    now = await wall(engine, tenant)
    shut = PutCalendar(calendar="office", settings={}, edges=[], until=now + 10**9)
    await ok(engine, tenant, shut)
    for queue in ("q1", "q2"):
        rules: dict[str, object] = {"calendar": "office", "closed": "hold"}
        await ok(engine, tenant, PutQueue(queue=queue, settings=rules))
        await ok(engine, tenant, Admit(contact=f"of-{queue}", queue=queue, channel="chat", fp="f"))

    held = [(await record(engine, tenant, f"of-{queue}"))["state"] for queue in ("q1", "q2")]
    await ok(engine, tenant, PutQueue(queue="q1", settings={}))
    await ok(engine, tenant, Tick())
    by_queue = [(await record(engine, tenant, f"of-{queue}"))["state"] for queue in ("q1", "q2")]
    await ok(
        engine, tenant, PutCalendar(calendar="office", settings={}, edges=[now], until=now * 2)
    )
    await ok(engine, tenant, Tick())
    by_calendar = (await record(engine, tenant, "of-q2"))["state"]

    assert held == ["held", "held"]
    assert by_queue == ["queued", "held"]
    assert by_calendar == "queued"


async def test_many_held_contacts_come_in_by_their_places_some_in_each_call(
    engine: Engine, new_tenant: Callable[[], str]
) -> None:
    tenant = new_tenant()
    await ok(engine, tenant, PutTenant(settings={}, simulated=True), now=1_000)
    shut = PutCalendar(calendar="office", settings={}, edges=[500_000], until=10**9)
    await ok(engine, tenant, shut, now=1_000)
    rules: dict[str, object] = {"calendar": "office", "closed": "hold"}
    await ok(engine, tenant, PutQueue(queue="q", settings=rules), now=1_000)
    ids = [f"c{number:03}" for number in range(150)]
    for place, contact in enumerate(reversed(ids)):
        call = Admit(contact=contact, queue="q", channel="chat", fp="f")
        await ok(engine, tenant, call, now=2_000 + place)

    came: list[list[str]] = []
    is_more = True
    while is_more:
        reply = await engine.call(tenant, Tick(), now=500_000, echo=True)
        came.append([event["contact"] for event in reply.events if event["e"] == "contact.queued"])
        is_more = reply.more

    assert [len(found) for found in came] == [64, 64, 22]
    assert [contact for found in came for contact in found] == ids[::-1]


async def test_a_call_back_of_a_scheduled_contact_may_bring_it_forward(
    engine: Engine, new_tenant: Callable[[], str]
) -> None:
    tenant = new_tenant()
    await ok(engine, tenant, PutTenant(settings={}))
    now = await wall(engine, tenant)
    call = Admit(contact="c", channel="chat", not_before=now + 50 * MINUTE, callback=True, fp="f")
    await ok(engine, tenant, call)

    await ok(engine, tenant, CallBack(contact="c", not_before=now))
    await ok(engine, tenant, Tick())
    found = await record(engine, tenant, "c")

    assert (found["state"], found["callback"]["attempts"]) == ("queued", 0)
