"""Finds the line of a key in a TOML text, which the standard parser does not tell. Pure."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from router.config.problems import Path

KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
DOTTED = rf"{KEY}(?:\s*\.\s*{KEY})*"
HEADER = re.compile(rf"^\s*(\[\[?)\s*({DOTTED})\s*\]")
ASSIGNMENT = re.compile(rf"^\s*({DOTTED})\s*=(.*)$", re.DOTALL)


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """The line of the path, or of the nearest table around it that has one."""
    for end in range(len(path), 0, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of each table header and key; the text must be valid TOML."""
    found: dict[Path, int] = {}
    tables: dict[Path, int] = {}
    table: Path = ()
    for number, statement in _statements(text):
        if header := HEADER.match(statement):
            table = _names(header[2])
            if header[1] == "[[":
                tables[table] = tables.get(table, -1) + 1
                table = (*table, tables[table])
            found.setdefault(table, number)
        elif assignment := ASSIGNMENT.match(statement):
            found.setdefault((*table, *_names(assignment[1])), number)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or assignment with its first line; values over several lines are one."""
    pending, first = "", 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if not pending:
            first = number
        pending += line
        assignment = ASSIGNMENT.match(pending)
        if assignment and not HEADER.match(pending) and not _is_value(assignment[2]):
            continue
        yield first, pending.rstrip("\n")
        pending = ""


def _is_value(text: str) -> bool:
    try:
        tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _names(dotted: str) -> Path:
    names: list[str] = []
    tree: Any = tomllib.loads(f"{dotted} = 0")
    while isinstance(tree, dict):
        name, tree = next(iter(tree.items()))
        names.append(name)
    return tuple(names)
