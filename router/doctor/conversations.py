"""What must hold for conversations: each names its contact, the open one if there is any. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from router.doctor.look import Look
from router.doctor.state import thread_of

OVER: Final = ("closed", "wrap_up")


def conversation_of(contact: dict[str, Any]) -> str | None:
    """The conversation that a contact belongs to."""
    name = contact.get("conversation")
    return thread_of(contact["channel"], contact.get("customer", ""), name) if name else None


def is_the_one(look: Look, key: str) -> Iterator[str]:
    """What is open is found by its conversation: its customer does not begin another one."""
    contact = look.state["contacts"].get(key, {"state": "closed"})
    name = None if contact["state"] in OVER else conversation_of(contact)
    found = None if name is None else look.state["conversations"].get(name)
    if name is not None and found != key:
        yield f"contact {key} is open, and its conversation {name} has {found}"


def names_its_own(look: Look, name: str) -> Iterator[str]:
    """It names a contact of it, and is kept for as long as that."""
    key = look.state["conversations"].get(name)
    if key is None or key in look.state["strange"]:
        return
    contact = look.state["contacts"].get(key)
    if contact is None or conversation_of(contact) != name:
        yield f"conversation {name} has {key}, which is not of it"
    elif (name in look.state["lapsing"]) != (key in look.state["expiring"]):
        yield f"conversation {name} is not kept for as long as {key}"


CONVERSATION_CHECKS: Final = (names_its_own,)
