"""Who may take a contact from its owner, and what the owner is told; through the public API."""

import asyncio
from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, stream
from tests.routers import NewService

BOSS: dict[str, Any] = {"role": Role.SUPERVISOR, "subject": "boss"}


async def own(api: Api, desk: Any, contact: str = "c-1") -> None:
    await api.admit(contact)
    assert (await desk.command("claim", contact=contact))["outcome"] == "ok"


async def test_a_supervisor_of_the_queue_takes_over_and_the_owner_is_told(api: Api) -> None:
    await api.furnish("ann", "eva", distribution="pull")
    lead = {"memberships": {"sales": {"role": "supervisor"}}, "slots": {"voice": 1}, "capacity": 2}
    await api.ok("PUT", "/v1/agents/eva", lead)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "eva") as eva:
        await own(api, ann)

        taken = await eva.command("take_over", contact="c-1", reason="she went home")

        assert (taken["outcome"], taken["state"]) == ("ok", "assigned")
        await ann.event("contact.assigned", agent="ann")
        told = (await ann.event("contact.assigned", agent="eva"))["event"]
        assert (told["how"], told["from"], told["reason"]) == ("take_over", "ann", "she went home")
        assert (await api.ok("GET", "/v1/agents/ann"))["work"] == []
        late = await ann.command("close", contact="c-1")
        assert late["problem"]["type"] == "urn:vez:problem:not-yours"
        again = await eva.command("take_over", contact="c-1")
        assert (again["outcome"], again["repeated"]) == ("ok", True)


@pytest.mark.parametrize(
    ("take_over", "caller", "status"),
    [
        ("supervisors", "agent", 403),
        ("members", "agent", 200),
        ("nobody", "agent", 403),
        ("supervisors", "supervisor", 200),
        ("nobody", "supervisor", 403),
    ],
)
async def test_the_queue_says_who_may(api: Api, take_over: str, caller: str, status: int) -> None:
    await api.furnish("ann", "bob", distribution="pull", take_over=take_over)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob"):
        await own(api, ann)

        who: dict[str, Any] = BOSS if caller == "supervisor" else {"role": Role.AGENT}
        given, answer = await api.call(
            "POST", "/v1/contacts/c-1/take-over", {"agent": "bob"}, **({"subject": "bob"} | who)
        )

        assert given == status
        if status == 403:
            assert (answer["type"], answer["verdict"]) == (
                "urn:vez:problem:not-allowed",
                take_over,
            )
        owner = (await api.ok("GET", "/v1/contacts/c-1"))["owner"]
        assert owner == ("bob" if status == 200 else "ann")


async def test_what_can_not_be_taken_over(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="pull", take_over="members")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await api.admit("c-1")
        waiting = (await bob.command("take_over", contact="c-1"))["problem"]
        await ann.command("claim", contact="c-1")
        await own(api, bob, "c-2")
        full = (await bob.command("take_over", contact="c-1"))["problem"]

        assert (waiting["type"], waiting["state"]) == ("urn:vez:problem:not-assigned", "queued")
        assert (full["type"], full["verdict"]) == ("urn:vez:problem:not-available", "no_slot")


async def test_a_transfer_that_rings_is_revoked(api: Api) -> None:
    await api.furnish("ann", "bob", "eva", distribution="pull", take_over="members")
    async with (
        stream(api, Role.AGENT, "ann") as ann,
        stream(api, Role.AGENT, "bob") as bob,
        stream(api, Role.AGENT, "eva") as eva,
    ):
        await bob.command("set_state", presence="ready")
        await own(api, ann)
        await ann.command("transfer", contact="c-1", to_agent="bob")

        await eva.command("take_over", contact="c-1")

        lost = (await bob.event("offer.revoked"))["event"]
        assert (lost["reason"], lost["taken_by"]) == ("taken_over", "eva")


async def test_against_a_transfer_that_is_accepted_one_has_it(
    api: Api, new_service: NewService
) -> None:
    await api.furnish("ann", "bob", "eva", distribution="pull", take_over="members")
    other = Api(api.http, (await new_service()).http.url, api.tenant)
    async with (
        stream(api, Role.AGENT, "ann") as ann,
        stream(api, Role.AGENT, "bob") as bob,
        stream(other, Role.AGENT, "eva") as eva,
    ):
        await bob.command("set_state", presence="ready")
        for number in range(10):
            contact = f"c-{number}"
            await own(api, ann, contact)
            await ann.command("transfer", contact=contact, to_agent="bob")
            made = (await bob.event("offer.made", contact=contact))["event"]

            accepted, taken = await asyncio.gather(
                bob.command("accept", contact=contact, offer=made["offer"]),
                eva.command("take_over", contact=contact),
            )

            owner = (await api.ok("GET", f"/v1/contacts/{contact}"))["owner"]
            assert taken["type"] == "reply"  # from ann, or from bob who had just accepted
            assert owner == "eva"
            assert accepted["type"] == "reply" or accepted["problem"]["taken_by"] == "eva"
            held = [len((await api.ok("GET", f"/v1/agents/{a}"))["work"]) for a in ("ann", "bob")]
            assert held == [0, 0]
            await eva.command("close", contact=contact)
