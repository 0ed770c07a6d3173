"""What a transition costs does not depend on how many agents there are or contacts wait.

Each transition is run in a small center and in one twenty times its size, and the commands that the
store ran for it are counted, by name: the counts must be equal.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import redis

from router.engine.library import Library, assemble, header_of, lua_files
from tests.servers import TestServer

START = 1_700_000_000_000
SMALL, LARGE = 15, 300
CARD = dict.fromkeys(("address", "subject", "origin", "customer", "attributes"), "")
# What may look at all that it changes: settings, which change seldom.
OF_SETTINGS = {"put_config", "put_tenant", "put_queue", "put_calendar"}


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


Scene = Callable[[Center], tuple[str, dict[str, object]]]
SCENES: dict[str, Scene] = {}


def scene(name: str) -> Callable[[Scene], Scene]:
    """Registers how a transition is led up to; the answer is the call that is counted."""

    def register(made: Scene) -> Scene:
        SCENES[name] = made
        return made

    return register


@scene("admit, offered at once")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "admit", center.arrival("calm")


@scene("admit, waits")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "admit", center.arrival("rush", {"en": 50})


@scene("admit, held")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.close_queue("calm")
    return "admit", center.arrival("calm")


@scene("admit, scheduled")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "admit", center.arrival("calm") | {"not_before": center.now + 10**8}


@scene("call_back, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    contact = center.admit("rush")["contact"]
    return "call_back", {"contact": contact, "not_before": center.now + 10**8}


@scene("not_reached")
def _(center: Center) -> tuple[str, dict[str, object]]:
    token = center.offered()
    center.ok("call_back", contact=token["contact"])
    center.ok("accept", **token)
    return "not_reached", {"contact": token["contact"]}


@scene("cancel, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "cancel", {"contact": center.admit("rush")["contact"], "result": "abandoned"}


@scene("cancel, offered")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "cancel", {"contact": center.offered()["contact"], "result": "abandoned"}


@scene("update, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "update", {"contact": center.admit("rush")["contact"], "priority": 3}


@scene("keep_alive")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "keep_alive", {"contacts": [center.admit("rush")["contact"]]}


@scene("accept")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "accept", center.offered()


@scene("decline, to the next agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "decline", center.offered() | {"cause": "declined", "reason": ""}


@scene("release, to the next agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "release", center.assigned()


@scene("claim, waiting")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("put_queue", queue="rush", settings={"distribution": "hybrid"})
    contact = center.admit("rush")["contact"]
    return "claim", {"contact": contact, "agent": "x2", "session": "s1", "not_member": False}


@scene("claim, offered to another agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("put_queue", queue="calm", settings={"distribution": "hybrid"})
    contact = center.offered()["contact"]
    return "claim", {"contact": contact, "agent": "x2", "not_member": False}


@scene("assign")
def _(center: Center) -> tuple[str, dict[str, object]]:
    words: dict[str, object] = {
        "over_capacity": True,
        "not_ready": True,
        "not_member": False,
        "reason": "",
    }
    return "assign", {"contact": center.offered()["contact"], "agent": "x2", **words}


@scene("assign, held")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.close_queue("calm")
    given = {"agent": "x2", "over_capacity": False, "not_ready": True, "not_member": False}
    return "assign", {**given, "contact": center.admit("calm")["contact"], "reason": ""}


@scene("monitor")
def _(center: Center) -> tuple[str, dict[str, object]]:
    contact = center.assigned()["contact"]
    return "monitor", {"contact": contact, "supervisor": "v", "mode": "listen", "reason": ""}


@scene("log_off")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    return "log_off", {"agent": owned["agent"], "contacts": "requeue", "reason": ""}


@scene("transfer, to an agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("set_state", **center.be("x1", "ready"))  # takes one of those who wait
    return "transfer", {**center.assigned(), "to_agent": f"calm{center.size - 1}"}


@scene("transfer, to a queue")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "transfer", {**center.assigned(), "to_queue": "rush"}


@scene("close")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "close", center.assigned() | {"wrap_up": True}


@scene("end_wrap_up")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("close", **owned, wrap_up=True)
    return "end_wrap_up", owned


@scene("score")
def _(center: Center) -> tuple[str, dict[str, object]]:
    owned = center.assigned()
    center.ok("close", **owned, wrap_up=False)
    return "score", {"contact": owned["contact"], "score": 9}


@scene("open_session")
def _(_center: Center) -> tuple[str, dict[str, object]]:
    return "open_session", {"agent": "x1", "session": "s2", "lease_ms": 10**10}


@scene("renew")
def _(_center: Center) -> tuple[str, dict[str, object]]:
    return "renew", {"sessions": [["x1", "s1"]], "lease_ms": 10**10}


@scene("close_session")
def _(center: Center) -> tuple[str, dict[str, object]]:
    token = center.offered()
    return "close_session", {"agent": token["agent"], "session": "s1", "reason": "closed"}


@scene("set_state, ready, where contacts wait")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "set_state", center.be("x1", "ready")


@scene("set_state, ready, where none waits")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.ok("set_state", **center.be("calm1", "not_ready"))
    return "set_state", center.be("calm1", "ready")


@scene("set_state, away from an offer")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "set_state", center.be(str(center.offered()["agent"]), "not_ready")


@scene("tick, an offer expires")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.offered()
    center.now += 3_000_000
    return "tick", {}


@scene("put_estimates")
def _(_center: Center) -> tuple[str, dict[str, object]]:
    return "put_estimates", {"lines": {"rush|voice|": [[1] * 7, [2] * 7]}}


@scene("tick, a queue opens")
def _(center: Center) -> tuple[str, dict[str, object]]:
    center.close_queue("calm")
    center.admit("calm")
    center.now += 10**9
    return "tick", {}


@scene("put_agent")
def _(center: Center) -> tuple[str, dict[str, object]]:
    return "put_agent", center.definition("x2", "calm")


# Features in force while the scenes are played.
WAYS: dict[str, dict[str, object]] = {
    "plain": {},
    "by skill": {"strategy": "best_skill", "idle_since": "activity", "credit_ms": 1_000},
    "by load": {"strategy": "least_occupied"},
    "in turn": {"strategy": "round_robin"},
    "at random": {"strategy": "weighted_random"},
    "to several": {"broadcast_to": 4},
    "hours": {"calendar": "nobody knows it"},
}


@pytest.fixture(scope="module")
def centers(server: TestServer) -> Iterator[Callable[[str, int], Center]]:
    """Gives a center of a size, as new for each scene."""
    library = assemble()
    made: dict[tuple[str, int], Center] = {}
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.function_load(library.code, replace=True)

        def give(way: str, size: int) -> Center:
            center = made.get((way, size))
            if center is None:
                center = made[way, size] = Center(client, library, "t-cost", size)
                client.flushdb()
                center.fill(WAYS[way])
            center.restore()
            return center

        yield give


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SCENES)
def test_a_transition_costs_the_same_at_any_size(
    centers: Callable[[str, int], Center], name: str, way: str
) -> None:
    counts = []
    for size in (SMALL, LARGE):
        center = centers(way, size)
        transition, args = SCENES[name](center)
        counts.append(center.cost(transition, **args))

    assert counts[0] == counts[1]
    assert sum(counts[0].values()) > 2


def test_every_transition_has_a_scene() -> None:
    headers = [header for header in map(header_of, lua_files()) if header and header.outcomes]
    named = {name.partition(",")[0] for name in SCENES}

    assert {header.name for header in headers} - OF_SETTINGS == named
