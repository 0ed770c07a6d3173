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


def is_called(state: Plain, agent: str, line: str) -> bool:
    """Whether he is offered contacts of the line: of a queue where agents choose, who is meant."""
    queue, _, tail = line.split("|")
    is_pull = state["queues"].get(queue, {}).get("distribution") == "pull"
    return serves(state, agent, line) and (tail.startswith("@") or not is_pull)


def presences(state: Plain, queue: str) -> list[str]:
    """What those who serve the queue have declared."""
    return [
        agent["presence"]
        for key, agent in state["agents"].items()
        if serves(state, key, f"{queue}||")
    ]
