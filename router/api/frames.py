"""Owns how bytes become WebSocket frames of a server: one frame a message, unmasked. Pure.

An event is encoded and framed once for each encoding, however many sockets it goes to. The frame's
form is RFC 6455 5.2.
"""

from enum import Enum, auto
from typing import Any, Final

from msgspec import Struct

from router.api import views
from router.api.codec import Encoding, encode
from router.journal.entry import Event
from router.journal.watching import PRIVATE

FINAL_TEXT: Final = 0x81
FINAL_BINARY: Final = 0x82
PING: Final = b"\x89\x00"
PONG: Final = 0x8A
OPCODES: Final = {Encoding.JSON: FINAL_TEXT, Encoding.MSGPACK: FINAL_BINARY}


class Sight(Enum):
    """How much of an event a reader sees."""

    ALL = auto()
    OWN = auto()
    """An agent whom it names: nothing of the colleagues who failed before him or would be next."""
    GATEWAY = auto()
    """Of what was over and is there again: not who had it."""
    QUEUE = auto()
    """An agent who watches its queue: nor what is between his colleague and the contact."""


HIDDEN: Final[dict[Sight, frozenset[str]]] = {
    Sight.ALL: frozenset(),
    Sight.OWN: views.PEERS,
    Sight.GATEWAY: views.HANDLED,
    Sight.QUEUE: views.PEERS | PRIVATE,
}
RESTORED: Final = "contact.restored"


class EventMessage(Struct, frozen=True, kw_only=True, tag="event"):
    """An event on the wire; `at` is the tenant's clock in milliseconds.

    `config` is the version of the configuration under which it was decided.
    """

    position: str
    at: int
    config: int
    event: dict[str, Any]


def frame(first: int, payload: bytes) -> bytes:
    """The payload behind its header."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, 126, size >> 8, size & 255)) + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


def message_frame(message: Any, encoding: Encoding) -> bytes:
    """A message for one socket."""
    return frame(OPCODES[encoding], encode(message, encoding))


def event_frame(event: Event, encoding: Encoding, sight: Sight = Sight.ALL) -> bytes:
    """An event for any number of sockets that see as much of it."""
    if sight is Sight.GATEWAY and event.name != RESTORED:
        sight = Sight.ALL
    hidden = HIDDEN[sight]
    seen = Sight.ALL if hidden.isdisjoint(event.fields) else sight
    known = event.encoded.get((encoding, seen))
    if known is None:
        message = EventMessage(
            position=event.position,
            at=event.at,
            config=event.config,
            event=views.without(views.event(event.fields), hidden),
        )
        known = event.encoded[encoding, seen] = message_frame(message, encoding)
    return known


def pong(payload: bytes) -> bytes:
    """The answer to a ping; a control frame's payload is at most 125 bytes."""
    return frame(PONG, payload)
