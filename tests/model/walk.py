"""The plain random driver: seeded walks of the model beside the engine, and their shrinking.

A walk goes through several small tenants, one after the other. When the two sides differ, it says
the seed and the shortest list of commands it found that still shows the difference.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from random import Random

import msgspec
import redis

from presence.calls import OpenSession, SetState
from router.engine.library import Library, assemble
from tests.model.chance import AGENTS, CALENDARS, QUEUES, START
from tests.model.model import Model
from tests.model.pair import Command, Divergence, Forget, Pair, Step, new_pair
from tests.model.traffic import Traffic

TENANT_STEPS = 400
CLOSED_KEPT = 4
KEYS_MAX = 15
_tenants = count(1)


def walk(
    seed: int,
    steps: int,
    client: "redis.Redis",
    *,
    library: Library | None = None,
    tenant: Callable[[], str] | None = None,
    shrink: bool = True,
) -> Counter[str]:
    """Runs `steps` compared steps; answers what was reached.

    Raises: Divergence at the first difference, with the seed and a list of commands to replay.
    """
    library = library or assemble()
    name = tenant or (lambda: f"t-walk-{next(_tenants)}")
    reached: Counter[str] = Counter()
    random = Random(seed)
    left = steps
    while left > 0:
        length = min(left, TENANT_STEPS)
        pair = new_pair(client, name(), library)
        try:
            for command in opening(random, pair.model):
                pair.run(command)
            rambler = Rambler(random, pair)
            for _ in range(length):
                rambler.step()
        except Divergence as divergence:
            commands, last = pair.commands, divergence
            if shrink:
                commands, last = shrunk(commands, divergence, client, library, name)
            raise Divergence(f"seed {seed}\n{listed(commands)}\n{last}") from None
        finally:
            pair.direct.drop()
        reached += pair.reached
        left -= length
    return reached


def opening(random: Random, model: Model) -> list[Command]:
    """A tenant, its queues and agents, and most of them ready."""
    traffic = Traffic(random, model)
    commands: list[Command] = []
    if random.random() < 0.3:
        commands.append(Step(traffic.tick(), START))
    tenant = traffic.put_tenant()
    commands.append(Step(type(tenant)(settings=tenant.settings, simulated=True), START))
    for calendar in CALENDARS:
        hours = traffic.put_calendar()
        commands.append(Step(msgspec.structs.replace(hours, calendar=calendar), START))
    commands += [Step(traffic.put_queue(queue), START) for queue in QUEUES]
    for agent in AGENTS[:3]:
        commands.append(Step(traffic.put_agent(agent), START))
        commands.append(Step(OpenSession(agent=agent, session="s1", lease_ms=600_000), START))
        commands.append(Step(SetState(agent=agent, presence="ready"), START))
    return commands


class Rambler:
    """Random calls at random instants to one pair; now and then with an idempotency key."""

    def __init__(self, random: Random, pair: Pair) -> None:
        self.random = random
        self.pair = pair
        self.traffic = Traffic(random, pair.model)
        self.keyed: list[Step] = []

    def step(self) -> None:
        """One compared step. Raises: Divergence."""
        now: int | None = self.traffic.next_now()
        if self.random.random() < 0.005:
            now = None
        step = Step(self.traffic.next_call(), now)
        if self.random.random() < 0.08:
            step = self.with_key(step)
        self.pair.run(step)
        closed = [c.id for c in self.pair.model.contacts.values() if c.state == "closed"]
        if len(closed) > CLOSED_KEPT:
            self.pair.run(Forget(closed[0]))

    def with_key(self, step: Step) -> Step:
        """The step under a new key, or an old key again: with its own call or with another."""
        if self.keyed and (len(self.keyed) >= KEYS_MAX or self.random.random() < 0.5):
            old = self.random.choice(self.keyed)
            if self.random.random() < 0.6:
                return Step(old.call, step.now, old.key, old.fp_key)
            return Step(step.call, step.now, old.key, "another")
        number = len(self.keyed)
        step = Step(step.call, step.now, f"key{number}", f"fp{number}")
        self.keyed.append(step)
        return step


def replay(
    commands: Sequence[Command], client: "redis.Redis", library: Library, tenant: str
) -> Divergence | None:
    """Runs the commands on a new tenant; answers the difference they show, if any."""
    pair = new_pair(client, tenant, library)
    try:
        for command in commands:
            if isinstance(command, Forget) and not is_closed(pair, command.contact):
                continue
            pair.run(command)
    except Divergence as divergence:
        return divergence
    finally:
        pair.direct.drop()
    return None


def is_closed(pair: Pair, contact: str) -> bool:
    known = pair.model.contacts.get(contact)
    return known is not None and known.state == "closed"


def shrunk(
    commands: list[Command],
    divergence: Divergence,
    client: "redis.Redis",
    library: Library,
    name: Callable[[], str],
) -> tuple[list[Command], Divergence]:
    """Leaves out what is not needed: halves first, single commands last, until nothing goes."""
    size = len(commands)
    while size >= 1:
        at = 0
        while at < len(commands):
            fewer = commands[:at] + commands[at + size :]
            found = replay(fewer, client, library, name())
            if found is None:
                at += size
            else:
                commands, divergence = fewer, found
        size //= 2
    return commands, divergence


def listed(commands: Sequence[Command]) -> str:
    """The commands, ready to be pasted into a call of `replay`."""
    return "[\n" + "".join(f"    {command!r},\n" for command in commands) + "]"
