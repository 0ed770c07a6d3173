"""How contacts end: codes and what is required of them, surveys and scores, who may close."""

import pytest

from router.api.roles import Role
from router.metrics import Metrics
from tests.clients import Api, Json, Stream, stream
from tests.journal.events import entry

ANN: Json = {"role": Role.AGENT, "subject": "ann"}
BOB: Json = {"role": Role.AGENT, "subject": "bob"}
CODES = [{"code": "invoice", "label": "Invoice"}, {"code": "fax", "active": False}]


async def serve(api: Api, desk: Stream, contact: str = "c-1") -> str:
    """A contact in Ann's hands; answers its path."""
    await desk.command("set_state", presence="ready")
    await api.admit(contact)
    offer = (await desk.event("offer.made"))["event"]
    assert (await desk.command("accept", contact=contact, offer=offer["offer"]))["outcome"] == "ok"
    return f"/v1/contacts/{contact}"


async def test_a_close_without_what_is_required_names_the_fields_and_the_codes(api: Api) -> None:
    rules: Json = {"dispositions": CODES, "disposition_required": True, "resolved_required": True}
    await api.furnish("ann", **rules)
    async with stream(api, Role.AGENT, "ann") as desk:
        path = await serve(api, desk)

        status, problem = await api.call("POST", f"{path}/close", {}, **ANN)
        assert (status, problem["type"]) == (422, "urn:vez:problem:bad-disposition")
        codes = "required: one of the queue's codes: invoice"
        assert [(e["field"], e["expected"]) for e in problem["errors"]] == [
            ("disposition", codes),
            ("resolved", "required: true or false"),
        ]
        assert (await api.ok("GET", path))["state"] == "assigned"

        told = {"disposition": "invoice", "resolved": False}
        assert (await api.ok("POST", f"{path}/close", told, **ANN))["state"] == "closed"
        closed = (await desk.event("contact.closed"))["event"]
        assert (closed["disposition"], closed["resolved"]) == ("invoice", False)
        assert closed["disposition_label"] == "Invoice"
        assert "disposition_missing" not in closed


@pytest.mark.parametrize("code", ["fax", "weather"])
async def test_a_code_that_is_not_in_use_is_refused_by_its_name(api: Api, code: str) -> None:
    await api.furnish("ann", dispositions=CODES)
    async with stream(api, Role.AGENT, "ann") as desk:
        await serve(api, desk)

        answer = await desk.command("close", contact="c-1", disposition=code)

        [fault] = answer["problem"]["errors"]
        assert (fault["field"], fault["value"]) == ("disposition", code)
        assert fault["expected"] == "one of the queue's codes: invoice"


async def test_what_is_required_may_be_told_at_the_end_of_the_wrap_up(api: Api) -> None:
    rules: Json = {"disposition_required": True, "disposition_at": "wrap_up", "wrap_up_ms": 60_000}
    await api.furnish("ann", **rules)
    async with stream(api, Role.AGENT, "ann") as desk:
        path = await serve(api, desk)
        refused, _ = await api.call("POST", f"{path}/close", {"wrap_up": False}, **ANN)
        assert refused == 422  # no wrap-up, no later

        assert (await api.ok("POST", f"{path}/close", {}, **ANN))["state"] == "wrap_up"
        refused, _ = await api.call("POST", f"{path}/end-wrap-up", {}, **ANN)
        assert refused == 422

        done = await api.ok("POST", f"{path}/end-wrap-up", {"disposition": "moved"}, **ANN)
        assert done["state"] == "closed"
        record = await api.ok("GET", path)
        assert record["disposition"] == "moved"


async def test_who_hangs_up_needs_no_code_and_the_end_says_that_it_is_missing(api: Api) -> None:
    await api.furnish("ann", disposition_required=True)
    async with stream(api, Role.AGENT, "ann") as desk:
        path = await serve(api, desk)

        await api.ok("POST", f"{path}/cancel", {}, role=Role.GATEWAY)

        assert (await desk.event("contact.closed"))["event"]["disposition_missing"] is True


async def test_a_customer_who_is_asked_scores_once(api: Api) -> None:
    await api.furnish("ann", survey=True)
    gateway: Json = {"role": Role.GATEWAY}
    async with stream(api, Role.AGENT, "ann") as desk, stream(api, Role.GATEWAY, "pbx") as pbx:
        path = await serve(api, desk)
        early, _ = await api.call("POST", f"{path}/score", {"score": 9}, **gateway)
        await desk.command("close", contact="c-1")
        assert (await pbx.event("contact.closed"))["event"]["survey_requested"] is True

        scored = await pbx.command("score", contact="c-1", score=9, comment="quick")
        repeat = await pbx.command("score", contact="c-1", score=9, comment="quick")
        other, problem = await api.call("POST", f"{path}/score", {"score": 1}, **gateway)
        high, _ = await api.call("POST", f"{path}/score", {"score": 11}, **gateway)
        own, _ = await api.call("POST", f"{path}/score", {"score": 10}, **ANN)

        assert (early, other, high, own) == (409, 409, 422, 403)
        assert (scored["outcome"], repeat["repeated"]) == ("ok", True)
        assert problem["type"] == "urn:vez:problem:scored"
        assert (await pbx.event("contact.scored"))["event"]["comment"] == "quick"
        assert (await api.ok("GET", path))["rating"]["score"] == 9


async def test_a_close_may_leave_the_customer_in_peace(api: Api) -> None:
    await api.furnish("ann", survey=True)
    async with stream(api, Role.AGENT, "ann") as desk:
        await serve(api, desk)
        await desk.command("close", contact="c-1", survey=False)

        assert "survey_requested" not in (await desk.event("contact.closed"))["event"]


@pytest.mark.parametrize(("close_by", "status"), [("owner", 403), ("members", 200)])
async def test_who_may_close_is_the_queues_to_say(api: Api, close_by: str, status: int) -> None:
    await api.furnish("ann", "bob", close_by=close_by)
    await api.ok("PUT", "/v1/queues/other", {})
    await api.ok("PUT", "/v1/agents/stranger", {"memberships": {"other": {}}})
    async with stream(api, Role.AGENT, "ann") as desk:
        path = await serve(api, desk)
        strange, _ = await api.call(
            "POST", f"{path}/close", {}, role=Role.AGENT, subject="stranger"
        )
        told, _ = await api.call("POST", f"{path}/close", {}, **BOB)
        assert (strange, told) == (403, status)
        if status == 200:
            closed = (await desk.event("contact.closed"))["event"]
            assert (closed["agent"], closed["closed_by"]) == ("ann", "bob")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"dispositions": [{"code": "a"}, {"code": "a"}]}, "each code once"),
        (
            {"dispositions": [{"code": "a", "active": False}], "disposition_required": True},
            "an active code with disposition_required = true",
        ),
        ({"dispositions": [{"code": "not an id"}]}, "1 to 64 of"),
    ],
)
async def test_a_catalogue_that_can_not_be_is_refused(
    api: Api, settings: Json, expected: str
) -> None:
    status, problem = await api.call("PUT", "/v1/queues/sales", settings)

    assert status == 422
    assert expected in problem["errors"][0]["expected"]


def test_ends_are_counted_by_the_codes_of_the_catalogue_and_scores_as_they_are() -> None:
    metrics = Metrics(router="r-1", wall_ms=lambda: 1_000)
    end = {"e": "contact.closed", "queue": "sales", "result": "handled", "agent": "a"}
    ends: list[Json] = [
        {"disposition": "invoice", "disposition_label": "Invoice", "resolved": True},
        {"disposition": "whatever", "resolved": False},
        {},
        {"result": "abandoned", "agent": None},
    ]
    for told in ends:
        metrics.on_entry("t", entry(1, end | {"contact": "c"} | told))
    scored = {"e": "contact.scored", "queue": "sales", "contact": "c", "score": 7}
    metrics.on_entry("t", entry(2, scored))

    def count(disposition: str, resolved: str) -> float | None:
        labels = {"disposition": disposition, "resolved": resolved}
        return metrics.registry.get_sample_value(
            "acd_contacts_disposed_total", {"tenant": "t", "queue": "sales"} | labels
        )

    kinds = [("invoice", "yes"), ("other", "no"), ("none", "unknown"), ("none", "no")]
    assert [count(*kind) for kind in kinds] == [1, 1, 1, None]
    labels = {"tenant": "t", "queue": "sales"}
    assert metrics.registry.get_sample_value("acd_contact_score_sum", labels) == 7
