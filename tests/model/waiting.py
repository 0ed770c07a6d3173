"""Short stories of waiting: what is asked meanwhile, of whom, and when that is over."""

from presence.calls import PutAgent
from queues.calls import Cancel, PutQueue, Update
from router.calls import Decline, Tick
from tests.model.scenes import Scene, Stage


def a_queue_that_is_to_be_left(stage: Stage) -> None:
    """Who waits where nobody is goes as soon as the settings say so."""
    stage.furnish()
    stage.arrive("c1")
    stage.play(PutQueue(queue="q1", settings={"leave_when": "nobody_ready"}), Tick())


def sent_to_another_queue(stage: Stage) -> None:
    """There it is due as that queue's settings have it, and the steps of that queue begin."""
    stage.furnish({"steps": [{"after_ms": 2_000, "to_queue": "q2"}]})
    steps = [{"after_ms": 3_000, "tier": 1}]
    stage.play(PutQueue(queue="q2", settings={"target_ms": 90_000, "steps": steps}))
    stage.arrive("c1")
    stage.play(Tick(), after=2_000)
    stage.play(Tick(), after=3_000)


def it_ends_in_a_cool_down(stage: Stage) -> None:
    """Nobody looks for agents for what has ended, nor asks less for it."""
    steps = [{"after_ms": 20_000, "tier": 1}]
    stage.furnish({"wait_max_ms": 5_000, "decline_ms": 60_000, "steps": steps})
    stage.engage("a")
    stage.arrive("c1")
    stage.arrive("c2")
    stage.play(Decline(contact="c1", offer=1, agent="a"), Cancel(contact="c2"), after=1_000)
    stage.play(Tick(), after=5_000)


def only_where_nobody_is(stage: Stage) -> None:
    """A step with a condition is passed over while that is not so."""
    stage.furnish({"steps": [{"after_ms": 2_000, "when": "nobody_ready", "tier": 1}]})
    stage.engage("a", slots={"voice": 1})
    stage.arrive("c1")
    stage.play(Tick(), after=2_000)


def never_less_than_it_has(stage: Stage) -> None:
    """Its own relaxation comes before its queue's step; no tier falls, and no level below 1."""
    steps = [{"after_ms": 2_000, "tier": 1, "lower": {"en": 9}}]
    stage.furnish({"steps": steps})
    relax: list[dict[str, object]] = [{"after_ms": 2_000, "requirements": {"en": 4, "pt": 2}}]
    stage.arrive("c1", tier=2, requirements={"en": 5}, relax=relax)
    stage.play(Tick(), after=2_000)


def what_one_of_several_means(stage: Stage) -> None:
    """One alternative is a requirement, and one that is met anyway is none; each is enough."""
    stage.furnish()
    for agent, skill in (("a", "en"), ("b", "pt")):
        stage.engage(agent, skills={skill: 9})
    stage.arrive("c1", any_of=[{"en": 5, "pt": 5}])
    stage.arrive("c2", any_of=[{"en": 5, "pt": 5}])
    stage.arrive("c3", requirements={"en": 5}, any_of=[{"en": 3}])
    stage.arrive("c4", requirements={"en": 3}, any_of=[{"en": 5}])
    stage.arrive("c5", requirements={"en": 5}, any_of=[{"en": 3, "pt": 3}])


def a_target_of_its_own(stage: Stage) -> None:
    """It is due by that, and by a new one."""
    stage.furnish()
    stage.arrive("c1", target_ms=90_000)
    stage.arrive("c2")
    stage.play(Update(contact="c1", target_ms=5_000), after=1_000)


def who_could_ever_serve_it(stage: Stage) -> None:
    """Nobody without a slot for it; a line that is gone is forgotten with those who could."""
    stage.furnish(line_idle_ms=1_000)
    own = {"memberships": {"q1": {"role": "agent"}}, "skills": {"en": 9}}
    for contact, slots in (("c1", {"chat": 0, "voice": 1}), ("c2", {"chat": 1})):
        stage.play(PutAgent(agent="a", slots=slots, **own))  # type: ignore[arg-type]
        stage.arrive(contact, requirements={"en": 5})
    for contact in ("c1", "c2"):
        stage.play(Cancel(contact=contact))
    stage.play(Tick(), after=5_000)


def a_backup_that_is_not_there(stage: Stage) -> None:
    """What is to come after its agents must be a queue that would take it in."""
    stage.furnish()
    stage.engage("a")
    stage.play(PutQueue(queue="q2", settings={"handles": False}))
    for backup in ("nowhere", "q2", "q1"):
        stage.arrive(f"to-{backup}", agents=["a"], backup_queue=backup)


WAITING = (
    *(Scene(a_queue_that_is_to_be_left), Scene(sent_to_another_queue)),
    *(Scene(it_ends_in_a_cool_down), Scene(only_where_nobody_is)),
    *(Scene(never_less_than_it_has), Scene(what_one_of_several_means)),
    *(Scene(a_target_of_its_own), Scene(who_could_ever_serve_it)),
    Scene(a_backup_that_is_not_there),
)
