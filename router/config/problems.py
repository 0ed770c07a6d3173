"""Owns what is said about a setting that is refused. Pure."""

import re
from collections.abc import Sequence

from msgspec import Struct

Path = tuple[str | int, ...]
SECRET_KEYS = frozenset({"secret", "token"})
URL_PASSWORD = re.compile(r"(://[^:@/\s]*:)\S+(?=@)|(password=)[^&\s]+")


class Problem(Struct, frozen=True):
    """One refused setting: where, what stood there, and the sentence on what was expected."""

    path: Path
    sentence: str
    value: object = None
    has_value: bool = True


class ConfigError(Exception):
    """The configuration can not be used; its text has one line for each problem."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def dotted(path: Path) -> str:
    """The path as the file writes it: `tenants.demo.queues.sales.ring_ms`."""
    parts = [str(part) if not isinstance(part, int) else f"[{part}]" for part in path]
    return ".".join(_quoted(part) for part in parts).replace(".[", "[")


def shown(path: Path, value: object) -> str:
    """The value as it may be printed: secrets masked, long ones cut."""
    masked = mask(path, value)
    if isinstance(masked, bool):
        return str(masked).lower()
    text = f'"{masked}"' if isinstance(masked, str) else str(masked)
    text = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return text if len(text) <= 80 else f"{text[:77]}..."


def mask(path: Path, value: object) -> object:
    """The value without what must not be seen: secrets, and passwords in URLs."""
    if path and path[-1] in SECRET_KEYS and value != "":
        return "***"
    if isinstance(value, str):
        return URL_PASSWORD.sub(r"\1\2***", value)
    return value


def _quoted(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+|\[\d+\]", part) else f'"{part}"'
