"""What agents hold, as the journal tells it, and the rules of capacity in plain words. Pure.

Contacts of a channel may interrupt work of others: what they interrupt does not count beside them.
At any instant the units of all that nothing else in his hands interrupts are within capacity.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]
Held = tuple[str, int]
"""Channel and units of one contact that an agent holds."""


@dataclass(frozen=True)
class Channels:
    """What a tenant's settings say of its channels."""

    rules: Plain = field(default_factory=dict)

    def cost(self, channel: str) -> int:
        return int(self.rules.get(channel, {}).get("cost", 1))

    def is_exclusive(self, channel: str) -> bool:
        return bool(self.rules.get(channel, {}).get("exclusive"))

    def does_interrupt(self, channel: str, other: str) -> bool:
        return other in (self.rules.get(channel, {}).get("interrupts") or ())

    def room(self, held: Iterable[Held], slots: Plain, capacity: int, channel: str) -> str:
        """Whether one more of the channel has room beside what is held; else what is in its way."""
        every = list(held)
        if sum(1 for other, _ in every if other == channel) >= slots.get(channel, 0):
            return "no_slot"
        beside = [(c, units) for c, units in every if not self.does_interrupt(channel, c)]
        is_alone = any(self.is_exclusive(other) for other, _ in every)
        if is_alone or (self.is_exclusive(channel) and beside):
            return "exclusive"
        fits = sum(units for _, units in beside) + self.cost(channel) <= capacity
        return "ok" if fits else "no_capacity"

    def excess(self, held: Iterable[Held], slots: Plain, capacity: int) -> str:
        """Which limit is broken by what is held; empty when none is."""
        every = list(held)
        for channel, _ in every:
            if sum(1 for other, _ in every if other == channel) > slots.get(channel, 0):
                return f"slots of {channel}"
            beside = [c for c, _ in every if c != channel and not self.does_interrupt(channel, c)]
            several = sum(1 for c, _ in every if c == channel) > 1
            if self.is_exclusive(channel) and (beside or several):
                return f"{channel} alone"
        active = [
            units
            for place, (channel, units) in enumerate(every)
            if not any(
                self.does_interrupt(other, channel)
                for number, (other, _) in enumerate(every)
                if number != place
            )
        ]
        return "capacity" if sum(active) > capacity else ""


@dataclass
class FoldedAgent:
    """An agent as the journal tells him; `work` is in the order in which it came."""

    slots: dict[str, int] = field(default_factory=dict)
    capacity: int = 0
    presence: str = "offline"
    reason: str = ""
    pending: Plain | None = None
    sessions: set[str] = field(default_factory=set)
    work: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    interrupted: set[str] = field(default_factory=set)
    over: bool = False

    def held(self) -> list[Held]:
        return [(channel, units) for _, channel, units in self.work.values()]

    def drop(self, contact: str) -> None:
        del self.work[contact]
        self.interrupted.discard(contact)

    def is_strained(self, channels: Channels) -> bool:
        """Whether he may hold too much now or once something ends: only if limits were lowered."""
        held = self.held()
        for place, (channel, units) in enumerate(held):
            before = [u for c, u in held[:place] if not channels.does_interrupt(channel, c)]
            if sum(before) + units > self.capacity:
                return True
        return bool(channels.excess(held, self.slots, self.capacity))


def held_by(agent: Plain) -> list[Held]:
    """Channel and units of each contact that he holds or is offered."""
    return [(held["ch"], held["u"]) for held in agent.get("work", {}).values()]


def capacity_is_kept(state: Plain, settings: Plain, lowered: set[str] | None) -> Iterator[str]:
    """Promise 2: what he holds is within his limits, or the limits were lowered later."""
    channels = Channels(settings.get("channels") or {})
    for key, agent in state["agents"].items():
        held = held_by(agent)
        excess = channels.excess(held, agent.get("slots", {}), agent.get("capacity", 0))
        if excess and lowered is not None and key not in lowered:
            yield f"agent {key} holds {held} against {excess} and was never allowed to"


def interruptions_are_told(state: Plain, settings: Plain) -> Iterator[str]:
    """A contact in hand is marked while another one there has precedence, and not longer."""
    channels = Channels(settings.get("channels") or {})
    for key, agent in state["agents"].items():
        work = {c: held for c, held in agent.get("work", {}).items() if held["k"] != "offer"}
        for contact, held in work.items():
            by = [c for c, w in work.items() if channels.does_interrupt(w["ch"], held["ch"])]
            if bool(by) != held.get("interrupted", False):
                yield f"agent {key}: {contact} is {held}, interrupted by {by}"
