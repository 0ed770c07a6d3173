"""The states of a contact and the moves between them. Pure.

A missing entry is an illegal move. The Lua headers (`-- moves:`), the model test and the drawn
diagram (`docs/states.md`) are held to this table.
"""

from enum import StrEnum
from typing import Final


class ContactState(StrEnum):
    """Where a contact is; it has exactly one place at any time."""

    NEW = "new"
    """Not known yet: the state before `admit`, never stored."""
    SCHEDULED = "scheduled"
    """Comes later, at an instant of the wall clock; it stands in no line."""
    HELD = "held"
    """Waits for its queue to open; it stands in no line, and its place is that of its arrival."""
    QUEUED = "queued"
    """Waits in one line."""
    OFFERED = "offered"
    """Put to one agent, in a broadcast to several; nobody has answered. Keeps its place."""
    ASSIGNED = "assigned"
    """Has an owner."""
    WAITING_CUSTOMER = "waiting_customer"
    """The ball is with the customer: an owner, and no slot of his where the queue has it so."""
    WRAP_UP = "wrap_up"
    """The conversation is over, the owner writes it up; his slot is held."""
    CLOSED = "closed"
    """The end: handled, abandoned, cancelled, expired or overflowed."""


_S = ContactState

# from -> to -> the transitions that do it (`match` is the matching pass that ends each of them).
MOVES: Final[dict[ContactState, dict[ContactState, frozenset[str]]]] = {
    _S.NEW: {
        _S.SCHEDULED: frozenset({"admit"}),
        _S.HELD: frozenset({"admit", "fork"}),
        _S.QUEUED: frozenset({"admit", "fork", "reopen", "report"}),
    },
    _S.SCHEDULED: {
        _S.SCHEDULED: frozenset({"call_back", "transfer", "update"}),
        _S.HELD: frozenset({"tick"}),
        _S.QUEUED: frozenset({"tick"}),
        _S.ASSIGNED: frozenset({"assign"}),
        _S.CLOSED: frozenset({"cancel", "close"}),
    },
    _S.HELD: {
        _S.SCHEDULED: frozenset({"call_back"}),
        _S.HELD: frozenset({"transfer"}),
        _S.QUEUED: frozenset({"tick", "transfer"}),
        _S.ASSIGNED: frozenset({"assign", "claim", "report"}),
        _S.CLOSED: frozenset({"cancel", "close", "tick"}),
    },
    _S.QUEUED: {
        _S.SCHEDULED: frozenset({"call_back"}),
        _S.HELD: frozenset({"transfer"}),
        _S.QUEUED: frozenset(
            {
                *(
                    "accept",
                    "admit",
                    "claim",
                    "put_agent",
                    "put_config",
                    "tick",
                    "decline",
                    "set_state",
                ),
                *("close_session", "match", "reopen", "report", "take_over", "transfer"),
            }
        ),
        _S.OFFERED: frozenset({"match"}),
        _S.ASSIGNED: frozenset({"assign", "claim", "reopen", "report"}),
        _S.CLOSED: frozenset(
            {
                *("accept", "admit", "cancel", "claim", "tick", "decline", "set_state"),
                *("close_session", "match", "reopen", "report", "take_over"),
            }
        ),
    },
    _S.OFFERED: {
        _S.SCHEDULED: frozenset({"call_back"}),
        _S.HELD: frozenset({"transfer"}),
        _S.ASSIGNED: frozenset({"accept", "assign", "claim", "match", "report"}),
        _S.QUEUED: frozenset(
            {
                *("accept", "admit", "assign", "claim", "log_off", "decline", "set_state", "tick"),
                *("close_session", "match", "reopen", "repair", "report", "take_over"),
                "transfer",
            }
        ),
        _S.CLOSED: frozenset({"cancel"}),
    },
    _S.ASSIGNED: {
        _S.SCHEDULED: frozenset({"not_reached"}),
        _S.ASSIGNED: frozenset({"accept", "assign", "complete_consult", "take_over", "transfer"}),
        _S.WAITING_CUSTOMER: frozenset({"report"}),
        _S.QUEUED: frozenset({"log_off", "release", "repair", "transfer", "tick"}),
        _S.WRAP_UP: frozenset({"close", "cancel"}),
        _S.CLOSED: frozenset({"close", "cancel", "not_reached", "tick"}),
    },
    _S.WAITING_CUSTOMER: {
        _S.WAITING_CUSTOMER: frozenset({"report"}),
        _S.ASSIGNED: frozenset({"admit", "assign", "claim", "report", "take_over"}),
        _S.QUEUED: frozenset({"admit", "release", "repair", "report", "transfer"}),
        _S.CLOSED: frozenset({"cancel", "close", "tick"}),
    },
    _S.WRAP_UP: {
        _S.ASSIGNED: frozenset({"admit", "reopen", "report"}),
        _S.CLOSED: frozenset({"end_wrap_up", "log_off", "repair", "tick"}),
    },
    _S.CLOSED: {_S.QUEUED: frozenset({"admit", "reopen", "report"})},
}
