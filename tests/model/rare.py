"""Rules that random walks hardly ever meet, each shown once on the engine itself."""

from itertools import permutations
from typing import Any

import msgspec
import redis

from router.engine.library import Library


class Tenant:
    """A tenant spoken to directly, by names and arguments."""

    def __init__(self, client: "redis.Redis", library: Library, name: str) -> None:
        self.client: Any = client
        self.library = library
        self.prefix = f"{{{name}}}:"

    def call(self, transition: str, **args: object) -> dict[str, Any]:
        blob = self.client.fcall(
            self.library.function(transition),
            1,
            f"{self.prefix}meta",
            msgspec.msgpack.encode(args | {"by": "r-rare", "actor": ""}),
        )
        reply: dict[str, Any] = msgspec.msgpack.decode(blob)
        return reply

    def drop(self) -> None:
        self.client.delete(*self.client.scan_iter(f"{self.prefix}*"))


def check_whose_clock(tenant: Tenant) -> None:
    """A tenant that is not simulated refuses a caller's instant."""
    assert tenant.call("put_tenant", settings={}, simulated=False)["outcome"] == "ok"
    assert tenant.call("tick", now=1)["outcome"] == "bad_clock"
    assert tenant.call("tick")["outcome"] == "ok"


def check_ties(tenant: Tenant) -> None:
    """Contacts of two queues that are due at one instant are served by entry, then by id."""
    tenant.call("put_tenant", settings={}, simulated=True, now=1_000)
    memberships = {queue: {"role": "agent", "level": 1} for queue in ("q1", "q2")}
    slots = {"voice": 1}
    for queue in memberships:
        tenant.call("put_queue", queue=queue, settings={}, now=1_000)
    agent = {"agent": "a", "name": "", "memberships": memberships, "skills": {}, "slots": slots}
    tenant.call("put_agent", **agent, capacity=1, now=1_000)
    card = dict.fromkeys(("address", "subject", "origin", "customer", "attributes"), "")
    for contact, queue in (("c2", "q1"), ("c1", "q2"), ("c3", "q1")):
        ask = {"contact": contact, "queue": queue, "channel": "voice", "requirements": {}}
        tenant.call("admit", **ask, **card, priority=0, tier=0, fp="f", now=2_000)
    tenant.call("open_session", agent="a", session="s", lease_ms=60_000, now=3_000)
    ready = {"presence": "ready", "reason": "", "when": "now"}
    answer = tenant.call("set_state", agent="a", **ready, echo=True, now=3_000)
    offered = [event["contact"] for event in answer["events"] if event["e"] == "offer.made"]
    assert offered == ["c1"]


CARD = dict.fromkeys(("address", "subject", "origin", "customer", "attributes"), "")
ASK = {"channel": "voice", "requirements": {}, "priority": 0, "fp": "f", **CARD}


def furnish(tenant: Tenant, *agents: str) -> None:
    """A tenant with agents of its default queue, connected and ready for one call each."""
    tenant.call("put_tenant", settings={}, simulated=True, now=1_000)
    for agent in agents:
        define(tenant, agent, memberships={"general": {"role": "agent", "level": 1}})
        tenant.call("open_session", agent=agent, session="s", lease_ms=60_000, now=1_000)
        state = {"presence": "ready", "reason": "", "when": "now"}
        tenant.call("set_state", agent=agent, **state, now=1_000)


def define(tenant: Tenant, agent: str, **memberships: Any) -> None:
    own = {"agent": agent, "name": "", "skills": {}, "slots": {"voice": 1}, "capacity": 1}
    tenant.call("put_agent", **own, **memberships, now=1_000)


def check_front_of_its_own_tier(tenant: Tenant) -> None:
    """Transferred to the front, a contact stays behind those of a higher tier."""
    furnish(tenant, "a")
    tenant.call("admit", contact="low", tier=0, **ASK, now=2_000)
    tenant.call("accept", contact="low", offer=1, agent="a", now=2_000)
    away = {"presence": "not_ready", "reason": "", "when": "idle"}
    tenant.call("set_state", agent="a", **away, now=2_000)
    tenant.call("admit", contact="high", tier=1, **ASK, now=3_000)
    place = {"to_queue": "general", "position": "front"}
    assert tenant.call("transfer", contact="low", **place, now=4_000)["state"] == "queued"
    low, high = (tenant.call("view_contact", contact=name)["contact"] for name in ("low", "high"))
    assert low["score"] > high["score"]


def check_who_left_is_not_waited_for(tenant: Tenant) -> None:
    """While it rings at one of its agents, the other one leaves the queue."""
    furnish(tenant, "a", "b")
    named = {"agents": ["a", "b"], "agent_wait_ms": 60_000}
    assert (
        tenant.call("admit", contact="c", tier=0, **ASK, **named, now=2_000)["state"] == "offered"
    )
    define(tenant, "b", memberships={})
    answer = {"agent": "a", "offer": 1, "cause": "declined", "reason": ""}
    tenant.call("decline", contact="c", **answer, now=3_000)
    assert tenant.call("view_contact", contact="c")["contact"]["line"] == "general|voice|"


def check_empty_personal_lines_are_forgotten(tenant: Tenant) -> None:
    """Whoever is named often, in ever new company, does not carry all the lines of his past."""
    furnish(tenant, *"abcde")
    for agent in "abcde":
        away = {"presence": "offline", "reason": "", "when": "now"}
        tenant.call("set_state", agent=agent, **away, now=1_500)
    orders = [list(order) for order in permutations("abcde", 4)]
    wait = {"tier": 0, **ASK, "agent_wait_ms": 60_000, "now": 2_000}
    for number, order in enumerate(orders):
        tenant.call("admit", contact=f"c{number}", agents=order, **wait)
        if number:
            tenant.call("cancel", contact=f"c{number}", result="cancelled", now=2_000)
    record = msgspec.msgpack.decode(tenant.client.get(f"{tenant.prefix}a:a"))
    assert len(orders) == 120
    assert len(record["direct"]) < 60
    tenant.call("open_session", agent="a", session="s2", lease_ms=60_000, now=3_000)
    ready = {"presence": "ready", "reason": "", "when": "now"}
    answer = tenant.call("set_state", agent="a", **ready, echo=True, now=3_000)
    assert offered(answer) == ["c0"]


def arrive(tenant: Tenant, contact: str, queue: str, now: int, **asks: object) -> list[str]:
    """A chat arrives; answers who is offered it."""
    ask = {"contact": contact, "queue": queue, "channel": "chat", "requirements": {}, **asks}
    admitted = tenant.call("admit", **ask, **CARD, priority=0, tier=0, fp="f", now=now)
    return [offer["agent"] for offer in admitted.get("offers") or []]


def get_ready(tenant: Tenant, agent: str, now: int, **definition: object) -> list[str]:
    """A new agent of both queues; answers which contacts he is offered."""
    memberships = {queue: {"role": "agent", "level": 1} for queue in ("q1", "q2")}
    own = {
        "name": "",
        "memberships": memberships,
        "skills": {},
        "slots": {"chat": 1},
        "capacity": 9,
    }
    tenant.call("put_agent", agent=agent, **own | definition, now=now)
    tenant.call("open_session", agent=agent, session="s", lease_ms=60_000, now=now)
    ready = {"presence": "ready", "reason": "", "when": "now"}
    return offered(tenant.call("set_state", agent=agent, **ready, echo=True, now=now))


def offered(answer: dict[str, Any]) -> list[str]:
    return [event["contact"] for event in answer["events"] if event["e"] == "offer.made"]


def two_queues(tenant: Tenant, **rules: object) -> None:
    """Two queues; the rules are those of the second."""
    tenant.call("put_tenant", settings={}, simulated=True, now=1_000)
    tenant.call("put_queue", queue="q1", settings={}, now=1_000)
    tenant.call("put_queue", queue="q2", settings=rules, now=1_000)


def check_credited_arrivals(tenant: Tenant) -> None:
    """Of two contacts that come back in one step, that of the credited queue is offered first."""
    two_queues(tenant, credit_ms=5_000)
    get_ready(tenant, "a", 2_000, slots={"chat": 2})
    assert arrive(tenant, "c1", "q1", 3_000) == arrive(tenant, "c2", "q2", 3_000) == ["a"]
    get_ready(tenant, "b", 3_500)
    gone = {"agent": "a", "session": "s", "reason": "bye"}
    assert offered(tenant.call("close_session", **gone, echo=True, now=4_000)) == ["c2"]


def check_new_credits(tenant: Tenant) -> None:
    """A queue's credit counts at once, for agents whose lines the store has already worked out."""
    two_queues(tenant)
    get_ready(tenant, "a", 2_000)
    for contact, queue in (("c0", "q1"), ("c1", "q1"), ("c2", "q2"), ("c3", "q1")):
        arrive(tenant, contact, queue, 3_000)
    tenant.call("put_queue", queue="q2", settings={"credit_ms": 5_000}, now=3_000)
    assert get_ready(tenant, "b", 4_000) == ["c2"]
    tenant.call("put_queue", queue="q2", settings={"credit_ms": -5_000}, now=4_000)
    assert get_ready(tenant, "c", 5_000) == ["c1"]


def check_credit_of_a_membership(tenant: Tenant) -> None:
    """Who is credited for a queue sees its contacts due earlier than his colleague does."""
    two_queues(tenant)
    for contact, queue in (("c1", "q1"), ("c2", "q2"), ("c3", "q1"), ("c4", "q2")):
        arrive(tenant, contact, queue, 2_000)
    keen = {"q1": {"role": "agent"}, "q2": {"role": "agent", "credit_ms": 5_000}}
    assert get_ready(tenant, "a", 3_000, memberships=keen) == ["c2"]
    assert get_ready(tenant, "b", 3_000) == ["c1"]


def check_clocks_are_wound_up(tenant: Tenant) -> None:
    """Who was away while the race went on takes part in it from where it is now."""
    two_queues(tenant, strategy="weighted_random")
    for agent in ("a", "b"):
        get_ready(tenant, agent, 2_000)
    state = {"agent": "a", "reason": "", "when": "now"}
    tenant.call("set_state", presence="not_ready", **state, now=3_000)
    for number in range(60):
        arrive(tenant, f"c{number}", "q2", 4_000)
        tenant.call("cancel", contact=f"c{number}", result="abandoned", now=4_000)
    tenant.call("set_state", presence="ready", **state, now=5_000)
    race = int(tenant.client.hget(f"{tenant.prefix}v", "q2"))
    assert tenant.client.zscore(f"{tenant.prefix}r:q2|chat|", "a") > race


def check_new_line_by_skill(tenant: Tenant) -> None:
    """A line that is made for its first contact knows at once who is best at what it asks."""
    two_queues(tenant, strategy="best_skill")
    for agent, levels in (("a", (9, 1)), ("b", (5, 8)), ("c", (9, 3))):
        get_ready(tenant, agent, 2_000, skills=dict(zip(("en", "pt"), levels, strict=True)))
    assert arrive(tenant, "c1", "q2", 3_000, requirements={"en": 5, "pt": 1}) == ["b"]
    assert arrive(tenant, "c2", "q2", 3_000, requirements={"en": 9}) == ["a"]


def check_several_free(tenant: Tenant) -> None:
    """A contact gets the first in its line's row, who himself takes what is due first for him."""
    two_queues(tenant, strategy="top_down")
    costly: dict[str, object] = {"channels": {"chat": {"cost": 10}}}
    tenant.call("put_tenant", settings=costly, simulated=True, now=1_000)
    for agent, queues, level in (("a", ("q2",), 20), ("b", ("q1", "q2"), 90)):
        memberships = {queue: {"role": "agent", "level": level} for queue in queues}
        assert get_ready(tenant, agent, 2_000, memberships=memberships) == []
    for contact, queue in (("c1", "q1"), ("c2", "q2")):
        arrive(tenant, contact, queue, 3_000)
    answer = tenant.call("put_tenant", settings={}, simulated=True, echo=True, now=4_000)
    assert made(answer) == [("c1", "b"), ("c2", "a")]


def made(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Which contact was offered to whom."""
    events = [event for event in answer["events"] if event["e"] == "offer.made"]
    return [(event["contact"], event["agent"]) for event in events]


def check_second_bells_for_new_agents_first(tenant: Tenant) -> None:
    """A contact that widens rings who has not failed it, though one who has stands before him."""
    two_queues(tenant, broadcast_step_ms=2_000, decline_ms=1_000, ring_ms=60_000)
    get_ready(tenant, "a", 2_000)
    assert arrive(tenant, "c1", "q2", 3_000) == ["a"]
    answer = {"agent": "a", "offer": 1, "cause": "declined", "reason": ""}
    tenant.call("decline", contact="c1", **answer, now=3_100)
    assert get_ready(tenant, "b", 3_500) == ["c1"]
    assert get_ready(tenant, "c", 3_600) == []
    assert made(tenant.call("tick", echo=True, now=5_000)) == [("c1", "c")]
    assert made(tenant.call("tick", echo=True, now=7_000)) == [("c1", "a")]


def check_second_bells_by_turn(tenant: Tenant) -> None:
    """Of two who get free in one step, the one who was just called is not rung again first."""
    two_queues(tenant, broadcast_to=2)
    costly: dict[str, object] = {"channels": {"chat": {"cost": 10}}}
    tenant.call("put_tenant", settings=costly, simulated=True, now=1_000)
    get_ready(tenant, "a", 2_000, memberships={"q2": {"role": "agent"}}, capacity=10)
    get_ready(tenant, "b", 2_100, capacity=2, slots={"chat": 2})
    get_ready(tenant, "c", 2_200, capacity=1)
    assert arrive(tenant, "c1", "q2", 3_000) == ["a"]
    assert arrive(tenant, "c2", "q1", 3_100) == []
    answer = tenant.call("put_tenant", settings={}, simulated=True, echo=True, now=4_000)
    assert made(answer) == [("c2", "b"), ("c1", "c")]


def check_second_bells_when_the_line_is_gone(tenant: Tenant) -> None:
    """A contact whose line was dropped while it rang finds the next agent all the same."""
    two_queues(tenant, broadcast_to=2, ring_ms=60_000)
    tenant.call("put_tenant", settings={"line_idle_ms": 1_000}, simulated=True, now=1_000)
    for agent in ("a", "b", "c"):
        get_ready(tenant, agent, 2_000, skills={"en": 9})
    assert arrive(tenant, "c1", "q2", 3_000, requirements={"en": 5}) == ["a", "b"]
    dropped = tenant.call("tick", echo=True, now=5_000)["events"]
    assert [event["e"] for event in dropped] == ["line.dropped"]
    answer = {"agent": "a", "offer": 1, "cause": "declined", "reason": ""}
    declined = tenant.call("decline", contact="c1", **answer, echo=True, now=5_100)
    assert made(declined) == [("c1", "c")]


def check_callbacks_are_held(tenant: Tenant) -> None:
    """A queue that asks for callbacks while it is closed holds those that are callbacks already."""
    tenant.call("put_tenant", settings={}, simulated=True, now=1_000)
    tenant.call("put_calendar", calendar="c", settings={}, edges=[], until=10**9, now=1_000)
    rules = {"calendar": "c", "closed": "callback"}
    tenant.call("put_queue", queue="q", settings=rules, now=1_000)
    card = dict.fromkeys(("address", "subject", "origin", "customer", "attributes"), "")
    ask = {
        "queue": "q",
        "channel": "voice",
        "requirements": {},
        "priority": 0,
        "tier": 0,
        "fp": "f",
    }
    held = tenant.call("admit", contact="c1", callback=True, **ask, **card, now=2_000)
    refused = tenant.call("admit", contact="c2", callback=False, **ask, **card, now=2_000)
    assert (held["outcome"], held.get("state")) == ("ok", "held")
    assert (refused["outcome"], refused["callback"]) == ("closed", True)


def check_diversions_to_each_other(tenant: Tenant) -> None:
    """Queues of two calendars may divert to each other; nobody comes in while both are closed."""
    tenant.call("put_tenant", settings={}, simulated=True, now=1_000)
    for name, opens in (("x", 50_000), ("y", 90_000)):
        hours = {"settings": {}, "edges": [opens], "until": 10**9}
        tenant.call("put_calendar", calendar=name, **hours, now=1_000)

    def put(queue: str, calendar: str, **rules: str) -> str:
        settings = {"calendar": calendar, "closed": "divert", **rules}
        return str(tenant.call("put_queue", queue=queue, settings=settings, now=1_000)["outcome"])

    assert put("b", "y", closed_to="c") == "ok"
    assert put("c", "y", closed_to="b") == "loop"
    assert put("c", "x", closed_to="b") == "ok"
    assert put("b", "y", closed_to="c", overflow_to="c") == "loop"
    ask = {**ASK, "tier": 0}
    refused = tenant.call("admit", contact="c1", queue="b", **ask, now=2_000)
    assert (refused["outcome"], refused.get("opens_at")) == ("closed", 50_000)
    taken = tenant.call("admit", contact="c1", queue="b", **ask, now=60_000)
    assert taken["outcome"] == "ok"
    assert tenant.call("view_contact", contact="c1")["contact"]["queue"] == "c"


def check_the_last_agent_of_another_queue(tenant: Tenant) -> None:
    """Who served a customer in one queue is not waited for in another that he does not serve."""
    furnish(tenant, "a")
    for queue in ("general", "other"):
        tenant.call("put_queue", queue=queue, settings={"sticky": "wait"}, now=1_000)
    ask = {**ASK, "customer": "c7", "tier": 0}
    tenant.call("admit", contact="c1", queue="general", **ask, now=2_000)
    tenant.call("accept", contact="c1", offer=1, agent="a", now=2_000)
    tenant.call("close", contact="c1", now=3_000)
    tenant.call("admit", contact="c2", queue="other", **ask, now=4_000)
    assert tenant.call("view_contact", contact="c2")["contact"]["line"] == "other|voice|"


CHECKS = (
    check_second_bells_when_the_line_is_gone,
    check_second_bells_by_turn,
    check_second_bells_for_new_agents_first,
    check_credited_arrivals,
    check_new_credits,
    check_new_line_by_skill,
    check_several_free,
    check_callbacks_are_held,
    check_diversions_to_each_other,
    check_credit_of_a_membership,
    check_clocks_are_wound_up,
    check_whose_clock,
    check_ties,
    check_front_of_its_own_tier,
    check_who_left_is_not_waited_for,
    check_the_last_agent_of_another_queue,
    check_empty_personal_lines_are_forgotten,
)
