"""What is said in contacts, and whose turn it is, through the public interface."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream


async def view(api: Api, contact: str, **caller: Any) -> Json:
    return await api.ok("GET", f"/v1/contacts/{contact}", **caller)


async def told(api: Api, contact: str, **words: Any) -> Json:
    """A gateway tells of a message."""
    path = f"/v1/contacts/{contact}/activity"
    return await api.ok("POST", path, words, role=Role.GATEWAY)


async def talking(desk: Stream, api: Api, contact: str = "c-1", **more: Any) -> None:
    """The agent, who is ready, has a chat."""
    await desk.command("set_state", presence="ready")
    await api.admit(contact, channel="chat", **more)
    offer = await desk.event("offer.made", contact=contact)
    await desk.command("accept", contact=contact, offer=offer["event"]["offer"])


async def test_a_question_leaves_the_turn_to_the_customer_and_his_answer_brings_it_back(
    api: Api,
) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.GATEWAY) as gateway:
        await talking(desk, api)
        words: Json = {"author": "agent", "text": "Which order?", "attachments": ["form.pdf"]}
        asked = await desk.command("report", contact="c-1", **words, id="m1", wait=True)
        heard = (await gateway.event("contact.activity"))["event"]
        waits = await view(api, "c-1")
        held = await api.ok("GET", "/v1/agents/ann")
        listed = await api.ok("GET", "/v1/contacts?state=waiting_customer")
        own = await api.ok("GET", "/v1/contacts?owner=me", role=Role.AGENT, subject="ann")
        queue = await api.ok("GET", "/v1/queues/sales")
        answered = await told(api, "c-1", author="customer", text="Number 7", id="m2")
        again = (await desk.event("contact.assigned", how="customer_replied"))["event"]

    assert asked["state"] == "waiting_customer"
    assert heard.items() >= (words | {"agent": "ann", "visibility": "public", "id": "m1"}).items()
    assert heard["first_response"] is True
    assert heard["response_ms"] >= 0
    assert (waits["owner"], waits["participants"]) == ("ann", ["ann"])
    assert waits["no_answer_at"] - waits["asked_at"] == 3 * 86_400_000
    assert "customer_since" not in waits
    assert held["verdicts"]["chat"] == "ok"
    assert [c["contact"] for c in held["work"]] == ["c-1"]
    assert [c["contact"] for c in listed["contacts"]] == ["c-1"]
    assert [c["contact"] for c in own["contacts"]] == ["c-1"]
    assert (queue["assigned"], queue["waiting_customer"]) == (0, 1)
    assert answered["state"] == "assigned"
    assert again["agent"] == "ann"
    assert "customer_since" in await view(api, "c-1")


async def test_while_its_owner_is_away_an_answer_goes_to_the_queue(api: Api) -> None:
    await api.furnish("ann", "bob", return_position="back")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await talking(ann, api)
        before = await view(api, "c-1")
        await ann.command("report", contact="c-1", author="agent", wait=True)
        await ann.command("set_state", presence="not_ready", reason="lunch")
        answered = await told(api, "c-1", author="customer")
        left = (await ann.event("contact.queued"))["event"]
        await bob.command("set_state", presence="ready")
        offer = (await bob.event("offer.made"))["event"]

    assert answered["state"] == "queued"
    assert (left["reason"], left["agent"]) == ("customer_replied", "ann")
    assert left["entered"] == answered["now"]
    assert offer["card"]["arrived"] == before["arrived"]
    assert offer["card"]["customer_since"] == offer["card"]["entered"] == answered["now"]


async def test_a_slot_may_be_held_and_the_owner_has_it_again_though_he_is_not_ready(
    api: Api,
) -> None:
    await api.furnish("ann", waiting_frees=False)
    async with stream(api, Role.AGENT, "ann") as desk:
        await talking(desk, api)
        await api.ok("POST", "/v1/contacts/c-1/activity", {"author": "agent", "agent": "ann"})
        await desk.command("report", contact="c-1", author="agent", wait=True)
        work = (await api.ok("GET", "/v1/agents/ann"))["work"]
        await desk.command("set_state", presence="not_ready", reason="lunch")
        answered = await told(api, "c-1", author="customer")

    assert [c["state"] for c in work] == ["waiting_customer"]
    assert answered["state"] == "assigned"


async def test_without_an_answer_it_ends(api: Api) -> None:
    await api.furnish("ann", waiting_customer_ms=1_000)
    async with stream(api, Role.AGENT, "ann") as desk:
        await talking(desk, api)
        await desk.command("report", contact="c-1", author="agent", wait=True)
        closed = (await desk.event("contact.closed"))["event"]

    assert (closed["result"], closed["reason"]) == ("expired", "no_answer")
    assert closed["state_before"] == "waiting_customer"
    assert closed["handle_ms"] >= 0


async def test_a_message_told_twice_and_a_note_change_nothing(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await talking(ann, api)
        await ann.command("report", contact="c-1", author="agent", id="m1", wait=True)
        repeat = await ann.command("report", contact="c-1", author="agent", id="m1", wait=True)
        note = await bob.command(
            "report", contact="c-1", author="agent", visibility="internal", text="VIP", id="m2"
        )
        after = await view(api, "c-1")
        heard = (await ann.event("contact.activity", id="m2"))["event"]

    assert (repeat["repeated"], repeat["state"]) == (True, "waiting_customer")
    assert note["state"] == "waiting_customer"
    assert after["participants"] == ["ann"]
    assert (heard["text"], heard["agent"], heard["agents"]) == ("VIP", "bob", ["ann"])


async def test_what_agents_say_among_themselves_is_not_told_to_gateways(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as ann:
        async with stream(api, Role.GATEWAY) as gateway:
            position = dict(gateway.position or {})
            await talking(ann, api)
            words = {"contact": "c-1", "author": "agent"}
            await ann.command("report", **words, visibility="internal", text="VIP", id="m1")
            await ann.command("report", **words, text="Hello", id="m2")
            live = await gateway.event("contact.activity")
        async with stream(api, Role.GATEWAY, position=position) as back:
            late = await back.event("contact.activity")

    assert (live["event"]["id"], late["event"]["id"]) == ("m2", "m2")


async def test_another_member_answers_and_the_owner_stays(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await talking(ann, api)
        await bob.command("report", contact="c-1", author="agent", text="I know that one")
        refused = await bob.command("report", contact="c-1", author="agent", wait=True)

    after = await view(api, "c-1")
    assert (after["owner"], after["participants"]) == ("ann", ["bob"])
    assert refused["problem"]["type"] == "urn:vez:problem:not-yours"


async def test_an_owner_who_is_logged_off_leaves_it_to_its_customer(api: Api) -> None:
    await api.furnish("ann", waiting_frees=False)
    async with stream(api, Role.AGENT, "ann") as desk:
        await talking(desk, api)
        await desk.command("report", contact="c-1", author="agent", wait=True)
        await api.ok("POST", "/v1/agents/ann/log-off", {"contacts": "requeue"})
        kept = await view(api, "c-1")
        work = (await api.ok("GET", "/v1/agents/ann"))["work"]
        back = await told(api, "c-1", author="customer")

    assert (kept["state"], kept["owner"]) == ("waiting_customer", "ann")
    assert [c["contact"] for c in work] == ["c-1"]
    assert back["state"] == "queued"


@pytest.mark.parametrize(
    ("verb", "body", "state"),
    [
        ("close", {}, "closed"),
        ("cancel", {}, "closed"),
        ("release", {}, "queued"),
        ("transfer", {"to_queue": "sales"}, "queued"),
        ("assign", {"agent": "bob", "not_ready": True}, "assigned"),
    ],
)
async def test_every_verb_of_an_owned_contact_knows_the_customers_turn(
    api: Api, verb: str, body: Json, state: str
) -> None:
    await api.furnish("ann", "bob", wrap_up_ms=60_000)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await talking(ann, api)
        await ann.command("report", contact="c-1", author="agent", wait=True)
        await ann.command("set_state", presence="not_ready", reason="lunch")
        done = await api.ok("POST", f"/v1/contacts/c-1/{verb}", body)
        await bob.command("set_state", presence="offline")

    assert done["state"] == state


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "author"),
        ({"author": "boss"}, "author"),
        ({"author": "agent"}, "agent"),
        ({"author": "agent", "agent": "ann", "text": "x" * 4_001}, "text"),
        ({"author": "agent", "agent": "ann", "attachments": ["x"] * 11}, "attachments"),
        ({"author": "customer", "wait": True}, "body"),
        ({"author": "customer", "visibility": "internal"}, "body"),
        ({"author": "agent", "agent": "ann", "visibility": "internal", "wait": True}, "body"),
    ],
)
async def test_bad_words_are_refused(api: Api, body: Json, field: str) -> None:
    await api.furnish("ann")
    await api.admit("c-1", channel="chat")

    status, answer = await api.call("POST", "/v1/contacts/c-1/activity", body)

    assert status == 422
    assert field in [error["field"] for error in answer["errors"]]


@pytest.mark.parametrize(
    ("contact", "body", "type_"),
    [
        ("nothing", {"author": "customer"}, "unknown-contact"),
        ("c-1", {"author": "agent", "agent": "nobody"}, "unknown-agent"),
        ("c-1", {"author": "agent", "agent": "cy"}, "not-member"),
        ("c-1", {"author": "agent", "agent": "ann", "wait": True}, "push-only"),
        ("c-2", {"author": "customer"}, "locked"),
    ],
)
async def test_what_can_not_have_been_said_is_refused(
    api: Api, contact: str, body: Json, type_: str
) -> None:
    await api.furnish("ann", reopen="locked")
    await api.ok("PUT", "/v1/agents/cy", {"slots": {"chat": 1}})
    await api.admit("c-1", channel="chat")
    await api.admit("c-2", channel="chat")
    await api.ok("POST", "/v1/contacts/c-2/cancel", {})

    status, answer = await api.call("POST", f"/v1/contacts/{contact}/activity", body)

    assert status in (404, 409)
    assert answer["type"] == f"urn:vez:problem:{type_}"


async def test_an_agent_speaks_for_himself_only(api: Api) -> None:
    await api.furnish("ann", "bob")
    await api.admit("c-1", channel="chat")
    for words in ({"author": "customer"}, {"author": "agent", "agent": "bob"}):
        status, _ = await api.call(
            "POST", "/v1/contacts/c-1/activity", words, role=Role.AGENT, subject="ann"
        )
        assert status == 403


async def test_an_answer_to_what_nobody_has_claims_it(api: Api) -> None:
    await api.furnish("ann", distribution="pull")
    await api.admit("c-1", channel="chat")
    async with stream(api, Role.AGENT, "ann") as desk:
        answered = await desk.command("report", contact="c-1", author="agent", text="Hello")
        taken = (await desk.event("contact.assigned"))["event"]

    assert answered["state"] == "assigned"
    assert (taken["agent"], taken["how"]) == ("ann", "reply")


async def test_a_customer_brings_back_what_is_over_and_his_last_agent_is_asked(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "bob") as bob, stream(api, Role.AGENT, "ann") as ann:
        await talking(ann, api)
        await bob.command("set_state", presence="ready")
        await ann.command("close", contact="c-1", wrap_up=False)
        back = await told(api, "c-1", author="customer", text="Still broken")
        again = (await ann.event("offer.made", offer=2))["event"]

    after = await view(api, "c-1")
    assert back["state"] == "offered"
    assert (again["kind"], again["sticky"]) == ("direct", True)
    assert after["episode"] == 2
    assert "result" not in after


async def test_an_agent_reopens_and_has_it_at_once(api: Api) -> None:
    await api.furnish("ann", reopen_by=["agent"])
    async with stream(api, Role.AGENT, "ann") as desk:
        await talking(desk, api)
        await desk.command("close", contact="c-1", wrap_up=False)
        status, refused = await api.call(
            "POST", "/v1/contacts/c-1/reopen", {}, role=Role.GATEWAY, subject="pbx"
        )
        mine = await desk.command("reopen", contact="c-1", reason="forgot something")
        told_of = (await desk.event("contact.assigned", how="reopen"))["event"]
        repeat = await desk.command("reopen", contact="c-1")

    assert (status, refused["type"], refused["why"]) == (409, "urn:vez:problem:locked", "by")
    assert (mine["state"], mine["contact"]) == ("assigned", "c-1")
    assert told_of["agent"] == "ann"
    assert repeat["repeated"] is True


async def test_a_new_contact_may_go_on_for_the_old_one(api: Api) -> None:
    await api.furnish("ann", reopen="new_linked_contact")
    async with stream(api, Role.AGENT, "ann") as desk:
        await talking(desk, api, customer="c7")
        await desk.command("close", contact="c-1", wrap_up=False)
        first = await told(api, "c-1", author="customer")
        second = await told(api, "c-1", author="customer")

    old, new = await view(api, "c-1"), await view(api, "c-1.2")
    assert (first["contact"], second["contact"]) == ("c-1.2", "c-1.2")
    assert old["state"] == "closed"
    assert old["links"] == [{"contact": "c-1.2", "kind": "follow_up"}]
    assert new["links"] == [{"contact": "c-1", "kind": "follow_up_of"}]
    assert new["customer"] == "c7"
