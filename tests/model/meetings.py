"""Rules where features meet, each shown once on the engine itself."""

from typing import Any

from tests.model.rare import CARD, Tenant, get_ready


def center(tenant: Tenant, queue: dict[str, Any], **settings: Any) -> None:
    """A tenant with one queue, `q1`, and another one, `q2`, as it comes."""
    tenant.call("put_tenant", settings=settings, simulated=True, now=1_000)
    tenant.call("put_queue", queue="q1", settings=queue, now=1_000)
    tenant.call("put_queue", queue="q2", settings={}, now=1_000)


def come(
    tenant: Tenant, contact: str, now: int, channel: str = "chat", **asks: Any
) -> dict[str, Any]:
    """A contact comes to `q1`."""
    ask = {"contact": contact, "queue": "q1", "channel": channel, "requirements": {}} | asks
    return tenant.call("admit", **ask, **CARD, priority=0, tier=0, fp="f", echo=True, now=now)


def names(answer: dict[str, Any]) -> list[str]:
    return [event["e"] for event in answer["events"]]


def check_a_declared_state_outlives_a_back_off(tenant: Tenant) -> None:
    """What an agent declared for when he is idle comes true in a back-off; no return ends it."""
    center(tenant, {"ring_ms": 5_000}, max_misses=1, return_ms=10_000)
    get_ready(tenant, "a", 2_000, slots={"chat": 2})
    come(tenant, "c1", 3_000)
    come(tenant, "c2", 4_000)
    tenant.call("set_state", agent="a", presence="offline", reason="", when="idle", now=4_500)
    missed = tenant.call("tick", echo=True, now=8_000)
    states = [(e["presence"], e["cause"]) for e in missed["events"] if e["e"] == "agent.state"]
    assert states == [("not_ready", "no_answer"), ("offline", "pending")]
    tenant.call("renew", sessions=[["a", "s"]], lease_ms=60_000, now=8_500)
    assert "agent.state" not in names(tenant.call("tick", echo=True, now=30_000))


def check_what_is_taken_unasked_has_precedence(tenant: Tenant) -> None:
    """A contact that is taken as it is offered sends on what it interrupts and still rings."""
    center(
        tenant,
        {},
        channels={
            "voice": {"auto_accept": True, "exclusive": True, "interrupts": ["email"]},
            "email": {},
        },
    )
    both = {"voice": 1, "email": 1}
    get_ready(tenant, "a", 2_000, slots=both)
    come(tenant, "mail", 3_000, "email")
    get_ready(tenant, "b", 3_500, slots={"email": 1})
    come(tenant, "call", 4_000, "voice")
    rung = tenant.call("view_contact", contact="mail")["contact"]["ringing"]
    assert [offer["agent"] for offer in rung] == ["b"]


def check_the_longest_wait_ends_a_broadcast(tenant: Tenant) -> None:
    """Bells that overlap do not keep a contact ringing beyond its queue's longest wait."""
    rules = {"broadcast_to": 2, "ring_ms": 4_000, "decline_ms": 500, "cooldown_max_ms": 500}
    center(tenant, rules | {"wait_max_ms": 10_000})
    for agent in ("a", "b", "c"):
        get_ready(tenant, agent, 2_000)
    come(tenant, "c1", 3_000)
    for now in range(4_000, 30_000, 2_000):
        rung = tenant.call("view_contact", contact="c1")["contact"].get("ringing")
        if not rung:
            break
        answer = {"agent": rung[0]["agent"], "offer": rung[0]["n"], "cause": "declined"}
        tenant.call("decline", contact="c1", **answer, reason="", now=now)
    assert now <= 13_000 + 2 * 4_000
    assert tenant.call("view_contact", contact="c1")["contact"]["result"] == "expired"


def check_failures_stay_in_their_queue(tenant: Tenant) -> None:
    """In its backup queue a contact has as many offers as that queue allows."""
    center(tenant, {})
    tenant.call("put_queue", queue="q2", settings={"offers_max": 2}, now=1_000)
    get_ready(tenant, "a", 2_000)
    named: dict[str, Any] = {"agents": ["a"], "agent_wait_ms": 60_000, "backup_queue": "q2"}
    come(tenant, "c1", 3_000, **named)
    get_ready(tenant, "b", 3_100)
    no = {"cause": "declined", "reason": ""}
    tenant.call("decline", contact="c1", agent="a", offer=1, **no, now=4_000)
    told = tenant.call("decline", contact="c1", agent="b", offer=2, **no, echo=True, now=5_000)
    assert "contact.escalated" not in names(told)


def check_a_backup_queue_that_closed(tenant: Tenant) -> None:
    """Into a queue that handles nothing any more no contact goes."""
    center(tenant, {})
    get_ready(tenant, "a", 2_000)
    named: dict[str, Any] = {"agents": ["a"], "agent_wait_ms": 60_000, "backup_queue": "q2"}
    come(tenant, "c1", 3_000, **named)
    tenant.call("put_queue", queue="q2", settings={"handles": False}, now=3_500)
    no = {"cause": "declined", "reason": ""}
    tenant.call("decline", contact="c1", agent="a", offer=1, **no, now=4_000)
    assert tenant.call("view_contact", contact="c1")["contact"]["queue"] == "q1"


def check_queues_that_open_together(tenant: Tenant) -> None:
    """What several queues held comes in over several calls, however many queues open at once."""
    hours = {"calendar": "day", "closed": "hold"}
    center(tenant, hours)
    tenant.call("put_queue", queue="q2", settings=hours, now=1_000)
    day = {"settings": {}, "edges": [50_000, 90_000], "until": 100_000}
    tenant.call("put_calendar", calendar="day", **day, now=1_000)
    for number in range(65):
        come(tenant, f"c{number}", 2_000)
        come(tenant, f"d{number}", 2_000, queue="q2")
    opened = names(tenant.call("tick", echo=True, now=50_000))
    assert opened.count("contact.queued") == 64


def check_who_is_back_keeps_those_who_wait(tenant: Tenant) -> None:
    """So many leave at a time; the others stay when somebody is back before their turn."""
    rules = {"leave_when": "nobody_ready", "steps": [{"after_ms": 60_000, "tier": 1}]}
    center(tenant, rules, max_declines=1, return_ms=60_000)
    get_ready(tenant, "a", 2_000, slots={"voice": 1})
    tenant.call("renew", sessions=[["a", "s"]], lease_ms=900_000, now=2_000)
    for number in range(130):
        come(tenant, f"c{number}", 3_000 + number)
    come(tenant, "call", 4_000, "voice")
    no = {"offer": 1, "agent": "a", "cause": "declined", "reason": ""}
    tenant.call("decline", contact="call", **no, now=10_000)
    left = [names(tenant.call("tick", echo=True, now=71_000)) for _ in range(4)]
    assert [events.count("contact.closed") for events in left] == [64, 0, 0, 0]
    assert "agent.state" in left[2]


MEETINGS = (
    check_who_is_back_keeps_those_who_wait,
    check_queues_that_open_together,
    check_a_declared_state_outlives_a_back_off,
    check_what_is_taken_unasked_has_precedence,
    check_the_longest_wait_ends_a_broadcast,
    check_failures_stay_in_their_queue,
    check_a_backup_queue_that_closed,
)
