"""Counts what reports count once more, from the journal alone and in another way. Pure.

First the life of each contact is written down as a list of (instant, event); then each list is read
from its beginning to its end. Nothing of the archive is used.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from router.journal.entry import Entry

Plain = dict[str, Any]
Table = dict[tuple[int, str], dict[str, int]]
AWAITS = "contact.waiting_customer"
ENDS_WAIT = ("contact.assigned", "contact.closed", "contact.held", "contact.scheduled")


class Limits(NamedTuple):
    """The edges of the intervals, and the two thresholds, in ms."""

    edges: list[int]
    in_time_ms: int
    short_ms: int

    def place(self, at: int) -> int | None:
        found = [n for n, (a, b) in enumerate(pairwise(self.edges)) if a <= at < b]
        return found[0] if found else None


def lives(journal: Iterable[Entry]) -> list[list[tuple[int, Plain]]]:
    """Each contact's events; an id that is admitted again is another contact."""
    found: dict[str, list[list[tuple[int, Plain]]]] = defaultdict(list)
    for entry in journal:
        for event in entry.events:
            contact = event.fields.get("contact", "")
            if event.name == "contact.admitted":
                found[contact].append([])
            if contact and not found[contact]:
                found[contact].append([])  # one that went on after the store had let it go
            if contact and event.name.startswith("contact."):
                found[contact][-1].append((entry.at, event.fields))
    return [life for one in found.values() for life in one]


def waits(life: list[tuple[int, Plain]]) -> list[tuple[str, int, int | None, str]]:
    """Queue, beginning, end and outcome of each wait of a contact."""
    found: list[tuple[str, int, int | None, str]] = []
    now: tuple[str, int] | None = None
    for at, event in life:
        name = event["e"]
        begins = name == "contact.queued" or (
            name in ("contact.admitted", "contact.reopened") and event["state"] == "queued"
        )
        if begins and (now is None or now[0] != event["queue"]):
            if now is not None:
                found.append((*now, at, "left"))
            now = (event["queue"], at)
        if name in ENDS_WAIT and now is not None:
            outcome = "answered" if name == "contact.assigned" else "left"
            if event.get("result") == "abandoned":
                outcome = "abandoned"
            found.append((*now, at, outcome))
            now = None
    return found if now is None else [*found, (*now, None, "")]


def holds(life: list[tuple[int, Plain]]) -> list[tuple[str, str, int, int, int]]:
    """Agent, queue, beginning, end of talk and end of each hold that has ended."""
    found = []
    now: tuple[str, str, int] | None = None
    talked: int | None = None
    over = ("contact.queued", "contact.closed", "contact.held", "contact.scheduled", AWAITS)
    for at, event in life:
        is_back = event["e"] == "contact.reopened" and event["state"] == "assigned"
        begins = event["e"] == "contact.assigned" or is_back
        if (begins or event["e"] in over) and now is not None:
            found.append((*now, at if talked is None else talked, at))
            now = talked = None
        if begins:
            now = (event["agent"], event["queue"], at)
        if event["e"] == "contact.wrap_up":
            now, talked = now or (event["agent"], event["queue"], at), at
    return found


def by_queue(journal: list[Entry], limits: Limits) -> Table:
    """The numbers of every queue that has any, by interval."""
    table: Table = defaultdict(lambda: defaultdict(int))

    def add(at: int | None, queue: str, field: str, number: int = 1) -> None:
        place = None if at is None else limits.place(at)
        if place is not None:
            table[place, queue][field] += number

    for life in lives(journal):
        for queue, begin, end, outcome in waits(life):
            add(begin, queue, "offered")
            if end is None:
                continue
            waited = end - begin
            is_short = outcome == "abandoned" and waited < limits.short_ms
            add(end, queue, "short_abandoned" if is_short else outcome)
            if outcome in ("answered", "abandoned") and not is_short:
                add(end, queue, f"{outcome}_in_time", int(waited <= limits.in_time_ms))
            if outcome == "answered":
                add(end, queue, "wait_ms", waited)
        for _, queue, begin, talked, end in holds(life):
            add(end, queue, "handled")
            add(end, queue, "talk_ms", talked - begin)
            add(end, queue, "wrap_up_ms", end - talked)
    return table


def by_agent(journal: list[Entry], limits: Limits) -> Table:
    """Holds, and busy and ready time, of every agent who has any, looked at ms by ms."""
    table: Table = defaultdict(lambda: defaultdict(int))
    for life in lives(journal):
        for agent, _, begin, talked, end in holds(life):
            place = limits.place(end)
            if place is not None:
                table[place, agent]["handled"] += 1
                table[place, agent]["talk_ms"] += talked - begin
                table[place, agent]["wrap_up_ms"] += end - talked
    _add_times(table, journal, limits)
    return table


def _add_times(table: Table, journal: list[Entry], limits: Limits) -> None:
    """Between two entries nothing changes: each stretch is busy, ready or neither."""
    held: dict[str, str] = {}
    presence: dict[str, str] = {}
    ends = (*ENDS_WAIT, "contact.queued", AWAITS)
    for entry, following in pairwise([*journal, journal[-1]]):
        for event in entry.events:
            fields = event.fields
            if event.name == "agent.state":
                presence[fields["agent"]] = fields["presence"]
            if event.name == "agent.removed":
                presence.pop(fields["agent"], None)
            if event.name in ends:
                held.pop(fields["contact"], None)
            if event.name in ("contact.assigned", "contact.wrap_up"):
                held[fields["contact"]] = fields["agent"]
        for agent in set(held.values()) | set(presence):
            is_busy = agent in held.values()
            if not is_busy and presence.get(agent) != "ready":
                continue
            field = "busy_ms" if is_busy else "ready_ms"
            for place, (begin, end) in enumerate(pairwise(limits.edges)):
                shared = min(end, following.at) - max(begin, entry.at)
                if shared > 0:
                    table[place, agent][field] += shared
