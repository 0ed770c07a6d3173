"""A contact that nobody has goes to another queue; through the public API."""

import asyncio
from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Stream, stream

BOSS: dict[str, Any] = {"role": Role.SUPERVISOR, "subject": "boss"}
PBX: dict[str, Any] = {"role": Role.GATEWAY, "subject": "pbx"}
LEAD = {"slots": {"voice": 1}, "capacity": 2}
MOVE = ("POST", "/v1/contacts/c-1/transfer")


async def two_queues(api: Api, **settings: Any) -> None:
    """`sales` of ann, supervised by eva; `support` of bob, where nobody is ready."""
    await api.furnish("ann", **settings)
    await api.ok("PUT", "/v1/queues/support", {"name": "Support"})
    for agent, queue, role in (("eva", "sales", "supervisor"), ("bob", "support", "agent")):
        memberships = {queue: {"role": role}}
        await api.ok("PUT", f"/v1/agents/{agent}", LEAD | {"memberships": memberships})


async def rung(api: Api, desk: Stream) -> int:
    """A contact that rings the desk's agent; answers the offer's number."""
    await desk.command("set_state", presence="ready")
    await api.admit("c-1")
    offer: int = (await desk.event("offer.made"))["event"]["offer"]
    return offer


async def test_what_rings_is_moved_and_the_desk_hears_why(api: Api) -> None:
    await two_queues(api)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.GATEWAY) as gateway:
        offer = await rung(api, ann)
        asked = {"to_queue": "support", "note": "wants to move house", "if_waiting": True}
        moved = await api.ok(*MOVE, asked, **BOSS)

        lost = (await ann.event("offer.revoked"))["event"]
        message = await gateway.event("contact.queued", reason="transferred")
        told = message["event"]
        late = await ann.command("accept", contact="c-1", offer=offer)
        again = await api.ok(*MOVE, asked, **BOSS)

    assert moved["state"] == "queued"
    assert (lost["reason"], lost["offer"]) == ("transferred", offer)
    assert (told["from"], told["queue"]) == ("sales", "support")
    assert told["note"] == "wants to move house"
    assert late["problem"]["type"] == "urn:vez:problem:gone"
    assert (again["outcome"], again["repeated"]) == ("ok", True)
    assert (await api.ok("GET", "/v1/agents/ann"))["work"] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (BOSS, 200),
        (PBX, 200),
        ({"role": Role.ADMIN}, 200),
        ({"role": Role.AGENT, "subject": "eva"}, 200),
        ({"role": Role.AGENT, "subject": "ann"}, 409),
        ({"role": Role.AGENT, "subject": "bob"}, 409),
    ],
)
async def test_who_supervises_its_queue_moves_it_and_who_serves_does_not(
    api: Api, who: dict[str, Any], status: int
) -> None:
    await two_queues(api)
    await api.admit("c-1")

    given, answer = await api.call(*MOVE, {"to_queue": "support"}, **who)

    assert given == status
    if status == 409:
        assert (answer["type"], answer["state"]) == ("urn:vez:problem:not-assigned", "queued")
        assert "who supervises its queue" in answer["detail"]
    queue = (await api.ok("GET", "/v1/contacts/c-1"))["queue"]
    assert queue == ("support" if status == 200 else "sales")


async def test_to_an_agent_it_is_assigned_and_the_refusal_says_so(api: Api) -> None:
    await two_queues(api)
    await api.admit("c-1")

    status, answer = await api.call(*MOVE, {"to_agent": "ann"}, **BOSS)

    assert (status, answer["verdict"]) == (409, "assign")
    assert "`assign`" in answer["detail"]


async def test_into_a_closed_queue_it_is_held_and_out_of_it_it_waits(api: Api) -> None:
    await two_queues(api)
    await api.ok("PUT", "/v1/calendars/never", {"time_zone": "Europe/Berlin"})
    await api.ok("PUT", "/v1/queues/night", {"calendar": "never", "closed": "refuse"})
    await api.admit("c-1")
    entered = (await api.ok("GET", "/v1/contacts/c-1"))["entered"]
    async with stream(api, Role.AGENT, "bob", queues="all") as bob:
        await api.ok(*MOVE, {"to_queue": "support"}, **BOSS)
        await bob.event("contact.queued", queue="support")
        held = await api.ok(*MOVE, {"to_queue": "night", "note": "tomorrow"}, **BOSS)
        left = (await bob.event("contact.held"))["event"]
        kept = await api.ok("GET", "/v1/contacts/c-1")
        back = await api.ok(*MOVE, {"to_queue": "support"}, **BOSS)
        await bob.event("contact.queued", queue="support")

    assert (held["state"], back["state"]) == ("held", "queued")
    assert (left["queue"], left["from"]) == ("night", "support")  # who watched it sees it go
    assert "note" not in left
    assert (kept["queue"], kept["note"], kept["entered"]) == ("night", "tomorrow", entered)
    assert (await api.ok("GET", "/v1/queues/night"))["held"] == 0


async def test_what_comes_later_comes_in_the_other_queue(api: Api) -> None:
    await two_queues(api)
    now = (await api.ok("PUT", "/v1/queues/support", {"name": "Support"}))["now"]
    await api.admit("c-1", not_before=now + 86_400_000)

    async with stream(api, Role.GATEWAY) as gateway:
        moved = await gateway.command("transfer", contact="c-1", to_queue="support")
        told = (await gateway.event("contact.scheduled", reason="transferred"))["event"]

    assert moved["state"] == "scheduled"
    assert (told["from"], told["queue"]) == ("sales", "support")
    assert told["not_before"] == now + 86_400_000
    counts = [(await api.ok("GET", f"/v1/queues/{q}"))["scheduled"] for q in ("sales", "support")]
    assert counts == [0, 1]


async def test_of_an_answer_and_a_move_at_once_one_wins(api: Api) -> None:
    await two_queues(api)
    asked = {"contact": "c-1", "to_queue": "support", "if_waiting": True}
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.SUPERVISOR) as boss:
        offer = await rung(api, ann)

        accepted, moved = await asyncio.gather(
            ann.command("accept", contact="c-1", offer=offer), boss.command("transfer", **asked)
        )
        contact = await api.ok("GET", "/v1/contacts/c-1")

    won = [reply.get("outcome") == "ok" for reply in (accepted, moved)]
    assert sorted(won) == [False, True]
    if won[0]:
        assert moved["problem"]["type"] == "urn:vez:problem:taken"
        assert moved["problem"]["taken_by"] == contact["owner"] == "ann"
    else:
        assert accepted["problem"]["type"] == "urn:vez:problem:gone"
        assert (contact["queue"], contact["state"]) == ("support", "queued")


@pytest.mark.parametrize("first", ["claim", "transfer"])
async def test_of_a_claim_and_a_move_the_first_wins(api: Api, first: str) -> None:
    await two_queues(api, distribution="hybrid")
    asked = {"contact": "c-1", "to_queue": "support", "if_waiting": True}
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.SUPERVISOR) as boss:
        await api.admit("c-1")
        if first == "claim":
            await ann.command("claim", contact="c-1")
            lost = (await boss.command("transfer", **asked))["problem"]
        else:
            await boss.command("transfer", **asked)
            lost = (await ann.command("claim", contact="c-1"))["problem"]

    kind = {"claim": "taken", "transfer": "not-member"}[first]
    assert lost["type"] == f"urn:vez:problem:{kind}"


async def test_the_request_says_what_it_means(api: Api) -> None:
    await two_queues(api)

    status, answer = await api.call(*MOVE, {"to_agent": "ann", "if_waiting": True}, **BOSS)

    assert status == 422
    assert "`if_waiting` with `to_queue` only" in answer["errors"][0]["expected"]
