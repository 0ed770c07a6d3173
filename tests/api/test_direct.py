"""Agents who are meant, through the public interface: named ones, the last one; a place kept."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream


async def ready(desk: Stream) -> Stream:
    await desk.command("set_state", presence="ready")
    return desk


async def view(api: Api, contact: str) -> Json:
    return await api.ok("GET", f"/v1/contacts/{contact}")


async def served(api: Api, desk: Stream, contact: str, **more: Any) -> None:
    """A contact of the customer, from its arrival to its end."""
    await api.admit(contact, **more)
    offer = await desk.event("offer.made", contact=contact)
    await desk.command("accept", contact=contact, offer=offer["event"]["offer"])
    await desk.command("close", contact=contact, wrap_up=False)


async def test_the_preferred_agent_is_asked_first_and_then_the_others(api: Api) -> None:
    await api.furnish("ann", "bob", "cai")
    async with (
        stream(api, Role.AGENT, "ann") as ann,
        stream(api, Role.AGENT, "bob") as bob,
        stream(api, Role.AGENT, "cai") as cai,
    ):
        await ready(cai)
        await ready(ann)
        await ready(bob)
        await api.admit("c-1", agents=["bob", "ann"], agent_wait_ms=60_000)
        first = await bob.event("offer.made")
        await bob.command("decline", contact="c-1", offer=1)
        second = await ann.event("offer.made")
        left = (await view(api, "c-1"))["direct"]
        await ann.command("decline", contact="c-1", offer=2)
        third = await cai.event("offer.made")

    assert [first["event"]["kind"], second["event"]["kind"]] == ["direct", "direct"]
    assert left == ["ann"]
    assert third["event"]["kind"] == "queue"


async def test_after_the_limit_it_waits_in_the_backup_queue_at_its_place(api: Api) -> None:
    await api.furnish("ann")
    await api.ok("PUT", "/v1/queues/rest", {"target_ms": 1_000})
    async with stream(api, Role.GATEWAY) as gateway:
        named = {"agents": ["ann"], "agent_wait_ms": 0, "backup_queue": "rest"}
        await api.admit("c-1", **named)
        moved = (await gateway.event("contact.queued"))["event"]

    assert moved["reason"] == "direct_over"
    assert (moved["from"], moved["queue"], moved["line"]) == ("sales", "rest", "rest|voice|")
    assert moved["due"] == moved["entered"] + 1_000


async def test_who_leaves_the_queue_is_not_waited_for(api: Api) -> None:
    await api.furnish("ann", "bob")
    await api.admit("both", agents=["ann", "bob"], agent_wait_ms=60_000)
    await api.admit("one", agents=["ann"], agent_wait_ms=60_000)

    await api.ok("PUT", "/v1/agents/ann", {"slots": {"voice": 1}})

    assert (await view(api, "both"))["line"] == "sales|voice|@bob"
    assert (await view(api, "one"))["line"] == "sales|voice|"


@pytest.mark.parametrize("sticky", ["if_ready", "wait"])
async def test_the_last_agent_is_asked_before_who_is_idle_longest(api: Api, sticky: str) -> None:
    await api.furnish("ann", "bob", sticky=sticky)
    async with (
        stream(api, Role.AGENT, "ann") as ann,
        stream(api, Role.AGENT, "bob") as bob,
    ):
        await ready(bob)
        await served(api, bob, "c-1", customer="dora")
        await ready(ann)
        await bob.command("set_state", presence="not_ready")
        await served(api, ann, "c-2", customer="carl")
        await ready(bob)
        answer = await api.admit("c-3", customer="carl")
        offer = await ann.event("offer.made", contact="c-3")

    assert answer["offers"][0]["agent"] == "ann"
    assert (offer["event"]["kind"], offer["event"]["sticky"]) == ("direct", True)


async def test_the_last_agent_is_waited_for_only_where_the_queue_says_so(api: Api) -> None:
    await api.furnish("ann", sticky="wait")
    await api.ok("PUT", "/v1/queues/quick", {"sticky": "if_ready"})
    member = {"memberships": {"sales": {}, "quick": {}}, "slots": {"voice": 1}}
    await api.ok("PUT", "/v1/agents/ann", member)
    async with stream(api, Role.AGENT, "ann") as ann:
        await ready(ann)
        await served(api, ann, "c-1", address="+49")
        await ann.command("set_state", presence="not_ready")
        lines = {}
        for queue in ("sales", "quick"):
            await api.admit(queue, queue=queue, address="+49")
            lines[queue] = (await view(api, queue))["line"]

    assert lines == {"sales": "sales|voice|@ann", "quick": "quick|voice|"}


async def test_who_hung_up_and_is_back_in_time_has_his_place_again_once(api: Api) -> None:
    await api.furnish(resume_ms=60_000)
    first = await api.admit("c-1", address="+49") and await view(api, "c-1")
    await api.ok("POST", "/v1/contacts/c-1/cancel", {"result": "abandoned"})
    async with stream(api, Role.GATEWAY) as gateway:
        second = await api.admit("c-2", address="+49")
        told = (await gateway.event("contact.admitted"))["event"]
        third = await api.admit("c-3", address="+49")

    again, new = await view(api, "c-2"), await view(api, "c-3")
    assert told["resumed"] is True
    assert (again["entered"], again["since"]) == (first["entered"], second["now"])
    assert new["entered"] == third["now"]


@pytest.mark.parametrize(
    ("more", "status", "about"),
    [
        ({"agents": "ann"}, 422, "agents"),
        ({"agents": ["a b"]}, 422, "agents[0]"),
        ({"agents": ["ann"] * 11}, 422, "agents"),
        ({"agents": ["ann"], "backup_queue": ""}, 422, "backup_queue"),
        ({"agents": ["ann", "zoe"]}, 404, "unknown-agent"),
        ({"agents": ["ann"], "backup_queue": "none"}, 404, "unknown-queue"),
        ({"agents": ["ann"], "queue": "other"}, 409, "not-member"),
        ({"agent": "ann"}, 422, "agent"),
    ],
)
async def test_agents_that_can_not_be_meant_are_refused(
    api: Api, more: Json, status: int, about: str
) -> None:
    await api.furnish("ann")
    await api.ok("PUT", "/v1/queues/other", {})
    body = {"contact": "c-1", "channel": "voice", "queue": "sales"} | more

    answer, problem = await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)

    assert answer == status
    named = [error["field"] for error in problem.get("errors", ())]
    assert about in (*named, problem["type"].removeprefix("urn:vez:problem:"))


@pytest.mark.parametrize("bad", [{"sticky": "yes"}, {"sticky_wait_ms": -1}, {"resume_ms": "1"}])
async def test_settings_out_of_range_are_refused(api: Api, bad: Json) -> None:
    await api.furnish()

    status, problem = await api.call("PUT", "/v1/queues/sales", bad)

    assert (status, [error["field"] for error in problem["errors"]]) == (422, list(bad))
