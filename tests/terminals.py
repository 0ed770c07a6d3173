"""A terminal of its own for a program: what it writes, keys for it, and how it leaves it."""

import asyncio
import os
import pty
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE_S = 20.0
ENDS_SCREEN = b"\x1b[?1049l"


class Terminal:
    """`acd top` in a terminal of its own; what it has written so far."""

    def __init__(self, fd: int, process: asyncio.subprocess.Process) -> None:
        self.fd = fd
        self.process = process
        self.written = b""
        self.news = asyncio.Event()
        os.set_blocking(fd, False)
        asyncio.get_running_loop().add_reader(fd, self._read)

    def _read(self) -> None:
        try:
            self.written += os.read(self.fd, 65_536)
        except OSError:  # nobody has the other end open
            asyncio.get_running_loop().remove_reader(self.fd)
        self.news.set()

    async def shows(self, text: bytes) -> None:
        """Waits until it has been written since the last time."""
        async with asyncio.timeout(PATIENCE_S):
            while text not in self.written:
                self.news.clear()
                await self.news.wait()
        self.written = self.written.partition(text)[2]

    def press(self, keys: bytes) -> None:
        os.write(self.fd, keys)


@asynccontextmanager
async def terminal(file: Path, url: str) -> AsyncIterator[Terminal]:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, (24, 80))
    before = termios.tcgetattr(theirs)
    command = (sys.executable, "-m", "router", "--config", str(file), "top", "--url", url)
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        process_group=0,
    )
    made = Terminal(ours, process)
    try:
        yield made
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 0
        await made.shows(ENDS_SCREEN)
        assert termios.tcgetattr(theirs) == before
    finally:
        asyncio.get_running_loop().remove_reader(ours)
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(ours)
        os.close(theirs)
