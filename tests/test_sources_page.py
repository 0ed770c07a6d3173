"""The page on the source systems names every row that falls to the engine, and tests that exist."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs/sources.md").read_text()
ROWS = re.findall(r"^\| (\d\.\d+) \| .+ \| (.+) \|$", PAGE, re.MULTILINE)
NOT_OURS = {
    0: {14, 16, 26},
    1: {11},
    2: {4, 13, 14},
    3: {5, 7},
    4: {10, 12, 13, 14, 16, 23, 24, 26},
}
"""Rows of desktops, gateways and other products alone, by system."""
LAST = {0: 27, 1: 16, 2: 14, 3: 14, 4: 28}


def test_every_row_of_the_engine_is_there_once_in_its_order() -> None:
    expected = [
        f"{system}.{row}"
        for system, last in LAST.items()
        for row in range(1, last + 1)
        if row not in NOT_OURS[system]
    ]

    assert [row for row, _ in ROWS] == expected


def test_every_test_that_is_named_exists() -> None:
    known: dict[str, set[str]] = {}
    for row, shown_by in ROWS:
        names = re.findall(r"`([^`]+)`", shown_by)
        assert names, row
        for name in names:
            path, _, function = name.partition("::")
            if path not in known:
                tree = ast.parse((TESTS / path).read_text())
                kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
                known[path] = {one.name for one in tree.body if isinstance(one, kinds)}
            assert function in known[path], f"{row}: {name}"
