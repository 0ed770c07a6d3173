"""Short stories of forks, of notes, and of agents who take part in a colleague's conversation."""

from presence.calls import CloseSession, SetState
from queues.calls import PutQueue
from router.calls import (
    Accept,
    Assign,
    Close,
    CompleteConsult,
    Consult,
    Decline,
    Fork,
    LeaveConsult,
    LogOff,
    PutTenant,
    Release,
    TakeOver,
    Tick,
    Transfer,
)
from tests.model.scenes import Scene, Stage


def more_forks_than_links(stage: Stage) -> None:
    """A contact has as many links as it may; a made id is its own, cut, and a number."""
    stage.furnish()
    stage.engage("a")
    stage.hand("c" * 64, "a")
    stage.play(*[Fork(contact="c" * 64, to_queue="q2", fp="f")] * 21)


def forks_of_a_call(stage: Stage) -> None:
    """A fork asks nothing, has no lease, may go where customers may not, and is made once."""
    intake = {"pbx": {"lease_ms": 1_000, "external": True}}
    stage.furnish(intake=intake)
    stage.play(PutQueue(queue="q2", settings={"external": False}))
    stage.engage("a", skills={"en": 9})
    stage.arrive("c1", origin="pbx", requirements={"en": 5})
    made = Fork(contact="c1", to_queue="q2", fork="c2", note="of c1", fp="f")
    stage.play(Accept(contact="c1", offer=1, agent="a"), made, made)
    stage.play(Fork(contact="c1", to_queue="q2", fork="c2", fp="g"), Tick(), after=500)
    stage.play(Tick(), after=2_000)


def a_fork_that_lacks_a_field(stage: Stage) -> None:
    """What its origin must bring was asked for later than the contact came."""
    stage.furnish()
    stage.engage("a")
    stage.arrive("c1", origin="portal")
    intake = {"portal": {"required": ["subject"]}}
    stage.play(
        Accept(contact="c1", offer=1, agent="a"),
        PutTenant(settings={"intake": intake}, simulated=True),
        Fork(contact="c1", to_queue="q2", fp="f"),
    )


def a_note_goes_along(stage: Stage) -> None:
    """Who accepts a transfer has its note; in a queue it waits with the contact."""
    stage.furnish({"transfer_requires": "ready_or_busy_with_capacity"})
    for agent in ("a", "b"):
        stage.engage(agent)
    stage.hand("c1", "a")
    note = "mind the dog"
    stage.play(
        SetState(agent="b", presence="not_ready"), Transfer(contact="c1", to_agent="b", note=note)
    )
    other = Transfer(contact="c1", to_queue="q2", note="and the cat")
    stage.play(Accept(contact="c1", offer=2, agent="b"), other)
    stage.hand("c2", "a")
    stage.play(CloseSession(agent="b", session="s"), Transfer(contact="c2", to_agent="b"))


def who_is_not_ready_is_not_asked(stage: Stage) -> None:
    """Neither for help nor to take it, unless the queue has it so."""
    for requires in ("ready", "ready_or_busy_with_capacity"):
        stage.furnish({"transfer_requires": requires})
        for agent in ("a", "b"):
            stage.engage(agent)
        stage.hand("c1", "a")
        stage.play(SetState(agent="b", presence="not_ready"))
        stage.play(Consult(contact="c1", to_agent="b"), LeaveConsult(contact="c1", agent="a"))
        stage.play(Transfer(contact="c1", to_agent="b"), LeaveConsult(contact="c1", agent="a"))
        stage.clear()


def consulted(stage: Stage, **queue: object) -> None:
    """A chat of `a`, in which `b` takes part."""
    stage.furnish(queue, grace_ms=5_000)
    stage.engage("a")
    stage.engage("b", slots={"chat": 2})
    stage.hand("c1", "a")
    stage.play(Consult(contact="c1", to_agent="b", note="how much?"))
    stage.play(Accept(contact="c1", offer=2, agent="b"), after=100)


def a_consult_is_completed(stage: Stage) -> None:
    """Who takes part has the contact; the same answer again is the same; nobody else has a say."""
    consulted(stage)
    stage.play(Accept(contact="c1", offer=2, agent="b"), Consult(contact="c1", to_agent="b"))
    stage.play(CompleteConsult(contact="c1", agent="c"), LeaveConsult(contact="c1", agent="c"))
    stage.play(Transfer(contact="c1", to_agent="b"), Transfer(contact="c1", to_queue="q2"))
    stage.play(CompleteConsult(contact="c1", agent="b"), CompleteConsult(contact="c1"))
    stage.play(Accept(contact="c1", offer=2, agent="b"), Close(contact="c1", agent="b"))


def a_consult_is_left(stage: Stage) -> None:
    """By who takes part, by the owner, before it has begun; then another may be asked."""
    consulted(stage)
    stage.play(LeaveConsult(contact="c1", agent="b"), LeaveConsult(contact="c1", agent="b"))
    ask = Consult(contact="c1", agent="a", to_agent="b")
    stage.play(ask, ask, Transfer(contact="c1", to_agent="b"))
    stage.play(LeaveConsult(contact="c1", agent="a"), ask)
    stage.play(Decline(contact="c1", offer=4, agent="b"), ask)
    stage.play(Tick(), after=60_000)
    stage.play(ask, Accept(contact="c1", offer=6, agent="b"), LeaveConsult(contact="c1"))


def a_consult_ends_with_its_contact(stage: Stage) -> None:
    """Whatever takes the contact out of its owner's hands frees who takes part."""
    consulted(stage, wrap_up_ms=5_000)
    stage.play(Close(contact="c1", agent="a"))
    stage.play(Tick(), after=10_000)
    for number, end in enumerate((Release, Close)):
        stage.hand(f"d{number}", "a")
        stage.play(Consult(contact=f"d{number}", to_agent="b"))
        stage.play(Accept(contact=f"d{number}", offer=2, agent="b"))
        stage.play(end(contact=f"d{number}"), Tick(), after=5_000)


def who_takes_part_goes(stage: Stage) -> None:
    """For the grace time he may come back; logged off, he is out of it at once."""
    consulted(stage)
    stage.play(CloseSession(agent="b", session="s"))
    stage.play(Tick(), after=6_000)
    stage.engage("b")
    stage.play(Consult(contact="c1", to_agent="b"), Accept(contact="c1", offer=3, agent="b"))
    stage.play(SetState(agent="b", presence="offline"))
    stage.play(LogOff(agent="b", contacts="requeue"))


def the_owner_goes(stage: Stage) -> None:
    """While he may come back, who takes part may have the contact; then it is over."""
    consulted(stage)
    stage.play(CloseSession(agent="a", session="s"), CompleteConsult(contact="c1", agent="b"))
    stage.engage("a")
    stage.play(Consult(contact="c1", to_agent="a"), Accept(contact="c1", offer=3, agent="a"))
    stage.play(CloseSession(agent="b", session="s"))
    stage.play(Tick(), after=6_000)


def a_supervisor_gives_it_away(stage: Stage) -> None:
    """To who takes part, or to somebody else: nobody takes part any more."""
    consulted(stage)
    stage.play(Assign(contact="c1", agent="b"))
    stage.play(Consult(contact="c1", to_agent="a"), Accept(contact="c1", offer=3, agent="a"))
    stage.engage("c")
    stage.play(Assign(contact="c1", agent="c"))


def a_guest_takes_over(stage: Stage) -> None:
    """Who takes part, or is asked to, has it when he takes it over, though he declared a state."""
    consulted(stage, take_over="members")
    stage.play(SetState(agent="b", presence="offline", when="idle"))
    stage.play(TakeOver(contact="c1", agent="b"))
    stage.play(Consult(contact="c1", to_agent="a"), TakeOver(contact="c1", agent="a"))


HANDING_ON = (
    Scene(a_guest_takes_over),
    Scene(more_forks_than_links, ("fork>too_many",)),
    Scene(forks_of_a_call),
    Scene(a_fork_that_lacks_a_field, ("fork>missing_fields",)),
    Scene(a_note_goes_along),
    Scene(who_is_not_ready_is_not_asked),
    Scene(a_consult_is_completed, ("contact.consult_ended reason=completed",)),
    Scene(
        a_consult_is_left,
        (
            *("contact.consult_ended reason=left", "contact.consult_ended reason=dismissed"),
            *("leave_consult>ok", "offer.expired kind=consult", "offer.declined kind=consult"),
        ),
    ),
    Scene(a_consult_ends_with_its_contact, ("contact.consult_ended reason=over",)),
    Scene(
        who_takes_part_goes,
        ("contact.consult_ended reason=gone", "contact.consult_ended reason=logged_off"),
    ),
    Scene(the_owner_goes),
    Scene(a_supervisor_gives_it_away),
)
