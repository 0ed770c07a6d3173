"""A conversation names the one of its contacts that goes on; what else it says is mended."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import pytest
import redis

from queues.calls import Admit, Cancel, PutQueue
from router.calls import PutTenant
from router.doctor.doctor import Doctor, repair
from router.doctor.report import target_of
from router.engine.engine import Engine
from tests.invariants import check
from tests.state import read_state

THREAD = "chat|5|maria|t"


class Tenant(NamedTuple):
    """An open contact of a conversation, a closed one of another, and careless hands."""

    engine: Engine
    client: Any
    name: str

    def key(self, key: str) -> str:
        return f"{{{self.name}}}:{key}"

    async def mended(self) -> list[tuple[str, str]]:
        """What was found and repaired, until nothing is wrong by any check."""
        found: list[tuple[str, str]] = []
        while findings := (await Doctor(self.engine, self.name).report()).findings:
            found += [(finding.kind, finding.subject) for finding in findings]
            assert len(found) < 20, findings
            await repair(self.engine, self.name, [target_of(one.id) for one in findings])
        check(read_state(self.client, self.name))
        return found

    def change(self, contact: str, **fields: object) -> None:
        key = self.key(f"c:{contact}")
        record = msgspec.msgpack.decode(self.client.get(key))
        self.client.set(key, msgspec.msgpack.encode(record | fields), keepttl=True)


@pytest.fixture
async def tenant(engine: Engine, client: "redis.Redis", new_tenant: Callable[[], str]) -> Tenant:
    name = new_tenant()
    await engine.call(name, PutTenant(settings={}))
    await engine.call(name, PutQueue(queue="q", settings={}))
    for contact, conversation in (("c1", "t"), ("c2", "u")):
        asked = Admit(contact=contact, queue="q", channel="chat", fp="f", customer="maria")
        await engine.call(name, msgspec.structs.replace(asked, conversation=conversation))
    await engine.call(name, Cancel(contact="c2"))
    tenant = Tenant(engine, client, name)
    assert await tenant.mended() == []
    return tenant


def named(tenant: Tenant, thread: str = THREAD) -> bytes | None:
    found: bytes | None = tenant.client.get(tenant.key(f"cv:{thread}"))
    return found


async def test_one_that_names_nobody_names_the_contact_again(tenant: Tenant) -> None:
    tenant.client.delete(tenant.key(f"cv:{THREAD}"))

    assert await tenant.mended() == [("contact", "c1")]
    assert named(tenant) == b"c1"


@pytest.mark.parametrize("other", ["nobody", "c2"])
async def test_one_that_names_a_stranger_names_its_own_again(tenant: Tenant, other: str) -> None:
    tenant.client.set(tenant.key(f"cv:{THREAD}"), other)

    assert set(await tenant.mended()) == {("contact", "c1"), ("conversation", THREAD)}
    assert named(tenant) == b"c1"


async def test_one_that_nobody_is_of_goes(tenant: Tenant) -> None:
    tenant.client.set(tenant.key("cv:chat|5|maria|v"), "c2")

    assert await tenant.mended() == [("conversation", "chat|5|maria|v")]
    assert named(tenant, "chat|5|maria|v") is None


async def test_it_is_kept_for_as_long_as_its_contact(tenant: Tenant) -> None:
    closed = "chat|5|maria|u"
    tenant.client.pexpire(tenant.key(f"cv:{THREAD}"), 10**7)
    tenant.client.persist(tenant.key(f"cv:{closed}"))

    assert set(await tenant.mended()) == {("conversation", THREAD), ("conversation", closed)}
    assert tenant.client.pttl(tenant.key(f"cv:{THREAD}")) == -1
    left = [tenant.client.pttl(tenant.key(key)) for key in (f"cv:{closed}", "c:c2")]
    assert 0 < left[0] <= left[1] + 1_000


async def test_two_that_go_on_are_told_and_left_to_people(tenant: Tenant) -> None:
    other = Admit(contact="c3", queue="q", channel="chat", fp="f")
    await tenant.engine.call(tenant.name, other)
    tenant.change("c3", customer="maria", conversation="t")

    for _ in range(2):
        findings = (await Doctor(tenant.engine, tenant.name).report()).findings
        await repair(tenant.engine, tenant.name, [target_of(one.id) for one in findings])
        assert [(one.kind, one.subject) for one in findings] == [("contact", "c3")]
    assert named(tenant) == b"c1"


async def test_a_key_of_another_type_is_put_aside(tenant: Tenant) -> None:
    key = f"cv:{THREAD}"
    tenant.client.delete(tenant.key(key))
    tenant.client.sadd(tenant.key(key), "c1")

    assert set(await tenant.mended()) == {("contact", "c1"), ("key", key)}
    assert named(tenant) == b"c1"
