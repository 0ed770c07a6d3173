"""Why agents are not ready: what the tenant lists, and what an agent may tell."""

from router.api.roles import Role
from router.settings import USUAL_REASONS
from tests.clients import Api, Json, stream

LISTED: Json = {"lunch": "Almoço", "tea": ""}


async def test_a_reason_that_is_not_listed_is_refused(api: Api) -> None:
    await api.furnish("ann", tenant={"not_ready_reasons": LISTED})
    async with stream(api, Role.AGENT, "ann") as ann:
        told = {"presence": "not_ready", "reason": "lunch"}
        assert (await ann.command("set_state", **told))["outcome"] == "ok"

        refused = await ann.command("set_state", presence="not_ready", reason="break")

        assert refused["problem"]["type"] == "urn:vez:problem:bad-reason"
        (error,) = refused["problem"]["errors"]
        assert (error["field"], error["value"]) == ("reason", "break")
        assert error["expected"] == "one of lunch, tea, or none"
        assert (await api.ok("GET", "/v1/agents/ann"))["reason"] == "lunch"
        assert (await ann.command("set_state", presence="not_ready"))["outcome"] == "ok"


async def test_what_the_engine_made_him_may_be_said_again_and_supervisors_say_why(api: Api) -> None:
    await api.furnish("ann", tenant={"not_ready_reasons": LISTED})
    async with stream(api, Role.AGENT, "ann") as ann:
        assert (await api.ok("GET", "/v1/agents/ann"))["reason"] == "login"
        assert (await ann.command("set_state", presence="not_ready", reason="login"))[
            "outcome"
        ] == "ok"
        body = {"presence": "not_ready", "reason": "come to me"}
        path = "/v1/agents/ann/state"
        await api.ok("POST", path, body, role=Role.SUPERVISOR)

    assert (await api.ok("GET", "/v1/agents/ann"))["reason"] == "come to me"


async def test_everybody_is_told_the_list(api: Api) -> None:
    await api.furnish("ann")
    usual = dict.fromkeys(USUAL_REASONS, "")
    async with stream(api, Role.AGENT, "ann") as ann:
        assert (await ann.command("queues"))["result"]["not_ready_reasons"] == usual
        await api.furnish(tenant={"not_ready_reasons": LISTED})
        assert (await ann.command("queues"))["result"]["not_ready_reasons"] == LISTED
    wall = await api.ok("GET", "/v1/wall", role=Role.SUPERVISOR)
    assert wall["not_ready_reasons"] == LISTED


async def test_a_list_is_held_to_its_bounds(api: Api) -> None:
    await api.furnish("ann")
    cases = [
        ({"no_answer": ""}, "not_ready_reasons.no_answer", "no reason of the engine's own: "),
        ({"a b": ""}, "not_ready_reasons", ""),
        ({"tea": "x" * 61}, "not_ready_reasons.tea", ""),
        ({f"r{n}": "" for n in range(51)}, "not_ready_reasons", ""),
        ({"tea": 5}, "not_ready_reasons.tea", ""),
    ]
    for listed, field, expected in cases:
        status, problem = await api.call("PUT", "/v1/tenant", {"not_ready_reasons": listed})
        assert (status, problem["type"]) == (422, "urn:vez:problem:bad-input"), listed
        (error,) = problem["errors"]
        assert error["field"].startswith(field), error
        assert error["expected"].startswith(expected), error
