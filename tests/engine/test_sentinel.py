"""A store behind Sentinels: found by name, and found again after a failover."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from router.engine.batcher import Durability
from router.engine.connect import connect
from router.engine.driver import StoreDown, StoreDriver, StoreError
from router.engine.library import Library
from router.engine.node import StoreOptions
from router.engine.redis_driver import SentinelDriver
from tests.servers import SentinelSet, free_port
from tests.waiting import wait_until

KEY = "{t-x}:meta"
OPTIONS = StoreOptions(
    connect_ms=1_000, reply_ms=1_000, durability=Durability(wait_replicas=1, wait_ms=1_000)
)


@pytest.fixture
async def sentinels(tmp_path: Path) -> AsyncIterator[SentinelSet]:
    sentinels = SentinelSet(tmp_path)
    try:
        await sentinels.start()
        yield sentinels
    finally:
        sentinels.stop()


@pytest.fixture
async def driver(sentinels: SentinelSet) -> AsyncIterator[StoreDriver]:
    driver = connect(sentinels.url, options=OPTIONS)
    yield driver
    await driver.close()


async def _note(driver: StoreDriver, library: Library) -> bool:
    try:
        return await driver.fcall(library.function("note"), KEY, b"x") == b"x"
    except StoreError:
        return False


async def test_a_write_is_on_the_replica_when_it_is_answered(
    sentinels: SentinelSet, driver: StoreDriver, library: Library
) -> None:
    await driver.load(library.code)

    assert await driver.fcall(library.function("note"), KEY, b"x") == b"x"

    assert sentinels.replica.ask("GET", f"{KEY}:notes") == "1"


async def test_calls_go_on_after_the_primary_was_killed(
    sentinels: SentinelSet, driver: StoreDriver, library: Library
) -> None:
    await driver.load(library.code)
    assert await _note(driver, library)
    before = await driver.generation()
    relaxed = connect(sentinels.url, options=StoreOptions(connect_ms=1_000, reply_ms=1_000))

    sentinels.primary.kill()

    # With one server left there is no replica, so only a driver that asks for none goes on.
    await wait_until(lambda: _note(relaxed, library), 25)
    await relaxed.close()
    assert await driver.generation() != before
    assert int(sentinels.replica.ask("GET", f"{KEY}:notes")) >= 2


async def test_calls_follow_a_primary_that_was_demoted(
    sentinels: SentinelSet, driver: StoreDriver, library: Library
) -> None:
    await driver.load(library.code)
    assert await _note(driver, library)

    await wait_until(sentinels.has_failed_over, 25)

    # Sentinel does the same, some time later.
    sentinels.primary.ask("REPLICAOF", "127.0.0.1", sentinels.replica.port)
    await wait_until(lambda: _note(driver, library), 25)
    assert int(sentinels.replica.ask("GET", f"{KEY}:notes")) >= 2


async def test_a_named_server_that_is_no_primary_is_not_used(sentinels: SentinelSet) -> None:
    of_replica = ("127.0.0.1", sentinels.replica.port)
    for sentinel in sentinels.sentinels:
        sentinel.ask("SENTINEL", "MONITOR", "wrong", *of_replica, 3)
    driver = connect(sentinels.url.replace("/main", "/wrong"), options=OPTIONS)

    with pytest.raises(StoreDown, match="is no primary"):
        await driver.ping()
    await driver.close()


async def test_a_sentinel_that_answered_is_asked_first(sentinels: SentinelSet) -> None:
    url = sentinels.url.replace("sentinel://", f"sentinel://127.0.0.1:{free_port()},")
    driver = connect(url, options=StoreOptions(connect_ms=1_000, reply_ms=1_000))
    assert isinstance(driver, SentinelDriver)

    await driver.ping()

    assert driver._sentinels[0] == ("127.0.0.1", sentinels.sentinels[0].port)
    await driver.close()


async def test_an_unknown_service_and_no_sentinel_at_all_are_told(sentinels: SentinelSet) -> None:
    for url in (sentinels.url.replace("/main", "/other"), "redis+sentinel://127.0.0.1:1/main"):
        driver = connect(url, options=OPTIONS)
        with pytest.raises(StoreDown, match="no primary of"):
            await driver.ping()
        await driver.close()
