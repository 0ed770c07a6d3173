"""Owns how a reader joins the flow: the whole gap since its position, or a snapshot; never a part.

The subscription is in the fan-out, held, before anything is read; so what happens meanwhile is
kept, and what was read already is not given twice. What is not in memory is read once for all: it
goes in front of the journal's window, where everybody who waits for it finds it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import msgspec
import structlog

from router.journal.entry import Entry, Event, Key, decode_entry, just_before, parse_position
from router.journal.fanout import Audience, Subscription
from router.journal.tail import Journal
from router.journal.window import AGENT_GAP_MAX, GAP_MAX

PAGE: Final = 500
LOOK_AHEAD: Final = 5_000

Snapshot = Callable[[], Awaitable[tuple[Key, dict[str, Any]]]]
Memberships = Callable[[], Awaitable[dict[str, Any]]]
Raw = tuple[str, bytes]

log = structlog.get_logger()


class Joined(NamedTuple):
    """What the reader needs first; then `subscription.release(after)` lets the flow go on.

    With `snapshot` None the gap was whole and `gap` holds it.
    """

    after: Key
    gap: list[Event]
    snapshot: dict[str, Any] | None


async def join(
    journal: Journal,
    subscription: Subscription,
    wanted: Key | None,
    snapshot: Snapshot,
    memberships: Memberships | None = None,
) -> Joined:
    """Joins at `wanted` if everything since then can be had, at a fresh snapshot otherwise.

    An agent's gap is read from the store only when it is short: his snapshot costs less. His
    `memberships` are read when he is in the fan-out, which tells of every later change.

    Raises:
        StoreError: the store does not answer; the subscription is not in the fan-out then.

    """
    journal.fanout.add(subscription)
    try:
        if memberships is not None:
            journal.fanout.look_at(subscription, await memberships())
        joined = await _resume(journal, subscription.audience, wanted) if wanted else None
        if joined is None:
            async with journal.joining:
                after, state = await snapshot()
            joined = Joined(after, [], state)
    except BaseException:
        journal.fanout.remove(subscription)
        raise
    return joined


async def _resume(journal: Journal, audience: Audience, wanted: Key) -> Joined | None:
    """The whole gap, from memory if it can be; None when some of it is gone or too far."""
    window = journal.window
    agent = None if audience.is_watcher else audience.agent
    if not window.holds(wanted):
        async with journal.joining:
            if Key(wanted.ms, wanted.seq, 0) > window.end:
                return await _ahead(journal, wanted)
            if not await _bring(journal, wanted, GAP_MAX if agent is None else AGENT_GAP_MAX):
                return None
    after = max(wanted, window.end)
    if agent is not None:
        return Joined(after, window.events_of(agent, wanted, audience.queues), None)
    return Joined(after, await _wanted(window.entries_from(wanted), wanted, audience), None)


async def _ahead(journal: Journal, wanted: Key) -> Joined | None:
    """The reader has seen more than this router's tail: the tail brings all that he misses."""
    page = await journal.store.journal_range(journal.key, just_before(wanted), wanted.entry, 1)
    return Joined(wanted, [], None) if page else None


async def _wanted(entries: list[Entry], after: Key, audience: Audience) -> list[Event]:
    found: list[Event] = []
    for start in range(0, len(entries), PAGE):
        if start:
            await asyncio.sleep(0)
        for entry in entries[start : start + PAGE]:
            found.extend(one for one in entry.events if one.key > after and audience.wants(one))
    return found


async def _bring(journal: Journal, wanted: Key, limit: int) -> bool:
    """Brings the position into the window, one reader after the other; whether it is there."""
    window = journal.window
    async with journal.filling:
        if window.holds(wanted):
            return True
        if window.is_too_far(wanted, limit):
            return False
        base = window.base
        found = await _read(journal, wanted, base, limit)
        entries = await _decoded(journal, found) if found else []
        if not entries or window.base != base or len(entries) > window.room:
            return False
        before = parse_position(just_before(entries[0].key))
        window.prepend(entries, before or base)
        return window.holds(wanted)


async def _read(journal: Journal, wanted: Key, until: Key, limit: int) -> deque[Raw]:
    """The last entries from the position to `until`, at most `limit`; none when some are gone.

    Each page begins with the last entry of the one before: if that is there, nothing was trimmed.
    """
    kept: deque[Raw] = deque(maxlen=limit - len(journal.window))
    expected, seen = wanted.entry, 0
    while seen < limit + LOOK_AHEAD:
        after = just_before(parse_position(expected) or wanted)
        page = await journal.store.journal_range(journal.key, after, until.entry, PAGE + 1)
        if not page or page[0][0] != expected:
            return deque()  # trimmed away, or never written
        fresh = page[1:] if seen else page
        kept.extend(fresh)
        seen += len(fresh)
        if len(page) <= PAGE:
            return kept
        expected = page[-1][0]
        await asyncio.sleep(0)
    journal.window.put_off(limit, parse_position(kept[0][0]) or wanted)
    return deque()


async def _decoded(journal: Journal, found: deque[Raw]) -> list[Entry]:
    """The entries; none when one of them can not be read."""
    entries: list[Entry] = []
    for number, (entry_id, blob) in enumerate(found):
        if number % PAGE == PAGE - 1:
            await asyncio.sleep(0)
        try:
            entries.append(decode_entry(entry_id, blob))
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.exception("journal.unreadable", tenant=journal.tenant, position=entry_id)
            for limit in (GAP_MAX, AGENT_GAP_MAX):
                journal.window.put_off(limit, parse_position(entry_id) or journal.window.base)
            return []
    return entries
