"""Contacts that the store has let go come back where their queue's policy allows it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from router.api.roles import Role
from router.archive.database import ArchiveError
from router.archive.questions import Questions
from router.archive.schema import CONTACTS
from router.config import ArchiveConfig
from router.service import Service
from tests.archive.ledger import Ledger
from tests.clients import Api, Json, stream
from tests.routers import ANY_PORT, NewService

GATEWAY: Json = {"role": Role.GATEWAY}
WHO_READS = (Role.GATEWAY, Role.SUPERVISOR)
ANN: Json = {"role": Role.AGENT, "subject": "ann"}
ZOE: Json = {"role": Role.AGENT, "subject": "zoe"}
OVER = (
    *("result", "reason", "disposition", "resolved", "rating", "closed_by", "closed_at"),
    *("survey_requested", "instruction"),
)
DAY_MS = 86_400_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/archive.sqlite"


@pytest.fixture
async def service(new_service: NewService, url: str) -> Service:
    archive = ArchiveConfig(url=url, flush_ms=1, sweep_ms=100, closed_keep_ms=0)
    return await new_service(msgspec.structs.replace(ANY_PORT, archive=archive))


async def let_go(api: Api, service: Service, contact: str = "c1") -> None:
    """Only the archive knows the contact from here on."""
    assert service.archive is not None
    archiver = service.archive.archiver
    archiver.settler.every_s = 0.0
    while not (await api.ok("GET", f"/v1/contacts/{contact}")).get("archived"):
        await archiver.catch_up(api.tenant)
    archiver.settler.every_s = 3_600.0


async def handle(api: Api, **rules: Any) -> None:
    """Ann has answered a customer and closed the contact."""
    await api.furnish("ann", survey=True, **rules)
    await api.ok("PUT", "/v1/queues/other", {})
    zoe = {"memberships": {"other": {}}, "slots": {"voice": 1}, "capacity": 2}
    await api.ok("PUT", "/v1/agents/zoe", zoe)
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        await api.admit("c1", customer="maria", address="+55 11", requirements={})
        await desk.event("offer.made")
        await desk.command("accept", contact="c1", offer=1)
        await desk.command("report", contact="c1", author="agent", text="Hello", id="m1")
        await desk.command("set_state", presence="not_ready")
        told = {"disposition": "bill", "resolved": True, "reason": "done"}
        await desk.command("close", contact="c1", **told)


@pytest.fixture
async def gone(api: Api, service: Service) -> Api:
    await handle(api)
    await let_go(api, service)
    return api


async def test_a_reopened_contact_is_the_old_one_without_its_end(gone: Api, ledger: Ledger) -> None:
    reopened = await gone.ok("POST", "/v1/contacts/c1/reopen", {}, **GATEWAY)
    contact = await gone.ok("GET", "/v1/contacts/c1")

    assert (reopened["state"], contact["state"], contact["episode"]) == ("queued", "queued", 2)
    assert (contact["customer"], contact["address"]) == ("maria", "+55 11")
    assert (contact["participants"], contact["offers_made"]) == (["ann"], 1)
    assert "archived" not in contact
    assert not set(OVER) & set(contact)

    await gone.ok("GET", f"/v1/contacts/c1/timeline?after={reopened['position']}")
    kept = ledger.record(await ledger.contact("c1"))
    names = ("state", "episode", "participants", "customer", "offers", "messages")
    assert [kept.get(name) for name in names] == ["queued", 2, ["ann"], "maria", 1, ["m1"]]
    assert not {*OVER, "disposition_label"} & set(kept)
    assert (await ledger.contact("c1"))["closed_at"] is None


async def test_it_is_still_known_by_what_it_came_with(gone: Api) -> None:
    await gone.ok("POST", "/v1/contacts/c1/reopen", {}, **GATEWAY)

    again = await gone.admit("c1", customer="maria", address="+55 11", requirements={})
    assert (again["repeated"], again["state"]) == (True, "queued")


async def test_the_customers_words_bring_it_back_and_are_known_by_their_id(gone: Api) -> None:
    path = "/v1/contacts/c1/activity"
    old = await gone.ok("POST", path, {"author": "customer", "id": "m1"}, **GATEWAY)
    assert (old["repeated"], old["state"]) == (True, "closed")

    said = {"author": "customer", "text": "Once more", "id": "m2"}
    first = await gone.ok("POST", path, said, **GATEWAY)
    again = await gone.ok("POST", path, said, **GATEWAY)

    assert (first["state"], again["repeated"]) == ("queued", True)


async def test_an_agent_reopens_over_a_socket_and_has_it(gone: Api) -> None:
    async with stream(gone, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        reopened = await desk.command("reopen", contact="c1")

    assert (reopened["outcome"], reopened["state"]) == ("ok", "assigned")


async def test_a_new_contact_follows_one_of_the_archive(api: Api, service: Service) -> None:
    await handle(api, reopen="new_linked_contact")
    await let_go(api, service)

    reopened = await api.ok("POST", "/v1/contacts/c1/reopen", {}, **GATEWAY)

    assert reopened["contact"] == "c1.2"
    first = await api.ok("GET", "/v1/contacts/c1")
    assert (first["state"], first["disposition"]) == ("closed", "bill")
    assert first["links"] == [{"kind": "follow_up", "contact": "c1.2"}]


async def test_a_gateway_is_not_told_who_had_what_was_over(gone: Api) -> None:
    of_agents = {"owner", "closed_by", "participants", "note"}
    read = {role: await gone.ok("GET", "/v1/contacts/c1", role=role) for role in WHO_READS}
    async with (
        stream(gone, Role.GATEWAY, "pbx") as gateway,
        stream(gone, Role.SUPERVISOR, "eva") as watcher,
        stream(gone, Role.AGENT, "ann", queues="all") as desk,
    ):
        await gone.ok("POST", "/v1/contacts/c1/reopen", {}, **GATEWAY)
        told = (await gateway.event("contact.restored"))["event"]
        whole = (await watcher.event("contact.restored"))["event"]
        await desk.command("snapshot")

    assert whole.keys() - told.keys() == {"owner", "participants"}
    assert (whole["owner"], whole["participants"]) == ("ann", ["ann"])
    assert told["disposition"] == "bill"
    assert not of_agents & read[Role.GATEWAY].keys()
    assert read[Role.SUPERVISOR]["owner"] == "ann"
    assert not any(message["event"]["e"] == "contact.restored" for message in desk.events)


async def test_a_repeat_with_its_key_is_told_what_was_done(gone: Api) -> None:
    keyed = {"headers": {"Idempotency-Key": "k1"}}
    first = await gone.ok("POST", "/v1/contacts/c1/reopen", {}, **GATEWAY, **keyed)
    again = await gone.ok("POST", "/v1/contacts/c1/reopen", {}, **GATEWAY, **keyed)

    assert ("repeated" in first, again["repeated"]) == (False, True)
    assert again["state"] == first["state"]


async def test_a_score_reaches_the_archive_and_is_given_once(
    gone: Api, service: Service, ledger: Ledger
) -> None:
    path = "/v1/contacts/c1/score"
    scored = await gone.ok("POST", path, {"score": 9, "comment": "quick"}, **GATEWAY)
    await gone.ok("GET", f"/v1/contacts/c1/timeline?after={scored['position']}")
    row = await ledger.contact("c1")
    assert (row["score"], row["state"], row["disposition"]) == (9, "closed", "bill")

    await let_go(gone, service)
    again = await gone.ok("POST", path, {"score": 9, "comment": "quick"}, **GATEWAY)
    status, problem = await gone.call("POST", path, {"score": 1}, **GATEWAY)

    assert again["repeated"] is True
    assert (status, problem["type"]) == (409, "urn:vez:problem:scored")


async def test_what_the_policy_locks_stays_over(api: Api, service: Service) -> None:
    await handle(api, reopen="locked")
    await let_go(api, service)

    status, problem = await api.call("POST", "/v1/contacts/c1/reopen", {}, **GATEWAY)

    assert (status, problem["type"]) == (409, "urn:vez:problem:locked")
    assert (await api.ok("GET", "/v1/contacts/c1"))["archived"] is True


async def test_what_is_hidden_is_unknown_but_to_an_administrator(gone: Api, ledger: Ledger) -> None:
    closed_at = (await ledger.contact("c1"))["closed_at"] - 100 * DAY_MS
    hide = update(CONTACTS).where(CONTACTS.c.tenant == gone.tenant).values(closed_at=closed_at)
    await ledger.database.write(lambda connection: connection.execute(hide))

    for verb, body in (("reopen", {}), ("score", {"score": 1}), ("activity", {"author": "system"})):
        status, problem = await gone.call("POST", f"/v1/contacts/c1/{verb}", body, **GATEWAY)
        assert (status, problem["type"]) == (404, "urn:vez:problem:unknown-contact")
    assert (await gone.ok("POST", "/v1/contacts/c1/reopen", {}))["state"] == "queued"


async def test_who_could_not_see_it_can_not_bring_it_back(gone: Api) -> None:
    status, problem = await gone.call("POST", "/v1/contacts/c1/reopen", {}, **ZOE)
    assert (status, problem["type"]) == (404, "urn:vez:problem:unknown-contact")
    status, _ = await gone.call("POST", "/v1/contacts/nobody/reopen", {}, **ANN)
    assert status == 404


THREAD: Json = {"customer": "maria", "conversation": "order 12", "address": "+55 11"}


async def end_and_let_go(api: Api, service: Service, **rules: Any) -> None:
    """The only contact of a conversation is over, and in the archive alone."""
    await api.furnish("ann", **rules)
    await api.admit("c1", **THREAD)
    await api.ok("POST", "/v1/contacts/c1/cancel", {}, **GATEWAY)
    await let_go(api, service)


async def test_a_conversation_goes_on_in_what_only_the_archive_has(
    api: Api, service: Service
) -> None:
    await end_and_let_go(api, service)

    back = await api.admit("m-2", **THREAD)
    again = await api.admit("m-2", **THREAD)
    others = [
        await api.admit("o-1", **THREAD | {"customer": "zoe"}),
        await api.admit("o-2", **THREAD | {"channel": "chat"}),
        await api.admit("o-3", **THREAD | {"conversation": "order 13"}),
    ]

    assert (back["attached"], back["contact"], back["state"]) == (True, "c1", "queued")
    assert (again["repeated"], again["contact"]) == (True, "c1")
    assert not any("attached" in other for other in others)
    contact = await api.ok("GET", "/v1/contacts/c1")
    assert (contact["state"], contact["episode"], "archived" in contact) == ("queued", 2, False)


async def test_what_stays_over_is_followed_though_only_the_archive_has_it(
    api: Api, service: Service
) -> None:
    await end_and_let_go(api, service, reopen="new_linked_contact")

    async with stream(api, Role.SUPERVISOR, "eva") as watcher:
        made = await api.admit("m-2", **THREAD)
        restored = (await watcher.event("contact.restored"))["event"]

    assert ("attached" in made, restored["contact"]) == (False, "c1")
    first, next_one = [await api.ok("GET", f"/v1/contacts/{name}") for name in ("c1", "m-2")]
    assert (first["state"], "archived" in first) == ("closed", False)
    assert first["links"] == [{"kind": "follow_up", "contact": "m-2"}]
    assert next_one["links"] == [{"kind": "follow_up_of", "contact": "c1"}]


async def test_the_last_of_several_goes_on(api: Api, service: Service) -> None:
    await end_and_let_go(api, service, reopen="new_linked_contact")
    await api.admit("m-2", **THREAD)
    await api.ok("POST", "/v1/contacts/m-2/cancel", {}, **GATEWAY)
    await let_go(api, service, "m-2")

    await api.admit("m-3", **THREAD)

    links = (await api.ok("GET", "/v1/contacts/m-3"))["links"]
    assert links == [{"kind": "follow_up_of", "contact": "m-2"}]


async def test_a_hidden_one_is_not_followed(api: Api, service: Service, ledger: Ledger) -> None:
    await end_and_let_go(api, service)
    closed_at = (await ledger.contact("c1"))["closed_at"] - 100 * DAY_MS
    hide = update(CONTACTS).where(CONTACTS.c.tenant == api.tenant).values(closed_at=closed_at)
    await ledger.database.write(lambda connection: connection.execute(hide))

    made = await api.admit("m-2", **THREAD)

    assert "attached" not in made
    assert "links" not in await api.ok("GET", "/v1/contacts/m-2")


async def test_an_arrival_does_not_need_the_archive(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await end_and_let_go(api, service)

    async def fail(*_: object) -> None:
        raise ArchiveError("no archive today")

    monkeypatch.setattr(Questions, "last_of", fail)
    made = await api.admit("m-2", **THREAD)

    assert ("attached" in made, made["state"]) == (False, "queued")


async def test_another_id_of_an_archived_contact_finds_it(api: Api, service: Service) -> None:
    await api.furnish("ann")
    await api.admit("c1", **THREAD)
    await api.admit("m-2", **THREAD)
    await api.ok("POST", "/v1/contacts/c1/cancel", {}, **GATEWAY)
    await let_go(api, service)

    found = await api.ok("GET", "/v1/contacts/m-2")
    told = await api.ok("GET", "/v1/contacts/m-2/timeline")
    reopened = await api.ok("POST", "/v1/contacts/m-2/reopen", {}, **GATEWAY)

    assert (found["contact"], found["archived"]) == ("c1", True)
    assert (told["contact"], told["entries"][0]["event"]["e"]) == ("c1", "contact.admitted")
    assert (reopened["contact"], reopened["state"]) == ("c1", "queued")
