"""Short stories about by when customers have their answers: what walks hardly ever come by."""

from queues.calls import PutQueue, Update
from router.calls import Accept, Assign, Close, LogOff, Release, Tick, Transfer
from tests.model.chance import START
from tests.model.scenes import Scene, Stage, day
from tests.model.speaking import asks, says

TARGETS: dict[str, object] = {"first_response_ms": 10_000, "next_response_ms": 5_000}


def waiting(stage: Stage, **rules: object) -> None:
    """Agent `a` has a chat, and its customer waits for the first answer since a second."""
    stage.furnish(TARGETS | rules)
    stage.engage("a")
    stage.hand("c1", "a")


def warned_and_late(stage: Stage) -> None:
    """Each at its very instant, and once; an answer at the deadline is late."""
    waiting(stage)
    stage.play(Tick(), after=7_999)
    stage.play(Tick(), after=1)
    stage.play(Tick(), after=1_999)
    stage.play(says("c1", "a"), after=1)
    stage.play(says("c1"), after=1_000)
    stage.play(says("c1"), after=3_000)
    stage.play(says("c1", "a"), after=1_999)
    stage.play(says("c1"), after=1_000)
    stage.play(Tick(), after=60_000)
    stage.play(says("c1"), Tick(), after=60_000)


def while_nobody_has_it(stage: Stage) -> None:
    """It runs while the contact waits and rings; the offer shows by when."""
    stage.furnish(TARGETS | {"first_response_ms": 60_000})
    stage.arrive("c1")
    stage.engage("a")
    stage.play(Tick(), after=20_000)
    stage.play(Tick(), after=28_000)
    stage.play(Tick(), after=12_000)


def the_customers_turn(stage: Stage) -> None:
    """Nobody waits for us; his next message begins anew, with the other target."""
    waiting(stage)
    stage.play(asks("c1", "a"), after=1_000)
    stage.play(Tick(), after=60_000)
    stage.play(says("c1"), after=1_000)
    stage.play(Tick(), after=4_000)
    stage.play(asks("c1", "a"), after=999)


def other_targets(stage: Stage) -> None:
    """Another queue's targets count from the same instant; nothing is told twice of one waiting."""
    for told_after, target in ((1_000, 20_000), (8_000, 20_000), (10_000, 60_000), (1_000, 500)):
        waiting(stage)
        settings: dict[str, object] = {"first_response_ms": target, "response_warn_pct": 50}
        stage.play(PutQueue(queue="q2", settings=settings))
        stage.play(Tick(), after=told_after)
        stage.play(Transfer(contact="c1", to_queue="q2"), Tick())
        stage.play(Tick(), after=10_000)
        stage.play(Tick(), after=60_000)
        stage.clear()


def without_a_target(stage: Stage) -> None:
    """A queue without one ends the clock; coming back begins it where it was."""
    waiting(stage)
    stage.play(Transfer(contact="c1", to_queue="q2"), after=1_000)
    stage.play(Transfer(contact="c1", to_queue="q1"), after=1_000)
    stage.play(Tick(), after=60_000)


def changed_settings(stage: Stage) -> None:
    """They count from the next beginning, whatever happens to the contact meanwhile."""
    for before, after in ((0, 5_000), (5_000, 0)):
        waiting(stage, first_response_ms=before, next_response_ms=before)
        changed: dict[str, object] = {"first_response_ms": after, "next_response_ms": after}
        stage.play(PutQueue(queue="q1", settings=changed), after=1_000)
        stage.play(Update(contact="c1", priority=3), says("c1", visibility="public"))
        stage.play(says("c1", "a", visibility="internal"), Tick(), after=5_000)
        stage.play(says("c1", "a"), says("c1"), after=1_000)
        stage.play(Tick(), after=5_000)
        stage.clear()


def only_the_breach(stage: Stage) -> None:
    """With 100 there is no warning; one that comes with the breach is not told."""
    waiting(stage, response_warn_pct=100)
    stage.play(Tick(), after=9_999)
    stage.play(Tick(), after=1)
    stage.clear()
    waiting(stage)
    stage.play(Tick(), after=10_000)


def out_of_hours(stage: Stage) -> None:
    """It begins when the queue opens, or when somebody is given what is held."""
    stage.furnish(TARGETS | {"calendar": "day", "closed": "hold"})
    stage.play(day([START + 60_000, START + 120_000]))
    stage.engage("a")
    stage.arrive("c1")
    stage.arrive("c2")
    stage.play(Assign(contact="c2", agent="a"), after=20_000)
    stage.play(Tick(), after=20_000)
    stage.play(Tick(), after=18_000)
    stage.play(Tick(), after=9_000)


def at_its_end(stage: Stage) -> None:
    """No clock of what is over; what comes back in its wrap-up begins anew."""
    waiting(stage, wrap_up_ms=60_000)
    stage.play(Close(contact="c1"), after=1_000)
    stage.play(Tick(), after=20_000)
    stage.play(says("c1"), after=1_000)
    stage.play(Tick(), after=4_000)
    stage.play(Close(contact="c1", wrap_up=False), after=500)
    stage.play(Tick(), after=20_000)


def given_back(stage: Stage) -> None:
    """Who has no answer waits on, whoever had it in hand."""
    waiting(stage)
    stage.play(says("c1"), after=1_000)
    stage.play(Release(contact="c1", agent="a"), after=1_000)
    stage.play(Tick(), after=60_000)
    stage.clear()
    waiting(stage)
    stage.engage("b")
    stage.play(Release(contact="c1", agent="a"), after=9_000)
    stage.play(Accept(contact="c1", offer=2, agent="b"), Tick(), after=1_000)
    stage.play(LogOff(agent="b", contacts="requeue"), after=7_000)
    stage.play(Tick(), after=60_000)


def at_one_instant(stage: Stage) -> None:
    """What has ended, or has gone to another queue, with the same tick is not warned of."""
    for rules in ({"wait_max_ms": 9_000}, {"steps": [{"after_ms": 9_000, "to_queue": "q2"}]}):
        stage.furnish(TARGETS | {"response_warn_pct": 100} | rules)
        stage.arrive("c1")
        stage.play(Tick(), after=60_000)
        stage.clear()


ANSWERING = (
    Scene(warned_and_late, ("contact.response_due", "contact.response_late")),
    Scene(while_nobody_has_it),
    Scene(the_customers_turn),
    Scene(other_targets),
    Scene(without_a_target),
    Scene(changed_settings),
    Scene(only_the_breach),
    Scene(out_of_hours),
    Scene(at_its_end),
    Scene(given_back),
    Scene(at_one_instant),
)
