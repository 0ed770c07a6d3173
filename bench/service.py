"""Starts what the benchmarks measure, each as processes of its own: the router, and the floor."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from router.api.auth import mint
from router.api.roles import Role
from router.engine.process import end, spawn, wait_for

ROOT = Path(__file__).resolve().parent.parent
TENANT = "bench"
SECRET = "a secret of the benchmarks, for this one run"  # noqa: S105  nobody else can connect
TOKEN_S = 3_600
START_S, STOP_S = 60.0, 20.0

CONFIG = """
[http]
port = 0
[metrics]
port = 0
[store]
data_dir = "{data_dir}"
[auth.keys.bench]
secret = "{secret}"
[log]
format = "json"
level = "warning"
[tenants.bench]
default_queue = "q1"
[tenants.bench.queues]
{queues}
[tenants.bench.agents]
{agents}
"""


class Running(msgspec.Struct, frozen=True):
    """A program under measurement: where it listens, and its processes."""

    port: int
    pid: int
    store_pid: int


@contextmanager
def router(agents: int) -> Iterator[Running]:
    """A router with its embedded store, both with default settings, and that many agents."""
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as directory:
        data = Path(directory) / "store"
        config, log = Path(directory) / "config.toml", Path(directory) / "log"
        config.write_text(_config(data, agents))
        command = [sys.executable, "-m", "router", "--config", str(config), "serve"]
        with _started(command, r"Vez listens on http://127\.0\.0\.1:(\d+)", log) as (pid, port):
            yield Running(port, pid, _store_pid(data))


@contextmanager
def floor() -> Iterator[Running]:
    """The floor's program with a store of its own."""
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as directory:
        data, log = Path(directory) / "store", Path(directory) / "log"
        command = [sys.executable, "-c", "from bench.floor import main; main()", str(data)]
        with _started(command, r"floor listens on (\d+)", log) as (pid, port):
            yield Running(port, pid, _store_pid(data))


def token(role: Role, subject: str) -> str:
    """A token of the benchmark's tenant."""
    return mint(SECRET.encode(), tenant=TENANT, subject=subject, role=role, ttl_s=TOKEN_S)


def queue_of(number: int) -> str:
    """One of the five queues."""
    return f"q{number % 5 + 1}"


def agent_of(number: int) -> str:
    """An agent's id."""
    return f"agent-{number}"


def _config(data: Path, agents: int) -> str:
    queues = "\n".join(f"{queue_of(n)} = {{}}" for n in range(5))
    memberships = ", ".join(f"{queue_of(n)} = {{}}" for n in range(5))
    people = "\n".join(
        f"{agent_of(n)} = {{ memberships = {{ {memberships} }}, slots = {{ voice = 1 }}, "
        "capacity = 1 }"
        for n in range(agents)
    )
    return CONFIG.format(data_dir=data, secret=SECRET, queues=queues, agents=people)


@contextmanager
def _started(command: list[str], ready: str, log: Path) -> Iterator[tuple[int, int]]:
    """Yields pid and port of a program that ends with us, however we end."""
    os.environ["PYTHONPATH"] = str(ROOT)
    process = spawn(command, "", log)
    try:
        wait_for(lambda: process.poll() is not None or bool(_found(ready, log)), START_S)
        found = _found(ready, log)
        if not found:
            raise click.ClickException(f"{command} did not start:\n{log.read_text()}")
        yield process.pid, int(found[1])
    finally:
        end(process.pid, lambda: process.poll() is None, STOP_S)


def _found(ready: str, log: Path) -> re.Match[str] | None:
    return re.search(ready, log.read_text())


def _store_pid(data: Path) -> int:
    pid: int = msgspec.json.decode((data / "server.pid").read_bytes())["pid"]
    return pid
