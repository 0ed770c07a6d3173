"""A colleague takes part in a conversation: asked, beside its owner, and then its owner or gone."""

from collections.abc import AsyncIterator

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream

PATH = "/v1/contacts/c-1"
BOB: Json = {"role": Role.AGENT, "subject": "bob"}
EVE: Json = {"role": Role.AGENT, "subject": "eve"}

Desks = tuple[Stream, Stream]


@pytest.fixture
async def desks(api: Api) -> AsyncIterator[Desks]:
    """Ann has a call and asks Bob, who is ready."""
    await api.furnish("ann", "bob", "eve")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")
        await ann.event("offer.made")
        await ann.command("accept", contact="c-1", offer=1)
        await bob.command("set_state", presence="ready")
        asked = await ann.command("consult", contact="c-1", to_agent="bob", note="covered?")
        assert asked["state"] == "assigned"
        yield ann, bob


async def agree(bob: Stream) -> None:
    offer = (await bob.event("offer.made"))["event"]
    assert (offer["kind"], offer["card"]["note"]) == ("consult", "covered?")
    assert (await bob.command("accept", contact="c-1", offer=offer["offer"]))["outcome"] == "ok"


async def test_who_is_consulted_takes_part_with_a_slot_of_his_own(api: Api, desks: Desks) -> None:
    ann, bob = desks
    await agree(bob)

    assert (await ann.event("contact.consulted"))["event"]["agent"] == "bob"
    record = await api.ok("GET", PATH, **BOB)
    assert (record["owner"], record["consult"]["agent"]) == ("ann", "bob")
    agent = await api.ok("GET", "/v1/agents/bob", **BOB)
    assert agent["verdicts"]["voice"] == "no_slot"
    assert [work["contact"] for work in agent["work"]] == ["c-1"]


async def test_completed_he_has_it_and_the_owner_is_free(api: Api, desks: Desks) -> None:
    ann, bob = desks
    await agree(bob)

    strange, _ = await api.call("POST", f"{PATH}/complete-consult", {}, **EVE)
    assert (await bob.command("complete_consult", contact="c-1"))["state"] == "assigned"

    assigned = [await ann.event("contact.assigned") for _ in range(2)][1]["event"]
    assert (assigned["agent"], assigned["from"], assigned["how"]) == ("bob", "ann", "consult")
    assert (await api.ok("GET", "/v1/agents/ann"))["work"] == []
    assert strange == 403
    again, problem = await api.call("POST", f"{PATH}/complete-consult", {}, **BOB)
    assert (again, problem["type"]) == (409, "urn:vez:problem:not-consulting")


async def test_left_he_is_free_and_the_owner_goes_on(api: Api, desks: Desks) -> None:
    ann, bob = desks
    await agree(bob)
    busy = await ann.command("transfer", contact="c-1", to_queue="general")
    assert busy["problem"]["type"] == "urn:vez:problem:consulting"

    await api.ok("POST", f"{PATH}/leave-consult", {}, **BOB)

    assert (await ann.event("contact.consult_ended"))["event"]["reason"] == "left"
    record = await api.ok("GET", PATH)
    assert record["owner"] == "ann"
    assert "consult" not in record


async def test_the_owner_takes_his_question_back(desks: Desks) -> None:
    ann, bob = desks
    await bob.event("offer.made")

    assert (await ann.command("leave_consult", contact="c-1"))["outcome"] == "ok"

    assert (await bob.event("offer.revoked"))["event"]["reason"] == "dismissed"


async def test_a_close_ends_the_consult_too(api: Api, desks: Desks) -> None:
    ann, bob = desks
    await agree(bob)

    await ann.command("close", contact="c-1")

    assert (await bob.event("contact.consult_ended"))["event"]["reason"] == "over"
    assert (await api.ok("GET", "/v1/agents/bob"))["work"] == []
