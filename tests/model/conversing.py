"""Short stories about conversations: what comes again, and what it comes to."""

from typing import Any

from queues.calls import Admit, Cancel, PutQueue
from router.calls import Accept, Archived, Close, Fork, Reopen, Report
from tests.model.pair import Forget
from tests.model.scenes import Scene, Stage

LATER = 60_000


def words(contact: str, **more: Any) -> Admit:
    """The customer writes under the key `t`, in a contact of this id."""
    asks: dict[str, Any] = {"queue": "q1", "channel": "chat", "fp": "f", "customer": "c7"}
    return Admit(contact=contact, **asks | {"conversation": "t"} | more)


def talking(stage: Stage, **queue: object) -> None:
    """A contact of the conversation, in the hands of `a`."""
    stage.furnish(queue)
    stage.engage("a")
    stage.play(words("c1"))
    stage.play(Accept(contact="c1", offer=1, agent="a"))


def he_writes_again(stage: Stage) -> None:
    """It comes back to its owner; the same again changes nothing, other content is a conflict."""
    talking(stage)
    stage.play(Report(contact="c1", author="agent", agent="a", wait=True), after=1_000)
    stage.play(words("c2"), words("c2"), words("c2", fp="g"), words("c3"), after=1_000)
    stage.play(Report(contact="c1", author="customer", id="c3"), words("c1"), after=1_000)


def what_was_told_already(stage: Stage) -> None:
    """A message that was reported is no news as an admission, even when all is over."""
    talking(stage)
    stage.play(Report(contact="c1", author="customer", id="m1"), words("m1"), after=1_000)
    stage.play(Close(contact="c1", wrap_up=False), words("m1"), after=1_000)


def each_has_its_own(stage: Stage) -> None:
    """Another customer, channel or key is another conversation; none at all is none."""
    talking(stage)
    others: tuple[dict[str, Any], ...] = (
        {"customer": "c8"},
        {"channel": "voice"},
        {"conversation": "u"},
        {"conversation": None},
        {"customer": "c7|t", "conversation": "t"},
        {"customer": "c7", "conversation": "t|t"},
    )
    stage.play(*(words(f"o{n}", **other) for n, other in enumerate(others)), after=1_000)
    stage.play(*(words(f"p{n}", **other) for n, other in enumerate(others)), after=1_000)


def it_waits_still(stage: Stage) -> None:
    """Waiting, held or for later: it stays where it is, and no queue is asked."""
    stage.furnish({"length_max": 1})
    stage.play(words("c1"), words("c2"), words("c3", queue="nowhere"), after=1_000)
    stage.play(words("d1", conversation="u", not_before=stage.now + LATER, queue="q2"))
    stage.play(words("d2", conversation="u", not_before=stage.now + LATER))


def brought_back_by_writing(stage: Stage) -> None:
    """What is over is reopened, from the wrap-up into its hands; the repeat reopens nothing."""
    talking(stage, wrap_up="forced")
    stage.play(Close(contact="c1"), words("c2"), after=1_000)
    stage.play(Close(contact="c1", wrap_up=False), words("c3"), after=1_000)
    stage.play(Cancel(contact="c1"), words("c3"), words("c2"), after=1_000)


def a_new_episode(stage: Stage) -> None:
    """What stays over is followed by a new contact; to the old one nothing is said any more."""
    talking(stage, reopen="locked")
    stage.play(Close(contact="c1", wrap_up=False), words("c2", queue="nowhere"), after=1_000)
    stage.play(words("c2"), words("c3"), Reopen(contact="c1", who="supervisor"), after=1_000)
    stage.play(Cancel(contact="c2"), words("c4"), after=1_000)
    stage.play(Report(contact="c1", author="customer", id="m"), after=1_000)


def linked_as_the_queue_has_it(stage: Stage) -> None:
    """The new one has the admission's id; one that a message made is the latest too."""
    talking(stage, reopen="new_linked_contact")
    stage.play(Close(contact="c1", wrap_up=False), words("c2"), words("c3"), after=1_000)
    stage.play(Cancel(contact="c2"), after=1_000)
    stage.play(Report(contact="c2", author="customer", id="m", follow_up="c9"), after=1_000)
    stage.play(words("c4"), after=1_000)


def in_the_wrap_up(stage: Stage) -> None:
    """Its owner writes it up to the end beside the new one."""
    talking(stage, wrap_up="forced", reopen="locked")
    stage.play(Close(contact="c1"), words("c2"), words("c3"), after=1_000)
    stage.play(Cancel(contact="c2"), words("c4"), after=1_000)


def what_is_gone(stage: Stage) -> None:
    """What was let go or has expired is not followed; from the archive it finds the new one."""
    talking(stage)
    stage.play(Close(contact="c1", wrap_up=False), after=1_000)
    gone = Archived(position="1-1", unarchived_max=200_000, contacts={"c1": stage.now})
    stage.play(gone, words("c2"), after=1_000)
    record = {"id": "c1", "queue": "q1", "channel": "chat", "customer": "c7", "conversation": "t"}
    stage.play(Reopen(contact="c1", who="customer", record=record), after=1_000)
    stage.play(Cancel(contact="c2"))
    stage.pair.run(Forget("c2"))
    stage.play(words("c4"), after=1_000)
    stage.play(Archived(position="1-1", unarchived_max=200_000, contacts={"c1": 1}))


def an_old_one_goes(stage: Stage) -> None:
    """What another one follows goes without it."""
    talking(stage, reopen="locked")
    stage.play(Close(contact="c1", wrap_up=False))
    gone = Archived(position="1-1", unarchived_max=200_000, contacts={"c1": stage.now})
    stage.play(words("c2"), gone, words("c3"), after=1_000)


def a_fork_is_none_of_it(stage: Stage) -> None:
    """What is made of it for another queue is no part of the conversation."""
    talking(stage)
    stage.play(Fork(contact="c1", agent="a", to_queue="q2", fork="f1", fp="g"), after=1_000)
    stage.play(Close(contact="c1", wrap_up=False), PutQueue(queue="q1", settings={}))
    stage.play(words("c2"), words("f1", fp="g"), after=1_000)


CONVERSING = (
    Scene(he_writes_again, ("admit: contact.assigned", "admit>conflict")),
    Scene(what_was_told_already),
    Scene(each_has_its_own),
    Scene(it_waits_still),
    Scene(brought_back_by_writing, ("admit: contact.reopened",)),
    Scene(a_new_episode, ("admit: contact.linked",)),
    Scene(linked_as_the_queue_has_it),
    Scene(in_the_wrap_up),
    Scene(what_is_gone),
    Scene(an_old_one_goes),
    Scene(a_fork_is_none_of_it),
)
