"""Where an agent stands in a line's row: the score that its queue's strategy gives him. Pure.

Written from the rule: the smallest score is called first, ties go by id.
"""

import hashlib
import math
from typing import Any, NamedTuple

Plain = dict[str, Any]
SPAN = 10**13
DRAW_UNIT = 1e7
MARKED = ("round_robin", "weighted_random")


class Standing(NamedTuple):
    """What of an agent decides his score."""

    turn: int
    since: int  # he is ready
    units: int
    memberships: dict[str, Plain]
    skills: dict[str, int]
    marks: dict[str, int]


def served(memberships: dict[str, Plain]) -> list[str]:
    """The queues that he serves."""
    return [q for q, member in memberships.items() if member.get("role", "agent") == "agent"]


def score(agent: Standing, line: str, rules: Plain) -> int:
    """His score in the line of a queue with these rules; a mark that he needs is there."""
    queue, _, asks = line.split("|")
    strategy = rules.get("strategy", "longest_idle")
    idle = agent.turn
    if rules.get("idle_since") == "activity":
        idle = max(agent.turn, agent.since)
    if strategy in MARKED:
        return agent.marks[queue]
    if strategy == "least_occupied":
        return min(agent.units, 800) * SPAN + idle
    if strategy == "top_down":
        return (100 - int(agent.memberships[queue].get("level", 50))) * SPAN + idle
    if strategy == "specialists_first":
        breadth = len(agent.skills) + len(served(agent.memberships))
        return min(breadth, 800) * SPAN + idle
    if strategy == "best_skill":
        clauses = [clause.split("/") for clause in asks.split(",") if clause]
        levels = sum(SPAN // len(clauses) * best_level(agent.skills, c) for c in clauses)
        return 100 * SPAN + idle - levels
    return idle


def best_level(skills: dict[str, int], clause: list[str]) -> int:
    """His best level in the alternatives `skill=least` that he meets."""
    asked = [(skill, int(least)) for skill, least in (one.split("=") for one in clause)]
    return max(skills[skill] for skill, least in asked if skills.get(skill, 0) >= least)


def draw(seed: int, queue: str, agent: str, start: int, weight: int) -> int:
    """The instant at which his clock rings, in the race of weighted_random."""
    text = f"{seed}|{queue}|{agent}|{start}"
    bits = int(hashlib.sha1(text.encode()).hexdigest()[:13], 16)  # noqa: S324  chance, not secrecy
    chance = (bits + 0.5) / 2**52
    return start + 1 + math.floor(-math.log(chance) / weight * DRAW_UNIT)
