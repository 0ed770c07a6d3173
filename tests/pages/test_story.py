"""One contact from its customer's first word to his rating, in four browsers at once."""

import re
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from playwright.async_api import Locator, Page, expect

from router.api.roles import Role
from router.config import ArchiveConfig
from router.service import Service
from tests.clients import Api, Json
from tests.gateways.conftest import furnish, gateway_of
from tests.pages.conftest import NewTab
from tests.routers import ANY_PORT, NewService

TOLD = (
    "contact.admitted",
    "offer.made",
    "offer.declined",
    "contact.queued",
    "offer.made",
    "offer.accepted",
    "contact.assigned",
    "offer.made",
    "offer.accepted",
    "contact.assigned",
    "contact.closed",
    "contact.scored",
)
"""What a supervisor finds of it, besides what was said."""


@pytest.fixture
async def service(new_service: NewService, tenant: str, tmp_path: Path) -> Service:
    """A router with an archive and a chat."""
    archive = ArchiveConfig(url=f"sqlite:///{tmp_path}/archive.sqlite", flush_ms=1)
    return await new_service(msgspec.structs.replace(ANY_PORT, archive=archive), gateway_of(tenant))


class Cast(NamedTuple):
    """Everybody's page."""

    customer: Page
    ana: Page
    bruno: Page
    boss: Page


async def get_ready(page: Page) -> None:
    await page.get_by_role("button", name="Get ready").click()
    await expect(page.locator(".declared")).to_contain_text("Ready")


async def say(page: Page, label: str, text: str) -> None:
    await page.get_by_label(label, exact=True).fill(text)
    await page.keyboard.press("Enter")


def offer(page: Page) -> Locator:
    return page.get_by_role("article", name=re.compile("zoe@"))


def busy(page: Page) -> Locator:
    """The agents whom the wallboard shows with work in hand."""
    return page.locator(".group").filter(has_text="Busy")


async def it_finds_an_agent(cast: Cast) -> None:
    """The customer writes; Ana, who has been idle for longer, declines; Bruno accepts."""
    customer, ana, bruno = cast.customer, cast.ana, cast.bruno
    for name, value in (("name", "Zoe"), ("reach", "zoe@example.com")):
        await customer.locator(f"[name={name}]").fill(value)
    await customer.locator("[name=message]").fill("My bill is wrong.")
    await customer.get_by_role("button", name="Start the chat").click()
    await expect(offer(ana)).to_be_visible()
    await ana.keyboard.press("F9")
    await expect(offer(bruno)).to_be_visible()
    await expect(offer(ana)).to_be_hidden()
    await bruno.keyboard.press("F8")
    await expect(busy(cast.boss)).to_contain_text("Bruno")


async def they_talk(cast: Cast) -> None:
    log = cast.customer.get_by_role("log")
    heard = cast.bruno.get_by_role("log")
    await expect(log).to_contain_text("An agent has joined.")
    await expect(heard).to_contain_text("My bill is wrong.")
    await say(cast.bruno, "Reply", "Let me have a look.")
    await expect(log).to_contain_text("Let me have a look.")
    await say(cast.customer, "Write a message", "Thank you.")
    await expect(heard).to_contain_text("Thank you.")


async def it_is_handed_on(cast: Cast, api: Api) -> None:
    """Carla is not there; Ana stops being ready at the last moment, then is, and takes it."""
    bruno, ana = cast.bruno, cast.ana
    await bruno.get_by_role("button", name="Transfer", exact=True).click()
    options = bruno.get_by_role("listbox").get_by_role("option")
    to_ana = options.filter(has_text="Ana")
    transfer = bruno.get_by_role("button", name="Transfer to Ana")
    await expect(options.filter(has_text="Carla")).to_have_attribute("aria-disabled", "true")
    await to_ana.click()
    path, boss = "/v1/agents/ana/state", {"role": Role.SUPERVISOR}
    await api.ok("POST", path, {"presence": "not_ready", "reason": "lunch"}, **boss)
    await transfer.click()
    await expect(bruno.get_by_role("alert").filter(has_text="not ready")).to_be_visible()
    await api.ok("POST", path, {"presence": "ready"}, **boss)
    await expect(to_ana).not_to_have_attribute("aria-disabled", "true")
    await transfer.click()
    await expect(offer(ana)).to_contain_text("Bruno transfers to you")
    await ana.keyboard.press("F8")
    await expect(bruno.get_by_text("You have no contacts.")).to_be_visible()
    await expect(ana.get_by_role("log")).to_contain_text("Let me have a look.")
    await expect(busy(cast.boss)).to_contain_text("Ana")


async def it_ends(cast: Cast) -> None:
    """With a reason, which is wanted, and with what the customer says of it."""
    await cast.ana.get_by_role("button", name="End", exact=True).click()
    closing = cast.ana.get_by_role("region", name="End this contact")
    await closing.get_by_role("button", name="End").click()
    await expect(closing).to_contain_text("Choose a reason")
    await closing.get_by_label("A bill").check()
    await closing.get_by_label("Yes").check()
    await closing.get_by_role("button", name="End").click()
    await cast.customer.get_by_label("5 stars").check()
    await cast.customer.get_by_role("button", name="Send rating").click()
    await expect(cast.customer.get_by_text("Thank you for your rating.")).to_be_visible()
    sales = cast.boss.locator(".queues tbody tr").filter(has_text="Sales")
    await expect(sales.locator(".answered")).to_have_text("1")


@pytest.mark.timeout(180)
async def test_from_the_first_word_to_the_rating(api: Api, new_tab: NewTab) -> None:
    reasons = [{"code": "bill", "label": "A bill"}, {"code": "move", "label": "Moving"}]
    script: Json = {
        "dispositions": reasons,
        "disposition_required": True,
        "resolved_required": True,
    }
    await furnish(api, survey=True, **script)
    for agent in ("ana", "bruno", "carla"):
        own = {"memberships": {"sales": {}}, "slots": {"chat": 1}, "capacity": 1}
        await api.ok("PUT", f"/v1/agents/{agent}", own | {"name": agent.title()})
    cast = Cast(
        customer=(await new_tab("/chat")).page,
        ana=(await new_tab("/desk", Role.AGENT, "ana")).page,
        bruno=(await new_tab("/desk", Role.AGENT, "bruno")).page,
        boss=(await new_tab("/wall", Role.SUPERVISOR)).page,
    )
    await get_ready(cast.ana)
    await get_ready(cast.bruno)
    await it_finds_an_agent(cast)
    (mine,) = (await api.ok("GET", "/v1/contacts?owner=bruno"))["contacts"]
    path = f"/v1/contacts/{mine['contact']}"
    await they_talk(cast)
    await it_is_handed_on(cast, api)
    await it_ends(cast)

    record = await api.ok("GET", path)
    query = f"limit=200&after={record['position']}"
    timeline = await api.ok("GET", f"{path}/timeline?{query}", role=Role.SUPERVISOR)
    heard = [entry["event"]["e"] for entry in timeline["entries"]]
    assert tuple(name for name in heard if name != "contact.activity") == TOLD
    ended = (record["result"], record["disposition"], record["resolved"], record["owner"])
    assert ended == ("handled", "bill", True, "ana")
    assert record["rating"]["score"] == 10
