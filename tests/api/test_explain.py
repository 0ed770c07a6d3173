"""Why an agent gets nothing, why an offer was made, and the sentence that sums it up."""

from typing import Any

import pytest

from router.api.roles import Role
from router.journal import past
from tests.clients import Api, Stream, stream

AGENT = Role.AGENT


async def why(api: Api, path: str, **options: Any) -> dict[str, Any]:
    return await api.ok("GET", f"/v1/{path}/why", role=Role.SUPERVISOR, **options)


async def ready(desk: Stream) -> None:
    await desk.command("set_state", presence="ready")
    await desk.event("agent.state", presence="ready")


async def test_a_contact_tells_in_a_sentence_why_nobody_takes_it(api: Api) -> None:
    await api.furnish("ann", "bob")
    await api.admit("c-1")
    await api.admit("c-2", requirements={"en": 5})
    offline = await why(api, "contacts/c-1")
    unskilled = await why(api, "contacts/c-2")
    async with stream(api, AGENT, "ann") as desk:
        half = await why(api, "contacts/c-1")
        await ready(desk)
        offered = await why(api, "contacts/c-1")
        await desk.event("offer.made", contact="c-1")
        await desk.command("accept", contact="c-1", offer=1)
        owned = await why(api, "contacts/c-1")
        await desk.command("close", contact="c-1")
        closed = await why(api, "contacts/c-1")

    assert offline["because"] == "nobody of 2 eligible agents is free for it: 2 offline"
    assert unskilled["because"] == "none of 2 agents of sales may take it: 2 lacks_skill"
    assert half["because"].endswith("is free for it: 1 not_ready, 1 offline")
    assert offered["because"] == "it is offered to ann"
    assert owned["because"] == "ann has it"
    assert closed["because"] == "it is closed"


async def test_a_queue_without_agents_is_told(api: Api) -> None:
    await api.furnish()
    await api.admit("c-1")

    assert (await why(api, "contacts/c-1"))["because"] == "nobody serves sales"


async def test_an_agent_who_is_not_ready_is_told_so_for_each_line(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")

    view = await why(api, "agents/ann")

    assert view["because"] == "he can take nothing now: offline"
    assert [line["line"] for line in view["lines"]] == ["sales|chat|", "sales|voice|"]
    assert [(line["waiting"], line["verdict"]) for line in view["lines"]] == [
        (0, "offline"),
        (1, "offline"),
    ]


async def test_a_ready_agent_without_work_is_told_who_is_before_him(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, AGENT, "ann") as one, stream(api, AGENT, "bob") as two:
        await ready(one)
        await ready(two)
        first, second = await why(api, "agents/ann"), await why(api, "agents/bob")

    assert first["because"].startswith("nobody waits on the 2 lines that he has room for")
    assert "he is the next one of sales|chat|" in first["because"]
    assert "he is number 2, and ann is the next one" in second["because"]
    [chat, _voice] = second["lines"]
    assert (chat["rank"], chat["ready"], chat["first"]) == (2, 2, "ann")
    assert chat["strategy"] == "longest_idle"
    assert chat["score"] >= chat["first_score"]


async def test_an_agent_whom_a_contact_leaves_alone_is_told_until_when(api: Api) -> None:
    await api.furnish("ann", decline_ms=60_000, cooldown_max_ms=60_000)
    async with stream(api, AGENT, "ann") as desk:
        await ready(desk)
        await api.admit("c-1")
        await desk.event("offer.made", contact="c-1")
        await desk.command("decline", contact="c-1", offer=1)
        view = await why(api, "agents/ann")

    [voice] = [line for line in view["lines"] if line["line"] == "sales|voice|"]
    assert (voice["verdict"], voice["contact"], voice["waiting"]) == ("cooling", "c-1", 1)
    assert view["because"].startswith("c-1 waits in sales|voice|, which he failed before")
    assert str(voice["until"]) in view["because"]


async def test_who_only_watches_a_queue_is_told_that_nothing_is_his(api: Api) -> None:
    await api.furnish()
    definition = {"memberships": {"sales": {"role": "supervisor"}}, "slots": {"voice": 1}}
    await api.ok("PUT", "/v1/agents/eve", definition)

    view = await why(api, "agents/eve")

    assert view["not_offered"] == ["sales"]
    assert view["lines"] == []
    assert "is offered nothing of sales" in view["because"]


async def test_more_lines_than_asked_for_are_told_to_be_there(api: Api) -> None:
    await api.furnish("ann")

    view = await why(api, "agents/ann")
    cut = await api.ok("GET", "/v1/agents/ann/why?limit=1", role=Role.SUPERVISOR)

    assert view["lines_total"] == 2
    assert (len(cut["lines"]), cut["lines_total"]) == (1, 2)


async def test_a_past_offer_tells_who_was_passed_over_who_was_next_and_its_end(api: Api) -> None:
    await api.furnish("ann", "bob", "carl", decline_ms=60_000, cooldown_max_ms=60_000)
    async with (
        stream(api, AGENT, "ann") as ann,
        stream(api, AGENT, "bob") as bob,
        stream(api, AGENT, "carl") as carl,
    ):
        for desk in (ann, bob, carl):
            await ready(desk)
        await api.admit("c-1")
        await ann.event("offer.made", contact="c-1")
        await ann.command("decline", contact="c-1", offer=1, reason="lunch")
        await bob.event("offer.made", contact="c-1")
        await bob.command("accept", contact="c-1", offer=2)
        one, two = [await why(api, f"contacts/c-1/offers/{n}") for n in (1, 2)]

    assert (one["agent"], one["kind"], one["side"]) == ("ann", "queue", "contact")
    assert one["next"]["agent"] == "bob"
    assert one["end"] | {"until": 0, "ring_ms": 0} == {
        "outcome": "declined",
        "cause": "declined",
        "reason": "lunch",
        "until": 0,
        "at": one["end"]["at"],
        "position": one["end"]["position"],
        "ring_ms": 0,
        "transition": "decline",
        "config": one["config"],
    }
    assert one["because"] == (
        "ann was first of those who were ready, by longest_idle; without him it would have been bob"
    )
    assert (two["agent"], two["end"]["outcome"]) == ("bob", "accepted")
    assert two["strategy"] == "longest_idle"
    assert two["transition"] == "decline"
    assert two["next"]["agent"] == "carl"


async def test_a_pending_offer_has_no_end(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    async with stream(api, AGENT, "ann") as desk:
        await ready(desk)
        await desk.event("offer.made", contact="c-1")
        view = await why(api, "contacts/c-1/offers/1")

    assert "end" not in view
    assert view["because"] == "ann had room, and it was due first of what he serves"


async def test_what_the_journal_has_no_more_is_told(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.furnish("ann")
    async with stream(api, AGENT, "ann") as desk:
        await ready(desk)
        await api.admit("c-1")
        await desk.event("offer.made", contact="c-1")
        for number in range(2, 6):
            await api.admit(f"c-{number}")
        monkeypatch.setattr(past, "LOOK_MAX", 2)
        monkeypatch.setattr(past, "PAGE", 2)
        view = await why(api, "contacts/c-1/offers/1")

    assert view["found"] is False
    assert view["because"].startswith("the offer is no longer in the journal: what was read begins")


async def test_an_offer_or_an_agent_that_never_was_is_unknown(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")

    for path in ("contacts/c-1/offers/1", "contacts/c-9/offers/1", "agents/nobody"):
        status, _ = await api.call("GET", f"/v1/{path}/why")
        assert status == 404
    for path in ("contacts/c-1/offers/0", "contacts/c%201/offers/1", "agents/a%20b"):
        status, problem = await api.call("GET", f"/v1/{path}/why")
        assert status == 422
        assert problem["errors"][0]["expected"]


async def test_the_socket_answers_the_same(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    async with stream(api, AGENT, "ann") as desk, stream(api, Role.SUPERVISOR) as watcher:
        await ready(desk)
        await watcher.event("offer.made", contact="c-1")
        offer = await watcher.command("why_offer", contact="c-1", offer=1)
        agent = await watcher.command("why_agent", agent="ann", limit=1)
        bad = await watcher.command("why_agent", agent="ann", limit=1000)
        refused = await desk.command("why_agent", agent="ann")

    assert offer["result"]["agent"] == "ann"
    assert len(agent["result"]["lines"]) == 1
    assert bad["problem"]["errors"][0]["field"] == "limit"
    assert refused["problem"]["status"] == 403


async def test_an_agent_is_not_told_who_failed_before_him(api: Api) -> None:
    await api.furnish("ann", "bob", decline_ms=1_000, cooldown_max_ms=1_000)
    async with (
        stream(api, Role.SUPERVISOR, "eve") as eve,
        stream(api, AGENT, "ann") as ann,
        stream(api, AGENT, "bob") as bob,
    ):
        for desk in (ann, bob):
            await ready(desk)
        await api.admit("c-1")
        told = [await desk.event("offer.made", contact="c-1") for desk in (ann, eve)]

    mine, watched = (message["event"] for message in told)
    assert watched["next"]["agent"] == "bob"
    assert mine == {name: value for name, value in watched.items() if name != "next"}
