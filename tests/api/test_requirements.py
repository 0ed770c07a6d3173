"""What contacts ask for, through the public interface: clauses, targets, places, bad input."""

from typing import Any

import pytest

from router.api.roles import Role
from tests.clients import Api, stream

GERMAN, FRENCH = {"german": 50}, {"french": 30}


async def furnish(api: Api, **skills: dict[str, int]) -> None:
    """Agents of these skills, who take calls in `sales`."""
    await api.furnish(*skills)
    for agent, own in skills.items():
        definition = {"memberships": {"sales": {}}, "skills": own, "slots": {"voice": 1}}
        await api.ok("PUT", f"/v1/agents/{agent}", definition)


async def test_one_alternative_of_each_clause_is_enough(api: Api) -> None:
    await furnish(api, ann={"english": 50}, bob={"english": 50, "french": 40})
    ask = {"requirements": {"english": 50}, "any_of": [{**GERMAN, **FRENCH}]}

    async with (
        stream(api, Role.AGENT, "ann") as ann,
        stream(api, Role.AGENT, "bob") as bob,
        stream(api, Role.GATEWAY) as gateway,
    ):
        await ann.command("set_state", presence="ready")
        await api.admit("c-1", **ask)
        told = await gateway.event("contact.admitted")
        why = await api.ok("GET", "/v1/contacts/c-1/why")
        await bob.command("set_state", presence="ready")
        offer = await gateway.event("offer.made")

    assert told["event"]["line"] == "sales|voice|english=50,french=30/german=50"
    assert told["event"]["any_of"] == [{"french": 30, "german": 50}]
    missing = {one["agent"]: one.get("missing") for one in why["candidates"]}
    assert missing == {"ann": ["french>=30 or german>=50"], "bob": None}
    assert offer["event"]["agent"] == "bob"


async def test_demands_that_mean_the_same_share_a_line(api: Api) -> None:
    await furnish(api)
    same: tuple[dict[str, Any], ...] = (
        {"requirements": {"english": 50}, "any_of": [GERMAN]},
        {"requirements": {"english": 40, "german": 50}, "any_of": [{"english": 50}]},
        {"requirements": {"english": 50, "german": 50}, "any_of": [{"english": 30, "french": 9}]},
    )
    for number, ask in enumerate(same):
        await api.admit(f"c-{number}", **ask)

    lines = {(await api.ok("GET", f"/v1/contacts/c-{n}"))["line"] for n in range(len(same))}

    assert lines == {"sales|voice|english=50,german=50"}


async def test_a_waiting_contact_may_come_to_ask_for_less(api: Api) -> None:
    await furnish(api, ann={"french": 30})
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1", any_of=[GERMAN])
        answer = await api.ok("PATCH", "/v1/contacts/c-1", {"any_of": [GERMAN | FRENCH]})

    assert answer["offers"][0]["agent"] == "ann"


async def test_a_contact_may_bring_its_own_target(api: Api) -> None:
    await api.furnish(target_ms=20_000)
    for contact, more in (("own", {"target_ms": 5_000}), ("queues", {})):
        await api.admit(contact, **more)
    before = [await api.ok("GET", f"/v1/contacts/{name}") for name in ("own", "queues")]
    await api.ok("PATCH", "/v1/contacts/queues", {"target_ms": 0})
    after = await api.ok("GET", "/v1/contacts/queues")

    assert [view["due"] - view["entered"] for view in before] == [5_000, 20_000]
    assert after["due"] == after["entered"]


async def test_a_transfer_may_name_its_place(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")
        await api.admit("c-1")
        await ann.command("accept", contact="c-1", offer=1)
        await ann.command("set_state", presence="not_ready", when="idle")
        reply = await ann.command("transfer", contact="c-1", to_queue="sales", position="back")
        assert reply["type"] == "reply"

    assert (await api.ok("GET", "/v1/contacts/c-1"))["entered"] == reply["now"]


@pytest.mark.parametrize(
    ("more", "field", "expected"),
    [
        ({"any_of": [{}]}, "any_of[0]", "an object"),
        ({"any_of": {"german": 50}}, "any_of", "a list of at most 5 entries"),
        ({"any_of": [GERMAN] * 6}, "any_of", "a list of at most 5 entries"),
        ({"any_of": [{f"s{n}": 1 for n in range(11)}]}, "any_of[0]", "at most 10 entries"),
        ({"any_of": [{"german": 0}]}, "any_of[0].german", "an integer from 1 to 100"),
        ({"any_of": [{"a|b": 5}]}, "any_of[0].a|b", "as a key"),
        ({"target_ms": -1}, "target_ms", "an integer from 0"),
    ],
)
async def test_what_can_not_be_asked_is_refused(
    api: Api, more: dict[str, Any], field: str, expected: str
) -> None:
    await api.furnish()
    body = {"contact": "c-1", "channel": "voice", "queue": "sales"} | more

    status, problem = await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)

    assert status == 422
    (error,) = problem["errors"]
    assert error["field"] == field
    assert expected in error["expected"]


async def test_a_place_belongs_to_a_queue(api: Api) -> None:
    await api.furnish("ann")
    body = {"to_agent": "ann", "position": "front"}

    status, problem = await api.call("POST", "/v1/contacts/c-1/transfer", body)

    assert status == 422
    assert problem["errors"][0]["expected"] == "`position` with `to_queue` only"
