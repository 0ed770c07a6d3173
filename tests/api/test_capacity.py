"""Wrap-up in its modes, capacity rules, and what supervisors do, through the public API."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, connected, stream
from tests.routers import NewService

ANN: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}


async def talking(api: Api, desk: Stream, contact: str = "c-1", **more: Any) -> None:
    """Ann gets ready, and accepts the contact that comes."""
    await desk.command("set_state", presence="ready")
    [offer] = (await api.admit(contact, **more))["offers"]
    await desk.command("accept", contact=contact, offer=offer["n"])


@pytest.mark.parametrize(
    ("mode", "wish", "state"),
    [
        ("off", True, "closed"),
        ("on_request", None, "closed"),
        ("on_request", True, "wrap_up"),
        ("optional", None, "wrap_up"),
        ("optional", False, "closed"),
        ("forced", False, "wrap_up"),
        ("forced_limit", False, "wrap_up"),
    ],
)
async def test_the_queues_mode_says_who_decides_on_wrap_up(
    api: Api,
    mode: str,
    wish: bool | None,  # noqa: FBT001
    state: str,
) -> None:
    await api.furnish("ann", wrap_up=mode, wrap_up_ms=60_000)

    async with stream(api, **ANN) as desk:
        await talking(api, desk)
        wished: Json = {} if wish is None else {"wrap_up": wish}
        answer = await desk.command("close", contact="c-1", **wished)

    assert answer["state"] == state


async def test_a_wrap_up_of_fixed_length_is_not_ended_by_its_agent(api: Api) -> None:
    await api.furnish("ann", wrap_up="forced_limit", wrap_up_ms=60_000)

    async with stream(api, **ANN) as desk:
        await talking(api, desk)
        await desk.command("close", contact="c-1")
        until = (await desk.event("contact.wrap_up", mode="forced_limit"))["event"]["until"]
        refused = await desk.command("end_wrap_up", contact="c-1")
        await api.ok("POST", "/v1/contacts/c-1/end-wrap-up", {}, role=Role.SUPERVISOR)
        await desk.event("contact.closed", contact="c-1")

    problem = refused["problem"]
    assert (problem["type"], problem["until"]) == ("urn:vez:problem:too-early", until)


async def test_a_forced_wrap_up_lasts_until_its_agent_ends_it(api: Api) -> None:
    await api.furnish("ann", wrap_up="forced", tenant={"wrap_up_max_ms": 5_000_000})

    async with stream(api, **ANN) as desk:
        await talking(api, desk)
        await desk.command("close", contact="c-1")
        event = await desk.event("contact.wrap_up")
        assert event["event"]["until"] - event["at"] == 5_000_000
        assert (await desk.command("end_wrap_up", contact="c-1"))["state"] == "closed"


@pytest.mark.parametrize("mode", ["on_request", "forced_limit"])
async def test_a_mode_that_needs_a_length_is_refused_without_one(api: Api, mode: str) -> None:
    await api.furnish()

    status, answer = await api.call("PUT", "/v1/queues/sales", {"wrap_up": mode})

    assert status == 422
    assert answer["errors"] == [
        {"field": "wrap_up_ms", "value": 0, "expected": f'above 0 with wrap_up = "{mode}"'}
    ]


CHANNELS: Json = {
    "voice": {"cost": 3, "interrupts": ["email"]},
    "chat": {"cost": 1},
    "email": {"cost": 1},
    "video": {"cost": 1, "exclusive": True, "interrupts": ["email"]},
}
SLOTS = {"voice": 1, "chat": 3, "email": 3, "video": 1}


async def furnish_with_precedence(api: Api) -> None:
    """Ann, who holds three units at once: a call takes them all."""
    await api.furnish(tenant={"channels": CHANNELS})
    definition = {"memberships": {"sales": {}}, "slots": SLOTS, "capacity": 3}
    await api.ok("PUT", "/v1/agents/ann", definition)


async def verdict(api: Api, contact: str) -> str:
    answer = await api.ok("GET", f"/v1/contacts/{contact}/why")
    return str(answer["candidates"][0]["verdict"])


async def test_a_call_interrupts_an_email_and_gives_it_back(api: Api) -> None:
    await furnish_with_precedence(api)

    async with stream(api, **ANN) as desk:
        await talking(api, desk, "mail", channel="email")
        await talking(api, desk, "call")
        told = await desk.event("work.interrupted")
        snapshot = (await desk.command("snapshot"))["result"]
        assert [c.get("interrupted", False) for c in snapshot["work"]] == [False, True]
        assert snapshot["work"][1]["state"] == "assigned"
        assert (await api.admit("more", channel="email")).get("offers") is None
        assert await verdict(api, "more") == "no_capacity"
        await desk.command("close", contact="call")
        resumed = await desk.event("work.resumed")
        await desk.event("offer.made", contact="more")

    assert told["event"] == {
        "e": "work.interrupted", "agent": "ann", "contact": "mail", "by": "call"
    }  # fmt: skip
    assert resumed["event"]["contact"] == "mail"


async def test_an_email_that_rings_gives_way_to_an_accepted_call(api: Api) -> None:
    await furnish_with_precedence(api)

    async with stream(api, **ANN) as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("mail", channel="email")
        [offer] = (await api.admit("call"))["offers"]
        await desk.command("accept", contact="call", offer=offer["n"])
        await desk.event("offer.revoked", contact="mail", reason="interrupted")

    assert (await api.ok("GET", "/v1/contacts/mail"))["state"] == "queued"


async def test_an_exclusive_contact_is_alone_but_for_what_it_interrupts(api: Api) -> None:
    await furnish_with_precedence(api)

    async with stream(api, **ANN) as desk:
        await talking(api, desk, "mail", channel="email")
        await talking(api, desk, "talk", channel="chat")
        await api.admit("film", channel="video")
        assert await verdict(api, "film") == "exclusive"
        await desk.command("close", contact="talk")
        offer = (await desk.event("offer.made", contact="film"))["event"]["offer"]
        await desk.command("accept", contact="film", offer=offer)
        for channel in ("chat", "email", "voice"):
            await api.admit(f"another-{channel}", channel=channel)
            assert await verdict(api, f"another-{channel}") == "exclusive"


@pytest.mark.parametrize(
    ("channels", "field", "value", "expected"),
    [
        (
            {"voice": {"interrupts": ["fax"]}},
            "channels.voice.interrupts",
            "fax",
            "a channel of this tenant: voice",
        ),
        (
            {"voice": {"interrupts": ["voice"]}},
            "channels.voice.interrupts",
            "voice",
            "no circle: voice interrupts voice in turn",
        ),
        (
            {
                "a": {"interrupts": ["b"]},
                "b": {"interrupts": ["c"]},
                "c": {"interrupts": ["a"]},
            },
            "channels.a.interrupts",
            "b",
            "no circle: b interrupts a in turn",
        ),
    ],
)
async def test_channels_that_can_not_interrupt_each_other_are_refused(
    api: Api, channels: Json, field: str, value: str, expected: str
) -> None:
    status, answer = await api.call("PUT", "/v1/tenant", {"channels": channels})

    assert status == 422
    assert answer["errors"][0] == {"field": field, "value": value, "expected": expected}


@pytest.mark.parametrize(
    ("cause", "setting", "reason"),
    [
        ("declined", "max_declines", "declines"),
        ("unreachable", "max_unreachable", "unreachable"),
    ],
)
async def test_failures_in_a_row_make_an_agent_not_ready(
    api: Api, cause: str, setting: str, reason: str
) -> None:
    await api.furnish("ann", tenant={setting: 2}, decline_ms=100, unreachable_ms=100)

    async with stream(api, **ANN) as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1")
        for _ in range(2):
            offer = (await desk.event("offer.made"))["event"]["offer"]
            await desk.command("decline", contact="c-1", offer=offer, cause=cause)
        state = (await desk.event("agent.state", presence="not_ready"))["event"]

    assert (state["reason"], state["cause"]) == (reason, reason)


async def test_an_agent_made_not_ready_returns_by_himself(api: Api) -> None:
    await api.furnish("ann", tenant={"max_declines": 1, "return_ms": 50}, decline_ms=60_000)

    async with stream(api, **ANN) as desk:
        await desk.command("set_state", presence="ready")
        [offer] = (await api.admit("c-1"))["offers"]
        await desk.command("decline", contact="c-1", offer=offer["n"])
        await desk.event("agent.state", presence="not_ready", cause="declines")
        await desk.event("agent.state", presence="ready", cause="returned")


async def test_what_he_declares_keeps_an_agent_from_returning(api: Api) -> None:
    await api.furnish("ann", tenant={"max_declines": 1, "return_ms": 600_000})

    async with stream(api, **ANN) as desk:
        await desk.command("set_state", presence="ready")
        [offer] = (await api.admit("c-1"))["offers"]
        await desk.command("decline", contact="c-1", offer=offer["n"])
        assert "return_at" in await api.ok("GET", "/v1/agents/ann")
        await desk.command("set_state", presence="not_ready", reason="lunch")

    assert "return_at" not in await api.ok("GET", "/v1/agents/ann")


async def test_a_late_goodbye_does_not_end_a_session_resumed_elsewhere(
    api: Api, new_service: NewService
) -> None:
    await api.furnish("ann")
    other = await new_service()

    async with (
        stream(api, **ANN, session="desk") as old,
        stream(api, **ANN, session="desk", url=other.http.url) as desk,
    ):
        await desk.command("set_state", presence="ready")
        await old.send({"type": "bye"})
        assert await old.closed() == 1000
        await desk.command("snapshot")
        agent = await api.ok("GET", "/v1/agents/ann")

    assert (agent["presence"], agent["sessions"]) == ("ready", ["desk"])


BOSS: dict[str, Any] = {"role": Role.SUPERVISOR, "subject": "boss"}


async def test_a_supervisor_gives_a_waiting_contact_to_an_agent(api: Api) -> None:
    await api.furnish("ann")

    async with stream(api, **ANN) as desk:
        await api.admit("c-1")
        refused = await api.call("POST", "/v1/contacts/c-1/assign", {"agent": "ann"}, **BOSS)
        body = {"agent": "ann", "not_ready": True, "reason": "vip"}
        await api.ok("POST", "/v1/contacts/c-1/assign", body, **BOSS)
        told = (await desk.event("contact.assigned"))["event"]

    assert (refused[0], refused[1]["verdict"]) == (409, "not_ready")
    assert (told["how"], told["not_ready"], told["reason"]) == ("hand", True, "vip")
    assert "over_capacity" not in told


async def test_an_administrator_gives_a_contact_to_somebody_outside_the_queue(api: Api) -> None:
    await api.furnish("ann")
    await api.ok("PUT", "/v1/agents/eva", {"slots": {"voice": 1}, "capacity": 2})

    async with stream(api, Role.AGENT, "eva") as desk:
        await api.admit("c-1")
        body: dict[str, Any] = {"agent": "eva", "not_ready": True}
        outsider = await api.call("POST", "/v1/contacts/c-1/assign", body, **BOSS)
        body["not_member"] = True
        supervisor = await api.call("POST", "/v1/contacts/c-1/assign", body, **BOSS)
        await api.ok("POST", "/v1/contacts/c-1/assign", body)
        await desk.event("contact.assigned")

    assert (outsider[0], outsider[1]["type"]) == (409, "urn:vez:problem:not-member")
    assert supervisor[0] == 403


async def test_an_agent_is_named_once(api: Api) -> None:
    await api.furnish("ann")
    twice = {"contact": "c-1", "channel": "voice", "queue": "sales", "agents": ["ann", "ann"]}

    status, problem = await api.call("POST", "/v1/contacts", twice, role=Role.GATEWAY)

    assert (status, problem["errors"][0]["field"]) == (422, "agents[1]")


async def test_a_supervisor_takes_a_contact_away_and_says_why(api: Api) -> None:
    await api.furnish("ann")

    async with stream(api, **ANN) as desk:
        await talking(api, desk)
        await api.ok("POST", "/v1/contacts/c-1/release", {"reason": "wrong desk"}, **BOSS)
        told = (await desk.event("contact.queued"))["event"]

    assert (told["reason"], told["note"], told["agent"]) == ("pulled", "wrong desk", "ann")


async def test_a_logged_off_agent_does_not_come_back_by_himself(api: Api) -> None:
    await api.furnish("ann")

    async with stream(api, **ANN, session="desk") as desk:
        await talking(api, desk)
        body = {"contacts": "requeue", "reason": "left"}
        await api.ok("POST", "/v1/agents/ann/log-off", body, **BOSS)
        assert await desk.closed() == 4109
        position = desk.position
    async with connected(api, **ANN) as again:
        await again.send({"type": "hello", "protocol": 1, "session": "desk", "position": position})
        assert await again.closed() == 4109
    assert (await api.ok("GET", "/v1/agents/ann"))["presence"] == "offline"
    assert (await api.ok("GET", "/v1/contacts/c-1"))["state"] == "queued"
    async with stream(api, **ANN, session="desk") as fresh:
        assert fresh.welcome["session"] == "desk"


async def test_the_gateway_is_told_who_listens_and_the_agent_is_not(api: Api) -> None:
    await api.furnish("ann")

    async with stream(api, **ANN) as desk, stream(api, Role.GATEWAY) as gateway:
        await talking(api, desk)
        for mode in ("listen", "listen", "barge"):
            await api.ok("POST", "/v1/contacts/c-1/monitor", {"mode": mode}, **BOSS)
        await desk.command("close", contact="c-1", wrap_up=False)
        modes = [(await gateway.event("contact.monitored"))["event"]["mode"] for _ in range(3)]
        await desk.event("contact.closed")

    assert modes == ["listen", "barge", "stop"]
    assert not [m for m in desk.events if m["event"]["e"] == "contact.monitored"]


async def test_a_state_that_another_declared_says_so(api: Api) -> None:
    await api.furnish("ann")

    async with stream(api, **ANN) as desk:
        body = {"presence": "ready", "reason": "busy hour"}
        await api.ok("POST", "/v1/agents/ann/state", body, **BOSS)
        told = (await desk.event("agent.state", presence="ready"))["event"]

    assert (told["forced"], told["reason"]) == (True, "busy hour")
