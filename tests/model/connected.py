"""Short stories of desktops that come and go, of states put off, and of time and repeats."""

from presence.calls import CloseSession, OpenSession, Renew, SetState
from queues.calls import Admit, Cancel
from router.calls import Close, Tick
from tests.model.pair import Step
from tests.model.scenes import DAY_MS, Scene, Stage


def without_a_desktop(stage: Stage) -> None:
    """Nobody gets ready, comes back from being offline, or renews what is over."""
    stage.furnish(grace_ms=5_000)
    stage.engage("a")
    stage.play(CloseSession(agent="a", session="s"))
    stage.play(Renew(sessions=[("a", "s"), ("a", "t"), ("b", "s")], lease_ms=DAY_MS), after=1_000)
    for presence in ("not_ready", "ready", "offline", "not_ready"):
        stage.play(SetState(agent="a", presence=presence), after=1_000)


def one_of_two_desktops(stage: Stage) -> None:
    """With the other one he is still there, and it rings on."""
    stage.furnish()
    stage.engage("a")
    stage.play(OpenSession(agent="a", session="t", lease_ms=DAY_MS))
    stage.arrive("c1")
    stage.play(CloseSession(agent="a", session="t"), after=1_000)
    stage.play(CloseSession(agent="a", session="s"), after=1_000)


def gone_for_too_long(stage: Stage) -> None:
    """What he had in hand goes back or ends, as its queue has it; what he put off is forgotten."""
    for orphan in ("requeue", "close"):
        stage.furnish({"orphan": orphan}, grace_ms=5_000)
        stage.engage("a")
        stage.hand("c1", "a")
        stage.play(SetState(agent="a", presence="not_ready", when="idle"))
        stage.play(CloseSession(agent="a", session="s", reason="lost"))
        stage.play(Tick(), after=5_000)
        stage.play(OpenSession(agent="a", session="t", lease_ms=DAY_MS), after=1_000)
        stage.clear()


def he_thought_better_of_it(stage: Stage) -> None:
    """Who is ready again has put nothing off."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(SetState(agent="a", presence="not_ready", when="idle"))
    stage.play(SetState(agent="a", presence="ready"), after=1_000)
    stage.play(Close(contact="c1"), after=1_000)


def why_he_is_not_ready(stage: Stage) -> None:
    """One of the tenant's reasons, or none; what he told before they changed he may tell again."""
    stage.furnish(not_ready_reasons={"rest": "Rest"})
    stage.engage("a")
    for reason, forced in (("lunch", False), ("", False), ("rest", False), ("lunch", True)):
        own = {"agent": "a", "reason": reason, "forced": forced}
        stage.play(SetState(presence="not_ready", **own), after=1_000)  # type: ignore[arg-type]
    stage.play(SetState(agent="a", presence="not_ready", reason="lunch"), after=1_000)
    stage.play(SetState(agent="a", presence="ready", reason="tea"), after=1_000)


def time_does_not_run_back(stage: Stage) -> None:
    """What happens at an earlier instant happens now."""
    stage.furnish()
    stage.arrive("c1")
    stage.play(Tick(), after=60_000)
    stage.arrive("c2", after=-30_000)


def called_again_under_its_key(stage: Stage) -> None:
    """The same call is answered as before and done once; another one may not have its key."""
    stage.furnish()
    comes = Admit(contact="c1", queue="q1", channel="chat", fp="f")
    goes = Cancel(contact="c1")
    for call, words in ((comes, "f1"), (comes, "f1"), (goes, "f2")):
        stage.pair.run(Step(call, stage.now, "k", words))
    stage.play(Tick(), goes, after=1_000)
    stage.pair.run(Step(comes, stage.now, "k", "f1"))


CONNECTED = (
    *(Scene(called_again_under_its_key), Scene(why_he_is_not_ready)),
    Scene(one_of_two_desktops),
    *(Scene(without_a_desktop), Scene(gone_for_too_long)),
    *(Scene(he_thought_better_of_it), Scene(time_does_not_run_back)),
)
