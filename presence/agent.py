"""The states of an agent's presence and the moves between them. Pure.

Three layers are kept apart: what the agent declared (this table), whether a desktop of his is
connected (sessions, which are leases), and whether he can be offered something (derived from both
and from his slots). A missing entry is an illegal move.
"""

from enum import StrEnum
from typing import Final


class Presence(StrEnum):
    """What an agent has declared, or what was declared for him."""

    NEW = "new"
    """Not known yet: the state before his first `put_agent`, never stored."""
    OFFLINE = "offline"
    NOT_READY = "not_ready"
    """Connected and not to be offered anything; the reason says why."""
    READY = "ready"
    REMOVED = "removed"
    """Not known any more: the state after the agent was removed, never stored."""


_P = Presence

# from -> to -> the transitions that do it. A pending state is taken by whatever ends his last work.
MOVES: Final[dict[Presence, dict[Presence, frozenset[str]]]] = {
    _P.NEW: {_P.OFFLINE: frozenset({"put_agent", "put_config"})},
    _P.OFFLINE: {
        _P.NOT_READY: frozenset({"open_session", "set_state"}),
        _P.READY: frozenset({"set_state"}),
        _P.REMOVED: frozenset({"put_config"}),
    },
    _P.NOT_READY: {
        _P.READY: frozenset({"set_state", "tick"}),
        _P.OFFLINE: frozenset({"set_state", "log_off", "tick", "pending"}),
        _P.NOT_READY: frozenset({"set_state", "pending"}),
    },
    _P.READY: {
        _P.NOT_READY: frozenset({"set_state", "decline", "tick", "pending"}),
        _P.OFFLINE: frozenset({"set_state", "log_off", "tick", "pending"}),
        _P.READY: frozenset({"set_state"}),
    },
    _P.REMOVED: {},
}
