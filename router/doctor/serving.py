"""Who serves a line or a queue, by a state's definitions. Pure."""

import re
from typing import Any, Final

Plain = dict[str, Any]
_ONE: Final = r"[^=/,|@]+=[0-9]{1,9}"
_ASKS: Final = re.compile(rf"{_ONE}(?:[/,]{_ONE})*")


def serves(state: Plain, agent: str, line: str) -> bool:
    """Whether the line is one of the agent's, by his definition."""
    queue, _, tail = line.split("|")
    if tail.startswith("@"):
        return agent in tail[1:].split(",")
    definition = state["definitions"].get(agent, {})
    if definition.get("memberships", {}).get(queue, {}).get("role") != "agent":
        return False
    skills = definition.get("skills", {})
    clauses = clauses_of(tail)
    return clauses is not None and all(
        any(skills.get(skill, 0) >= level for skill, level in clause) for clause in clauses
    )


def is_called(state: Plain, agent: str, line: str) -> bool:
    """Whether he is offered contacts of the line: of a queue where agents choose, who is meant."""
    queue, _, tail = line.split("|")
    is_pull = state["queues"].get(queue, {}).get("distribution") == "pull"
    return serves(state, agent, line) and (tail.startswith("@") or not is_pull)


def clauses_of(tail: str) -> list[list[tuple[str, int]]] | None:
    """What a line asks, of each clause one alternative; None when it is no line's name."""
    if tail and not _ASKS.fullmatch(tail):
        return None
    return [
        [(skill, int(level)) for skill, level in (one.split("=") for one in clause.split("/"))]
        for clause in tail.split(",")
        if clause
    ]


def presences(state: Plain, queue: str) -> list[str]:
    """What those who serve the queue have declared."""
    return [
        agent["presence"]
        for key, agent in state["agents"].items()
        if serves(state, key, f"{queue}||")
    ]
