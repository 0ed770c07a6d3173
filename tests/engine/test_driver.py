"""What every driver must do, on a real server."""

import asyncio
import random
from pathlib import Path

import pytest
import redis

from router.engine.batcher import Durability
from router.engine.driver import (
    FunctionMissing,
    StoreBusy,
    StoreDown,
    StoreDriver,
    StoreError,
    StoreUnknown,
)
from router.engine.library import Library
from router.engine.node import StoreOptions
from tests.engine.conftest import Connect
from tests.servers import loading_server
from tests.waiting import wait_until


@pytest.mark.parametrize("size", [0, 1, 256, 100_000, 2_000_000])
async def test_a_call_carries_any_bytes_there_and_back(
    loaded: StoreDriver, library: Library, key: str, size: int
) -> None:
    blob = random.Random(size).randbytes(size)

    assert await loaded.fcall(library.function("echo"), key, blob) == blob
    assert await loaded.fcall_ro(library.function("echo"), key, blob) == blob


async def test_an_error_answer_is_raised_to_its_caller_alone(
    loaded: StoreDriver, library: Library, key: str
) -> None:
    broken = library.function("break_down")
    calls = [
        loaded.fcall(broken if i % 2 else library.function("echo"), key, b"%d" % i)
        for i in range(10)
    ]

    answers = await asyncio.gather(*calls, return_exceptions=True)

    assert answers[::2] == [b"%d" % i for i in range(0, 10, 2)]
    assert {type(a) for a in answers[1::2]} == {StoreError}


async def test_an_answer_that_is_no_blob_is_an_error(
    loaded: StoreDriver, library: Library, key: str
) -> None:
    with pytest.raises(StoreError, match="instead of a blob"):
        await loaded.fcall(library.function("number"), key, b"")


async def test_calls_of_one_tick_travel_together(
    store: StoreDriver, library: Library, key: str, operator: redis.Redis
) -> None:
    await store.load(library.code)
    before = operator.info("stats")["total_reads_processed"]

    await asyncio.gather(*(store.fcall(library.function("echo"), key, b"x") for _ in range(200)))

    # Some packets, and the operator's own question.
    assert operator.info("stats")["total_reads_processed"] - before < 20


async def test_more_calls_than_a_batch_holds_go_in_several(
    connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    driver = connecting(server_url, StoreOptions(batch_max=3, connect_ms=5_000, reply_ms=5_000))
    await driver.load(library.code)

    calls = [driver.fcall(library.function("echo"), key, b"%d" % i) for i in range(10)]

    assert await asyncio.gather(*calls) == [b"%d" % i for i in range(10)]


async def test_too_many_waiting_calls_are_refused(
    connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    driver = connecting(server_url, StoreOptions(waiting_max=10, connect_ms=5_000, reply_ms=5_000))
    await driver.load(library.code)

    calls = [driver.fcall(library.function("echo"), key, b"x") for _ in range(15)]
    answers = await asyncio.gather(*calls, return_exceptions=True)

    assert answers[:10] == [b"x"] * 10
    assert {type(answer) for answer in answers[10:]} == {StoreDown}


async def test_without_enough_replicas_a_write_is_unknown(
    loaded: StoreDriver,
    connecting: Connect,
    library: Library,
    key: str,
    server_url: str,
    operator: redis.Redis,
) -> None:
    await loaded.ping()
    options = StoreOptions(
        connect_ms=5_000, reply_ms=5_000, durability=Durability(wait_replicas=1, wait_ms=10)
    )
    driver = connecting(server_url, options)

    calls = [driver.fcall(library.function("note"), key, b"x") for _ in range(3)]
    broken = driver.fcall(library.function("break_down"), key, b"x")
    answers = await asyncio.gather(*calls, broken, return_exceptions=True)

    assert [type(answer) for answer in answers] == [StoreUnknown] * 3 + [StoreError]
    assert operator.get(f"{key}:notes") == b"3"
    assert await driver.fcall_ro(library.function("echo"), key, b"read") == b"read"


async def test_the_wait_for_replicas_may_take_longer_than_a_reply(
    loaded: StoreDriver, connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    await loaded.ping()
    durability = Durability(wait_replicas=1, wait_ms=600)
    options = StoreOptions(connect_ms=5_000, reply_ms=500, durability=durability)

    with pytest.raises(StoreUnknown, match="0 of 1 replicas"):
        await connecting(server_url, options).fcall(library.function("note"), key, b"x")


async def test_a_store_that_loads_its_data_is_busy(
    connecting: Connect, key: str, tmp_path: Path
) -> None:
    with loading_server(tmp_path) as url:
        driver = connecting(url)

        calls = [driver.fcall("f", key, b"x") for _ in range(3)]
        answers = await asyncio.gather(*calls, return_exceptions=True)

        assert [getattr(answer, "code", answer) for answer in answers] == ["LOADING"] * 3


async def test_a_missing_function_is_told_apart(driver: StoreDriver, key: str) -> None:
    with pytest.raises(FunctionMissing):
        await driver.fcall("acd_00000000_admit", key, b"x")
    with pytest.raises(FunctionMissing):
        await driver.fcall_ro("acd_00000000_view", key, b"x")


async def test_a_full_store_is_busy(
    loaded: StoreDriver, library: Library, key: str, operator: redis.Redis
) -> None:
    operator.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreBusy) as refused:
            await loaded.fcall(library.function("note"), key, b"x")
    finally:
        operator.config_set("maxmemory", 0)

    assert refused.value.code == "OOM"
    assert await loaded.fcall(library.function("note"), key, b"x") == b"x"


async def test_a_store_that_runs_a_long_script_is_busy(
    loaded: StoreDriver, connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    other = connecting(server_url)
    await other.ping()
    hanging = asyncio.create_task(loaded.fcall(library.function("hang"), key, b""))

    async def is_busy() -> bool:
        try:
            await other.fcall_ro(library.function("echo"), key, b"")
        except StoreBusy as refused:
            return refused.code == "BUSY"
        return False

    await wait_until(is_busy)
    with redis.Redis(unix_socket_path=server_url.removeprefix("unix://")) as client:
        client.function_kill()

    with pytest.raises(StoreError):
        await hanging
    assert await loaded.fcall(library.function("echo"), key, b"x") == b"x"


async def test_loading_twice_changes_nothing(loaded: StoreDriver, library: Library) -> None:
    await loaded.load(library.code)


async def test_a_library_that_is_no_lua_is_refused(driver: StoreDriver) -> None:
    with pytest.raises(StoreError):
        await driver.load("#!lua name=acd_bad\nthis is no lua")


async def test_a_plain_set_is_added_to_and_read(driver: StoreDriver, key: str) -> None:
    await driver.set_add(key, "á")
    await driver.set_add(key, "b")

    assert await driver.set_members(key) == {"á", "b"}


async def test_the_generation_is_the_replication_id(
    driver: StoreDriver, operator: redis.Redis
) -> None:
    assert await driver.generation() == operator.info("replication")["master_replid"]
