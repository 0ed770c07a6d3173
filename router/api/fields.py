"""Owns the words of a refusal of bad input: which field, which value, what was expected. Pure.

msgspec checks a body against its struct and stops at the first fault; this finds every fault of
the same body against the same struct, so that one answer names them all. Only refused bodies
come here.
"""

import difflib
import types
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec
from msgspec import inspect

VALUE_MAX: Final = 64
ERRORS_MAX: Final = 20


class FieldError(msgspec.Struct, frozen=True):
    """One fault: the field's path, what stood there (shortened), and what belongs there."""

    field: str
    value: Any
    expected: str


def find_errors(value: Any, annotation: Any, path: str = "") -> list[FieldError]:
    """The faults of a decoded value against a type; after `ERRORS_MAX` none is looked for."""
    return list(islice(_check(value, annotation, path), ERRORS_MAX))


def describe(annotation: Any) -> str:
    """What a type expects, in words a caller can act on."""
    return _describe(inspect.type_info(annotation))


def dotted(path: tuple[str | int, ...]) -> str:
    """The path as answers write it: `weekly.mon[0]`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def shorten(value: Any) -> Any:
    """The value as it may stand in an answer: scalars as they are, the rest as cut text."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else _cut(str(value))
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, bytes):
        return _cut(repr(value))
    try:
        return _cut(msgspec.json.encode(value).decode())
    except (TypeError, ValueError, OverflowError, RecursionError):  # what JSON does not have
        return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= VALUE_MAX else text[: VALUE_MAX - 1] + "…"


def _check(value: Any, annotation: Any, path: str) -> Iterator[FieldError]:
    inner = annotation
    while get_origin(inner) is Annotated:
        inner = get_args(inner)[0]
    origin = get_origin(inner)
    if origin in (Union, types.UnionType) and type(None) in get_args(inner):
        rest = [arm for arm in get_args(inner) if arm not in (type(None), msgspec.UnsetType)]
        if value is not None and len(rest) == 1:
            return _check(value, rest[0], path)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        if not isinstance(value, Mapping):
            return iter([FieldError(path or "body", shorten(value), "an object")])
        return _or_whole(_check_struct(value, inner, path), value, inner, path)
    if origin is dict:
        if not isinstance(value, Mapping):
            return iter([FieldError(path, shorten(value), describe(annotation))])
        entries = _check_dict(value, get_args(inner), path)
        return _or_whole(entries, value, annotation, path)
    if origin in (list, tuple) and isinstance(value, (list, tuple)):
        items = _check_items(value, get_args(inner)[0], path)
        return _or_whole(items, value, annotation, path)
    return _check_leaf(value, annotation, path)


def _or_whole(
    inside: Iterator[FieldError], value: Any, annotation: Any, path: str
) -> Iterator[FieldError]:
    """The faults inside; without any, those of the value as a whole."""
    first = next(inside, None)
    if first is None:
        yield from _check_leaf(value, annotation, path)
        return
    yield first
    yield from inside


def _check_struct(
    value: Mapping[Any, Any], struct: type[msgspec.Struct], path: str
) -> Iterator[FieldError]:
    known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    tag = struct.__struct_config__.tag_field
    for name, item in value.items():
        if name not in known and name != tag:
            yield _unknown(str(name), item, list(known), path)
    for name, field in known.items():
        if name in value:
            yield from _check(value[name], field.type, _join(path, name))
        elif field.required:
            yield FieldError(_join(path, name), None, f"required: {describe(field.type)}")


def _unknown(name: str, item: Any, known: list[str], path: str) -> FieldError:
    short = _cut(name)
    near = difflib.get_close_matches(short, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known fields: {', '.join(known) or 'none'}"
    return FieldError(_join(path, short), shorten(item), f"no such field; {hint}")


def _check_dict(value: Mapping[Any, Any], args: tuple[Any, ...], path: str) -> Iterator[FieldError]:
    key_type, item_type = args
    for key, item in value.items():
        place = _join(path, _cut(str(key)))
        for fault in _check_leaf(key, key_type, place):
            yield FieldError(place, fault.value, f"as a key: {fault.expected}")
        yield from _check(item, item_type, place)


def _check_items(value: Any, item_type: Any, path: str) -> Iterator[FieldError]:
    for place, item in enumerate(value):
        yield from _check(item, item_type, f"{path}[{place}]")


def _check_leaf(value: Any, annotation: Any, path: str) -> Iterator[FieldError]:
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
            expected = str(error).removesuffix(" - at `$`")  # what __post_init__ says
        else:
            expected = describe(annotation)
        yield FieldError(path or "body", shorten(value), expected)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _describe(info: inspect.Type) -> str:  # noqa: PLR0911 - a line for each kind of type
    match info:
        case inspect.Metadata(type=inner, extra_json_schema=extra):
            said = (extra or {}).get("description")
            words = _describe(inner)
            return f"{words} ({said})" if said else words
        case inspect.StrType(max_length=longest, min_length=least):
            low = f"at least {least} and " if least else ""
            return f"text of {low}at most {longest} characters" if longest else "text"
        case inspect.IntType(ge=low, le=high) if low is not None and high is not None:
            return f"an integer from {low} to {high}"
        case inspect.IntType():
            return "an integer"
        case inspect.FloatType():
            return "a number"
        case inspect.BoolType():
            return "true or false"
        case inspect.NoneType():
            return "null"
        case inspect.LiteralType(values=values):
            return "one of " + ", ".join(f'"{value}"' for value in values)
        case inspect.DictType(max_length=most):
            return f"an object of at most {most} entries" if most else "an object"
        case inspect.ListType(max_length=most) | inspect.VarTupleType(max_length=most):
            return f"a list of at most {most} entries" if most else "a list"
        case inspect.UnionType(types=arms):
            return " or ".join(_describe(arm) for arm in arms)
        case _:
            return "an object"
