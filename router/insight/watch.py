"""Follows the events of a day and counts where they break the promises. Pure.

It knows nothing but events, so it judges the engine from outside: the order in every queue, work
conservation, one contact per agent at a time, and that everything ends exactly once.
"""

from collections import defaultdict
from heapq import heappop, heappush
from typing import Any

import msgspec

Event = dict[str, Any]


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted; everything but `offers` and `contacts` has to be 0."""

    contacts: int
    offers: int
    overtaken: int
    idle_while_waiting: int
    over_capacity: int
    ended_twice: int
    not_closed: int

    @property
    def hold(self) -> bool:
        """True when nothing was broken."""
        broken = self.overtaken + self.idle_while_waiting + self.over_capacity
        return broken + self.ended_twice + self.not_closed == 0


class Sample(msgspec.Struct, frozen=True):
    """How many waited, were ready or serving, and were serving, from an instant on."""

    at_ms: int
    waiting: int
    staffed: int
    serving: int


class Watch:
    """The day as its events tell it; `queues` are those that each agent serves."""

    def __init__(self, queues: dict[str, frozenset[str]]) -> None:
        self.samples: list[Sample] = []
        self._queues = queues
        self._due: dict[str, tuple[int, int, str, str]] = {}
        self._lines: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        self._waiting: dict[str, set[str]] = defaultdict(set)
        self._work: dict[str, set[str]] = defaultdict(set)
        self._ready: set[str] = set()
        self._closed: set[str] = set()
        self._offers = 0
        self._overtaken = 0
        self._idle_while_waiting = 0
        self._over_capacity = 0
        self._ended_twice = 0

    def see(self, event: Event) -> None:
        """Takes in one event."""
        match event["e"]:
            case "contact.admitted" | "contact.queued":
                self._waits(event)
            case "offer.made":
                self._offered(event)
            case "offer.revoked" | "offer.declined" | "offer.expired":
                self._work[event["agent"]].discard(event["contact"])
            case "contact.closed":
                self._ended(event)
            case "agent.state":
                is_ready = event["presence"] == "ready" and not event.get("pending")
                (self._ready.add if is_ready else self._ready.discard)(event["agent"])

    def settle(self, now_ms: int) -> None:
        """A transition is over: now nobody may be idle while somebody he serves waits."""
        waiting = {queue for queue, contacts in self._waiting.items() if contacts}
        idle = [agent for agent in self._ready if not self._work[agent]]
        if waiting:
            self._idle_while_waiting += sum(not waiting.isdisjoint(self._queues[a]) for a in idle)
        serving = sum(1 for work in self._work.values() if work)
        count = sum(len(self._waiting[queue]) for queue in waiting)
        self.samples.append(Sample(now_ms, count, serving + len(idle), serving))

    def checks(self) -> Checks:
        """The counts so far; a contact that is not closed counts as broken."""
        return Checks(
            contacts=len(self._due),
            offers=self._offers,
            overtaken=self._overtaken,
            idle_while_waiting=self._idle_while_waiting,
            over_capacity=self._over_capacity,
            ended_twice=self._ended_twice,
            not_closed=len(self._due.keys() - self._closed),
        )

    def _waits(self, event: Event) -> None:
        contact, queue = event["contact"], event["queue"]
        place = (event["due"], event["entered"], contact, queue)
        self._due[contact] = place
        self._waiting[queue].add(contact)
        heappush(self._lines[queue], place)

    def _offered(self, event: Event) -> None:
        contact, agent = event["contact"], event["agent"]
        queue = self._due[contact][3]
        self._offers += 1
        self._waiting[queue].discard(contact)
        line = self._lines[queue]
        while line and line[0][2] not in self._waiting[queue]:
            heappop(line)
        self._overtaken += bool(line) and line[0] < self._due[contact]
        self._work[agent].add(contact)
        self._over_capacity += len(self._work[agent]) > 1

    def _ended(self, event: Event) -> None:
        contact = event["contact"]
        self._ended_twice += contact in self._closed
        self._closed.add(contact)
        self._waiting[self._due[contact][3]].discard(contact)
        if agent := event.get("agent"):
            self._work[agent].discard(contact)
