"""Contacts that ring several agents, and channels that do not ask, through the public API."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream
from tests.routers import NewService

PEOPLE = ("ann", "bob", "carla", "davi", "eva")


async def ready(*desks: Stream) -> None:
    for desk in desks:
        await desk.command("set_state", presence="ready")


async def work_of(api: Api, agent: str) -> list[str]:
    return [work["contact"] for work in (await api.ok("GET", f"/v1/agents/{agent}"))["work"]]


async def test_of_many_who_accept_at_the_same_instant_exactly_one_has_the_contact(
    api: Api, new_service: NewService
) -> None:
    """Two routers, five agents, ten races; whoever is too late is told who was first."""
    await api.furnish(*PEOPLE, broadcast_to=5)
    other = Api(api.http, (await new_service()).http.url, api.tenant)
    async with AsyncExitStack() as stack:
        desks = {
            agent: await stack.enter_async_context(
                stream(other if number % 2 else api, Role.AGENT, agent)
            )
            for number, agent in enumerate(PEOPLE)
        }
        await ready(*desks.values())
        for number in range(10):
            contact = f"c-{number}"
            admitted = await api.admit(contact)
            assert {offer["agent"] for offer in admitted["offers"]} == set(PEOPLE)
            numbers = {offer["agent"]: offer["n"] for offer in admitted["offers"]}
            winner = await race(api, desks, contact, numbers)
            repeat = await desks[winner].command("accept", contact=contact, offer=numbers[winner])
            assert (repeat["outcome"], repeat["repeated"]) == ("ok", True)
            await desks[winner].command("close", contact=contact)


async def race(api: Api, desks: dict[str, Stream], contact: str, numbers: dict[str, int]) -> str:
    """All accept at once. Answers who has it, and checks that nobody else holds anything of it."""
    given = await asyncio.gather(
        *(desk.command("accept", contact=contact, offer=numbers[a]) for a, desk in desks.items())
    )
    answers: dict[str, Json] = dict(zip(desks, given, strict=True))
    [winner] = [agent for agent, answer in answers.items() if answer["type"] == "reply"]
    for agent in desks.keys() - {winner}:
        problem = answers[agent]["problem"]
        assert problem["type"] == "urn:vez:problem:gone"
        assert problem["taken_by"] == winner
        told = await desks[agent].event("offer.revoked", contact=contact)
        assert (told["event"]["reason"], told["event"]["taken_by"]) == ("taken", winner)
        assert await work_of(api, agent) == []
    assert await work_of(api, winner) == [contact]
    return winner


async def test_whoever_says_no_is_replaced_and_the_others_ring_on(api: Api) -> None:
    await api.furnish("ann", "bob", "carla", broadcast_to=2)
    async with (
        stream(api, Role.AGENT, "ann") as ann,
        stream(api, Role.AGENT, "bob") as bob,
        stream(api, Role.AGENT, "carla") as carla,
    ):
        await ready(ann, bob, carla)
        assert [o["agent"] for o in (await api.admit("c-1"))["offers"]] == ["ann", "bob"]

        declined = await ann.command("decline", contact="c-1", offer=1)
        assert declined["state"] == "offered"
        assert [o["agent"] for o in declined["offers"]] == ["bob", "carla"]
        await bob.command("set_state", presence="not_ready")
        assert (await bob.event("offer.revoked"))["event"]["reason"] == "not_ready"
        offer = (await carla.event("offer.made"))["event"]
        assert (offer["side"], offer["width"]) == ("broadcast", 2)

        view = await api.ok("GET", "/v1/contacts/c-1")
        assert [o["agent"] for o in view["offers"]] == ["carla"]
        await carla.command("decline", contact="c-1", offer=offer["offer"])
        view = await api.ok("GET", "/v1/contacts/c-1")
        assert (view["state"], view["offers"], view["offers_made"]) == ("queued", [], 3)


async def test_who_gets_ready_is_rung_at_once_while_fewer_ring_than_may(api: Api) -> None:
    await api.furnish("ann", "bob", broadcast_to=2)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await ready(ann)
        await api.admit("c-1")
        await ready(bob)

        offer = (await bob.event("offer.made"))["event"]
        accepted = await bob.command("accept", contact="c-1", offer=offer["offer"])
        assert accepted["state"] == "assigned"
        assert "offers" not in accepted
        assert (await ann.event("offer.revoked"))["event"]["taken_by"] == "bob"


async def test_it_rings_more_and_more_until_everybody_rings(api: Api) -> None:
    await api.furnish(*PEOPLE[:4], broadcast_step_ms=100, broadcast_add=2)
    async with AsyncExitStack() as stack:
        desks = [
            await stack.enter_async_context(stream(api, Role.AGENT, agent)) for agent in PEOPLE[:4]
        ]
        gateway = await stack.enter_async_context(stream(api, Role.GATEWAY))
        await ready(*desks)

        assert [o["agent"] for o in (await api.admit("c-1"))["offers"]] == ["ann"]
        assert (await gateway.event("contact.widened"))["event"]["width"] == 3
        for desk in desks:
            await desk.event("offer.made", contact="c-1")
        status, _ = await api.call("POST", "/v1/contacts/c-1/cancel", {"result": "abandoned"})
        assert status == 200
        for desk in desks:
            assert (await desk.event("offer.revoked"))["event"]["reason"] == "abandoned"
    assert [await work_of(api, agent) for agent in PEOPLE[:4]] == [[]] * 4


async def test_a_winner_who_gives_it_back_is_followed_by_the_others(api: Api) -> None:
    await api.furnish("ann", "bob", broadcast_to=2)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await ready(ann, bob)
        await api.admit("c-1")
        await ann.command("accept", contact="c-1", offer=1)
        await bob.event("offer.revoked")

        await ann.command("release", contact="c-1")

        await bob.event("offer.made", contact="c-1", offer=3)
        assert (await bob.command("accept", contact="c-1", offer=3))["state"] == "assigned"


async def test_a_channel_that_does_not_ask_gives_the_contact_in_the_same_step(api: Api) -> None:
    chat = {"channels": {"voice": {"cost": 1}, "chat": {"cost": 1, "auto_accept": True}}}
    await api.furnish("ann", "bob", tenant=chat, broadcast_to=2)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await ready(ann)
        admitted = await api.admit("c-1", channel="chat")
        assert (admitted["state"], "offers" in admitted) == ("assigned", False)
        events = [(await ann.event(name))["event"] for name in ("offer.made", "offer.accepted")]
        assert events[1]["auto"] is True
        assert (await ann.event("contact.assigned"))["event"]["agent"] == "ann"

        await ready(bob)
        moved = await ann.command("transfer", contact="c-1", to_agent="bob")
        assert (moved["state"], moved["offers"][0]["agent"]) == ("assigned", "bob")
        again = await ann.command("accept", contact="c-1", offer=1)
        assert (again["outcome"], again["repeated"]) == ("ok", True)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"broadcast_to": 0}, "an integer from 1 to 100"),
        ({"broadcast_to": 101}, "an integer from 1 to 100"),
        ({"broadcast_step_ms": -1}, "an integer from 0 to 3600000"),
        ({"broadcast_add": "all"}, "an integer from 0 to 100"),
    ],
)
async def test_a_faulty_width_is_refused_with_what_was_expected(
    api: Api, settings: Json, expected: str
) -> None:
    await api.furnish()

    status, problem = await api.call("PUT", "/v1/queues/sales", settings)

    assert (status, problem["type"]) == (422, "urn:vez:problem:bad-input")
    [error] = problem["errors"]
    [(field, value)] = settings.items()
    assert (error["field"], error["value"]) == (field, value)
    assert error["expected"].startswith(expected)
