"""The instants at which something happens to a contact by itself. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.records import Contact


def of_contact(c: "Contact") -> Iterator[tuple[str, int | None]]:
    """What the contact waits for in its state, with the instant if there is one."""
    for offer in c.ringing:
        yield f"o|{c.id}|{offer.n}", offer.deadline
    yield f"v|{c.id}", c.alive_until
    yield f"d|{c.id}", c.direct_until
    match c.state:
        case "queued":
            yield f"r|{c.id}", c.retry
            yield f"e|{c.id}", c.step_at
        case "offered":
            yield f"e|{c.id}", c.step_at
            yield f"b|{c.id}", c.widen_at
        case "wrap_up":
            yield f"w|{c.id}", c.wrap_until
        case "scheduled":
            yield f"h|{c.id}", c.look_at
        case "held":
            yield f"h|{c.id}", c.held_until
