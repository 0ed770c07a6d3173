"""One queue with agents, driven directly and quickly, and a record of who was called."""

from random import Random
from typing import Any

import msgspec
import redis

from router.engine.library import Library
from tests.invariants import check
from tests.state import read_state

START = 1_700_000_000_000
DAY_MS = 86_400_000
CARD = dict.fromkeys(("address", "subject", "origin", "customer", "attributes"), "")


class Floor:
    """One queue `q` with agents, and what they are called for."""

    def __init__(self, client: "redis.Redis", library: Library, tenant: str) -> None:
        self.client: Any = client
        self.library = library
        self.tenant = tenant
        self.now = START
        self.contacts = 0
        self.calls: list[tuple[str, str]] = []
        self.rings: dict[str, tuple[int, str]] = {}
        self.work: dict[str, list[str]] = {}
        self.ready: set[str] = set()
        self.call("put_tenant", settings={}, simulated=True)

    def call(self, transition: str, after: int = 1, /, **args: object) -> list[dict[str, Any]]:
        """One call, a little later; answers its events."""
        return self.heard(self.send(self.client, transition, after, **args))

    def send(self, client: Any, transition: str, after: int, /, **args: object) -> bytes:
        self.now += after
        args |= {"by": "r", "actor": "", "now": self.now, "echo": True}
        function, meta = self.library.function(transition), f"{{{self.tenant}}}:meta"
        blob: bytes = client.fcall(function, 1, meta, msgspec.msgpack.encode(args))
        return blob

    def heard(self, blob: bytes) -> list[dict[str, Any]]:
        """The events of a reply, which is ok."""
        reply = msgspec.msgpack.decode(blob)
        assert reply["outcome"] == "ok", reply
        events: list[dict[str, Any]] = reply["events"] or []
        for event in events:
            self.note(event)
        return events

    def note(self, event: dict[str, Any]) -> None:
        if event["e"] == "offer.made":
            self.calls.append((event["contact"], event["agent"]))
            self.rings[event["contact"]] = (event["offer"], event["agent"])
            self.work[event["agent"]].append(event["contact"])
        elif event["e"] == "agent.state":
            change = self.ready.add if event["presence"] == "ready" else self.ready.discard
            change(event["agent"])
        elif event["e"] in ("offer.revoked", "offer.declined", "contact.closed"):
            self.rings.pop(event["contact"], None)
            if event.get("agent"):
                self.work[event["agent"]].remove(event["contact"])

    def rules(self, **settings: object) -> None:
        rules = {"ring_ms": 3_000_000, "decline_ms": 100, "cooldown_max_ms": 100}
        self.call("put_queue", queue="q", settings=rules | settings)

    def agent(self, agent: str, slots: int = 1, **membership: object) -> None:
        """A new agent, who gets ready."""
        self.work[agent] = []
        skills = membership.pop("skills", {})
        own = {"memberships": {"q": {"role": "agent", **membership}}, "skills": skills}
        self.call("put_agent", agent=agent, name="", slots={"chat": slots}, capacity=99, **own)
        self.call("open_session", agent=agent, session="s", lease_ms=DAY_MS * 1_000)
        self.be(agent, "ready")

    def be(self, agent: str, presence: str) -> None:
        self.call("set_state", agent=agent, presence=presence, reason="", when="now")

    def arrival(self, requirements: dict[str, int] | None = None) -> dict[str, object]:
        self.contacts += 1
        own = {"contact": f"k{self.contacts}", "queue": "q", "channel": "chat", "fp": "f"}
        asks = {"priority": 0, "tier": 0, "requirements": requirements or {}}
        return {**own, **CARD, **asks}

    def admit(self, requirements: dict[str, int] | None = None) -> str:
        self.call("admit", **self.arrival(requirements))
        return f"k{self.contacts}"

    def draw(self, times: int) -> list[str]:
        """Contacts come one by one, and give up as soon as they ring; answers at whose desks."""
        calls = len(self.calls)
        with self.client.pipeline(transaction=False) as pipeline:
            for _ in range(times):
                self.send(pipeline, "admit", 1, **self.arrival())
                self.send(pipeline, "cancel", 1, contact=f"k{self.contacts}", result="abandoned")
            for blob in pipeline.execute():
                self.heard(blob)
        return [agent for _, agent in self.calls[calls:]]

    def accept(self, contact: str) -> None:
        offer, agent = self.rings.pop(contact)
        self.call("accept", contact=contact, offer=offer, agent=agent)

    def close(self, contact: str) -> None:
        self.call("close", contact=contact, wrap_up=False)

    def serve_one(self) -> str:
        """A contact arrives, is accepted and closed; answers by whom."""
        contact = self.admit()
        [agent] = [agent for held, agent in self.calls if held == contact]
        self.accept(contact)
        self.close(contact)
        return agent

    def busy(self) -> list[str]:
        """The contacts that agents have accepted."""
        return [c for held in self.work.values() for c in held if c not in self.rings]

    def keeps_its_promises(self) -> None:
        check(read_state(self.client, self.tenant))


def random_step(floor: Floor, random: Random) -> None:
    """An arrival, an answer, an end, a break or a return; agents are never all away."""
    choice = random.random()
    away = sorted(set(floor.work) - floor.ready)
    if choice < 0.35:
        floor.admit({"en": 1} if random.random() < 0.3 else None)
    elif choice < 0.55 and floor.rings:
        floor.accept(random.choice(sorted(floor.rings)))
    elif choice < 0.60 and floor.rings:
        contact = random.choice(sorted(floor.rings))
        offer, agent = floor.rings[contact]
        floor.call(
            "decline", contact=contact, offer=offer, agent=agent, cause="declined", reason=""
        )
    elif choice < 0.85 and floor.busy():
        floor.close(random.choice(sorted(floor.busy())))
    elif choice < 0.92 and len(floor.ready) > 1:
        floor.be(random.choice(sorted(floor.ready)), "not_ready")
    elif away:
        floor.be(random.choice(away), "ready")
    floor.call("tick", random.randrange(400))
