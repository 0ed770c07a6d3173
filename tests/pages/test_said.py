"""What the router says of faults is said in Portuguese where the administration shows it."""

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from queues.settings import Disposition, QueueSettings
from queues.settings import unfit as unfit_queue
from router.api import problems
from router.api.auth import Identity, Verifier
from router.api.problems import ProblemError
from router.api.roles import Role
from router.api.tokens import TokenBody, make
from router.calendars import CalendarSettings, Week
from router.calendars import unfit as unfit_calendar
from router.engine.reply import Obstacle, Outcome, Reply
from router.settings import ChannelSettings, TenantSettings, unfit_tenant
from tests.clients import SECRET, Api
from tests.pages.conftest import NewTab

SAID = """async (sentences) => {
    const { said } = await import("/static/admin/said.js");
    return Object.fromEntries(sentences.map((one) => [one, said(one)]));
}"""
TWICE = Disposition(code="a", active=False)
QUEUES = (
    QueueSettings(wrap_up="forced_limit"),
    QueueSettings(closed="divert"),
    QueueSettings(dispositions=(TWICE, TWICE), disposition_required=True),
)
TENANTS = (
    TenantSettings(not_ready_reasons={"login": ""}),
    TenantSettings(channels={"voice": ChannelSettings(interrupts=("fax",))}),
    TenantSettings(
        channels={
            "voice": ChannelSettings(interrupts=("chat",)),
            "chat": ChannelSettings(interrupts=("voice",)),
        }
    ),
)
CALENDARS = (
    CalendarSettings(time_zone="Europe/Lisbom", holidays=("2026-02-30",)),
    CalendarSettings(time_zone="?", dates={f"{y}-01-01": () for y in range(2000, 2600)}),
    CalendarSettings(time_zone="UTC", weekly=Week(mon=("12:00-08:00",))),
    CalendarSettings(time_zone="UTC", weekly=Week(mon=("08:00-12:00", "11:00-13:00"))),
)
OBSTACLES = (
    *(Obstacle(0, "agent", "x", "unknown", what, "y") for what in ("queue", "channel", "agent")),
    *(Obstacle(0, "queue", "x", why) for why in ("twice", "default_queue", "in_use")),
    *(Obstacle(0, "queue", "x", "referred", what, "y") for what in ("queue", "subject", "agent")),
    Obstacle(0, "calendar", "x", "used", names=["y", "z"]),
    *(Obstacle(0, "agent", "x", why) for why in ("not_offline", "awaited")),
    Obstacle(0, "queue", "x", "loop", path=["x", "y"]),
)


def sentences() -> Iterator[str]:
    """All that the router's own checks say of what the page lets one draft."""
    for queue in QUEUES:
        yield from (fault.expected for fault in unfit_queue(queue))
    for tenant in TENANTS:
        yield from (fault.expected for fault in unfit_tenant(tenant))
    for calendar in CALENDARS:
        yield from (fault.expected for fault in unfit_calendar(calendar))
    blocked = problems.of_reply(Reply(outcome=Outcome.BLOCKED, problems=list(OBSTACLES)))
    assert blocked is not None
    yield from (error.expected for error in blocked.errors)
    who = Identity(tenant="t", subject="root", role=Role.ADMIN, expires=0)
    with pytest.raises(ProblemError) as refused:
        make(Verifier(secret_keys=(SECRET,)), who, TokenBody(role="admin", subject="x"))
    yield from (error.expected for error in refused.value.problem.errors)


async def test_every_fault_is_said_in_portuguese(api: Api, new_tab: NewTab) -> None:
    await api.furnish()
    tab = await new_tab("/admin", Role.ADMIN, "root", locale="pt-BR")
    await expect(tab.page.get_by_role("link", name="sales")).to_be_visible()
    for body in ({"subject": "a b"}, {"subject": "x", "ttl_ms": 1}):
        _, problem = await api.call("POST", "/v1/tokens", {"role": "agent"} | body)
        told = [error["expected"] for error in problem["errors"]]
        assert told
        assert (await tab.page.evaluate(SAID, told))[told[0]] != told[0]

    found = await tab.page.evaluate(SAID, list(sentences()))

    assert len(found) > 25
    assert [one for one, text in found.items() if text == one or "said." in text] == []
    assert found["queue y to exist"] == "que exista: Fila y"
