"""Short stories of contacts that ring several agents at once."""

from presence.calls import SetState
from queues.calls import PutQueue
from router.calls import Accept, Decline, Release, Tick
from tests.model.scenes import Scene, Stage

WIDENS: dict[str, object] = {"broadcast_step_ms": 2_000, "ring_ms": 60_000}


def again(stage: Stage, agent: str, after: int = 1_000) -> None:
    """He is not ready for a moment."""
    for presence in ("not_ready", "ready"):
        stage.play(SetState(agent=agent, presence=presence), after=after)


def who_has_said_no(stage: Stage) -> None:
    """Who declines is not rung by it again while the others ring, at once or as he gets ready."""
    stage.furnish({"broadcast_to": 3, "decline_ms": 1_000, "ring_ms": 60_000})
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"))
    again(stage, "a", after=5_000)


def who_rings_already(stage: Stage) -> None:
    """Who has room for two is not rung twice by one, whenever he is looked at."""
    stage.furnish({"broadcast_to": 3, "ring_ms": 60_000})
    stage.engage("a", slots={"chat": 2})
    stage.arrive("c1")
    again(stage, "a")


def the_last_bells(stage: Stage) -> None:
    """When as many have failed as may, nobody else is rung beside those who still ring."""
    stage.furnish({"broadcast_to": 2, "offers_max": 1})
    for agent in ("a", "b", "d"):
        stage.engage(agent)
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"))
    stage.play(Decline(contact="c1", offer=2, agent="b"), after=1_000)


def wider_while_it_waits(stage: Stage) -> None:
    """It widens with time even while it rings nobody; as its first bell rings again, it shows."""
    stage.furnish(WIDENS | {"decline_ms": 60_000})
    stage.engage("a")
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"))
    stage.play(Tick(), after=5_000)
    for agent in ("b", "d", "e", "f"):
        stage.engage(agent)


def it_widens_no_more(stage: Stage) -> None:
    """Who takes it ends that; given back, it begins anew."""
    stage.furnish(WIDENS)
    for agent in ("a", "b", "d"):
        stage.engage(agent)
    stage.arrive("c1")
    stage.play(Tick(), after=2_000)
    stage.play(Accept(contact="c1", offer=2, agent="b"), after=1_000)
    stage.play(Tick(), after=2_000)
    stage.play(Release(contact="c1", agent="b"), Tick(), after=1_000)


def as_wide_as_it_may(stage: Stage) -> None:
    """Where nothing widens any more, nobody is told that it has, and nothing is due for it."""
    stage.furnish(WIDENS)
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1")
    stage.play(PutQueue(queue="q1", settings=WIDENS | {"broadcast_step_ms": 0}))
    stage.play(Tick(), after=2_000)


def its_line_stays(stage: Stage) -> None:
    """A line in which somebody could still be rung is not dropped, however long it is idle."""
    stage.furnish({"broadcast_to": 3, "ring_ms": 60_000}, line_idle_ms=1_000)
    stage.engage("a", skills={"en": 9})
    stage.arrive("c1", requirements={"en": 5})
    stage.play(Tick(), after=5_000)
    stage.engage("b", skills={"en": 9})


def its_next_step_is_due(stage: Stage) -> None:
    """Its bells ring out, and it rings nobody else; then the step is made up for."""
    steps = [{"after_ms": 2_000, "to_queue": "q2"}]
    stage.furnish({"broadcast_to": 2, "ring_ms": 60_000, "steps": steps})
    for agent in ("a", "b", "d"):
        stage.engage(agent)
    stage.arrive("c1")
    stage.play(Tick(), after=2_000)
    for offer, agent in ((1, "a"), (2, "b")):
        stage.play(Decline(contact="c1", offer=offer, agent=agent), after=1_000)


def taken_unasked(stage: Stage) -> None:
    """What is taken as it is offered rings one alone, as many as its queue may ring."""
    stage.furnish({"broadcast_to": 3}, channels={"chat": {"auto_accept": True}})
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1")


def too_late(stage: Stage) -> None:
    """Who answers a bell after another one has it is told who."""
    stage.furnish({"broadcast_to": 3})
    for agent in ("a", "b", "d"):
        stage.engage(agent)
    stage.arrive("c1")
    stage.play(Accept(contact="c1", offer=2, agent="b"))
    stage.play(Accept(contact="c1", offer=1, agent="a"), Decline(contact="c1", offer=3, agent="d"))


BELLS = (
    *(Scene(who_has_said_no), Scene(who_rings_already), Scene(the_last_bells)),
    *(Scene(wider_while_it_waits), Scene(it_widens_no_more), Scene(its_line_stays)),
    *(Scene(its_next_step_is_due), Scene(as_wide_as_it_may)),
    *(Scene(taken_unasked), Scene(too_late, ("accept>gone taken_by", "decline>gone taken_by"))),
)
