"""The embedded server that ends under its router: started again, while the router goes on."""

import os
import shutil
import signal
from pathlib import Path

import msgspec
import pytest

from router.engine.binary import find_binary
from router.engine.connect import EMBEDDED, open_store
from router.engine.driver import StoreDown, StoreDriver, StoreError
from tests.conftest import PATIENT
from tests.servers import binary_under_test
from tests.waiting import wait_until

BINARY = binary_under_test()


async def test_a_server_that_is_killed_under_its_router_comes_back_with_its_data(
    tmp_path: Path,
) -> None:
    async with open_store(EMBEDDED, data_dir=tmp_path, binary=BINARY, options=PATIENT) as store:
        await store.set_add("acd:tenants", "t-1")
        first = server_pid(tmp_path)

        os.kill(first, signal.SIGKILL)
        await wait_until(lambda: server_pid(tmp_path) != first)
        await wait_until(lambda: _answers(store))

        assert await store.set_members("acd:tenants") == frozenset({"t-1"})


async def test_the_router_goes_on_while_its_server_comes_back(tmp_path: Path) -> None:
    program, hold = _program(tmp_path)
    data_dir = tmp_path / "data"
    async with open_store(EMBEDDED, data_dir=data_dir, binary=program, options=PATIENT) as store:
        await store.set_add("acd:tenants", "t-1")
        first = server_pid(data_dir)
        hold.touch()

        os.kill(first, signal.SIGKILL)
        await wait_until(lambda: server_pid(data_dir) != first)
        with pytest.raises(StoreDown):
            await store.ping()

        hold.unlink()
        await wait_until(lambda: _answers(store))
        assert await store.set_members("acd:tenants") == frozenset({"t-1"})


async def test_a_start_that_the_system_refuses_is_tried_again(tmp_path: Path) -> None:
    program, _ = _program(tmp_path)
    data_dir, away = tmp_path / "data", tmp_path / "away"
    async with open_store(EMBEDDED, data_dir=data_dir, binary=program, options=PATIENT) as store:
        shutil.move(program, away)
        os.kill(server_pid(data_dir), signal.SIGKILL)
        await wait_until(lambda: (data_dir / "server.log").stat().st_size == 0)

        shutil.move(away, program)

        await wait_until(lambda: _answers(store))


async def test_a_store_is_closed_while_its_server_comes_back(tmp_path: Path) -> None:
    program, hold = _program(tmp_path)
    data_dir = tmp_path / "data"
    async with open_store(EMBEDDED, data_dir=data_dir, binary=program, options=PATIENT):
        first = server_pid(data_dir)
        hold.touch()
        os.kill(first, signal.SIGKILL)
        await wait_until(lambda: server_pid(data_dir) != first)
        second = server_pid(data_dir)

    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def _program(directory: Path) -> tuple[str, Path]:
    """A server program that waits, before it starts, until a file is gone; and that file."""
    program, hold = directory / "program", directory / "hold"
    waiting = f'while [ -e "{hold}" ]; do sleep 0.02; done'
    program.write_text(f'#!/bin/sh\n{waiting}\nexec "{find_binary(BINARY)}" "$@"\n')
    program.chmod(0o755)
    return str(program), hold


async def _answers(store: StoreDriver) -> bool:
    try:
        await store.ping()
    except StoreError:
        return False
    return True


def server_pid(data_dir: Path) -> int:
    return int(msgspec.json.decode((data_dir / "server.pid").read_bytes())["pid"])
