"""Short stories about offers and about queues that are left: what walks come by only at times."""

from presence.calls import PutAgent, SetState
from queues.calls import Cancel, KeepAlive, PutQueue
from router.calls import (
    Accept,
    Close,
    Decline,
    LogOff,
    PutConfig,
    PutEstimates,
    Release,
    Tick,
    Transfer,
)
from tests.model.ordering import PLACES
from tests.model.scenes import Scene, Stage


def all_that_he_has_room_for(stage: Stage) -> None:
    """Who becomes free takes as many of those who wait as he may."""
    stage.furnish()
    for contact in ("c1", "c2", "c3"):
        stage.arrive(contact)
    stage.engage("a", slots={"chat": 2}, capacity=2)
    stage.play(Tick(), after=60_000)


def an_offer_that_was_anothers(stage: Stage) -> None:
    """Only who has accepted an offer may say so again."""
    stage.furnish()
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1")
    stage.play(Accept(contact="c1", offer=1, agent="a"), Accept(contact="c1", offer=1, agent="b"))
    stage.play(Accept(contact="c1", offer=1, agent="a"), after=1_000)
    stage.play(Release(contact="c1", agent="a"), Accept(contact="c1", offer=1, agent="b"))


def who_is_asked_goes(stage: Stage) -> None:
    """Whoever asked a colleague who is gone has the contact still."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.engage("b")
    stage.play(Transfer(contact="c1", to_agent="b"), LogOff(agent="b"))
    stage.play(Tick(), after=1_000)


def missed_too_often(stage: Stage) -> None:
    """At the limit he is asked no more; what he has said himself meanwhile stands."""
    stage.furnish({"ring_ms": 5_000, "miss_ms": 1_000}, max_misses=2)
    stage.engage("a")
    stage.arrive("c1")
    for _ in range(3):
        stage.play(Tick(), after=5_000)
        stage.play(Tick(), after=1_000)
    stage.clear()
    lenient = {"transfer_requires": "ready_or_busy_with_capacity"}
    stage.furnish({"ring_ms": 5_000, **lenient}, max_misses=1)
    stage.engage("a")
    stage.hand("c1", "a")
    stage.engage("b")
    stage.play(SetState(agent="b", presence="not_ready", reason="lunch"))
    stage.play(Transfer(contact="c1", to_agent="b"))
    stage.play(Tick(), after=5_000)


def nobody_wants_it(stage: Stage) -> None:
    """After so many failures it is escalated, and after so many more again."""
    for target in ("", "q2"):
        stage.furnish({"offers_max": 2, "escalate_to": target})
        for agent in ("a", "b", "d", "e", "f"):
            stage.engage(agent)
        stage.arrive("c1")
        for number, agent in enumerate(("a", "b", "d", "e", "f"), 1):
            stage.play(Decline(contact="c1", offer=number, agent=agent), after=1_000)
        stage.clear()


def who_is_there(stage: Stage) -> None:
    """Logged in is not ready; who is turned away waits for nobody of where he came from."""
    stage.furnish({"join_when": "ready", "overflow_to": "q2"})
    stage.engage("a")
    stage.play(SetState(agent="a", presence="not_ready"))
    stage.arrive("c1")
    stage.arrive("c2", agents=["a"], agent_wait_ms=60_000)
    stage.play(SetState(agent="a", presence="ready"), Tick(), after=1_000)
    stage.play(Tick(), after=60_000)


def a_queue_that_is_left(stage: Stage) -> None:
    """They leave with the last one who is there, by whatever he goes."""
    rules: dict[str, object] = {"leave_when": "nobody_ready", "overflow_to": "q2"}
    stage.furnish(rules)
    stage.engage("a", slots={"voice": 1})
    stage.arrive("c1")
    stage.play(LogOff(agent="a"), Tick())
    stage.clear()
    stage.furnish(rules)
    stage.engage("a", slots={"voice": 1})
    stage.arrive("c1")
    stage.play(PutAgent(agent="a", memberships={"q2": {"role": "agent"}}, slots={"voice": 1}))
    stage.play(Tick(), after=1_000)


def moved_while_he_is_awaited(stage: Stage) -> None:
    """In another queue it waits for everybody."""
    stage.furnish({"steps": [{"after_ms": 2_000, "to_queue": "q2"}]})
    stage.engage("a")
    stage.hand("c1", "a")
    stage.engage("b", memberships={"q2": {"role": "agent"}})
    stage.play(SetState(agent="b", presence="not_ready"))
    stage.arrive("c2", agents=["a"], agent_wait_ms=60_000)
    stage.play(Tick(), after=2_000)
    stage.play(SetState(agent="b", presence="ready"), after=1_000)


def its_failures_stay_behind(stage: Stage) -> None:
    """In the queue that it goes to it has failed at nobody."""
    stage.furnish({"steps": [{"after_ms": 2_000, "to_queue": "q2"}], "decline_ms": 60_000})
    stage.play(PutQueue(queue="q2", settings={"offers_max": 2}))
    stage.engage("a")
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"))
    stage.play(Tick(), after=2_000)
    stage.engage("b", memberships={"q2": {"role": "agent"}})
    stage.play(Decline(contact="c1", offer=2, agent="b"))


def a_step_while_one_is_awaited(stage: Stage) -> None:
    """It asks less, and waits for him still."""
    stage.furnish({"steps": [{"after_ms": 2_000, "tier": 1}]})
    stage.engage("a")
    stage.hand("c1", "a")
    stage.arrive("c2", agents=["a"], agent_wait_ms=60_000)
    stage.play(Tick(), after=2_000)
    stage.engage("b")


def steps_beyond_the_longest_wait(stage: Stage) -> None:
    """What comes after the longest wait is not done, however late the tick."""
    steps = [{"after_ms": 1_000, "tier": 1}, {"after_ms": 3_000, "tier": 2}]
    stage.furnish({"wait_max_ms": 2_000, "steps": steps})
    stage.arrive("c1")
    stage.play(Tick(), after=5_000)


def one_of_several_skills(stage: Stage) -> None:
    """Each alternative is enough, whoever comes first."""
    stage.furnish()
    stage.engage("a", skills={"en": 5})
    stage.arrive("c1", any_of=[{"en": 5, "pt": 5}])
    stage.arrive("c2", any_of=[{"en": 5, "pt": 5}])
    stage.engage("b", skills={"pt": 5})


def after_him_another_queue(stage: Stage) -> None:
    """Its place there is by the settings of that queue."""
    stage.furnish()
    stage.play(PutQueue(queue="q2", settings={"target_ms": 90_000}))
    stage.engage("a")
    stage.hand("c1", "a")
    stage.arrive("c2", agents=["a"], agent_wait_ms=1_000, backup_queue="q2")
    stage.play(Tick(), after=1_000)


def who_is_awaited_is_sent_elsewhere(stage: Stage) -> None:
    """Another version of the configuration has him in another queue: he is awaited no more."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.arrive("c2", agents=["a"], agent_wait_ms=60_000)
    own = {"memberships": {"q2": {"role": "agent"}}, "slots": {"chat": 1}}
    stage.play(PutConfig(changes=[{"kind": "agent", "id": "a", "settings": own}]))
    stage.play(Tick(), after=1_000)


def what_can_not_be_removed(stage: Stage) -> None:
    """Who has a desktop open, a queue whose contacts are served, and one that others send on to."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(PutAgent(agent="a", memberships={"q2": {"role": "agent"}}, slots={"chat": 1}))
    stage.play(PutConfig(changes=[{"kind": "queue", "id": "q1", "remove": True}]))
    stage.play(Close(contact="c1", wrap_up=False), SetState(agent="a", presence="offline"))
    stage.play(PutConfig(changes=[{"kind": "agent", "id": "a", "remove": True}]))
    stage.play(PutQueue(queue="q2", settings={"escalate_to": "q1"}))
    stage.play(PutConfig(changes=[{"kind": "queue", "id": "q1", "remove": True}]))


def a_queue_goes_with_its_lines(stage: Stage) -> None:
    """Of what nobody waits in any more nothing is left."""
    stage.furnish()
    stage.arrive("c1", requirements={"en": 5})
    stage.play(Cancel(contact="c1"))
    stage.play(PutConfig(changes=[{"kind": "queue", "id": "q1", "remove": True}]))


def a_queue_goes_with_its_counts(stage: Stage) -> None:
    """Of whom it counted nothing is left, nor of how long one waited there, learned late or not."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(Close(contact="c1", wrap_up=False))
    stage.play(PutAgent(agent="a", memberships={"q2": {"role": "agent"}}, slots={"chat": 1}))
    row = [list(PLACES), list(PLACES)]
    learned = PutEstimates(lines={"q1|chat|": row, "q2|chat|": row})
    stage.play(learned, PutConfig(changes=[{"kind": "queue", "id": "q1", "remove": True}]))
    stage.play(learned)


def the_default_queue_stays(stage: Stage) -> None:
    """Where contacts go that name no queue is not removed."""
    stage.furnish(default_queue="q2")
    stage.play(PutConfig(changes=[{"kind": "queue", "id": "q2", "remove": True}]))


def as_long_as_a_gateway_has_it(stage: Stage) -> None:
    """Its lease runs on from each sign of life, and is over with the contact."""
    stage.furnish(intake={"pbx": {"lease_ms": 5_000}})
    stage.arrive("c1", origin="pbx")
    stage.arrive("c2", origin="pbx")
    stage.play(KeepAlive(contacts=["c1", "c2"]), Cancel(contact="c2"), after=3_000)
    stage.play(Tick(), after=3_000)
    stage.play(Tick(), after=2_000)
    stage.play(PutQueue(queue="q1", settings={"handles": False}))
    stage.arrive("c3", origin="pbx")


CALLING = (
    *(Scene(all_that_he_has_room_for), Scene(an_offer_that_was_anothers)),
    *(Scene(who_is_asked_goes), Scene(missed_too_often), Scene(nobody_wants_it)),
    *(Scene(who_is_there), Scene(a_queue_that_is_left), Scene(moved_while_he_is_awaited)),
    *(Scene(its_failures_stay_behind), Scene(a_step_while_one_is_awaited)),
    *(Scene(steps_beyond_the_longest_wait), Scene(one_of_several_skills)),
    *(Scene(after_him_another_queue), Scene(who_is_awaited_is_sent_elsewhere)),
    *(Scene(what_can_not_be_removed), Scene(a_queue_goes_with_its_lines)),
    *(Scene(a_queue_goes_with_its_counts), Scene(the_default_queue_stays)),
    Scene(as_long_as_a_gateway_has_it),
)
