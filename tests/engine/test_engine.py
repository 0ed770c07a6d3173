"""The engine against a real server: calls, replies, repeats, and library versions."""

import asyncio
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
import redis

from router.calls import PutTenant, Tick
from router.engine.connect import connect
from router.engine.driver import StoreDown, StoreDriver, StoreError
from router.engine.engine import Engine, fingerprint
from router.engine.library import Library
from router.engine.reply import Outcome, Reply, ReplyError, decode_map, decode_reply
from tests.conftest import Sim
from tests.engine.conftest import small_library
from tests.servers import TestServer


class Greet(msgspec.Struct):
    transition: ClassVar[str] = "greet"


class Number(msgspec.Struct):
    transition: ClassVar[str] = "number"


class Echo(msgspec.Struct):
    """Answers its own arguments."""

    transition: ClassVar[str] = "echo"
    outcome: str = "ok"
    state: str | None = None
    fields: dict[str, int] | None = None


async def test_a_new_tenant_is_put_and_listed(engine: Engine, tenant: str) -> None:
    reply = await engine.call(tenant, PutTenant(settings={}), actor="tester")

    assert reply.outcome is Outcome.OK
    assert reply.version == 1
    assert tenant in await engine.tenants()


async def test_an_unknown_tenant_is_told_and_not_listed(engine: Engine, tenant: str) -> None:
    reply = await engine.call(tenant, Tick())

    assert reply.outcome is Outcome.NO_TENANT
    assert tenant not in await engine.tenants()


async def test_a_simulated_tenant_lives_at_the_given_instant(sim: Sim) -> None:
    reply = await sim.ok(Tick(), after=250)

    assert reply.now == 1_000_250


async def test_a_real_tenant_takes_no_instant(engine: Engine, tenant: str) -> None:
    await engine.call(tenant, PutTenant(settings={}))

    reply = await engine.call(tenant, Tick(), now=5)

    assert reply.outcome is Outcome.BAD_CLOCK


async def test_the_same_key_answers_the_same_and_another_call_is_refused(
    engine: Engine, tenant: str
) -> None:
    await engine.call(tenant, PutTenant(settings={}))
    put = PutTenant(settings={"grace_ms": 1_000, "max_misses": 3})

    first = await engine.call(tenant, put, key="k-1")
    turned = PutTenant(settings={"max_misses": 3, "grace_ms": 1_000})
    again = await engine.call(tenant, turned, key="k-1")
    other = await engine.call(tenant, PutTenant(settings={}), key="k-1")

    assert not first.repeated
    assert again.repeated
    assert again.version == first.version
    assert other.outcome is Outcome.KEY_REUSED


def test_a_repeat_over_another_session_is_the_same_call() -> None:
    first = fingerprint("accept", {"contact": "c-1", "offer": 2, "session": "s-1"})

    assert fingerprint("accept", {"session": "s-2", "offer": 2, "contact": "c-1"}) == first
    assert fingerprint("accept", {"contact": "c-1", "offer": 2}) == first
    assert fingerprint("accept", {"contact": "c-1", "offer": 3, "session": "s-1"}) != first
    assert fingerprint("decline", {"contact": "c-1", "offer": 2, "session": "s-1"}) != first


async def test_echo_brings_the_events(sim: Sim) -> None:
    reply = await sim.ok(PutTenant(settings={}, simulated=True))

    assert [event["e"] for event in reply.events] == ["config.tenant"]


async def test_arguments_that_are_none_are_left_out(
    loaded: StoreDriver, library: Library, tenant: str
) -> None:
    engine = Engine(loaded, router="r-1", library=library)

    assert await engine.read(tenant, Echo()) == {"outcome": "ok"}
    assert await engine.read(tenant, Echo(state="new")) == {"outcome": "ok", "state": "new"}


async def test_a_dropped_library_is_loaded_again_and_the_call_answered(
    loaded: StoreDriver, library: Library, tenant: str, server: TestServer
) -> None:
    engine = Engine(loaded, router="r-1", library=library)
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.function_delete(library.name)
        client.config_resetstat()

    replies = await asyncio.gather(*(engine.call(tenant, Greet()) for _ in range(50)))

    assert {reply.state for reply in replies} == {"hello"}
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        assert client.info("commandstats")["cmdstat_function|load"]["calls"] == 1


async def test_two_versions_live_side_by_side(
    driver: StoreDriver, tmp_path: Path, tenant: str
) -> None:
    old = Engine(driver, router="old", library=small_library(tmp_path / "old", "hello"))
    new = Engine(driver, router="new", library=small_library(tmp_path / "new", "hi"))
    await old.start()
    await new.start()

    assert (await old.call(tenant, Greet())).state == "hello"
    assert (await new.call(tenant, Greet())).state == "hi"
    assert (await old.call(tenant, Greet())).state == "hello"


async def test_listeners_hear_of_replies_and_of_failures(
    loaded: StoreDriver, library: Library, tenant: str
) -> None:
    heard: list[tuple[str, str, Outcome]] = []
    failed: list[tuple[str, str, type[StoreError]]] = []
    engine = Engine(loaded, router="r-1", library=library)
    engine.reply_listeners.append(lambda t, name, reply, _: heard.append((t, name, reply.outcome)))
    engine.failure_listeners.append(lambda t, name, error, _: failed.append((t, name, type(error))))

    await engine.call(tenant, Greet())
    with pytest.raises(StoreError):
        await engine.call(tenant, Number())

    assert heard == [(tenant, "greet", Outcome.OK)]
    assert failed == [(tenant, "number", StoreError)]


async def test_a_store_that_is_away_is_told_to_the_caller(tenant: str, library: Library) -> None:
    engine = Engine(connect("unix:///nowhere/at/all"), router="r-1", library=library)

    with pytest.raises(StoreDown):
        await engine.call(tenant, Greet())
    await engine.close()


def test_a_reply_has_types() -> None:
    blob = msgspec.msgpack.encode(
        {
            "outcome": "ok",
            "now": 12,
            "offers": [{"n": 2, "agent": "ana", "deadline": 40}],
            "gone": [["ana", "s1", "gone"]],
            "events": [],
        }
    )

    reply = decode_reply(blob)

    assert [offer.n for offer in reply.offers] == [2]
    assert reply.gone == [("ana", "s1", "gone")]
    assert reply.is_ok


@pytest.mark.parametrize(
    "blob", [b"", b"\xc1", msgspec.msgpack.encode({"outcome": "maybe"}), b"\x81\xa1a\xa1\xff"]
)
def test_a_reply_outside_the_contract_is_a_bug(blob: bytes) -> None:
    with pytest.raises(ReplyError):
        decode_reply(blob)


def test_a_query_answer_is_a_map() -> None:
    assert decode_map(msgspec.msgpack.encode({"a": 1})) == {"a": 1}
    with pytest.raises(ReplyError):
        decode_map(b"\xc1")


def test_only_ok_and_pending_are_ok() -> None:
    assert {o for o in Outcome if Reply(outcome=o).is_ok} == {Outcome.OK, Outcome.PENDING}
