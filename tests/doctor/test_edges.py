"""The doctor over HTTP: what is found, what is repaired, and what is told of it."""

from collections.abc import Iterator

import pytest
import redis

from router.api.roles import Role
from tests.clients import Api, Json, stream
from tests.routers import api, http, new_service, service

__all__ = ["api", "http", "new_service", "service"]


@pytest.fixture
def keys(server_url: str, api: Api) -> Iterator["Keys"]:
    with redis.Redis.from_url(server_url) as client:
        yield Keys(client, f"{{{api.tenant}}}:")


class Keys:
    """The tenant's keys, for somebody's careless hands."""

    def __init__(self, client: "redis.Redis", prefix: str) -> None:
        self.client = client
        self.prefix = prefix

    def forget(self, index: str, name: str) -> None:
        assert self.client.zrem(self.prefix + index, name) == 1

    def spoil(self, key: str) -> None:
        self.client.set(self.prefix + key, b"\xc1 not a record")


async def findings(api: Api) -> list[Json]:
    found: list[Json] = (await api.ok("GET", "/v1/doctor"))["findings"]
    return found


async def repair(api: Api, found: list[Json]) -> list[Json]:
    body = {"findings": [finding["id"] for finding in found], "reason": "a test"}
    repairs: list[Json] = (await api.ok("POST", "/v1/doctor/repair", body))["repairs"]
    return repairs


async def test_what_is_found_is_repaired_once_and_told(api: Api, keys: Keys) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    assert await findings(api) == []
    keys.forget("wq:sales", "c-1")

    found = await findings(api)
    async with stream(api, Role.ADMIN) as watcher:
        [done] = await repair(api, found)
        told = (await watcher.event("repair.made"))["event"]
    [again] = await repair(api, found)

    assert [(f["kind"], f["subject"]) for f in found] == [("contact", "c-1")]
    assert "queue_waits of sales" in found[0]["text"]
    assert (done["outcome"], again["outcome"]) == ("ok", "healthy")
    assert (told["kind"], told["id"], told["reason"]) == ("contact", "c-1", "a test")
    assert told["wrong"] == done["wrong"]
    assert await findings(api) == []


async def test_a_record_that_can_not_be_read_is_kept_apart_and_its_contact_told_lost(
    api: Api, keys: Keys
) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    await api.admit("c-2")
    keys.spoil("c:c-1")

    found = await findings(api)
    async with stream(api, Role.GATEWAY) as gateway:
        await repair(api, found)
        await gateway.event("contact.lost", contact="c-1")
    await repair(api, await findings(api))

    assert ("c-1", "is_readable") in {(f["subject"], f["check"]) for f in found}
    assert keys.client.get(keys.prefix + "bad:c:c-1") == b"\xc1 not a record"
    assert await findings(api) == []
    assert (await api.ok("GET", "/v1/contacts/c-2"))["state"] == "queued"
    assert (await api.admit("c-1"))["state"] == "queued"


async def test_a_contact_that_its_agent_does_not_hold_is_his_again(api: Api, keys: Keys) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desktop:
        await desktop.command("set_state", presence="ready")
        await api.admit("c-1")
        offer = (await desktop.event("offer.made"))["event"]
        await desktop.command("accept", contact="c-1", offer=offer["offer"])
        keys.spoil("a:ann")
        while found := await findings(api):
            assert {done["outcome"] for done in await repair(api, found)} <= {"ok", "healthy"}

    contact = await api.ok("GET", "/v1/contacts/c-1")
    assert (contact["state"], contact["owner"]) == ("assigned", "ann")


async def test_an_id_that_is_none_is_refused(api: Api) -> None:
    await api.furnish()

    status, problem = await api.call("POST", "/v1/doctor/repair", {"findings": ["nonsense"]})

    assert (status, problem["errors"][0]["field"]) == (422, "findings[0]")
