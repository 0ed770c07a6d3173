"""The rules of capacity in plain words: what has room beside what is held. Pure.

Contacts of a channel may interrupt work of others: what they interrupt does not count beside them.
At any instant the units of all that nothing else in his hands interrupts are within capacity.
"""

from collections.abc import Iterable
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
        """The units of one contact."""
        return int(self.rules.get(channel, {}).get("cost", 1))

    def is_exclusive(self, channel: str) -> bool:
        """Whether it takes its agent alone."""
        return bool(self.rules.get(channel, {}).get("exclusive"))

    def does_interrupt(self, channel: str, other: str) -> bool:
        """Whether it has precedence over work of the other."""
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


def held_by(agent: Plain) -> list[Held]:
    """Channel and units of each contact that he holds or is offered."""
    return [(held["ch"], held["u"]) for held in agent.get("work", {}).values()]
