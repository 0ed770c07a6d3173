"""The function library: one text out of the Lua files of all owners, named after its content.

Order: the prelude, the owners' files and the router's own (each in a `do` block, so that locals
stay theirs), the registration last. The first eight hex digits of the text's hash are its version,
which every function name carries: versions live side by side, and a router calls its own only.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = (ROOT / "presence/lua", ROOT / "queues/lua", ROOT / "router/lua")
VERSION_TOKEN = "@VERSION@"  # noqa: S105  it stands in the Lua text, for the version


class Library(msgspec.Struct, frozen=True):
    """An assembled library, ready to load."""

    version: str
    code: str

    @property
    def name(self) -> str:
        """The library's name in the store."""
        return f"acd_{self.version}"

    def function(self, transition: str) -> str:
        """The function's name in the store."""
        return f"acd_{self.version}_{transition}"


class Move(msgspec.Struct, frozen=True):
    """A change of state that a transition may make to a contact, an offer or a presence."""

    subject: str
    before: str
    after: str


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What the opening comment of a Lua file promises; a test holds the code to it."""

    name: str
    what: str
    args: tuple[str, ...]
    optional_args: tuple[str, ...]
    moves: tuple[Move, ...]
    events: tuple[str, ...]
    outcomes: tuple[str, ...]


@cache
def own_library() -> Library:
    """The library of this release, assembled once for all engines of a process."""
    return assemble()


def assemble(roots: Sequence[Path] = FOLDERS) -> Library:
    """Joins the Lua files; the last folder holds `prelude.lua` and `register.lua`."""
    last = roots[-1]
    prelude, register = last / "prelude.lua", last / "register.lua"
    files = lua_files(roots)
    body = [_in_block(path) for path in files if path not in (prelude, register)]
    text = "\n".join([prelude.read_text("utf-8"), *body, register.read_text("utf-8")])
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Library(version, f"#!lua name=acd_{version}\n{text.replace(VERSION_TOKEN, version)}")


def lua_files(roots: Iterable[Path] = FOLDERS) -> list[Path]:
    """Every Lua file of the library."""
    return [path for folder in roots for path in sorted(folder.glob("*.lua"))]


_FIRST = re.compile(r"-- (?P<name>[a-z_]+): (?P<what>.+)")
_FIELD = re.compile(r"-- (?P<field>args|moves|events|outcomes):\s*(?P<text>.*)")


def header_of(path: Path) -> Header | None:
    """The header of a transition's file; None for a file that holds none."""
    lines = _opening(path.read_text("utf-8"))
    first = _FIRST.fullmatch(lines[0]) if lines else None
    if first is None:
        return None
    fields = _fields(first["what"], lines[1:])
    if "outcomes" not in fields:
        return None
    args = _list(fields.get("args", ""))
    return Header(
        name=first["name"],
        what=fields["what"],
        args=tuple(arg.removesuffix("?") for arg in args),
        optional_args=tuple(arg.removesuffix("?") for arg in args if arg.endswith("?")),
        moves=_moves(fields.get("moves", "")),
        events=_list(fields.get("events", "")),
        outcomes=_list(fields["outcomes"]),
    )


def _in_block(path: Path) -> str:
    owner = path.parent.parent.name
    return f"-- {owner}/lua/{path.name}\ndo\n{path.read_text('utf-8')}\nend"


def _opening(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines


def _fields(what: str, lines: list[str]) -> dict[str, str]:
    """The header's fields; a line that names none goes on with the one before."""
    fields, name = {"what": what}, "what"
    for line in lines:
        match = _FIELD.fullmatch(line)
        if match:
            name = match["field"]
            fields[name] = match["text"]
        else:
            fields[name] += " " + line.removeprefix("--").strip()
    return fields


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _moves(text: str) -> tuple[Move, ...]:
    """Reads `contact a>b, b>c · offer x>y`."""
    moves = []
    for group in text.split("·"):
        subject, _, pairs = group.strip().partition(" ")
        for pair in _list(pairs):
            before, _, after = pair.partition(">")
            moves.append(Move(subject, before, after))
    return tuple(moves)
