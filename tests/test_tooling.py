"""The gates themselves: imports, sizes, the scripts, and the locks."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from router.engine.library import assemble

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file())


def run(*command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs a program with this interpreter's folder first on PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_one_way_and_the_lower_packages_are_pure() -> None:
    ended = run("lint-imports", "--no-cache")

    assert ended.returncode == 0, ended.stdout
    assert "Contracts: 5 kept, 0 broken." in ended.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("queues", "import presence.settings", "router imports queues and presence"),
        ("presence", "import router.calls", "router imports queues and presence"),
        ("router/gateways/chat", "import router.api.codes", "gateways speak to a router"),
        ("queues", "import time", "queues and presence are pure"),
        ("presence", "import asyncio", "queues and presence are pure"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    for name in ("presence", "queues", "router"):
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / module / "planted.py").write_text(f"{line}\n")

    ended = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    broken = re.findall(r"^(.+) BROKEN$", ended.stdout, re.MULTILINE)
    assert len(broken) == 1
    assert broken[0].startswith(contract)


def test_no_file_and_no_function_is_too_long() -> None:
    ended = run(sys.executable, "scripts/sizes")

    assert ended.returncode == 0, ended.stdout


def test_the_size_gate_finds_what_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "long.lua").write_text("-- x\n" * 401)
    (tmp_path / "fine.lua").write_text("-- x\n" * 400)
    (tmp_path / "f.py").write_text("def f():\n" + "    x = 1\n" * 60)
    (tmp_path / "g.py").write_text("def g():\n" + "    x = 1\n" * 59)

    ended = run(sys.executable, "scripts/sizes", tmp_path)

    assert ended.returncode == 1
    assert ended.stdout.splitlines() == [
        f"{tmp_path}/f.py:1: f has 61 lines, at most 60",
        f"{tmp_path}/long.lua: 401 lines, at most 400",
    ]


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci/run"], ids=lambda path: path.name)
def test_every_script_can_be_run_and_says_what_it_does(script: Path) -> None:
    assert os.access(script, os.X_OK)
    if not (ROOT / ".venv").exists():
        pytest.skip("some would make the environment first")

    ended = run(script, "--help")

    assert ended.returncode == 0, ended.stderr
    assert "usage: " in ended.stdout.lower()


def test_bench_names_its_benchmarks_for_a_name_that_is_none() -> None:
    ended = run("scripts/bench", "unheard")

    assert ended.returncode == 2
    assert "there is no benchmark unheard" in ended.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_has_hashes_for_all_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()

    entries = re.split(r"\n(?=\S)", text.strip())[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[\w.]+ \\\n", entry)
        assert "--hash=sha256:" in entry
    assert "://" not in text


def test_the_locks_have_every_package_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]

    def names(wanted: list[str]) -> set[str]:
        return {re.split(r"[^\w-]", one)[0].lower() for one in wanted}

    def pins(name: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE))

    runtime, test = pins("requirements.lock"), pins("requirements-test.lock")
    wanted = names(project["dependencies"] + extras["embedded"] + extras["plot"])
    assert wanted <= {pin.partition("==")[0] for pin in runtime}
    assert names(extras["test"] + extras["dev"]) <= {pin.partition("==")[0] for pin in test}
    assert runtime <= test


def test_luacheck_is_content_with_the_library() -> None:
    if shutil.which("luacheck") is None:
        pytest.skip("luacheck is not installed")

    ended = run(sys.executable, "scripts/luacheck")

    assert ended.returncode == 0, ended.stdout
    assert assemble().code.startswith("#!lua name=")
