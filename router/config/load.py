"""Owns the reading of a configuration: file, then environment, then checks.

Nothing but the named file is read, and nothing is changed.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

import msgspec
from msgspec import Struct

from router.config import model
from router.config.check import problems
from router.config.environment import override
from router.config.lines import key_lines, line_of
from router.config.problems import ConfigError, Path, Problem, dotted, shown
from router.config.rules import broken_rules


class Loaded(Struct, frozen=True):
    """A configuration and where each of its settings comes from."""

    config: model.Config
    path: FilePath
    lines: dict[Path, int]
    variables: dict[Path, str]

    def source(self, path: Path) -> str:
        """`config.toml:12`, the name of an environment variable, or `default`."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.variables:
                return self.variables[path[:end]]
        return f"{self.path.name}:{self.lines[path]}" if path in self.lines else "default"


def load(path: FilePath, env: Mapping[str, str]) -> model.Config:
    """The configuration of the file, with the environment's settings over it.

    Raises: ConfigError, which names every problem.
    """
    return read(path, env).config


def read(path: FilePath, env: Mapping[str, str]) -> Loaded:
    """As `load`, with the source of each setting.

    Raises: ConfigError, which names every problem.
    """
    text, tree = _parse(path)
    lines = key_lines(text)
    variables = override(tree, env)
    found = list(problems(tree, model.Config))
    config = model.Config() if found else msgspec.convert(tree, model.Config)
    found = found or list(broken_rules(config))
    if found:
        raise ConfigError([_line(path, lines, variables, problem) for problem in found])
    return Loaded(_with_places(config, path.parent.absolute()), path, lines, variables)


def _parse(path: FilePath) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: can not be read: {error}"]) from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax(path, text, str(error))]) from None


def _syntax(path: FilePath, text: str, message: str) -> str:
    """The parser's message, with its line where all others have theirs."""
    what, _, place = message.removesuffix(")").rpartition(" (at ")
    found = re.match(r"line (\d+), (column \d+)", place)
    line, column = (found[1], f", {found[2]}") if found else (len(text.splitlines()), "")
    return f"{path}:{line}: is not TOML: {what}{column}"


def _line(
    path: FilePath, lines: dict[Path, int], variables: dict[Path, str], problem: Problem
) -> str:
    place = f"{path}"
    if (variable := _variable(variables, problem.path)) is not None:
        place = variable
    elif (number := line_of(lines, problem.path)) is not None:
        place = f"{path}:{number}"
    name = dotted(problem.path) or "the file"
    value = f" = {shown(problem.path, problem.value)}" if problem.has_value else ""
    return f"{place}: {name}{value}: {problem.sentence}"


def _variable(variables: dict[Path, str], path: Path) -> str | None:
    """The environment variable that set the path, or something in it."""
    for own, variable in variables.items():
        if own == path[: len(own)] or path == own[: len(path)]:
            return variable
    return None


def _with_places(config: model.Config, root: FilePath) -> model.Config:
    """The configuration with the paths in it made absolute: they are relative to the file."""
    keys = {
        name: msgspec.structs.replace(
            key,
            secret_file=_absolute(root, key.secret_file),
            public_key_file=_absolute(root, key.public_key_file),
        )
        for name, key in config.auth.keys.items()
    }
    return msgspec.structs.replace(
        config,
        auth=msgspec.structs.replace(config.auth, keys=keys),
        chat=msgspec.structs.replace(
            config.chat,
            token_file=_absolute(root, config.chat.token_file),
            secret_file=_absolute(root, config.chat.secret_file),
        ),
        store=msgspec.structs.replace(
            config.store,
            data_dir=_absolute(root, config.store.data_dir),
        ),
    )


def _absolute(root: FilePath, path: str) -> str:
    return str(root / FilePath(path).expanduser()) if path else ""
