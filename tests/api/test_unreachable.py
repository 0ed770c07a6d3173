"""Contacts that no agent could ever serve: told at once, and truthfully later."""

from router.api.roles import Role
from tests.clients import Api, Json, stream

GERMAN = {"german": 50}
HERE = {"memberships": {"sales": {}}, "slots": {"voice": 1}}


async def sales(api: Api) -> Json:
    return await api.ok("GET", "/v1/queues/sales")


async def test_who_waits_for_nobody_is_told_to_all_who_ask(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.GATEWAY) as gateway:
        answer = await api.admit("c-1", requirements=GERMAN)
        told = (await gateway.event("contact.unreachable"))["event"]
        socket = await gateway.command("admit", contact="c-2", channel="chat", queue="general")

    assert answer["unreachable"] is True
    assert (told["contact"], told["line"]) == ("c-1", "sales|voice|german=50")
    assert socket["unreachable"] is True
    why = await api.ok("GET", "/v1/contacts/c-1/why")
    assert why["unreachable"] is True
    listed = await api.ok("GET", "/v1/contacts?queue=sales")
    assert [contact["unreachable"] for contact in listed["contacts"]] == [True]
    assert (await api.ok("GET", "/v1/contacts/c-1"))["unreachable"] is True


async def test_a_queue_tells_how_many_could_serve_it_and_where_nobody_could(api: Api) -> None:
    await api.furnish("ann", "bob")
    await api.admit("c-1", requirements=GERMAN)
    await api.admit("c-2")

    view = await sales(api)

    assert view["could_serve"] == {"voice": 2, "chat": 2}
    assert view["unreachable"] == 1
    assert view["dead_ends"] == [{"line": "sales|voice|german=50", "waiting": 1}]


async def test_what_is_shown_follows_the_definitions(api: Api) -> None:
    await api.furnish("ann")
    answer = await api.admit("c-1")
    assert "unreachable" not in answer

    await api.ok("PUT", "/v1/agents/ann", HERE | {"slots": {"voice": 0, "chat": 1}})
    lost = await api.ok("GET", "/v1/contacts/c-1/why")
    await api.ok("PUT", "/v1/agents/bob", HERE)
    found = await api.ok("GET", "/v1/contacts/c-1/why")

    assert lost["unreachable"] is True
    assert "unreachable" not in found
    assert (await sales(api))["could_serve"] == {"voice": 1, "chat": 1}


async def test_a_supervisor_of_the_queue_does_not_count(api: Api) -> None:
    await api.furnish()
    await api.ok("PUT", "/v1/agents/sue", HERE | {"memberships": {"sales": {"role": "supervisor"}}})

    assert (await api.admit("c-1"))["unreachable"] is True
    assert (await sales(api))["could_serve"] == {"voice": 0, "chat": 0}


async def test_who_waits_for_one_agent_is_not_unreachable_yet(api: Api) -> None:
    await api.furnish("ann")

    answer = await api.admit("c-1", requirements=GERMAN, agents=["ann"], agent_wait_ms=60_000)

    assert "unreachable" not in answer
    assert "unreachable" not in await api.ok("GET", "/v1/contacts/c-1")
