"""The design's promises, held against a tenant's whole state (`router.doctor.state`). Pure.

What is checked is the doctor's table (`router.doctor.promises`): there is one spelling. What needs
history is in `tests.fold`, which is given the journal's events, and compared with the state here;
so is capacity: only history tells whether limits were lowered later.
"""

from collections.abc import Iterator
from typing import Any

from router.doctor.capacity import held_by
from router.doctor.look import Look
from router.doctor.promises import findings
from tests.broken import Broken
from tests.fold import Fold
from tests.hands import FoldedContact

Plain = dict[str, Any]


def check(state: Plain, settings: Plain | None = None, history: Fold | None = None) -> None:
    """Raises: Broken, naming every promise that the state does not keep.

    `settings` are the tenant's, when they are not the stored ones; `history` is the fold of all
    the tenant's events: with it the state is held to the journal, and lowered limits are known.
    """
    look = Look(state, settings)
    wrong = [finding.text for finding in findings(look)]
    if history is not None:
        wrong += capacity_is_kept(look, history.lowered())
        wrong += journal_tells_the_state(state, history)
    if wrong:
        raise Broken("\n".join(wrong))


def capacity_is_kept(look: Look, lowered: set[str]) -> Iterator[str]:
    """Promise 2: what he holds is within his limits, or the limits were lowered later."""
    for key, agent in look.state["agents"].items():
        held = held_by(agent)
        excess = look.channels.excess(held, agent.get("slots", {}), agent.get("capacity", 0))
        if excess and key not in lowered:
            yield f"agent {key} holds {held} against {excess} and was never allowed to"


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
        yield from what_is_told_of_it(key, contact, folded)
        yield from talk_is_told(key, contact, folded)
        if folded.owner is not None and contact.get("owner") != folded.owner:
            yield f"contact {key} has owner {contact.get('owner')}, the journal says {folded.owner}"
    for key in set(state["contacts"]) - set(history.contacts):
        yield f"contact {key} is not in the journal"
    for thread, key in history.conversations.items():
        if key in state["contacts"] and state["conversations"].get(thread) != key:
            yield f"{key} is the latest of {thread}, the store says otherwise"
    yield from journal_tells_the_agents(state, history)


def what_is_told_of_it(key: str, contact: Plain, folded: FoldedContact) -> Iterator[str]:
    """What is known of a contact beside where it is."""
    said = (folded.disposition, folded.resolved, folded.score)
    kept = (contact.get("disposition"), contact.get("resolved"))
    if (*kept, contact.get("rating", {}).get("score")) != said:
        yield f"contact {key}: the journal says {said} of it, the store {kept}"
    if contact.get("consult", {}).get("agent") != folded.guest:
        yield f"contact {key}: {folded.guest} takes part, the store says otherwise"
    if (contact.get("links", []), contact.get("note")) != (folded.links, folded.note):
        yield f"contact {key} has other links or another note than the journal: {folded}"


def journal_tells_the_agents(state: Plain, history: Fold) -> Iterator[str]:
    """What agents have declared and hold is what the journal says."""
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


def talk_is_told(key: str, contact: Plain, folded: FoldedContact) -> Iterator[str]:
    """Who has replied, since when the customer waits for an answer, and how often it came."""
    names = ("participants", "customer_since", "response_by", "episode")
    empty: Plain = {"participants": []}
    stored = [contact.get(name, empty.get(name)) for name in names]
    told = [getattr(folded, name) for name in names]
    if stored != told:
        yield f"in contact {key} spoke {stored}, the journal says {told}"
