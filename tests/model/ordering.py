"""Short stories about who is next: what walks hardly ever come by."""

from presence.calls import PutAgent, SetState
from queues.calls import PutQueue
from router.calls import Accept, Decline, LogOff, PutEstimates, Tick, Transfer
from tests.model.scenes import Scene, Stage
from tests.model.speaking import asks

PLACES = (1, 2, 4, 8, 16, 32, 64)


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


def estimated(stage: Stage, *lines: str) -> None:
    """A place in these lines takes a second, two for one of five; nobody may wait for five."""
    stage.furnish({"estimated_wait_max_ms": 5_000})
    p50 = [1_000 * place for place in PLACES]
    stage.play(PutEstimates(lines={line: [p50, [2 * ms for ms in p50]] for line in lines}))


def a_line_that_takes_too_long(stage: Stage) -> None:
    """Whoever would be third is refused; who would be before them, by his priority, is not."""
    estimated(stage, "q1|chat|")
    for contact in ("c1", "c2", "c3"):
        stage.arrive(contact)
    stage.arrive("c4", tier=1)


def lines_have_times_of_their_own(stage: Stage) -> None:
    """One of which nothing is known takes as long as its queue's; else it has its own."""
    for known in ("q1|chat|", "q1|chat|en=5"):
        estimated(stage, known)
        for contact in ("c1", "c2", "c3"):
            stage.arrive(contact, requirements={"en": 5})
            stage.arrive(contact + "-any")
        stage.clear()


def estimates_of_other_lines(stage: Stage) -> None:
    """What is known of one line stays when another one becomes known."""
    estimated(stage, "q1|chat|")
    stage.play(PutEstimates(lines={"q2|chat|": [list(PLACES), list(PLACES)]}))
    for contact in ("c1", "c2", "c3"):
        stage.arrive(contact)


def between_two_places(stage: Stage) -> None:
    """The third place takes what lies halfway between the second and the fourth."""
    stage.furnish({"estimated_wait_max_ms": 5_000})
    row = [1_000, 2_000, *[10_000] * (len(PLACES) - 2)]
    stage.play(PutEstimates(lines={"q1|chat|": [row, row]}))
    for contact in ("c1", "c2", "c3"):
        stage.arrive(contact)


def a_level_that_is_too_low(stage: Stage) -> None:
    """Of several alternatives those count that he meets, however good he is at another one."""
    stage.furnish({"strategy": "best_skill"})
    stage.arrive("c1", any_of=[{"en": 8, "pt": 3}])
    for agent, levels in (("a", (5, 3)), ("b", (1, 4))):
        stage.engage(agent, skills=dict(zip(("en", "pt"), levels, strict=True)))
    stage.arrive("c2", any_of=[{"en": 8, "pt": 3}])
    stage.play(Decline(contact="c1", offer=1, agent="a"), after=1_000)


def nobody_waits_while_one_is_ready(stage: Stage) -> None:
    """However long it would take: with an agent ready it is taken in."""
    stage.furnish({"estimated_wait_max_ms": 500})
    stage.play(PutEstimates(lines={"q1|chat|": [[1_000] * len(PLACES)] * 2}))
    stage.arrive("c1")
    stage.engage("a")
    stage.arrive("c2")
    stage.arrive("c3")


def who_is_passed_over(stage: Stage) -> None:
    """Who stands before the one who is called, and has declined it, is named."""
    stage.furnish({"strategy": "top_down", "decline_ms": 60_000})
    for agent, level in (("a", 90), ("b", 50), ("d", 20)):
        stage.engage(agent, memberships={"q1": {"role": "agent", "level": level}})
    stage.arrive("c1")
    for offer, agent in ((1, "a"), (2, "b")):
        stage.play(Decline(contact="c1", offer=offer, agent=agent), after=1_000)


def a_line_that_is_wanted_again(stage: Stage) -> None:
    """A missed offer comes back when nobody has waited there for long enough."""
    stage.furnish({"ring_ms": 5_000}, line_idle_ms=6_000)
    stage.engage("a", skills={"en": 5})
    stage.arrive("c1", requirements={"en": 5})
    stage.play(Tick(), after=7_000)


def levels_of_one_skill(stage: Stage) -> None:
    """Who has the skill, and less of it than is asked, stands in other lines."""
    stage.furnish()
    stage.arrive("c1", requirements={"en": 8})
    for agent, level in (("a", 9), ("b", 5), ("d", 9)):
        stage.engage(agent, skills={"en": level})


def who_has_less_to_do(stage: Stage) -> None:
    """Who has declined has as little to do as before, and his place among the others again."""
    stage.furnish({"strategy": "least_occupied"})
    for agent in ("a", "b"):
        stage.engage(agent, slots={"chat": 2}, capacity=2)
        stage.play(Tick(), after=1_000)
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"))
    stage.arrive("c2")


def who_was_busy_till_now(stage: Stage) -> None:
    """Whose contact ends in the instant in which another one comes is the last to be called."""
    stage.furnish({"waiting_frees": False, "waiting_customer_ms": 5_000})
    stage.engage("a", slots={"chat": 2}, capacity=2)
    stage.hand("c1", "a")
    stage.play(Tick(), after=1_000)
    stage.engage("b")
    stage.play(asks("c1", "a"))
    stage.arrive("c2", after=0, not_before=stage.now + 5_000)
    stage.play(Tick(), after=5_000)


def rows_by_skill(stage: Stage) -> None:
    """The better one before the longer idle one; what is supervised is no field of one's own."""
    stage.furnish({"strategy": "best_skill"})
    stage.arrive("c1", requirements={"en": 3})
    for agent, level in (("a", 3), ("b", 5), ("d", 9)):
        stage.engage(agent, skills={"en": level})
        stage.play(Tick(), after=1_000)
    stage.arrive("c2", requirements={"en": 3})
    stage.clear()
    stage.furnish({"strategy": "specialists_first"})
    both = {"q1": {"role": "agent"}, "q2": {"role": "supervisor"}}
    stage.engage("a", memberships=both)
    stage.engage("b", memberships=both | {"q2": {"role": "agent"}})


def each_in_turn(stage: Stage) -> None:
    """Who was called is behind all others; a race goes by weights."""
    stage.furnish({"strategy": "round_robin"})
    for agent in ("a", "b"):
        stage.engage(agent, slots={"chat": 2}, capacity=2)
    for contact in ("c1", "c2", "c3"):
        stage.arrive(contact)
    stage.clear()
    stage.furnish({"strategy": "weighted_random"})
    stage.engage("d", slots={"voice": 1})
    stage.arrive("c1", channel="voice")
    stage.play(Accept(contact="c1", offer=1, agent="d"))
    for agent, weight in (("a", 7), ("b", 3)):
        own = {"q1": {"role": "agent", "weight": weight}}
        stage.engage(agent, memberships=own, slots={"chat": 1, "voice": 1}, capacity=2)
    stage.arrive("c2")
    stage.play(*[Decline(contact="c2", offer=1, agent=agent) for agent in ("a", "b")])
    for offer, agent in enumerate(("a", "b"), 2):
        stage.play(Transfer(contact="c1", to_agent=agent), after=1_000)
        stage.play(Decline(contact="c1", offer=offer, agent=agent), after=1_000)


def idle_since_he_last_did_something(stage: Stage) -> None:
    """Where activity counts, who was not ready for a moment is called after who was all along."""
    stage.furnish({"idle_since": "activity"})
    for agent in ("a", "b"):
        stage.engage(agent)
        stage.play(Tick(), after=1_000)
    for presence in ("not_ready", "ready"):
        stage.play(SetState(agent="a", presence=presence), after=1_000)
    stage.arrive("c1")


def a_race_by_its_seed(stage: Stage) -> None:
    """Who is first follows from that; with another one all begin anew."""
    for seed in (7, 8):
        stage.furnish({"strategy": "weighted_random", "seed": seed})
        for agent in ("a", "b"):
            stage.engage(agent, slots={"chat": 3}, capacity=3)
        stage.arrive("c1")
        stage.play(PutQueue(queue="q1", settings={"strategy": "weighted_random", "seed": 9}))
        stage.arrive("c2")
        stage.play(PutQueue(queue="q1", settings={"strategy": "round_robin"}))
        stage.arrive("c3")
        stage.clear()


def his_marks_in_a_queue(stage: Stage) -> None:
    """Who leaves it, or comes to weigh more there, has none of before."""
    for strategy in ("round_robin", "weighted_random"):
        stage.furnish({"strategy": strategy})
        stage.engage("a", slots={"chat": 3}, capacity=3)
        stage.arrive("c1")
        for queue in ("q1", "q2"):
            own = {queue: {"role": "agent", "weight": 7}}
            stage.play(PutAgent(agent="a", memberships=own, slots={"chat": 3}, capacity=3))
            stage.arrive(f"to-{queue}", queue=queue)
        stage.clear()


def credited_among_those_who_come_back(stage: Stage) -> None:
    """Of two that ring no more, that of the credited queue is offered first."""
    for first, second in (("c1", "c2"), ("c2", "c1"), ("d7", "e1"), ("e1", "d7")):
        stage.furnish()
        stage.play(PutQueue(queue="q2", settings={"credit_ms": 5_000}))
        both = {"q1": {"role": "agent"}, "q2": {"role": "agent"}}
        stage.engage("a", memberships=both, slots={"chat": 2}, capacity=2)
        stage.arrive(first)
        stage.arrive(second, queue="q2")
        stage.engage("b", memberships=both)
        stage.play(LogOff(agent="a"))
        stage.clear()


ORDERING = (
    *(Scene(to_the_front), Scene(who_else_would_have_been_called)),
    *(Scene(a_line_that_takes_too_long), Scene(lines_have_times_of_their_own)),
    *(Scene(a_line_that_is_wanted_again), Scene(levels_of_one_skill)),
    *(Scene(who_has_less_to_do), Scene(who_was_busy_till_now), Scene(rows_by_skill)),
    *(Scene(each_in_turn), Scene(credited_among_those_who_come_back)),
    *(Scene(estimates_of_other_lines), Scene(nobody_waits_while_one_is_ready)),
    *(Scene(who_is_passed_over), Scene(idle_since_he_last_did_something)),
    *(Scene(between_two_places), Scene(a_level_that_is_too_low)),
    *(Scene(a_race_by_its_seed), Scene(his_marks_in_a_queue)),
)
