"""Strategies from outside: settings good and bad, why this agent was called, and in which order."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Stream, stream
from tests.routers import api, http, new_service, service

__all__ = ["api", "http", "new_service", "service"]


async def get_ready(desk: Stream) -> None:
    assert (await desk.command("set_state", presence="ready"))["outcome"] == "ok"


async def test_the_highest_level_is_called_and_the_answers_say_why(api: Api) -> None:
    await api.furnish("ann", strategy="top_down")
    levels = {"ann": 20, "bob": 90}
    for agent, level in levels.items():
        body = {"memberships": {"sales": {"level": level}}, "slots": {"voice": 1}, "capacity": 2}
        await api.ok("PUT", f"/v1/agents/{agent}", body)

    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await get_ready(ann)
        await get_ready(bob)
        standing = await api.ok("GET", "/v1/agents/ann")
        admitted = await api.admit("c-1")
        made = (await bob.event("offer.made"))["event"]
        why = await api.ok("GET", "/v1/contacts/c-1/why")

    assert [offer["agent"] for offer in admitted["offers"]] == ["bob"]
    assert made["strategy"] == "top_down"
    assert made["score"] == (100 - 90) * 10**13 + made["turn"]
    assert standing["active"] >= standing["turn"] > 0
    candidates = {each["agent"]: each for each in why["candidates"]}
    assert candidates["ann"]["score"] == (100 - 20) * 10**13 + candidates["ann"]["turn"]
    assert candidates["ann"]["rank"] == 1
    assert "score" not in candidates["bob"]  # he rings, and stands in no row


async def test_another_strategy_holds_from_now_on(api: Api) -> None:
    await api.furnish("ann", "bob")

    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await get_ready(ann)
        await get_ready(bob)
        await api.admit("c-1", channel="chat")
        await api.ok("PUT", "/v1/queues/sales", {"strategy": "specialists_first"})
        body: dict[str, Any] = {"memberships": {"sales": {}}, "skills": {"english": 9}}
        await api.ok("PUT", "/v1/agents/bob", body | {"slots": {"chat": 2}, "capacity": 2})
        second = await api.admit("c-2", channel="chat")

    assert [offer["agent"] for offer in second["offers"]] == ["ann"]


async def test_an_agent_serves_the_credited_queue_first(api: Api) -> None:
    await api.furnish(queue="sales")
    await api.ok("PUT", "/v1/queues/support", {"credit_ms": 60_000})
    await api.admit("c-1", queue="sales")
    await api.admit("c-2", queue="support")
    memberships = {"sales": {}, "support": {"credit_ms": 1_000}}
    both = {"memberships": memberships, "slots": {"voice": 1}, "capacity": 2}
    await api.ok("PUT", "/v1/agents/ann", both)

    async with stream(api, Role.AGENT, "ann") as ann:
        await get_ready(ann)

        assert (await ann.event("offer.made"))["event"]["contact"] == "c-2"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("strategy", "loudest"),
        ("idle_since", "birth"),
        ("seed", -1),
        ("credit_ms", 86_400_001),
    ],
)
async def test_a_bad_rule_is_named_with_what_was_expected(
    api: Api, field: str, value: object
) -> None:
    await api.furnish()

    status, answer = await api.call("PUT", "/v1/queues/sales", {field: value})

    assert (status, answer["type"]) == (422, "urn:vez:problem:bad-input")
    [error] = answer["errors"]
    assert (error["field"], error["value"]) == (field, value)
    assert error["expected"]


@pytest.mark.parametrize(("field", "value"), [("weight", 0), ("weight", 101), ("credit_ms", 0.5)])
async def test_a_bad_membership_is_named_with_what_was_expected(
    api: Api, field: str, value: object
) -> None:
    await api.furnish()

    body = {"memberships": {"sales": {field: value}}}
    status, answer = await api.call("PUT", "/v1/agents/ann", body)

    assert (status, answer["type"]) == (422, "urn:vez:problem:bad-input")
    [error] = answer["errors"]
    assert error["field"] == f"memberships.sales.{field}"
    assert error["expected"]
