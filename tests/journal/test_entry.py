"""Positions, entries, and whom an event is for."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.journal.entry import (
    WHOLE,
    Key,
    agents_of,
    decode_entry,
    just_before,
    parse_position,
)


def test_a_position_names_a_whole_entry_or_one_of_its_events() -> None:
    assert parse_position("1700000000000-3") == Key(1_700_000_000_000, 3, WHOLE)
    assert parse_position("1700000000000-3.1") == Key(1_700_000_000_000, 3, 1)


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1", "1-2.", "a-b", "1-2\n", f"{2**64}-0", f"0-{2**64}", "1-2.99999"]
)
def test_what_is_no_position_names_nothing(text: str) -> None:
    assert parse_position(text) is None


@given(st.integers(1, 2**40), st.integers(0, 2**40), st.integers(0, 9_999))
def test_the_events_of_an_entry_come_before_its_end_and_after_what_is_just_before(
    ms: int, seq: int, nth: int
) -> None:
    key = Key(ms, seq, nth)
    before = parse_position(just_before(key))

    assert before is not None
    assert before < key < Key(ms, seq, WHOLE)
    assert parse_position(f"{ms}-{seq}.{nth}") == key


def test_an_entry_is_decoded_with_a_position_for_each_event() -> None:
    blob = msgspec.msgpack.encode(
        {
            "t": "accept",
            "at": 5,
            "by": "r-1",
            "actor": "agent:ann",
            "config": 3,
            "ev": [
                {"e": "offer.accepted", "contact": "c", "agent": "ann"},
                {"e": "contact.assigned", "contact": "c", "agent": "ann", "from": "bob"},
            ],
        }
    )

    entry = decode_entry("7-1", blob)

    assert (entry.by, entry.transition, entry.at) == ("r-1", "accept", 5)
    assert [event.position for event in entry.events] == ["7-1.0", "7-1.1"]
    assert [event.agents for event in entry.events] == [("ann",), ("ann", "bob")]
    assert all(event.is_contact_side for event in entry.events)


@pytest.mark.parametrize("blob", [b"", b"\xc1", b"\x80", msgspec.msgpack.encode({"t": 1})])
def test_what_no_transition_writes_is_not_an_entry(blob: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_entry("1-0", blob)


def test_who_lost_a_contact_is_named_and_a_queue_is_not_taken_for_an_agent() -> None:
    lost = {"e": "contact.queued", "contact": "c", "reason": "released", "agent": "ann"}
    moved = {"e": "contact.queued", "contact": "c", "reason": "escalated", "from": "sales"}

    assert agents_of(lost) == ("ann",)
    assert agents_of(moved) == ()
