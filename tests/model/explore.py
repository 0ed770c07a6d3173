"""Every interleaving of a small world, not a sample: breadth first, each state once.

Two agents of one slot each, two contacts, one queue with wrap-up; from a state every command that a
desktop, a gateway or time could bring next: right answers and late ones. The promises are checked
on every state of the model; then the engine walks a path to every state that was found last.
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
    Close,
    Decline,
    EndWrapUp,
    PutTenant,
    Release,
    Tick,
    Transfer,
)
from router.engine.library import Library, assemble
from tests.invariants import check
from tests.model.model import Model
from tests.model.pair import Step, new_pair
from tests.servers import TestServer

START = 1_700_000_000_000
AGENTS = ("a", "b")
CONTACTS = ("x", "y")
LEASE_MS = 600_000
_INSTANT = re.compile(r"1700\d{9}")
_tenants = count(1)


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


def opening(rings: int = 1) -> tuple[Step, ...]:
    """The world before anything happens: both agents are ready. A contact rings so many at once."""
    settings: dict[str, object] = {"grace_ms": 30_000, "max_misses": 2}
    queue: dict[str, object] = {
        "ring_ms": 10_000,
        "broadcast_to": rings,
        "wrap_up_ms": 5_000,
        "decline_ms": 20_000,
        "miss_ms": 20_000,
    }
    calls: list[msgspec.Struct] = [
        PutTenant(settings=settings, simulated=True),
        PutQueue(queue="q", settings=queue),
    ]
    for agent in AGENTS:
        memberships: dict[str, dict[str, object]] = {"q": {"role": "agent", "level": 1}}
        calls.append(PutAgent(agent=agent, memberships=memberships, slots={"voice": 1}, capacity=1))
        calls.append(OpenSession(agent=agent, session=f"s{agent}", lease_ms=LEASE_MS))
        calls.append(SetState(agent=agent, presence="ready"))
    return tuple(Step(call, START) for call in calls)


def commands(model: Model) -> Iterator[Step]:
    """All that could come next."""
    now = model.now
    timers = [at for at in model.timers().values() if at > now]
    if timers and min(timers) < now + LEASE_MS // 2:
        yield Step(Tick(), min(timers))
    for contact in CONTACTS:
        for call in about(model, contact):
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


def identity(model: Model) -> str:
    """The same for states that differ only in when they are."""
    text = json.dumps(model.state() | {"clock": 0}, sort_keys=True, default=str)
    return _INSTANT.sub(lambda found: str(int(found[0]) - model.now), text)


def explore(states_max: int, depth_max: int, rings: int = 1) -> Explored:
    """Looks at every state up to the depth, or until there are enough. Raises: Broken."""
    model = Model()
    for step in opening(rings):
        model.call(step.call, step.now)
    layer = [Node(pickle.dumps(model), opening(rings))]
    seen = {identity(model)}
    told = Explored(states=1, leaves=(opening(rings),))
    while layer and told.depth < depth_max and told.states < states_max:
        told.depth += 1
        layer = list(_next_layer(layer, seen, told))
        told.leaves = tuple(node.path for node in layer) or told.leaves
    return told


def _next_layer(layer: list[Node], seen: set[str], told: Explored) -> Iterator[Node]:
    for node in layer:
        for step in commands(pickle.loads(node.model)):  # noqa: S301  our own, made a moment ago
            model: Model = pickle.loads(node.model)  # noqa: S301
            model.call(step.call, step.now)
            told.commands += 1
            name = identity(model)
            if name in seen:
                continue
            seen.add(name)
            told.states += 1
            check(model.state())
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
@click.option("--rings", default=1, show_default=True, help="Agents whom a contact rings at once.")
def main(states: int, depth: int, paths: int, rings: int) -> None:
    """Looks at every interleaving of a small world and prints how many states there were."""
    told = explore(states, depth, rings)
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
