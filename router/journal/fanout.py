"""Owns who gets which event: agents what names them, gateways contacts and offers, watchers all.

An agent's desktop may watch queues too; a change of his memberships holds from its place in the
flow on.

In memory and synchronous: an entry that the tail has decoded is in every outbox before the next
one is read. A subscription that is still catching up holds what comes, and lets it go after it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from router.journal.entry import START, Entry, Event, Key
from router.journal.watching import NOTHING, Wish, watched

HELD_MAX: Final = 10_000


class Audience(NamedTuple):
    """Which events a reader wants: those of one agent, of the contact side, or all.

    An agent's reader may want those of `queues` too.
    """

    agent: str | None = None
    is_watcher: bool = False
    queues: frozenset[str] = NOTHING

    def wants(self, event: Event) -> bool:
        """Whether the event is for this reader."""
        if self.is_watcher:
            return True
        if self.agent is not None:
            return self.agent in event.agents or not self.queues.isdisjoint(event.queues)
        return event.is_contact_side


class Subscription:
    """One reader's place in the flow: nothing before `after`, nothing twice, nothing left out."""

    __slots__ = ("_after", "_held", "_sink", "audience", "on_lost", "wish")

    def __init__(
        self,
        audience: Audience,
        sink: Callable[[Event], None],
        on_lost: Callable[[], None],
        wish: Wish = NOTHING,
    ) -> None:
        """Starts held: events wait until `release`. `on_lost` tells that the flow has a gap.

        `wish` are the queues that an agent's desktop would watch; which it does is in `audience`.
        """
        self.audience = audience
        self.wish = wish
        self.on_lost = on_lost
        self._sink = sink
        self._held: list[Event] | None = []
        self._after: Key | None = None

    def deliver(self, event: Event) -> None:
        """An event that the audience wants has come."""
        if self._held is not None:
            self._held.append(event)
            if len(self._held) > HELD_MAX:
                self.on_lost()
        elif self._after is None:
            self._sink(event)
        elif event.key > self._after:
            self._after = None  # the journal is in order: what follows is later still
            self._sink(event)

    def release(self, after: Key) -> None:
        """Everything up to `after` has reached the reader another way; the rest follows now."""
        held, self._held = self._held or [], None
        self._after = after
        for event in held:
            self.deliver(event)


class Fanout:
    """The subscriptions of one tenant on this router, by what they want."""

    def __init__(self) -> None:
        self._agents: dict[str, set[Subscription]] = {}
        self._queues: dict[str, set[Subscription]] = {}
        self._gateways: set[Subscription] = set()
        self._watchers: set[Subscription] = set()
        self.position: Key = START

    def __len__(self) -> int:
        agents = sum(len(group) for group in self._agents.values())
        return agents + len(self._gateways) + len(self._watchers)

    def add(self, subscription: Subscription) -> None:
        """From the next entry on, the subscription gets what it wants."""
        self._group(subscription.audience).add(subscription)

    def remove(self, subscription: Subscription) -> None:
        """The reader is gone; unknown ones are ignored."""
        agent = subscription.audience.agent
        group = self._group(subscription.audience)
        self._watch(subscription, NOTHING)
        group.discard(subscription)
        if agent is not None and not subscription.audience.is_watcher and not group:
            del self._agents[agent]

    def look_at(self, subscription: Subscription, memberships: Mapping[str, Any] | None) -> None:
        """From the next entry on, an agent's reader watches what he may with these memberships."""
        self._watch(subscription, watched(subscription.wish, memberships))

    def publish(self, entry: Entry) -> None:
        """Hands every event of the entry to all who want it."""
        self.position = entry.key
        for event in entry.events:
            for agent in event.agents:
                for subscription in tuple(self._agents.get(agent, ())):
                    if event.name == "agent.put":
                        self.look_at(subscription, event.fields.get("memberships"))
                    subscription.deliver(event)
            if event.queues:
                self._tell_queues(event)
            if event.is_contact_side:
                for subscription in tuple(self._gateways):
                    subscription.deliver(event)
            for subscription in tuple(self._watchers):
                subscription.deliver(event)

    def lose(self) -> None:
        """Tells every reader that events may be missing: each must come back for a snapshot."""
        groups = [*self._agents.values(), self._gateways, self._watchers]
        for subscription in [one for group in groups for one in group]:
            subscription.on_lost()

    def _tell_queues(self, event: Event) -> None:
        """Tells those who watch one of its queues; whom the event names has it already."""
        groups = [self._queues[queue] for queue in event.queues if queue in self._queues]
        for subscription in set().union(*groups):
            if subscription.audience.agent not in event.agents:
                subscription.deliver(event)

    def _watch(self, subscription: Subscription, queues: frozenset[str]) -> None:
        for queue in subscription.audience.queues - queues:
            self._queues[queue].discard(subscription)
            if not self._queues[queue]:
                del self._queues[queue]
        for queue in queues:
            self._queues.setdefault(queue, set()).add(subscription)
        subscription.audience = subscription.audience._replace(queues=queues)

    def _group(self, audience: Audience) -> set[Subscription]:
        if audience.is_watcher:
            return self._watchers
        if audience.agent is not None:
            return self._agents.setdefault(audience.agent, set())
        return self._gateways
