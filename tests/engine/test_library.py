"""How the function library is put together, and what the Lua files promise."""

import re
from pathlib import Path

from router.engine.library import (
    FOLDERS,
    Header,
    Library,
    Move,
    assemble,
    header_of,
    lua_files,
)
from tests.engine.conftest import small_library


def _folders(root: Path) -> list[Path]:
    return [root / owner / "lua" for owner in ("presence", "queues", "router")]


def test_the_prelude_comes_first_and_the_registration_last(tmp_path: Path) -> None:
    small_library(tmp_path)
    (tmp_path / "queues/lua/b.lua").write_text("local b")
    (tmp_path / "presence/lua/z.lua").write_text("local z")
    (tmp_path / "router/lua/a.lua").write_text("local a")

    code = assemble(_folders(tmp_path)).code

    names = re.findall(r"^-- (\w+/lua/\w+\.lua)\ndo$", code, re.MULTILINE)
    assert names == [
        "presence/lua/z.lua",
        "queues/lua/b.lua",
        "router/lua/a.lua",
        "router/lua/greeting.lua",
    ]
    assert code.index("local function say") < code.index("-- presence/lua/z.lua")
    assert code.index("-- router/lua/greeting.lua") < code.index("local function register")


def test_each_file_keeps_its_locals_to_itself(tmp_path: Path) -> None:
    small_library(tmp_path)
    (tmp_path / "queues/lua/b.lua").write_text("local b")

    assert "-- queues/lua/b.lua\ndo\nlocal b\nend\n" in assemble(_folders(tmp_path)).code


def test_the_version_tells_the_content(tmp_path: Path) -> None:
    one = small_library(tmp_path / "one", "hello")
    same = small_library(tmp_path / "same", "hello")
    other = small_library(tmp_path / "other", "hi")

    assert one == same
    assert re.fullmatch(r"[0-9a-f]{8}", one.version)
    assert other.version != one.version
    assert one.code.startswith(f"#!lua name=acd_{one.version}\n")
    assert f"'acd_{one.version}_' .. name" in one.code
    assert one.function("admit") == f"acd_{one.version}_admit"


def test_the_real_library_has_every_file() -> None:
    library = assemble()

    assert isinstance(library, Library)
    assert all(f"/lua/{path.name}\ndo\n" in library.code for path in _transition_files())


def _transition_files() -> list[Path]:
    return [path for path in lua_files() if header_of(path)]


def test_a_header_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "accept.lua"
    path.write_text(
        "-- accept: the agent says yes;\n"
        "-- the contact is his.\n"
        "-- args: contact, offer,\n"
        "--   session?\n"
        "-- moves: contact offered>assigned, assigned>assigned · offer pending>accepted\n"
        "-- events:\n"
        "-- outcomes: ok, gone\n"
        "\n"
        "-- not part of it\n"
    )

    assert header_of(path) == Header(
        name="accept",
        what="the agent says yes; the contact is his.",
        args=("contact", "offer", "session"),
        optional_args=("session",),
        moves=(
            Move("contact", "offered", "assigned"),
            Move("contact", "assigned", "assigned"),
            Move("offer", "pending", "accepted"),
        ),
        events=(),
        outcomes=("ok", "gone"),
    )


def test_a_file_without_a_header_has_none(tmp_path: Path) -> None:
    path = tmp_path / "clock.lua"
    path.write_text("-- The tenant's clock: follows the server's.\nlocal x\n")

    assert header_of(path) is None


def test_the_folders_are_those_of_the_owners() -> None:
    assert [folder.parent.name for folder in FOLDERS] == ["presence", "queues", "router"]
