"""Owns the last entries of a journal in memory, and what of them a reader has missed. Pure.

The window has no hole: it holds every entry after `base` up to `end`. New entries come in at its
end; older ones, read from the store because a reader came back from far, in front.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final

from router.journal.entry import START, WHOLE, Entry, Event, Key

GAP_MAX: Final = 10_000
AGENT_GAP_MAX: Final = 500


class Window:
    """The last entries of one journal; at most as many as a gap may have."""

    def __init__(self, size: int = GAP_MAX) -> None:
        """Empty, at the journal's start."""
        self.base: Key = START
        self._size = size
        self._entries: deque[Entry] = deque()
        self._by_agent: dict[str, deque[Event]] = {}
        self._by_queue: dict[str, deque[Event]] = {}
        self._far: dict[int, Key] = {}

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def end(self) -> Key:
        """Up to where the window reaches."""
        return self._entries[-1].key if self._entries else self.base

    @property
    def room(self) -> int:
        """How many older entries still find a place."""
        return self._size - len(self._entries)

    def reset(self, base: Key) -> None:
        """Forgets everything: what comes next is after `base`."""
        self.base = base
        self._entries.clear()
        self._by_agent.clear()
        self._by_queue.clear()
        self._far.clear()

    def break_off(self, at: Key) -> None:
        """There is no reading past the entry `at`: who stands before it has no whole gap."""
        self.reset(at)
        self.put_off(GAP_MAX, at)
        self.put_off(AGENT_GAP_MAX, at)

    def append(self, entry: Entry) -> None:
        """The journal's next entry."""
        self._entries.append(entry)
        for event in entry.events:
            for agent in event.agents:
                self._by_agent.setdefault(agent, deque()).append(event)
            for queue in event.queues:
                self._by_queue.setdefault(queue, deque()).append(event)
        if len(self._entries) > self._size:
            self._drop_first()

    def prepend(self, entries: Sequence[Entry], base: Key) -> None:
        """All entries after `base` up to the window's base so far."""
        for entry in reversed(entries):
            self._entries.appendleft(entry)
            for event in reversed(entry.events):
                for agent in event.agents:
                    self._by_agent.setdefault(agent, deque()).appendleft(event)
                for queue in event.queues:
                    self._by_queue.setdefault(queue, deque()).appendleft(event)
        self.base = base

    def holds(self, wanted: Key) -> bool:
        """Whether the entry of the position is in the window, and with it all that followed."""
        place = bisect_left(self._entries, _end_of(wanted), key=_key)
        return place < len(self._entries) and self._entries[place].id == wanted.entry

    def is_too_far(self, wanted: Key, limit: int) -> bool:
        """Whether more than `limit` entries are known to lie after a position not held."""
        far = self._far.get(limit)
        return len(self._entries) >= limit or (far is not None and _end_of(wanted) <= far)

    def put_off(self, limit: int, far: Key) -> None:
        """From here on, no reader with this limit gets a gap from `far` or before."""
        self._far[limit] = max(far, self._far.get(limit, far))

    def events_of(
        self, agent: str, wanted: Key, queues: frozenset[str] = frozenset()
    ) -> list[Event]:
        """What the agent, who watches these queues, has missed since a position that is held."""
        own = _later(self._by_agent.get(agent, ()), wanted)
        if not queues:
            return own
        found = {event.key: event for event in own}
        for queue in queues:
            found |= {one.key: one for one in _later(self._by_queue.get(queue, ()), wanted)}
        return [found[key] for key in sorted(found)]

    def entries_from(self, wanted: Key) -> list[Entry]:
        """The entry of a position that is held, and all that followed."""
        place = bisect_left(self._entries, _end_of(wanted), key=_key)
        return list(islice(self._entries, place, None))

    def _drop_first(self) -> None:
        first = self._entries.popleft()
        self.base = first.key
        for event in first.events:
            for agent in event.agents:
                _drop_one(self._by_agent, agent)
            for queue in event.queues:
                _drop_one(self._by_queue, queue)


def _later(events: Sequence[Event], wanted: Key) -> list[Event]:
    return list(islice(events, bisect_right(events, wanted, key=_event_key), None))


def _drop_one(kept: dict[str, deque[Event]], name: str) -> None:
    kept[name].popleft()
    if not kept[name]:
        del kept[name]


def _end_of(position: Key) -> Key:
    return Key(position.ms, position.seq, WHOLE)


def _key(entry: Entry) -> Key:
    return entry.key


def _event_key(event: Event) -> Key:
    return event.key
