"""Metrics: each event is counted once over all routers, and the present is told as it is."""

from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from router.api.roles import Role
from router.metrics import LABELS_MAX, Metrics
from router.service import Service
from tests.clients import Api, stream
from tests.journal.events import entry
from tests.routers import NewService
from tests.waiting import wait_until


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


def made(**more: Any) -> dict[str, Any]:
    return {"queue": "sales", "kind": "queue", "contact": "c", "agent": "a", "offer": 1} | more


def accepted(wait_ms: int, **more: Any) -> dict[str, Any]:
    return made(e="offer.accepted", ring_ms=2_000, wait_ms=wait_ms, channel="voice", **more)


def ended(result: str, **more: Any) -> dict[str, Any]:
    return {"e": "contact.closed", "queue": "sales", "result": result, "contact": "c"} | more


def abandoned(wait_ms: int) -> dict[str, Any]:
    return ended("abandoned", wait_ms=wait_ms)


def level(metrics: Metrics, variant: str) -> tuple[float, float]:
    """Met and counted."""
    labels = {"tenant": "t", "queue": "sales", "variant": variant}
    return (
        value(metrics, "acd_service_level_met_total", **labels),
        value(metrics, "acd_service_level_counted_total", **labels),
    )


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(router="r-1", wall_ms=lambda: 1_000, service_level_ms=20_000)


def test_the_three_service_levels_are_what_their_names_say(metrics: Metrics) -> None:
    for wait_ms in (5_000, 20_000, 20_001, 90_000):
        metrics.on_entry("t", entry(1, accepted(wait_ms)))
    for wait_ms in (1_000, 60_000, 61_000):
        metrics.on_entry("t", entry(2, abandoned(wait_ms)))
    metrics.on_entry("t", entry(3, accepted(1, kind="transfer")))

    assert level(metrics, "answered_only") == (2, 4)
    assert level(metrics, "with_abandons") == (3, 7)
    assert level(metrics, "strict") == (2, 7)


def test_who_was_given_to_an_agent_by_hand_was_answered(metrics: Metrics) -> None:
    given = {"e": "contact.assigned", "queue": "sales", "contact": "c", "agent": "a"}
    metrics.on_entry("t", entry(1, given | {"how": "hand", "wait_ms": 7_000}))
    metrics.on_entry("t", entry(2, given | {"how": "hand", "from": "b"}))  # had been answered
    metrics.on_entry("t", entry(3, accepted(30_000), given))

    waits = {"tenant": "t", "queue": "sales", "outcome": "answered"}
    assert value(metrics, "acd_contact_wait_seconds_count", **waits) == 2
    assert value(metrics, "acd_contact_wait_seconds_sum", **waits) == 37
    assert level(metrics, "strict") == (1, 2)


def test_answers_are_counted_by_whether_they_were_in_time(metrics: Metrics) -> None:
    said = {"e": "contact.activity", "queue": "sales", "contact": "c", "response_ms": 10}
    metrics.on_entry("t", entry(1, said | {"first_response": True, "response_met": True}))
    metrics.on_entry("t", entry(2, said | {"response_met": False}))
    metrics.on_entry("t", entry(3, said, {"e": "contact.response_late", "queue": "sales"}))

    labels = {"tenant": "t", "queue": "sales"}
    assert value(metrics, "acd_responses_total", kind="first", met="yes", **labels) == 1
    assert value(metrics, "acd_responses_total", kind="next", met="no", **labels) == 1
    assert value(metrics, "acd_responses_late_total", **labels) == 1


@pytest.mark.parametrize("result", ["expired", "overflowed"])
def test_who_ends_unserved_is_lost_however_soon(metrics: Metrics, result: str) -> None:
    metrics.on_entry("t", entry(1, ended(result, wait_ms=1_000, state_before="queued")))
    metrics.on_entry("t", entry(2, ended(result, state_before="held")))  # never waited
    metrics.on_entry("t", entry(3, ended("cancelled", wait_ms=1_000)))

    waits = {"tenant": "t", "queue": "sales", "outcome": result}
    assert value(metrics, "acd_contact_wait_seconds_count", **waits) == 1
    assert level(metrics, "answered_only") == (0, 0)
    assert level(metrics, "with_abandons") == (0, 1)
    assert level(metrics, "strict") == (0, 1)


def test_what_other_routers_did_is_not_counted_here(metrics: Metrics) -> None:
    metrics.on_entry("t", entry(1, accepted(1), by="r-2"))
    metrics.on_entry("t", entry(2, accepted(1), by="r-1"))

    labels = {"tenant": "t", "queue": "sales", "kind": "queue", "outcome": "accepted"}
    assert value(metrics, "acd_offers_total", **labels) == 1


def test_offers_are_counted_by_how_they_end(metrics: Metrics) -> None:
    ends = [
        {"e": "offer.declined", "cause": "declined"},
        {"e": "offer.declined", "cause": "unreachable"},
        {"e": "offer.expired", "cause": "expired"},
        {"e": "offer.revoked", "reason": "cancelled"},
        {"e": "offer.revoked", "reason": "taken", "taken_by": "b"},
    ]
    for end in ends:
        metrics.on_entry("t", entry(1, made(e="offer.made"), made(ring_ms=100, **end)))

    for outcome, count in {
        "made": 5,
        "declined": 1,
        "unreachable": 1,
        "expired": 1,
        "revoked": 1,
        "taken": 1,
    }.items():
        labels = {"tenant": "t", "queue": "sales", "kind": "queue", "outcome": outcome}
        assert value(metrics, "acd_offers_total", **labels) == count


def test_a_flood_of_names_does_not_become_a_flood_of_series(metrics: Metrics) -> None:
    for number in range(LABELS_MAX + 50):
        admitted = {"e": "contact.admitted", "queue": "q", "channel": "c", "origin": f"o{number}"}
        metrics.on_entry("t", entry(1, admitted))

    family = next(f for f in metrics.registry.collect() if f.name == "acd_contacts_admitted")
    totals = [sample for sample in family.samples if sample.name.endswith("_total")]
    assert len(totals) == LABELS_MAX + 1
    assert sum(sample.value for sample in totals) == LABELS_MAX + 50


def test_a_tail_that_is_behind_shows_in_the_lag(metrics: Metrics) -> None:
    metrics.on_entry("t", entry(400))

    assert value(metrics, "acd_journal_lag_seconds_sum", tenant="t") == pytest.approx(0.6)


async def page(http: aiohttp.ClientSession, service: Service) -> dict[tuple[str, str], float]:
    """The page's samples of the queue `sales`, by name and the rest of their labels."""
    async with http.get(f"{service.page.url}/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = {k: v for k, v in sample.labels.items() if k not in ("tenant", "queue")}
            if sample.labels.get("queue", "sales") == "sales":
                found[(sample.name, ",".join(sorted(labels.values())))] = sample.value
    return found


async def test_two_routers_count_every_event_once_together(
    api: Api, service: Service, new_service: NewService
) -> None:
    await api.furnish("ann", wrap_up_ms=60_000)
    second = await new_service()
    other = Api(api.http, second.http.url, api.tenant)
    async with (
        stream(api, Role.AGENT, "ann") as desk,
        stream(other, Role.GATEWAY) as gateway,
    ):
        await desk.command("set_state", presence="ready")
        for number in range(6):
            contact = f"c-{number}"
            await (api if number % 2 else other).admit(contact, origin="pbx")
            offer = (await desk.event("offer.made", contact=contact))["event"]["offer"]
            await desk.command("accept", contact=contact, offer=offer)
            await other.ok("POST", f"/v1/contacts/{contact}/close", {"wrap_up": False})
            await gateway.event("contact.closed", contact=contact)
        await wait_until(lambda: counted(service, second) == 6)

        pages = [await page(api.http, one) for one in (service, second)]

    def total(name: str, rest: str = "") -> float:
        return sum(one.get((name, rest), 0) for one in pages)

    assert total("acd_contacts_admitted_total", "pbx,voice") == 6
    assert total("acd_offers_total", "made,queue") == 6
    assert total("acd_offers_total", "accepted,queue") == 6
    assert total("acd_contacts_closed_total", "handled") == 6
    assert total("acd_contact_handle_seconds_count") == 6
    assert total("acd_contact_wait_seconds_count", "answered") == 6
    assert total("acd_service_level_met_total", "strict") == 6
    assert pages[0][("acd_contacts_admitted_total", "pbx,voice")] == 3
    assert pages[0][("acd_sessions", "agent")] == 1
    for one in pages:
        assert one[("acd_queue_waiting", "")] == 0
        assert one[("acd_agents", "ready")] == 1


def counted(*services: Service) -> float:
    total = 0.0
    for service in services:
        for family in service.metrics.registry.collect():
            if family.name == "acd_contacts_closed":
                total += sum(s.value for s in family.samples if s.name.endswith("_total"))
    return total


async def test_the_present_is_read_from_the_store(
    api: Api, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    await wait_until(lambda: service.edge.journals.get(api.tenant))
    monkeypatch.setattr("router.gauges.FRESH_S", -1.0)

    before = await page(api.http, service)
    async with stream(api, Role.AGENT, "ann") as desk:
        await desk.command("set_state", presence="ready")
        after = await page(api.http, service)

    assert (before[("acd_queue_waiting", "")], before[("acd_queue_offered", "")]) == (1, 0)
    assert before[("acd_queue_oldest_wait_seconds", "")] >= 0
    assert (after[("acd_queue_waiting", "")], after[("acd_queue_offered", "")]) == (0, 1)
    assert after[("acd_transitions_total", "admit,ok")] >= 1
    assert after[("acd_http_request_seconds_count", "201,admit_contact")] == 1


async def test_the_page_stands_on_its_own_address_only(api: Api, service: Service) -> None:
    async with api.http.get(f"{api.url}/metrics") as answer:
        assert answer.status == 404
    async with api.http.get(f"{service.page.url}/") as answer:
        assert answer.status == 404
    async with api.http.post(f"{service.page.url}/metrics") as answer:
        assert answer.status == 405
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with api.http.get(f"{service.page.url}/metrics", headers=accept) as answer:
        assert answer.content_type == "application/openmetrics-text"
        assert (await answer.text()).endswith("# EOF\n")
