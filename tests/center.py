"""A tenant of any size, whose calls are counted by the commands that the store runs for them."""

from collections import Counter
from typing import Any

import msgspec
import redis

from router.engine.library import Library

START = 1_700_000_000_000
SMALL, LARGE = 15, 300
CARD = dict.fromkeys(("address", "subject", "origin", "customer", "attributes"), "")


class Center:
    """A tenant with idle agents in one queue, and contacts that wait in another.

    Queue `calm` has `size` ready agents and nobody waits; in queue `rush`, `size` contacts wait and
    its `size` members are on a break. The agents of the scenes (`x…`) serve both.
    """

    def __init__(self, client: "redis.Redis", library: Library, name: str, size: int) -> None:
        self.client: Any = client
        self.library = library
        self.meta = f"{{{name}}}:meta"
        self.now = START
        self.size = size
        self.arrivals = 0
        self.filled: dict[bytes, bytes] = {}

    def call(self, transition: str, /, **args: object) -> dict[str, Any]:
        """One call, a second after the one before."""
        self.now += 1_000
        args |= {"by": "r-cost", "actor": "", "now": self.now}
        blob = self.client.fcall(
            self.library.function(transition), 1, self.meta, msgspec.msgpack.encode(args)
        )
        reply: dict[str, Any] = msgspec.msgpack.decode(blob)
        return reply

    def ok(self, transition: str, /, **args: object) -> dict[str, Any]:
        reply = self.call(transition, **args)
        assert reply["outcome"] in ("ok", "pending"), (transition, reply)
        return reply

    def cost(self, transition: str, /, **args: object) -> Counter[str]:
        """The commands that the store runs for a call, which must succeed."""
        self.client.config_resetstat()
        self.ok(transition, **args)
        stats: dict[str, dict[str, int]] = self.client.info("commandstats")
        calls = Counter({name[8:]: of["calls"] for name, of in stats.items()})
        for own in ("fcall", "config|resetstat", "info"):
            del calls[own]
        return calls

    def fill(self, settings: dict[str, object]) -> None:
        self.ok("put_tenant", settings={}, simulated=True)
        for queue in ("calm", "rush"):
            rules: dict[str, object] = {"ring_ms": 3_000_000, "wrap_up_ms": 3_000_000}
            self.ok("put_queue", queue=queue, settings=rules | settings)
        for number in range(self.size):
            self.agent(f"calm{number}", "calm")
            self.ok("set_state", agent=f"calm{number}", presence="ready", reason="", when="now")
            self.agent(f"rush{number}", "rush")
        for number in range(self.size):
            self.admit("rush", {"en": 50} if number % 2 else {})
        for name in ("x1", "x2"):
            self.agent(name, "calm", "rush")
        keys = self.client.keys()
        with self.client.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.dump(key)
            self.filled = dict(zip(keys, pipeline.execute(), strict=True))

    def restore(self) -> None:
        """As it was when it was filled."""
        self.now, self.arrivals = START + 10**7, self.size
        self.client.flushdb()
        with self.client.pipeline(transaction=False) as pipeline:
            for key, value in self.filled.items():
                pipeline.restore(key, 0, value)
            pipeline.execute()

    def agent(self, agent: str, *queues: str) -> None:
        """An agent who is connected, and not ready."""
        self.ok("put_agent", **self.definition(agent, *queues))
        self.ok("open_session", agent=agent, session="s1", lease_ms=10**10)

    def definition(self, agent: str, *queues: str) -> dict[str, object]:
        memberships = {queue: {"role": "agent", "level": 50} for queue in queues}
        own = {"memberships": memberships, "skills": {"en": 70}, "slots": {"voice": 1, "chat": 2}}
        return {"agent": agent, "name": "", "capacity": 10, **own}

    def arrival(self, queue: str, requirements: dict[str, int] | None = None) -> dict[str, object]:
        """The arguments of an admission."""
        self.arrivals += 1
        own = {"contact": f"k{self.arrivals}", "queue": queue, "channel": "voice", "fp": "f"}
        return {**own, **CARD, "priority": 0, "tier": 0, "requirements": requirements or {}}

    def admit(self, queue: str, requirements: dict[str, int] | None = None) -> dict[str, Any]:
        args = self.arrival(queue, requirements)
        return {**self.ok("admit", **args), "contact": args["contact"]}

    def close_queue(self, queue: str) -> None:
        """The queue is closed now, and holds whoever comes."""
        until = self.now + 10**9
        self.ok("put_calendar", calendar="shut", settings={}, edges=[], until=until)
        self.ok("put_queue", queue=queue, settings={"calendar": "shut", "closed": "hold"})

    def offered(self) -> dict[str, object]:
        """The token of a new offer, the first one if there are several."""
        reply = self.admit("calm")
        offer, *_ = reply["offers"]
        return {"contact": reply["contact"], "offer": offer["n"], "agent": offer["agent"]}

    def assigned(self) -> dict[str, object]:
        """A contact and its owner."""
        token = self.offered()
        self.ok("accept", **token)
        return {"contact": token["contact"], "agent": token["agent"]}

    def be(self, agent: str, presence: str) -> dict[str, object]:
        return {"agent": agent, "presence": presence, "reason": "", "when": "now"}
