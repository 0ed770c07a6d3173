"""Short stories about who is next: what walks hardly ever come by."""

from queues.calls import PutQueue
from router.calls import Accept, Decline, Tick, Transfer
from tests.model.scenes import Scene, Stage


def to_the_front(stage: Stage) -> None:
    """Before who is due earlier than itself, where its own place would be behind."""
    for position in ("front", "keep"):
        stage.furnish({"priority_credit_ms": 60_000})
        stage.play(PutQueue(queue="q2", settings={"priority_credit_ms": 60_000}))
        stage.engage("a")
        stage.hand("c1", "a")
        stage.arrive("c2", queue="q2", priority=5)
        stage.play(Transfer(contact="c1", to_queue="q2", position=position), after=1_000)
        stage.clear()


def who_else_would_have_been_called(stage: Stage) -> None:
    """One who has failed it, and whose cool-down is over, comes after who has not."""
    stage.furnish({"decline_ms": 1_000, "ring_ms": 60_000})
    for agent in ("a", "b", "d"):
        stage.engage(agent)
        stage.play(Tick(), after=1_000)
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"), after=1_000)
    stage.play(Decline(contact="c1", offer=2, agent="b"), after=5_000)
    stage.play(Accept(contact="c1", offer=3, agent="d"))


ORDERING = (Scene(to_the_front), Scene(who_else_would_have_been_called))
