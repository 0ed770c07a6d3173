"""A store that is a cluster: tenants on many primaries, and calls that follow moving slots."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from redis.crc import key_slot

from router.engine.connect import connect
from router.engine.driver import StoreDown, StoreDriver, StoreError
from router.engine.engine import Engine
from router.engine.library import Library
from router.engine.node import StoreOptions
from tests.engine.test_engine import Greet
from tests.servers import ClusterSet
from tests.waiting import wait_until

OPTIONS = StoreOptions(connect_ms=1_000, reply_ms=2_000)


@asynccontextmanager
async def _started(directory: Path) -> AsyncIterator[ClusterSet]:
    cluster = ClusterSet(directory)
    try:
        await cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ClusterSet]:
    """A cluster for all tests that leave it whole; each has keys of its own."""
    async with _started(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
async def driver(cluster: ClusterSet) -> AsyncIterator[StoreDriver]:
    driver = connect(cluster.url, options=OPTIONS)
    yield driver
    await driver.close()


def _key_on(at: int, name: str) -> str:
    """A key whose slot was given to the primary with that number."""
    first, last = [(0, 5460), (5461, 10922), (10923, 16383)][at]
    keys = (f"{{t-{name}-{n}}}:meta" for n in range(10_000))
    return next(key for key in keys if first <= key_slot(key.encode()) <= last)


async def test_every_tenant_is_served_where_it_lives(
    cluster: ClusterSet, driver: StoreDriver, library: Library
) -> None:
    await driver.load(library.code)
    await driver.ping()
    keys = [_key_on(at, "every") for at in range(3)]

    for _ in range(2):
        calls = [
            driver.fcall(library.function("note"), key, b"%d" % i) for i, key in enumerate(keys)
        ]
        assert await asyncio.gather(*calls) == [b"0", b"1", b"2"]

    for primary, key in zip(cluster.primaries, keys, strict=True):
        assert primary.ask("GET", f"{key}:notes") == "2"
        assert await driver.generation(key) == primary.client.info("replication")["master_replid"]
    position = (await driver.fcall(library.function("write_down"), keys[2] + "j", b"e")).decode()
    assert await driver.tail(keys[2] + "j", "0-0", 100, 10) == [(position, b"e")]
    assert await driver.journal_range(keys[2] + "j", "0-0", "+", 10) == [(position, b"e")]


async def test_a_call_follows_a_slot_that_has_moved(
    cluster: ClusterSet, driver: StoreDriver, library: Library
) -> None:
    await driver.load(library.code)
    key, target = _key_on(0, "moved"), cluster.primaries[1]
    assert await driver.fcall_ro(library.function("echo"), key, b"x") == b"x"

    for node in (target, cluster.primaries[0], cluster.primaries[2]):
        node.ask("CLUSTER", "SETSLOT", key_slot(key.encode()), "NODE", cluster.id_of(target))

    assert await driver.fcall(library.function("note"), key, b"x") == b"x"
    assert target.ask("GET", f"{key}:notes") == "1"


async def test_a_call_is_asked_over_while_its_slot_moves(
    cluster: ClusterSet, driver: StoreDriver, library: Library
) -> None:
    await driver.load(library.code)
    key, source, target = _key_on(0, "asked"), cluster.primaries[0], cluster.primaries[1]
    slot = key_slot(key.encode())
    target.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", cluster.id_of(source))
    source.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", cluster.id_of(target))

    answers = await asyncio.gather(
        *(driver.fcall_ro(library.function("echo"), key, b"%d" % i) for i in range(20))
    )

    assert answers == [b"%d" % i for i in range(20)]


async def test_calls_go_on_after_a_primary_was_killed(tmp_path: Path, library: Library) -> None:
    key, other = _key_on(0, "killed"), _key_on(2, "killed")
    async with _started(tmp_path) as cluster:
        driver = connect(cluster.url, options=OPTIONS)
        await driver.load(library.code)
        assert await driver.fcall(library.function("note"), key, b"x") == b"x"

        cluster.primaries[0].kill()

        async def is_served() -> bool:
            assert await driver.fcall_ro(library.function("echo"), other, b"x") == b"x"
            try:
                return await driver.fcall(library.function("note"), key, b"x") == b"x"
            except StoreError:
                return False

        await wait_until(is_served, 20)
        await driver.close()
        assert int(cluster.replica.ask("GET", f"{key}:notes")) >= 1


async def test_a_cluster_that_is_not_there_is_told() -> None:
    driver = connect("redis+cluster://127.0.0.1:1", options=OPTIONS)

    with pytest.raises(StoreDown, match="no node tells the cluster's map"):
        await driver.ping()
    await driver.close()


async def test_a_dead_shard_takes_neither_the_start_nor_the_calls_of_the_others(
    tmp_path: Path, library: Library
) -> None:
    async with _started(tmp_path / "cluster") as cluster:
        cluster.primaries[1].kill()
        driver = connect(cluster.url, options=OPTIONS)
        engine = Engine(driver, router="r-1", library=library)

        await engine.start()
        await driver.ping()

        tenant = _key_on(0, "beside")[1:].partition("}")[0]
        assert (await engine.call(tenant, Greet())).state == "hello"
        cluster.primaries[0].ask("FUNCTION", "DELETE", library.name)
        assert (await engine.call(tenant, Greet())).state == "hello"
        with pytest.raises(StoreDown):
            await engine.call(_key_on(1, "dead")[1:].partition("}")[0], Greet())
        await engine.close()


async def test_a_library_that_does_not_compile_is_told(driver: StoreDriver) -> None:
    with pytest.raises(StoreError):
        await driver.load("#!lua name=broken\nthis is no lua")
