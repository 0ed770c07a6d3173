"""Owns the keyboard of a terminal: keys one by one while it lasts, all as before after it."""

import asyncio
import os
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from router.cli.live.sight import AGENT_SORTS, QUEUE_SORTS, Wish

NAMES: Final = {
    b"\x1b[A": "up",
    b"\x1b[B": "down",
    b"\x1bOA": "up",
    b"\x1bOB": "down",
    b"\x1b[5~": "page-up",
    b"\x1b[6~": "page-down",
    b"\x1b": "escape",
    b"\r": "enter",
    b"\n": "enter",
    b"\x7f": "erase",
    b"\x08": "erase",
    b"\x04": "q",
    b"": "q",  # the terminal is gone
}
STEPS: Final = {"up": -1, "down": 1, "page-up": -10, "page-down": 10}
TEXT_MAX: Final = 64


@contextmanager
def keys(fd: int, on_key: Callable[[str], None]) -> Iterator[None]:
    """Tells each key by its name or its letter; nothing is echoed, nor is the program stopped."""
    before = termios.tcgetattr(fd)
    tty.setcbreak(fd)
    now = termios.tcgetattr(fd)
    now[6][termios.VSUSP] = b"\x00"
    termios.tcsetattr(fd, termios.TCSANOW, now)
    loop = asyncio.get_running_loop()

    def read() -> None:
        for key in split(os.read(fd, 256)):
            on_key(key)

    loop.add_reader(fd, read)
    try:
        yield
    finally:
        loop.remove_reader(fd)
        termios.tcsetattr(fd, termios.TCSAFLUSH, before)


def split(data: bytes) -> list[str]:
    """The keys that these bytes are: what is typed fast comes together."""
    if data in NAMES:
        return [NAMES[data]]
    if data.startswith(b"\x1b"):
        return []
    letters = (letter.encode() for letter in data.decode(errors="ignore"))
    return [NAMES.get(letter, letter.decode()) for letter in letters]


def obey(wish: Wish, key: str) -> bool:
    """What the key changes of what is shown; False when it ends the program."""
    if wish.is_typing:
        _type(wish, key)
        return True
    match key:
        case "q" | "Q":
            return False
        case "s":
            wish.queue_sort = (wish.queue_sort + 1) % len(QUEUE_SORTS)
        case "a":
            wish.agent_sort = (wish.agent_sort + 1) % len(AGENT_SORTS)
        case "/":
            wish.is_typing = True
        case "escape":
            wish.text = ""
        case _:
            wish.skip = max(0, wish.skip + STEPS.get(key, 0))
    return True


def _type(wish: Wish, key: str) -> None:
    if key in ("enter", "escape"):
        wish.is_typing = False
    if key == "escape":
        wish.text = ""
    elif key == "erase":
        wish.text = wish.text[:-1]
    elif len(key) == 1 and key.isprintable() and len(wish.text) < TEXT_MAX:
        wish.text += key
    wish.skip = 0
