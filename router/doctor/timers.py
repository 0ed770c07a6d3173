"""Which timers a state calls for, and which may be there besides. Pure.

What holds for one subject is here in one place: a state that must end by time is added to
`timers_of_contact`, a timer's letter to `router.doctor.look.TIMER_SUBJECTS`.
"""

from collections.abc import Iterator
from typing import Any

Plain = dict[str, Any]


def timers_of_contact(key: str, contact: Plain) -> Iterator[tuple[str, int | None]]:
    """The timers that a contact's record calls for, and when; None: no record tells."""
    for offer in contact.get("ringing", ()):
        yield f"o|{key}|{offer['n']}", offer["deadline"]
    if contact["state"] == "offered" and "widen_at" in contact:
        yield f"b|{key}", contact["widen_at"]
    if "lease_ms" in contact and contact["state"] not in ("wrap_up", "closed"):
        yield f"v|{key}", None
    if "step_at" in contact:
        yield f"e|{key}", contact["step_at"]
    if contact["state"] == "waiting_customer":
        yield f"u|{key}", contact.get("no_answer_at")
    if contact["state"] == "wrap_up":
        yield f"w|{key}", contact.get("wrap_until")
    if contact["state"] == "scheduled":
        yield f"h|{key}", contact.get("look_at")
    if contact["state"] == "held":
        yield f"h|{key}", contact.get("held_until")
    if contact["state"] == "queued":
        for timer, name in (("d", "direct_until"), ("r", "retry")):
            if name in contact:
                yield f"{timer}|{key}", contact[name]
    yield from timers_of_response(key, contact)


def timers_of_response(key: str, contact: Plain) -> Iterator[tuple[str, int | None]]:
    """A customer who is to have an answer: a timer until the breach is told."""
    clock = contact.get("response", {})
    if "response_by" in contact and clock.get("told") != "late":
        yield f"t|{key}", clock.get("at")


def timers_of_agent(key: str, agent: Plain) -> Iterator[str]:
    """The timers that an agent's record calls for, whose instants no record tells."""
    for session in agent.get("sessions", ()):
        yield f"s|{key}|{session}"
    if "return_at" in agent:
        yield f"y|{key}"
    if not is_gone(agent) and not agent.get("sessions"):
        yield f"g|{key}"


def is_gone(agent: Plain) -> bool:
    """Whether nothing of him is awaited: he has left, and holds nothing."""
    return agent["presence"] == "offline" and not agent.get("work")


def is_left(state: Plain, queue: str) -> bool:
    """Whether those who wait in the queue are to leave it, because nobody is there."""
    condition = state["queues"].get(queue, {}).get("leave_when")
    counter = {"nobody_logged_in": "here", "nobody_ready": "up"}.get(condition)
    return counter is not None and not state["counters"].get(f"{counter}|{queue}")
