"""Owns who gets which event: agents what names them, gateways contacts and offers, watchers all.

In memory and synchronous: an entry that the tail has decoded is in every outbox before the next
one is read. A subscription that is still catching up holds what comes, and lets it go after it.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from router.journal.entry import START, Entry, Event, Key

HELD_MAX: Final = 10_000


class Audience(NamedTuple):
    """Which events a reader wants: those of one agent, of the contact side, or all."""

    agent: str | None = None
    is_watcher: bool = False

    def wants(self, event: Event) -> bool:
        """Whether the event is for this reader."""
        if self.is_watcher:
            return True
        if self.agent is not None:
            return self.agent in event.agents
        return event.is_contact_side


class Subscription:
    """One reader's place in the flow: nothing before `after`, nothing twice, nothing left out."""

    __slots__ = ("_after", "_held", "_sink", "audience", "on_lost")

    def __init__(
        self,
        audience: Audience,
        sink: Callable[[Event], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Starts held: events wait until `release`. `on_lost` tells that the flow has a gap."""
        self.audience = audience
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
        group.discard(subscription)
        if agent is not None and not subscription.audience.is_watcher and not group:
            del self._agents[agent]

    def publish(self, entry: Entry) -> None:
        """Hands every event of the entry to all who want it."""
        self.position = entry.key
        for event in entry.events:
            for agent in event.agents:
                for subscription in tuple(self._agents.get(agent, ())):
                    subscription.deliver(event)
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

    def _group(self, audience: Audience) -> set[Subscription]:
        if audience.is_watcher:
            return self._watchers
        if audience.agent is not None:
            return self._agents.setdefault(audience.agent, set())
        return self._gateways
