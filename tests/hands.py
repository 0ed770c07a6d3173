"""What agents hold, as the journal tells it. Pure."""

from dataclasses import dataclass, field
from typing import Any

from router.doctor.capacity import Channels, Held

Plain = dict[str, Any]


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
