"""Who may do what: every operation and every command by every role, as the table says."""

from collections.abc import Callable
from typing import Any

import pytest

from router.api.actions import ACTIONS
from router.api.commands import QUESTIONS
from router.api.operation import Operation
from router.api.operations import OPERATIONS
from router.api.roles import ALL, COMMANDS, Role, may_call, may_command
from router.api.roles import OPERATIONS as ROLES
from tests.clients import Api, stream

PUTS = ("put_queue", "put_agent", "put_calendar")
HTTP = [operation for operation in OPERATIONS if operation.id != "open_stream"]


def path_of(operation: Operation) -> str:
    return operation.path.format(
        contact="c-1", offer=1, agent="ann", queue="sales", calendar="office"
    )


def test_the_tables_name_every_operation_and_command_and_no_other() -> None:
    assert {operation.id for operation in OPERATIONS} == set(ROLES)
    assert ACTIONS.keys() | QUESTIONS.keys() == set(COMMANDS)


def test_what_has_no_row_is_for_nobody() -> None:
    assert not any(may_call(role, "drop_everything") for role in ALL)
    assert not any(may_command(role, "drop_everything") for role in ALL)


@pytest.mark.parametrize("operation", HTTP, ids=lambda operation: operation.id)
async def test_an_operation_is_carried_out_for_its_roles_only(
    api: Api, operation: Operation
) -> None:
    await api.furnish("ann")
    await api.admit("c-1")

    for role in Role:
        status, answer = await api.call(
            operation.method, path_of(operation), operation.example, role=role, subject="ann"
        )
        is_refused = status == 403 and "The role" in answer.get("detail", "")
        assert is_refused == (role not in ROLES[operation.id]), (role, answer)
        assert status != 401


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nonsense", "Basic YTpi", "token"])
async def test_without_a_token_nothing_is_open(api: Api, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for operation in HTTP:
        async with api.http.request(
            operation.method, api.url + path_of(operation), headers=headers
        ) as answer:
            assert answer.status == 401, operation.id
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("operation", HTTP, ids=lambda operation: operation.id)
async def test_the_token_of_another_tenant_meets_nothing_of_this_one(
    api: Api, operation: Operation, new_tenant: Callable[[], str]
) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    before = await api.ok("GET", "/v1/contacts/c-1")
    other = Api(api.http, api.url, new_tenant())
    await other.furnish("bob", queue="other")

    for role in ROLES[operation.id]:
        status, answer = await other.call(
            operation.method, path_of(operation), operation.example, role=role
        )
        if "{" in operation.path and operation.id not in PUTS:
            assert status in (403, 404), answer
        for own in ("c-1", '"ann"'):
            assert own not in str(answer) or own in str(operation.example)

    assert await api.ok("GET", "/v1/contacts/c-1") == before


@pytest.mark.parametrize("role", list(Role))
async def test_a_command_is_carried_out_for_its_roles_only(api: Api, role: Role) -> None:
    await api.furnish("ann")

    async with stream(api, role, "ann") as client:
        for name, roles in COMMANDS.items():
            answer = await client.command(name, contact="none")
            refused = answer.get("problem", {}).get("type") == "urn:vez:problem:forbidden"
            assert refused == (role not in roles), (name, answer)


async def test_an_agent_acts_for_himself_only(api: Api) -> None:
    await api.furnish("ann", "bob")
    await api.admit("c-1")
    attempts = [
        ("POST", "/v1/agents/bob/state", {"presence": "offline"}),
        ("POST", "/v1/contacts/c-1/offers/1/accept", {"agent": "bob"}),
        ("POST", "/v1/contacts/c-1/offers/1/decline", {"agent": "bob"}),
    ]

    for method, path, body in attempts:
        status, answer = await api.call(method, path, body, role=Role.AGENT, subject="ann")
        assert (status, answer["type"]) == (403, "urn:vez:problem:forbidden")


async def test_an_agent_has_no_say_in_what_another_one_owns(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        offer = (await api.admit("c-1"))["offers"][0]

        async with stream(api, Role.AGENT, "bob") as other:
            for name in ("accept", "decline"):
                answer = await other.command(name, contact="c-1", offer=offer["n"])
                assert answer["problem"]["type"] == "urn:vez:problem:not-yours"
            await desk.command("accept", contact="c-1", offer=offer["n"])
            for name, more in (("close", {}), ("release", {}), ("transfer", {"to_queue": "sales"})):
                answer = await other.command(name, contact="c-1", **more)
                assert answer["problem"]["type"] == "urn:vez:problem:not-yours"


async def test_an_agent_sees_the_contacts_of_his_queues_and_no_others(api: Api) -> None:
    await api.furnish("ann")
    await api.ok("PUT", "/v1/queues/vip", {})
    await api.admit("seen")
    await api.admit("unseen", queue="vip")
    ann: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}

    assert (await api.call("GET", "/v1/contacts/seen", **ann))[0] == 200
    assert await api.call("GET", "/v1/contacts/unseen", **ann) == await api.call(
        "GET", "/v1/contacts/no-such", **ann
    )
    assert (await api.call("GET", "/v1/contacts?queue=sales", **ann))[0] == 200
    for query in ("", "?queue=vip", "?owner=bob", "?state=queued"):
        assert (await api.call("GET", f"/v1/contacts{query}", **ann))[0] == 403
