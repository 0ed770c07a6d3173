"""Who may wait and for how long, through the public interface: gates, steps, limits, circles."""

from typing import Any

import pytest

from router.api.roles import Role
from router.service import Service
from tests.api.test_metrics import value
from tests.clients import Api, Json, Stream, stream
from tests.waiting import wait_until


async def arrive(api: Api, contact: str, **more: Any) -> tuple[int, Json]:
    body = {"contact": contact, "channel": "voice", "queue": "sales"} | more
    return await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)


async def told(gateway: Stream, name: str, **fields: Any) -> Json:
    event: Json = (await gateway.event(name, **fields))["event"]
    return event


async def test_a_full_queue_refuses_and_takes_in_again(api: Api, service: Service) -> None:
    await api.furnish(length_max=1)
    await api.admit("c-1")

    status, problem = await arrive(api, "c-2")
    await api.ok("POST", "/v1/contacts/c-1/cancel")
    again, _ = await arrive(api, "c-2")

    assert status == 409
    assert problem["type"] == "urn:vez:problem:refused"
    assert (problem["why"], problem["queue"]) == ("full", "sales")
    assert again == 201
    labels = {"tenant": api.tenant, "queue": "sales", "reason": "full"}
    assert value(service.metrics, "acd_contacts_refused_total", **labels) == 1


@pytest.mark.parametrize(
    ("join_when", "presence", "why"),
    [
        ("logged_in", None, "nobody_logged_in"),
        ("logged_in", "not_ready", None),
        ("ready", "not_ready", "nobody_ready"),
        ("ready", "ready", None),
    ],
)
async def test_who_must_be_there_is_the_queues_rule(
    api: Api, join_when: str, presence: str | None, why: str | None
) -> None:
    await api.furnish("ann", join_when=join_when)
    if presence is None:
        status, problem = await arrive(api, "c-1")
    else:
        async with stream(api, Role.AGENT, "ann") as ann:
            await ann.command("set_state", presence=presence)
            status, problem = await arrive(api, "c-1")

    assert (status, problem.get("why")) == ((201, None) if why is None else (409, why))


async def test_an_arrival_goes_where_the_queue_sends_it(api: Api, service: Service) -> None:
    await api.furnish(overflow_to="back", length_max=1)
    await api.ok("PUT", "/v1/queues/back", {})
    async with stream(api, Role.GATEWAY) as gateway:
        await api.admit("c-1")
        await api.admit("c-2")
        way = await told(gateway, "contact.diverted")

    assert (way["from"], way["to"], way["reason"]) == ("sales", "back", "full")
    assert (await api.ok("GET", "/v1/contacts/c-2"))["queue"] == "back"
    labels = {"tenant": api.tenant, "queue": "sales", "reason": "full"}
    await wait_until(lambda: value(service.metrics, "acd_contacts_overflowed_total", **labels) == 1)


async def test_an_arrival_is_sent_on_eight_times_at_most(api: Api) -> None:
    await api.ok("PUT", "/v1/tenant", {})
    for number in reversed(range(10)):
        way = {"join_when": "ready", "overflow_to": f"q{number + 1}"} if number < 9 else {}
        await api.ok("PUT", f"/v1/queues/q{number}", way)

    status, problem = await arrive(api, "c-1", queue="q0")
    nearer, answer = await arrive(api, "c-2", queue="q1")

    assert (status, problem["why"], problem["queue"]) == (409, "nobody_ready", "q8")
    assert (nearer, answer["state"]) == (201, "queued")
    assert (await api.ok("GET", "/v1/contacts/c-2"))["queue"] == "q9"


async def test_steps_come_in_their_order_and_keep_the_place(api: Api) -> None:
    steps = [
        {"after_ms": 1, "tier": 2, "lower": {"english": 90}, "notify": "long wait"},
        {"after_ms": 20, "to_queue": "back"},
    ]
    await api.ok("PUT", "/v1/tenant", {})
    await api.ok("PUT", "/v1/queues/back", {"target_ms": 5_000})
    await api.ok("PUT", "/v1/queues/sales", {"steps": steps})
    async with stream(api, Role.GATEWAY) as gateway:
        relax = [{"after_ms": 10, "requirements": {}}]
        _, answer = await arrive(api, "c-1", requirements={"english": 50}, relax=relax)
        done = [await told(gateway, "contact.step") for _ in range(3)]
        moved = await told(gateway, "contact.queued")
    view = await api.ok("GET", "/v1/contacts/c-1")

    assert answer["state"] == "queued"
    assert [step["after_ms"] for step in done] == [1, 10, 20]
    assert [step["source"] for step in done] == ["queue", "contact", "queue"]
    assert [step["requirements"] for step in done] == [{"english": 1}, {}, {}]
    assert (moved["from"], moved["queue"], moved["reason"]) == ("sales", "back", "step")
    assert (view["tier"], view["due"]) == (2, view["entered"] + 5_000)


async def test_supervisors_are_told_and_the_gateway_gets_the_contact_back(api: Api) -> None:
    steps = [
        {"after_ms": 1, "notify": "nobody there", "when": "nobody_ready"},
        {"after_ms": 2, "hand_back": "voicemail", "when": "nobody_logged_in"},
    ]
    await api.furnish("ann", steps=steps)
    async with stream(api, Role.SUPERVISOR) as watcher, stream(api, Role.GATEWAY) as gateway:
        await api.admit("c-1")
        notice = await told(watcher, "contact.notified")
        end = await told(gateway, "contact.closed")

    assert (notice["text"], notice["contact"]) == ("nobody there", "c-1")
    assert (end["result"], end["reason"]) == ("overflowed", "hand_back")
    assert end["instruction"] == "voicemail"
    assert (await api.ok("GET", "/v1/contacts/c-1"))["instruction"] == "voicemail"


async def test_the_longest_wait_ends_the_contact_or_sends_it_on(api: Api) -> None:
    await api.furnish(wait_max_ms=1)
    async with stream(api, Role.GATEWAY) as gateway:
        await api.admit("c-1")
        end = await told(gateway, "contact.closed")
        await api.ok("PUT", "/v1/queues/back", {})
        await api.ok("PUT", "/v1/queues/sales", {"wait_max_ms": 1, "overflow_to": "back"})
        await api.admit("c-2")
        moved = await told(gateway, "contact.queued")

    assert (end["result"], end["reason"]) == ("expired", "wait")
    assert (moved["contact"], moved["reason"], moved["queue"]) == ("c-2", "wait", "back")


async def test_contacts_leave_with_the_last_who_could_serve_them(api: Api) -> None:
    await api.furnish("ann", leave_when="nobody_logged_in")
    async with stream(api, Role.GATEWAY) as gateway, stream(api, Role.AGENT, "ann") as ann:
        for number in range(70):
            await api.admit(f"c-{number}")
        await ann.command("set_state", presence="offline")
        ends = [await told(gateway, "contact.closed") for _ in range(70)]

    assert {(end["result"], end["reason"]) for end in ends} == {("overflowed", "nobody_logged_in")}
    assert len({end["contact"] for end in ends}) == 70


async def test_a_circle_is_refused_with_its_path(api: Api) -> None:
    await api.ok("PUT", "/v1/tenant", {})
    await api.ok("PUT", "/v1/queues/a", {"overflow_to": "b"})
    await api.ok("PUT", "/v1/queues/b", {"steps": [{"after_ms": 1, "to_queue": "c"}]})
    steps = [{"after_ms": 1, "tier": 1}, {"after_ms": 2, "to_queue": "a"}]

    status, problem = await api.call("PUT", "/v1/queues/c", {"steps": steps})

    assert status == 422
    assert problem["type"] == "urn:vez:problem:loop"
    assert problem["path"] == ["c", "a", "b", "c"]
    (error,) = problem["errors"]
    assert (error["field"], error["value"]) == ("steps[1].to_queue", "a")
    assert (await api.ok("GET", "/v1/queues/b"))["missing_targets"] == ["c"]


async def test_a_queue_tells_who_is_there(api: Api) -> None:
    await api.furnish("ann", "bob")
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.AGENT, "bob"):
        await ann.command("set_state", presence="ready")
        queue = await api.ok("GET", "/v1/queues/sales")

    assert queue["members"] == {"logged_in": 2, "ready": 1}
    assert queue["settings"]["steps"] == []


@pytest.mark.parametrize(
    ("settings", "field", "expected"),
    [
        ({"length_max": -1}, "length_max", "an integer from 0"),
        ({"join_when": "open"}, "join_when", 'one of "always", "logged_in", "ready"'),
        ({"overflow_to": "a b"}, "overflow_to", 'an id, or "" for none'),
        ({"wait_max_ms": "1m"}, "wait_max_ms", "an integer from 0"),
        ({"leave_when": "always"}, "leave_when", 'one of "never"'),
        ({"steps": [{"tier": 1}]}, "steps[0].after_ms", "required"),
        ({"steps": [{"after_ms": 5}]}, "steps[0]", "at least one of `tier`"),
        ({"steps": [{"after_ms": 5, "tier": 101}]}, "steps[0].tier", "from 0 to 100"),
        (
            {"steps": [{"after_ms": 5, "to_queue": "a", "hand_back": "x"}]},
            "steps[0]",
            "at most one of `to_queue` and `hand_back`",
        ),
        ({"steps": [{"after_ms": 5, "tier": 1}] * 21}, "steps", "a list of at most 20 entries"),
    ],
)
async def test_settings_that_can_not_be_are_refused(
    api: Api, settings: Json, field: str, expected: str
) -> None:
    await api.ok("PUT", "/v1/tenant", {})

    status, problem = await api.call("PUT", "/v1/queues/sales", settings)

    assert status == 422
    (error,) = problem["errors"]
    assert error["field"] == field
    assert expected in error["expected"]


@pytest.mark.parametrize(
    ("relax", "field", "expected"),
    [
        ([{"after_ms": 5}], "relax[0]", "at least one of `requirements`"),
        ([{"after_ms": 0, "drop": ["english"]}], "relax[0].after_ms", "an integer from 1"),
        ([{"after_ms": 5, "lower": {"english": 0}}], "relax[0].lower.english", "from 1 to 100"),
        ([{"after_ms": 5, "drop": ["x"]}] * 11, "relax", "a list of at most 10 entries"),
    ],
)
async def test_relaxations_that_can_not_be_are_refused(
    api: Api, relax: list[Json], field: str, expected: str
) -> None:
    await api.furnish()

    status, problem = await arrive(api, "c-1", relax=relax)

    assert status == 422
    (error,) = problem["errors"]
    assert error["field"] == field
    assert expected in error["expected"]
