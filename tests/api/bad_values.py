"""Bad values for every field of a struct, made from its annotations."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import inspect

Json = dict[str, Any]
Case = tuple[str, str, Any]
"""What is wrong, the field that the answer must name, and the body."""


def bad_bodies(struct: Any, good: Json) -> Iterator[Case]:
    """The good body with one fault each: wrong type, out of range, too long, unknown, missing."""
    for field in msgspec.structs.fields(struct):
        for what, suffix, value in _bad(field.type):
            yield what, field.encode_name + suffix, good | {field.encode_name: value}
        if field.required:
            without = {name: value for name, value in good.items() if name != field.encode_name}
            yield "missing", field.encode_name, without
    yield "unknown", "no_such_field", good | {"no_such_field": 1}
    yield "wrong type", "body", [good]


def _bad(annotation: Any) -> Iterator[tuple[str, str, Any]]:
    """Faulty values with where the fault is, below the field."""
    inner, arms = _plain(annotation)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        yield "wrong type", "", 7
        for what, field, value in bad_bodies(inner, {}):
            if field != "body":
                yield what, f".{field}", value
    elif get_origin(inner) is dict:
        yield from _bad_map(annotation, inner)
    elif get_origin(inner) in (list, tuple):
        yield "wrong type", "", "text"
        for what, suffix, value in _bad(get_args(inner)[0]):
            yield what, f"[0]{suffix}", [value]
    elif len(arms) > 1:
        yield "wrong type", "", {"an": "object"}
        yield "wrong type", "", ["a list"]
    else:
        yield from _bad_scalar(annotation)


def _bad_map(annotation: Any, inner: Any) -> Iterator[tuple[str, str, Any]]:
    yield "wrong type", "", ["a list"]
    yield "wrong type", "", "text"
    for what, suffix, value in _bad(get_args(inner)[1]):
        yield what, f".key{suffix}", {"key": value}
    for what, _, key in _bad_scalar(get_args(inner)[0]):
        if isinstance(key, str):
            yield f"{what}: key", f".{key if len(key) <= 64 else key[:63] + '…'}", {key: None}
    most = getattr(_info(annotation), "max_length", None)
    if most is not None:
        item, _ = _plain(get_args(inner)[1])
        fine: Any = "text" if item is str else 1
        fine = {} if isinstance(item, type) and issubclass(item, msgspec.Struct) else fine
        fine = None if type(None) in get_args(get_args(inner)[1]) else fine
        yield "too many", "", {f"k{number}": fine for number in range(most + 1)}


def _bad_scalar(annotation: Any) -> Iterator[tuple[str, str, Any]]:
    match _info(annotation):
        case inspect.StrType(max_length=longest, min_length=least, pattern=pattern):
            yield "wrong type", "", 7
            yield "wrong type", "", {"an": "object"}
            if pattern is not None:
                yield from (("bad id", "", text) for text in ("a b", "{a}", "a\n", "é"))
                longest = 64
            if longest is not None:
                yield "too long", "", "x" * (longest + 1)
            if least:
                yield "too short", "", ""
        case inspect.IntType(ge=low, le=high):
            yield from (("wrong type", "", value) for value in ("7", 7.5, True, [7]))
            if low is not None:
                yield "too small", "", low - 1
            if high is not None:
                yield "too large", "", high + 1
        case inspect.BoolType():
            yield from (("wrong type", "", value) for value in ("true", 1))
        case inspect.LiteralType():
            yield from (("wrong value", "", value) for value in ("no such value", 7))


def _plain(annotation: Any) -> tuple[Any, list[Any]]:
    """The type without its limits and without None or nothing, and the arms of a union."""
    inner = annotation
    while get_origin(inner) is Annotated:
        inner = get_args(inner)[0]
    if get_origin(inner) not in (Union, types.UnionType):
        return inner, []
    arms = [arm for arm in get_args(inner) if arm not in (type(None), msgspec.UnsetType)]
    return (_plain(arms[0])[0], []) if len(arms) == 1 else (inner, arms)


def _info(annotation: Any) -> Any:
    info = inspect.type_info(annotation)
    while True:
        if isinstance(info, inspect.Metadata):
            info = info.type
        elif isinstance(info, inspect.UnionType):
            arms = [arm for arm in info.types if not isinstance(arm, inspect.NoneType)]
            if len(arms) != 1:
                return info
            info = arms[0]
        else:
            return info
