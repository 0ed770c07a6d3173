"""Which timers a state calls for, and which may be there besides. Pure."""

from collections.abc import Iterator
from typing import Any

from tests.serving import presences

Plain = dict[str, Any]


def timers_of_contacts(state: Plain) -> Iterator[tuple[str, int | None]]:
    """The timers that the contacts' records call for, and when."""
    for key, contact in state["contacts"].items():
        yield from timers_of_contact(key, contact)


def timers_of_contact(key: str, contact: Plain) -> Iterator[tuple[str, int | None]]:
    """What is held comes with its queue, or ends; what is scheduled comes by itself."""
    for offer in contact.get("ringing", ()):
        yield f"o|{key}|{offer['n']}", offer["deadline"]
    if contact["state"] == "offered" and "widen_at" in contact:
        yield f"b|{key}", contact["widen_at"]
    if "lease_ms" in contact and contact["state"] not in ("wrap_up", "closed"):
        yield f"v|{key}", None
    if "step_at" in contact:
        yield f"e|{key}", contact["step_at"]
    if contact["state"] == "wrap_up":
        yield f"w|{key}", contact.get("wrap_until")
    yield from timers_of_absent(key, contact)
    if contact["state"] == "queued":
        for timer, name in (("d", "direct_until"), ("r", "retry")):
            if name in contact:
                yield f"{timer}|{key}", contact[name]


def is_left(state: Plain, queue: str) -> bool:
    """Whether those who wait in the queue are to leave it, because nobody is there."""
    condition = state["queues"].get(queue, {}).get("leave_when")
    there = {"nobody_logged_in": {"ready", "not_ready"}, "nobody_ready": {"ready"}}
    return condition in there and not there[condition] & set(presences(state, queue))


def other_timers_needed(state: Plain) -> Iterator[str]:
    """The timers of agents, lines and queues, whose instants no record tells."""
    for key, agent in state["agents"].items():
        for session in agent.get("sessions", ()):
            yield f"s|{key}|{session}"
        if "return_at" in agent:
            yield f"y|{key}"
        is_awaited = agent["presence"] != "offline" or agent.get("work")
        if is_awaited and not agent.get("sessions"):
            yield f"g|{key}"
    for lines in state["lines"].values():
        for line in lines:
            yield f"l|{line}"
    for queue in state["queue_waits"]:
        if is_left(state, queue):
            yield f"q|{queue}"


def timers_allowed(state: Plain) -> Iterator[str]:
    """Timers that may still be there and will find that they are no longer needed."""
    yield from (f"h|@{queue}" for queue in state["queues"])
    for key, contact in state["contacts"].items():
        if contact["state"] == "offered" and "direct" in contact:
            yield f"d|{key}"
    for key, agent in state["agents"].items():
        is_gone = agent["presence"] == "offline" and not agent.get("work")
        if is_gone and not agent.get("sessions"):
            yield f"g|{key}"
    for queue in state["queues"]:
        if not (queue in state["queue_waits"] and is_left(state, queue)):
            yield f"q|{queue}"  # somebody came back, or nobody waits any more


def timers_of_absent(key: str, contact: Plain) -> Iterator[tuple[str, int | None]]:
    """Who is scheduled comes by himself; who is held comes with his queue, or ends."""
    if contact["state"] == "scheduled":
        yield f"h|{key}", contact["look_at"]
    if contact["state"] == "held":
        yield f"h|{key}", contact["held_until"]
        yield f"h|@{contact['queue']}", None
