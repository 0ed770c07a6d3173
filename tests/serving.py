"""Who serves a line or a queue, by a state's definitions. Pure."""

from typing import Any

Plain = dict[str, Any]


def serves(state: Plain, agent: str, line: str) -> bool:
    """Whether the line is one of the agent's, by his definition."""
    queue, _, tail = line.split("|")
    if tail.startswith("@"):
        return agent in tail[1:].split(",")
    definition = state["definitions"].get(agent, {})
    if definition.get("memberships", {}).get(queue, {}).get("role") != "agent":
        return False
    skills = definition.get("skills", {})
    clauses = (
        [one.split("=") for one in clause.split("/")] for clause in tail.split(",") if clause
    )
    return all(
        any(skills.get(skill, 0) >= int(level) for skill, level in clause) for clause in clauses
    )


def presences(state: Plain, queue: str) -> list[str]:
    """What those who serve the queue have declared."""
    return [
        agent["presence"]
        for key, agent in state["agents"].items()
        if serves(state, key, f"{queue}||")
    ]
