"""Short stories of how contacts end: what is told of them, by whom, and what customers say."""

from queues.calls import Cancel, Score
from router.calls import Accept, Close, EndWrapUp
from tests.model.scenes import Scene, Stage

CODES: list[dict[str, object]] = [
    {"code": "bill", "label": "The bill"},
    {"code": "order"},
    {"code": "old", "active": False},
]
WRITES_UP: dict[str, object] = {"wrap_up": "optional", "wrap_up_ms": 60_000}


def codes_that_are_in_use(stage: Stage) -> None:
    """Only those; where there is no catalogue, whatever one writes."""
    stage.furnish({"dispositions": CODES})
    stage.engage("a")
    stage.hand("c1", "a")
    for code in ("weather", "old", "bill"):
        stage.play(Close(contact="c1", disposition=code))
    stage.clear()
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(Close(contact="c1", disposition="weather"))


def what_its_queue_wants_to_know(stage: Stage) -> None:
    """It does not end without a code and whether it was solved; no is an answer."""
    stage.furnish({"disposition_required": True, "resolved_required": True})
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(Close(contact="c1"), Close(contact="c1", disposition="bill"))
    stage.play(Close(contact="c1", resolved=False))
    stage.play(Close(contact="c1", disposition="bill", resolved=False))


def told_once(stage: Stage) -> None:
    """What was told at the close need not be told again at the end of the wrap-up, and is kept."""
    stage.furnish(WRITES_UP | {"disposition_required": True, "resolved_required": True})
    stage.engage("a")
    for contact, resolved in (("c1", True), ("c2", False)):
        stage.hand(contact, "a")
        stage.play(Close(contact=contact, disposition="bill", resolved=resolved))
        stage.play(EndWrapUp(contact=contact, agent="a"), after=1_000)
    stage.hand("c3", "a")
    stage.play(Close(contact="c3", disposition="bill", resolved=True))
    stage.play(EndWrapUp(contact="c3", disposition="order", resolved=False), after=1_000)


def told_until_the_end_of_the_wrap_up(stage: Stage) -> None:
    """Where the wrap-up is for it, nothing is asked before; without one that he ends, it is."""
    asks = {"disposition_required": True, "disposition_at": "wrap_up"}
    for rules in (WRITES_UP, WRITES_UP | {"wrap_up": "forced_limit"}):
        stage.furnish(rules | asks)
        stage.engage("a")
        stage.hand("c1", "a")
        stage.play(Close(contact="c1", wrap_up=False), Close(contact="c1"))
        stage.play(EndWrapUp(contact="c1", agent="a"), after=1_000)
        stage.play(EndWrapUp(contact="c1", agent="a", disposition="bill"))
        stage.clear()


def nobody_told(stage: Stage) -> None:
    """Who hangs up ends it without a code; it is told that one is missing, where he was served."""
    stage.furnish({"disposition_required": True, "survey": True})
    stage.engage("a")
    stage.hand("c1", "a")
    stage.arrive("c2")
    stage.play(Cancel(contact="c1"), Cancel(contact="c2", result="abandoned"))


def who_is_asked_what_he_says_of_it(stage: Stage) -> None:
    """Who was served is asked as his queue has it, unless the close says otherwise."""
    for asks in (True, False):
        stage.furnish({"survey": asks})
        stage.engage("a")
        for contact, wish in (("c1", None), ("c2", True), ("c3", False)):
            stage.hand(contact, "a")
            stage.play(Close(contact=contact, survey=wish))
        stage.clear()


def what_he_says_of_it(stage: Stage) -> None:
    """Once it has ended, and once; the same again is no other word."""
    stage.furnish(WRITES_UP)
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(Score(contact="c1", score=9), Close(contact="c1"), Score(contact="c1", score=9))
    stage.play(EndWrapUp(contact="c1"), Score(contact="c1", score=9), after=1_000)
    stage.play(Score(contact="c1", score=2), Score(contact="c9", score=2))


def who_may_close_it(stage: Stage) -> None:
    """Its owner, or every member where its queue has it so; it is told who did."""
    for rules in ({"close_by": "owner"}, {"close_by": "members"}):
        stage.furnish(rules | WRITES_UP)
        stage.engage("a")
        stage.engage("b")
        stage.engage("x", memberships={"q2": {"role": "agent"}})
        stage.arrive("c1")
        stage.play(Accept(contact="c1", offer=1, agent="a"))
        for agent in ("x", "b", "a"):
            stage.play(Close(contact="c1", agent=agent), after=1_000)
        stage.clear()


TELLING = (
    *(Scene(codes_that_are_in_use), Scene(what_its_queue_wants_to_know), Scene(told_once)),
    *(Scene(told_until_the_end_of_the_wrap_up), Scene(nobody_told)),
    *(Scene(who_is_asked_what_he_says_of_it), Scene(what_he_says_of_it)),
    Scene(who_may_close_it),
)
