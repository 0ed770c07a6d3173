"""Short stories of contacts that nobody has and that go to another queue."""

from typing import Any

from queues.calls import PutQueue
from router.calls import Accept, CallBack, Decline, Release, Tick, Transfer
from tests.model.chance import START
from tests.model.scenes import Scene, Stage, day


def to(queue: str, contact: str = "c1", **asks: Any) -> Transfer:
    return Transfer(contact=contact, to_queue=queue, **asks)


def while_it_rings(stage: Stage) -> None:
    """Whom it rang rings no more, and is free for the next one; it rings in its new queue."""
    stage.furnish({"broadcast_to": 2, "broadcast_step_ms": 5_000, "wait_max_ms": 3_000})
    for agent in ("a", "b"):
        stage.engage(agent)
    stage.engage("c", memberships={"q2": {"role": "agent"}})
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"))
    stage.arrive("c2")
    stage.play(to("q2", note="mind the dog"), Accept(contact="c1", offer=2, agent="b"))
    stage.play(Tick(), after=5_000)
    stage.play(Accept(contact="c1", offer=3, agent="c"), to("q2", if_waiting=True))
    stage.play(to("q1"))


def to_its_place(stage: Stage) -> None:
    """Kept, to the front or to the back, as the call or the queue says; what it asked for stays."""
    stage.furnish({"steps": [{"after_ms": 2_000, "tier": 1}]}, line_max=1)
    stage.play(PutQueue(queue="q2", settings={"transfer_position": "back", "target_ms": 90_000}))
    others: list[dict[str, Any]] = [{}, {}, {"tier": 1}, {"requirements": {"en": 5}}]
    for number, asks in enumerate(others):
        stage.arrive(f"w{number}", queue="q2", **asks)
    for name in ("c1", "c2", "c3", "c4", "c5"):
        stage.arrive(name, requirements={"pt": 5} if name == "c5" else {}, priority=3)
    stage.play(to("q2", position="front"), to("q2", "c2", position="keep"), after=1_500)
    stage.play(to("q2", "c3"), to("nowhere", "c4"), to("q2", "c5"))
    stage.play(to("q2", "c2", position="front"), to("q2", "c2"), to("q2", "c2", position="keep"))
    stage.play(PutQueue(queue="q1", settings={"handles": False}), to("q1", "c2"))
    stage.engage("a", memberships={"q2": {"role": "agent"}}, slots={"chat": 4})
    stage.play(Tick(), after=60_000)


def whom_it_waits_for(stage: Stage) -> None:
    """It waits for nobody in particular there, and its backup queue is forgotten."""
    stage.furnish({"sticky": "wait"})
    stage.engage("a", memberships={"q1": {"role": "agent"}, "q2": {"role": "agent"}})
    for contact in ("c0", "c1", "c2"):
        stage.arrive(contact, agents=["a"], agent_wait_ms=60_000, backup_queue="q1")
    stage.play(to("q2", "c1"), to("q2", "c0"), after=1_000)
    stage.play(Accept(contact="c0", offer=2, agent="a"), Release(contact="c0", agent="a"))
    stage.play(Tick(), after=60_000)


def out_of_hold(stage: Stage) -> None:
    """Into an open queue it waits from now on, at its place; into a closed one it is held again."""
    stage.furnish({"calendar": "day", "closed": "hold"}, held_max_ms=3_600_000)
    stage.play(day([START + 60_000]))
    closed: dict[str, object] = {"calendar": "day", "closed": "refuse"}
    stage.play(PutQueue(queue="night", settings=closed))
    for number in range(5):
        stage.arrive(f"c{number}", tier=1 if number == 0 else 0)
    stage.play(to("q2"), to("night", "c2", note="tomorrow"), to("night", "c0"), after=2_000)
    stage.play(to("night", "c3", position="front"), to("night", "c4", position="back"))
    stage.play(to("night", "c3", position="front"), to("night", "c3"))
    stage.engage("a", memberships={"night": {"role": "agent"}})
    stage.play(Tick(), after=60_000)


def into_hold(stage: Stage) -> None:
    """What waits or rings is held while its new queue is closed, and comes at its place."""
    stage.furnish({"first_response_ms": 5_000, "wait_max_ms": 8_000, "broadcast_to": 2})
    stage.play(day([START + 60_000]))
    for queue in ("q2", "refusing"):
        way = "hold" if queue == "q2" else "refuse"
        stage.play(PutQueue(queue=queue, settings={"calendar": "day", "closed": way}))
    stage.arrive("c1", requirements={"en": 5})
    stage.engage("a")
    stage.arrive("c2", agents=["a"], agent_wait_ms=60_000)
    stage.play(to("q2"), to("refusing", "c2"), after=1_000)
    stage.play(Tick(), after=10_000)
    stage.play(to("q1"), Tick(), after=60_000)


def before_its_instant(stage: Stage) -> None:
    """It comes at its instant, in the other queue, at the place that it has, if any."""
    stage.furnish()
    stage.play(PutQueue(queue="q2", settings={"target_ms": 90_000, "transfer_position": "back"}))
    stage.engage("a", memberships={"q2": {"role": "agent"}})
    stage.arrive("c1", not_before=START + 30_000)
    stage.arrive("c2")
    stage.play(CallBack(contact="c2", not_before=START + 30_000))
    for contact in ("c1", "c2"):
        stage.play(to("q2", contact, note="he asked", position="front"), after=500)
    stage.play(to("q2"))
    stage.play(Tick(), after=30_000)


def who_may(stage: Stage) -> None:
    """Who supervises its queue, or somebody beside the agents; an agent is given it otherwise."""
    stage.furnish()
    stage.engage("a")
    stage.engage("v", memberships={"q1": {"role": "supervisor"}})
    stage.engage("w", memberships={"q2": {"role": "supervisor"}})
    stage.arrive("c1")
    for agent in ("a", "w", "nobody"):
        stage.play(to("q2", agent=agent))
    stage.play(Transfer(contact="c1", to_agent="a"), to("q2", agent="v"), to("q1", agent="v"))
    stage.play(to("q1", agent="w"), Transfer(contact="c1", to_agent="v", agent="v"))


MOVING = (
    Scene(while_it_rings, ("offer.revoked reason=transferred", "transfer>taken")),
    Scene(to_its_place, ("transfer>ok+repeated", "transfer>too_many_lines")),
    Scene(whom_it_waits_for),
    Scene(out_of_hold, ("contact.held reason=transferred",)),
    Scene(into_hold, ("contact.held reason=transferred",)),
    Scene(before_its_instant, ("contact.scheduled reason=transferred",)),
    Scene(who_may, ("verdict>assign", "verdict>supervisors")),
)
