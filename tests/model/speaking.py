"""Short stories about what is said and whose turn it is: what walks hardly ever come by."""

from typing import Any

from presence.calls import PutAgent, SetState
from queues.calls import Admit, Cancel, PutQueue, Score
from router.calls import (
    Accept,
    Archived,
    Claim,
    Close,
    Decline,
    LogOff,
    PutConfig,
    Release,
    Reopen,
    Report,
    Tick,
    Transfer,
)
from tests.model.records import Plain
from tests.model.restored import record_of
from tests.model.scenes import Scene, Stage

PLAIN: dict[str, object] = {"waiting_customer_ms": 60_000}


def says(contact: str, agent: str | None = None, **more: Any) -> Report:
    """The customer's words, or an agent's."""
    return Report(contact=contact, author="agent" if agent else "customer", agent=agent, **more)


def asks(contact: str, agent: str) -> Report:
    return says(contact, agent, wait=True)


def away(agent: str) -> SetState:
    return SetState(agent=agent, presence="not_ready", reason="lunch")


def talking(stage: Stage, **rules: object) -> None:
    """Agent `a` has a chat."""
    stage.furnish(PLAIN | rules)
    stage.engage("a")
    stage.hand("c1", "a")


def a_question_and_its_answer(stage: Stage) -> None:
    """The owner has the contact again, who has worked on something else meanwhile."""
    talking(stage)
    stage.play(says("c1", "a"), says("c1"), after=1_000)
    stage.play(asks("c1", "a"), after=1_000)
    stage.hand("c2", "a")
    stage.play(Close(contact="c2"), after=1_000)
    stage.play(says("c1"), after=1_000)
    stage.play(says("c1"), says("c1", "a"), after=1_000)
    stage.play(Close(contact="c1"), after=1_000)


def asked_again(stage: Stage) -> None:
    """Each question has its whole time."""
    talking(stage)
    stage.play(asks("c1", "a"))
    stage.play(asks("c1", "a"), after=50_000)
    stage.play(Tick(), after=59_999)
    stage.play(Tick(), after=1)


def his_slot_is_held(stage: Stage) -> None:
    """What keeps the slot is the owner's again though he is away; without an answer it is free."""
    talking(stage, waiting_frees=False)
    stage.play(asks("c1", "a"), away("a"), says("c1"), after=1_000)
    stage.play(asks("c1", "a"), SetState(agent="a", presence="ready"), after=1_000)
    stage.arrive("c2")
    stage.play(Tick(), after=60_000)


def to_who_is_free(stage: Stage) -> None:
    """Its owner is busy, away, or has left the queue: it goes on in its queue."""
    for position in ("keep", "front", "back"):
        for obstacle in ("busy", "away", "left"):
            talking(stage, return_position=position)
            stage.play(asks("c1", "a"), after=1_000)
            if obstacle == "busy":
                stage.hand("c2", "a")
            elif obstacle == "away":
                stage.play(away("a"))
            else:
                stage.play(PutAgent(agent="a", slots={"chat": 1}))
            stage.arrive("c3", priority=1)
            stage.play(says("c1"), after=1_000)
            stage.clear()


def a_place_is_kept(stage: Stage) -> None:
    """The one that it had, though others of its queue are due otherwise by now."""
    talking(stage)
    stage.play(asks("c1", "a"), away("a"), after=1_000)
    stage.play(PutQueue(queue="q1", settings=PLAIN | {"target_ms": 90_000}))
    stage.play(says("c1"), after=1_000)


def to_who_could_claim_it(stage: Stage) -> None:
    """Where agents claim, an owner who is away but connected goes on; not one without room."""
    for obstacle in ("away", "busy", "left"):
        talking(stage, distribution="hybrid")
        stage.play(asks("c1", "a"), away("a"), after=1_000)
        if obstacle == "busy":
            stage.arrive("c2")
            stage.play(Claim(contact="c2", agent="a"))
        elif obstacle == "left":
            stage.play(PutAgent(agent="a", slots={"chat": 1}))
        stage.play(says("c1"), after=1_000)
        stage.clear()


def it_waits_for_its_owner(stage: Stage) -> None:
    """With `sticky`, for one who only lacks room; not for one who is away."""
    talking(stage, sticky="wait", sticky_wait_ms=5_000)
    stage.engage("b")
    stage.play(away("b"), asks("c1", "a"), after=1_000)
    stage.hand("c2", "a")
    stage.play(SetState(agent="b", presence="ready"), says("c1"), after=1_000)
    stage.play(Tick(), after=5_000)
    stage.clear()
    talking(stage, sticky="wait", sticky_wait_ms=5_000)
    stage.play(asks("c1", "a"), away("a"), says("c1"), after=1_000)


def its_owner_goes(stage: Stage) -> None:
    """It waits on for its customer, and holds nobody's slot."""
    for requeue in ("keep", "requeue"):
        talking(stage, waiting_frees=False)
        stage.play(asks("c1", "a"), LogOff(agent="a", contacts=requeue), after=1_000)
        stage.play(Tick(), after=59_000)
        stage.play(asks("c1", "a"))
        stage.play(Tick(), after=1_000)
        stage.play(says("c1"))
        stage.clear()


def its_owner_is_removed(stage: Stage) -> None:
    """Who holds nothing may be removed; what he asked for goes to the others."""
    talking(stage)
    stage.play(asks("c1", "a"), LogOff(agent="a"), after=1_000)
    stage.play(PutConfig(changes=[{"kind": "agent", "id": "a", "remove": True}]))
    stage.play(says("c1"), after=1_000)


def a_pending_state_does_not_wait_for_customers(stage: Stage) -> None:
    """Whoever holds nothing but what waits for its customer is idle."""
    talking(stage, waiting_frees=False)
    stage.play(SetState(agent="a", presence="not_ready", when="idle"), after=1_000)
    stage.play(asks("c1", "a"), after=1_000)
    stage.play(SetState(agent="a", presence="ready"), after=1_000)
    stage.play(SetState(agent="a", presence="offline", when="idle"), after=1_000)


def a_transfer_that_rings(stage: Stage) -> None:
    """A question ends it; what waits for its customer is transferred to queues alone."""
    talking(stage)
    stage.engage("b")
    stage.play(Transfer(contact="c1", to_agent="b"), asks("c1", "a"), after=1_000)
    stage.play(Transfer(contact="c1", to_agent="b"), Transfer(contact="c1", to_queue="q2"))


def since_when_he_waits(stage: Stage) -> None:
    """Given back, what was answered waits from now, and what was not, from when it was said."""
    talking(stage)
    stage.play(says("c1", "a"), after=1_000)
    stage.play(Release(contact="c1", agent="a"), after=1_000)
    stage.clear()
    talking(stage)
    stage.play(says("c1"), after=1_000)
    stage.play(Release(contact="c1", agent="a"), after=1_000)


def messages_that_are_known(stage: Stage) -> None:
    """The last twenty ids, and the last fifty who have replied."""
    talking(stage)
    for number in range(21):
        stage.play(says("c1", id=f"m{number}"))
    stage.play(says("c1", id="m1"), says("c1", id="m0"))
    for number in range(51):
        stage.play(PutAgent(agent=f"x{number}", memberships={"q1": {"role": "supervisor"}}))
        stage.play(says("c1", f"x{number}"))


def an_answer_takes_what_nobody_has(stage: Stage) -> None:
    """Where claims are allowed and he has room; a question needs that he has it."""
    for distribution in ("hybrid", "push"):
        stage.furnish(PLAIN | {"distribution": distribution})
        stage.engage("a")
        stage.play(away("a"))
        stage.arrive("c1")
        stage.play(says("c1", "a"), asks("c1", "a"), after=1_000)
        stage.arrive("c2")
        stage.play(says("c2", "a"), asks("c2", "a"), after=1_000)
        stage.play(says("c2", "b"), says("c2", "a", visibility="internal"))
        stage.clear()


def brought_back(stage: Stage) -> None:
    """By its customer, to its last owner first; by an agent, into his hands; by its policy."""
    for who in ("customer", "agent", "supervisor"):
        for policy in ("reopen", "new_linked_contact", "locked"):
            by = ["customer", "agent"] if who == "agent" else ["customer"]
            talking(stage, reopen=policy, reopen_by=by, reopen_window_ms=5_000)
            stage.engage("b")
            stage.play(Close(contact="c1"), after=1_000)
            agent = "b" if who == "agent" else None
            stage.play(Reopen(contact="c1", who=who, agent=agent), after=1_000)
            stage.play(Reopen(contact="c1", who=who, agent=agent), after=1_000)
            stage.play(says("c1", id="m1"), says("c1", id="m1"), says("c1", "b"), after=1_000)
            stage.clear()


def in_time(stage: Stage) -> None:
    """Up to the last moment of the window."""
    for late in (0, 1):
        talking(stage, reopen_window_ms=5_000)
        stage.play(Close(contact="c1"), after=1_000)
        stage.play(says("c1"), after=5_000 + late)
        stage.clear()


def while_it_is_written_up(stage: Stage) -> None:
    """It is its owner's again, and his wrap-up does not end it."""
    talking(stage, wrap_up_ms=5_000)
    stage.play(says("c1", "a"), Close(contact="c1"), says("c1", "a"), after=1_000)
    stage.play(says("c1"), after=1_000)
    stage.play(Tick(), after=5_000)
    stage.play(Close(contact="c1", wrap_up=False), after=1_000)


def what_follows_is_followed(stage: Stage) -> None:
    """The new contact goes on for the old one, and another one for that."""
    talking(stage, reopen="new_linked_contact", distribution="hybrid")
    stage.play(Close(contact="c1"), says("c1", id="m1"), says("c1", id="m1"), after=1_000)
    stage.play(says("c1", id="m2"), says("c1", "a"), after=1_000)
    stage.play(Close(contact="c1.2"), says("c1", follow_up="c1"), says("c1"), after=1_000)


def from_the_archive(stage: Stage) -> None:
    """What the store has forgotten comes back as it was kept."""
    stage.furnish()
    stage.engage("a")
    stage.engage("b")
    record = {"id": "c9", "queue": "q1", "channel": "chat", "owner": "b", "customer": "c7"}
    stage.play(Reopen(contact="c9", who="customer"), after=1_000)
    stage.play(Reopen(contact="c9", who="customer", record=record), after=1_000)
    gone = record | {"id": "c8", "queue": "nowhere"}
    stage.play(Reopen(contact="c8", who="customer", record=gone), after=1_000)
    stage.play(Reopen(contact="c8", who="agent", agent="x", record=gone | {"queue": "q2"}))
    stage.play(Reopen(contact="c8", who="agent", agent="a", record=gone | {"queue": "q2"}))


def let_go(stage: Stage, contact: str) -> Plain:
    """The archive has it, and nobody else; answers what it has."""
    known = stage.pair.model.contacts[contact]
    record = record_of(known)
    stage.play(
        Archived(position="1-1", unarchived_max=1_000, contacts={contact: known.closed_at or 0})
    )
    return record


def closed_again_since(stage: Stage) -> None:
    """What the archive has is an earlier end: the contact stays, and may be spoken of."""
    talking(stage, reopen="reopen")
    stage.play(Close(contact="c1"), after=1_000)
    first = stage.now
    stage.play(says("c1"), Cancel(contact="c1"), after=1_000)
    stage.play(Archived(position="1-1", unarchived_max=1_000, contacts={"c1": first}))
    stage.play(says("c1"), after=1_000)


def said_of_what_was_let_go(stage: Stage) -> None:
    """Words and scores reach it, once each; words inside leave it over."""
    for policy in ("reopen", "new_linked_contact", "locked"):
        talking(stage, reopen=policy)
        stage.play(says("c1", "a", id="m1"), Close(contact="c1", disposition="bill"), after=1_000)
        record = let_go(stage, "c1")
        stage.play(says("c1", id="m1", record=record), after=1_000)
        stage.play(says("c1", "a", visibility="internal", record=record), after=1_000)
        record = let_go(stage, "c1")
        stage.play(Score(contact="c1", score=9, comment="quick", record=record), after=1_000)
        record = let_go(stage, "c1")
        for score in (9, 1):
            scored = Score(contact="c1", score=score, comment="quick", record=record)
            stage.play(scored, after=1_000)
        stage.play(says("c1", record=record, follow_up="c1"), after=1_000)
        stage.play(says("c1", id="m2", record=record), after=1_000)
        stage.play(says("c1"), after=1_000)
        stage.clear()


def followed_long_ago(stage: Stage) -> None:
    """The id of one that has followed is not given to another, however long ago that was."""
    talking(stage, reopen="new_linked_contact")
    stage.play(Close(contact="c1"), after=1_000)
    record = {"id": "c9", "queue": "q1", "channel": "chat", "episode": 3, "offers": 4}
    links = [{"kind": "follow_up", "contact": "c9.2"}]
    stage.play(Reopen(contact="c9", who="customer", record=record | {"links": links}), after=1_000)


def into_a_queue_that_takes_no_more(stage: Stage) -> None:
    """What was in it stays over."""
    talking(stage)
    stage.play(Close(contact="c1"), PutQueue(queue="q1", settings={"handles": False}))
    stage.play(Reopen(contact="c1", who="supervisor"), after=1_000)


def who_may_not_speak(stage: Stage) -> None:
    """Strangers say nothing, a note answers nobody, and only its owner asks with `wait`."""
    talking(stage)
    stage.engage("b")
    stage.play(PutAgent(agent="x"), says("c1", "x"), asks("c1", "b"), after=1_000)
    stage.play(says("c1"), says("c1", "a", visibility="internal"), after=1_000)
    later = stage.now + 60_000
    stage.play(Admit(contact="c2", queue="q1", channel="chat", fp="f", not_before=later))
    stage.play(asks("c2", "a"), after=1_000)


def time_in_hand(stage: Stage) -> None:
    """The next owner has his own time; who was not spoken with waits from when he is given back."""
    talking(stage)
    stage.engage("b")
    stage.play(asks("c1", "a"), away("a"), says("c1"), after=1_000)
    stage.play(Accept(contact="c1", offer=2, agent="b"), after=1_000)
    stage.play(Close(contact="c1", wrap_up=False), after=1_000)
    stage.clear()
    talking(stage)
    stage.play(Release(contact="c1", agent="a"), after=1_000)


def a_fresh_start(stage: Stage) -> None:
    """What failed before the end is forgotten; an agent who may not bring it back does not."""
    stage.furnish({"reopen_by": ["customer"]})
    stage.engage("a")
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"), Cancel(contact="c1"), after=1_000)
    stage.play(Reopen(contact="c1", who="agent", agent="a"), after=1_000)
    stage.play(Reopen(contact="c1", who="customer"), after=1_000)


SPEAKING = (
    Scene(a_question_and_its_answer, ("contact.assigned how=customer_replied",)),
    Scene(asked_again, ("contact.closed reason=no_answer",)),
    Scene(his_slot_is_held),
    Scene(to_who_is_free, ("contact.queued reason=customer_replied",)),
    Scene(a_place_is_kept),
    Scene(to_who_could_claim_it, ("contact.assigned how=customer_replied",)),
    Scene(it_waits_for_its_owner),
    Scene(its_owner_goes, ("contact.waiting_customer reason=owner_gone",)),
    Scene(its_owner_is_removed),
    Scene(a_pending_state_does_not_wait_for_customers),
    Scene(a_transfer_that_rings, ("offer.revoked reason=waiting_customer",)),
    Scene(since_when_he_waits),
    Scene(messages_that_are_known),
    Scene(an_answer_takes_what_nobody_has, ("contact.assigned how=reply",)),
    Scene(brought_back, ("contact.assigned how=reopen", "report>locked", "reopen>locked")),
    Scene(in_time),
    Scene(who_may_not_speak),
    Scene(time_in_hand),
    Scene(a_fresh_start),
    Scene(while_it_is_written_up),
    Scene(what_follows_is_followed, ("report>conflict",)),
    Scene(from_the_archive),
    Scene(said_of_what_was_let_go, ("score: contact.restored", "report: contact.restored")),
    Scene(closed_again_since),
    Scene(followed_long_ago),
    Scene(into_a_queue_that_takes_no_more),
)
