"""Sessions: leases, returns, goodbyes, losses and slow readers."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import redis

from presence.calls import CloseSession
from router.api.codes import CloseCode
from router.api.roles import Role
from router.buckets import TokenBucket
from router.service import Service
from tests.clients import Api, Stream, connected, stream
from tests.routers import NewService, with_limits
from tests.servers import TestServer
from tests.waiting import wait_until

ANN: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}
SHORT_LEASE = {"lease_ms": 600, "grace_ms": 60_000}


@pytest.fixture
async def quick(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> Callable[[], Awaitable[Api]]:
    """A router that asks for life every 200 ms, and a tenant whose leases are 600 ms."""

    async def make() -> Api:
        service = await new_service(with_limits(ping_ms=200))
        return Api(http, service.http.url, tenant)

    return make


async def presence(api: Api, agent: str = "ann") -> dict[str, Any]:
    return await api.ok("GET", f"/v1/agents/{agent}")


async def test_a_gap_is_given_whole_and_then_the_flow_goes_on(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN, session="s1") as desk:
        await desk.command("set_state", presence="ready")
        await desk.event("agent.state", presence="ready")
        desk.drop()
    await api.admit("c-1")
    await api.ok("POST", "/v1/contacts/c-1/cancel", {})

    async with stream(api, **ANN, session="s1", position=desk.position) as back:
        assert back.welcome["recovered"] is True
        assert "snapshot" not in back.welcome
        await back.event("offer.made", contact="c-1")
        await back.event("offer.revoked", contact="c-1")
        await api.admit("c-2")
        await back.event("offer.made", contact="c-2")
        names = [message["event"]["e"] for message in back.events]

    assert "session.opened" not in names  # it was the same one all the time


async def test_every_position_of_a_flow_is_a_place_to_resume_from(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.SUPERVISOR) as watcher:
        start = dict(watcher.position or {})
        async with stream(api, **ANN) as desk:
            await desk.command("set_state", presence="ready")
            await api.admit("c-1")
            await desk.command("accept", contact="c-1", offer=1)
            await desk.command("close", contact="c-1")
        await watcher.event("session.closed")
    flow = await resumed(api, start)

    for place, message in enumerate(flow):
        assert await resumed(api, start | {"id": message["position"]}) == flow[place + 1 :]
    assert len(flow) > 8


async def resumed(api: Api, position: dict[str, Any]) -> list[dict[str, Any]]:
    """What a watcher is given who comes back at that position."""
    async with stream(api, Role.SUPERVISOR, position=position) as watcher:
        assert watcher.welcome["recovered"] is True
        await watcher.send({"type": "heartbeat"})
        await watcher.message("heartbeat")
        return watcher.events


@pytest.mark.parametrize(
    "position",
    [
        {"epoch": "another", "id": "1-1"},
        {"id": "1-1"},
        {"id": "nonsense"},
        {"id": "99999999999999-0"},
    ],
    ids=["another epoch", "never was", "no position", "from the future"],
)
async def test_a_position_that_can_not_be_honoured_brings_a_snapshot(
    api: Api, position: dict[str, str]
) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN) as desk:
        epoch = desk.welcome["epoch"]

    async with stream(api, **ANN, position={"epoch": epoch} | position) as back:
        assert back.welcome["recovered"] is False
        assert back.welcome["snapshot"]["agent"]["agent"] == "ann"


async def test_a_trimmed_journal_brings_a_snapshot_never_a_part(
    api: Api, new_service: NewService, server: TestServer
) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN) as desk:
        position = desk.position
    await api.admit("c-1")
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.xtrim(f"{{{api.tenant}}}:journal", maxlen=1, approximate=False)
    fresh = await new_service()  # it has not seen what was trimmed

    async with stream(api, **ANN, url=fresh.http.url, position=position) as back:
        assert back.welcome["recovered"] is False


async def test_a_goodbye_ends_the_session_at_once(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN) as desk:
        assert (await presence(api))["sessions"]
        await desk.close(1000)
        await wait_until(lambda: has_no_session(api))
    async with stream(api, **ANN) as desk:
        await desk.send({"type": "bye"})
        assert await desk.closed() == CloseCode.BYE
        await wait_until(lambda: has_no_session(api))


async def test_a_page_that_is_loaded_again_loses_nothing(api: Api) -> None:
    """A browser leaves a page with 1001, whether it is closed or comes back at once."""
    await api.furnish("ann")
    async with stream(api, **ANN, session="desk-1") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1")
        await desk.event("offer.made")
        await desk.close(1001)
    async with stream(api, **ANN, session="desk-1") as again:
        work = again.welcome["snapshot"]["work"]
        assert [one["contact"] for one in work] == ["c-1"]
        assert again.welcome["snapshot"]["agent"]["presence"] == "ready"


async def has_no_session(api: Api) -> bool:
    return not (await presence(api))["sessions"]


async def test_an_offer_goes_on_when_its_agent_says_goodbye(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "bob") as bob:
        async with stream(api, **ANN) as ann:
            await ann.command("set_state", presence="ready")
            await api.admit("c-1")
            await ann.event("offer.made")
            await bob.command("set_state", presence="ready")
        assert (await bob.event("offer.made"))["event"]["contact"] == "c-1"


async def test_a_lost_connection_keeps_the_session_for_its_lease_and_no_longer(
    quick: Callable[[], Awaitable[Api]],
) -> None:
    api = await quick()
    await api.furnish("ann", "bob", tenant=SHORT_LEASE)
    async with stream(api, Role.AGENT, "bob") as bob, stream(api, **ANN) as ann:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")
        await bob.command("set_state", presence="ready")
        ann.drop()

        assert (await presence(api))["sessions"] != []
        assert (await bob.event("offer.made"))["event"]["contact"] == "c-1"
        assert (await presence(api))["sessions"] == []


async def test_leases_of_living_sockets_are_renewed(quick: Callable[[], Awaitable[Api]]) -> None:
    api = await quick()
    await api.furnish("ann", tenant=SHORT_LEASE)
    async with stream(api, **ANN) as desk:
        began = desk.welcome["now"]

        async def is_later() -> bool:
            """Reads, so that the client answers pings meanwhile; three leases must have passed."""
            reply = await desk.command("set_state", presence="ready")
            return bool(reply["now"] - began > 3 * SHORT_LEASE["lease_ms"])

        await wait_until(is_later)
        assert (await presence(api))["sessions"] == [desk.welcome["session"]]


async def test_a_silent_socket_is_closed_when_its_lease_is_over(
    quick: Callable[[], Awaitable[Api]],
) -> None:
    api = await quick()
    await api.furnish("ann", tenant=SHORT_LEASE)
    async with connected(api, **ANN) as desk:
        desk.socket._autoping = False
        await desk.hello()

        assert await desk.closed() in (CloseCode.SILENT, CloseCode.SESSION_GONE)


async def test_a_session_that_comes_back_takes_the_place_of_the_old_socket(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN, session="s1") as old, stream(api, **ANN, session="s1") as new:
        assert await old.closed() == CloseCode.SUPERSEDED
        assert (await new.command("set_state", presence="ready"))["outcome"] == "ok"
        assert (await presence(api))["sessions"] == ["s1"]


async def test_two_desktops_of_one_agent_live_side_by_side(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN) as first, stream(api, **ANN) as second:
        await first.command("set_state", presence="ready")
        await api.admit("c-1")
        for desk in (first, second):
            await desk.event("offer.made")
        await second.command("accept", contact="c-1", offer=1)
        await first.event("contact.assigned")
        late = await first.command("decline", contact="c-1", offer=1)

    assert late["problem"]["type"] == "urn:vez:problem:gone"


async def test_a_socket_whose_session_was_ended_elsewhere_is_told(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN, session="s1") as desk:
        call = CloseSession(agent="ann", session="s1", reason="forced")
        await service.engine.call(api.tenant, call)

        assert (await desk.event("session.closed"))["event"]["reason"] == "forced"
        assert await desk.closed() == CloseCode.SESSION_GONE


async def test_a_connection_stands_until_its_client_has_answered_the_close(
    api: Api, service: Service
) -> None:
    await api.furnish("ann")
    async with api.http.ws_connect(
        api.url + "/v1/stream", headers=api.headers(**ANN), autoclose=False
    ) as socket:
        desk = await Stream(socket, is_binary=False).hello(session="s1")
        await service.engine.call(api.tenant, CloseSession(agent="ann", session="s1"))
        assert await desk.closed() == CloseCode.SESSION_GONE
        for _ in range(5):  # time for the server to hang up
            await api.ok("GET", "/v1/agents/ann")
        assert not desk.is_hung_up


async def test_an_answer_larger_than_the_outbox_comes_whole(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    service = await new_service(with_limits(outbox_max_bytes=4_096))
    api = Api(http, service.http.url, tenant)
    await api.furnish(*(f"agent-{number}" for number in range(150)))
    async with stream(api, Role.SUPERVISOR) as watcher:
        answer = await watcher.command("agents", limit=200)

    assert len(watcher.welcome["snapshot"]["directory"]) == 150
    assert len(answer["result"]["agents"]) == 150


async def test_a_reader_who_does_not_read_is_cut_off_and_may_resume(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    service = await new_service(with_limits(outbox_max_bytes=16_384))
    api = Api(http, service.http.url, tenant)
    await api.furnish("ann")
    attributes = {f"k{number}": "x" * 900 for number in range(4)}
    admitted = 0

    async def is_cut_off() -> bool:
        nonlocal admitted
        for _ in range(50):
            admitted += 1
            await api.admit(f"c-{admitted}", attributes=attributes)
        return cut_off(service) == 1

    async with stream(api, Role.GATEWAY, "slow") as slow, stream(api, **ANN) as desk:
        slow.stop_reading()
        await wait_until(is_cut_off, seconds=25)
        assert (await desk.command("snapshot"))["outcome"] == "ok"
        slow.drop()
    async with stream(api, Role.GATEWAY, "slow", position=slow.position) as back:
        assert back.welcome["recovered"] is True
        for number in range(1, admitted + 1):
            await back.event("contact.admitted", contact=f"c-{number}")


def cut_off(service: Service) -> float:
    """How many gateways were closed for not reading."""
    labels = {"role": "gateway", "code": "4008"}
    return service.metrics.registry.get_sample_value("acd_sessions_closed_total", labels) or 0


async def test_a_primary_with_another_history_sends_every_reader_to_a_snapshot(
    api: Api, service: Service, server: TestServer
) -> None:
    await api.furnish("ann")
    async with stream(api, **ANN) as desk:
        with redis.Redis(unix_socket_path=server.server.socket) as client:
            client.hset(f"{{{api.tenant}}}:meta", "epoch", "another")
            waiting = [one["id"] for one in client.client_list() if one["cmd"] == "xread"]
            for number in waiting:
                client.client_kill_filter(_id=number)

        assert await desk.closed() == CloseCode.POSITION_LOST
    async with stream(api, **ANN, position=desk.position) as back:
        assert back.welcome["recovered"] is False
    assert service.edge.journals.get(api.tenant) is not None


def test_a_bucket_lets_its_rate_through_and_a_burst_at_once() -> None:
    now = 0.0
    bucket = TokenBucket(10, 3, lambda: now)

    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now = 0.1
    assert [bucket.take() for _ in range(2)] == [True, False]
    now = 100.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_a_dear_request_takes_more_of_a_bucket_and_waits_for_a_full_one_at_most() -> None:
    now = 0.0
    bucket = TokenBucket(10, 20, lambda: now)

    assert [bucket.take(cost) for cost in (11, 11, 9, 1)] == [True, False, True, False]
    now = 1.9
    assert not bucket.take(50)
    now = 2.0
    assert bucket.take(50)
    now = 4.0
    assert not bucket.take()
