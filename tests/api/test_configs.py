"""The configuration as a whole, over HTTP: look, plan, apply, go back."""

import asyncio
from typing import Any

from router.api.roles import Role
from tests.clients import Api, Json, stream
from tests.routers import NewService

ANN = {"memberships": {"sales": {}}, "slots": {"voice": 1}, "capacity": 2}


async def apply(api: Api, base: int | None = None, **changes: Any) -> tuple[int, Json]:
    return await api.call("POST", "/v1/config/apply", {"base": base} | changes)


async def test_many_changes_are_one_version_with_one_hash(api: Api) -> None:
    await api.furnish("ann")
    before = await api.ok("GET", "/v1/config")

    status, done = await apply(
        api,
        before["version"],
        queues={"night": {"name": "Night"}, "sales": {"ring_ms": 5_000}},
        agents={"bob": {"memberships": {"night": {}}, "slots": {"chat": 1}}},
        note="a night queue",
    )

    assert (status, done["version"]) == (200, before["version"] + 1)
    after = await api.ok("GET", "/v1/config")
    assert (after["version"], after["hash"]) == (done["version"], done["hash"])
    assert after["hash"] != before["hash"]
    assert after["agents"]["bob"]["memberships"]["night"]["role"] == "agent"
    (newest, *_) = (await api.ok("GET", "/v1/config/versions"))["versions"]
    assert (newest["actor"], newest["note"]) == ("admin:tester", "a night queue")
    assert {(c["kind"], c["id"], c["what"]) for c in newest["changes"]} == {
        ("queue", "night", "added"),
        ("queue", "sales", "changed"),
        ("agent", "bob", "added"),
    }


async def test_what_is_not_as_the_file_says_is_told_setting_by_setting(api: Api) -> None:
    await api.furnish()
    words = {"queues": {"sales": {"ring_ms": 5_000}}, "from_file": True}
    await api.ok("POST", "/v1/config/apply", words)
    assert (await api.ok("GET", "/v1/config"))["file"] == []

    await apply(api, queues={"sales": {"ring_ms": 9_000}})

    (found,) = (await api.ok("GET", "/v1/config"))["file"]
    assert (found["kind"], found["id"], found["what"]) == ("queue", "sales", "changed")
    assert found["fields"] == [{"field": "ring_ms", "old": 9_000, "new": 5_000}]
    await apply(api, queues={"sales": found["settings"]})
    assert (await api.ok("GET", "/v1/config"))["file"] == []


async def test_a_stale_base_changes_nothing(api: Api) -> None:
    await api.furnish("ann")
    before = await api.ok("GET", "/v1/config")

    status, problem = await apply(api, before["version"] - 1, queues={"night": {}})

    assert (status, problem["type"]) == (409, "urn:vez:problem:stale")
    assert problem["detail"] == f"The current version is {before['version']}."
    assert await api.ok("GET", "/v1/config") == before


async def test_what_is_in_the_way_is_named_and_nothing_changes(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    before = await api.ok("GET", "/v1/config")

    status, problem = await apply(
        api,
        queues={"sales": None, "general": None, "late": {"escalate_to": "later"}},
        agents={"zed": None, "bob": {"memberships": {"nowhere": {}}, "slots": {"fax": 1}}},
    )

    assert (status, problem["type"]) == (409, "urn:vez:problem:blocked")
    told = {error["field"]: error["expected"] for error in problem["errors"]}
    assert told == {
        "queues.sales": "to be without contacts",
        "queues.general": "to stay: it is the default queue",
        "agents.zed": "agent zed to exist",
        "agents.bob": "queue nowhere to exist",
    }
    assert await api.ok("GET", "/v1/config") == before


async def test_circles_of_several_queues_are_refused_with_their_way(api: Api) -> None:
    await api.furnish()

    status, problem = await apply(
        api, queues={"a": {"escalate_to": "b"}, "b": {"overflow_to": "a"}}
    )

    assert status == 409
    assert problem["errors"][0]["expected"] == "no circle: a > b > a"


async def test_a_plan_tells_what_an_apply_then_does(api: Api) -> None:
    await api.furnish("ann")
    await api.ok("PUT", "/v1/agents/cy", ANN | {"skills": {"english": 50}})
    for contact, skills in (("c-1", {}), ("c-2", {"english": 40})):
        await api.admit(contact, requirements=skills)
    change = {"agents": {"cy": ANN, "ann": ANN | {"slots": {"chat": 1}}}}

    plan = await api.ok("POST", "/v1/config/plan", change)

    assert {c["id"]: [f["field"] for f in c["fields"]] for c in plan["changes"]} == {
        "cy": ["skills", "skills.english"],
        "ann": ["slots.chat", "slots.voice"],
    }
    assert plan["unreachable"] == {"count": 1, "new": 1, "contacts": ["c-2"]}
    assert {(w["line"], w["before"], w["after"]) for w in plan["waiting"]} == {
        ("sales voice", 2, 1),
        ("sales voice english=40", 1, 0),
    }
    assert plan["problems"] == []
    before = await api.ok("GET", "/v1/config")
    assert before["version"] == plan["base"]
    await apply(api, plan["base"], **change)
    assert (await api.ok("POST", "/v1/config/plan", change))["changes"] == []


async def test_a_rollback_restores_the_hash(api: Api) -> None:
    await api.furnish("ann")
    before = await api.ok("GET", "/v1/config")
    await apply(api, queues={"night": {}}, agents={"bob": {"memberships": {"night": {}}}})
    await apply(api, agents={"bob": {"name": "Bob"}, "ann": ANN})
    await api.ok("PUT", "/v1/queues/sales", {"ring_ms": 9_000})

    done = await api.ok("POST", "/v1/config/rollback", {"version": before["version"]})

    after = await api.ok("GET", "/v1/config")
    assert done["hash"] == after["hash"] == before["hash"]
    assert after == before | {"version": before["version"] + 4}


async def test_the_way_back_is_planned_and_told_by_setting(api: Api) -> None:
    await api.furnish("ann")
    before = await api.ok("GET", "/v1/config")
    await apply(api, queues={"night": {}, "sales": {"ring_ms": 9_000}})

    plan = await api.ok("POST", "/v1/config/rollback/plan", {"version": before["version"]})
    (newest,) = (await api.ok("GET", "/v1/config/versions?fields=true&limit=1"))["versions"]

    assert {(c["id"], c["what"]) for c in plan["changes"]} == {
        ("night", "removed"),
        ("sales", "changed"),
    }
    sales = next(c for c in newest["changes"] if c["id"] == "sales")
    assert sales["fields"] == [{"field": "ring_ms", "old": 20_000, "new": 9_000}]
    assert (await api.ok("GET", "/v1/config"))["version"] == before["version"] + 1
    status, problem = await api.call(
        "POST", "/v1/config/rollback/plan", {"version": before["version"], "base": 1}
    )
    assert (status, problem["type"]) == (409, "urn:vez:problem:stale")


async def test_calendars_are_planned_applied_and_rolled_back_with_their_queues(api: Api) -> None:
    await api.furnish("ann")
    start = await api.ok("GET", "/v1/config")
    hours = {"calendars": {"day": {"time_zone": "UTC"}}}
    change = hours | {"queues": {"sales": {"calendar": "day", "closed": "hold"}}}

    plan = await api.ok("POST", "/v1/config/plan", change)
    status, done = await apply(api, plan["base"], **change)

    assert plan["hours"] == [{"queue": "sales", "calendar": "day", "before": True, "after": False}]
    assert plan["problems"] == []
    assert (status, done["version"]) == (200, start["version"] + 1)
    assert (await api.admit("c-1"))["state"] == "held"
    shut = await api.ok("GET", "/v1/config")
    assert shut["calendars"]["day"]["time_zone"] == "UTC"
    for kind, name in (("calendars", "day"), ("queues", "sales")):
        gone: Json = {kind: {name: None}}
        told = await api.ok("POST", "/v1/config/plan", gone)
        assert told["problems"][0]["level"] == "error", told
        assert (await api.call("POST", "/v1/config/apply", gone))[0] == 409
    back = await api.ok("POST", "/v1/config/rollback", {"version": start["version"]})
    assert back["hash"] == start["hash"]
    assert (await api.ok("GET", "/v1/config"))["calendars"] == {}
    await api.admit("c-2")  # any call applies what is due
    assert (await api.ok("GET", "/v1/contacts/c-1"))["state"] == "queued"
    again = await api.ok("POST", "/v1/config/rollback", {"version": shut["version"]})
    assert again["hash"] == shut["hash"]
    assert (await api.ok("GET", "/v1/queues/sales"))["hours"]["is_open"] is False


async def test_hours_that_can_not_be_are_named_in_a_change(api: Api) -> None:
    await api.furnish()

    status, problem = await apply(api, calendars={"day": {"time_zone": "Mars/Olympus"}})

    assert (status, problem["errors"][0]["field"]) == (422, "calendars.day.time_zone")


async def test_versions_that_are_not_kept_are_told(api: Api) -> None:
    await api.furnish("ann", tenant={"config_history": 1})
    await apply(api, queues={"night": {}})

    for version in (1, 99):
        status, problem = await api.call("POST", "/v1/config/rollback", {"version": version})
        assert status == 422
        assert problem["errors"][0]["field"] == "version"


async def test_an_agent_with_a_desktop_stays(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann"):
        status, problem = await apply(api, agents={"ann": None})
        assert (status, problem["errors"][0]["expected"]) == (409, "to be offline")


async def test_more_changes_than_one_request_may_bring_are_refused(api: Api) -> None:
    await api.furnish()

    status, problem = await apply(
        api,
        queues={f"q{n}": {} for n in range(101)},
        agents={f"a{n}": {} for n in range(100)},
    )

    assert status == 422
    assert problem["errors"][0]["expected"] == "at most 200 changes together"


async def test_every_offer_names_the_version_that_decided_it(api: Api) -> None:
    await api.furnish("ann")
    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.GATEWAY) as gateway:
        await desk.command("set_state", presence="ready")
        version = (await api.ok("GET", "/v1/config"))["version"]
        await api.admit("c-1")

        for client in (desk, gateway):
            assert (await client.event("offer.made"))["config"] == version


async def test_under_load_no_decision_mixes_two_versions(api: Api, new_service: NewService) -> None:
    """Each version gives the queue its own ring time, which every offer tells with its version."""
    other = Api(api.http, (await new_service()).http.url, api.tenant)
    await api.furnish(*(f"a{n}" for n in range(4)))
    rings: dict[int, int] = {}
    async with stream(api, Role.ADMIN) as watcher:
        for n in range(4):
            await api.ok("PUT", f"/v1/agents/a{n}", ANN | {"name": f"v{n}"})

        async def work(edge: Api, agent: str) -> None:
            async with stream(edge, Role.AGENT, agent) as desk:
                await desk.command("set_state", presence="ready")
                for _ in range(8):
                    event = (await desk.event("offer.made"))["event"]
                    token = {"contact": event["contact"], "offer": event["offer"]}
                    await desk.command("accept", **token)
                    await desk.command("close", contact=event["contact"], wrap_up=False)

        async def bring() -> None:
            for n in range(32):
                await (api, other)[n % 2].admit(f"c-{n}")

        async def change() -> None:
            for n in range(12):
                ring_ms = 10_000 + n
                _, done = await apply(
                    (api, other)[n % 2],
                    queues={"sales": {"ring_ms": ring_ms}, f"x{n}": {}},
                    agents={f"y{n}": {}},
                )
                rings[done["version"]] = ring_ms

        tasks = [work((api, other)[n % 2], f"a{n}") for n in range(4)]
        await asyncio.gather(bring(), change(), *tasks)
        offers = [await watcher.event("offer.made") for _ in range(32)]

    for message in offers:
        decided = [rings[v] for v in sorted(rings) if v <= message["config"]]
        assert message["event"]["ring_ms"] == (decided[-1] if decided else 20_000)
