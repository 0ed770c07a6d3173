"""A timer whose subject is gone or damaged is dropped and told; it robs nobody of his own."""

import pytest
import redis

from presence.calls import OpenSession, PutAgent, SetState
from queues.calls import Admit, PutQueue
from router.calls import PutTenant, Tick
from router.engine.engine import Engine
from router.engine.reply import Outcome, Reply
from router.queries import ViewContact
from tests.servers import TestServer

START = 1_000
DEADLINE = START + 20_000


class World:
    """A simulated tenant where two agents are offered a contact each."""

    def __init__(self, engine: Engine, tenant: str, server: TestServer) -> None:
        self.engine = engine
        self.tenant = tenant
        self.client = redis.Redis(unix_socket_path=server.server.socket)

    async def open(self) -> None:
        tenant, call = self.tenant, self.engine.call
        await call(tenant, PutTenant(settings={}, simulated=True), now=START)
        await call(tenant, PutQueue(queue="q", settings={}), now=START)
        for agent in ("a", "b"):
            memberships: dict[str, dict[str, object]] = {"q": {}}
            put = PutAgent(agent=agent, memberships=memberships, slots={"voice": 1})
            await call(tenant, put, now=START)
            await call(tenant, OpenSession(agent=agent, session="s", lease_ms=90_000), now=START)
            await call(tenant, SetState(agent=agent, presence="ready"), now=START)
        for contact in ("c1", "c2"):
            admit = Admit(contact=contact, queue="q", channel="voice", fp="f")
            assert (await call(tenant, admit, now=START)).state == "offered"

    async def tick(self, now: int) -> Reply:
        return await self.engine.call(self.tenant, Tick(), now=now, echo=True)

    async def state_of(self, contact: str) -> str:
        view = await self.engine.read(self.tenant, ViewContact(contact=contact))
        return str(view["contact"]["state"])

    def key(self, name: str) -> str:
        return f"{{{self.tenant}}}:{name}"


@pytest.fixture
async def world(engine: Engine, tenant: str, server: TestServer) -> World:
    world = World(engine, tenant, server)
    await world.open()
    return world


async def test_a_timer_of_a_contact_that_is_gone_does_nothing(world: World) -> None:
    world.client.delete(world.key("c:c1"))

    reply = await world.tick(DEADLINE)

    assert reply.outcome is Outcome.OK
    assert await world.state_of("c2") == "queued"


async def test_a_timer_that_fails_is_told_and_the_others_of_its_batch_are_applied(
    world: World,
) -> None:
    world.client.set(world.key("c:c1"), b"\xc1 not a record")

    reply = await world.tick(DEADLINE)

    failed = [event for event in reply.events or [] if event["e"] == "timer.failed"]
    assert [event["timer"] for event in failed] == ["o|c1|1"]
    assert await world.state_of("c2") == "queued"


async def test_a_deadline_of_an_earlier_offer_does_not_end_a_later_one(world: World) -> None:
    world.client.zadd(world.key("timers"), {"o|c2|7": START + 1})

    await world.tick(START + 1)

    assert await world.state_of("c2") == "offered"
