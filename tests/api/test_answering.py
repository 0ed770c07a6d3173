"""By when customers are to have their answers, through the public interface."""

from router.api.roles import Role
from tests.clients import Api, stream


async def test_a_deadline_is_shown_warned_of_and_told_when_it_has_passed(api: Api) -> None:
    await api.furnish("ann", "bob", first_response_ms=200, response_warn_pct=50)
    async with (
        stream(api, Role.AGENT, "ann") as desk,
        stream(api, Role.AGENT, "bob", queues=["sales"]) as inbox,
        stream(api, Role.GATEWAY) as gateway,
    ):
        await desk.command("set_state", presence="ready")
        await api.admit("c-1", channel="chat")
        offer = (await desk.event("offer.made", contact="c-1"))["event"]
        await desk.command("accept", contact="c-1", offer=offer["offer"])
        view = await api.ok("GET", "/v1/contacts/c-1")
        due = (await desk.event("contact.response_due"))["event"]
        late = (await desk.event("contact.response_late"))["event"]
        watched = (await inbox.event("contact.response_late"))["event"]
        await desk.command("report", contact="c-1", author="agent")
        answer = (await gateway.event("contact.activity"))["event"]
        after = await api.ok("GET", "/v1/contacts/c-1")

    deadline = offer["card"]["customer_since"] + 200
    assert offer["card"]["response_by"] == view["response_by"] == deadline
    assert "response" not in view
    assert (due["contact"], due["queue"], due["response_by"]) == ("c-1", "sales", deadline)
    assert (late["since"], late["response_by"]) == (deadline - 200, deadline)
    assert watched["contact"] == "c-1"
    assert (answer["first_response"], answer["response_met"]) == (True, False)
    assert "response_by" not in after


async def test_an_answer_in_time_ends_it_and_the_next_question_has_its_own(api: Api) -> None:
    await api.furnish("ann", first_response_ms=3_600_000, next_response_ms=60_000)
    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.GATEWAY) as gateway:
        await desk.command("set_state", presence="ready")
        await api.admit("c-1", channel="chat")
        offer = (await desk.event("offer.made"))["event"]
        await desk.command("accept", contact="c-1", offer=offer["offer"])
        await desk.command("report", contact="c-1", author="agent")
        answer = (await gateway.event("contact.activity"))["event"]
        words = {"author": "customer"}
        await api.ok("POST", "/v1/contacts/c-1/activity", words, role=Role.GATEWAY)
        clock = (await desk.event("contact.response_clock", kind="next"))["event"]
        view = await api.ok("GET", "/v1/contacts/c-1")

    assert answer["response_met"] is True
    assert clock["response_by"] == clock["since"] + 60_000 == view["response_by"]
    assert view["customer_since"] == clock["since"]
