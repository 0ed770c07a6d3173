"""What supervisors and gateways do to contacts that are not simply waiting."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, Stream, stream

BOSS: dict[str, Any] = {"role": Role.SUPERVISOR, "subject": "boss"}
NEVER = {"time_zone": "Europe/Berlin"}


async def tomorrow(api: Api) -> int:
    """An instant of the wall clock, a day from now."""
    now: int = (await api.ok("POST", "/v1/agents/ann/state", {"presence": "not_ready"}))["now"]
    return now + 86_400_000


async def assign(api: Api, contact: str = "c-1", **more: Any) -> tuple[int, dict[str, Any]]:
    body = {"agent": "ann", "not_ready": True, **more}
    return await api.call("POST", f"/v1/contacts/{contact}/assign", body, **BOSS)


async def talking_to_a_callback(api: Api, desk: Stream) -> None:
    await api.admit("c-1", callback=True)
    await desk.command("set_state", presence="ready")
    offer = (await desk.event("offer.made"))["event"]["offer"]
    await desk.command("accept", contact="c-1", offer=offer)


async def test_a_held_contact_is_given_to_somebody_and_keeps_its_place(api: Api) -> None:
    await api.furnish("ann", calendar="office", closed="hold")
    await api.ok("PUT", "/v1/calendars/office", NEVER)
    await api.admit("c-1")
    held = await api.ok("GET", "/v1/contacts/c-1")

    async with stream(api, Role.AGENT, "ann") as desk:
        status, answer = await assign(api, reason="he is on the phone")
        told = (await desk.event("contact.assigned"))["event"]
        count = (await api.ok("GET", "/v1/queues/sales"))["held"]
        await api.ok("POST", "/v1/contacts/c-1/release", {}, **BOSS)
        back = await api.ok("GET", "/v1/contacts/c-1")

    assert (held["state"], status, answer["state"], count) == ("held", 200, "assigned", 0)
    assert (told["how"], told["entered"], told["due"]) == ("hand", held["entered"], held["due"])
    assert "wait_ms" not in told
    assert (back["state"], back["entered"]) == ("queued", held["entered"])


async def test_a_scheduled_contact_is_given_to_somebody_now(api: Api) -> None:
    await api.furnish("ann")

    async with stream(api, Role.AGENT, "ann") as desk:
        await api.admit("c-1", not_before=await tomorrow(api), callback=True)
        status, answer = await assign(api)
        told = (await desk.event("contact.assigned"))["event"]
        count = (await api.ok("GET", "/v1/queues/sales"))["scheduled"]
        await api.ok("POST", "/v1/contacts/c-1/release", {}, **BOSS)
        back = await api.ok("GET", "/v1/contacts/c-1")

    assert (status, answer["state"], count) == (200, "assigned", 0)
    assert "not_before" not in back
    assert (back["state"], back["entered"]) == ("queued", told["entered"])


async def test_new_relaxations_count_from_where_it_came_to_its_queue(api: Api) -> None:
    await api.furnish("ann")
    patch = ("PATCH", "/v1/contacts/c-1")

    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1", requirements={"gold": 1})
        await api.ok(*patch, {"relax": [{"after_ms": 80_000_000, "requirements": {}}]})
        later = await api.ok("GET", "/v1/contacts/c-1")
        await api.ok(*patch, {"relax": None})
        never = await api.ok("GET", "/v1/contacts/c-1")
        await api.ok(*patch, {"relax": [{"after_ms": 1, "drop": ["gold"]}]})
        await desk.event("offer.made", contact="c-1")

    assert later["step_at"] == later["joined"] + 80_000_000
    assert later["relax"] == [{"after_ms": 80_000_000, "requirements": {}}]
    assert not {"relax", "step_at"} & never.keys()


async def test_a_scheduled_contact_comes_at_another_instant(api: Api) -> None:
    await api.furnish("ann")
    patch = ("PATCH", "/v1/contacts/c-1")

    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.GATEWAY) as gateway:
        now = (await desk.command("set_state", presence="ready"))["now"]
        await api.admit("c-1", not_before=now + 86_400_000)
        await api.ok(*patch, {"not_before": now + 172_800_000})
        told = (await gateway.event("contact.scheduled", reason="updated"))["event"]
        far = await api.call(*patch, {"not_before": 2**52})
        await api.ok(*patch, {"not_before": 0})
        await desk.event("offer.made", contact="c-1")
        waiting = await api.call(*patch, {"not_before": now + 86_400_000})

    assert told["not_before"] == now + 172_800_000
    assert (far[0], far[1]["type"]) == (422, "urn:vez:problem:too-far")
    assert (waiting[0], waiting[1]["type"]) == (409, "urn:vez:problem:not-scheduled")


async def test_who_waits_is_moved_into_a_full_queue_and_a_full_set_of_lines(api: Api) -> None:
    lines = {"line_max": 1}
    await api.furnish("ann", queue="general", tenant=lines, length_max=1)
    await api.ok("PUT", "/v1/queues/sales", {"overflow_to": "general", "leave_when": "never"})
    first = {"queue": "general", "requirements": {"gold": 1}}
    await api.admit("c-0", **first)
    await api.admit("c-1", requirements={"english": 5})
    arrival = {"contact": "c-2", "channel": "voice", "queue": "general"}
    refused = await api.call("POST", "/v1/contacts", arrival, role=Role.GATEWAY)
    await api.ok("PUT", "/v1/queues/general", {"length_max": 0})
    new = arrival | {"requirements": {"pt": 5}}
    crowded = await api.call("POST", "/v1/contacts", new, role=Role.GATEWAY)
    await api.ok("PUT", "/v1/queues/general", {"length_max": 1})

    async with stream(api, Role.GATEWAY) as gateway:
        rules = {"overflow_to": "general", "leave_when": "nobody_ready"}
        await api.ok("PUT", "/v1/queues/sales", rules)
        await api.admit("c-3", requirements={"english": 5})
        moved = (await gateway.event("contact.queued", contact="c-1"))["event"]

    assert (refused[0], refused[1]["why"]) == (409, "full")
    assert (crowded[0], crowded[1]["type"]) == (409, "urn:vez:problem:too-many-lines")
    assert (moved["from"], moved["line"]) == ("sales", "general|voice|english=5")
    queue = await api.ok("GET", "/v1/queues/general")
    assert queue["waiting"] == 3


async def test_the_hang_up_of_a_called_customer_ends_the_work(api: Api) -> None:
    await api.furnish("ann", wrap_up_ms=0)

    async with stream(api, Role.AGENT, "ann") as desk:
        await talking_to_a_callback(api, desk)
        answer = await api.ok("POST", "/v1/contacts/c-1/cancel", {}, role=Role.GATEWAY)
        closed = (await desk.event("contact.closed"))["event"]

    assert answer["state"] == "closed"
    assert (closed["result"], closed["reason"]) == ("handled", "customer_left")


@pytest.mark.parametrize("by_socket", [False, True])
async def test_a_repeated_sign_of_life_counts_as_much_as_the_first(
    api: Api, *, by_socket: bool
) -> None:
    await api.furnish(tenant={"intake": {"pbx": {"lease_ms": 60_000}}})
    await api.admit("c-1", origin="pbx")
    body = {"contacts": ["c-1"]}

    if by_socket:
        async with stream(api, Role.GATEWAY, "pbx") as gateway:
            told = [await keyed(gateway, body) for _ in range(2)]
    else:
        post = ("POST", "/v1/keep-alive", body)
        pbx: dict[str, Any] = {"role": Role.GATEWAY, "headers": {"Idempotency-Key": "k"}}
        told = [await api.ok(*post, **pbx) for _ in range(2)]

    assert [answer["outcome"] for answer in told] == ["ok", "ok"]
    assert not any("repeated" in answer for answer in told)


async def keyed(gateway: Stream, args: dict[str, Any]) -> dict[str, Any]:
    await gateway.send(
        {"type": "command", "id": "own", "name": "keep_alive", "args": args, "key": "k"}
    )
    return await gateway.message("reply")
