"""Starting a server process that can not outlive us, and telling whether one still runs."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from router.engine.binary import EmbeddedError

_PR_SET_PDEATHSIG = 1
_POLL_S = 0.005

Setting = str | tuple[str, ...]


def config_text(settings: Mapping[str, Setting]) -> str:
    """The settings as a configuration file; every word is quoted, so a path may hold anything."""
    lines = []
    for name, value in settings.items():
        words = (value,) if isinstance(value, str) else value
        lines.append(" ".join([name, *(_quoted(word) for word in words)]))
    return "\n".join(lines) + "\n"


def spawn(command: list[str], config: str, log: Path) -> subprocess.Popen[bytes]:
    """Starts a server in its own session (Ctrl-C is ours, not its) that ends when we do.

    The kernel ties its end to the thread that started it, hence the main thread. Where the kernel
    has no such tie, an orphan is found by its pid file at the next start.
    Raises: EmbeddedError outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedError("the embedded server is started from the main thread only")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(),  # noqa: PLW1509  runs one system call, takes no lock
        )
    assert process.stdin is not None  # noqa: S101  asked for with PIPE
    try:
        process.stdin.write(config.encode())
        process.stdin.close()
    except BrokenPipeError:
        pass  # it ended at once; the log tells why, and who waits for it to be ready reads that
    return process


def end_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes the server; None where the kernel has no such tie."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        # Our own handler would swallow the kernel's word until the child has become the server.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)  # the parent ended before the tie was made

    return tie


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """True as soon as the condition holds, False when it did not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_POLL_S)
    return True


def runs_with(pid: int, mark: str) -> bool:
    """True when that process is alive and its title shows the mark; a pid alone may be reused."""
    try:
        title = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        ps = ["ps", "-p", str(pid), "-o", "command="]
        title = subprocess.run(ps, capture_output=True, check=False).stdout
    except ProcessLookupError:
        return False
    return mark.encode() in title


def end(pid: int, still_runs: Callable[[], bool], patience_s: float) -> None:
    """Asks a process to end, and after a while makes it."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        if wait_for(lambda: not still_runs(), patience_s):
            return
    raise EmbeddedError(f"process {pid} does not end")


def _quoted(word: str) -> str:
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\x{byte:02x}"
        for byte in word.encode()
    )
    return f'"{escaped}"'
