"""What a repair makes of damage, shown on the engine itself: walks only meet what is right."""

from collections.abc import Callable
from typing import Any

import msgspec

from router.doctor.state import decode_state
from tests.model.rare import ASK, Tenant, furnish
from tests.state import READ

Plain = dict[str, Any]


def state_of(tenant: Tenant) -> Plain:
    return decode_state(tenant.client.eval(READ, 1, f"{tenant.prefix}meta", tenant.prefix))


def rewrite(tenant: Tenant, key: str, change: Callable[[Plain], object]) -> None:
    """Somebody's careless hand in a record."""
    record = msgspec.msgpack.decode(tenant.client.get(tenant.prefix + key))
    change(record)
    tenant.client.set(tenant.prefix + key, msgspec.msgpack.encode(record))


def repair(tenant: Tenant, kind: str, key: str, **fields: Any) -> Plain:
    rest = {"places": [], "off_by": 0, "mended": 0, "reason": ""} | fields
    return tenant.call("repair", kind=kind, id=key, echo=True, **rest)


def events(answer: Plain, name: str) -> list[Plain]:
    return [event for event in answer["events"] if event["e"] == name]


def serve(tenant: Tenant, *contacts: str, agent: str = "a") -> None:
    """The agent has them in hand; the next one waits for him."""
    for contact in contacts:
        tenant.call("admit", contact=contact, tier=0, **ASK, now=2_000)
    tenant.call("accept", contact=contacts[0], offer=1, agent=agent, now=2_000)


def check_what_follows_is_made_so(tenant: Tenant) -> None:
    """Entries, timers and slots that are gone come back as they were, and then nothing is wrong."""
    furnish(tenant, "a", "b")
    serve(tenant, "c1", "c2", "c3", "c4")
    before, client, prefix = state_of(tenant), tenant.client, tenant.prefix
    waiting = next(iter(before["waiting"]["general|voice|"]))
    damages: dict[tuple[str, str], list[Callable[[], object]]] = {
        ("contact", "c3"): [
            lambda: client.zrem(f"{prefix}w:general|voice|", waiting),
            lambda: client.zincrby(f"{prefix}wq:general", 7, "c3"),
            lambda: rewrite(tenant, "c:c3", lambda c: c.update(score=7)),
        ],
        ("contact", "c2"): [
            lambda: client.zrem(f"{prefix}timers", "o|c2|1"),
            lambda: rewrite(tenant, "a:b", lambda a: a["work"].clear()),
        ],
        ("contact", "c1"): [lambda: rewrite(tenant, "a:a", lambda a: a["work"].clear())],
        ("agent", "a"): [
            lambda: client.srem(f"{prefix}qm:general", "a"),
            lambda: rewrite(tenant, "ad:a", lambda d: d.update(memberships={})),
            lambda: rewrite(tenant, "a:a", lambda a: a["sessions"].insert(0, 7)),
        ],
        ("queue", "general"): [
            lambda: rewrite(tenant, "q:general", lambda q: q.update(reopen_by=[7, "agent"])),
        ],
    }
    for subject, hands in damages.items():
        for damage in hands:
            damage()
            assert repair(tenant, *subject)["outcome"] == "ok"
            assert repair(tenant, *subject)["outcome"] == "healthy"
            assert state_of(tenant) == before


def check_who_has_no_room_gets_nothing_back(tenant: Tenant) -> None:
    """He holds another one meanwhile: the contact waits again, and who rang for it does no more."""
    furnish(tenant, "a", "b")
    serve(tenant, "c1")
    tenant.call("transfer", contact="c1", to_agent="b", now=2_500)
    rewrite(
        tenant, "a:a", lambda a: a.update(work={"c9": {"k": "assigned", "ch": "voice", "u": 1}})
    )

    answer = repair(tenant, "contact", "c1")
    state = state_of(tenant)
    lost = repair(tenant, "agent", "a")

    assert [event["reason"] for event in events(answer, "contact.queued")] == ["repaired"]
    assert [event["agent"] for event in events(answer, "offer.revoked")] == ["b"]
    assert state["contacts"]["c1"]["state"] == "queued"
    assert (state["agents"]["b"].get("work"), "o|c1|2" in state["timers"]) == (None, False)
    assert [event["contact"] for event in events(lost, "contact.lost")] == ["c9"]


def check_a_guest_without_a_host_is_told(tenant: Tenant) -> None:
    """Its owner is nobody: who takes part is told that it is over, and is free."""
    furnish(tenant, "a", "b")
    serve(tenant, "c1")
    tenant.call("consult", contact="c1", to_agent="b", now=2_500)
    tenant.call("accept", contact="c1", offer=2, agent="b", now=2_600)
    rewrite(tenant, "c:c1", lambda c: c.update(owner="nobody"))

    answer = repair(tenant, "contact", "c1")

    assert [event["agent"] for event in events(answer, "contact.consult_ended")] == ["b"]
    assert "work" not in state_of(tenant)["agents"]["b"]


def check_an_unknown_state_is_left_as_it_is(tenant: Tenant) -> None:
    """Neither the contact nor whoever holds it is touched: a newer version may know the state."""
    furnish(tenant, "a")
    serve(tenant, "c1", "c2")
    rewrite(tenant, "c:c1", lambda c: c.update(state="dreaming"))
    before = tenant.client.get(f"{tenant.prefix}c:c1")

    assert repair(tenant, "contact", "c1")["outcome"] == "unrepairable"
    assert repair(tenant, "agent", "a")["outcome"] == "healthy"
    assert tenant.client.get(f"{tenant.prefix}c:c1") == before
    assert state_of(tenant)["strange"] == {"c1": "dreaming"}


def check_a_record_that_is_gone_is_lost_once(tenant: Tenant) -> None:
    """What is left of it goes, and is told as lost; of what was let go nothing was lost."""
    furnish(tenant)
    for contact in ("c1", "c2"):
        tenant.call("admit", contact=contact, tier=0, **ASK, now=2_000)
    tenant.call("cancel", contact="c2", result="cancelled", now=2_000)
    closed = {"c2": 2_000}
    tenant.call("archived", position="1-0", unarchived_max=9, contacts=closed, now=2_500)
    tenant.client.delete(f"{tenant.prefix}c:c1")
    places = {"c1": ("wq:general", "c1"), "c2": ("wq:general", "c2")}
    tenant.client.zadd(f"{tenant.prefix}wq:general", {"c2": 7})

    told = [
        len(events(repair(tenant, "contact", name, places=[at]), "contact.lost"))
        for name, at in places.items()
    ]

    assert told == [1, 0]
    assert "general" not in state_of(tenant)["queue_waits"]


def check_time_stands_for_a_repair(tenant: Tenant) -> None:
    """What is due may rest on what is wrong: it waits for the next call."""
    furnish(tenant, "a")
    tenant.call("admit", contact="c1", tier=0, **ASK, now=2_000)
    tenant.client.zadd(f"{tenant.prefix}timers", {"o|c1|1": 1})

    answer = repair(tenant, "contact", "c1")

    assert answer["outcome"] == "ok"
    assert events(answer, "offer.expired") == []
    assert state_of(tenant)["contacts"]["c1"]["state"] == "offered"


def check_a_counter_is_not_put_right_twice(tenant: Tenant) -> None:
    """Two who have counted the same fault repair it once."""
    furnish(tenant, "a")
    tenant.client.hset(f"{tenant.prefix}n", "agents|ready", "6")

    answers = [repair(tenant, "counter", "agents|ready", off_by=-5) for _ in range(2)]

    assert [answer["outcome"] for answer in answers] == ["ok", "stale"]
    assert state_of(tenant)["counters"]["agents|ready"] == 1


def check_a_conversation_finds_its_open_contact(tenant: Tenant) -> None:
    """Whatever it named; one that is open is not taken for another one that is."""
    furnish(tenant)
    thread = {"customer": "ana", "conversation": "t1"}
    tenant.call("admit", contact="c1", tier=0, **ASK | thread, now=2_000)
    tenant.call("admit", contact="c2", tier=0, **ASK, now=2_000)
    before, key = state_of(tenant), f"{tenant.prefix}cv:voice|3|ana|t1"
    name = key.removeprefix(f"{tenant.prefix}cv:")
    damages: tuple[tuple[str, str, Callable[[], object]], ...] = (
        ("contact", "c1", lambda: tenant.client.delete(key)),
        ("contact", "c1", lambda: tenant.client.set(key, "c2")),
        ("conversation", name, lambda: tenant.client.pexpire(key, 1_000_000)),
    )
    for kind, what, damage in damages:
        damage()
        assert repair(tenant, kind, what)["outcome"] == "ok"
        assert repair(tenant, kind, what)["outcome"] == "healthy"
        assert state_of(tenant) == before
    rewrite(tenant, "c:c2", lambda c: c.update(thread))
    assert repair(tenant, "contact", "c2")["outcome"] == "healthy"
    assert state_of(tenant)["conversations"] == {name: "c1"}

    tenant.call("cancel", contact="c1", result="cancelled", now=3_000)
    ended = state_of(tenant)
    tenant.client.persist(key)
    assert repair(tenant, "conversation", name)["outcome"] == "ok"
    assert (state_of(tenant), ended["lapsing"]) == (ended | {"clock": 3_000}, [name])
    tenant.client.delete(f"{tenant.prefix}c:c1")
    assert repair(tenant, "conversation", name)["outcome"] == "ok"
    assert state_of(tenant)["conversations"] == {}


REPAIRS = (
    check_a_conversation_finds_its_open_contact,
    check_what_follows_is_made_so,
    check_who_has_no_room_gets_nothing_back,
    check_a_guest_without_a_host_is_told,
    check_an_unknown_state_is_left_as_it_is,
    check_a_record_that_is_gone_is_lost_once,
    check_time_stands_for_a_repair,
    check_a_counter_is_not_put_right_twice,
)
