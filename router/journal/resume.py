"""Owns how a reader joins the flow: the whole gap since its position, or a snapshot; never a part.

The subscription is in the fan-out, held, before anything is read; so what happens meanwhile is
kept, and what was read already is not given twice.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from router.journal.entry import Entry, Event, Key, decode_entry, just_before
from router.journal.fanout import Audience, Subscription
from router.journal.tail import Journal

GAP_MAX: Final = 10_000
PAGE: Final = 1_000

Snapshot = Callable[[], Awaitable[tuple[Key, dict[str, Any]]]]


class Joined(NamedTuple):
    """What the reader needs first; then `subscription.release(after)` lets the flow go on.

    With `snapshot` None the gap was whole and `gap` holds it.
    """

    after: Key
    gap: list[Event]
    snapshot: dict[str, Any] | None


async def join(
    journal: Journal, subscription: Subscription, wanted: Key | None, snapshot: Snapshot
) -> Joined:
    """Joins at `wanted` if everything since then can be had, at a fresh snapshot otherwise.

    Raises:
        StoreError: the store does not answer; the subscription is not in the fan-out then.

    """
    journal.fanout.add(subscription)
    try:
        entries = await _since(journal, wanted) if wanted is not None else None
        if entries is not None and wanted is not None:
            after = max(wanted, entries[-1].key) if entries else wanted
            return Joined(after, _wanted(entries, wanted, subscription.audience), None)
        after, state = await snapshot()
    except BaseException:
        journal.fanout.remove(subscription)
        raise
    return Joined(after, [], state)


def _wanted(entries: list[Entry], after: Key, audience: Audience) -> list[Event]:
    return [
        event
        for entry in entries
        for event in entry.events
        if event.key > after and audience.wants(event)
    ]


async def _since(journal: Journal, wanted: Key) -> list[Entry] | None:
    """The entry of the position and all after it; None when some of them are gone."""
    recent = _recent(journal, wanted)
    return recent if recent is not None else await _stored(journal, wanted)


def _recent(journal: Journal, wanted: Key) -> list[Entry] | None:
    found: list[Entry] = []
    for entry in reversed(journal.recent):
        found.append(entry)
        if entry.id == wanted.entry:
            found.reverse()
            return found
    return None


async def _stored(journal: Journal, wanted: Key) -> list[Entry] | None:
    found: list[Entry] = []
    after = just_before(wanted)
    while len(found) < GAP_MAX:
        page = await journal.store.journal_range(journal.key, after, "+", PAGE)
        found.extend(decode_entry(entry_id, blob) for entry_id, blob in page)
        if not found or found[0].id != wanted.entry:
            return None  # trimmed away, or never written
        if len(page) < PAGE:
            return found
        after = page[-1][0]
    return None
