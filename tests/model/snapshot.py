"""The model's whole state, in the shape of `router.doctor.state`. Pure."""

from typing import Any

from router.doctor.state import TRACE, agent_shape, contact_shape, empty_state, shown
from tests.model.records import Agent, Contact, Plain, line_id
from tests.model.rows import Rows

IS_THERE: dict[str, tuple[str, ...]] = {
    "offline": (),
    "not_ready": ("here",),
    "ready": ("here", "up"),
}


def snapshot(world: Rows) -> Plain:
    """All that the model knows, as the store would hold it."""
    state = empty_state()
    state["clock"], state["version"] = world.now, world.version
    state["simulated"] = world.simulated
    state["hash"] = world.history[world.version]["hash"]
    state["history"] = dict(world.history)
    state["revoked"] = {name: shown(own) for name, own in world.revoked.items()}
    state["revoked_until"] = {name: own["until"] for name, own in world.revoked.items()}
    state["tenant"] = shown(world.settings)
    state["estimates"] = world.estimates
    state["file"] = {name: shown(own) for name, own in world.file.items()}
    state["calendars"] = {name: shown(record) for name, record in world.calendars.items()}
    state["queues"] = {queue: shown(rules) for queue, rules in world.queues.items()}
    state["contacts"] = {c.id: contact_shape(stored(c)) for c in world.contacts.values()}
    state["traces"] = {c.id: trace(c) for c in world.traces.values()}
    closed = [c.id for c in world.contacts.values() if c.state == "closed"]
    state["expiring"] = sorted([*closed, *world.traces])
    state["conversations"] = dict(world.conversations)
    state["lapsing"] = sorted(name for name, of in world.conversations.items() if of in closed)
    for agent in world.agents.values():
        state["agents"][agent.id] = agent_shape(agent_record(agent))
        state["definitions"][agent.id] = definition(agent)
        state["personal"][agent.id] = []
    put_indexes(state, world)
    return state


def stored(contact: Contact) -> Plain:
    return {
        **vars(contact),
        **contact.card,
        "line": contact.line,
        "score": contact.score,
        "ringing": [shown(vars(offer)) for offer in contact.ringing],
        "tried": {agent: vars(tried) for agent, tried in contact.tried.items()},
    }


def trace(contact: Contact) -> Plain:
    """What is left of a contact that was let go."""
    return {name: getattr(contact, name) for name in TRACE}


def agent_record(agent: Agent) -> Plain:
    pending = agent.pending
    return {
        "id": agent.id,
        "presence": agent.presence,
        "reason": agent.reason,
        "pending": {"presence": pending[0], "reason": pending[1]} if pending else None,
        "since": agent.since,
        "turn": agent.turn,
        "misses": agent.misses,
        "declines": agent.declines,
        "unreached": agent.unreached,
        "return_at": agent.return_at,
        "epoch": agent.epoch,
        "sessions": list(agent.sessions),
        "attached": agent.attached,
        "logged_off": dict.fromkeys(sorted(agent.logged_off), True),
        "slots": agent.slots,
        "capacity": agent.capacity,
        "work": {
            contact: {"k": work.kind, "ch": work.channel, "u": work.units}
            | ({"interrupted": True} if work.interrupted else {})
            for contact, work in agent.work.items()
        },
        "open": dict.fromkeys(agent.stands, True),
        "marks": agent.marks,
    }


def definition(agent: Agent) -> Plain:
    return shown(agent.settings())


def lines_of(world: Rows, agent: Agent) -> dict[str, list[str]]:
    """The lines of which he is called, by channel: base lines, and those he has the skills of."""
    served = filter(agent.is_member, agent.memberships)
    queues = sorted(queue for queue in served if not world.is_pull(queue))
    lines: dict[str, list[str]] = {}
    for channel in agent.slots:
        base = [line_id(queue, channel) for queue in queues]
        more = [
            line
            for line, (queue, line_channel, asked) in world.lines.items()
            if line_channel == channel and queue in queues and agent.meets(asked)
        ]
        lines[channel] = sorted(base + more)
    return {channel: found for channel, found in lines.items() if found}


def put_indexes(state: Plain, world: Rows) -> None:
    """What the store keeps beside its records, recounted from them."""

    def put(name: str, outer: str, inner: str, value: int) -> None:
        state[name].setdefault(outer, {})[inner] = value

    counters: dict[str, int] = state["counters"]
    for contact in world.contacts.values():
        if contact.state == "queued":
            put("waiting", contact.line, contact.member, contact.score)
            put("queue_waits", contact.queue, contact.id, contact.since or 0)
        elif contact.is_short:
            put("short", contact.line, contact.member, contact.score)
        if contact.state not in ("held", "scheduled", "queued", "closed"):
            counter = f"{contact.state}|{contact.queue}"
            counters[counter] = counters.get(counter, 0) + 1
    for agent in world.agents.values():
        counter = f"agents|{agent.presence}"
        counters[counter] = counters.get(counter, 0) + 1
        for queue in filter(agent.is_member, agent.memberships):
            for counter in IS_THERE[agent.presence]:
                name = f"{counter}|{queue}"
                counters[name] = counters.get(name, 0) + 1
        for skill, level in agent.skills.items():
            put("skills", skill, agent.id, level)
        for channel, lines in lines_of(world, agent).items():
            for line in lines if channel in agent.stands else ():
                put("ready", line, agent.id, world.row_score(agent, line))
    put_sets(state, world)
    put_absent(state, world)
    base = [line_id(queue, channel) for queue in world.queues for channel in state["takers"]]
    reach = {line: world.could_serve(line) for line in (*base, *world.lines)}
    state["reach"] = {line: able for line, able in reach.items() if able}
    state["counts"] = dict(world.counts)
    state["short_count"] = sum(contact.is_short for contact in world.contacts.values())
    state["timers"] = world.timers()
    memory = {name: at for name, at in world.memory.items() if at[0] > world.now}
    state["memory"] = {name: f"{until}|{value}" for name, (until, value) in memory.items()}
    state["answers"] = sorted(world.answers)


def put_absent(state: Plain, world: Rows) -> None:
    """Who stands in no line yet."""
    for contact in world.contacts.values():
        if contact.state == "waiting_customer":
            for name, key in (("asked_in", contact.queue), ("asked_by", contact.owner)):
                state[name].setdefault(key, {})[contact.id] = contact.asked_at
        elif contact.state == "held":
            state["held"].setdefault(contact.queue, {})[contact.member] = contact.score
        elif contact.state == "scheduled":
            state["scheduled"].setdefault(contact.queue, {})[contact.id] = contact.not_before


def put_sets(state: Plain, world: Rows) -> None:
    sets: dict[tuple[str, str], set[Any]] = {}
    for line, (queue, _, _) in world.lines.items():
        sets.setdefault(("lines", queue), set()).add(line)
    for agent in world.agents.values():
        for queue in agent.memberships:
            role = "members" if agent.is_member(queue) else "watchers"
            sets.setdefault((role, queue), set()).add(agent.id)
        for channel in (name for name, slots in agent.slots.items() if slots):
            sets.setdefault(("takers", channel), set()).add(agent.id)
    for (name, key), found in sets.items():
        state[name][key] = sorted(found)
    known: dict[str, Any] = {
        "queues": world.queues,
        "calendars": world.calendars,
        "agents": world.agents,
    }
    ids = {name: sorted(found) for name, found in known.items()}
    state["ids"] = {name: found for name, found in ids.items() if found}
