"""Owns what reports count: waits in queues, holds of agents, and what agents had declared. Pure.

A wait begins when a contact comes to wait in a queue and ends in exactly one way: `answered` (an
agent has it), `abandoned` (the customer left), or `left` (another queue, later, or another end). A
hold begins when an agent gets a contact and ends when he has it no longer, wrap-up included, or
when it is the customer's turn. What is open stands in the contact's own record.
"""

from typing import Any, Final, NamedTuple

from router.journal.entry import Event, Key

Fields = dict[str, Any]

OPEN: Final = ("open_wait", "open_hold")
"""The record's fields for what is open; they are nobody else's business."""
AWAY: Final = frozenset({"contact.held", "contact.scheduled"})
HELD: Final = frozenset({"assigned", "wrap_up"})


class Fact(NamedTuple):
    """A row to write: of `acd_waits` or `acd_holds`, with the place of the event that began it."""

    table: str
    place: tuple[int, int, int]
    row: Fields


def _reopened(record: Fields, event: Event, at: int) -> list[Fact]:
    """It waits anew, or is in the hands of who was writing it up."""
    if event.fields.get("state") == "queued":
        return _begin_wait(record, event, at)
    return [*_end_hold(record, at), *_begin_hold(record, event, at)]


def _wrap_up(record: Fields, event: Event, at: int) -> list[Fact]:
    begun = [] if "open_hold" in record else _begin_hold(record, event, at)
    return [*begun, *_talked(record, at)]


def _waits_for_customer(record: Fields, _event: Event, at: int) -> list[Fact]:
    return _end_hold(record, at)


BY_NAME: Final = {
    "contact.reopened": _reopened,
    "contact.waiting_customer": _waits_for_customer,
    "contact.wrap_up": _wrap_up,
}


def of_contact(record: Fields, event: Event, at: int) -> list[Fact]:
    """What the event begins and ends; `record` is as it was before it, and keeps what is open."""
    name, fields = event.name, event.fields
    if name == "contact.admitted":
        return _begin_wait(record, event, at) if fields.get("state") == "queued" else []
    if name == "contact.queued":
        return [*_end_hold(record, at), *_change_queue(record, event, at)]
    if name == "contact.assigned":
        ended = [
            *_end_wait(record, at, "answered", fields.get("agent")),
            *_end_hold(record, at),
        ]
        return [*ended, *_begin_hold(record, event, at)]
    if name in BY_NAME:
        return BY_NAME[name](record, event, at)
    if name == "contact.closed":
        how = "abandoned" if fields.get("result") == "abandoned" else "left"
        return [*_end_wait(record, at, how, None), *_end_hold(record, at)]
    if name in AWAY:
        return [*_end_wait(record, at, "left", None), *_end_hold(record, at)]
    return []


def of_state(record: Fields, key: Key, now: int) -> list[Fact]:
    """What the state calls for where events are missing: what is open, and what is not any more."""
    state, owner = record.get("state"), record.get("owner")
    has = owner if state in HELD else None
    waits = state in ("queued", "offered")
    found: list[Fact] = []
    wait, hold = record.get("open_wait"), record.get("open_hold")
    at = record.get("closed_at") or record.get("assigned_at") or now
    if wait is not None and not (waits and wait["row"]["queue"] == record.get("queue")):
        how = "answered" if has else "abandoned" if record.get("result") == "abandoned" else "left"
        found += _end_wait(record, max(at, wait["row"]["from_at"]), how, has)
    if hold is not None and hold["row"]["agent"] != has:
        found += _end_hold(record, max(at, hold["row"]["from_at"]))
    if waits and "open_wait" not in record:
        fields = {"e": "contact.queued", "queue": record.get("queue")}
        since = record.get("since") or now
        found += _begin_wait(record, Event(key, since, fields), since)
    if has and "open_hold" not in record:
        began = record.get("assigned_at") or now
        fields = {"e": "contact.assigned", "agent": has}
        found += _begin_hold(record, Event(key, began, fields), began)
    return found


def _begin_wait(record: Fields, event: Event, at: int) -> list[Fact]:
    row = {
        "queue": event.fields["queue"],
        "channel": event.fields.get("channel") or record.get("channel"),
        "from_at": at,
    }
    return [_keep(record, "open_wait", "waits", event, row)]


def _change_queue(record: Fields, event: Event, at: int) -> list[Fact]:
    """Back in the same queue after a failed offer, the wait goes on."""
    held = record.get("open_wait")
    if held is not None and held["row"]["queue"] == event.fields["queue"]:
        return []
    return [*_end_wait(record, at, "left", None), *_begin_wait(record, event, at)]


def _end_wait(record: Fields, at: int, how: str, agent: str | None) -> list[Fact]:
    return _end(record, "open_wait", "waits", {"to_at": at, "how": how, "agent": agent})


def _begin_hold(record: Fields, event: Event, at: int) -> list[Fact]:
    row = {
        "queue": event.fields.get("queue") or record.get("queue"),
        "channel": record.get("channel"),
        "agent": event.fields["agent"],
        "from_at": at,
    }
    return [_keep(record, "open_hold", "holds", event, row)]


def _talked(record: Fields, at: int) -> list[Fact]:
    held = record.get("open_hold")
    if held is None:
        return []
    held["row"]["talked_to"] = at
    return [_fact("holds", held)]


def _end_hold(record: Fields, at: int) -> list[Fact]:
    held = record.get("open_hold")
    if held is None:
        return []
    talked_to = held["row"].get("talked_to", at)
    return _end(record, "open_hold", "holds", {"to_at": at, "talked_to": talked_to})


def _keep(record: Fields, name: str, table: str, event: Event, row: Fields) -> Fact:
    record[name] = {"place": list(event.key), "row": row}
    return _fact(table, record[name])


def _end(record: Fields, name: str, table: str, more: Fields) -> list[Fact]:
    held = record.pop(name, None)
    if held is None:
        return []
    return [_fact(table, {"place": held["place"], "row": held["row"] | more})]


def _fact(table: str, held: Fields) -> Fact:
    ms, seq, nth = held["place"]
    return Fact(table, (ms, seq, nth), dict(held["row"]))
