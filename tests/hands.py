"""Contacts, and what agents hold, as the journal tells it. Pure."""

from dataclasses import dataclass, field
from typing import Any

from router.doctor.capacity import Channels, Held
from tests.told_clocks import FoldedClock

Plain = dict[str, Any]
TIER = 10**13


@dataclass
class FoldedContact(FoldedClock):
    """A contact as the journal tells it."""

    queue: str
    channel: str
    line: str
    entered: int
    due: int
    tier: int
    state: str = "queued"
    owner: str | None = None
    offers: int = 0
    width: int = 1
    ringing: dict[int, Plain] = field(default_factory=dict)
    accepted_by: str | None = None
    lost_to: str | None = None
    monitors: dict[str, str] = field(default_factory=dict)
    result: str | None = None
    tried: set[str] = field(default_factory=set)
    is_callback: bool = False
    disposition: str | None = None
    resolved: bool | None = None
    score: int | None = None
    is_freed: bool = False
    participants: list[str] = field(default_factory=list)
    links: list[Plain] = field(default_factory=list)
    episode: int | None = None
    customer_since: int | None = None
    note: str | None = None
    guest: str | None = None
    heir: str | None = None

    def place(self, contact: str) -> tuple[int, str]:
        return (self.due - self.tier * TIER, f"{self.entered:013d}{contact}")


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

    def let_go(self, contact: str) -> None:
        """He does not hold it, whether he did or not."""
        self.work.pop(contact, None)
        self.interrupted.discard(contact)

    def is_strained(self, channels: Channels) -> bool:
        """Whether he may hold too much now or once something ends: only if limits were lowered."""
        held = self.held()
        for place, (channel, units) in enumerate(held):
            before = [u for c, u in held[:place] if not channels.does_interrupt(channel, c)]
            if sum(before) + units > self.capacity:
                return True
        return bool(channels.excess(held, self.slots, self.capacity))
