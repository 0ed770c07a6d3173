"""Looks back in a tenant's journal for one offer: how it was made, and how it ended.

The journal keeps a limited number of entries, and one question reads a limited number of them: what
lies before is told to be out of reach, with the instant up to which was looked.
"""

from typing import Any, Final

import msgspec

from router.engine.driver import StoreDriver

PAGE: Final = 500
LOOK_MAX: Final = 20_000
ENDS: Final = frozenset({"offer.accepted", "offer.declined", "offer.expired", "offer.revoked"})

Fields = dict[str, Any]


class _Blob(msgspec.Struct):
    t: str
    at: int
    ev: list[Fields]
    config: int = 0


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event with what its entry says: when, where, by what, under which config."""

    position: str
    at: int
    transition: str
    config: int
    fields: Fields


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of an offer; `since` is the instant of the oldest entry that was looked at."""

    made: Told | None
    ended: Told | None
    since: int | None


_decode = msgspec.msgpack.Decoder(_Blob).decode


async def find_offer(store: StoreDriver, tenant: str, contact: str, number: int) -> Past:
    """Reads the journal from its end back to where the offer was made, or as far as it may.

    Raises: StoreError.
    """
    key, before = f"{{{tenant}}}:journal", "+"
    named = contact.encode()
    ended: Told | None = None
    oldest: bytes | None = None
    for _ in range(LOOK_MAX // PAGE):
        page = await store.journal_back(key, before, PAGE)
        for position, blob in page:
            for told in _events(position, blob) if named in blob else ():
                if told.fields.get("contact") != contact or told.fields.get("offer") != number:
                    continue
                if told.fields["e"] == "offer.made":
                    return Past(made=told, ended=ended, since=told.at)
                if told.fields["e"] in ENDS:
                    ended = told
        if page:
            before, oldest = page[-1]
        if len(page) < PAGE:
            break
    since = None if oldest is None else _instant(oldest)
    return Past(made=None, ended=ended, since=since)


def _events(position: str, blob: bytes) -> list[Told]:
    """The events of an entry, the last one first; none when it can not be read."""
    try:
        raw = _decode(blob)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    return [
        Told(position=position, at=raw.at, transition=raw.t, config=raw.config, fields=fields)
        for fields in reversed(raw.ev)
    ]


def _instant(blob: bytes) -> int | None:
    try:
        return _decode(blob).at
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
