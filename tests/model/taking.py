"""Stories of contacts that agents take by themselves, and of who may not."""

from presence.calls import CloseSession, SetState
from queues.calls import PutQueue
from router.calls import (
    Accept,
    Assign,
    Claim,
    Close,
    Decline,
    LogOff,
    Release,
    TakeOver,
    Transfer,
)
from tests.model.scenes import Scene, Stage
from tests.model.speaking import asks


def claims(stage: Stage, contact: str, *agents: str) -> None:
    """The agents claim the contact, one after the other."""
    for agent in agents:
        stage.play(Claim(contact=contact, agent=agent), after=1_000)


def who_is_first(stage: Stage) -> None:
    """One has what several want, those who supervise among them; the others hear who."""
    stage.furnish({"distribution": "hybrid", "broadcast_to": 3})
    for agent in ("a", "b", "c"):
        stage.engage(agent)
    stage.engage("v", memberships={"q1": {"role": "supervisor"}})
    stage.engage("x", memberships={"q2": {"role": "agent"}})
    stage.arrive("c1")
    claims(stage, "c1", "x", "v", "v", "a")
    stage.arrive("c2")
    claims(stage, "c2", "b", "c")
    stage.play(Close(contact="c2"))
    claims(stage, "c2", "a")


def who_has_no_room(stage: Stage) -> None:
    """Nobody takes more than he has room for; not being ready is no hindrance, being away is."""
    stage.furnish({"distribution": "hybrid"})
    for agent in ("a", "b", "c", "d"):
        stage.engage(agent)
        stage.play(SetState(agent=agent, presence="not_ready"))
    stage.arrive("c1")
    stage.arrive("c2")
    stage.play(LogOff(agent="c"), SetState(agent="b", presence="offline"))
    stage.play(CloseSession(agent="d", session="s"))
    claims(stage, "c1", "b", "c", "d", "a")
    claims(stage, "c2", "a")
    stage.play(Claim(contact="c2", agent="a", session="gone"))
    stage.play(Close(contact="c1"))
    claims(stage, "c2", "a")


def what_fails_him_is_forgiven(stage: Stage) -> None:
    """Who claims has failed nothing in a row any more, and his turn is used."""
    stage.furnish({"distribution": "hybrid"}, max_declines=2)
    stage.engage("a", slots={"chat": 3})
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"), after=1_000)
    claims(stage, "c1", "a")
    stage.arrive("c2")
    stage.play(Decline(contact="c2", offer=1, agent="a"))


def what_is_put_into_his_hands(stage: Stage) -> None:
    """What a supervisor gives him makes up for nothing; his own that waits he may take again."""
    stage.furnish({"distribution": "hybrid"}, max_declines=2)
    stage.engage("a", slots={"chat": 3})
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"), Assign(contact="c1", agent="a"))
    stage.play(asks("c1", "a"), after=1_000)
    claims(stage, "c1", "a", "a")
    stage.clear()
    stage.furnish(max_declines=2)
    stage.engage("a", slots={"chat": 3})
    stage.arrive("c1")
    stage.play(Decline(contact="c1", offer=1, agent="a"), Assign(contact="c1", agent="a"))
    stage.arrive("c2")
    stage.play(Decline(contact="c2", offer=1, agent="a"))


def what_can_not_be_claimed(stage: Stage) -> None:
    """Nothing from a queue that offers only, nothing before its time; a transfer to him is."""
    stage.furnish({"distribution": "hybrid"})
    stage.engage("a")
    both = {"q1": {"role": "agent"}, "q2": {"role": "agent"}}
    stage.engage("b", memberships=both, slots={"chat": 3})
    stage.arrive("c1", queue="q2")
    stage.arrive("c2", not_before=stage.now + 60_000)
    claims(stage, "c1", "b")
    claims(stage, "c2", "b")
    stage.arrive("c3")
    stage.play(Accept(contact="c3", offer=1, agent="a"))
    stage.play(Transfer(contact="c3", to_agent="b"))
    claims(stage, "c3", "b", "b")


def who_may_take_over(stage: Stage) -> None:
    """Members, those who supervise the queue or have a supervisor's word, or nobody."""
    stage.furnish({"distribution": "pull"})
    for agent in ("a", "b"):
        stage.engage(agent)
    stage.engage("v", memberships={"q1": {"role": "supervisor"}})
    stage.arrive("c1")
    stage.play(TakeOver(contact="c1", agent="b"))
    claims(stage, "c1", "a")
    stage.play(TakeOver(contact="c1", agent="b"), TakeOver(contact="c1", agent="v", reason="late"))
    stage.play(TakeOver(contact="c1", agent="v"))
    stage.play(TakeOver(contact="c1", agent="b", is_supervisor=True))
    for who in ("nobody", "members"):
        stage.play(PutQueue(queue="q1", settings={"distribution": "pull", "take_over": who}))
        stage.play(TakeOver(contact="c1", agent="a", is_supervisor=who == "nobody"))
    stage.play(Transfer(contact="c1", to_agent="b"), TakeOver(contact="c1", agent="v"))
    stage.play(Close(contact="c1"), TakeOver(contact="c1", agent="b"))


def a_queue_where_agents_choose(stage: Stage) -> None:
    """Nobody is called there while it is so, with skills or without; then everybody at once."""
    both = {"chat": 2, "voice": 1}
    stage.furnish()
    stage.engage("a", skills={"en": 5}, slots=both)
    stage.arrive("c1", requirements={"en": 5})
    stage.play(PutQueue(queue="q1", settings={"distribution": "pull"}))
    stage.engage("b", skills={"en": 9}, slots=both)
    stage.arrive("c2", requirements={"en": 1})
    stage.arrive("c3", channel="voice")
    stage.play(Decline(contact="c1", offer=1, agent="a"), after=1_000)
    stage.play(PutQueue(queue="q1", settings={"distribution": "hybrid"}), after=1_000)


def what_is_given_back_there(stage: Stage) -> None:
    """Who releases a contact where agents choose may have it again at once."""
    stage.furnish({"distribution": "pull"})
    stage.engage("a")
    stage.arrive("c1", agents=["a"], agent_wait_ms=2_000)
    stage.play(Accept(contact="c1", offer=1, agent="a"), Release(contact="c1", agent="a"))
    claims(stage, "c1", "a")


TAKING = (
    Scene(who_may_take_over, ("offer.revoked reason=taken_over",)),
    Scene(a_queue_where_agents_choose),
    Scene(what_is_given_back_there),
    Scene(who_is_first, ("offer.revoked reason=claimed",)),
    Scene(who_has_no_room),
    Scene(what_fails_him_is_forgiven),
    Scene(what_can_not_be_claimed),
    Scene(what_is_put_into_his_hands),
)
