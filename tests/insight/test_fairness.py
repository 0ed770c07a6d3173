"""Overtaking and evenness, as the journal tells them."""

from typing import Any

import pytest

from router.insight.fairness import HALF_LIFE_MS, Fairness, Overtaken

Event = dict[str, Any]


def admitted(contact: str, due: int, tier: int = 0, queue: str = "q") -> Event:
    return {"e": "contact.admitted", "contact": contact, "queue": queue, "due": due, "tier": tier}


def made(contact: str, agent: str = "ann", queue: str = "q") -> Event:
    return {"e": "offer.made", "kind": "queue", "contact": contact, "agent": agent, "queue": queue}


def assigned(contact: str, agent: str = "ann") -> Event:
    return {"e": "contact.assigned", "contact": contact, "agent": agent}


def closed(contact: str, agent: str | None = None) -> Event:
    return {"e": "contact.closed", "contact": contact, "agent": agent}


def state(agent: str, presence: str) -> Event:
    return {"e": "agent.state", "agent": agent, "presence": presence}


def told(events: list[Event]) -> list[Overtaken]:
    fairness = Fairness()
    return [over for at, event in enumerate(events) if (over := fairness.apply(at, event))]


def test_who_goes_in_the_order_of_due_overtakes_nobody() -> None:
    events = [admitted(f"c{n}", due=n) for n in (3, 1, 2)]
    events += [event for n in (1, 2, 3) for event in (made(f"c{n}"), assigned(f"c{n}"))]

    assert told(events) == [Overtaken("q", 0)] * 3


def test_each_who_was_due_earlier_is_overtaken_once() -> None:
    events = [admitted(f"c{n}", due=n) for n in (1, 2, 3, 4)]
    events += [made("c3"), assigned("c3"), made("c4"), closed("c4"), closed("c1"), closed("c2")]

    assert told(events) == [Overtaken("q", times) for times in (0, 0, 2, 2)]


def test_a_higher_tier_goes_first_by_right() -> None:
    events = [admitted("c1", due=1), admitted("c2", due=9, tier=1), made("c2"), closed("c1")]

    assert told(events) == [Overtaken("q", 0)]


def test_who_comes_back_is_counted_on() -> None:
    again = {"e": "contact.queued", "contact": "c1", "queue": "q", "due": 1, "agent": None}
    events = [admitted("c1", due=1), admitted("c2", due=2), admitted("c3", due=3)]
    events += [made("c2"), made("c1"), again, made("c3"), closed("c1")]

    assert told(events) == [Overtaken("q", 2)]


def test_other_queues_and_transfers_overtake_nobody() -> None:
    transfer = made("c9") | {"kind": "transfer"}
    events = [admitted("c1", due=1), admitted("c2", due=2, queue="other")]
    events += [made("c2", queue="other"), transfer, closed("c1")]

    assert told(events) == [Overtaken("q", 0)]


def on_duty(*agents: str) -> Fairness:
    fairness = Fairness()
    for agent in agents:
        put = {"e": "agent.put", "agent": agent, "memberships": {"q": {"role": "agent"}}}
        fairness.apply(0, put)
        fairness.apply(0, state(agent, "ready"))
    return fairness


def test_offers_spread_evenly_have_an_index_of_one() -> None:
    fairness = on_duty("ann", "bob")
    for at in range(0, 600_000, 60_000):
        fairness.apply(at, made(f"a{at}", "ann"))
        fairness.apply(at, made(f"b{at}", "bob"))

    assert fairness.indexes()["q"].offers == pytest.approx(1.0)


def test_when_one_gets_everything_the_index_is_one_by_the_number_of_agents() -> None:
    fairness = on_duty("ann", "bob", "cleo", "dan")
    for at in range(0, 600_000, 60_000):
        fairness.apply(at, made(f"a{at}", "ann"))

    assert fairness.indexes()["q"].offers == pytest.approx(0.25)


def test_who_was_on_a_break_is_compared_for_the_time_he_was_there() -> None:
    fairness = on_duty("ann", "bob")
    half = 300_000
    for at in range(0, half, 30_000):
        fairness.apply(at, made(f"a{at}", "ann"))
        fairness.apply(at, made(f"b{at}", "bob"))
    fairness.apply(half, state("bob", "not_ready"))
    for at in range(half, 2 * half, 30_000):
        fairness.apply(at, made(f"a{at}", "ann"))

    assert fairness.indexes()["q"].offers == pytest.approx(1.0, abs=0.01)


def test_occupancy_is_the_share_of_his_time_that_one_is_busy() -> None:
    fairness = on_duty("ann", "bob")
    fairness.apply(0, assigned("c1", "ann"))
    fairness.apply(600_000, closed("c1", "ann"))

    assert fairness.indexes()["q"].occupancy == pytest.approx(0.5)


def test_what_is_long_past_is_forgotten() -> None:
    fairness = on_duty("ann", "bob")
    for at in range(0, 600_000, 60_000):
        fairness.apply(at, made(f"a{at}", "ann"))
    later = 20 * HALF_LIFE_MS
    for at in range(later, later + 600_000, 60_000):
        fairness.apply(at, made(f"x{at}", "ann"))
        fairness.apply(at, made(f"y{at}", "bob"))

    assert fairness.indexes()["q"].offers == pytest.approx(1.0, abs=0.001)


def test_one_agent_alone_can_not_be_compared() -> None:
    assert on_duty("ann").indexes().get("q", (None, None)) == (None, None)
