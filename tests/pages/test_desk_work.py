"""The desk in a working day: ready, an offer, a conversation, its end."""

import re
from typing import Any

from playwright.async_api import Page, expect

from router.api.roles import Role
from tests.clients import Api
from tests.pages.conftest import NewTab

REASONS = [{"code": "bill", "label": "Question about a bill"}, {"code": "move", "label": "Moving"}]
SCRIPT: dict[str, Any] = {
    "name": "Sales",
    "dispositions": REASONS,
    "disposition_required": True,
    "resolved_required": True,
    "wrap_up": "optional",
    "wrap_up_ms": 60_000,
    "first_response_ms": 120_000,
}
CHAT = {
    "channel": "chat",
    "address": "+55 11 98765-4321",
    "subject": "Second copy of a bill",
    "customer": "customer-1",
    "attributes": {"plan": "gold", "order": 1234},
}


async def customer_says(api: Api, contact: str, text: str, number: int) -> None:
    said = {"author": "customer", "text": text, "id": f"{contact}-{number}"}
    await api.ok("POST", f"/v1/contacts/{contact}/activity", said, role=Role.GATEWAY)


async def get_ready(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("Get ready|Ficar pronto")).click()
    await expect(page.locator(".declared")).to_contain_text(re.compile("Ready|Pronto"))


async def accept(page: Page) -> None:
    """Says yes to the only bell, by its key."""
    bell = page.get_by_role("button", name=re.compile("Accept|Aceitar"))
    await expect(bell).to_be_visible()
    await page.keyboard.press("F8")
    await expect(bell).to_have_count(0)


async def test_a_contact_from_its_offer_to_its_end(api: Api, new_tab: NewTab) -> None:
    await api.furnish("ann", **SCRIPT)
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await get_ready(page)
    await api.admit("c-1", **CHAT)
    offer = page.get_by_role("article", name=re.compile("98765"))
    await expect(offer).to_contain_text("Second copy of a bill")
    await expect(offer).to_contain_text("1234")
    await expect(page.get_by_role("alert").first).to_contain_text("F8 accepts")
    await expect(offer).to_be_focused()
    assert "Incoming" in await page.title()
    await tab.shoot("desk-offer-en")
    await tab.assert_accessible()
    await page.keyboard.press("F8")
    writing = page.get_by_role("textbox", name="Reply")
    await expect(writing).to_be_focused()
    await customer_says(api, "c-1", "Hello, I need a second copy.", 1)
    log = page.get_by_role("log")
    await expect(log).to_contain_text("I need a second copy.")
    await writing.fill("Good morning! Here it is.")
    await page.keyboard.press("Enter")
    await expect(log.locator("[data-author=agent]:not([data-waits])")).to_contain_text(
        "Here it is."
    )
    await page.get_by_role("button", name="Internal note").click()
    await page.get_by_role("textbox", name="Internal note").fill("Paid twice last month.")
    await page.keyboard.press("Enter")
    await expect(log.locator("[data-visibility=internal]")).to_contain_text("Paid twice")
    await tab.shoot("desk-conversation-en")
    await tab.assert_accessible()

    await page.get_by_role("button", name="End", exact=True).click()
    closing = page.get_by_role("region", name="End this contact")
    await closing.get_by_role("button", name="End").click()
    await expect(closing).to_contain_text("Choose a reason")
    await expect(closing).to_contain_text("Say whether it is solved")
    await closing.get_by_label("Question about a bill").check()
    await closing.get_by_label("Yes").check()
    await tab.shoot("desk-close-en")
    await closing.get_by_role("button", name="End").click()
    writing_up = page.get_by_role("region", name="write-up")
    await expect(writing_up).to_contain_text("left")
    await tab.shoot("desk-wrap-up-en")
    await tab.assert_accessible()
    await writing_up.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("You have no contacts.")).to_be_visible()
    ended = await api.ok("GET", "/v1/contacts/c-1")
    assert (ended["state"], ended["disposition"], ended["resolved"]) == ("closed", "bill", True)
