"""Short stories about conversations: what comes again, and what it comes to."""

from typing import Any

from queues.calls import Admit, Cancel, KeepAlive, PutQueue, Score
from router.calls import Accept, Archived, Close, Fork, Reopen, Report
from tests.model.pair import Forget
from tests.model.restored import record_of
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
    for policy in ("reopen", "locked"):
        talking(stage, reopen=policy)
        stage.play(Report(contact="c1", author="customer", id="m1"), words("m1"), after=1_000)
        stage.play(Close(contact="c1", wrap_up=False), words("m1"), after=1_000)
        stage.clear()


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


def what_is_back_is_found(stage: Stage) -> None:
    """A score brings a contact back as it ended: what its customer writes then goes on with it."""
    talking(stage)
    stage.play(Close(contact="c1", wrap_up=False), after=1_000)
    record = record_of(stage.pair.model.contacts["c1"])
    stage.play(Archived(position="1-1", unarchived_max=200_000, contacts={"c1": stage.now}))
    stage.play(Score(contact="c1", score=9, record=record), words("c2"), after=1_000)


def an_old_one_goes(stage: Stage) -> None:
    """What another one follows goes without it."""
    talking(stage, reopen="locked")
    stage.play(Close(contact="c1", wrap_up=False))
    gone = Archived(position="1-1", unarchived_max=200_000, contacts={"c1": stage.now})
    stage.play(words("c2"), gone, words("c3"), after=1_000)


OLD: dict[str, Any] = {"id": "c0", "queue": "q1", "channel": "chat", "arrived": 1_600_000_000_000}
OLD |= {"customer": "c7", "conversation": "t", "closed_at": 1_600_000_000_001, "messages": ["m0"]}


def asked_of_the_archive(stage: Stage) -> None:
    """Who is told that the store knows nothing, has changed nothing."""
    talking(stage)
    stage.play(words("o1", conversation="u", asks_archive=True), after=1_000)
    stage.play(words("o1", conversation="u"), words("o2", conversation="u", asks_archive=True))
    stage.play(words("c1", asks_archive=True), words("o3", conversation=None, asks_archive=True))
    stage.play(PutQueue(queue="q1", settings={"reopen": "locked"}))
    stage.play(Close(contact="c1", wrap_up=False), words("c2", asks_archive=True), after=1_000)


def the_archive_has_its_last(stage: Stage) -> None:
    """It goes on as if the store had never let it go; what it heard before is no news."""
    stage.furnish()
    stage.play(words("m0", record=OLD))
    stage.play(words("c2", record=OLD), words("c2", record=OLD), words("c3"), after=1_000)


def the_archive_has_an_earlier_life(stage: Stage) -> None:
    """An id that came again is another contact, whatever conversation it was of before."""
    stage.furnish()
    stage.play(words("c0", conversation="u", record=OLD), words("c2", record=OLD), after=1_000)
    stage.play(words("c6", conversation="v", record={**OLD, "id": "c6", "conversation": "v"}))


def the_archive_has_what_stays_over(stage: Stage) -> None:
    """A new contact follows it, once its queue takes that in; the old one is closed still."""
    stage.furnish({"reopen": "locked"})
    stage.play(words("c2", queue="nowhere", record=OLD), words("c2", record=OLD), after=1_000)
    stage.play(words("c3", record=OLD), Reopen(contact="c0", who="supervisor"), after=1_000)
    late = {**OLD, "id": "d0", "conversation": "u"}
    stage.play(PutQueue(queue="q1", settings={"reopen_window_ms": 1_000}))
    stage.play(words("d1", conversation="u", record=late), after=1_000)


def full_of_links(stage: Stage) -> None:
    """What has as many links as it may is followed too, and names the new one no more."""
    talking(stage, reopen="locked")
    for number in range(20):
        stage.play(Fork(contact="c1", agent="a", to_queue="q2", fork=f"f{number}", fp="g"))
    stage.play(Close(contact="c1", wrap_up=False), words("c2"), after=1_000)
    stage.play(Report(contact="c1", author="customer", id="m"), after=1_000)


def called_by_what_attached(stage: Stage) -> None:
    """Who knows a contact by his own admission's id alone, reaches it by that."""
    talking(stage)
    stage.play(words("c2"), KeepAlive(contacts=["c2", "c9"]), after=1_000)
    stage.play(Report(contact="c2", author="agent", agent="a"), Close(contact="c2", wrap_up=False))
    stage.play(Cancel(contact="c2"), Reopen(contact="c2", who="customer"), after=1_000)
    stage.play(Cancel(contact="c2"), after=1_000)
    gone = Archived(position="1-1", unarchived_max=200_000, contacts={"c1": stage.now})
    stage.play(gone, Cancel(contact="c2"), Reopen(contact="c2", who="customer"), after=1_000)
    record = record_of(stage.pair.model.traces["c1"])
    stage.play(Reopen(contact="c2", who="customer", record=record), after=1_000)


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
    Scene(what_is_back_is_found),
    Scene(an_old_one_goes),
    Scene(asked_of_the_archive, ("admit>unknown",)),
    Scene(the_archive_has_its_last, ("admit: contact.restored",)),
    Scene(the_archive_has_an_earlier_life),
    Scene(the_archive_has_what_stays_over),
    Scene(full_of_links),
    Scene(called_by_what_attached),
    Scene(a_fork_is_none_of_it),
)
