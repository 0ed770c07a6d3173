"""Short histories of a tenant, for tests of the archive."""

from presence.calls import OpenSession, PutAgent, SetState
from queues.calls import Admit, Cancel, PutQueue
from router.calls import Accept, Close
from tests.conftest import Sim


async def furnish(sim: Sim, *agents: str) -> None:
    """A queue, and agents who are ready for two chats each."""
    await sim.ok(PutQueue(queue="sales", settings={"wrap_up_ms": 10_000, "wrap_up": "on_request"}))
    for agent in agents:
        await sim.ok(
            PutAgent(agent=agent, memberships={"sales": {}}, slots={"chat": 2}, capacity=2)
        )
        await sim.ok(OpenSession(agent=agent, session=f"s-{agent}", lease_ms=600_000))
        await sim.ok(SetState(agent=agent, presence="ready"))


async def admit(sim: Sim, contact: str, **more: str) -> None:
    await sim.ok(
        Admit(contact=contact, channel="chat", queue="sales", fp="1", **more),  # type: ignore[arg-type]
        after=1_000,
    )


async def handled(sim: Sim, contact: str, agent: str) -> None:
    """A contact comes, is taken after a second, and is closed after five."""
    await admit(sim, contact, customer="maria", address="+55 11 5555 0100")
    await sim.ok(Accept(contact=contact, offer=1, agent=agent), after=1_000)
    await sim.ok(Close(contact=contact, agent=agent, disposition="bill"), after=5_000)


async def abandoned(sim: Sim, contact: str) -> None:
    await admit(sim, contact)
    await sim.ok(Cancel(contact=contact), after=3_000)
