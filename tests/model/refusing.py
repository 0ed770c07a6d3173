"""Short stories of what is refused, and of what walks hardly ever come by in hours and at ends."""

from typing import Any

from presence.calls import OpenSession, PutAgent
from queues.calls import Admit, Cancel, PutQueue, Score, Update
from router.calls import (
    Accept,
    CallBack,
    Close,
    CompleteConsult,
    Consult,
    Decline,
    EndWrapUp,
    Fork,
    LeaveConsult,
    Monitor,
    NotReached,
    PutConfig,
    PutEstimates,
    PutTenant,
    Release,
    Reopen,
    Report,
    TakeOver,
    Tick,
    Transfer,
)
from tests.model.busy import CALLS_FIRST
from tests.model.chance import START
from tests.model.hours import AHEAD_MAX_MS
from tests.model.ordering import PLACES
from tests.model.scenes import DAY_MS, Scene, Stage, day

BOTH: dict[str, Any] = {"memberships": {"q1": {"role": "agent"}, "q2": {"role": "agent"}}}


def forks_that_are_refused(stage: Stage) -> None:
    """Of what is not there, of what is another's, and where an arrival would be refused."""
    stage.furnish(
        line_max=1, intake={"pbx": {"listed_subjects": True}}, subjects={"bill": {"priority": 1}}
    )
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1", origin="pbx", subject="bill")
    stage.arrive("c2", requirements={"en": 5}, queue="q2")
    to_q2 = Fork(contact="c1", to_queue="q2", fork="f1", fp="f")
    stage.play(to_q2, Accept(contact="c1", offer=1, agent="a"))
    stage.play(
        Fork(contact="nothing", to_queue="q2", fp="f"),
        Fork(contact="c1", agent="b", to_queue="q2", fp="f"),
        Fork(contact="c1", to_queue="q2", subject="weather", fp="f"),
        Fork(contact="c1", to_queue="q2", requirements={"en": 9}, fp="f"),
    )
    stage.play(PutQueue(queue="q2", settings={"join_when": "logged_in"}), to_q2)
    stage.play(day([]), PutQueue(queue="q2", settings={"calendar": "day"}), to_q2)
    stage.play(PutQueue(queue="q2", settings={"handles": False}), to_q2)


def who_may_not_come_in(stage: Stage) -> None:
    """Each gate of a queue refuses, and sends on where there is somewhere to go."""
    gates: tuple[dict[str, object], ...] = (
        {"length_max": 1},
        {"join_when": "logged_in"},
        {"join_when": "ready"},
        {"estimated_wait_max_ms": 500},
    )
    for gate in gates:
        stage.furnish()
        p50 = [1_000 * place for place in PLACES]
        stage.play(PutEstimates(lines={"q1|chat|": [p50, p50]}))
        stage.arrive("c1")
        stage.play(PutQueue(queue="q1", settings=gate))
        stage.arrive("c2")
        stage.play(PutQueue(queue="q1", settings=gate | {"overflow_to": "q2"}))
        stage.arrive("c3")
        stage.clear()


def who_may_not_stay(stage: Stage) -> None:
    """Left alone or after too long, they go where their queue says, or to their end."""
    rules: tuple[dict[str, object], ...] = (
        {"leave_when": "nobody_logged_in"},
        {"leave_when": "nobody_ready"},
        {"wait_max_ms": 5_000},
    )
    for rule in rules:
        for target in ("", "q2"):
            stage.furnish(rule | {"overflow_to": target})
            stage.arrive("c1")
            stage.play(Tick(), after=5_000)
            stage.clear()


def told_and_handed_back(stage: Stage) -> None:
    """A step may say something, and the last one gives the contact back to its gateway."""
    steps = [{"after_ms": 1_000, "notify": "soon"}, {"after_ms": 2_000, "hand_back": "voicemail"}]
    stage.furnish({"steps": steps})
    stage.arrive("c1")
    stage.play(Tick(), after=1_000)
    stage.play(Tick(), after=1_000)


def answers_that_are_not_theirs(stage: Stage) -> None:
    """Nobody answers for another, from a desktop that is gone, or after who was first."""
    stage.furnish({"broadcast_to": 2})
    stage.engage("a")
    stage.engage("b")
    stage.arrive("c1")
    for answer in (Decline, Accept):
        stage.play(
            answer(contact="nothing", offer=1, agent="a"),
            answer(contact="c1", offer=1, agent="b"),
            answer(contact="c1", offer=1, agent="a", session="gone"),
        )
    stage.play(Accept(contact="c1", offer=2, agent="b"))
    stage.play(*[answer(contact="c1", offer=1, agent="a") for answer in (Decline, Accept)])


def asked_for_and_not_there(stage: Stage) -> None:
    """Who was asked for declines, misses it, or can not be reached; then others are called."""
    stage.furnish({"ring_ms": 5_000}, max_unreachable=1)
    stage.engage("a")
    stage.engage("b")
    own: dict[str, Any] = {"agents": ["a"], "agent_wait_ms": 60_000}
    stage.arrive("c1", **own)
    stage.play(Tick(), after=5_000)
    stage.play(Cancel(contact="c1"))
    for number, cause in enumerate(("declined", "unreachable"), 2):
        stage.arrive(f"c{number}", **own)
        no: Any = {"contact": f"c{number}", "offer": 1, "agent": "a", "cause": cause}
        stage.play(Decline(**no), Cancel(contact=f"c{number}"), after=1_000)


def who_leaves_while_they_wait(stage: Stage) -> None:
    """Who waited for him alone waits for everybody; whom he alone could serve is told of."""
    stage.furnish()
    stage.engage("a", skills={"en": 5})
    stage.hand("c1", "a")
    stage.arrive("c2", agents=["a"], agent_wait_ms=60_000)
    stage.arrive("c3", requirements={"en": 5})
    away = {"memberships": {"q2": {"role": "agent"}}, "slots": {"chat": 1}}
    stage.play(PutAgent(agent="a", **away), Tick())  # type: ignore[arg-type]


def colleagues_who_can_not(stage: Stage) -> None:
    """Each is refused with what is in the way; so is who asks for what is not his."""
    stage.furnish(channels=CALLS_FIRST)
    both = {"chat": 1, "voice": 1}
    stage.engage("a", slots=both)
    stage.hand("c1", "a")
    stage.engage("none", slots={"voice": 1})
    stage.engage("small", slots=both, capacity=0)
    stage.engage("other", memberships={"q2": {"role": "agent"}})
    stage.engage("b", slots=both)
    for target in ("a", "none", "small", "other", "nobody"):
        stage.play(Transfer(contact="c1", to_agent=target), Consult(contact="c1", to_agent=target))
    stage.arrive("call", channel="voice", agents=["none"])
    stage.play(Accept(contact="call", offer=1, agent="none"))
    stage.hand("c2", "b")
    stage.play(Transfer(contact="call", to_agent="b"))
    stage.play(
        Transfer(contact="c1", agent="b", to_agent="none"),
        Consult(contact="c1", agent="b", to_agent="none"),
        Release(contact="c1", agent="b"),
        Close(contact="c1", agent="b"),
        Release(contact="nothing"),
    )


def no_line_to_go_to(stage: Stage) -> None:
    """A queue that has as many lines as it may takes no contact that would need another."""
    stage.furnish(line_max=1)
    stage.engage("a", skills={"en": 9})
    stage.arrive("c1", requirements={"en": 5})
    stage.play(Accept(contact="c1", offer=1, agent="a"))
    stage.arrive("c2", queue="q2", requirements={"en": 7})
    stage.play(Transfer(contact="c1", to_queue="q2"), after=1_000)


def consults_of_nothing(stage: Stage) -> None:
    """Nobody takes part in what is not there, is in nobody's hands, or was not asked about."""
    stage.furnish()
    stage.engage("a")
    stage.arrive("c1")
    for contact in ("nothing", "c1"):
        stage.play(CompleteConsult(contact=contact), LeaveConsult(contact=contact))
        stage.play(Monitor(contact=contact, supervisor="v", mode="listen"))
    stage.play(Accept(contact="c1", offer=1, agent="a"))
    stage.play(CompleteConsult(contact="c1"), LeaveConsult(contact="c1"))


def hands_that_are_full(stage: Stage) -> None:
    """Who has no room answers or takes nothing, nor does a desktop that is gone, or a stranger."""
    stage.furnish({"distribution": "hybrid", "take_over": "members"})
    for agent in ("a", "b"):
        stage.engage(agent)
    stage.engage("x", memberships={"q2": {"role": "agent"}})
    stage.hand("c1", "a")
    stage.hand("c2", "b")
    stage.arrive("c3")
    stage.play(Report(contact="c3", author="agent", agent="a", wait=True))
    stage.play(
        TakeOver(contact="c1", agent="b"),
        TakeOver(contact="c1", agent="b", session="gone"),
        TakeOver(contact="c1", agent="x"),
        OpenSession(agent="a", session="s2", lease_ms=DAY_MS),
        PutTenant(settings={"max_sessions": 2}, simulated=True),
        OpenSession(agent="a", session="s3", lease_ms=DAY_MS),
    )


def called_back_in_vain(stage: Stage) -> None:
    """Once more after a while, and after enough of that never again; only who has it may say so."""
    stage.furnish({"callback_retry_ms": 5_000, "callback_attempts_max": 2})
    stage.engage("a")
    too_late = stage.now + AHEAD_MAX_MS + 60_000
    stage.arrive("c1", not_before=stage.now + 10_000)
    stage.play(CallBack(contact="nothing"), CallBack(contact="c1", not_before=too_late))
    stage.play(CallBack(contact="c1", address="+49", not_before=stage.now + 5_000))
    stage.play(Cancel(contact="c1"), Tick(), after=5_000)
    for offer in (1, 2):
        gone = NotReached(contact="c1")
        stage.play(
            gone, NotReached(contact="nothing"), Accept(contact="c1", offer=offer, agent="a")
        )
        stage.play(NotReached(contact="c1", agent="b"), gone, Tick(), after=1_000)
        stage.play(Tick(), after=5_000)
    stage.hand("c2", "a")
    stage.play(NotReached(contact="c2"), CallBack(contact="c2"))
    stage.play(Update(contact="c2", not_before=stage.now), Update(contact="nothing", priority=1))
    stage.arrive("c3")
    stage.play(Update(contact="c3", not_before=stage.now + 1_000))


def held_until_it_is_too_late(stage: Stage) -> None:
    """Nobody is held for ever; who comes at his instant while it is closed is held, too."""
    stage.furnish({"calendar": "day", "closed": "hold"}, held_max_ms=20_000)
    stage.play(day([]))
    stage.arrive("c1")
    stage.arrive("c2", not_before=stage.now + 5_000)
    stage.arrive("c3", not_before=stage.now + 60_000)
    stage.play(Tick(), after=5_000)
    stage.play(Cancel(contact="c3", result="cancelled"))
    stage.play(Tick(), after=20_000)
    stage.play(PutQueue(queue="q1", settings={}))
    stage.play(PutConfig(changes=[{"kind": "calendar", "id": "day", "remove": True}]))


def what_is_written_up(stage: Stage) -> None:
    """Its code must be one of the queue's; its owner alone ends it, and not where it is forced."""
    codes: dict[str, object] = {"dispositions": [{"code": "sold"}], "disposition_required": True}
    stage.furnish({"wrap_up_ms": 5_000, "disposition_at": "wrap_up"} | codes)
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(EndWrapUp(contact="nothing"), EndWrapUp(contact="c1"), Score(contact="c1", score=9))
    stage.play(Score(contact="nothing", score=9), Close(contact="c1", disposition="lost"))
    stage.play(Close(contact="c1"), EndWrapUp(contact="c1", agent="b"), EndWrapUp(contact="c1"))
    stage.play(EndWrapUp(contact="c1", agent="a", disposition="sold"), after=1_000)
    stage.play(PutQueue(queue="q1", settings={"wrap_up": "forced_limit", "wrap_up_ms": 5_000}))
    stage.hand("c2", "a")
    stage.play(Close(contact="c2"), EndWrapUp(contact="c2", agent="a"))
    stage.play(Tick(), after=5_000)


def followed_under_a_name_that_is_taken(stage: Stage) -> None:
    """The new contact must be a new one."""
    stage.furnish({"reopen": "new_linked_contact"})
    stage.engage("a")
    stage.hand("c1", "a")
    stage.play(Close(contact="c1", wrap_up=False))
    stage.arrive("c2")
    stage.play(Reopen(contact="c1", who="customer", follow_up="c2"))


def settings_that_can_not_be(stage: Stage) -> None:
    """A tenant on the server's clock has no instant of its own; queues send on in no circle."""
    stage.play(PutTenant(settings={}))
    stage.furnish({"strategy": "specialists_first"})
    stage.engage("a", **BOTH)
    stage.arrive("c1")
    ways = (("q1", "q2"), ("q2", "q1"))
    circle = [{"kind": "queue", "id": s, "settings": {"overflow_to": t}} for s, t in ways]
    stage.play(PutConfig(changes=circle))


def it_rings_wider(stage: Stage) -> None:
    """After each step one more is rung, up to everybody."""
    stage.furnish({"broadcast_step_ms": 2_000, "ring_ms": 60_000})
    for agent in ("a", "b", "d"):
        stage.engage(agent)
    stage.arrive("c1")
    stage.play(Tick(), after=2_000)
    stage.play(Tick(), after=2_000)


def closed_to_whoever_comes(stage: Stage) -> None:
    """A closed queue refuses, and says when it opens."""
    stage.furnish({"calendar": "day"})
    stage.play(day([START + 60_000]))
    stage.play(Admit(contact="c1", queue="q1", channel="chat", fp="f"))


FORKS = ("unknown", "not_assigned", "not_yours", "not_accepted", "refused", "closed")
GATES = ("full", "nobody_logged_in", "nobody_ready", "estimated_wait")
ENDED = ("nobody_logged_in", "nobody_ready")
REFUSING = (
    Scene(
        forks_that_are_refused,
        ("fork>bad_subject", "fork>too_many_lines", *(f"fork>{why}" for why in FORKS)),
    ),
    Scene(
        who_may_not_come_in,
        tuple(name for why in GATES for name in (f"contact.diverted reason={why}", f"why>{why}")),
    ),
    Scene(
        who_may_not_stay,
        (
            *(f"contact.closed reason={why}" for why in ENDED),
            *(f"contact.queued reason={why}" for why in (*ENDED, "wait")),
        ),
    ),
    Scene(told_and_handed_back, ("contact.closed reason=hand_back", "contact.notified")),
    Scene(
        answers_that_are_not_theirs,
        tuple(
            f"{answer}>{why}"
            for answer in ("accept", "decline")
            for why in ("unknown", "not_yours", "stale_session", "gone taken_by")
        ),
    ),
    Scene(
        asked_for_and_not_there,
        (
            *("offer.declined kind=direct", "offer.expired kind=direct"),
            *("agent.state cause=unreachable", "contact.queued reason=unreachable"),
        ),
    ),
    Scene(
        who_leaves_while_they_wait, ("put_agent: contact.queued", "put_agent: contact.unreachable")
    ),
    Scene(
        colleagues_who_can_not,
        (
            *(f"verdict>{why}" for why in ("owner", "no_channel", "no_capacity", "exclusive")),
            *("transfer>not_member", "consult>not_member", "transfer>not_yours"),
            *("consult>not_yours", "release>not_yours", "release>unknown", "close>not_yours"),
        ),
    ),
    Scene(no_line_to_go_to, ("transfer>too_many_lines",)),
    Scene(
        consults_of_nothing,
        (
            *("monitor>unknown", "monitor>not_assigned", "leave_consult>not_consulting"),
            *("complete_consult>unknown", "complete_consult>not_assigned"),
            *("leave_consult>unknown", "leave_consult>not_assigned"),
        ),
    ),
    Scene(
        hands_that_are_full,
        (
            *("report>not_available", "take_over>not_available", "take_over>stale_session"),
            *("take_over>not_member", "open_session>too_many"),
        ),
    ),
    Scene(
        called_back_in_vain,
        (
            *("call_back>unknown", "call_back>too_far", "call_back>not_waiting"),
            *(f"not_reached>{why}" for why in ("unknown", "not_assigned", "not_yours", "ok")),
            *("not_reached>no_callback", "contact.scheduled reason=not_reached"),
            *("contact.closed reason=not_reached", "cancel>is_callback"),
            *("update>unknown", "update>not_scheduled"),
        ),
    ),
    Scene(
        held_until_it_is_too_late,
        (
            *("contact.closed reason=held_too_long", "contact.held", "config.calendar_removed"),
            *("contact.closed state_before=held", "contact.closed state_before=scheduled"),
        ),
    ),
    Scene(
        what_is_written_up,
        (
            *("end_wrap_up>not_yours", "end_wrap_up>too_early", "end_wrap_up>bad_disposition"),
            *("end_wrap_up>ok", "contact.wrap_up mode=forced_limit", "close>bad_disposition"),
            *("score>unknown", "score>not_ended"),
        ),
    ),
    Scene(followed_under_a_name_that_is_taken, ("reopen>conflict",)),
    Scene(
        settings_that_can_not_be,
        ("obstacle>loop", "offer.made strategy=specialists_first", "put_tenant>bad_clock"),
    ),
    Scene(it_rings_wider, ("contact.widened",)),
    Scene(closed_to_whoever_comes, ("admit>closed",)),
)
