"""Queues where agents choose: nothing is offered of itself; through the public API."""

from router.api.roles import Role
from tests.clients import Api, stream


async def test_a_contact_of_a_pull_queue_waits_until_somebody_claims_it(api: Api) -> None:
    await api.furnish("ann", distribution="pull")
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")

        admitted = await api.admit("c-1")

        assert (admitted["state"], admitted.get("offers")) == ("queued", None)
        assert (await ann.command("claim", contact="c-1"))["state"] == "assigned"


async def test_what_is_released_can_be_claimed_again_at_once_and_keeps_its_place(api: Api) -> None:
    await api.furnish("ann", distribution="pull")
    async with stream(api, Role.AGENT, "ann") as ann:
        await api.admit("c-1")
        entered = (await api.ok("GET", "/v1/contacts/c-1"))["entered"]
        await ann.command("claim", contact="c-1")

        released = await ann.command("release", contact="c-1", reason="somebody else knows this")

        assert released["state"] == "queued"
        record = await api.ok("GET", "/v1/contacts/c-1")
        assert (record.get("owner"), record["entered"], record["place"]) == (None, entered, 1)
        assert (await ann.command("claim", contact="c-1"))["state"] == "assigned"


async def test_an_agent_finds_what_he_may_claim(api: Api) -> None:
    await api.furnish("ann", distribution="pull")
    async with stream(api, Role.AGENT, "ann"):
        await api.admit("c-1")
        await api.admit("c-2")

        listed = await api.ok(
            "GET", "/v1/contacts?queue=sales&state=queued", role=Role.AGENT, subject="ann"
        )

        assert [contact["contact"] for contact in listed["contacts"]] == ["c-1", "c-2"]


async def test_who_is_meant_is_still_asked(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="pull")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await ann.command("set_state", presence="ready")
        await bob.command("set_state", presence="ready")

        named = await api.admit("c-1", agents=["bob"])
        made = (await bob.event("offer.made"))["event"]
        await bob.command("accept", contact="c-1", offer=made["offer"])
        await bob.command("transfer", contact="c-1", to_agent="ann")

        assert named["state"] == "offered"
        assert (await ann.event("offer.made"))["event"]["kind"] == "transfer"


async def test_a_queue_that_becomes_pull_lets_its_bells_ring_out(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")
        await api.admit("c-2")
        made = (await ann.event("offer.made"))["event"]

        await api.ok("PUT", "/v1/queues/sales", {"distribution": "pull"})

        assert (await ann.command("accept", contact="c-1", offer=made["offer"]))["outcome"] == "ok"
        closed = await ann.command("close", contact="c-1", wrap_up=False)
        assert closed["state"] == "closed"
        assert (await api.ok("GET", "/v1/contacts/c-2"))["state"] == "queued"


async def test_a_queue_that_offers_again_does_so_at_once(api: Api) -> None:
    await api.furnish("ann", "bob", distribution="pull")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob") as bob:
        await ann.command("set_state", presence="ready")
        await bob.command("set_state", presence="ready")
        await api.admit("c-1")
        await api.admit("c-2", requirements={})

        await api.ok("PUT", "/v1/queues/sales", {"distribution": "hybrid"})

        offered = {(await desk.event("offer.made"))["event"]["contact"] for desk in (ann, bob)}
        assert offered == {"c-1", "c-2"}


async def test_why_says_that_he_may_claim(api: Api) -> None:
    await api.furnish("ann", distribution="pull")
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")

        why = await api.ok("GET", "/v1/contacts/c-1/why")
        why_agent = await api.ok("GET", "/v1/agents/ann/why")

        assert [one["verdict"] for one in why["candidates"]] == ["may_claim"]
        assert why["because"].endswith("nothing is offered: 1 agent could claim it now")
        assert (why_agent["not_offered"], why_agent["lines"]) == (["sales"], [])
