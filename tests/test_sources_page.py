"""The page on the source systems names every row that falls to the engine, and tests that exist."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
ENGINE, DESK = (
    re.findall(r"^\| (\d\.\d+) \| .+ \| (.+) \|$", part, re.MULTILINE)
    for part in (TESTS.parent / "docs/sources.md").read_text().split("\n## In people's hands\n")
)
NOT_OURS = {
    0: {14, 16, 26},
    1: {11},
    2: {4, 13, 14},
    3: {5, 7},
    4: {10, 12, 13, 14, 16, 23, 24, 26},
}
"""Rows of desktops, gateways and other products alone, by system."""
LAST = {0: 27, 1: 16, 2: 14, 3: 14, 4: 28}
AT_THE_DESK = {0: {*range(8, 14), 16, 17, 18, 26, 27}, 4: {*range(1, 29)} - {9}}
"""Rows that a person would miss at the desk; that an offer comes back is the engine's alone."""


def test_every_row_of_the_engine_is_there_once_in_its_order() -> None:
    expected = [
        f"{system}.{row}"
        for system, last in LAST.items()
        for row in range(1, last + 1)
        if row not in NOT_OURS[system]
    ]

    assert [row for row, _ in ENGINE] == expected


def test_every_row_of_the_desk_is_there_once_in_its_order() -> None:
    expected = [f"{system}.{row}" for system, rows in AT_THE_DESK.items() for row in sorted(rows)]

    assert [row for row, _ in DESK] == expected


def test_every_test_that_is_named_exists() -> None:
    known: dict[str, set[str]] = {}
    for row, shown_by in ENGINE + DESK:
        names = re.findall(r"`([^`]+)`", shown_by)
        assert names, row
        for name in names:
            path, _, function = name.partition("::")
            if path not in known:
                tree = ast.parse((TESTS / path).read_text())
                kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
                known[path] = {one.name for one in tree.body if isinstance(one, kinds)}
            assert function in known[path], f"{row}: {name}"
