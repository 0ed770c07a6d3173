"""The instants at which something happens by itself to a contact or an agent. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.records import Agent, Contact


def of_contact(c: "Contact") -> Iterator[tuple[str, int | None]]:
    """What the contact waits for in its state, with the instant if there is one."""
    for offer in c.ringing:
        yield f"o|{c.id}|{offer.n}", offer.deadline
    yield f"v|{c.id}", c.alive_until
    yield f"d|{c.id}", c.direct_until
    yield f"t|{c.id}", (c.response or {}).get("at")
    match c.state:
        case "queued":
            yield f"r|{c.id}", c.retry
            yield f"e|{c.id}", c.step_at
        case "offered":
            yield f"e|{c.id}", c.step_at
            yield f"b|{c.id}", c.widen_at
        case "waiting_customer":
            yield f"u|{c.id}", c.no_answer_at
        case "wrap_up":
            yield f"w|{c.id}", c.wrap_until
        case "scheduled":
            yield f"h|{c.id}", c.look_at
        case "held":
            yield f"h|{c.id}", c.held_until


def of_agent(a: "Agent") -> Iterator[tuple[str, int | None]]:
    """The ends of his leases, of his grace and of a pause that ends by itself."""
    for session, until in a.sessions.items():
        yield f"s|{a.id}|{session}", until
    yield f"y|{a.id}", a.return_at
    yield f"g|{a.id}", a.grace_until
