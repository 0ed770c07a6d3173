"""The design's promises, as checks on a tenant's whole state (`tests.state`). Pure.

Each check yields sentences about what is wrong; `check` raises with all of them. What needs
history is in `tests.fold`, which is given the journal's events, and compared with the state here.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from tests import standing
from tests.absent import who_is_away_stands_apart
from tests.fold import Broken, Fold
from tests.hands import Channels, capacity_is_kept, held_by, interruptions_are_told
from tests.indexes import indexes_are_exact, reach_is_counted
from tests.ringing import is_short, member, offers_are_of_the_state, who_rings_too_few_is_known
from tests.serving import is_called, presences
from tests.timers import other_timers_needed, timers_allowed, timers_of_contacts

Plain = dict[str, Any]
TIER = 10**13
LIVE = ("scheduled", "held", "queued", "offered", "assigned", "wrap_up")
WORK_OF_STATE = {"offered": "offer", "assigned": "assigned", "wrap_up": "wrap_up"}


def check(state: Plain, settings: Plain | None = None, history: Fold | None = None) -> None:
    """Raises: Broken, naming every promise that the state does not keep.

    `settings` are the tenant's, when they are not the stored ones; `history` is the fold of all
    the tenant's events: with it the state is held to the journal, and lowered limits are known.
    """
    tenant = state["tenant"] if settings is None else settings
    lowered = history.lowered() if history is not None else None
    wrong = [sentence for promise in PROMISES for sentence in promise(state)]
    wrong += capacity_is_kept(state, tenant, lowered)
    wrong += interruptions_are_told(state, tenant)
    wrong += work_is_conserved(state, tenant)
    wrong += ready_sets_are_exact(state, tenant)
    if history is not None:
        wrong += journal_tells_the_state(state, history)
    if wrong:
        raise Broken("\n".join(wrong))


def verdict(agent: Plain, channel: str, settings: Plain) -> str:
    """Why he can not take a contact of the channel now, or `ok`."""
    if agent["presence"] != "ready":
        return str(agent["presence"])
    if not agent.get("sessions"):
        return "not_connected"
    if "pending" in agent:
        return "pending"
    channels = Channels(settings.get("channels") or {})
    capacity = agent.get("capacity", 0)
    return channels.room(held_by(agent), agent.get("slots", {}), capacity, channel)


def one_place(state: Plain) -> Iterator[str]:
    """Promise 1: one line, or one owner, or an end; the waiting sets say what the records say."""
    places = {
        (line, name): score
        for line, held in state["waiting"].items()
        for name, score in held.items()
    }
    for key, contact in state["contacts"].items():
        if contact["state"] == "queued":
            score = places.pop((contact["line"], member(contact)), None)
            if score is None or score != contact["score"]:
                yield f"contact {key} waits in {contact['line']}, but stands there with {score}"
            if score != contact["due"] - contact["tier"] * TIER:
                yield f"contact {key}: score {score} is not of due and tier"
        if (contact["state"] in ("assigned", "wrap_up")) and "owner" not in contact:
            yield f"contact {key} is {contact['state']} without an owner"
        if (contact["state"] == "closed") != (key in state["expiring"]):
            yield f"contact {key} is {contact['state']}: has a time to live only when closed"
    for place in places:
        yield f"{place} waits, but its contact's record does not say so"


def work_is_what_contacts_say(state: Plain) -> Iterator[str]:
    """Promise 2: an agent's work is the contacts that name him, and no others."""
    said: dict[str, dict[str, tuple[str, str]]] = {agent: {} for agent in state["agents"]}
    for key, contact in state["contacts"].items():
        channel = contact["channel"]
        if contact["state"] in ("assigned", "wrap_up"):
            said.setdefault(contact.get("owner", ""), {})[key] = (contact["state"], channel)
        for offer in contact.get("ringing", ()):
            said.setdefault(offer["agent"], {})[key] = ("offer", channel)
    for agent, expected in said.items():
        work = state["agents"].get(agent, {}).get("work", {})
        held = {key: (entry["k"], entry["ch"]) for key, entry in work.items()}
        if held != expected:
            yield f"agent {agent} holds {held}, the contacts say {expected}"


def offers_reach_their_agents(state: Plain) -> Iterator[str]:
    """Promises 3, 5 and 10: who is offered something is there and ready."""
    for key, contact in state["contacts"].items():
        ringing = contact.get("ringing", [])
        for offer in ringing:
            agent = state["agents"].get(offer["agent"], {})
            if agent.get("presence") != "ready" or not agent.get("sessions"):
                yield f"contact {key} is offered to {offer['agent']}, who is not there: {agent}"
        numbers = [offer["n"] for offer in ringing]
        if numbers != sorted(set(numbers)) or max(numbers, default=0) > contact.get("offers", 0):
            yield f"contact {key}: {numbers} are pending, {contact.get('offers')} were made"


def relaxations_are_awaited(state: Plain) -> Iterator[str]:
    """Promise 8: a contact that will ask less has a timer for it, unless it is made up for."""
    for key, contact in state["contacts"].items():
        if contact["state"] not in ("queued", "offered") or "late" in contact:
            continue
        done = contact.get("relaxed", 0)
        times = [step["after_ms"] for step in contact.get("relax", ()) if step["after_ms"] > done]
        if times and contact.get("step_at", sys.maxsize) > contact["joined"] + min(times):
            yield f"contact {key}: nothing happens when it is to ask less: {contact}"


def every_state_has_a_way_out(state: Plain) -> Iterator[str]:
    """Promise 8: each state that must end by time has its timer, and no timer is for nothing."""
    left = dict(state["timers"])
    for timer in timers_allowed(state):
        left.pop(timer, None)
    others = ((timer, None) for timer in other_timers_needed(state))
    for timer, at in (*timers_of_contacts(state), *others):
        left.pop(timer, None)
        due = state["timers"].get(timer)
        if due is None or at not in (None, due):
            yield f"timer {timer} should be at {at}, is at {due}"
    for timer in left:
        yield f"timer {timer} is for nothing"


def counters_are_counts(state: Plain) -> Iterator[str]:
    """The counters are what a recount gives."""
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
    counts = {name: n for name, n in counts.items() if n}
    if counts != state["counters"]:
        yield f"counters {state['counters']} are not the counts {counts}"


def lines_are_known(state: Plain) -> Iterator[str]:
    """A queue knows who waits in its lines; each of these is known to it, or to its one agent."""
    waits: dict[str, dict[str, int]] = {}
    for key, contact in state["contacts"].items():
        if contact["state"] == "queued":
            waits.setdefault(contact["queue"], {})[key] = contact["since"]
    if state["queue_waits"] != waits:
        yield f"queues know as waiting {state['queue_waits']}, it is {waits}"
    for line in state["waiting"]:
        queue, _, tail = line.split("|")
        for agent in tail[1:].split(",") if tail.startswith("@") else ():
            if line not in state["personal"].get(agent, []):
                yield f"{line} holds contacts, but its agent {agent} does not know it"
        if tail and not tail.startswith("@") and line not in state["lines"].get(queue, []):
            yield f"{line} holds contacts, but its queue does not know it"


def ready_sets_are_exact(state: Plain, settings: Plain) -> Iterator[str]:
    """Promise 5: an agent stands in the lines he can serve now, no others, at his score there."""
    lines = {line for held in state["lines"].values() for line in held}
    for key, agent in state["agents"].items():
        queues = state["definitions"].get(key, {}).get("memberships", {})
        base = {f"{queue}|{channel}|" for queue in queues for channel in agent.get("slots", ())}
        own = {line for line in base | lines if is_called(state, key, line)}
        can = {line for line in own if verdict(agent, line.split("|")[1], settings) == "ok"}
        stands = {line: held[key] for line, held in state["ready"].items() if key in held}
        if set(stands) != can:
            yield f"agent {key} stands in {stands}, should in {sorted(can)}"
            continue
        place = standing_of(agent, state["definitions"].get(key, {}))
        for line, score in stands.items():
            expected = standing.score(place, line, state["queues"][line.split("|")[0]])
            if score != expected:
                yield f"agent {key} stands in {line} at {score}, should at {expected}"


def standing_of(agent: Plain, definition: Plain) -> standing.Standing:
    """What decides his scores."""
    return standing.Standing(
        turn=agent.get("turn", 0),
        since=agent["since"],
        units=sum(held["u"] for held in agent.get("work", {}).values()),
        memberships=definition.get("memberships", {}),
        skills=definition.get("skills", {}),
        marks=agent.get("marks", {}),
    )


def work_is_conserved(state: Plain, settings: Plain) -> Iterator[str]:
    """Promise 7: nobody waits for whom a routable agent is free, except in a cool-down.

    Who may ring several rings whoever is free and has not failed him.
    """
    for key, contact in state["contacts"].items():
        if is_short(contact):
            yield from free_and_not_rung(state, settings, key)
        if contact["state"] != "queued":
            continue
        if state["timers"].get(f"r|{key}", state["clock"] + 1) <= state["clock"]:
            continue  # more timers were due than one call takes; the next call looks again
        for name, agent in state["agents"].items():
            until = contact.get("tried", {}).get(name, {}).get("until", 0)
            free = verdict(agent, contact["channel"], settings) == "ok"
            if free and until <= state["clock"] and is_called(state, name, contact["line"]):
                yield f"in line {contact['line']} {key} waits while agent {name} is free"


def free_and_not_rung(state: Plain, settings: Plain, key: str) -> Iterator[str]:
    contact = state["contacts"][key]
    channel = contact["channel"]
    known = {offer["agent"] for offer in contact["ringing"]} | contact.get("tried", {}).keys()
    if settings.get("channels", {}).get(channel, {}).get("auto_accept"):
        return  # it has become so while the contact rang
    for name, agent in state["agents"].items():
        free = verdict(agent, channel, settings) == "ok"
        if free and name not in known and is_called(state, name, contact["line"]):
            yield f"{key} rings fewer than {contact['width']} agents while {name} is free"


def journal_tells_the_state(state: Plain, history: Fold) -> Iterator[str]:
    """Promises 4 and 9: folding the journal gives the stored state."""
    for key, folded in history.contacts.items():
        contact = state["contacts"].get(key)
        if contact is None:
            if folded.state != "closed":
                yield f"contact {key} is lost; the journal says {folded}"
            continue
        rings = {offer["n"]: offer["agent"] for offer in contact.get("ringing", ())}
        told_rings = {n: offer["agent"] for n, offer in folded.ringing.items()}
        stored = (contact["state"], contact["queue"], rings)
        told = (folded.state, folded.queue, told_rings)
        if stored != told or contact.get("offers", 0) != folded.offers:
            yield f"contact {key} is {stored}, the journal says {told}"
        said = (folded.disposition, folded.resolved, folded.score)
        kept = (contact.get("disposition"), contact.get("resolved"))
        if (*kept, contact.get("rating", {}).get("score")) != said:
            yield f"contact {key}: the journal says {said} of it, the store {kept}"
        if folded.owner is not None and contact.get("owner") != folded.owner:
            yield f"contact {key} has owner {contact.get('owner')}, the journal says {folded.owner}"
    for key in set(state["contacts"]) - set(history.contacts):
        yield f"contact {key} is not in the journal"
    for key, agent in state["agents"].items():
        teller = history.agents.get(key)
        if teller is None:
            yield f"agent {key} is not in the journal"
            continue
        work = {contact: held["k"] for contact, held in agent.get("work", {}).items()}
        stored_agent = (
            agent["presence"],
            agent.get("reason", ""),
            sorted(agent.get("sessions", [])),
        )
        told_agent = (teller.presence, teller.reason, sorted(teller.sessions))
        told_work = {contact: held[0] for contact, held in teller.work.items()}
        marked = {c for c, held in agent.get("work", {}).items() if held.get("interrupted")}
        if stored_agent != told_agent or work != told_work or marked != teller.interrupted:
            yield f"agent {key} is {stored_agent} {work}, journal: {told_agent} {told_work}"


PROMISES: tuple[Callable[[Plain], Iterator[str]], ...] = (
    one_place,
    work_is_what_contacts_say,
    offers_are_of_the_state,
    who_rings_too_few_is_known,
    offers_reach_their_agents,
    every_state_has_a_way_out,
    relaxations_are_awaited,
    counters_are_counts,
    indexes_are_exact,
    reach_is_counted,
    lines_are_known,
    who_is_away_stands_apart,
)
