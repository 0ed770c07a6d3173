"""Owns who can serve what by his definition alone, whatever he is doing now. Pure.

The rules are those of the store's lines and verdicts: an agent serves a line when he has the role
`agent` in its queue, a slot of its channel, the capacity for one contact of it, and its skills.
"""

from collections.abc import Mapping
from typing import NamedTuple

from router.config.whole import Plain, Target


class Line(NamedTuple):
    """Contacts that the same agents can serve; `asks` is what the line's id says of skills."""

    queue: str
    channel: str
    asks: str = ""

    @property
    def name(self) -> str:
        """As it is shown."""
        return f"{self.queue} {self.channel}{' ' if self.asks else ''}{self.asks}"


class Roster:
    """The agents of one configuration, and which lines each can serve."""

    def __init__(self, objects: Mapping[Target, Plain]) -> None:
        """Takes the objects of a configuration."""
        self.agents = {name: own for (kind, name), own in objects.items() if kind == "agent"}
        self.queues = {name for kind, name in objects if kind == "queue"}
        self.channels: Plain = objects.get(("tenant", ""), {}).get("channels", {})
        self._members: dict[str, list[str]] = {}
        for name, own in self.agents.items():
            for queue, membership in own["memberships"].items():
                if membership.get("role", "agent") == "agent":
                    self._members.setdefault(queue, []).append(name)

    def cost(self, channel: str) -> int:
        """Units that one contact of the channel takes."""
        cost: int = self.channels.get(channel, {}).get("cost", 1)
        return cost

    def takes(self, agent: Plain, channel: str) -> bool:
        """Whether one contact of the channel is within his limits."""
        slots, capacity = agent["slots"], agent["capacity"]
        return bool(slots.get(channel, 0) > 0 and self.cost(channel) <= capacity)

    def serves(self, agent: str, line: Line) -> bool:
        """Whether he could ever be offered a contact of the line."""
        own = self.agents.get(agent)
        if own is None or line.queue not in self.queues:
            return False
        membership = own["memberships"].get(line.queue)
        if membership is None or membership.get("role", "agent") != "agent":
            return False
        return self.takes(own, line.channel) and meets(own["skills"], line.asks)

    def base_lines(self, agent: str) -> set[Line]:
        """The lines without requirements that he can serve."""
        own = self.agents.get(agent)
        if own is None:
            return set()
        channels = [channel for channel in own["slots"] if self.takes(own, channel)]
        return {
            Line(queue, channel)
            for queue, membership in own["memberships"].items()
            if membership.get("role", "agent") == "agent" and queue in self.queues
            for channel in channels
        }

    def able(self, line: Line) -> list[str]:
        """Everybody who can serve the line."""
        return [agent for agent in self._members.get(line.queue, ()) if self.serves(agent, line)]


def meets(skills: Mapping[str, int], asks: str) -> bool:
    """Whether the skills meet one alternative of each demand of a line."""
    return all(
        any(_meets_one(skills, one) for one in demand.split("/"))
        for demand in asks.split(",")
        if demand
    )


def counted(roster: Roster) -> dict[Line, int]:
    """How many agents can serve each base line that somebody can serve."""
    counts: dict[Line, int] = {}
    for agent in roster.agents:
        for line in roster.base_lines(agent):
            counts[line] = counts.get(line, 0) + 1
    return counts


def _meets_one(skills: Mapping[str, int], one: str) -> bool:
    skill, _, level = one.rpartition("=")
    return skills.get(skill, 0) >= int(level)
