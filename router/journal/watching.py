"""Owns which queues' contacts an agent's desktop sees besides his own, as an inbox does. Pure.

A desktop asks for queues when it connects; a membership with `notify` needs no asking. Either
counts only while the agent is a member, in any role.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

Wish = frozenset[str] | Literal["all"]
NOTHING: Final[frozenset[str]] = frozenset()

WATCHED: Final = frozenset(
    {
        *("contact.admitted", "contact.queued", "contact.held", "contact.scheduled"),
        *("contact.updated", "contact.step", "contact.callback", "contact.not_reached"),
        *("contact.assigned", "contact.waiting_customer", "contact.wrap_up", "contact.closed"),
        *("contact.response_due", "contact.response_late"),
    }
)
"""What all members of a queue may know of its contacts; whom one rings is between these two."""

LEAVING: Final = frozenset({"contact.queued", "contact.held", "contact.scheduled"})
"""Such an event may name the queue that the contact left, as `from`."""

PRIVATE: Final = frozenset({"agents", "note", "not_ready", "over_capacity"})
"""What such an event tells of a colleague beyond that he has the contact, or had it."""


def watched(wish: Wish, memberships: Mapping[str, Any] | None) -> frozenset[str]:
    """The queues that are watched: of those asked for, his, and his that notify."""
    mine = dict(memberships or {})
    asked = mine if wish == "all" else wish
    return frozenset(q for q, membership in mine.items() if q in asked or membership.get("notify"))


def queues_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The queues whose members may watch the event: where the contact is, and which one it left."""
    if fields["e"] not in WATCHED:
        return ()
    left = fields.get("from") if fields["e"] in LEAVING else None
    return tuple(dict.fromkeys(name for name in (fields.get("queue"), left) if name))
