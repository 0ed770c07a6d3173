"""Holds a parsed file to the settings' types and says every place where it differs. Pure."""

import difflib
from collections.abc import Iterator, Mapping, Sized
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from router.config.problems import Path, Problem

KINDS = {int: "a whole number", str: "a text", bool: "true or false", dict: "a table"}


def problems(value: object, hint: Any, path: Path = ()) -> Iterator[Problem]:
    """All differences between the value and the type, each at its own path."""
    kind, _ = _bare(hint)
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield from _struct_problems(value, kind, path)
    elif get_origin(kind) is dict and isinstance(value, Mapping):
        yield from _dict_problems(value, kind, path)
        yield from _size_problems(value, hint, path)
    elif get_origin(kind) is tuple and isinstance(value, list):
        for index, item in enumerate(value):
            yield from problems(item, get_args(kind)[0], (*path, index))
        yield from _size_problems(value, hint, path)
    else:
        yield from _leaf_problems(value, hint, path)


def nearest(name: str, known: list[str]) -> str:
    """The sentence for a name that nothing has."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"the nearest known one is {close[0]}"
    return f"known here: {', '.join(sorted(known)) or 'none'}"


def field_types(struct: type[Struct]) -> dict[str, Any]:
    """The fields of a struct with their annotations as written."""
    hints = get_type_hints(struct, include_extras=True)
    return {name: hints[name] for name in struct.__struct_fields__}


def _struct_problems(value: object, struct: type[Struct], path: Path) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path, "expected a table", value)
        return
    types = field_types(struct)
    found: list[Problem] = []
    for name, item in value.items():
        if name in types:
            found += problems(item, types[name], (*path, name))
        else:
            sentence = f"unknown key; {nearest(name, list(types))}"
            found.append(Problem((*path, name), sentence, has_value=False))
    for field in msgspec.structs.fields(struct):
        if field.required and field.name not in value:
            sentence = f"expected {field.name}, {expectation(types[field.name])}"
            found.append(Problem(path, sentence, has_value=False))
    yield from found or _whole_problems(value, struct, path)


def _whole_problems(
    value: Mapping[str, object], struct: type[Struct], path: Path
) -> Iterator[Problem]:
    """What a struct says of its fields together."""
    try:
        msgspec.convert(value, struct)
    except msgspec.ValidationError as error:
        yield Problem(path, f"expected {str(error).removesuffix(' - at `$`')}", has_value=False)


def _dict_problems(value: Mapping[str, object], kind: Any, path: Path) -> Iterator[Problem]:
    key_hint, item_hint = get_args(kind)
    for name, item in value.items():
        if _refuses(name, key_hint):
            sentence = f"expected a name of {expectation(key_hint)}"
            yield Problem((*path, name), sentence, has_value=False)
        yield from problems(item, item_hint, (*path, name))


def _leaf_problems(value: object, hint: Any, path: Path) -> Iterator[Problem]:
    if _refuses(value, hint):
        yield Problem(path, f"expected {expectation(hint)}", value)


def _size_problems(value: Sized, hint: Any, path: Path) -> Iterator[Problem]:
    _, meta = _bare(hint)
    least, most = (meta.min_length, meta.max_length) if meta else (None, None)
    if not (least or 0) <= len(value) <= (len(value) if most is None else most):
        sentence = f"expected {least or 0} to {most} entries, found {len(value)}"
        yield Problem(path, sentence, has_value=False)


def expectation(hint: Any) -> str:
    """What a value of the type is, in words with its range."""
    kind, meta = _bare(hint)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in get_args(kind))
    words = KINDS.get(get_origin(kind) or kind, "a list")
    if meta is None:
        return words
    if meta.pattern is not None and meta.description:
        return str(meta.description)
    if meta.ge is not None and meta.le is not None:
        words += f" from {meta.ge} to {meta.le}"
    if kind is str and meta.max_length is not None:
        words += f" of {meta.min_length or 0} to {meta.max_length} characters"
    return f"{words} ({meta.description})" if meta.description else words


def _refuses(value: object, hint: Any) -> bool:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        return True
    return False


def _bare(hint: Any) -> tuple[Any, Meta | None]:
    """The type without its annotation, and the annotation."""
    if get_origin(hint) is not Annotated:
        return hint, None
    kind, *extras = get_args(hint)
    return kind, next((extra for extra in extras if isinstance(extra, Meta)), None)
