"""Owns how bytes become WebSocket frames of a server: one frame a message, unmasked. Pure.

An event is encoded and framed once for each encoding, however many sockets it goes to. The frame's
form is RFC 6455 5.2.
"""

from typing import Any, Final

from msgspec import Struct

from router.api import views
from router.api.codec import Encoding, encode
from router.journal.entry import Event

FINAL_TEXT: Final = 0x81
FINAL_BINARY: Final = 0x82
PING: Final = b"\x89\x00"
PONG: Final = 0x8A
OPCODES: Final = {Encoding.JSON: FINAL_TEXT, Encoding.MSGPACK: FINAL_BINARY}


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


def event_frame(event: Event, encoding: Encoding, *, is_agent: bool = False) -> bytes:
    """An event for any number of sockets; an agent's tells nothing of his colleagues' failures."""
    hides = is_agent and not views.PEERS.isdisjoint(event.fields)
    known = event.encoded.get((encoding, hides))
    if known is None:
        fields = views.event(event.fields)
        message = EventMessage(
            position=event.position,
            at=event.at,
            config=event.config,
            event=views.without_peers(fields) if hides else fields,
        )
        known = event.encoded[encoding, hides] = message_frame(message, encoding)
    return known


def pong(payload: bytes) -> bytes:
    """The answer to a ping; a control frame's payload is at most 125 bytes."""
    return frame(PONG, payload)
