"""Joining a real journal: the whole gap or a snapshot, and nothing in between."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis

from queues.calls import PutQueue
from router.calls import PutTenant
from router.engine.driver import StoreDriver
from router.engine.engine import Engine
from router.journal.entry import Event, Key, parse_position
from router.journal.fanout import Audience, Subscription
from router.journal.resume import join
from router.journal.tail import Journal, Journals, Observers
from tests.servers import TestServer
from tests.waiting import wait_until

SNAPSHOT = Key(2**40, 0, 0), {"state": "fresh"}


class Seen:
    """What the observers of the tails were told."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.restarts = 0
        self.observers = Observers(
            lambda _tenant, entry: self.entries.append(entry.id), lambda _tenant: self._restart()
        )

    def _restart(self) -> None:
        self.restarts += 1


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
async def journals(engine: Engine, seen: Seen) -> AsyncIterator[Journals]:
    journals = Journals(engine, seen.observers)
    yield journals
    await journals.close()


async def open_journal(journals: Journals, tenant: str) -> Journal:
    journal = await journals.open(tenant)
    assert journal is not None
    return journal


class Reader:
    def __init__(self) -> None:
        self.got: list[Event] = []
        self.losses = 0
        watcher = Audience(is_watcher=True)
        self.subscription = Subscription(watcher, self.got.append, self._lose)

    def _lose(self) -> None:
        self.losses += 1


async def no_snapshot() -> tuple[Key, dict[str, Any]]:
    raise AssertionError("the gap is whole")


async def a_snapshot() -> tuple[Key, dict[str, Any]]:
    return SNAPSHOT


def cut_tail(client: redis.Redis) -> bool:
    """Ends the connections that wait for an entry, and no other; False when none waits."""
    waiting = [one["id"] for one in client.client_list() if one["cmd"] == "xread"]
    for number in waiting:
        client.client_kill_filter(_id=number)
    return bool(waiting)


async def put_queues(engine: Engine, tenant: str, *queues: str) -> list[str]:
    positions = []
    for queue in queues:
        reply = await engine.call(tenant, PutQueue(queue=queue, settings={}))
        assert reply.position is not None
        positions.append(reply.position)
    return positions


async def test_a_tenant_that_does_not_exist_has_no_journal(journals: Journals, tenant: str) -> None:
    assert await journals.open(tenant) is None


async def test_a_gap_in_memory_is_given_whole(
    engine: Engine, journals: Journals, tenant: str, seen: Seen
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    journal = await open_journal(journals, tenant)
    first, *later = await put_queues(engine, tenant, "a", "b", "c")
    await wait_until(lambda: len(seen.entries) == 3)

    reader = Reader()
    joined = await join(journal, reader.subscription, parse_position(first), no_snapshot)

    assert joined.snapshot is None
    assert [event.key.entry for event in joined.gap] == later


async def test_a_gap_from_before_this_router_came_is_read_from_the_store(
    engine: Engine, journals: Journals, tenant: str
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    first, *later = await put_queues(engine, tenant, "a", "b", "c")
    journal = await open_journal(journals, tenant)

    reader = Reader()
    joined = await join(journal, reader.subscription, parse_position(first), no_snapshot)

    assert [event.key.entry for event in joined.gap] == later
    reader.subscription.release(joined.after)
    (more,) = await put_queues(engine, tenant, "d")
    await wait_until(lambda: reader.got)
    assert [event.key.entry for event in reader.got] == [more]


async def test_a_position_within_an_entry_brings_the_rest_of_it(
    engine: Engine, journals: Journals, tenant: str
) -> None:
    reply = await engine.call(tenant, PutTenant(settings={}), echo=True)
    assert len(reply.events) > 1
    journal = await open_journal(journals, tenant)

    wanted = parse_position(f"{reply.position}.0")
    joined = await join(journal, Reader().subscription, wanted, no_snapshot)

    assert [event.key.nth for event in joined.gap] == list(range(1, len(reply.events)))


async def test_a_trimmed_position_gets_a_snapshot(
    engine: Engine, journals: Journals, tenant: str, server: TestServer
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    first, *_ = await put_queues(engine, tenant, "a", "b", "c")
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.xtrim(f"{{{tenant}}}:journal", maxlen=2, approximate=False)
    journal = await open_journal(journals, tenant)

    joined = await join(journal, Reader().subscription, parse_position(first), a_snapshot)

    assert joined.snapshot == {"state": "fresh"}
    assert joined.after == SNAPSHOT[0]


@pytest.mark.parametrize("position", ["5-5", "99999999999999-0"])
async def test_a_position_that_never_was_gets_a_snapshot(
    engine: Engine, journals: Journals, tenant: str, position: str
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    journal = await open_journal(journals, tenant)

    joined = await join(journal, Reader().subscription, parse_position(position), a_snapshot)

    assert joined.snapshot is not None


async def test_a_tail_whose_connection_is_cut_goes_on_where_it_was(
    engine: Engine, journals: Journals, tenant: str, seen: Seen, server: TestServer
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    journal = await open_journal(journals, tenant)
    reader = Reader()
    await join(journal, reader.subscription, None, a_snapshot)
    reader.subscription.release(Key(0, 0, 0))
    positions: list[str] = []
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        for round_number in range(3):
            await wait_until(lambda: cut_tail(client))
            positions += await put_queues(engine, tenant, f"q{round_number}")
            await wait_until(lambda: len(reader.got) > round_number)  # noqa: B023 - awaited here

    assert [event.key.entry for event in reader.got] == positions
    assert reader.losses == 0
    assert seen.restarts >= 3


async def test_a_journal_that_was_trimmed_under_a_cut_tail_is_lost_to_its_readers(
    engine: Engine, journals: Journals, tenant: str, server: TestServer, store: StoreDriver
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    journal = await open_journal(journals, tenant)
    reader = Reader()
    await join(journal, reader.subscription, None, a_snapshot)

    with redis.Redis(unix_socket_path=server.server.socket) as client:
        pipe = client.pipeline(transaction=True)
        key = f"{{{tenant}}}:journal"
        pipe.xadd(key, {"e": b"\x00"})  # nothing that a transition writes
        pipe.xtrim(key, maxlen=1, approximate=False)
        pipe.execute()

    await wait_until(lambda: reader.losses)
    await store.ping()
