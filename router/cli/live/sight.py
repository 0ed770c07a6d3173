"""Owns what `acd top` knows at an instant, and what of it is to be shown. Pure.

Instants are the tenant's clock in ms, but for `clock`, which tells seconds that never run back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from router.cli.live.staff import STATES, Agent, Staff

View = dict[str, Any]
QUEUE_SORTS: Final = ("worst", "waiting", "longest", "name")
AGENT_SORTS: Final = ("state", "time", "name")
LEVEL_WARNS, LEVEL_ALARMS = 0.8, 0.6
WARNS_AT: Final = 0.5
LONGEST_MAX: Final = 5


class Wait(NamedTuple):
    """The contact that waits longest in a queue."""

    contact: str
    queue: str
    since: int
    limit_ms: int


@dataclass
class Wish:
    """What is to be shown, in which order; `text` must be in a queue's or an agent's name."""

    queue_sort: int = 0
    agent_sort: int = 0
    text: str = ""
    is_typing: bool = False
    skip: int = 0


@dataclass
class Sight:
    """The last answers, and what has become of the connection."""

    tenant: str
    url: str
    clock: Callable[[], float]
    wall: View = field(default_factory=dict)
    staff: Staff = field(default_factory=Staff)
    reasons: dict[str, str] = field(default_factory=dict)
    lost_at: float | None = None
    trouble: str = ""
    _heard_at: float = 0.0

    def hear(self, wall: View) -> None:
        """How the queues stand now."""
        self.wall, self._heard_at, self.trouble = wall, self.clock(), ""

    @property
    def now(self) -> int:
        """The tenant's clock, as far as it is known here."""
        since = self.clock() - self._heard_at
        return int(self.wall.get("now", 0)) + round(since * 1_000)

    @property
    def age_s(self) -> float:
        """How old the last answer is."""
        return self.clock() - self._heard_at

    def queues(self, wish: Wish) -> list[View]:
        """Those to be shown, in order."""
        now = self.now

        def order(queue: View) -> tuple[Any, ...]:
            waited = now - queue["oldest_since"] if queue["waiting"] else -1
            match QUEUE_SORTS[wish.queue_sort]:
                case "worst":
                    return (-alarm(queue, now), -waited, queue["queue"])
                case "waiting":
                    return (-queue["waiting"], -waited, queue["queue"])
                case "longest":
                    return (-waited, queue["queue"])
                case _:
                    return (queue["queue"],)

        found = self.wall.get("queues", [])
        return sorted((one for one in found if _has(wish, one["queue"], one["name"])), key=order)

    def agents(self, wish: Wish) -> list[Agent]:
        """Those to be shown, in order."""

        def order(agent: Agent) -> tuple[Any, ...]:
            match AGENT_SORTS[wish.agent_sort]:
                case "state":
                    return (STATES.index(agent.state), agent.since, agent.id)
                case "time":
                    return (agent.since, agent.id)
                case _:
                    return (agent.id,)

        found = self.staff.agents.values()
        return sorted((a for a in found if _has(wish, a.id, a.name, *a.queues)), key=order)

    def longest(self, wish: Wish) -> list[Wait]:
        """Who waits longest in each queue, the longest first."""
        waits = [
            Wait(one["oldest"], one["queue"], one["oldest_since"], one["service_level_ms"])
            for one in self.queues(wish)
            if one["waiting"] and "oldest" in one
        ]
        return sorted(waits, key=lambda wait: wait.since)


def alarm_of_wait(waited_ms: int, limit_ms: int) -> int:
    """0: as it should be; 1: half of the limit is over; 2: all of it is."""
    return (waited_ms >= limit_ms * WARNS_AT) + (waited_ms >= limit_ms) if limit_ms else 0


def alarm_of_level(level: float | None) -> int:
    """The same of a service level."""
    return 0 if level is None else (level < LEVEL_WARNS) + (level < LEVEL_ALARMS)


def alarm(queue: View, now: int) -> int:
    """The worst that is to be said of a queue now."""
    waited = now - queue["oldest_since"] if queue["waiting"] else 0
    alarms = [
        alarm_of_wait(waited, queue["service_level_ms"]) if queue["waiting"] else 0,
        alarm_of_level(queue.get("recent", {}).get("service_level_strict")),
        2 if queue["unreachable"] else 0,
    ]
    return max(alarms)


def _has(wish: Wish, *names: str) -> bool:
    text = wish.text.casefold()
    return any(text in name.casefold() for name in names)
