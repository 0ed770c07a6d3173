"""Owns the two encodings of bodies and messages: JSON text and MessagePack. Pure.

Both read into the same structs with the same checks. A JSON object that names a member twice is
refused, because two programs may disagree on which one counts.
"""

import json
from enum import Enum
from typing import Any, Final, TypeVar

import msgspec

from router.api import problems
from router.api.fields import find_errors

T = TypeVar("T")

JSON_TYPE: Final = "application/json"
MSGPACK_TYPES: Final = ("application/msgpack", "application/x-msgpack", "application/vnd.msgpack")
PROBLEM_JSON: Final = "application/problem+json"
PROBLEM_MSGPACK: Final = "application/problem+msgpack"


class Encoding(Enum):
    """How a body or a message is written."""

    JSON = "json"
    MSGPACK = "msgpack"


encode_json = msgspec.json.Encoder().encode
encode_msgpack = msgspec.msgpack.Encoder().encode


def encoding_of(media_type: str) -> Encoding | None:
    """The encoding that a Content-Type names; None for any other."""
    plain = media_type.partition(";")[0].strip().lower()
    if plain == JSON_TYPE:
        return Encoding.JSON
    return Encoding.MSGPACK if plain in MSGPACK_TYPES else None


def encode(value: Any, encoding: Encoding) -> bytes:
    """The value's bytes."""
    return encode_json(value) if encoding is Encoding.JSON else encode_msgpack(value)


class Reader:
    """Reads one kind of body; made once, used for every request of its kind."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self._json = msgspec.json.Decoder(kind)
        self._msgpack = msgspec.msgpack.Decoder(kind)

    def read(self, body: bytes, encoding: Encoding) -> Any:
        """The body as its struct.

        Raises:
            ProblemError: 400 for what is not the encoding at all, 422 naming every faulty field.

        """
        try:
            if encoding is Encoding.MSGPACK:
                return self._msgpack.decode(body)
            value = self._json.decode(body)
            refuse_doubles(body)
        except msgspec.ValidationError as error:
            raise self._explain(body, encoding, error) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise problems.ProblemError(problems.malformed(str(error))) from None
        except RecursionError:
            raise problems.ProblemError(problems.malformed("nested too deeply")) from None
        return value

    def _explain(self, body: bytes, encoding: Encoding, error: Exception) -> problems.ProblemError:
        raw = decode_any(body, encoding)
        errors = find_errors(raw, self.kind)
        if not errors:  # msgspec saw a fault of the encoding itself, such as a key that is no text
            return problems.ProblemError(problems.malformed(str(error)))
        return problems.ProblemError(problems.bad_input(errors))


def decode_any(body: bytes, encoding: Encoding) -> Any:
    """The body without a struct.

    Raises:
        ProblemError: 400, it is not the encoding.

    """
    try:
        if encoding is Encoding.JSON:
            return msgspec.json.decode(body)
        return msgspec.msgpack.decode(body, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise problems.ProblemError(problems.malformed(str(error))) from None


def refuse_doubles(body: bytes) -> None:
    """Checks that no object in JSON text, already known to be valid, names a member twice.

    Raises:
        ProblemError: 400, naming the member.

    """
    if body.count(b":") < 2:
        return
    _scan(body.decode())


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise problems.ProblemError(problems.malformed(f"the member `{double[:64]}` stands twice"))
    return found


_scan = json.JSONDecoder(object_pairs_hook=_pairs).decode
