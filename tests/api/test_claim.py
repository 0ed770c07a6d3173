"""Agents who take contacts by themselves, beside those that are offered, through the public API."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, stream
from tests.routers import NewService

PEOPLE = ("ann", "bob", "carla", "davi", "eva")


async def claim(api: Api, caller: str, contact: str, **more: Any) -> tuple[int, Json]:
    path = f"/v1/contacts/{contact}/claim"
    return await api.call("POST", path, more, role=Role.AGENT, subject=caller)


async def test_an_agent_takes_a_waiting_contact_without_being_ready(api: Api) -> None:
    await api.furnish("ann", distribution="hybrid")
    async with stream(api, Role.AGENT, "ann") as ann:
        await api.admit("c-1")

        reply = await ann.command("claim", contact="c-1")

        assert (reply["outcome"], reply["state"]) == ("ok", "assigned")
        told = (await ann.event("contact.assigned"))["event"]
        assert (told["how"], told["agent"], told["not_ready"]) == ("claim", "ann", True)
        again = await ann.command("claim", contact="c-1")
        assert (again["outcome"], again["repeated"]) == ("ok", True)
        assert (await ann.command("close", contact="c-1"))["outcome"] == "ok"


async def test_whoever_is_rung_loses_it_and_is_told_to_whom(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="hybrid")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")
        made = (await ann.event("offer.made"))["event"]

        assert (await bob.command("claim", contact="c-1"))["outcome"] == "ok"

        lost = (await ann.event("offer.revoked"))["event"]
        assert (lost["reason"], lost["taken_by"]) == ("claimed", "bob")
        late = await ann.command("accept", contact="c-1", offer=made["offer"])
        assert (late["problem"]["type"], late["problem"]["taken_by"]) == (
            "urn:vez:problem:gone",
            "bob",
        )
        assert (await api.ok("GET", "/v1/agents/ann"))["verdicts"]["voice"] == "ok"


async def test_of_many_who_claim_at_the_same_instant_exactly_one_has_it(
    api: Api, new_service: NewService
) -> None:
    """Two routers, five agents, ten races; who is too late learns who has it, and since when."""
    await api.furnish(*PEOPLE, distribution="hybrid")
    other = Api(api.http, (await new_service()).http.url, api.tenant)
    async with AsyncExitStack() as stack:
        desks = {
            agent: await stack.enter_async_context(
                stream(other if number % 2 else api, Role.AGENT, agent)
            )
            for number, agent in enumerate(PEOPLE)
        }
        for number in range(10):
            contact = f"c-{number}"
            await api.admit(contact)
            given = await asyncio.gather(
                *(desk.command("claim", contact=contact) for desk in desks.values())
            )
            answers = dict(zip(desks, given, strict=True))
            [winner] = [agent for agent, answer in answers.items() if answer["type"] == "reply"]
            record = await api.ok("GET", f"/v1/contacts/{contact}")
            assert (record["owner"], record["state"]) == (winner, "assigned")
            for agent in desks.keys() - {winner}:
                problem = answers[agent]["problem"]
                assert problem["type"] == "urn:vez:problem:taken"
                assert (problem["taken_by"], problem["since"]) == (winner, record["assigned_at"])
            await desks[winner].command("close", contact=contact)


async def test_claim_against_accept_has_one_winner(api: Api, new_service: NewService) -> None:
    await api.furnish("ann", "bob", distribution="hybrid")
    other = Api(api.http, (await new_service()).http.url, api.tenant)
    async with stream(api, Role.AGENT, "ann") as ann, stream(other, Role.AGENT, "bob") as bob:
        for number in range(10):
            contact = f"c-{number}"
            await ann.command("set_state", presence="ready")
            await api.admit(contact)
            made = (await ann.event("offer.made", contact=contact))["event"]
            accepted, claimed = await asyncio.gather(
                ann.command("accept", contact=contact, offer=made["offer"]),
                bob.command("claim", contact=contact),
            )
            winners = [
                agent
                for agent, answer in (("ann", accepted), ("bob", claimed))
                if answer["type"] == "reply"
            ]
            record = await api.ok("GET", f"/v1/contacts/{contact}")
            assert winners == [record["owner"]]
            desk = ann if winners == ["ann"] else bob
            await desk.command("close", contact=contact)


async def test_what_an_agent_may_not_claim(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="hybrid")
    await api.ok("PUT", "/v1/agents/eva", {"slots": {"voice": 1}, "capacity": 2})
    await api.admit("c-1")

    away = await claim(api, "ann", "c-1")
    stranger = await claim(api, "eva", "c-1")
    for_another = await claim(api, "ann", "c-1", agent="bob")
    his_word = await claim(api, "eva", "c-1", not_member=True)
    nothing = await claim(api, "ann", "c-2")

    assert (away[0], away[1]["type"], away[1]["verdict"]) == (
        409,
        "urn:vez:problem:not-available",
        "offline",
    )
    assert (stranger[0], stranger[1]["type"]) == (409, "urn:vez:problem:not-member")
    assert (for_another[0], his_word[0], nothing[0]) == (403, 403, 404)
    assert (await api.ok("GET", "/v1/contacts/c-1"))["state"] == "queued"


async def test_he_takes_no_more_than_he_has_room_for(api: Api) -> None:
    await api.furnish("ann", distribution="hybrid")
    async with stream(api, Role.AGENT, "ann") as ann:
        await api.admit("c-1")
        await api.admit("c-2")
        await ann.command("claim", contact="c-1")

        problem = (await ann.command("claim", contact="c-2"))["problem"]

        assert (problem["type"], problem["verdict"]) == (
            "urn:vez:problem:not-available",
            "no_slot",
        )


async def test_in_a_queue_that_offers_nobody_claims(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as ann:
        await api.admit("c-1")

        problem = (await ann.command("claim", contact="c-1"))["problem"]

        assert (problem["status"], problem["type"]) == (409, "urn:vez:problem:push-only")


async def test_an_administrator_helps_in_a_queue_that_is_not_his(api: Api) -> None:
    """He has an agent of his own, and says that he need not be a member."""
    await api.furnish("ann", distribution="hybrid")
    await api.ok("PUT", "/v1/agents/boss", {"slots": {"voice": 1}, "capacity": 2})
    async with stream(api, Role.AGENT, "boss") as desk:
        await api.admit("c-1")
        body = {"agent": "boss", "not_member": True}

        await api.ok("POST", "/v1/contacts/c-1/claim", body)

        assert (await desk.event("contact.assigned"))["event"]["how"] == "claim"


@pytest.mark.parametrize("distribution", ["", "pushed", "Pull", 3])
async def test_a_way_of_distribution_that_is_none(api: Api, distribution: object) -> None:
    await api.furnish()

    body = {"distribution": distribution}
    status, problem = await api.call("PUT", "/v1/queues/sales", body)

    assert (status, problem["errors"][0]["field"]) == (422, "distribution")
