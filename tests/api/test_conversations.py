"""A customer's conversation on a channel has one open contact, however often he comes."""

import asyncio

from router.api.roles import Role
from tests.clients import Api, Json, stream

THREAD: Json = {"customer": "c7", "conversation": "order 12", "channel": "voice", "queue": "sales"}


async def write(api: Api, contact: str, **more: object) -> tuple[int, Json]:
    body = {"contact": contact, **THREAD, **more}
    return await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)


async def test_what_comes_again_goes_to_its_owner_and_makes_nothing(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        assert (await write(api, "m-1"))[0] == 201
        await desk.event("offer.made")
        await desk.command("accept", contact="m-1", offer=1)
        await desk.command("report", contact="m-1", author="agent", id="a-1", wait=True)

        status, attached = await write(api, "m-2")
        again_status, again = await write(api, "m-2")
        other, _ = await write(api, "m-2", priority=3)

        assert (status, attached["attached"], attached["contact"]) == (200, True, "m-1")
        assert attached["state"] == "assigned"
        assert (again_status, again["repeated"], again["contact"]) == (200, True, "m-1")
        assert other == 409
        heard = (await desk.event("contact.activity", id="m-2"))["event"]
        assert (heard["author"], "text" in heard) == ("customer", False)
        assert (await api.ok("GET", "/v1/contacts/m-1"))["conversation"] == "order 12"
        assert (await api.ok("GET", "/v1/contacts/m-2"))["contact"] == "m-1"


async def test_who_knows_his_own_id_alone_reaches_the_contact_by_that(api: Api) -> None:
    await api.furnish("ann")
    await write(api, "m-1")
    await write(api, "m-2")

    said: Json = {"author": "customer", "text": "Hello?", "id": "m-3"}
    heard = await api.ok("POST", "/v1/contacts/m-2/activity", said, role=Role.GATEWAY)
    place = await api.ok("GET", "/v1/contacts/m-2/position", role=Role.GATEWAY)
    async with stream(api, Role.GATEWAY, "chat") as gateway:
        alive = await gateway.command("keep_alive", contacts=["m-2", "m-9"])
        gone = await gateway.command("cancel", contact="m-2")

    assert (heard["contact"], heard["state"]) == ("m-1", "queued")
    assert (place["contact"], place["place"]) == ("m-1", 1)
    assert alive["contacts_gone"] == ["m-9"]
    assert (gone["contact"], gone["state"]) == ("m-1", "closed")
    status, problem = await api.call("POST", "/v1/contacts/m-2/cancel", {}, role=Role.GATEWAY)
    assert (status, problem["type"]) == (409, "urn:vez:problem:ended")
    assert (await api.call("GET", "/v1/contacts/m-9"))[0] == 404


async def test_a_colleague_elsewhere_sees_no_more_by_another_id(api: Api) -> None:
    await api.furnish("ann")
    await api.furnish("zoe", queue="other")
    await write(api, "m-1")
    await write(api, "m-2")

    status, _ = await api.call("GET", "/v1/contacts/m-2", role=Role.AGENT, subject="zoe")

    assert status == 404


async def test_of_many_gateways_at_once_one_makes_the_contact(api: Api) -> None:
    await api.furnish("ann")

    answers = await asyncio.gather(*(write(api, f"m-{n}") for n in range(12)))

    made = [n for n, (status, _) in enumerate(answers) if status == 201]
    assert len(made) == 1
    attached = [reply["contact"] for status, reply in answers if status == 200]
    assert attached == [f"m-{made[0]}"] * 11


async def test_a_gateway_that_keeps_its_socket_attaches_too(api: Api) -> None:
    await api.furnish("ann")
    await write(api, "m-1")
    async with stream(api, Role.GATEWAY, "chat") as gateway:
        reply = await gateway.command("admit", contact="m-2", **THREAD)

        assert (reply["attached"], reply["contact"], reply["state"]) == (True, "m-1", "queued")


async def test_what_is_over_comes_back_or_is_followed_as_its_queue_has_it(api: Api) -> None:
    await api.furnish("ann")
    await write(api, "m-1")
    await api.ok("POST", "/v1/contacts/m-1/cancel", {}, role=Role.GATEWAY)

    status, reopened = await write(api, "m-2")
    assert (status, reopened["contact"], reopened["state"]) == (200, "m-1", "queued")
    assert (await api.ok("GET", "/v1/contacts/m-1"))["episode"] == 2

    await api.ok("PUT", "/v1/queues/sales", {"reopen": "locked"})
    await api.ok("POST", "/v1/contacts/m-1/cancel", {}, role=Role.GATEWAY)
    status, made = await write(api, "m-3")
    assert (status, "attached" in made) == (201, False)
    first, next_one = [await api.ok("GET", f"/v1/contacts/m-{n}") for n in (1, 3)]
    assert first["links"] == [{"kind": "follow_up", "contact": "m-3"}]
    assert next_one["links"] == [{"kind": "follow_up_of", "contact": "m-1"}]


async def test_a_conversation_is_somebodys(api: Api) -> None:
    await api.furnish("ann")

    status, problem = await write(api, "m-1", customer="")

    assert (status, problem["errors"][0]["field"]) == (422, "customer")
    assert (await write(api, "m-1", conversation=""))[0] == 422
    assert (await write(api, "m-1", conversation="x" * 129))[0] == 422
    assert (await api.call("GET", "/v1/contacts/m-1"))[0] == 404
