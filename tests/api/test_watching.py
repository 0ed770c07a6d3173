"""Inbox desktops: agents who watch queues of theirs, through the public API."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, connected, stream

MEMBERSHIPS: Json = {"slots": {"voice": 1, "chat": 2}, "capacity": 2}


async def put_agent(api: Api, agent: str, **memberships: Json) -> None:
    await api.ok("PUT", f"/v1/agents/{agent}", MEMBERSHIPS | {"memberships": memberships})


async def told(desk: Stream) -> list[tuple[str, str | None]]:
    """What the desktop has been told of contacts, up to now."""
    await desk.command("snapshot")  # its answer comes after all that happened before
    seen = [message["event"] for message in desk.events]
    desk.events.clear()
    return [(event["e"], event.get("contact")) for event in seen if "contact" in event]


async def test_an_inbox_sees_who_comes_and_who_takes_what(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="pull")
    async with (
        stream(api, Role.AGENT, "ann", queues=["sales"]) as ann,
        stream(api, Role.AGENT, "bob") as bob,
    ):
        await api.admit("c-1")
        assert (await ann.event("contact.admitted"))["event"]["contact"] == "c-1"
        await bob.command("claim", contact="c-1")

        taken = await ann.event("contact.assigned")

        assert (ann.welcome["queues"], bob.welcome.get("queues", [])) == (["sales"], [])
        assert (taken["event"]["agent"], taken["event"]["how"]) == ("bob", "claim")
        record = await api.ok("GET", "/v1/contacts/c-1")
        assert (record["owner"], record["assigned_at"]) == ("bob", taken["at"])
        assert await told(bob) == [("contact.assigned", "c-1")]


async def test_whoever_asks_for_nothing_is_told_of_his_own_alone(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="pull")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await api.admit("c-1")
        await bob.command("claim", contact="c-1")
        await bob.command("close", contact="c-1")

        assert await told(ann) == []


async def test_a_membership_that_notifies_needs_no_asking(api: Api) -> None:
    await api.furnish(distribution="pull")
    await api.ok("PUT", "/v1/queues/support", {})
    lead: Json = {"role": "supervisor", "notify": True}
    await put_agent(api, "eva", sales=lead, support={})
    async with stream(api, Role.AGENT, "eva") as eva:
        await api.admit("c-1")
        await api.admit("c-2", queue="support")

        assert eva.welcome["queues"] == ["sales"]
        assert await told(eva) == [("contact.admitted", "c-1")]


async def test_all_are_the_queues_that_are_his(api: Api) -> None:
    await api.furnish(distribution="pull")
    for queue in ("support", "board"):
        await api.ok("PUT", f"/v1/queues/{queue}", {})
    await put_agent(api, "ann", sales={}, support={"role": "supervisor"})
    async with stream(api, Role.AGENT, "ann", queues="all") as ann:
        for number, queue in enumerate(("sales", "support", "board")):
            await api.admit(f"c-{number}", queue=queue)

        assert ann.welcome["queues"] == ["sales", "support"]
        assert await told(ann) == [("contact.admitted", "c-0"), ("contact.admitted", "c-1")]


async def test_a_queue_that_is_not_his_is_not_watched_until_it_is(api: Api) -> None:
    await api.furnish(distribution="pull")
    await put_agent(api, "ann")
    async with stream(api, Role.AGENT, "ann", queues=["sales", "nowhere"]) as ann:
        await api.admit("c-1")
        assert (ann.welcome.get("queues", []), await told(ann)) == ([], [])

        await put_agent(api, "ann", sales={})
        await api.admit("c-2")
        assert await told(ann) == [("contact.admitted", "c-2")]

        await put_agent(api, "ann")
        await api.admit("c-3")
        assert await told(ann) == []


async def test_a_contact_that_moves_is_told_where_it_was_and_where_it_goes(api: Api) -> None:
    await api.furnish("bob", distribution="pull")
    await api.ok("PUT", "/v1/queues/support", {"distribution": "pull"})
    await put_agent(api, "ann", sales={})
    await put_agent(api, "eva", support={})
    async with (
        stream(api, Role.AGENT, "ann", queues="all") as ann,
        stream(api, Role.AGENT, "eva", queues="all") as eva,
        stream(api, Role.AGENT, "bob") as bob,
    ):
        await api.admit("c-1")
        await bob.command("claim", contact="c-1")
        await bob.command("transfer", contact="c-1", to_queue="support")

        left = [("contact.admitted", "c-1"), ("contact.assigned", "c-1"), ("contact.queued", "c-1")]
        assert await told(ann) == left
        assert await told(eva) == [("contact.queued", "c-1")]


async def test_nothing_private_of_a_colleague_is_told(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="hybrid")
    async with (
        stream(api, Role.AGENT, "ann", queues="all") as ann,
        stream(api, Role.AGENT, "bob") as bob,
    ):
        await bob.command("set_state", presence="ready")
        await api.admit("c-1")
        made = (await bob.event("offer.made"))["event"]
        await bob.command("decline", contact="c-1", offer=made["offer"], reason="lunch")
        await bob.command("set_state", presence="not_ready", reason="lunch")
        await bob.command("claim", contact="c-1")
        boss: dict[str, Any] = {"role": Role.SUPERVISOR, "subject": "boss"}
        await api.ok("POST", "/v1/contacts/c-1/monitor", {"mode": "listen"}, **boss)
        await bob.command("release", contact="c-1", reason="can not stand him")

        own = (await bob.event("contact.assigned"))["event"]
        seen = (await ann.event("contact.assigned"))["event"]
        queued = (await ann.event("contact.queued", reason="released"))["event"]
        names = {name for name, _ in await told(ann)}

        assert own["not_ready"]
        assert "not_ready" not in seen
        assert "note" not in queued
        assert not names & {"contact.monitored", "agent.state"}
        assert not any(name.startswith("offer.") for name in names)


async def test_a_resumed_inbox_misses_nothing_and_gets_nothing_twice(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="pull")
    async with (
        stream(api, Role.AGENT, "bob") as bob,
        stream(api, Role.AGENT, "ann", queues="all", session="desk") as first,
    ):
        await api.admit("c-1")
        await first.event("contact.admitted")
        position = dict(first.position or {})
        first.drop()
        await api.admit("c-2")
        await bob.command("claim", contact="c-1")
        hello: Json = {"queues": "all", "session": "desk", "position": position}
        async with stream(api, Role.AGENT, "ann", **hello) as again:
            await api.admit("c-3")

            assert (again.welcome["recovered"], again.welcome["queues"]) == (True, ["sales"])
            assert await told(again) == [
                ("contact.admitted", "c-2"),
                ("contact.assigned", "c-1"),
                ("contact.admitted", "c-3"),
            ]


@pytest.mark.parametrize(
    ("role", "queues"),
    [
        (Role.SUPERVISOR, "all"),
        (Role.GATEWAY, ["sales"]),
        (Role.AGENT, "every"),
        (Role.AGENT, ["not an id"]),
        (Role.AGENT, 3),
    ],
)
async def test_a_wish_that_can_not_be_is_refused(api: Api, role: Role, queues: Any) -> None:
    await api.furnish("ann")
    async with connected(api, role, "ann") as client:
        await client.send({"type": "hello", "protocol": 1, "queues": queues})

        problem = (await client.message("problem"))["problem"]

        assert problem["errors"][0]["field"].startswith("queues")
        assert await client.closed() == 4101
