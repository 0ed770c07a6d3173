"""Wrap-up in its modes, capacity rules, and what supervisors do, through the public API."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream

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
