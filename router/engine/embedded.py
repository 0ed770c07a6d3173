"""The embedded server: one Valkey (or Redis) child on a data directory, reached by a unix socket.

It listens on no port, keeps an append-only file, ends when its router ends (however that ends), and
serves one router at a time: the directory is locked by the router that started it.
"""

import asyncio
import atexit
import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote

import msgspec

from router.engine.binary import EmbeddedError, find_binary
from router.engine.process import Setting, config_text, end, runs_with, spawn, wait_for

START_PATIENCE_S = 60.0  # a large append-only file takes a while to load
STOP_PATIENCE_S = 10.0
_SOCKET_PATH_MAX = 100  # the kernel's limit is 107 bytes on Linux, 103 on macOS
_REVIVE_POLL_S = 0.02
_QUESTION_S = 1.0
_QUESTION = b"INFO\r\nQUIT\r\n"
_LOG_TAIL_LINES = 5
_SOCKET_DIR_PREFIX = "acd-"


class _Orphan(msgspec.Struct):
    """What the pid file tells of the server that was started last."""

    pid: int
    socket: str


class EmbeddedServer:
    """A running server of our own; made by `start`."""

    def __init__(
        self, program: Path, data_dir: Path, lock: int, settings: Mapping[str, Setting]
    ) -> None:
        self._program = program
        self._settings = settings
        self._data_dir = data_dir
        self._lock = lock
        self._socket_dir = _short_dir()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    @classmethod
    def start(
        cls,
        data_dir: Path,
        *,
        binary: str | None = None,
        settings: Mapping[str, Setting] | None = None,
    ) -> Self:
        """Starts a server and returns when it answers; `settings` go over our own.

        Blocks for some 50 ms, longer with much data. A server that an earlier router left behind
        on this directory is stopped first.
        Raises: EmbeddedError when there is no binary, the directory is in use, or it does not come.
        """
        program = find_binary(binary)
        data_dir = data_dir.absolute()
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _locked(data_dir)
        try:
            _stop_orphan(data_dir)
        except BaseException:
            os.close(lock)
            raise
        server = cls(program, data_dir, lock, settings or {})
        try:
            server._run()
        except BaseException:
            server.stop()
            raise
        return server

    @property
    def socket(self) -> str:
        """The path of its unix socket."""
        return str(self._socket_dir / "s")

    @property
    def url(self) -> str:
        """Where drivers reach it."""
        return f"unix://{quote(self.socket)}"

    @property
    def pid(self) -> int:
        """The process id of the server."""
        if self._process is None:
            raise EmbeddedError("the embedded server is stopped")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """False once it was stopped, or ended by itself."""
        return self._process is not None and self._process.poll() is None

    async def revive(self) -> None:
        """Starts the server again, on the same socket and data, after it ended by itself.

        Raises: EmbeddedError when it was stopped, or does not come; OSError when the system has
        no room for it.
        """
        if self._process is None:
            raise EmbeddedError("the embedded server is stopped")
        process = self._spawn()
        try:
            async with asyncio.timeout(START_PATIENCE_S):
                while process.poll() is None:
                    if await _comes_ready(self.socket, process.pid):
                        return
                    await asyncio.sleep(_REVIVE_POLL_S)
        except TimeoutError:
            raise self._late() from None
        self._check_runs(process)

    def stop(self) -> None:
        """Ends the server, which writes its data to disk first. Doing it twice changes nothing."""
        atexit.unregister(self.stop)
        if self._process:
            process, self._process = self._process, None
            end(process.pid, lambda: process.poll() is None, STOP_PATIENCE_S)
            _pid_file(self._data_dir).unlink(missing_ok=True)
        shutil.rmtree(self._socket_dir, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _run(self) -> None:
        process = self._spawn()

        def has_come_or_ended() -> bool:
            return process.poll() is not None or _is_ready(self.socket, process.pid)

        in_time = wait_for(has_come_or_ended, START_PATIENCE_S)
        self._check_runs(process)
        if not in_time:
            raise self._late()

    def _spawn(self) -> subprocess.Popen[bytes]:
        config = config_text(_settings(self._data_dir, self.socket) | dict(self._settings))
        process = spawn([str(self._program), "-"], config, self._log)
        self._process = process
        orphan = _Orphan(process.pid, self.socket)
        try:
            _pid_file(self._data_dir).write_bytes(msgspec.json.encode(orphan))
        except OSError:
            process.kill()  # nobody would find it again
            process.wait()
            raise
        return process

    def _check_runs(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is not None:
            tail = self._log.read_text("utf-8", "replace").splitlines()[-_LOG_TAIL_LINES:]
            raise EmbeddedError(f"{self._program} ended at once: {' / '.join(tail)}")

    def _late(self) -> EmbeddedError:
        return EmbeddedError(f"{self._program} was not ready after {START_PATIENCE_S:.0f} s")

    @property
    def _log(self) -> Path:
        return self._data_dir / "server.log"


def _settings(data_dir: Path, socket_path: str) -> dict[str, Setting]:
    return {
        "port": "0",
        "unixsocket": socket_path,
        "unixsocketperm": "700",
        "dir": str(data_dir),
        "databases": "1",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "busy-reply-threshold": "200",
        "client-output-buffer-limit": ("normal", "256mb", "64mb", "60"),
        # The title by which a server left behind is known again.
        "proc-title-template": "{title} {unixsocket}",
    }


def _locked(data_dir: Path) -> int:
    """The lock of the directory, held as long as the returned descriptor is open."""
    path = data_dir / "server.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode().strip() or "unknown"
        os.close(lock)
        raise EmbeddedError(f"{data_dir} is in use by the router with pid {holder}") from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, b"%d\n" % os.getpid(), 0)
    return lock


def _pid_file(data_dir: Path) -> Path:
    return data_dir / "server.pid"


def _stop_orphan(data_dir: Path) -> None:
    """Ends the server that the last router left running here; we hold the lock."""
    try:
        orphan = msgspec.json.decode(_pid_file(data_dir).read_bytes(), type=_Orphan)
    except (FileNotFoundError, msgspec.DecodeError):
        return
    if runs_with(orphan.pid, orphan.socket):
        end(orphan.pid, lambda: runs_with(orphan.pid, orphan.socket), STOP_PATIENCE_S)
    left_over = Path(orphan.socket).parent
    if left_over.name.startswith(_SOCKET_DIR_PREFIX):
        shutil.rmtree(left_over, ignore_errors=True)
    _pid_file(data_dir).unlink(missing_ok=True)


def _short_dir() -> Path:
    """A private directory whose path leaves room for a socket's name."""
    for parent in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108
        if parent and len(parent) < _SOCKET_PATH_MAX - 20 and os.access(parent, os.W_OK):
            return Path(tempfile.mkdtemp(prefix=_SOCKET_DIR_PREFIX, dir=parent))
    raise EmbeddedError("there is no directory short enough for a unix socket")


def _is_ready(socket_path: str, pid: int) -> bool:
    """True when the very process we started answers there, with its data loaded."""
    try:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(_QUESTION_S)
            peer.connect(socket_path)
            peer.sendall(_QUESTION)
            info = b"".join(iter(lambda: peer.recv(65536), b""))
    except OSError:
        return False
    return _tells_ready(info, pid)


async def _comes_ready(socket_path: str, pid: int) -> bool:
    """The same for a router that goes on meanwhile."""
    try:
        async with asyncio.timeout(_QUESTION_S):
            reader, writer = await asyncio.open_unix_connection(socket_path)
            try:
                writer.write(_QUESTION)
                info = await reader.read()
            finally:
                writer.close()
    except OSError:  # and the timeout, which is one
        return False
    return _tells_ready(info, pid)


def _tells_ready(info: bytes, pid: int) -> bool:
    lines = info.split(b"\r\n")
    return b"process_id:%d" % pid in lines and b"loading:0" in lines
