"""Short stories of calls about what is not there, or to whom it is not."""

from presence.calls import CloseSession, OpenSession, SetState
from queues.calls import PutQueue, Update
from router.calls import (
    Accept,
    Assign,
    CallBack,
    Claim,
    Close,
    Decline,
    LogOff,
    PutTenant,
    Release,
    Tick,
)
from tests.model.coming import later
from tests.model.scenes import DAY_MS, Scene, Stage


def who_can_not_be_given_it(stage: Stage) -> None:
    """Nobody who is not there, has it already or does not serve its queue; nothing that is over."""
    stage.furnish()
    stage.engage("a")
    stage.engage("x", memberships={"q2": {"role": "agent"}})
    stage.hand("c1", "a")
    for contact, agent in (("c9", "a"), ("c1", "nobody"), ("c1", "a"), ("c1", "x")):
        stage.play(Assign(contact=contact, agent=agent), Claim(contact=contact, agent=agent))
    stage.play(Assign(contact="c1", agent="x", not_member=True))
    stage.play(Close(contact="c1"), Assign(contact="c1", agent="a"))


def who_is_not_there(stage: Stage) -> None:
    """No agent of that name, and no session of his."""
    stage.furnish()
    stage.engage("a")
    stage.arrive("c1")
    stage.play(
        OpenSession(agent="nobody", session="s", lease_ms=DAY_MS),
        CloseSession(agent="nobody", session="s"),
        CloseSession(agent="a", session="t"),
        SetState(agent="nobody", presence="ready"),
        LogOff(agent="nobody"),
        Accept(contact="c1", offer=1, agent="nobody"),
        Decline(contact="c1", offer=1, agent="nobody"),
        Close(contact="c9"),
    )


def whose_clock_it_is(stage: Stage) -> None:
    """A simulated tenant stays one."""
    stage.furnish()
    stage.play(PutTenant(settings={}, simulated=False))


def gone_while_he_writes_it_up(stage: Stage) -> None:
    """For too long, or logged off: the wrap-up is over."""
    for logged_off in (False, True):
        stage.furnish({"wrap_up": "forced"}, grace_ms=5_000)
        stage.engage("a")
        stage.hand("c1", "a")
        stage.play(Close(contact="c1"))
        if logged_off:
            stage.play(LogOff(agent="a", contacts="requeue"))
        else:
            stage.play(CloseSession(agent="a", session="s"))
        stage.play(Tick(), after=5_000)
        stage.clear()


def bells_that_all_failed(stage: Stage) -> None:
    """When it rings again it rings as many as before, and widens by the settings of now."""
    for steps in (0, 2_000):
        rules: dict[str, object] = {"broadcast_to": 2, "decline_ms": 1_000, "ring_ms": 60_000}
        stage.furnish(rules | {"broadcast_step_ms": steps})
        for agent in ("a", "b", "d"):
            stage.engage(agent, slots={"chat": 2})
        stage.play(SetState(agent="d", presence="not_ready"))
        stage.arrive("c1")
        stage.play(*(Decline(contact="c1", offer=n, agent=who) for n, who in ((1, "a"), (2, "b"))))
        stage.play(PutQueue(queue="q1", settings=rules | {"broadcast_step_ms": 0}))
        stage.play(Tick(), after=5_000)
        stage.play(Tick(), after=5_000)
        stage.clear()


def its_agents_are_asked_once(stage: Stage) -> None:
    """Who has waited for his agents, and is called back later, waits for everybody then."""
    stage.furnish()
    stage.engage("a")
    stage.engage("b")
    stage.hand("c1", "a")
    stage.arrive("c2", agents=["a"], agent_wait_ms=60_000)
    stage.play(CallBack(contact="c2", not_before=stage.now + 5_000))
    stage.play(Tick(), after=5_000)


def known_by_his_address(stage: Stage) -> None:
    """Who names no customer is known by where he comes from, unless that is nowhere."""
    stage.furnish({"sticky": "wait"})
    for agent in ("a", "b"):
        stage.engage(agent)
    for number, address in enumerate(("+55 11", "")):
        stage.arrive(f"c{number}", address=address)
        stage.play(Accept(contact=f"c{number}", offer=1, agent="ab"[number]))
        stage.play(Close(contact=f"c{number}"), after=1_000)
    for number, address in enumerate(("+55 11", "")):
        stage.arrive(f"d{number}", address=address)


def nobody_is_on_the_line(stage: Stage) -> None:
    """A callback, and what comes later, does not end because its gateway is silent."""
    stage.furnish(intake={"pbx": {"lease_ms": 5_000}})
    stage.arrive("c1", origin="pbx", callback=True)
    later(stage, "c2", 1_000, origin="pbx")
    stage.arrive("c3", origin="pbx")
    for _ in range(2):
        stage.play(Tick(), after=5_000)
    stage.play(Update(contact="c1", priority=1), Release(contact="c1"))


STRANGERS = (
    *(Scene(who_can_not_be_given_it), Scene(who_is_not_there), Scene(whose_clock_it_is)),
    *(Scene(gone_while_he_writes_it_up), Scene(bells_that_all_failed)),
    *(Scene(its_agents_are_asked_once), Scene(known_by_his_address)),
    Scene(nobody_is_on_the_line),
)
