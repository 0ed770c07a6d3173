"""What the store keeps beside its records is what the records say: members, skills, reach. Pure."""

from collections.abc import Iterator
from typing import Any

from tests.serving import serves

Plain = dict[str, Any]


def indexes_are_exact(state: Plain) -> Iterator[str]:
    """Members, skills, ids and personal lines are what the records say; no other key is there."""
    members: dict[str, list[str]] = {}
    watchers: dict[str, list[str]] = {}
    skills: dict[str, dict[str, int]] = {}
    for agent, definition in sorted(state["definitions"].items()):
        for queue, membership in definition.get("memberships", {}).items():
            rolled = members if membership.get("role") == "agent" else watchers
            rolled.setdefault(queue, []).append(agent)
            if queue not in state["queues"]:
                yield f"agent {agent} is a member of {queue}, which does not exist"
        for skill, level in definition.get("skills", {}).items():
            skills.setdefault(skill, {})[agent] = level
    for name, expected in (("members", members), ("watchers", watchers), ("skills", skills)):
        if state[name] != expected:
            yield f"{name} {state[name]} should be {expected}"
    for name, kinds in (
        ("queues", ("queues",)),
        ("calendars", ("calendars",)),
        ("agents", ("agents", "definitions")),
    ):
        for kind in kinds:
            if state["ids"].get(name, []) != sorted(state[kind]):
                yield f"{name} {state['ids'].get(name)} should be {sorted(state[kind])}"
    if state["other"]:
        yield f"keys that nobody owns: {state['other']}"


def reach_is_counted(state: Plain) -> Iterator[str]:
    """Of each line it is known how many defined agents could serve it."""
    takers: dict[str, list[str]] = {}
    for key, agent in sorted(state["agents"].items()):
        for channel in (name for name, slots in agent.get("slots", {}).items() if slots):
            takers.setdefault(channel, []).append(key)
    if state["takers"] != takers:
        yield f"takers {state['takers']} should be {takers}"
    base = {f"{queue}|{channel}|" for queue in state["queues"] for channel in takers}
    reach: dict[str, int] = {}
    for line in base.union(*state["lines"].values()):
        able = [a for a in takers.get(line.split("|")[1], ()) if serves(state, a, line)]
        reach |= {line: len(able)} if able else {}
    if state["reach"] != reach:
        yield f"reach {state['reach']} should be {reach}"
