"""What every driver must do, on a real server."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

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
from tests.conftest import PATIENT
from tests.engine.conftest import Connect
from tests.proxy import proxy_to
from tests.servers import TestServer, loading_server
from tests.waiting import wait_until


@pytest.fixture
def operator(server: TestServer) -> Iterator[redis.Redis]:
    """An independent client on the same server."""
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        yield client


@pytest.fixture
def key(tenant: str) -> str:
    return f"{{{tenant}}}:meta"


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


async def test_many_cancelled_calls_cross_no_reply(
    loaded: StoreDriver, library: Library, key: str
) -> None:
    chance, echo = random.Random(7), library.function("echo")

    async def ask(send: object) -> bool:
        nonce = uuid4().bytes
        fcall = loaded.fcall if send else loaded.fcall_ro
        return await fcall(echo, key, nonce) == nonce

    for _ in range(20):
        calls = [asyncio.create_task(ask(i % 2)) for i in range(300)]
        doomed = set(chance.sample(calls, 100))
        done = 0
        for call in asyncio.as_completed(calls):
            if done % 10 == 0:
                for task in list(doomed)[:20]:
                    task.cancel()
                    doomed.discard(task)
            done += 1
            try:
                assert await call
            except asyncio.CancelledError:
                continue
    assert await ask(send=True)


async def test_a_call_cancelled_before_its_batch_is_not_sent(
    connecting: Connect, library: Library, key: str, server: TestServer, operator: redis.Redis
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url)
        await driver.load(library.code)
        proxy.hold_answers()
        sent = asyncio.create_task(driver.fcall(library.function("note"), key, b"sent"))
        await wait_until(lambda: proxy.held_bytes)
        waiting = asyncio.create_task(driver.fcall(library.function("note"), key, b"waiting"))
        await _one_round()
        waiting.cancel()
        proxy.pass_answers()

        assert await sent == b"sent"
        assert await driver.fcall(library.function("echo"), key, b"next") == b"next"
        assert operator.get(f"{key}:notes") == b"1"


async def test_a_call_cancelled_before_the_connection_is_lost_harms_no_other(
    connecting: Connect, library: Library, key: str, server: TestServer
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url)
        await driver.load(library.code)
        proxy.hold_answers()
        calls = [
            asyncio.create_task(driver.fcall(library.function("echo"), key, b"x")) for _ in range(3)
        ]
        await wait_until(lambda: proxy.held_bytes)
        calls[0].cancel()
        await _one_round()
        proxy.cut()
        proxy.pass_answers()

        for call in calls[1:]:
            with pytest.raises(StoreUnknown):
                await call
        assert await driver.fcall(library.function("echo"), key, b"next") == b"next"


async def _one_round() -> None:
    """Lets what is ready run once."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_soon(done.set)
    await done.wait()


async def test_a_lost_reply_is_unknown_and_the_call_ran_once(
    connecting: Connect, library: Library, key: str, server: TestServer, operator: redis.Redis
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url)
        await driver.load(library.code)
        proxy.hold_answers()
        calls = [
            asyncio.create_task(driver.fcall(library.function("note"), key, b"x")) for _ in range(5)
        ]
        await wait_until(lambda: proxy.held_bytes)
        proxy.cut()
        proxy.pass_answers()

        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(answer) for answer in answers} == {StoreUnknown}
        assert operator.get(f"{key}:notes") == b"5"

        assert await driver.fcall(library.function("echo"), key, b"again") == b"again"
        assert proxy.connections == 2


async def test_a_reply_that_does_not_come_in_time_is_unknown(
    connecting: Connect, library: Library, key: str, server: TestServer
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url, StoreOptions(connect_ms=5_000, reply_ms=100))
        await driver.load(library.code)
        proxy.hold_answers()

        with pytest.raises(StoreUnknown, match="in time"):
            await driver.fcall(library.function("echo"), key, b"x")

        proxy.pass_answers()
        assert await driver.fcall(library.function("echo"), key, b"y") == b"y"


async def test_a_connection_closed_while_idle_is_made_anew_before_sending(
    loaded: StoreDriver, library: Library, key: str, operator: redis.Redis
) -> None:
    assert await loaded.fcall(library.function("echo"), key, b"x") == b"x"
    operator.client_kill_filter(_type="normal", skipme=True)
    await asyncio.get_running_loop().run_in_executor(None, operator.ping)

    assert await loaded.fcall(library.function("echo"), key, b"y") == b"y"


async def test_no_server_means_never_sent(connecting: Connect, key: str) -> None:
    driver = connecting("unix:///nowhere/at/all")

    with pytest.raises(StoreDown, match="/nowhere/at/all"):
        await driver.fcall("f", key, b"x")


async def test_more_calls_than_a_batch_holds_go_in_several(
    connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    driver = connecting(server_url, StoreOptions(batch_max=3, reply_ms=5_000))
    await driver.load(library.code)

    calls = [driver.fcall(library.function("echo"), key, b"%d" % i) for i in range(10)]

    assert await asyncio.gather(*calls) == [b"%d" % i for i in range(10)]


async def test_a_lost_connection_makes_the_others_look_for_the_primary_again(
    connecting: Connect, library: Library, key: str, server: TestServer
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url, StoreOptions(connect_ms=5_000, reply_ms=100))
        await driver.load(library.code)
        echo = library.function("echo")
        assert await driver.fcall_ro(echo, key, b"x") == b"x"
        assert proxy.connections == 2
        proxy.hold_answers()
        with pytest.raises(StoreUnknown):
            await driver.fcall(echo, key, b"x")
        proxy.pass_answers()

        assert await driver.fcall_ro(echo, key, b"y") == b"y"

        assert proxy.connections == 3


async def test_too_many_waiting_calls_are_refused(
    connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    driver = connecting(server_url, StoreOptions(waiting_max=10, reply_ms=5_000))
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
    options = StoreOptions(reply_ms=5_000, durability=Durability(wait_replicas=1, wait_ms=10))
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
    durability = Durability(wait_replicas=1, wait_ms=200)
    options = StoreOptions(connect_ms=5_000, reply_ms=100, durability=durability)

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


async def test_close_lets_what_was_sent_end_and_refuses_the_rest(
    connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    driver = connecting(server_url, PATIENT)
    await driver.load(library.code)
    last = asyncio.create_task(driver.fcall(library.function("echo"), key, b"last"))
    await _one_round()

    await driver.close()

    assert await last == b"last"
    with pytest.raises(StoreDown):
        await driver.fcall(library.function("echo"), key, b"x")
    with pytest.raises(StoreDown):
        await driver.tail(key, "0-0", 0, 10)
