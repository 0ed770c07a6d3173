"""Owns the command `acd config`, and what checks a file."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from router.cli import plans
from router.cli.frame import config_option, json_option, path_of, told
from router.config import read
from router.config.problems import Path as KeyPath
from router.config.problems import dotted, mask, shown
from router.config.remarks import remarks


@click.group()
def config() -> None:
    """The configuration."""


@config.command()
@config_option
@json_option
@told
def check(own_path: Path | None, *, is_json: bool) -> None:
    """Checks the file and prints what is in force, with the place each setting comes from.

    Secrets are masked. What the file allows and hardly anybody can mean (a queue that no agent
    serves) is told on stderr. Exit code 2 when the file can not be used.
    """
    from router.keys import verifier  # noqa: PLC0415  --help is quick without it

    loaded = read(path_of(own_path), os.environ)
    if loaded.config.auth.keys:
        verifier(loaded.config)
    for remark in remarks(loaded.config, _now_ms()):
        click.echo(f"remark: {remark}", err=True)
    settings = list(_settings(msgspec.to_builtins(loaded.config)))
    if is_json:
        click.echo(msgspec.json.encode(_tree(settings)).decode())
        return
    width = min(60, max(len(dotted(path)) for path, _ in settings))
    for path, value in settings:
        source = loaded.source(path)
        click.echo(f"{dotted(path):{width}} = {shown(path, value)}  ({source})")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000  # noqa: TID251  a file has no engine to ask


for command in (plans.apply, plans.history, plans.plan, plans.rollback, plans.show):
    config.add_command(command)


def _settings(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every setting with its path; a table is one setting only when it is empty."""
    if isinstance(value, dict) and (value or not path):
        for name, item in value.items():
            yield from _settings(item, (*path, name))
    else:
        yield path, mask(path, list(value) if isinstance(value, tuple) else value)


def _tree(settings: list[tuple[KeyPath, Any]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path, value in settings:
        table = root
        for name in path[:-1]:
            table = table.setdefault(str(name), {})
        table[str(path[-1])] = value
    return root
