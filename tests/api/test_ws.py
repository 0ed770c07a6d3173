"""The WebSocket: handshake, hello, commands in both encodings, and how it ends."""

from typing import Any

import aiohttp
import msgspec
import pytest

from router.api.codes import CloseCode
from router.api.commands import STRIKES_MAX
from router.api.roles import Role
from router.engine.driver import StoreUnknown
from router.service import Service
from tests.clients import Api, connected, stream, token
from tests.routers import ANY_PORT, NewService, with_limits

BOTH = pytest.mark.parametrize("subprotocol", ["acd.json", "acd.msgpack"])
ANN: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}


@BOTH
async def test_a_desktop_works_in_either_encoding(api: Api, subprotocol: str) -> None:
    await api.furnish("ann")

    async with stream(api, **ANN, subprotocol=subprotocol) as desk:
        assert desk.welcome["role"] == "agent"
        assert desk.welcome["subject"] == "ann"
        assert desk.welcome["lease_ms"] == 10_000
        assert desk.welcome["snapshot"]["work"] == []
        await desk.command("set_state", presence="ready")
        await api.admit("c-1", attributes={"order": 1, "vip": None})
        offer = await desk.event("offer.made")
        assert offer["at"] >= desk.welcome["now"]
        assert offer["event"]["card"]["attributes"] == {"order": 1, "vip": None}
        reply = await desk.command("accept", contact="c-1", offer=offer["event"]["offer"])
        assert reply["type"] == "reply"
        assert reply["position"]
        assert (await desk.command("accept", contact="c-1", offer=1))["repeated"]
        shown = await desk.command("snapshot")
        assert [contact["state"] for contact in shown["result"]["work"]] == ["assigned"]


async def test_one_event_reaches_both_encodings(api: Api) -> None:
    await api.furnish("ann")
    async with (
        stream(api, Role.GATEWAY, "one") as text,
        stream(api, Role.GATEWAY, "two", subprotocol="acd.msgpack") as binary,
    ):
        await api.admit("c-1", attributes={"order": 1})
        events = [await client.event("contact.admitted") for client in (text, binary)]

    assert events[0] == events[1]
    assert events[0]["event"]["attributes"] == {"order": 1}


async def test_each_role_gets_its_own_events(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with (
        stream(api, **ANN) as ann,
        stream(api, Role.AGENT, "bob") as bob,
        stream(api, Role.GATEWAY) as gateway,
        stream(api, Role.SUPERVISOR) as supervisor,
    ):
        assert {queue["queue"] for queue in supervisor.welcome["snapshot"]["queues"]} == {
            "general",
            "sales",
        }
        assert gateway.welcome["snapshot"] == {}
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")
        await ann.command("decline", contact="c-1", offer=1)
        await bob.command("set_state", presence="not_ready", reason="lunch")

        lunch = await supervisor.event("agent.state", agent="bob", reason="lunch")
        await bob.event("agent.state", reason="lunch")
        await ann.event("offer.declined")
        await gateway.event("offer.declined")
        seen = {name: client.events for name, client in (("bob", bob), ("gateway", gateway))}

    assert lunch["event"]["agent"] == "bob"
    assert not any(event["event"]["e"].startswith(("contact.", "offer.")) for event in seen["bob"])
    assert not any(event["event"]["e"].startswith("agent.") for event in seen["gateway"])


async def test_the_token_may_come_in_the_hello(api: Api) -> None:
    await api.furnish("ann")
    async with connected(api, **ANN, headers={}) as desk:
        await desk.hello(token=token(api.tenant, "ann", Role.AGENT))

        assert desk.welcome["subject"] == "ann"


async def test_questions_are_answered_on_the_socket(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    async with stream(api, Role.SUPERVISOR) as client:
        agents = (await client.command("agents", queue="sales"))["result"]["agents"]
        queues = (await client.command("queues"))["result"]["queues"]
        contact = (await client.command("contact", contact="c-1"))["result"]
        why = (await client.command("why", contact="c-1"))["result"]
        unknown = await client.command("contact", contact="none")

    assert [agent["visible"] for agent in agents] == ["offline"]
    assert {queue["queue"]: queue["waiting"] for queue in queues} == {"general": 0, "sales": 1}
    assert contact["state"] == "queued"
    assert why["candidates"][0]["verdict"] == "offline"
    assert unknown["problem"]["status"] == 404


async def test_commands_of_one_socket_are_carried_out_in_order(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.ADMIN) as client:
        commands = [
            {"name": "admit", "args": {"contact": "c-1", "channel": "voice", "queue": "sales"}},
            {"name": "contact", "args": {"contact": "c-1"}},
            {"name": "cancel", "args": {"contact": "c-1"}},
            {"name": "contact", "args": {"contact": "c-1"}},
        ]
        for number, command in enumerate(commands):
            await client.send({"type": "command", "id": f"n{number}"} | command)
        replies = [await client.message("reply") for _ in commands]

    assert [reply["id"] for reply in replies] == ["n0", "n1", "n2", "n3"]
    assert [replies[1]["result"]["state"], replies[3]["result"]["state"]] == ["queued", "closed"]


async def test_a_key_makes_a_repeated_command_safe(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    async with stream(api, Role.GATEWAY) as client:
        command = {
            "type": "command",
            "id": 1,
            "name": "cancel",
            "args": {"contact": "c-1"},
            "key": "cancel-once",
        }
        await client.send(command)
        await client.send(command)
        first, second = await client.message("reply"), await client.message("reply")

    assert (first["outcome"], "repeated" in first) == ("ok", False)
    assert second["repeated"]


async def test_heartbeats_and_pings_are_answered(api: Api) -> None:
    await api.furnish()
    async with stream(api, Role.GATEWAY) as client:
        await client.send({"type": "heartbeat"})
        assert await client.message("heartbeat") == {"type": "heartbeat"}
        await client.socket.ping(b"are you there")
        await client.send({"type": "heartbeat"})
        await client.message("heartbeat")


HELLOS: dict[str, tuple[Any, CloseCode]] = {
    "no json": ("{", CloseCode.BAD_HELLO),
    "no hello": ({"type": "command", "id": 1, "name": "queues"}, CloseCode.BAD_HELLO),
    "another protocol": ({"type": "hello", "protocol": 2}, CloseCode.BAD_HELLO),
    "unknown field": ({"type": "hello", "protocol": 1, "tenant": "t"}, CloseCode.BAD_HELLO),
    "bad session": ({"type": "hello", "protocol": 1, "session": "a b"}, CloseCode.BAD_HELLO),
    "bad token": ({"type": "hello", "protocol": 1, "token": "x"}, CloseCode.TOKEN_REFUSED),
    "no token": ({"type": "hello", "protocol": 1}, CloseCode.TOKEN_REFUSED),
}


@pytest.mark.parametrize(("hello", "code"), HELLOS.values(), ids=HELLOS)
async def test_a_bad_hello_is_refused_with_a_code(api: Api, hello: Any, code: CloseCode) -> None:
    await api.furnish()
    async with connected(api, Role.AGENT, headers={}) as client:
        text = hello if isinstance(hello, str) else msgspec.json.encode(hello).decode()
        await client.socket.send_str(text)

        assert await client.closed() == code


async def test_a_hello_that_does_not_come_is_not_waited_for(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    service = await new_service(with_limits(hello_timeout_ms=100))
    api = Api(http, service.http.url, tenant)
    async with connected(api, Role.AGENT) as client:
        assert await client.closed() == CloseCode.HELLO_LATE


async def test_who_is_not_known_is_told_so(api: Api) -> None:
    async with connected(api, Role.GATEWAY) as client:
        await client.send({"type": "hello", "protocol": 1})
        assert await client.closed() == CloseCode.UNKNOWN_TENANT
    await api.furnish()
    async with connected(api, Role.AGENT, "nobody") as client:
        await client.send({"type": "hello", "protocol": 1})
        assert await client.closed() == CloseCode.UNKNOWN_AGENT


async def test_an_agent_has_so_many_desktops_and_no_more(api: Api) -> None:
    await api.furnish("ann", tenant={"max_sessions": 1})
    async with stream(api, **ANN, session="one"), connected(api, **ANN) as second:
        await second.send({"type": "hello", "protocol": 1, "session": "two"})

        assert await second.closed() == CloseCode.TOO_MANY_SESSIONS


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        '{"type":"dance"}',
        '{"type":"command","id":-1,"name":"x"}',
        '{"type":"hello","protocol":1}',
    ],
)
async def test_a_message_that_is_none_ends_the_socket(api: Api, message: str) -> None:
    await api.furnish()
    async with stream(api, Role.GATEWAY) as client:
        await client.socket.send_str(message)

        assert await client.closed() == CloseCode.BAD_MESSAGE


async def test_the_wrong_kind_of_frame_ends_the_socket(api: Api) -> None:
    await api.furnish()
    async with stream(api, Role.GATEWAY) as client:
        await client.socket.send_bytes(b"\x80")

        assert await client.closed() == CloseCode.BAD_MESSAGE


@pytest.mark.parametrize(("more", "is_fine"), [(0, True), (1, False)])
async def test_a_message_may_be_so_large_and_no_larger(
    api: Api, more: int, *, is_fine: bool
) -> None:
    await api.furnish()
    async with stream(api, Role.GATEWAY) as client:
        limit = 16_384 + more
        text = '{"type":"heartbeat"}'
        await client.socket.send_str(text + " " * (limit - len(text)))

        if is_fine:
            await client.message("heartbeat")
        else:
            assert await client.closed() == 1009


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://desk.example.com.evil.org",
        "http://desk.example.com",
        "https://DESK.example.com",
        "https://desk.example.com:444",
        "https://x@desk.example.com",
        "https://evil.org",
        "",
    ],
)
async def test_only_listed_origins_open_sockets(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str, origin: str
) -> None:
    listed = "https://desk.example.com"
    config = msgspec.structs.replace(
        ANY_PORT, http=msgspec.structs.replace(ANY_PORT.http, origins=(listed,))
    )
    service = await new_service(config)
    api = Api(http, service.http.url, tenant)
    await api.furnish()
    headers = api.headers(Role.GATEWAY)

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(f"{api.url}/v1/stream", headers=headers | {"Origin": origin})
    async with http.ws_connect(
        f"{api.url}/v1/stream", headers=headers | {"Origin": listed}
    ) as socket:
        await socket.send_str('{"type":"hello","protocol":1}')
        assert (await socket.receive_json())["type"] == "welcome"

    assert refused.value.status == 403


async def test_a_subprotocol_that_is_not_ours_is_refused(api: Api) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await api.http.ws_connect(
            f"{api.url}/v1/stream", headers=api.headers(Role.GATEWAY), protocols=["mqtt"]
        )

    assert refused.value.status == 400


async def test_a_bad_token_in_the_header_is_no_socket_at_all(api: Api) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await api.http.ws_connect(
            f"{api.url}/v1/stream", headers={"Authorization": "Bearer nonsense"}
        )

    assert refused.value.status == 401


async def test_too_many_commands_are_refused_one_by_one(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    service = await new_service(with_limits(commands_per_s_max=1, commands_burst_max=2))
    api = Api(http, service.http.url, tenant)
    await api.furnish()
    async with stream(api, Role.GATEWAY) as client:
        answers = [await client.command("contact", contact="none") for _ in range(3)]

    assert [answer["problem"]["status"] for answer in answers] == [404, 404, 429]


async def test_who_goes_on_beyond_the_limit_is_cut_off(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    service = await new_service(with_limits(commands_per_s_max=1, commands_burst_max=1))
    api = Api(http, service.http.url, tenant)
    await api.furnish()
    async with stream(api, Role.GATEWAY) as client:
        for number in range(STRIKES_MAX + 2):
            await client.send({"type": "command", "id": number, "name": "queues"})

        assert await client.closed() == CloseCode.TOO_MANY_COMMANDS


async def test_a_fresh_token_is_taken_for_the_same_caller_only(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, **ANN) as desk:
        await desk.send({"type": "token", "token": token(api.tenant, "ann", Role.AGENT)})
        assert (await desk.command("snapshot"))["outcome"] == "ok"
        await desk.send({"type": "token", "token": token(api.tenant, "bob", Role.AGENT)})
        assert await desk.closed() == CloseCode.TOKEN_REFUSED


async def test_a_store_that_does_not_answer_is_a_problem_not_the_end(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.furnish("ann")

    async def fail(*_args: Any) -> bytes:
        raise StoreUnknown("lost")

    async with stream(api, **ANN) as desk:
        with monkeypatch.context() as patch:
            patch.setattr(service.engine.store, "fcall", fail)
            answer = await desk.command("set_state", presence="ready")
        assert answer["problem"]["type"] == "urn:vez:problem:outcome-unknown"
        assert (await desk.command("set_state", presence="ready"))["outcome"] == "ok"


async def test_a_bug_is_answered_once_and_the_socket_lives(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.furnish("ann")

    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a bug")

    async with stream(api, Role.GATEWAY) as client:
        with monkeypatch.context() as planted:
            planted.setattr(service.engine, "call", broken)
            refused = await client.command("cancel", contact="c-1")
        shown = await client.command("queues")

    assert refused["problem"]["type"] == "urn:vez:problem:internal"
    assert shown["outcome"] == "ok"
    assert not client.others
    labels = {"operation": "open_stream", "status": "500"}
    name = "acd_http_request_seconds_count"
    assert service.metrics.registry.get_sample_value(name, labels) == 1


async def test_a_dear_question_costs_more_than_a_cheap_one(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    limits = {"commands_per_s_max": 1, "commands_burst_max": 40}
    service = await new_service(with_limits(**limits))
    api = Api(http, service.http.url, tenant)
    await api.furnish("ann")
    async with stream(api, **ANN) as desk:
        answers = [await desk.command("agents", limit=200) for _ in range(5)]

    assert [answer["type"] for answer in answers] == ["reply"] * 3 + ["problem"] * 2
