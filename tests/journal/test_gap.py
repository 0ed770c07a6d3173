"""Many readers who come back from far: read once for all, bounded, and whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
import pytest
import redis

from router.calls import PutTenant
from router.engine.engine import Engine
from router.journal.entry import WHOLE, Entry, Event, Key, parse_position
from router.journal.fanout import Audience, Subscription
from router.journal.resume import Joined, join
from router.journal.tail import Journal, Journals, Observers
from router.journal.window import AGENT_GAP_MAX, GAP_MAX
from tests.servers import TestServer
from tests.waiting import wait_until

SNAPSHOT = Key(2**40, 0, 0), {"state": "fresh"}
WATCHER = Audience(is_watcher=True)


@pytest.fixture
def client(server: TestServer) -> Iterator[redis.Redis]:
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        yield client


@pytest.fixture
async def journals(engine: Engine) -> AsyncIterator[Journals]:
    journals = Journals(engine, Observers(lambda _tenant, _entry: None, lambda _tenant: None))
    yield journals
    await journals.close()


async def opened(engine: Engine, journals: Journals, tenant: str) -> Journal:
    await engine.call(tenant, PutTenant(settings={}))
    journal = await journals.open(tenant)
    assert journal is not None
    return journal


def write(client: redis.Redis, tenant: str, count: int) -> list[str]:
    """Entries as a transition writes them, one in a hundred for ann; their positions."""
    pipe = client.pipeline(transaction=False)
    for number in range(count):
        agent = "ann" if number % 100 == 99 else f"g{number % 7}"
        event = {"e": "offer.made", "contact": f"c{number}", "agent": agent}
        blob = msgspec.msgpack.encode({"t": "test", "at": 1, "by": "r-9", "ev": [event]})
        pipe.xadd(f"{{{tenant}}}:journal", {"e": blob})
    return [entry_id.decode() for entry_id in pipe.execute()]


def ranges(client: redis.Redis) -> int:
    """How often the server was asked for a range of a stream."""
    stats: Any = client.info("commandstats")
    calls: int = stats.get("cmdstat_xrange", {"calls": 0})["calls"]
    return calls


async def snapshot() -> tuple[Key, dict[str, Any]]:
    return SNAPSHOT


async def come_back(journal: Journal, audience: Audience, position: str) -> Joined:
    got: list[Event] = []
    subscription = Subscription(audience, got.append, lambda: None)
    return await join(journal, subscription, parse_position(position), snapshot)


async def test_a_journal_that_has_just_begun_is_not_interrupted(
    engine: Engine, journals: Journals, tenant: str
) -> None:
    journal = await opened(engine, journals, tenant)

    assert journal.is_following  # before its task has run at all


async def test_watchers_who_come_back_from_far_share_one_reading(
    engine: Engine, journals: Journals, tenant: str, client: redis.Redis
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    positions = write(client, tenant, 3_000)
    journal = await opened(engine, journals, tenant)
    before = ranges(client)

    joins = [come_back(journal, WATCHER, positions[start]) for start in range(50)]
    joined = await asyncio.gather(*joins)

    for start, one in enumerate(joined):
        assert one.snapshot is None
        given = [event.key.entry for event in one.gap]
        assert given[: 2_999 - start] == positions[start + 1 :]
        assert len(given) == len(set(given))
    assert ranges(client) - before <= 8


async def test_a_gap_as_long_as_may_be_is_answered_from_memory(
    engine: Engine, journals: Journals, tenant: str, client: redis.Redis
) -> None:
    journal = await opened(engine, journals, tenant)
    positions = write(client, tenant, 9_000)
    await wait_until(lambda: journal.window.end.entry == positions[-1])
    before = ranges(client)

    agents = [come_back(journal, Audience(agent="ann"), positions[0]) for _ in range(300)]
    joined = await asyncio.gather(*agents)
    whole = await come_back(journal, WATCHER, positions[0])

    assert [event.key.entry for event in whole.gap] == positions[1:]
    assert all(one.snapshot is None for one in joined)
    assert [event.key.entry for event in joined[7].gap] == positions[99::100]
    assert ranges(client) == before


async def test_an_agent_from_far_gets_a_snapshot_and_nothing_is_read_for_the_next(
    engine: Engine, journals: Journals, tenant: str, client: redis.Redis
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    positions = write(client, tenant, 2_000)
    journal = await opened(engine, journals, tenant)
    before = ranges(client)

    ann = Audience(agent="ann")
    joined = await asyncio.gather(*[come_back(journal, ann, one) for one in positions[:100]])
    near = await come_back(journal, ann, positions[-AGENT_GAP_MAX // 2])

    assert all(one.snapshot == SNAPSHOT[1] for one in joined)
    assert near.snapshot is None
    assert [event.key.entry for event in near.gap] == positions[99::100][-3:]
    assert ranges(client) - before <= 6


async def test_more_than_a_gap_may_have_brings_snapshots_at_once(
    engine: Engine, journals: Journals, tenant: str, client: redis.Redis
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    positions = write(client, tenant, GAP_MAX + 2_000)
    journal = await opened(engine, journals, tenant)

    far = await come_back(journal, WATCHER, positions[0])
    before = ranges(client)
    other = await come_back(journal, WATCHER, positions[1_000])

    assert far.snapshot == other.snapshot == SNAPSHOT[1]
    assert ranges(client) == before
    assert len(journal.window) <= GAP_MAX


async def test_who_has_seen_more_than_the_tail_misses_nothing(
    engine: Engine, journals: Journals, tenant: str, client: redis.Redis
) -> None:
    journal = await opened(engine, journals, tenant)
    await journal.stop()  # a tail that is behind
    position, *_ = write(client, tenant, 3)

    joined = await come_back(journal, WATCHER, position)

    assert joined == Joined(parse_position(position) or SNAPSHOT[0], [], None)


@pytest.mark.parametrize("reader", ["tail", "gap"])
async def test_a_gap_with_an_entry_that_can_not_be_read_is_not_called_whole(
    engine: Engine, journals: Journals, tenant: str, client: redis.Redis, reader: str
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    journal = await opened(engine, journals, tenant) if reader == "tail" else None
    (first,) = write(client, tenant, 1)
    client.xadd(f"{{{tenant}}}:journal", {"e": b"\x00"})
    later = write(client, tenant, 2)
    if journal is None:
        journal = await opened(engine, journals, tenant)
    end = later[-1]
    await wait_until(lambda: journal.window.end >= (parse_position(end) or SNAPSHOT[0]))

    for audience in (WATCHER, Audience(agent="ann")):
        assert (await come_back(journal, audience, first)).snapshot == SNAPSHOT[1]
        assert (await come_back(journal, audience, later[0])).snapshot is None


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Sleepy:
    """Journals with a clock of their own, and what their observer was told."""

    def __init__(self, engine: Engine) -> None:
        self.clock = Clock()
        self.entries: list[str] = []
        observers = Observers(self._on_entry, lambda _tenant: None)
        self.journals = Journals(engine, observers, idle_ms=300_000, clock=self.clock)

    def _on_entry(self, _tenant: str, entry: Entry) -> None:
        self.entries.append(entry.id)

    async def pass_idle(self) -> None:
        self.clock.now += 301
        await self.journals.close_idle()


@pytest.fixture
async def sleepy(engine: Engine) -> AsyncIterator[Sleepy]:
    sleepy = Sleepy(engine)
    yield sleepy
    await sleepy.journals.close()


def readers(client: redis.Redis) -> int:
    return sum(one["cmd"] == "xread" for one in client.client_list())


async def test_a_tail_without_readers_and_entries_sleeps_and_leaves_its_connection(
    engine: Engine, sleepy: Sleepy, tenant: str, client: redis.Redis
) -> None:
    journal = await opened(engine, sleepy.journals, tenant)
    await wait_until(lambda: readers(client) == 1)

    await sleepy.pass_idle()

    await wait_until(lambda: readers(client) == 0)
    assert sleepy.journals.get(tenant) is None
    assert sleepy.journals.all() == [journal]
    assert journal.is_following  # it is not interrupted


async def test_a_tail_with_a_reader_or_that_was_just_asked_for_stays_awake(
    engine: Engine, sleepy: Sleepy, tenant: str
) -> None:
    journal = await opened(engine, sleepy.journals, tenant)
    subscription = Subscription(WATCHER, lambda _event: None, lambda: None)
    journal.fanout.add(subscription)

    await sleepy.pass_idle()
    assert sleepy.journals.get(tenant) is journal

    journal.fanout.remove(subscription)
    await sleepy.journals.close_idle()
    assert sleepy.journals.get(tenant) is journal


async def test_a_tail_that_wakes_counts_every_entry_since_its_sleep_once(
    engine: Engine, sleepy: Sleepy, tenant: str, client: redis.Redis
) -> None:
    journal = await opened(engine, sleepy.journals, tenant)
    read = write(client, tenant, 5)
    await wait_until(lambda: len(sleepy.entries) == 5)
    await sleepy.pass_idle()

    missed = write(client, tenant, 3)
    woken = await sleepy.journals.open(tenant, parse_position(missed[-1]))
    more = write(client, tenant, 2)

    await wait_until(lambda: len(sleepy.entries) >= 10)
    assert woken is journal
    assert sleepy.entries == [*read, *missed, *more]


async def test_a_reader_who_wakes_a_tail_gets_the_gap_and_then_the_flow(
    engine: Engine, sleepy: Sleepy, tenant: str, client: redis.Redis
) -> None:
    await opened(engine, sleepy.journals, tenant)
    first, *missed = write(client, tenant, 4)
    await wait_until(lambda: len(sleepy.entries) == 4)
    await sleepy.pass_idle()

    journal = await sleepy.journals.open(tenant)
    assert journal is not None
    got: list[Event] = []
    subscription = Subscription(WATCHER, got.append, lambda: None)
    joined = await join(journal, subscription, parse_position(first), snapshot)
    subscription.release(joined.after)
    more = write(client, tenant, 2)

    await wait_until(lambda: len(joined.gap) + len(got) >= 5)
    assert [event.key.entry for event in [*joined.gap, *got]] == [*missed, *more]


async def test_the_sweep_runs_by_itself(engine: Engine, tenant: str) -> None:
    observers = Observers(lambda _tenant, _entry: None, lambda _tenant: None)
    journals = Journals(engine, observers, idle_ms=0, sweep_ms=5)
    journal = await opened(engine, journals, tenant)

    await wait_until(lambda: not journal.is_open)

    assert journal.window.end >= Key(0, 0, WHOLE)
    await journals.close()
