"""A real PostgreSQL of the tests' own, and databases on it; skipped where it is not installed."""

import os
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg
import pytest

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
USER = "nobody"
_numbers = count(1)


def initdb() -> Path | None:
    """The program that makes a cluster: Debian's, or the one on PATH."""
    found = shutil.which("initdb")
    return PLACES[-1] if PLACES else Path(found) if found else None


class PostgresServer:
    """One server on a unix socket, as an unprivileged user: it refuses to run as root."""

    def __init__(self) -> None:
        program = initdb()
        if program is None:
            if os.environ.get("CI") == "true":
                pytest.fail("PostgreSQL is not installed (package postgresql)")
            pytest.skip("PostgreSQL is not installed (package postgresql)")
        self._bin = program.parent
        self.directory = Path(tempfile.mkdtemp(prefix="acd-pg-"))
        self.directory.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(self.directory, USER)
        data = str(self.directory / "data")
        self._run("initdb", "-D", data, "-U", "acd", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {self.directory} -c listen_addresses= -c fsync=off -c max_connections=50"
        log = str(self.directory / "log")
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        place = f"host={self.directory} user=acd dbname=postgres"
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return f"postgresql://acd@/{name}?host={self.directory}"

    def stop(self) -> None:
        """Ends it, with its data."""
        self._run("pg_ctl", "-D", str(self.directory / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.directory)

    def _run(self, program: str, *args: str) -> None:
        command = [str(self._bin / program), *args]
        if os.geteuid() == 0:
            drop = ["setpriv", f"--reuid={USER}", "--regid=nogroup", "--clear-groups", "--"]
            command = [*drop, *command]
        subprocess.run(
            command,
            check=True,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )
