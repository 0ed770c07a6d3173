"""Entries as a journal would have them."""

from collections.abc import Mapping

from router.journal.entry import Entry, Event, Key


def entry(ms: int, *events: Mapping[str, object], by: str = "r-1") -> Entry:
    made = tuple(Event(Key(ms, 0, nth), ms, dict(fields)) for nth, fields in enumerate(events))
    return Entry(f"{ms}-0", ms, by, "test", "", made)


def offer(agent: str, contact: str = "c") -> dict[str, object]:
    return {"e": "offer.made", "contact": contact, "agent": agent}


def state(agent: str) -> dict[str, object]:
    return {"e": "agent.state", "agent": agent}


def queued(queue: str, contact: str = "c", **more: object) -> dict[str, object]:
    return {"e": "contact.queued", "contact": contact, "queue": queue} | more


def put(agent: str, **memberships: object) -> dict[str, object]:
    return {"e": "agent.put", "agent": agent, "memberships": memberships}
