"""Contacts that are made of others, and notes for who gets a contact."""

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream

ANN: Json = {"role": Role.AGENT, "subject": "ann"}


async def serve(api: Api, desk: Stream, **more: object) -> str:
    """A contact in Ann's hands; answers its path."""
    await desk.command("set_state", presence="ready")
    await api.admit("c-1", **more)
    await desk.event("offer.made")
    assert (await desk.command("accept", contact="c-1", offer=1))["state"] == "assigned"
    return "/v1/contacts/c-1"


async def test_a_fork_comes_to_another_queue_and_both_name_each_other(api: Api) -> None:
    await api.furnish("ann")
    await api.furnish("bob", queue="billing")
    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.AGENT, "bob") as other:
        await other.command("set_state", presence="ready")
        path = await serve(api, desk, customer="c7", address="+49", attributes={"order": 1})

        body = {"to_queue": "billing", "fork": "c-2", "subject": "Invoice", "note": "a copy"}
        made = await api.ok("POST", f"{path}/fork", body, **ANN)
        again = await api.ok("POST", f"{path}/fork", body, **ANN)

        assert (made["fork"], made["state"], again["repeated"]) == ("c-2", "offered", True)
        card = (await other.event("offer.made"))["event"]["card"]
        assert (card["note"], card["subject"], card["customer"]) == ("a copy", "Invoice", "c7")
        origin, fork = await api.ok("GET", path), await api.ok("GET", "/v1/contacts/c-2")
        assert (origin["state"], origin["owner"]) == ("assigned", "ann")
        assert origin["links"] == [{"kind": "fork", "contact": "c-2"}]
        assert fork["links"] == [{"kind": "fork_of", "contact": "c-1"}]
        assert fork["attributes"] == {"order": 1}
        assert (await desk.event("contact.forked"))["event"]["fork"] == "c-2"


async def test_without_an_id_one_is_made(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk:
        await serve(api, desk)

        made = [await desk.command("fork", contact="c-1", to_queue="general") for _ in range(2)]

        assert [reply["fork"] for reply in made] == ["c-1-1", "c-1-2"]


async def test_a_fork_that_the_queue_refuses_changes_nothing(api: Api) -> None:
    await api.furnish("ann")
    await api.ok("PUT", "/v1/queues/full", {"join_when": "ready"})
    async with stream(api, Role.AGENT, "ann") as desk:
        path = await serve(api, desk)

        status, problem = await api.call("POST", f"{path}/fork", {"to_queue": "full"}, **ANN)
        missing, _ = await api.call("POST", f"{path}/fork", {"to_queue": "nowhere"}, **ANN)
        strange, _ = await api.call(
            "POST", f"{path}/fork", {"to_queue": "full"}, role=Role.AGENT, subject="bob"
        )
        taken, _ = await api.call(
            "POST", f"{path}/fork", {"to_queue": "general", "fork": "c-1"}, **ANN
        )

        assert (status, problem["why"]) == (409, "nobody_ready")
        assert (missing, strange, taken) == (404, 403, 409)
        assert "links" not in await api.ok("GET", path)


async def test_a_note_reaches_who_is_asked_and_who_asked_hears_the_answer(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.AGENT, "bob") as other:
        await serve(api, desk)
        await other.command("set_state", presence="ready")

        await desk.command("transfer", contact="c-1", to_agent="bob", note="mind the dog")
        asked = (await other.event("offer.made"))["event"]
        assert asked["card"]["note"] == "mind the dog"
        await other.command("decline", contact="c-1", offer=asked["offer"])
        assert (await desk.event("offer.declined"))["event"]["agent"] == "bob"

        await desk.command("transfer", contact="c-1", to_queue="general", note="not ours")
        assert (await api.ok("GET", "/v1/contacts/c-1"))["note"] == "not ours"


async def test_a_queue_may_let_colleagues_ask_who_is_not_ready(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.AGENT, "bob") as other:
        await serve(api, desk)
        refused = await desk.command("transfer", contact="c-1", to_agent="bob")
        assert refused["problem"]["verdict"] == "not_ready"

        lenient = {"transfer_requires": "ready_or_busy_with_capacity"}
        await api.ok("PUT", "/v1/queues/sales", lenient)
        assert (await desk.command("transfer", contact="c-1", to_agent="bob"))["outcome"] == "ok"
        asked = (await other.event("offer.made"))["event"]
        assert asked["not_ready"] is True
        accepted = await other.command("accept", contact="c-1", offer=asked["offer"])
        assert accepted["state"] == "assigned"
