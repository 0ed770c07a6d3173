"""Owns what is read from the journal: entries, events, positions, and whom an event is for. Pure.

A position names an event: `1700000000000-3` is all of an entry, `1700000000000-3.1` its first two
events. To a client it is opaque.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from router.journal.watching import queues_of

WHOLE: Final = 2**31
POSITION: Final = re.compile(r"(\d{1,20})-(\d{1,20})(?:\.(\d{1,4}))?")
ID_END: Final = 2**64


class Key(NamedTuple):
    """Where an event stands; keys compare in the journal's order."""

    ms: int
    seq: int
    nth: int

    @property
    def entry(self) -> str:
        """The id of the entry in the stream."""
        return f"{self.ms}-{self.seq}"


START: Final = Key(0, 0, WHOLE)


def parse_position(text: str) -> Key | None:
    """The place that a position names; None when it is not a position."""
    found = POSITION.fullmatch(text)
    if found is None:
        return None
    ms, seq, nth = found.groups()
    if int(ms) >= ID_END or int(seq) >= ID_END:
        return None
    return Key(int(ms), int(seq), WHOLE if nth is None else int(nth))


def just_before(key: Key) -> str:
    """The id after which the entry of the key is the first that can come."""
    if key.seq > 0:
        return f"{key.ms}-{key.seq - 1}"
    return f"{key.ms - 1}-{2**63}" if key.ms > 0 else "0-0"


class Event:
    """One event with its place; what encoding it costs is paid once for all who get it."""

    __slots__ = (
        *("agents", "at", "config", "encoded", "fields", "is_contact_side", "key", "name"),
        "queues",
    )

    def __init__(self, key: Key, at: int, fields: dict[str, Any], config: int = 0) -> None:
        """Takes the event's fields as the journal has them."""
        name: str = fields["e"]
        self.key = key
        self.at = at
        self.config = config
        self.name = name
        self.fields = fields
        self.agents = agents_of(fields)
        self.queues = queues_of(fields)
        # What agents say among themselves is not for who may show it to a customer.
        is_said_inside = fields.get("visibility") == "internal"
        self.is_contact_side = name.startswith(("contact.", "offer.")) and not is_said_inside
        self.encoded: dict[Any, bytes] = {}

    @property
    def position(self) -> str:
        """The event's position, for clients."""
        return f"{self.key.ms}-{self.key.seq}.{self.key.nth}"


class Entry(NamedTuple):
    """One transition: when, by which router and whose order, and what happened."""

    id: str
    at: int
    by: str
    transition: str
    actor: str
    events: tuple[Event, ...]

    @property
    def key(self) -> Key:
        """The place of the entry's last event."""
        ms, _, seq = self.id.partition("-")
        return Key(int(ms), int(seq), WHOLE)


class _Blob(msgspec.Struct):
    t: str
    at: int
    ev: list[dict[str, Any]]
    config: int = 0
    by: str = ""
    actor: str = ""


_decode = msgspec.msgpack.Decoder(_Blob).decode


def decode_entry(entry_id: str, blob: bytes) -> Entry:
    """An entry of the stream.

    Raises:
        msgspec.DecodeError: the blob is not what a transition writes.

    """
    raw = _decode(blob)
    ms, _, seq = entry_id.partition("-")
    place = (int(ms), int(seq))
    events = tuple(Event(Key(*place, nth), raw.at, ev, raw.config) for nth, ev in enumerate(raw.ev))
    return Entry(entry_id, raw.at, raw.by, raw.t, raw.actor, events)


def agents_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The agents whom an event names: who has it now, whom it rings, from whom it was taken."""
    agent = fields.get("agent")
    former = fields.get("from") if fields["e"] == "contact.assigned" else None
    named = (agent, former, *fields.get("agents", ()))
    return tuple(dict.fromkeys(name for name in named if name is not None))
