"""What must hold for one agent: his record, his work, where he stands, who finds him. Pure.

A check is given the look and the agent's id, and yields what is wrong, in words.
"""

from collections.abc import Iterator
from typing import Any, Final

from router.doctor import scores
from router.doctor.capacity import held_by
from router.doctor.look import Look
from router.doctor.serving import is_called
from router.doctor.timers import is_gone, timers_of_agent

Plain = dict[str, Any]


def has_both_records(look: Look, key: str) -> Iterator[str]:
    """An agent has a record and a definition, and is in the register of agents."""
    there = {
        "record": key in look.state["agents"],
        "definition": key in look.state["definitions"],
        "entry in the register": key in look.state["ids"].get("agents", ()),
    }
    if len(set(there.values())) > 1 or not any(there.values()):
        missing = [name for name, is_there in there.items() if not is_there]
        yield f"agent {key} has no {' and no '.join(missing)}"


def is_who_his_definition_says(look: Look, key: str) -> Iterator[str]:
    """Members, watchers, skills and takers are what the definition says."""
    definition = look.state["definitions"].get(key, {})
    expected: dict[tuple[str, str], int] = {}
    for queue, membership in definition.get("memberships", {}).items():
        rolled = "members" if membership.get("role") == "agent" else "watchers"
        expected[rolled, queue] = 0
        if queue not in look.state["queues"]:
            yield f"agent {key} is a member of {queue}, which does not exist"
    for skill, level in definition.get("skills", {}).items():
        expected["skills", skill] = level
    for channel, slots in look.state["agents"].get(key, {}).get("slots", {}).items():
        if slots:
            expected["takers", channel] = 0
    found = look.rosters.get(key, {})
    for index, name in sorted(expected.keys() | found.keys()):
        is_at, should = found.get((index, name)), expected.get((index, name))
        if is_at != should:
            yield f"agent {key} is at {is_at} in {index} of {name}, should be at {should}"


def holds_what_contacts_say(look: Look, key: str) -> Iterator[str]:
    """Promise 2: his work is the contacts that name him, and no others."""
    work = look.state["agents"].get(key, {}).get("work", {})
    held = {
        contact: (entry["k"], entry["ch"])
        for contact, entry in work.items()
        if contact not in look.state["strange"]
    }
    expected = look.said.get(key, {})
    if held != expected:
        yield f"agent {key} holds {held}, the contacts say {expected}"


def tells_what_is_interrupted(look: Look, key: str) -> Iterator[str]:
    """A contact in hand is marked while another one there has precedence, and not longer."""
    whole = look.state["agents"].get(key, {}).get("work", {})
    work = {contact: held for contact, held in whole.items() if held["k"] != "offer"}
    for contact, held in work.items():
        does = look.channels.does_interrupt
        by = [other for other, entry in work.items() if does(entry["ch"], held["ch"])]
        if bool(by) != held.get("interrupted", False):
            yield f"agent {key}: {contact} is {held}, interrupted by {by}"


def has_his_timers(look: Look, key: str) -> Iterator[str]:
    """Promises 8 and 10: sessions have leases, who is awaited has a grace; no other timer."""
    agent = look.state["agents"].get(key)
    left = dict(look.timers.get(("agent", key), {}))
    for timer in timers_of_agent(key, agent) if agent else ():
        if left.pop(timer, None) is None:
            yield f"timer {timer} is not set"
    if agent and is_gone(agent) and not agent.get("sessions"):
        left.pop(f"g|{key}", None)  # it finds that it is no longer needed
    for timer in left:
        yield f"timer {timer} is for nothing"


def stands_where_he_can_serve(look: Look, key: str) -> Iterator[str]:
    """Promise 5: he stands in the lines he can serve now, no others, at his score there."""
    agent, definition = look.state["agents"].get(key), look.state["definitions"].get(key, {})
    stands = look.stands.get(key, {})
    can = {
        line
        for line in (lines_of(look, key) if agent else ())
        if verdict(look, key, line.split("|")[1]) == "ok"
    }
    if set(stands) != can:
        yield f"agent {key} stands in {stands}, should in {sorted(can)}"
        return
    for line, score in stands.items():
        queue = line.split("|")[0]
        rules = look.state["queues"].get(queue, {})
        expected = scores.score(standing_of(agent or {}, definition), line, rules)
        if score != expected:
            yield f"agent {key} stands in {line} at {score}, should at {expected}"


def lines_of(look: Look, key: str) -> set[str]:
    """The lines that are his by his definition: those that ask nothing, and those that he meets."""
    queues = look.state["definitions"].get(key, {}).get("memberships", {})
    slots = look.state["agents"][key].get("slots", ())
    base = {f"{queue}|{channel}|" for queue in queues for channel in slots}
    asking = {line for queue in queues for line in look.state["lines"].get(queue, ())}
    return {line for line in base | asking if is_called(look.state, key, line)}


def verdict(look: Look, key: str, channel: str) -> str:
    """Why he can not take a contact of the channel now, or `ok`."""
    agent = look.state["agents"][key]
    if agent["presence"] != "ready":
        return str(agent["presence"])
    if not agent.get("sessions"):
        return "not_connected"
    if "pending" in agent:
        return "pending"
    capacity = agent.get("capacity", 0)
    return look.channels.room(held_by(agent), agent.get("slots", {}), capacity, channel)


def standing_of(agent: Plain, definition: Plain) -> scores.Standing:
    """What decides his scores."""
    return scores.Standing(
        turn=agent.get("turn", 0),
        since=agent["since"],
        units=sum(held["u"] for held in agent.get("work", {}).values()),
        memberships=definition.get("memberships", {}),
        skills=definition.get("skills", {}),
        marks=agent.get("marks", {}),
    )


AGENT_CHECKS: Final = (
    has_both_records,
    is_who_his_definition_says,
    holds_what_contacts_say,
    tells_what_is_interrupted,
    has_his_timers,
    stands_where_he_can_serve,
)
