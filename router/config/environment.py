"""Owns the settings that come from the environment: `ACD_STORE__URL` is `store.url`. Pure."""

import tomllib
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct

from router.config.check import field_types
from router.config.model import Config
from router.config.problems import Path

PREFIX = "ACD_"


def override(tree: dict[str, Any], env: Mapping[str, str]) -> dict[Path, str]:
    """Puts the environment's settings into the tree; returns which variable set which path.

    Two underscores part the names of a path; case does not matter. A text is taken as it is,
    any other value as TOML.
    """
    sources: dict[Path, str] = {}
    for variable in sorted(env):
        if variable.startswith(PREFIX) and "__" in variable.removeprefix(PREFIX):
            names = variable.removeprefix(PREFIX).split("__")
            sources[_put(tree, names, env[variable])] = variable
    return sources


def _put(tree: dict[str, Any], names: list[str], text: str) -> Path:
    hint: Any = Config
    path: list[str] = []
    table: Any = tree
    for depth, given in enumerate(names, start=1):
        known = list(_children(hint)) if _children(hint) else list(table)
        name = next((name for name in known if name.lower() == given.lower()), given.lower())
        hint = _children(hint).get(name) or _item(hint)
        path.append(name)
        if depth == len(names):
            table[name] = _value(text, hint)
        else:
            if not isinstance(table.get(name), dict):
                table[name] = {}
            table = table[name]
    return tuple(path)


def _children(hint: Any) -> dict[str, Any]:
    kind = _kind(hint)
    return field_types(kind) if isinstance(kind, type) and issubclass(kind, Struct) else {}


def _item(hint: Any) -> Any:
    kind = _kind(hint)
    return get_args(kind)[1] if get_origin(kind) is dict else None


def _kind(hint: Any) -> Any:
    return get_args(hint)[0] if hasattr(hint, "__metadata__") else hint


def _value(text: str, hint: Any) -> object:
    kind = _kind(hint)
    if kind is str or get_origin(kind) is Literal:
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
