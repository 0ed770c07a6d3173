"""Short stories of what contacts bring along, and of what they ask for later."""

from presence.calls import PutAgent
from queues.calls import PutQueue, Update
from router.calls import Transfer
from tests.model.scenes import Scene, Stage


def where_its_subject_leads(stage: Stage) -> None:
    """Where it names none, its subject's queue and priority are its own; else the default ones."""
    subjects = {"bill": {"queue": "q2", "priority": 3}, "other": {"priority": 0}}
    stage.furnish({"priority_credit_ms": 5_000}, subjects=subjects, default_queue="q1")
    for number, subject in enumerate(("bill", "other", "weather", "")):
        stage.arrive(f"c{number}", queue=None, subject=subject)
        stage.arrive(f"d{number}", queue="q1", subject=subject)
        stage.arrive(f"e{number}", queue=None, subject=subject, priority=1)


def what_an_origin_may_bring(stage: Stage) -> None:
    """Subjects that it may see, and that are listed where they must be, to queues for customers."""
    intake = {"pbx": {"listed_subjects": True, "external": True}}
    stage.furnish(intake=intake, subjects={"staff": {"origins": ["desk"]}, "bill": {"priority": 1}})
    for number, subject in enumerate(("staff", "weather", "bill", "")):
        stage.arrive(f"c{number}", origin="pbx", subject=subject)
        stage.arrive(f"d{number}", origin="desk", subject=subject)
    for rule in ("external", "handles"):
        stage.play(PutQueue(queue="q2", settings={rule: False}))
        for origin in ("pbx", "desk"):
            stage.arrive(f"{origin}-{rule}", origin=origin, queue="q2", subject="bill")


def what_an_origin_must_bring(stage: Stage) -> None:
    """All of it, and that is enough."""
    stage.furnish(intake={"pbx": {"required": ["subject", "customer"]}})
    for number, (subject, customer) in enumerate((("", ""), ("bill", ""), ("bill", "c7"))):
        stage.arrive(f"c{number}", origin="pbx", subject=subject, customer=customer)


def for_whom_it_may_ask(stage: Stage) -> None:
    """For agents of its queue."""
    stage.furnish()
    stage.engage("a")
    stage.engage("x", memberships={"q2": {"role": "agent"}})
    for agent in ("nobody", "x", "a"):
        stage.arrive(f"for-{agent}", agents=[agent])


def agents_of_no_queue(stage: Stage) -> None:
    """Nobody serves a queue that is not there."""
    stage.furnish()
    stage.play(PutAgent(agent="a", memberships={"nowhere": {"role": "agent"}}))


def what_it_asks_for_later(stage: Stage) -> None:
    """A higher tier moves it before the others; what says nothing of its place leaves it there."""
    stage.furnish()
    for contact in ("c1", "c2"):
        stage.arrive(contact)
    stage.play(Update(contact="c2", tier=1), PutQueue(queue="q1", settings={"target_ms": 90_000}))
    stage.play(Update(contact="c1", subject="bill"), after=1_000)
    stage.engage("a")


def behind_all_others(stage: Stage) -> None:
    """Who is sent to the back of a queue has waited there since then."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.arrive("c2", queue="q2")
    stage.play(Transfer(contact="c1", to_queue="q2", position="back"), after=1_000)


ARRIVING = (
    *(Scene(where_its_subject_leads), Scene(what_an_origin_may_bring)),
    *(Scene(agents_of_no_queue), Scene(what_an_origin_must_bring)),
    *(Scene(for_whom_it_may_ask), Scene(what_it_asks_for_later), Scene(behind_all_others)),
)
