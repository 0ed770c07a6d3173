"""The promises about contacts that ring: whom, how many, and who may ring more. Pure."""

from collections.abc import Iterator
from typing import Any

Plain = dict[str, Any]


def member(contact: Plain) -> str:
    return f"{contact['entered']:013d}{contact['id']}"


def offers_are_of_the_state(state: Plain) -> Iterator[str]:
    """Promise 1: who is offered rings, to different agents; an owned contact may ring for one."""
    for key, contact in state["contacts"].items():
        ringing = contact.get("ringing", [])
        kinds = {offer["kind"] for offer in ringing}
        allowed = {"offered": {"queue", "direct"}, "assigned": {"transfer"}}
        if kinds - allowed.get(contact["state"], set()):
            yield f"contact {key} is {contact['state']} and rings with {ringing}"
        if contact["state"] == "offered" and not ringing:
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


def who_rings_too_few_is_known(state: Plain) -> Iterator[str]:
    """The lines know the contacts that could ring more, and the tenant how many there are."""
    short: dict[str, dict[str, int]] = {}
    for contact in state["contacts"].values():
        if is_short(contact):
            short.setdefault(contact["line"], {})[member(contact)] = contact["score"]
    if state["short"] != short:
        yield f"lines know as ringing too few {state['short']}, it is {short}"
    if state["short_count"] != sum(len(held) for held in short.values()):
        yield f"{state['short_count']} are counted that ring too few, it is {short}"
