"""Rules that random walks hardly ever meet, each shown once on the engine itself."""

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


CHECKS = (
    check_whose_clock,
    check_ties,
    check_front_of_its_own_tier,
    check_who_left_is_not_waited_for,
)
