"""Owns the words of a refusal of bad input: which field, which value, what was expected. Pure.

msgspec checks a body against its struct and stops at the first fault; this finds every fault of
the same body against the same struct, so that one answer names them all. Only refused bodies
come here.
"""

import difflib
import types
from collections.abc import Mapping
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
    """Every fault of a decoded value against a type, at most `ERRORS_MAX`."""
    return _check(value, annotation, path)[:ERRORS_MAX]


def describe(annotation: Any) -> str:
    """What a type expects, in words a caller can act on."""
    return _describe(inspect.type_info(annotation))


def shorten(value: Any) -> Any:
    """The value as it may stand in an answer: scalars as they are, the rest as cut JSON text."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else _cut(str(value))
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, bytes):
        return _cut(repr(value))
    return _cut(msgspec.json.encode(value).decode())


def _cut(text: str) -> str:
    return text if len(text) <= VALUE_MAX else text[: VALUE_MAX - 1] + "…"


def _check(value: Any, annotation: Any, path: str) -> list[FieldError]:
    inner = annotation
    while get_origin(inner) is Annotated:
        inner = get_args(inner)[0]
    origin = get_origin(inner)
    if origin in (Union, types.UnionType) and type(None) in get_args(inner):
        rest = [arm for arm in get_args(inner) if arm is not type(None)]
        if value is not None and len(rest) == 1:
            return _check(value, rest[0], path)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return _check_struct(value, inner, path)
    if origin is dict:
        return _check_dict(value, annotation, get_args(inner), path)
    if origin in (list, tuple) and isinstance(value, (list, tuple)):
        item_type = get_args(inner)[0]
        inside = [
            e for i, item in enumerate(value) for e in _check(item, item_type, f"{path}[{i}]")
        ]
        return inside or _check_leaf(value, annotation, path)
    return _check_leaf(value, annotation, path)


def _check_struct(value: Any, struct: type[msgspec.Struct], path: str) -> list[FieldError]:
    if not isinstance(value, Mapping):
        return [FieldError(path or "body", shorten(value), "an object")]
    errors: list[FieldError] = []
    known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name, item in value.items():
        if name not in known:
            errors.append(_unknown(str(name), item, list(known), path))
    for name, field in known.items():
        if name in value:
            errors.extend(_check(value[name], field.type, _join(path, name)))
        elif field.required:
            errors.append(FieldError(_join(path, name), None, f"required: {describe(field.type)}"))
    return errors or _check_leaf(value, struct, path)


def _unknown(name: str, item: Any, known: list[str], path: str) -> FieldError:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known fields: {', '.join(known) or 'none'}"
    return FieldError(_join(path, _cut(name)), shorten(item), f"no such field; {hint}")


def _check_dict(value: Any, annotation: Any, args: tuple[Any, ...], path: str) -> list[FieldError]:
    if not isinstance(value, Mapping):
        return [FieldError(path, shorten(value), describe(annotation))]
    key_type, item_type = args
    errors: list[FieldError] = []
    for key, item in value.items():
        place = _join(path, _cut(str(key)))
        errors.extend(
            FieldError(place, fault.value, f"as a key: {fault.expected}")
            for fault in _check_leaf(key, key_type, place)
        )
        errors.extend(_check(item, item_type, place))
    return errors or _check_leaf(value, annotation, path)


def _check_leaf(value: Any, annotation: Any, path: str) -> list[FieldError]:
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
            expected = str(error).removesuffix(" - at `$`")  # what __post_init__ says
        else:
            expected = describe(annotation)
        return [FieldError(path or "body", shorten(value), expected)]
    return []


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
