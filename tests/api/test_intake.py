"""What contacts of an origin must bring, where their subject leads, and gateways that vanish."""

from router.api.roles import Role
from tests.clients import Api, stream

TENANT = {
    "subjects": {
        "Invoice": {"queue": "billing", "priority": 4},
        "Fraud": {"queue": "billing", "origins": ["branch"]},
    },
    "intake": {
        "portal": {"external": True, "listed_subjects": True, "required": ["subject"]},
        "pbx": {"lease_ms": 60_000},
    },
    "default_queue": "sales",
}


async def furnish(api: Api) -> None:
    await api.furnish("ann", tenant=TENANT)
    await api.ok("PUT", "/v1/queues/billing", {"external": True})
    await api.ok("PUT", "/v1/queues/internal", {"external": False})
    await api.ok("PUT", "/v1/queues/archive", {"handles": False})


async def bring(api: Api, contact: str, **fields: object) -> tuple[int, dict[str, object]]:
    body = {"contact": contact, "channel": "chat", **fields}
    return await api.call("POST", "/v1/contacts", body, role=Role.GATEWAY)


async def test_a_subject_leads_to_its_queue_with_its_priority(api: Api) -> None:
    await furnish(api)

    await bring(api, "c-1", subject="Invoice")
    await bring(api, "c-2", subject="Invoice", queue="sales", priority=0)
    await bring(api, "c-3", subject="something else")

    places = [await api.ok("GET", f"/v1/contacts/c-{n}") for n in (1, 2, 3)]
    assert [place["queue"] for place in places] == ["billing", "sales", "sales"]
    assert [place["priority"] for place in places] == [4, 0, 0]


async def test_a_portal_is_held_to_the_catalogue(api: Api) -> None:
    await furnish(api)

    for subject, expected in (("Weather", "of the tenant's catalogue"), ("Fraud", "this origin")):
        status, problem = await bring(api, "c-1", origin="portal", subject=subject)
        assert status == 422
        assert problem["errors"][0]["field"] == "subject"  # type: ignore[index]
        assert expected in problem["errors"][0]["expected"]  # type: ignore[index]
    assert (await bring(api, "c-1", origin="branch", subject="Fraud"))[0] == 201
    assert (await api.call("GET", "/v1/contacts/c-2"))[0] == 404


async def test_a_queue_takes_what_its_flags_say(api: Api) -> None:
    await furnish(api)

    refused = await bring(api, "c-1", origin="portal", subject="Invoice", queue="internal")
    closed = await bring(api, "c-1", queue="archive")

    assert (refused[0], refused[1]["verdict"]) == (409, "internal_only")
    assert (closed[0], closed[1]["verdict"]) == (409, "handles_nothing")
    assert (await bring(api, "c-1", queue="internal"))[0] == 201


async def test_a_portal_is_told_the_subjects_and_the_rule_that_hold_for_it(api: Api) -> None:
    await furnish(api)

    everything = await api.ok("GET", "/v1/subjects")
    shown = await api.ok("GET", "/v1/subjects?origin=portal", role=Role.GATEWAY)

    assert everything["subjects"].keys() == {"Invoice", "Fraud"}
    assert shown["subjects"] == {"Invoice": {"queue": "billing", "priority": 4}}
    assert shown["intake"]["external"] is True
    assert shown["intake"]["lease_ms"] == 0
    assert "intake" not in everything


async def test_a_gateway_keeps_its_contacts_alive(api: Api) -> None:
    await furnish(api)
    await bring(api, "c-1", origin="pbx")

    async with stream(api, Role.GATEWAY, "pbx") as gateway:
        told = await gateway.command("keep_alive", contacts=["c-1", "c-9"])

    assert told["contacts_gone"] == ["c-9"]
