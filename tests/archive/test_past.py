"""Timelines, history and reports over HTTP: who is shown what of the past."""

import asyncio
import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from click.testing import CliRunner

from router.api.roles import Role
from router.cli import main
from router.config import ArchiveConfig
from router.service import Service
from tests.clients import SECRET, Api, Json, stream
from tests.routers import ANY_PORT, NewService

AGENT: dict[str, Any] = {"role": Role.AGENT, "subject": "ann"}
STRANGER: dict[str, Any] = {"role": Role.AGENT, "subject": "zoe"}
GATEWAY: dict[str, Any] = {"role": Role.GATEWAY}
SUPERVISOR: dict[str, Any] = {"role": Role.SUPERVISOR}


@pytest.fixture
async def service(new_service: NewService, url: str) -> Service:
    archive = ArchiveConfig(url=url, flush_ms=1, sweep_ms=100, closed_keep_ms=0)
    return await new_service(msgspec.structs.replace(ANY_PORT, archive=archive))


@pytest.fixture
async def after(api: Api) -> str:
    """Ann has handled a call of Maria's; the position up to which that is told."""
    await api.furnish("ann")
    await api.ok("PUT", "/v1/queues/other", {})
    zoe = {"memberships": {"other": {}}, "slots": {"voice": 1}, "capacity": 2}
    await api.ok("PUT", "/v1/agents/zoe", zoe)
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c1", customer="maria", address="+55 11")
        await desk.event("offer.made")
        await desk.command("accept", contact="c1", offer=1)
        closed = await desk.command("close", contact="c1", disposition="bill", resolved=True)
    position: str = closed["position"]
    return position


async def test_a_timeline_tells_every_movement_with_its_instant_and_who_asked_for_it(
    api: Api, after: str
) -> None:
    told = await api.ok("GET", f"/v1/contacts/c1/timeline?after={after}", **SUPERVISOR)

    events = [(entry["event"]["e"], entry["actor"]) for entry in told["entries"]]
    assert events == [
        ("contact.admitted", "gateway:tester"),
        ("offer.made", "gateway:tester"),
        ("offer.accepted", "agent:ann"),
        ("contact.assigned", "agent:ann"),
        ("contact.closed", "agent:ann"),
    ]
    assert all(entry["at"] > 0 for entry in told["entries"])


async def test_a_customer_is_shown_what_is_public_and_nothing_of_agents(
    api: Api, after: str
) -> None:
    path = f"/v1/contacts/c1/timeline?after={after}"
    told = await api.ok("GET", f"{path}&view=customer", **SUPERVISOR)

    assert await api.ok("GET", path, **GATEWAY) == told
    assert [entry["event"]["e"] for entry in told["entries"]] == [
        *("contact.admitted", "contact.assigned", "contact.closed")
    ]
    assert b"ann" not in msgspec.json.encode(told)


async def test_a_customer_reads_what_was_said_to_him_and_no_note(api: Api) -> None:
    await api.furnish("ann")
    await api.admit("c1")
    path = "/v1/contacts/c1/activity"
    await api.ok("POST", path, {"author": "customer", "text": "Hello?"}, **GATEWAY)
    note = {"author": "system", "visibility": "internal", "text": "called twice today"}
    last = await api.ok("POST", path, note, **SUPERVISOR)
    timeline = f"/v1/contacts/c1/timeline?after={last['position']}"

    def texts(told: Json) -> list[str]:
        return [e["event"]["text"] for e in told["entries"] if "text" in e["event"]]

    assert texts(await api.ok("GET", timeline, **GATEWAY)) == ["Hello?"]
    assert texts(await api.ok("GET", timeline, **SUPERVISOR)) == ["Hello?", "called twice today"]


async def test_a_timeline_comes_in_pages(api: Api, after: str) -> None:
    path = f"/v1/contacts/c1/timeline?limit=2&after={after}"
    found, cursor = [], ""
    while True:
        page = await api.ok("GET", path + cursor)
        found += [entry["event"]["e"] for entry in page["entries"]]
        if "cursor" not in page:
            break
        cursor = f"&cursor={page['cursor']}"

    whole = await api.ok("GET", f"/v1/contacts/c1/timeline?after={after}")
    assert found == [entry["event"]["e"] for entry in whole["entries"]]


async def test_an_agent_sees_the_past_of_his_queues_only(api: Api, after: str) -> None:
    for path in (f"/v1/contacts/c1/timeline?after={after}", "/v1/contacts/c1"):
        await api.ok("GET", path, **AGENT)
        status, answer = await api.call("GET", path, **STRANGER)
        assert (status, answer["type"]) == (404, "urn:vez:problem:unknown-contact")
    mine = await api.ok("GET", "/v1/history?customer=maria", **AGENT)
    theirs = await api.ok("GET", "/v1/history?customer=maria", **STRANGER)

    assert [len(mine["contacts"]), len(theirs["contacts"])] == [1, 0]


async def test_a_contact_that_the_store_has_let_go_is_told_from_the_archive(
    api: Api, after: str, service: Service
) -> None:
    await api.ok("GET", f"/v1/contacts/c1/timeline?after={after}")
    assert service.archive is not None
    service.archive.archiver.settler.every_s = 0.0
    while not (await api.ok("GET", "/v1/contacts/c1")).get("archived"):
        await service.archive.archiver.catch_up(api.tenant)
    contact = await api.ok("GET", "/v1/contacts/c1")

    assert (contact["contact"], contact["state"], contact["owner"]) == ("c1", "closed", "ann")
    assert (contact["disposition"], contact["resolved"]) == ("bill", True)
    again = await api.admit("c1", customer="maria", address="+55 11")
    assert (again["repeated"], again["state"]) == (True, "closed")


@pytest.mark.usefixtures("after")
async def test_history_is_by_customer_or_by_address_newest_first_in_pages(api: Api) -> None:
    await api.admit("c2", customer="maria", address="+55 12")
    last = await api.admit("c3", customer="maria", address="+55 12")
    path = f"/v1/history?customer=maria&limit=2&after={last['position']}"
    page = await api.ok("GET", path, **GATEWAY)
    rest = await api.ok("GET", f"{path}&cursor={page['cursor']}", **GATEWAY)

    assert [row["contact"] for row in page["contacts"]] == ["c3", "c2"]
    assert [row["contact"] for row in rest["contacts"]] == ["c1"]
    assert "owner" not in rest["contacts"][0]
    by_address = await api.ok("GET", "/v1/history?address=%2B55%2011")
    assert [row["contact"] for row in by_address["contacts"]] == ["c1"]


@pytest.mark.usefixtures("after")
@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/v1/history", 422, "body"),
        ("/v1/history?customer=a&address=b", 422, "body"),
        ("/v1/history?customer=a&cursor=nonsense", 422, "cursor"),
        ("/v1/history?customer=a&after=nonsense", 422, "after"),
        ("/v1/contacts/c1/timeline?cursor=1", 422, "cursor"),
        ("/v1/contacts/nobody/timeline", 404, None),
        ("/v1/reports?interval=hour&by=queue&from=2&to=1", 422, "from"),
        ("/v1/reports?interval=hour&by=queue&from=x&to=1", 422, "from"),
        ("/v1/reports?interval=15m&by=queue&from=0&to=1000000000000", 422, "from"),
        ("/v1/reports?interval=day&by=queue&from=0&to=1&time_zone=Mars", 422, "time_zone"),
        ("/v1/reports?interval=day&by=mood&from=0&to=1", 422, "by"),
    ],
)
async def test_bad_questions_are_refused_by_name(
    api: Api, path: str, status: int, field: str | None
) -> None:
    code, answer = await api.call("GET", path)

    assert code == status, answer
    if field is not None:
        assert field in [error["field"] for error in answer["errors"]]


@pytest.mark.usefixtures("after")
async def test_a_position_that_never_comes_is_not_waited_for_without_end(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.archive.questions.WAIT_MS", 1)
    status, answer = await api.call("GET", "/v1/history?customer=a&after=9999999999999-0")

    assert (status, answer["type"]) == (503, "urn:vez:problem:archive-behind")


@pytest.mark.usefixtures("after")
async def test_hidden_contacts_are_for_administrators(api: Api) -> None:
    status, _ = await api.call("GET", "/v1/history?customer=maria&hidden=true", **SUPERVISOR)

    assert status == 403
    await api.ok("GET", "/v1/history?customer=maria&hidden=true")


async def report(api: Api, after: str, **more: Any) -> Json:
    asked = {"interval": "day", "by": "queue", "from": 0, "to": 2**50, "after": after} | more
    now = (await api.ok("GET", "/v1/contacts/c1"))["closed_at"]
    asked |= {"from": now - 1, "to": now + 1}
    text = "&".join(f"{name}={value}" for name, value in asked.items())
    return await api.ok("GET", f"/v1/reports?{text}", **SUPERVISOR)


async def test_a_report_has_the_definitions_of_its_numbers(api: Api, after: str) -> None:
    told = await report(api, after)
    (row,) = told["rows"]

    assert (row["queue"], row["offered"], row["answered"], row["handled"]) == ("sales", 1, 1, 1)
    assert row["service_level_strict"] == 1.0
    assert told["definitions"].keys() == row.keys() - {"from", "to", "queue"}
    assert (await report(api, after, by="disposition"))["rows"][0]["disposition"] == "bill"
    assert (await report(api, after, by="agent"))["rows"][0]["agent"] == "ann"


async def test_a_report_comes_as_a_table_too(api: Api, after: str) -> None:
    told = await report(api, after)
    query = f"interval=day&by=queue&from={told['from']}&to={told['to']}&format=csv"
    async with api.http.get(
        f"{api.url}/v1/reports?{query}", headers=api.headers(Role.SUPERVISOR)
    ) as answer:
        assert answer.headers["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(await answer.text())))

    assert [row["queue"] for row in rows] == ["sales"]
    assert rows[0]["answered"] == "1"


async def test_without_an_archive_the_past_is_unknown(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str
) -> None:
    service = await new_service()
    api = Api(http, service.http.url, tenant)
    await api.furnish("ann")
    status, answer = await api.call("GET", "/v1/history?customer=a")

    assert (status, answer["type"]) == (404, "urn:vez:problem:unknown-archive")


async def test_acd_report_prints_the_numbers_with_their_definitions(
    api: Api, after: str, tmp_path: Path
) -> None:
    await report(api, after)
    path = tmp_path / "config.toml"
    path.write_text(f'[auth.keys.k]\nsecret = "{SECRET.decode()}"\n[tenants.{api.tenant}]\n')
    at = (await api.ok("GET", "/v1/contacts/c1"))["closed_at"] / 1_000
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    words = ["--config", str(path), "report", "--url", api.url, "--from", day]

    told = await asyncio.to_thread(CliRunner().invoke, main, words)
    assert told.exit_code == 0, told.output
    assert "sales" in told.output
    assert "offered: waits in the queue that began in the interval" in told.output

    wrong = await asyncio.to_thread(CliRunner().invoke, main, [*words, "--time-zone", "Mars"])
    assert (wrong.exit_code, "Mars is no time zone" in wrong.output) == (2, True)
