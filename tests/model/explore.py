"""Every interleaving of a small world, not a sample: breadth first, each state once.

Two agents of one slot each, two contacts, one queue with wrap-up; from a state every command that a
desktop, a gateway or time could bring next: right answers and late ones. In one world a contact
rings both agents; in another the queue opens late and closes early, and contacts are put off.
The promises are checked on every state of the model; then the engine walks a path to every state
that was found last.
"""

import json
import pickle
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import click
import msgspec
import redis

from presence.calls import CloseSession, OpenSession, PutAgent, SetState
from queues.calls import Admit, Cancel, PutQueue
from router.calls import (
    Accept,
    CallBack,
    Claim,
    Close,
    Decline,
    EndWrapUp,
    NotReached,
    PutCalendar,
    PutTenant,
    Release,
    TakeOver,
    Tick,
    Transfer,
)
from router.engine.library import Library, assemble
from tests.invariants import check
from tests.model.model import Model
from tests.model.pair import Step, new_pair
from tests.model.records import Plain
from tests.servers import TestServer

START = 1_700_000_000_000
AGENTS = ("a", "b")
CONTACTS = ("x", "y")
LEASE_MS = 600_000
AHEAD_MS = 15_000
_INSTANT = re.compile(r"1700\d{9}")
_tenants = count(1)


@dataclass(frozen=True)
class World:
    """How many agents a contact rings at once, and whether there are hours, or agents choose."""

    rings: int = 1
    hours: bool = False
    choice: bool = False


WORLDS = {
    "plain": World(),
    "broadcast": World(rings=2),
    "hours": World(hours=True),
    "choice": World(choice=True),
}


@dataclass(frozen=True)
class Node:
    """A state that was found, and the commands that lead to it."""

    model: bytes
    path: tuple[Step, ...]


@dataclass
class Explored:
    """What an exploration saw."""

    states: int = 0
    commands: int = 0
    depth: int = 0
    leaves: tuple[tuple[Step, ...], ...] = ()


def opening(world: World) -> tuple[Step, ...]:
    """The world before anything happens: both agents are ready."""
    settings: dict[str, object] = {"grace_ms": 30_000, "max_misses": 2, "held_max_ms": 40_000}
    queue: dict[str, object] = {
        "ring_ms": 10_000,
        "broadcast_to": world.rings,
        "wrap_up_ms": 5_000,
        "decline_ms": 20_000,
        "miss_ms": 20_000,
    }
    if world.hours:
        queue |= {"calendar": "day", "closed": "hold"}
        queue |= {"callback_retry_ms": AHEAD_MS, "callback_attempts_max": 2}
    if world.choice:
        queue |= {"distribution": "hybrid", "take_over": "members"}
    edges = [START + AHEAD_MS, START + 4 * AHEAD_MS]
    calls: list[msgspec.Struct] = [
        PutTenant(settings=settings, simulated=True),
        PutCalendar(calendar="day", settings={}, edges=edges, until=START + LEASE_MS),
        PutQueue(queue="q", settings=queue),
    ]
    for agent in AGENTS:
        memberships: dict[str, dict[str, object]] = {"q": {"role": "agent", "level": 1}}
        calls.append(PutAgent(agent=agent, memberships=memberships, slots={"voice": 1}, capacity=1))
        calls.append(OpenSession(agent=agent, session=f"s{agent}", lease_ms=LEASE_MS))
        calls.append(SetState(agent=agent, presence="ready"))
    return tuple(Step(call, START) for call in calls)


def commands(model: Model, world: World) -> Iterator[Step]:
    """All that could come next."""
    now = model.now
    timers = [at for at in model.timers().values() if at > now]
    if timers and min(timers) < now + LEASE_MS // 2:
        yield Step(Tick(), min(timers))
    for contact in CONTACTS:
        for call in about(model, contact):
            yield Step(call, now)
        for call in putting_off(model, contact) if world.hours else ():
            yield Step(call, now)
        for call in choosing(model, contact) if world.choice else ():
            yield Step(call, now)
    for agent in AGENTS:
        for call in by(model, agent):
            yield Step(call, now)


def about(model: Model, contact: str) -> Iterator[msgspec.Struct]:
    known = model.contacts.get(contact)
    if known is None:
        yield Admit(contact=contact, queue="q", channel="voice", fp="f")
        return
    if known.state == "closed":
        return
    yield Cancel(contact=contact)
    for agent in AGENTS:
        if known.offers:
            yield Accept(contact=contact, offer=known.offers, agent=agent)
            yield Decline(contact=contact, offer=known.offers, agent=agent)
        if known.offers > 1:
            yield Accept(contact=contact, offer=known.offers - 1, agent=agent)
        if known.state == "assigned":
            yield Transfer(contact=contact, to_agent=agent)
    if known.state == "assigned":
        yield Release(contact=contact)
        yield Transfer(contact=contact, to_queue="q")
        yield Close(contact=contact)
    if known.state == "wrap_up":
        yield EndWrapUp(contact=contact)


def choosing(model: Model, contact: str) -> Iterator[msgspec.Struct]:
    """What agents take by themselves."""
    known = model.contacts.get(contact)
    if known is None or known.state == "closed":
        return
    for agent in AGENTS:
        yield Claim(contact=contact, agent=agent)
        yield TakeOver(contact=contact, agent=agent)


def putting_off(model: Model, contact: str) -> Iterator[msgspec.Struct]:
    """What is said of a contact that comes later, or comes again."""
    known = model.contacts.get(contact)
    later = model.now + AHEAD_MS
    if known is None:
        yield Admit(contact=contact, queue="q", channel="voice", fp="f", not_before=later)
    elif known.state in ("held", "scheduled"):
        yield Close(contact=contact)
        yield CallBack(contact=contact, not_before=model.now)
        yield Transfer(contact=contact, to_queue="q", position="back")
    elif known.state in ("queued", "offered"):
        yield CallBack(contact=contact, not_before=later)
        yield Transfer(contact=contact, to_queue="q", position="back")
    elif known.state == "assigned":
        yield NotReached(contact=contact)


def by(model: Model, agent: str) -> Iterator[msgspec.Struct]:
    known = model.agents[agent]
    if known.sessions:
        yield CloseSession(agent=agent, session=next(iter(known.sessions)))
    else:
        yield OpenSession(agent=agent, session=f"s{agent}{known.epoch}", lease_ms=LEASE_MS)
    if known.presence == "ready" and known.pending is None:
        yield SetState(agent=agent, presence="not_ready", reason="r", when="idle")
        yield SetState(agent=agent, presence="not_ready", reason="r")
    elif known.sessions:
        yield SetState(agent=agent, presence="ready")


def identity(state: Plain) -> str:
    """The same for states that differ only in when they are."""
    now: int = state["clock"]
    text = json.dumps(state | {"clock": 0}, sort_keys=True, default=str)
    return _INSTANT.sub(lambda found: str(int(found[0]) - now), text)


def explore(states_max: int, depth_max: int, world: World) -> Explored:
    """Looks at every state up to the depth, or until there are enough. Raises: Broken."""
    model = Model()
    for step in opening(world):
        model.call(step.call, step.now)
    layer = [Node(pickle.dumps(model), opening(world))]
    seen = {identity(model.state())}
    told = Explored(states=1, leaves=(opening(world),))
    while layer and told.depth < depth_max and told.states < states_max:
        told.depth += 1
        layer = list(_next_layer(layer, world, seen, told))
        told.leaves = tuple(node.path for node in layer) or told.leaves
    return told


def _next_layer(layer: list[Node], world: World, seen: set[str], told: Explored) -> Iterator[Node]:
    for node in layer:
        for step in commands(pickle.loads(node.model), world):  # noqa: S301  our own, made a moment ago
            model: Model = pickle.loads(node.model)  # noqa: S301
            model.call(step.call, step.now)
            told.commands += 1
            state = model.state()
            name = identity(state)
            if name in seen:
                continue
            seen.add(name)
            told.states += 1
            check(state)
            yield Node(pickle.dumps(model), (*node.path, step))


def walk_engine(
    client: "redis.Redis", library: Library, paths: tuple[tuple[Step, ...], ...]
) -> int:
    """The engine along each path, compared with the model at every step. Raises: Divergence."""
    steps = 0
    for path in paths:
        pair = new_pair(client, f"t-explore-{next(_tenants)}", library)
        try:
            for step in path:
                pair.run(step)
                steps += 1
        finally:
            pair.direct.drop()
    return steps


@click.command()
@click.option("--states", default=20_000, show_default=True, help="Stop after so many states.")
@click.option("--depth", default=12, show_default=True, help="Commands in a row, at most.")
@click.option("--paths", default=2_000, show_default=True, help="Paths that the engine walks.")
@click.option("--world", type=click.Choice(list(WORLDS)), default="plain", show_default=True)
def main(states: int, depth: int, paths: int, world: str) -> None:
    """Looks at every interleaving of a small world and prints how many states there were."""
    told = explore(states, depth, WORLDS[world])
    click.echo(f"{told.states} states, {told.commands} commands, depth {told.depth}: promises held")
    every = max(1, len(told.leaves) // paths)
    server = TestServer()
    try:
        with redis.Redis(unix_socket_path=server.server.socket) as client:
            steps = walk_engine(client, assemble(), told.leaves[::every])
    finally:
        server.stop()
    click.echo(f"the engine agreed in {steps} steps on {len(told.leaves[::every])} paths")
    sys.exit(0)


if __name__ == "__main__":
    main()
