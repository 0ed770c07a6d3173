"""The states of an offer and the moves between them. Pure.

An offer is one contact put to one agent, with a number that grows with each offer of the contact
and a deadline. It ends exactly once. A missing entry is an illegal move.
"""

from enum import StrEnum
from typing import Final


class OfferState(StrEnum):
    """How an offer stands or ended."""

    NEW = "new"
    """Not made yet, never stored."""
    PENDING = "pending"
    """The agent has until the deadline; his slot is reserved."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """The agent said no, or the gateway could not reach him."""
    EXPIRED = "expired"
    """The deadline passed: no answer."""
    REVOKED = "revoked"
    """Withdrawn through no fault of the agent; the reason says why."""


BY_HAND: Final = frozenset({"transfer", "consult"})
"""Kinds of offers that a colleague makes: the contact waits for nobody meanwhile."""

_O = OfferState

# from -> to -> the transitions that do it (`match` is the matching pass that ends each of them).
MOVES: Final[dict[OfferState, dict[OfferState, frozenset[str]]]] = {
    _O.NEW: {_O.PENDING: frozenset({"consult", "match", "transfer"})},
    _O.PENDING: {
        _O.ACCEPTED: frozenset({"accept", "claim", "match", "report", "take_over"}),
        _O.DECLINED: frozenset({"decline"}),
        _O.EXPIRED: frozenset({"tick"}),
        _O.REVOKED: frozenset(
            {
                "accept",
                "admit",
                "assign",
                "log_off",
                "match",
                "decline",
                "call_back",
                "cancel",
                "claim",
                "close",
                "close_session",
                "leave_consult",
                "not_reached",
                "release",
                "reopen",
                "repair",
                "report",
                "set_state",
                "take_over",
                "tick",
                "transfer",
            }
        ),
    },
    _O.ACCEPTED: {},
    _O.DECLINED: {},
    _O.EXPIRED: {},
    _O.REVOKED: {},
}
