"""Reading a journal through a driver: blocks, ranges, and what does not disturb it."""

import asyncio

import pytest
import redis

from router.engine.driver import StoreDriver, StoreError
from router.engine.library import Library
from router.engine.node import StoreOptions
from tests.engine.conftest import Connect
from tests.servers import TestServer
from tests.waiting import wait_until


@pytest.fixture
def journal(tenant: str) -> str:
    return f"{{{tenant}}}:journal"


async def _write(driver: StoreDriver, library: Library, journal: str, *values: bytes) -> list[str]:
    calls = (driver.fcall(library.function("write_down"), journal, value) for value in values)
    return [position.decode() for position in await asyncio.gather(*calls)]


async def test_a_tail_brings_what_stands_after_the_position(
    loaded: StoreDriver, library: Library, journal: str
) -> None:
    ids = await _write(loaded, library, journal, b"one", b"\x00two", b"three")

    assert await loaded.tail(journal, "0-0", 0, 2) == [(ids[0], b"one"), (ids[1], b"\x00two")]
    assert await loaded.tail(journal, ids[1], 1_000, 100) == [(ids[2], b"three")]
    assert await loaded.tail(journal, ids[2], 0, 100) == []


async def test_a_tail_waits_for_the_next_entry_while_calls_go_on(
    loaded: StoreDriver, library: Library, journal: str, server: TestServer
) -> None:
    waiting = asyncio.create_task(loaded.tail(journal, "0-0", 10_000, 10))
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        await wait_until(lambda: client.info("clients")["blocked_clients"] == 1)

    (position,) = await _write(loaded, library, journal, b"new")

    assert await waiting == [(position, b"new")]


async def test_a_tail_that_waited_in_vain_is_empty(loaded: StoreDriver, journal: str) -> None:
    assert await loaded.tail(journal, "0-0", 20, 10) == []


async def test_a_tail_may_wait_longer_than_a_reply_may(
    connecting: Connect, journal: str, server_url: str
) -> None:
    driver = connecting(server_url, StoreOptions(connect_ms=5_000, reply_ms=500))

    assert await driver.tail(journal, "0-0", 600, 10) == []


async def test_a_journal_that_is_none_is_an_error(loaded: StoreDriver, journal: str) -> None:
    await loaded.set_add(journal, "x")

    with pytest.raises(StoreError, match="WRONGTYPE"):
        await loaded.tail(journal, "0-0", 100, 10)
    with pytest.raises(StoreError, match="WRONGTYPE"):
        await loaded.journal_range(journal, "0-0", "+", 10)


async def test_a_cancelled_tail_leaves_the_driver_sound(
    loaded: StoreDriver, library: Library, journal: str, server: TestServer
) -> None:
    tails = [asyncio.create_task(loaded.tail(journal, "0-0", 60_000, 10)) for _ in range(3)]
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        await wait_until(lambda: client.info("clients")["blocked_clients"] == 3)
        for tail in tails[:2]:
            tail.cancel()
        await wait_until(lambda: client.info("clients")["blocked_clients"] == 1)

    (position,) = await _write(loaded, library, journal, b"new")

    assert await tails[2] == [(position, b"new")]
    assert await loaded.tail(journal, "0-0", 1_000, 10) == [(position, b"new")]


async def test_a_range_is_open_at_its_start_and_closed_at_its_end(
    loaded: StoreDriver, library: Library, journal: str
) -> None:
    ids = await _write(loaded, library, journal, *(b"%d" % i for i in range(5)))

    middle = await loaded.journal_range(journal, ids[0], ids[3], 100)
    rest = await loaded.journal_range(journal, ids[2], "+", 1)

    assert middle == [(ids[1], b"1"), (ids[2], b"2"), (ids[3], b"3")]
    assert rest == [(ids[3], b"3")]
    assert len(await loaded.journal_range(journal, "0-0", "+", 100)) == 5
    assert await loaded.journal_range(journal, ids[4], "+", 100) == []
