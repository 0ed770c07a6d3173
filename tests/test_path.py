"""One contact's way from the gateway to the desktop and to its end, over real sockets."""

from router.api.roles import Role
from tests.clients import Api, stream
from tests.routers import api, http, new_service, service

__all__ = ["api", "http", "new_service", "service"]


async def test_a_contact_goes_from_the_gateway_to_a_desktop_and_is_closed(api: Api) -> None:
    await api.furnish("ann", wrap_up_ms=60_000)

    async with stream(api, Role.GATEWAY, "pbx") as gateway, stream(api, Role.AGENT, "ann") as desk:
        # Ann connects, and is not ready until she says so.
        assert desk.welcome["recovered"] is False
        assert desk.welcome["snapshot"]["agent"]["presence"] == "not_ready"
        assert (await desk.command("set_state", presence="ready"))["outcome"] == "ok"

        # A call arrives; it is offered to her at once, and the gateway is told.
        admitted = await gateway.command(
            "admit",
            contact="call-1",
            channel="voice",
            queue="sales",
            address="+55 11 5555 0100",
            subject="Invoice",
            attributes={"order": 1234},
        )
        assert admitted["state"] == "offered"
        assert admitted["offers"][0]["agent"] == "ann"

        # Her card says what is needed to answer it: channel, address, queue, subject, wait.
        offer = (await desk.event("offer.made"))["event"]
        assert offer["queue"] == "sales"
        assert offer["channel"] == "voice"
        assert offer["wait_ms"] >= 0
        assert offer["card"]["address"] == "+55 11 5555 0100"
        assert offer["card"]["subject"] == "Invoice"
        assert offer["card"]["attributes"] == {"order": 1234}

        # She accepts; the gateway learns whom to connect.
        accepted = await desk.command("accept", contact="call-1", offer=offer["offer"])
        assert accepted["state"] == "assigned"
        assert (await gateway.event("contact.assigned"))["event"]["agent"] == "ann"

        # They talk, she closes, and writes it up.
        closed = await desk.command("close", contact="call-1")
        assert closed["state"] == "wrap_up"
        await gateway.event("contact.wrap_up")
        done = await desk.command(
            "end_wrap_up", contact="call-1", disposition="invoice", resolved=True
        )
        assert done["state"] == "closed"
        ended = (await gateway.event("contact.closed"))["event"]
        assert ended["result"] == "handled"
        assert (ended["disposition"], ended["resolved"]) == ("invoice", True)

    # What is left of it can be read for a while.
    contact = await api.ok("GET", "/v1/contacts/call-1", role=Role.GATEWAY)
    assert contact["state"] == "closed"
