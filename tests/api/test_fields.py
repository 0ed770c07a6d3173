"""What a refusal says: field, value, expectation."""

from typing import Any

import msgspec
import pytest

from presence.settings import AgentDefinition
from router.api.codec import Encoding, Reader
from router.api.fields import ERRORS_MAX, FieldError, find_errors, shorten
from router.api.problems import ProblemError
from router.api.schema import AdmitBody, TransferBody


def test_every_fault_of_a_body_is_named() -> None:
    body = {
        "contact": "a b",
        "chanel": "voice",
        "priority": 101,
        "requirements": {"english": 0, "two words": 50},
        "attributes": {"nested": {}},
    }

    found = {error.field: error for error in find_errors(body, AdmitBody)}

    assert set(found) == {
        "contact",
        "chanel",
        "channel",
        "priority",
        "requirements.english",
        "requirements.two words",
        "attributes.nested",
    }
    assert found["chanel"] == FieldError(
        "chanel", "voice", "no such field; did you mean `channel`?"
    )
    assert found["channel"].expected.startswith("required: text")
    assert found["priority"].value == 101
    assert "from 0 to 100" in found["priority"].expected
    assert found["requirements.two words"].expected.startswith("as a key: ")


def test_a_rule_over_several_fields_is_told_in_its_own_words() -> None:
    (error,) = find_errors({"to_agent": "a", "to_queue": "b"}, TransferBody)

    assert error.field == "body"
    assert error.expected == "exactly one of `to_agent` and `to_queue`"


def test_the_number_of_faults_told_is_bounded() -> None:
    assert len(find_errors({f"x{n}": n for n in range(100)}, AdmitBody)) == ERRORS_MAX


def test_a_huge_body_of_unknown_fields_is_not_looked_at_to_its_end() -> None:
    looks = 0

    class Counted(dict[str, Any]):
        def items(self) -> Any:
            nonlocal looks
            for pair in super().items():
                looks += 1
                yield pair

    body = Counted({f"{n}" + "x" * 50_000: n for n in range(100)})

    found = find_errors(body, AdmitBody)

    assert len(found) == ERRORS_MAX
    assert looks == ERRORS_MAX


@pytest.mark.parametrize(
    ("value", "short"),
    [
        (True, True),
        (None, None),
        (1.5, 1.5),
        (7, 7),
        (2**60, str(2**60)),
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 63 + "…"),
        (b"\xff", "b'\\xff'"),
        ({"a": [1, 2]}, '{"a":[1,2]}'),
        ([10**400], "[" + "1" + "0" * 61 + "…"),
    ],
)
def test_a_value_is_shortened(value: Any, short: Any) -> None:
    assert shorten(value) == short


def test_a_value_that_is_no_json_is_shown_as_it_is_written() -> None:
    shown = shorten([msgspec.msgpack.Ext(5, b"x")])

    assert isinstance(shown, str)
    assert len(shown) <= 64
    assert "Ext" in shown


READER = Reader(AgentDefinition)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"name": NaN}',
        b'{"name": "a"} x',
        b"[" * 60_000,
        b'{"name": "a", "name": "b"}',
        b'{"slots": {"voice": 1, "voice": 2}}',
        b'{"name": "\\ud800"}',
    ],
    ids=range(9),
)
def test_what_is_no_json_or_says_a_thing_twice_is_malformed(body: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        READER.read(body, Encoding.JSON)

    assert refused.value.problem.status in (400, 422)


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x81", b"\x81\xa4name", b"\x91" * 60_000])
def test_what_is_no_messagepack_is_malformed(body: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        READER.read(body, Encoding.MSGPACK)

    assert refused.value.problem.status in (400, 422)


def test_both_encodings_read_the_same() -> None:
    body = {"name": "Ann", "slots": {"voice": 1}}

    from_json = READER.read(msgspec.json.encode(body), Encoding.JSON)

    assert from_json == READER.read(msgspec.msgpack.encode(body), Encoding.MSGPACK)
