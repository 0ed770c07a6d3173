"""Draws the tables of moves as Mermaid diagrams: `docs/states.md` is this module's output. Pure."""

from collections.abc import Mapping
from typing import Any

from presence.agent import MOVES as PRESENCE_MOVES
from queues.contact import MOVES as CONTACT_MOVES
from router.offer import MOVES as OFFER_MOVES

HEAD = """# States and moves

Drawn from the tables in `queues/contact.py`, `presence/agent.py` and `router/offer.py` by
`scripts/diagrams`; a test holds this page, the tables and the headers of the Lua files to each
other. A label names the transitions that make the move: `match` is the matching pass that ends
each of them, `tick` is time passing, `pending` a declared state that is taken when the agent's
last work ends.
"""


def draw() -> str:
    """The whole page."""
    parts = [
        HEAD,
        _diagram("Contact", CONTACT_MOVES),
        _diagram("Offer", OFFER_MOVES),
        _diagram("Presence", PRESENCE_MOVES),
    ]
    return "\n".join(parts)


def _diagram(title: str, moves: Mapping[Any, Mapping[Any, frozenset[str]]]) -> str:
    lines = [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
    for start, ends in moves.items():
        for end, verbs in ends.items():
            origin = "[*]" if start == "new" else start
            lines.append(f"    {origin} --> {end}: {', '.join(sorted(verbs))}")
        if not ends:
            lines.append(f"    {start} --> [*]")
    return "\n".join([*lines, "```", ""])
