"""The tables of moves, the Lua headers and the drawn page say the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from presence.agent import MOVES as PRESENCE_MOVES
from queues.contact import MOVES as CONTACT_MOVES
from router.engine.library import ROOT, Header, header_of, lua_files
from router.insight.states import draw
from router.offer import MOVES as OFFER_MOVES

TABLES: dict[str, Mapping[Any, Mapping[Any, frozenset[str]]]] = {
    "contact": CONTACT_MOVES,
    "offer": OFFER_MOVES,
    "presence": PRESENCE_MOVES,
}
# Taken by whatever ends an agent's last work: no transition's own header can name it.
NOT_A_TRANSITION = "pending"


def headers() -> list[Header]:
    return [header for path in lua_files() if (header := header_of(path))]


def moves_in_headers() -> set[tuple[str, str, str, str]]:
    return {
        (move.subject, move.before, move.after, header.name)
        for header in headers()
        for move in header.moves
    }


def moves_in_tables() -> set[tuple[str, str, str, str]]:
    return {
        (subject, str(start), str(end), verb)
        for subject, table in TABLES.items()
        for start, ends in table.items()
        for end, verbs in ends.items()
        for verb in verbs - {NOT_A_TRANSITION}
    }


def test_lua_headers_and_tables_name_the_same_moves() -> None:
    assert moves_in_headers() == moves_in_tables()


@pytest.mark.parametrize("subject", TABLES)
def test_every_state_but_the_ends_has_a_way_out(subject: str) -> None:
    ends = {
        "contact": set(),  # what is over may go on
        "offer": {"accepted", "declined", "expired", "revoked"},
        "presence": {"removed"},
    }
    stuck = {str(start) for start, moves in TABLES[subject].items() if not moves}
    assert stuck == ends[subject]


def test_the_drawn_page_is_up_to_date() -> None:
    page = Path(ROOT, "docs/states.md").read_text("utf-8")
    assert page == draw(), "run scripts/diagrams"
