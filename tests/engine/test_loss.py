"""What becomes of calls when callers or connections go away, with every driver."""

import asyncio
import gc
import random
from uuid import uuid4

import pytest
import redis

from router.engine.driver import (
    StoreDown,
    StoreDriver,
    StoreUnknown,
)
from router.engine.library import Library
from router.engine.node import StoreOptions
from tests.conftest import PATIENT
from tests.engine.conftest import Connect
from tests.proxy import proxy_to
from tests.servers import TestServer
from tests.waiting import one_round, wait_until


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


async def test_two_batches_are_in_flight_and_a_call_cancelled_before_its_own_is_not_sent(
    connecting: Connect, library: Library, key: str, server: TestServer, operator: redis.Redis
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url)
        await driver.load(library.code)
        proxy.hold_answers()
        sent = await _send_two(driver, library, key, operator)
        waiting = asyncio.create_task(driver.fcall(library.function("note"), key, b"waiting"))
        await one_round()
        waiting.cancel()
        proxy.pass_answers()

        assert await asyncio.gather(*sent) == [b"0", b"1"]
        assert await driver.fcall(library.function("echo"), key, b"next") == b"next"
        assert operator.get(f"{key}:notes") == b"2"


async def _send_two(
    driver: StoreDriver, library: Library, key: str, operator: redis.Redis
) -> list[asyncio.Task[bytes]]:
    """Two calls in batches of their own, both of which the server has run."""
    calls = []
    for number in range(2):
        call = driver.fcall(library.function("note"), key, b"%d" % number)
        calls.append(asyncio.create_task(call))
        await wait_until(lambda: int(operator.get(f"{key}:notes") or 0) == len(calls))
    return calls


@pytest.mark.parametrize("loss", ["cut", "late"])
async def test_what_is_lost_with_one_batch_is_unknown_in_the_next(
    connecting: Connect,
    library: Library,
    key: str,
    server: TestServer,
    operator: redis.Redis,
    loss: str,
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        reply_ms = 500 if loss == "late" else 10_000
        driver = connecting(proxy.url, StoreOptions(connect_ms=5_000, reply_ms=reply_ms))
        await driver.load(library.code)
        proxy.hold_answers()
        calls = await _send_two(driver, library, key, operator)
        if loss == "cut":
            proxy.cut()
            proxy.pass_answers()

        answers = await asyncio.gather(*calls, return_exceptions=True)
        proxy.pass_answers()

        assert {type(answer) for answer in answers} == {StoreUnknown}
        assert await driver.fcall(library.function("echo"), key, b"next") == b"next"
        assert operator.get(f"{key}:notes") == b"2"
        assert proxy.connections == 2


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
        await one_round()
        proxy.cut()
        proxy.pass_answers()

        for call in calls[1:]:
            with pytest.raises(StoreUnknown):
                await call
        assert await driver.fcall(library.function("echo"), key, b"next") == b"next"


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
        driver = connecting(proxy.url, StoreOptions(connect_ms=5_000, reply_ms=500))
        await driver.load(library.code)
        proxy.hold_answers()

        with pytest.raises(StoreUnknown, match="in time"):
            await driver.fcall(library.function("echo"), key, b"x")

        proxy.pass_answers()
        assert await driver.fcall(library.function("echo"), key, b"y") == b"y"


async def test_nothing_is_left_behind_by_a_lost_reply(
    connecting: Connect, library: Library, key: str, server: TestServer
) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url, StoreOptions(connect_ms=5_000, reply_ms=500))
        await driver.load(library.code)
        proxy.hold_answers()
        calls = (driver.fcall(library.function("echo"), key, b"x") for _ in range(3))

        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(answer) for answer in answers} == {StoreUnknown}
        await driver.close()
        del answers

    gc.collect()
    assert complaints == []


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


async def test_a_lost_connection_makes_the_others_look_for_the_primary_again(
    connecting: Connect, library: Library, key: str, server: TestServer
) -> None:
    async with proxy_to(server.server.socket) as proxy:
        driver = connecting(proxy.url, StoreOptions(connect_ms=5_000, reply_ms=500))
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


async def test_close_lets_what_was_sent_end_and_refuses_the_rest(
    connecting: Connect, library: Library, key: str, server_url: str
) -> None:
    driver = connecting(server_url, PATIENT)
    await driver.load(library.code)
    last = asyncio.create_task(driver.fcall(library.function("echo"), key, b"last"))
    await one_round()

    await driver.close()

    assert await last == b"last"
    with pytest.raises(StoreDown):
        await driver.fcall(library.function("echo"), key, b"x")
    with pytest.raises(StoreDown):
        await driver.tail(key, "0-0", 0, 10)
