"""What must hold for one line and one queue, and for the counts of the whole tenant. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from router.doctor.agents import verdict
from router.doctor.contacts import is_short
from router.doctor.look import WORK_OF_STATE, Look
from router.doctor.serving import is_called, presences, serves
from router.doctor.timers import is_left

Plain = dict[str, Any]


def line_is_known(look: Look, key: str) -> Iterator[str]:
    """A line that asks something is its queue's and has the timer by which it is dropped."""
    queue = key.split("|", maxsplit=1)[0]
    is_asking = key in look.state["lines"].get(queue, ())
    timers = look.timers.get(("line", key), {})
    if is_asking != bool(timers):
        known = "known" if is_asking else "not known"
        yield f"line {key} is {known} to its queue; its timers are {timers}"


def nobody_free_is_passed_by(look: Look, key: str) -> Iterator[str]:
    """Promise 7: nobody waits for whom a routable agent is free, except in a cool-down.

    Who may ring several rings whoever is free and has not failed him.
    """
    state = look.state
    for name, contact in state["contacts"].items():
        if contact.get("line") != key:
            continue
        if is_short(contact):
            yield from free_and_not_rung(look, name)
        if contact["state"] != "queued":
            continue
        if state["timers"].get(f"r|{name}", state["clock"] + 1) <= state["clock"]:
            continue  # more timers were due than one call takes; the next call looks again
        for agent in state["agents"]:
            until = contact.get("tried", {}).get(agent, {}).get("until", 0)
            is_free = verdict(look, agent, contact["channel"]) == "ok"
            if is_free and until <= state["clock"] and is_called(state, agent, key):
                yield f"in line {key} {name} waits while agent {agent} is free"


def free_and_not_rung(look: Look, name: str) -> Iterator[str]:
    """Who could be rung by a contact that rings fewer agents than it may."""
    contact = look.state["contacts"][name]
    channel, line = contact["channel"], contact["line"]
    known = {offer["agent"] for offer in contact["ringing"]} | contact.get("tried", {}).keys()
    if look.settings.get("channels", {}).get(channel, {}).get("auto_accept"):
        return  # it has become so while the contact rang
    for agent in look.state["agents"].keys() - known:
        if verdict(look, agent, channel) == "ok" and is_called(look.state, agent, line):
            yield f"{name} rings fewer than {contact['width']} agents while {agent} is free"


def queue_is_known(look: Look, key: str) -> Iterator[str]:
    """A queue has settings, and is in the register of queues."""
    if (key in look.state["queues"]) != (key in look.state["ids"].get("queues", ())):
        settings = "has" if key in look.state["queues"] else "has no"
        yield f"queue {key} {settings} settings, and the register says otherwise"
    if key not in look.state["queues"]:
        indexes = ("queue_waits", "held", "scheduled", "asked_in", "lines")
        holds = [index for index in indexes if look.state[index].get(key)]
        if holds:
            yield f"queue {key} has no settings, and {holds} hold somebody"


def queue_has_its_timers(look: Look, key: str) -> Iterator[str]:
    """Promise 8: who is to leave a deserted queue leaves; who is held comes when it opens."""
    timers = look.timers.get(("queue", key), {})
    needed = set()
    if key in look.state["queue_waits"] and is_left(look.state, key):
        needed.add(f"q|{key}")
    if look.state["held"].get(key):
        needed.add(f"h|@{key}")
    for timer in sorted(needed - timers.keys()):
        yield f"timer {timer} is not set"
    if key not in look.state["queues"]:
        for timer in sorted(timers.keys() - needed):
            yield f"timer {timer} is for nothing"


def timer_is_for_something(_look: Look, key: str) -> Iterator[str]:
    """Every timer names what it is for."""
    yield f"timer {key} is for nothing"


def counters_are_counts(look: Look) -> Iterator[str]:
    """The counters are what a recount gives."""
    counts = recount(look.state)
    if counts != look.state["counters"]:
        yield f"counters {look.state['counters']} are not the counts {counts}"


def recount(state: Plain) -> dict[str, int]:
    """The counters, from the records."""
    counts: dict[str, int] = {}
    for contact in state["contacts"].values():
        if contact["state"] in WORK_OF_STATE:
            name = f"{contact['state']}|{contact['queue']}"
            counts[name] = counts.get(name, 0) + 1
    for agent in state["agents"].values():
        name = f"agents|{agent['presence']}"
        counts[name] = counts.get(name, 0) + 1
    for queue in state["queues"]:
        declared = presences(state, queue)
        counts[f"up|{queue}"] = declared.count("ready")
        counts[f"here|{queue}"] = declared.count("ready") + declared.count("not_ready")
    return {name: n for name, n in counts.items() if n}


def short_ones_are_counted(look: Look) -> Iterator[str]:
    """The tenant knows how many contacts ring fewer agents than they may."""
    short = sum(len(held) for held in look.state["short"].values())
    if look.state["short_count"] != short:
        yield f"{look.state['short_count']} are counted that ring too few, it is {short}"


def reach_is_counted(look: Look) -> Iterator[str]:
    """Of each line it is known how many defined agents could serve it."""
    expected = reach_of(look.state)
    found = look.state["reach"]
    for line in sorted(expected.keys() | found.keys()):
        told, able = found.get(line), expected.get(line)
        if told != able:
            yield f"line {line} is said to have {told} who could serve it, it has {able}"


def reach_of(state: Plain) -> dict[str, int]:
    """How many could serve each line, from definitions and slots."""
    takers: dict[str, list[str]] = {}
    for key, agent in state["agents"].items():
        for channel in (name for name, slots in agent.get("slots", {}).items() if slots):
            takers.setdefault(channel, []).append(key)
    base = {f"{queue}|{channel}|" for queue in state["queues"] for channel in takers}
    reach: dict[str, int] = {}
    for line in base.union(*state["lines"].values()):
        able = [a for a in takers.get(line.split("|")[1], ()) if serves(state, a, line)]
        reach |= {line: len(able)} if able else {}
    return reach


def calendar_is_known(look: Look, key: str) -> Iterator[str]:
    """The register of calendars names those that are there."""
    if (key in look.state["calendars"]) != (key in look.state["ids"].get("calendars", ())):
        there = "is there" if key in look.state["calendars"] else "is not there"
        yield f"calendar {key} {there}, and the register says otherwise"


def every_key_is_somebodys(look: Look) -> Iterator[str]:
    """No key is there that nobody owns."""
    if look.state["other"]:
        yield f"keys that nobody owns: {look.state['other']}"


LINE_CHECKS: Final = (line_is_known, nobody_free_is_passed_by)
QUEUE_CHECKS: Final = (queue_is_known, queue_has_its_timers)
CALENDAR_CHECKS: Final = (calendar_is_known,)
TIMER_CHECKS: Final = (timer_is_for_something,)
TENANT_CHECKS: Final = (
    counters_are_counts,
    short_ones_are_counted,
    reach_is_counted,
    every_key_is_somebodys,
)
