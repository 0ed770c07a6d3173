"""Every field of every request, faulty in every way: the answer names it, and nothing changes."""

import json
from typing import Any

import msgspec
import pytest
import redis

from router.api.actions import ACTIONS
from router.api.commands import QUESTIONS
from router.api.fields import shorten
from router.api.operation import Operation
from router.api.operations import OPERATIONS
from router.api.roles import COMMANDS, Role
from router.api.roles import OPERATIONS as ROLES
from tests.api.bad_values import Json, bad_bodies
from tests.clients import Api, stream
from tests.servers import TestServer

WITH_BODY = [operation for operation in OPERATIONS if operation.body_type is not None]
READS = [operation for operation in OPERATIONS if operation.answer is not None]
GOOD_ARGS: dict[str, Json] = {
    "admit": {"contact": "c-new", "channel": "voice"},
    "accept": {"contact": "c-1", "offer": 1, "agent": "ann"},
    "decline": {"contact": "c-1", "offer": 1, "agent": "ann"},
    "transfer": {"contact": "c-1", "to_queue": "sales"},
    "set_state": {"agent": "ann", "presence": "ready"},
    "snapshot": {},
    "agents": {},
    "queues": {},
    "inbox": {},
    "inbox_counts": {},
}


def state(server: TestServer, tenant: str) -> dict[bytes, Any]:
    """Everything that is stored for the tenant, but for the clock."""
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        keys = sorted(client.scan_iter(f"{{{tenant}}}:*"))
        found: dict[bytes, Any] = {key: client.dump(key) for key in keys}
        meta = f"{{{tenant}}}:meta".encode()
        clock = (b"real", b"virt")
        fields = client.hgetall(meta).items()
        found[meta] = {name: value for name, value in fields if name not in clock}
    return found


@pytest.fixture
async def furnished(api: Api) -> Api:
    await api.furnish("ann")
    await api.admit("c-1")
    return api


def path_of(operation: Operation) -> str:
    return operation.path.format(
        contact="c-1", offer=1, agent="ann", queue="sales", calendar="office"
    )


def role_of(operation: str, roles: Any = ROLES) -> Role:
    return Role.ADMIN if Role.ADMIN in roles[operation] else Role.GATEWAY


def check(answer: Json, field: str, value: Any) -> None:
    assert answer["type"] == "urn:vez:problem:bad-input", answer
    named = {error["field"]: error for error in answer["errors"]}
    assert field in named, (field, answer)
    assert named[field]["expected"]
    if value is not ...:
        assert named[field]["value"] == value


def value_at(body: Any, field: str) -> Any:
    """What the answer must show of the value; ... where the fault is not a value."""
    if not isinstance(body, dict) or field not in body:
        return ...
    return msgspec.json.decode(msgspec.json.encode(shorten(body[field])))


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.id)
async def test_bad_bodies_are_refused_by_field_and_change_nothing(
    furnished: Api, operation: Operation, server: TestServer
) -> None:
    before = state(server, furnished.tenant)
    role = role_of(operation.id)
    cases = list(bad_bodies(operation.body_type, operation.example or {}))

    for what, field, body in cases:
        status, answer = await furnished.call(operation.method, path_of(operation), body, role=role)
        assert status == 422, (what, field, body, answer)
        check(answer, field, value_at(body, field))

    assert len(cases) >= 2
    assert state(server, furnished.tenant) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
async def test_bad_ids_in_the_path_are_refused_by_name(
    furnished: Api, operation: Operation, server: TestServer
) -> None:
    before = state(server, furnished.tenant)
    good = {"contact": "c-1", "offer": "1", "agent": "ann", "queue": "sales", "calendar": "office"}
    bad = {"contact": "a%20b", "offer": "one", "agent": "x" * 65, "queue": "a%7Db"}
    bad["calendar"] = "a%20b"
    names = [name for name in good if f"{{{name}}}" in operation.path]

    for name in names:
        path = operation.path.format(**(good | {name: bad[name]}))
        status, answer = await furnished.call(
            operation.method, path, operation.example, role=role_of(operation.id)
        )
        assert status == 422, answer
        check(answer, name, ...)

    assert state(server, furnished.tenant) == before


@pytest.mark.parametrize("operation", READS, ids=lambda operation: operation.id)
async def test_bad_parameters_are_refused_by_name(furnished: Api, operation: Operation) -> None:
    bad = {
        "queue": ["a%20b"],
        "state": ["gone"],
        "owner": ["%7B%7D"],
        "origin": ["x" * 65],
        "limit": ["0", "1001", "many", "1.5"],
        "cursor": ["x" * 401],
        "below": ["0", "many"],
        "after": ["x" * 65],
        "view": ["some"],
        "hidden": ["maybe"],
        "fields": ["maybe"],
        "series": ["maybe"],
        "participant": ["%7B%7D"],
        "waiting": ["them"],
        "channel": ["a%20b"],
        "sort": ["best"],
        "interval": ["week"],
        "by": ["moon"],
        "from": ["soon"],
        "to": ["soon"],
        "short_abandon_ms": ["-1", "many"],
        "service_level_ms": ["-1", "many"],
        "time_zone": ["x" * 65],
        "format": ["pdf"],
    }
    bad |= {
        name: ["x" * 257] for name in ("customer", "address", "conversation", "subject", "text")
    }
    names = [field.encode_name for field in msgspec.structs.fields(operation.query_type)]
    cases = [(name, f"{name}={value}") for name in names for value in bad[name]]
    cases += [(name, f"{name}=1&{name}=2") for name in names]

    for name, query in [*cases, ("bogus", "bogus=1")]:
        status, answer = await furnished.call("GET", f"{path_of(operation)}?{query}")
        assert status == 422, answer
        check(answer, name, ...)


@pytest.mark.parametrize("key", ["", "x" * 129, "tab\there", "é"])
async def test_a_bad_idempotency_key_is_refused(furnished: Api, key: str) -> None:
    status, answer = await furnished.call(
        "POST", "/v1/contacts/c-1/cancel", headers={"Idempotency-Key": key}
    )

    assert status == 422
    check(answer, "Idempotency-Key", ...)
    assert (await furnished.ok("GET", "/v1/contacts/c-1"))["state"] == "queued"


async def test_attributes_that_are_too_long_as_a_whole_are_refused(furnished: Api) -> None:
    attributes = {f"k{number}": "x" * 1_000 for number in range(5)}

    status, answer = await furnished.call(
        "POST",
        "/v1/contacts",
        {"contact": "c-2", "channel": "voice", "attributes": attributes},
    )

    assert status == 422
    check(answer, "attributes", ...)


@pytest.mark.parametrize("name", COMMANDS)
async def test_bad_arguments_of_commands_are_refused_by_field_and_change_nothing(
    furnished: Api, name: str, server: TestServer
) -> None:
    kinds = {command: action.args for command, action in ACTIONS.items()} | QUESTIONS
    good = GOOD_ARGS.get(name, {"contact": "c-1"})
    cases = [case for case in bad_bodies(kinds[name], good) if isinstance(case[2], dict)]

    async with stream(furnished, role_of(name, COMMANDS)) as client:
        before = state(server, furnished.tenant)
        for what, field, body in cases:
            answer = await client.command(name, **body)
            assert answer["type"] == "problem", (what, field, body, answer)
            check(answer["problem"], field, value_at(body, field))

    assert cases
    assert state(server, furnished.tenant) == before


async def test_an_unknown_command_is_told_the_known_ones(furnished: Api) -> None:
    async with stream(furnished, Role.ADMIN) as client:
        answer = await client.command("acept", contact="c-1")

    check(answer["problem"], "name", "acept")
    assert "accept" in answer["problem"]["errors"][0]["expected"]


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 2**64, -(2**70), 10**400])
async def test_numbers_beyond_what_every_program_can_hold_are_refused(
    furnished: Api, number: int
) -> None:
    body = {"contact": "c-2", "channel": "voice", "attributes": {"order": number}}
    raw = json.dumps(body).encode()
    headers = furnished.headers(Role.GATEWAY) | {"Content-Type": "application/json"}

    async with furnished.http.post(f"{furnished.url}/v1/contacts", data=raw, headers=headers) as it:
        answer = await it.json(content_type=None)

    assert it.status == 422, answer
    check(answer, "attributes.order", ...)


@pytest.mark.parametrize("number", [2**53, -(2**53)])
async def test_numbers_that_every_program_can_hold_are_kept(furnished: Api, number: int) -> None:
    await furnished.admit("c-2", attributes={"order": number})

    kept = await furnished.ok("GET", "/v1/contacts/c-2")
    assert kept["attributes"] == {"order": number}


@pytest.mark.parametrize(
    "strange",
    [msgspec.msgpack.Ext(5, b"x"), [msgspec.msgpack.Ext(5, b"x")], 2**64 - 1, b"\xff"],
    ids=["ext", "ext in a list", "64 bits", "bytes"],
)
async def test_values_that_only_messagepack_has_are_refused_and_the_socket_lives(
    furnished: Api, strange: Any
) -> None:
    async with stream(furnished, Role.GATEWAY, subprotocol="acd.msgpack") as client:
        asked = {"contact": "c-2", "channel": "voice", "attributes": {"order": strange}}
        answer = await client.command("admit", **asked)
        check(answer["problem"], "attributes.order", ...)
        assert (await client.command("queues"))["outcome"] == "ok"
