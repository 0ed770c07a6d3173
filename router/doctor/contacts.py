"""What must hold for one contact: its one place, its slots, its offers, its way out by time. Pure.

A check is given the look and the contact's id, and yields what is wrong, in words.
"""

import sys
from collections.abc import Iterator
from typing import Any, Final

from router.doctor.conversations import is_the_one
from router.doctor.look import OWNED, Look, holders, member
from router.doctor.timers import timers_of_contact
from router.offer import BY_HAND

Plain = dict[str, Any]
TIER: Final = 10**13
"""What a tier is worth in a score."""
CLOCKED: Final = ("queued", "offered", "assigned")
"""States in which a customer's wait for an answer is ours to end."""
RINGS: Final = {"offered": {"queue", "direct"}, "assigned": BY_HAND}
"""State -> the kinds of offers that may be pending then."""


def is_known(look: Look, key: str) -> Iterator[str]:
    """What is somewhere has a record."""
    if key not in look.state["contacts"] and not is_let_go(look, key):
        places = sorted(f"{index} of {name}" for index, name in look.places.get(key, ()))
        holds = sorted(
            a for a, agent in look.state["agents"].items() if key in agent.get("work", {})
        )
        yield f"contact {key} has no record; it is in {places}, in the hands of {holds}"


def is_let_go(look: Look, key: str) -> bool:
    """Whether only a trace of it is left: it has ended and is in the archive."""
    return key in look.state["traces"] and key not in look.places


def is_due_in_place(look: Look, key: str) -> Iterator[str]:
    """Promise 1: it stands where its record says, at the score that it says, and nowhere else."""
    contact = look.state["contacts"].get(key)
    if contact is None:
        return
    found, expected = look.places.get(key, {}), places_of(contact)
    for index, name in sorted(expected.keys() | found.keys()):
        is_at, should = found.get((index, name)), expected.get((index, name))
        if is_at != should:
            state, at = contact["state"], f"{index} of {name}"
            yield f"contact {key} is {state}: stands in {at} at {is_at}, should at {should}"


def places_of(contact: Plain) -> dict[tuple[str, str], int | None]:
    """The entries that a contact's record calls for."""
    name = contact["queue"]
    match contact["state"]:
        case "queued":
            line = {("waiting", contact.get("line", "")): contact.get("score")}
            return line | {("queue_waits", name): contact.get("since")}
        case "held":
            return {("held", name): contact.get("score")}
        case "scheduled":
            return {("scheduled", name): contact.get("not_before")}
        case "waiting_customer":
            at = contact.get("asked_at")
            return {("asked_in", name): at, ("asked_by", contact.get("owner", "")): at}
        case _ if is_short(contact):
            return {("short", contact["line"]): contact["score"]}
    return {}


def has_its_score(look: Look, key: str) -> Iterator[str]:
    """Its place follows from its due time and its tier."""
    contact = look.state["contacts"].get(key, {})
    if contact.get("state") == "queued":
        score = contact.get("score")
        if score is None or score != contact.get("due", 0) - contact["tier"] * TIER:
            yield f"contact {key}: score {score} is not of due and tier"


def has_an_owner(look: Look, key: str) -> Iterator[str]:
    """Promise 1: who is served is served by somebody."""
    contact = look.state["contacts"].get(key, {})
    if contact.get("state") in OWNED and "owner" not in contact:
        yield f"contact {key} is {contact['state']} without an owner"


def lives_until_closed(look: Look, key: str) -> Iterator[str]:
    """Promise 4: a record has a time to live when its contact is closed, and not before."""
    contact = look.state["contacts"].get(key)
    is_closed = is_let_go(look, key) or (contact is not None and contact["state"] == "closed")
    if is_closed != (key in look.state["expiring"]):
        state = contact and contact["state"]
        yield f"contact {key} is {state}: has a time to live only when closed"


def is_held_by_whom_it_names(look: Look, key: str) -> Iterator[str]:
    """Promise 2: whom it names holds a slot for it, of the right kind."""
    contact = look.state["contacts"].get(key)
    for name, kind in holders(contact) if contact else ():
        agent = look.state["agents"].get(name)
        held = (agent or {}).get("work", {}).get(key)
        if held is None or (held["k"], held["ch"]) != (kind, contact["channel"]):
            yield f"contact {key} is {kind} at agent {name}, who holds it as {held}"


def rings_as_its_state_says(look: Look, key: str) -> Iterator[str]:
    """Promise 1: who is offered rings, to different agents; an owned contact may ring for one."""
    contact = look.state["contacts"].get(key, {})
    state, ringing = contact.get("state"), contact.get("ringing", [])
    kinds = {offer["kind"] for offer in ringing}
    if kinds - RINGS.get(state, set()):
        yield f"contact {key} is {state} and rings with {ringing}"
    if state == "offered" and not ringing:
        yield f"contact {key} is offered to nobody"
    width = contact.get("width", 1) if kinds == {"queue"} else 1
    if len(ringing) > width:
        yield f"contact {key} rings more than {width} agents: {ringing}"
    if len({offer["agent"] for offer in ringing}) < len(ringing):
        yield f"contact {key} rings somebody twice: {ringing}"


def is_short(contact: Plain) -> bool:
    """Whether it rings fewer agents than it may; with a step due it lets its bells ring out."""
    is_broadcast = contact["state"] == "offered" and "width" in contact
    has_room = is_broadcast and len(contact.get("ringing", ())) < contact["width"]
    return has_room and not contact.get("late")


def rings_who_is_there(look: Look, key: str) -> Iterator[str]:
    """Promises 3, 5 and 10: who is offered something is there and ready; offers are numbered."""
    contact = look.state["contacts"].get(key, {})
    ringing = contact.get("ringing", [])
    for offer in ringing:
        agent = look.state["agents"].get(offer["agent"], {})
        allowed = ("ready", "not_ready") if offer["kind"] in BY_HAND else ("ready",)
        if agent.get("presence") not in allowed or not agent.get("sessions"):
            yield f"contact {key} is offered to {offer['agent']}, who is not there: {agent}"
    numbers = [offer["n"] for offer in ringing]
    if numbers != sorted(set(numbers)) or max(numbers, default=0) > contact.get("offers", 0):
        yield f"contact {key}: {numbers} are pending, {contact.get('offers')} were made"


def relaxations_are_awaited(look: Look, key: str) -> Iterator[str]:
    """Promise 8: a contact that will ask less has a timer for it, unless it is made up for."""
    contact = look.state["contacts"].get(key, {})
    if contact.get("state") not in ("queued", "offered") or "late" in contact:
        return
    done = contact.get("relaxed", 0)
    times = [step["after_ms"] for step in contact.get("relax", ()) if step["after_ms"] > done]
    if not times:
        return
    # New ones may be due already.
    at = max(contact.get("joined", 0) + min(times), look.state["clock"])
    if contact.get("step_at", sys.maxsize) > at:
        yield f"contact {key}: nothing happens when it is to ask less: {contact}"


def knows_who_is_to_answer(look: Look, key: str) -> Iterator[str]:
    """Promise 8: the clock of an answer is that of its customer's wait, in its queue."""
    contact = look.state["contacts"].get(key)
    if contact is None:
        return
    runs = contact["state"] in CLOCKED and "customer_since" in contact
    expected = contact["queue"] if runs else None
    clock = contact.get("response")
    found = clock["queue"] if clock else None
    if found != expected or ("response_by" in contact and not runs):
        yield f"contact {key}: its answer is clocked in {found}, should be in {expected}"


def has_its_timers(look: Look, key: str) -> Iterator[str]:
    """Promises 3 and 8: each state that must end by time has its timer, and no other is there."""
    contact = look.state["contacts"].get(key)
    left = dict(look.timers.get(("contact", key), {}))
    for timer, at in timers_of_contact(key, contact) if contact else ():
        due = left.pop(timer, None)
        if due is None or at not in (None, due):
            yield f"timer {timer} should be at {at}, is at {due}"
    if contact and contact["state"] == "offered" and "direct" in contact:
        left.pop(f"d|{key}", None)  # it finds that it is no longer needed
    for timer in left:
        yield f"timer {timer} is for nothing"


def waits_where_it_is_found(look: Look, key: str) -> Iterator[str]:
    """Promise 7: the line of one who waits is known to its queue, or to its agents."""
    contact = look.state["contacts"].get(key, {})
    if contact.get("state") != "queued":
        return
    line = contact.get("line", "||")
    queue, _, tail = line.split("|")
    if queue != contact["queue"]:
        yield f"contact {key} of queue {contact['queue']} waits in {line}"
    for agent in tail[1:].split(",") if tail.startswith("@") else ():
        if line not in look.state["personal"].get(agent, ()):
            yield f"{line} holds contacts, but its agent {agent} does not know it"
    if tail and not tail.startswith("@") and line not in look.state["lines"].get(queue, ()):
        yield f"{line} holds contacts, but its queue does not know it"


CONTACT_CHECKS: Final = (
    is_known,
    is_due_in_place,
    has_its_score,
    has_an_owner,
    lives_until_closed,
    is_held_by_whom_it_names,
    rings_as_its_state_says,
    rings_who_is_there,
    relaxations_are_awaited,
    knows_who_is_to_answer,
    has_its_timers,
    waits_where_it_is_found,
    is_the_one,
)
__all__ = ["CONTACT_CHECKS", "is_short", "member"]
