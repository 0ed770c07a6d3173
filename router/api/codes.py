"""Owns the close codes of the WebSocket, in ranges that say whether to come back. Pure.

4000-4099: come back; the session, its position and its offers are kept as long as the lease runs.
4100-4199: do not come back with the same token, session or program: it would be refused again.
The standard codes 1000, 1001, 1008, 1009 and 1011 keep their meaning.
"""

from enum import IntEnum
from typing import Final

RECONNECT_FIRST: Final = 4000
RECONNECT_LAST: Final = 4099


class CloseCode(IntEnum):
    """Why a socket was closed; the number's range tells the client whether to reconnect."""

    BYE = 1000
    GOING_AWAY = 1001
    TOO_BIG = 1009
    DRAINING = 4000
    POSITION_LOST = 4001
    SESSION_GONE = 4002
    STORE_DOWN = 4003
    SILENT = 4004
    SLOW_READER = 4008
    TOO_MANY_COMMANDS = 4029
    HELLO_LATE = 4100
    BAD_HELLO = 4101
    BAD_MESSAGE = 4102
    TOKEN_REFUSED = 4103
    TOKEN_EXPIRED = 4104
    SUPERSEDED = 4105
    UNKNOWN_AGENT = 4106
    TOO_MANY_SESSIONS = 4107
    UNKNOWN_TENANT = 4108
    LOGGED_OFF = 4109


REASONS: Final[dict[CloseCode, str]] = {
    CloseCode.BYE: "bye",
    CloseCode.GOING_AWAY: "going away",
    CloseCode.TOO_BIG: "a message is larger than the limit",
    CloseCode.DRAINING: "this router stops; resume on another one",
    CloseCode.POSITION_LOST: "the store's history changed; come back for a fresh snapshot",
    CloseCode.SESSION_GONE: "the session's lease ran out; come back with a new hello",
    CloseCode.STORE_DOWN: "the store does not answer; come back later",
    CloseCode.SILENT: "no sign of life within the lease",
    CloseCode.SLOW_READER: "events were not read fast enough; resume from your position",
    CloseCode.TOO_MANY_COMMANDS: "more commands than the limit allows; slow down",
    CloseCode.HELLO_LATE: "no hello in time",
    CloseCode.BAD_HELLO: "the hello is not valid",
    CloseCode.BAD_MESSAGE: "a message is not valid",
    CloseCode.TOKEN_REFUSED: "the token is not valid",
    CloseCode.TOKEN_EXPIRED: "the token has expired or was revoked; come back with a new one",
    CloseCode.SUPERSEDED: "the session was opened again elsewhere",
    CloseCode.UNKNOWN_AGENT: "no such agent",
    CloseCode.TOO_MANY_SESSIONS: "the agent has as many sessions as the limit allows",
    CloseCode.UNKNOWN_TENANT: "the tenant has not been set up",
    CloseCode.LOGGED_OFF: "a supervisor ended the session",
}
"""Code -> reason, sent in the close frame; each is shorter than 124 bytes."""


def should_reconnect(code: int) -> bool:
    """Whether a client that was closed with this code should come back by itself."""
    return code in (1001, 1006, 1011, 1012, 1013) or RECONNECT_FIRST <= code <= RECONNECT_LAST
