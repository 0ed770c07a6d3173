"""The invariants hold for what the model does; each falls for a state that breaks its promise."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from presence.calls import OpenSession, PutAgent, SetState
from queues.calls import Admit, PutQueue
from router.calls import Accept, Close, PutTenant
from tests.broken import Broken
from tests.fold import Fold, fold
from tests.invariants import check
from tests.model.model import Model
from tests.model.records import Plain

START = 1_700_000_000_000
SETTINGS: Plain = {"channels": {"chat": {"cost": 2}, "voice": {"cost": 2}}}


def a_busy_tenant() -> tuple[Plain, list[Plain]]:
    """One contact rings, one is assigned, one asks a skill, one asks for an agent, one ended."""
    model = Model()
    member: Plain = {"general": {"role": "agent"}}
    plain: Plain = {"channel": "chat", "fp": "f"}
    events: list[Plain] = []
    for call in (
        PutTenant(settings=SETTINGS, simulated=True),
        PutQueue(queue="general", settings={"first_response_ms": 60_000}),
        PutAgent(agent="a1", memberships=member, skills={"en": 5}, slots={"chat": 2}, capacity=4),
        PutAgent(agent="a2", memberships=member, slots={"chat": 1}, capacity=2),
        OpenSession(agent="a1", session="s1", lease_ms=600_000),
        SetState(agent="a1", presence="ready"),
        Admit(contact="ended", **plain),
        Accept(contact="ended", offer=1, agent="a1"),
        Close(contact="ended"),
        Admit(contact="assigned", **plain),
        Accept(contact="assigned", offer=1, agent="a1"),
        Admit(contact="rings", **plain),
        Admit(contact="personal", agents=["a2"], agent_wait_ms=5_000, **plain),
        Admit(contact="waits", requirements={"en": 5}, **plain),
    ):
        result = model.call(call, START)
        assert result.outcome == "ok"
        events += result.events
    state = model.state()
    state["personal"]["a2"] = ["general|chat|@a2"]
    return state, events


def test_a_busy_tenant_keeps_every_promise() -> None:
    state, events = a_busy_tenant()

    check(state, history=fold(events))


def set_in(*path: str, value: object) -> Callable[[Plain], None]:
    def plant(state: Plain) -> None:
        for name in path[:-1]:
            state = state[name]
        state[path[-1]] = value

    return plant


def drop_in(*path: str) -> Callable[[Plain], None]:
    def plant(state: Plain) -> None:
        for name in path[:-1]:
            state = state[name]
        del state[path[-1]]

    return plant


EN_LINE = "general|chat|en=5"
FAULTS = {
    "waits nowhere": drop_in("waiting", EN_LINE),
    "waits in two lines": set_in("waiting", "general|chat|", value={f"{START}waits": 1}),
    "has another score": set_in("contacts", "waits", "score", value=5),
    "rings nobody": drop_in("contacts", "rings", "ringing"),
    "rings with an old number": set_in("contacts", "rings", "offers", value=0),
    "has no owner": drop_in("contacts", "assigned", "owner"),
    "has no time to live": set_in("expiring", value=[]),
    "lives on borrowed time": set_in("expiring", value=["ended", "waits"]),
    "is held by nobody": drop_in("agents", "a1", "work", "rings"),
    "is held as something else": set_in("agents", "a1", "work", "rings", "k", value="assigned"),
    "holds what is not there": set_in(
        "agents", "a2", "work", value={"ghost": {"k": "offer", "ch": "chat", "u": 2}}
    ),
    "has fewer slots than work": set_in("agents", "a1", "slots", value={"chat": 1}),
    "has less capacity than work": set_in("agents", "a1", "capacity", value=3),
    "is rung while not ready": set_in("agents", "a1", "presence", value="not_ready"),
    "is rung while gone": set_in("agents", "a1", "sessions", value=[]),
    "rings for ever": drop_in("timers", "o|rings|1"),
    "rings until another instant": set_in("timers", "o|rings|1", value=START),
    "is answered some day": drop_in("timers", "t|waits"),
    "is answered by nobody": drop_in("contacts", "waits", "response"),
    "is answered in another queue": set_in(
        *("contacts", "assigned", "response", "queue"), value="other"
    ),
    "has an answer awaited in the end": set_in("contacts", "ended", "response_by", value=START),
    "has another deadline than told": set_in("contacts", "waits", "response_by", value=START),
    "waits for one agent for ever": drop_in("timers", "d|personal"),
    "has a lease for ever": drop_in("timers", "s|a1|s1"),
    "has a line for ever": drop_in("timers", f"l|{EN_LINE}"),
    "has a timer for nothing": set_in("timers", "r|waits", value=START + 1),
    "is counted wrongly": set_in("counters", "offered|general", value=2),
    "is gone without a way out": set_in("agents", "a2", "presence", value="not_ready"),
    "stands where he is not routable": set_in("ready", "general|chat|", value={"a2": START}),
    "is a member unknown": set_in("members", "general", value=["a1"]),
    "has a skill unknown": drop_in("skills", "en"),
    "is an agent unknown": set_in("ids", "agents", value=["a1"]),
    "is a queue unknown": set_in("ids", "queues", value=[]),
    "waits in a line unknown": drop_in("lines", "general"),
    "waits in a personal line unknown": set_in("personal", "a2", value=[]),
    "waits in no queue": drop_in("queue_waits", "general", "waits"),
    "is a key of nobody": set_in("other", value=["stray"]),
    "is lost": drop_in("contacts", "waits"),
    "was never admitted": set_in(
        *("contacts", "stray"),
        value={"id": "stray", "state": "closed", "channel": "chat", "queue": "general"},
    ),
    "is not what the journal says": set_in("contacts", "assigned", "queue", value="other"),
    "is not who the journal says": set_in("agents", "a2", "reason", value="lunch"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_state_that_breaks_a_promise_is_found(fault: str) -> None:
    state, events = a_busy_tenant()
    history = fold(events)
    FAULTS[fault](state)

    with pytest.raises(Broken):
        check(state, history=history)


def test_a_free_agent_beside_a_waiting_contact_is_found() -> None:
    state, _ = a_busy_tenant()
    state["agents"]["a1"].update(slots={"chat": 3}, capacity=8, open={"chat": True})
    turn = state["agents"]["a1"]["turn"]
    state["ready"] = {"general|chat|": {"a1": turn}, EN_LINE: {"a1": turn}}

    with pytest.raises(Broken, match="waits while agent a1 is free"):
        check(state)

    state["contacts"]["waits"].update(tried={"a1": {"n": 1, "until": START + 9}}, retry=START + 9)
    state["timers"]["r|waits"] = START + 9
    check(state)


def test_limits_may_be_lowered_below_what_is_in_hand() -> None:
    state, events = a_busy_tenant()
    [put] = [event for event in events if event["e"] == "agent.put" and event["agent"] == "a1"]
    lower = deepcopy(put) | {"slots": {"chat": 1}}
    state["agents"]["a1"]["slots"] = {"chat": 1}

    check(state, history=fold([*events, lower]))


def last(events: list[Plain], name: str) -> Plain:
    return [event for event in events if event["e"] == name][-1]


def test_a_second_end_of_an_offer_is_found() -> None:
    _, events = a_busy_tenant()

    with pytest.raises(Broken, match="the offer ends that is not pending"):
        fold([*events, last(events, "offer.accepted")])


def test_an_event_after_the_end_is_found() -> None:
    _, events = a_busy_tenant()

    with pytest.raises(Broken, match="that is closed"):
        fold([*events, last(events, "contact.closed")])


def test_an_offer_to_an_agent_without_room_is_found() -> None:
    _, events = a_busy_tenant()
    offer = last(events, "offer.made") | {"contact": "waits", "offer": 1}

    with pytest.raises(Broken, match="without room"):
        fold([*events, offer])


def test_an_offer_past_somebody_who_was_first_is_found() -> None:
    history = Fold()
    _, events = a_busy_tenant()
    admitted = last(events, "contact.admitted")
    for event in events[: events.index(last(events, "offer.made"))]:
        history.apply(event)
    for contact, due in (("first", 1), ("second", 2)):
        history.apply(admitted | {"contact": contact, "due": due})

    with pytest.raises(Broken, match="first waits since earlier"):
        history.apply(last(events, "offer.made") | {"contact": "second", "offer": 1})
