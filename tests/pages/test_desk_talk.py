"""Conversations: news, the customer's turn, attachments, giving back, coming again."""

from typing import Any

from playwright.async_api import expect

from router.api.roles import Role
from tests.clients import Api, stream
from tests.pages.conftest import NewTab
from tests.pages.test_desk_work import CHAT, accept, customer_says, get_ready

OTHER = CHAT | {"address": "bia@example.com", "subject": "Moving", "customer": "customer-2"}
SETTINGS: dict[str, Any] = {"distribution": "hybrid", "take_over": "members"}


async def test_news_of_several_conversations(api: Api, new_tab: NewTab) -> None:
    await api.furnish("ann", first_response_ms=120_000, next_response_ms=1_500, **SETTINGS)
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await get_ready(page)
    for contact, body in (("c-1", CHAT), ("c-2", OTHER)):
        await api.admit(contact, **body)
        await accept(page)
    mine = page.get_by_role("navigation", name="My conversations").get_by_role("listitem")
    await expect(mine.nth(0)).to_contain_text("98765")  # in the order of their arrival
    await expect(mine.nth(1)).to_contain_text("bia@example.com")
    await expect(mine.nth(0)).to_contain_text("answer in 1:5")
    await customer_says(api, "c-1", "first", 1)
    await customer_says(api, "c-1", "second", 2)
    await expect(mine.nth(0)).to_contain_text("2 new messages")
    assert (await page.title()).startswith("(1)")
    await page.get_by_role("button", name="Inbox").click()
    seen = page.get_by_role("button", name="Conversations 1 conversation with news")
    await expect(seen).to_be_visible()
    assert (await page.title()).startswith("(1)")
    await seen.click()
    await tab.shoot("desk-news-en")
    await page.reload()  # which contact is opened, and what was not read
    await expect(mine.nth(0)).to_contain_text("2 new messages")
    await expect(page.get_by_role("heading", name="bia@example.com")).to_be_visible()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.get_by_role("heading", name="98765")).to_be_visible()
    await expect(mine.nth(0)).not_to_contain_text("new messages")

    writing = page.get_by_role("textbox", name="Reply")
    await writing.fill("one\nmore line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("<b>not bold</b>")
    await page.keyboard.press("Enter")
    message = page.get_by_role("log").locator("[data-author=agent]:not([data-waits]) .text")
    await expect(message).to_have_text("one\nmore line\n<b>not bold</b>", use_inner_text=True)
    await customer_says(api, "c-1", "third", 3)
    await expect(mine.nth(0)).to_contain_text("late by")
    await expect(page.get_by_text("the answer is late.")).to_be_visible()
    await page.get_by_label("Language").select_option("pt-BR")
    await expect(page.get_by_role("navigation", name="Minhas conversas")).to_contain_text(
        "atrasado"
    )
    await expect(page.get_by_role("button", name="Finalizar")).to_be_visible()
    await tab.shoot("desk-late-pt")
    await tab.assert_accessible()


async def test_the_customers_turn_and_back(api: Api, new_tab: NewTab) -> None:
    await api.furnish("ann", **SETTINGS)
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page, log = tab.page, tab.page.get_by_role("log")
    await get_ready(page)
    await api.admit("c-1", **CHAT)
    await accept(page)
    await page.get_by_role("button", name="Attach a link to a file").click()
    address = page.get_by_label("Address of the file")
    await address.fill("javascript:alert(1)")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It begins with http:// or https://.")).to_be_visible()
    await address.fill("https://files.example.com/a/bill%20of%20may.pdf")
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="Reply").fill("Is it this one?")
    await page.keyboard.press("Control+Enter")
    link = log.get_by_role("link", name="bill of may.pdf")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    mine = page.get_by_role("navigation", name="My conversations")
    await expect(mine).to_contain_text("with the customer")
    hostile = {"author": "customer", "attachments": ["javascript:alert(2)", "file-17"]}
    await api.ok("POST", "/v1/contacts/c-1/activity", hostile, role=Role.GATEWAY)
    await expect(log).to_contain_text("javascript:alert(2)")
    assert await log.get_by_role("link").count() == 1
    await expect(mine).to_contain_text("in hand")
    await tab.shoot("desk-attachments-en")
    await tab.assert_accessible()

    await page.get_by_role("button", name="End", exact=True).click()
    await page.get_by_role("region").get_by_role("button", name="End").click()
    await expect(log).to_contain_text("Ended: handled")
    await page.get_by_role("button", name="Reopen").click()
    await expect(page.get_by_role("textbox", name="Reply")).to_be_focused()
    await page.get_by_role("button", name="Release").click()
    await expect(mine).to_contain_text("Lately yours: 1")


async def test_what_a_colleague_takes_over_and_gives_back(api: Api, new_tab: NewTab) -> None:
    await api.furnish("ann", "bob", **SETTINGS)
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await get_ready(page)
    await api.admit("c-1", **CHAT)
    await accept(page)
    await expect(page.get_by_role("textbox", name="Reply")).to_be_focused()
    async with stream(api, Role.AGENT, "bob") as bob:
        await bob.command("take_over", contact="c-1")
        await expect(page.get_by_text("bob took +55 11 98765-4321 over")).to_be_visible()
        await expect(page.get_by_text("bob has it.")).to_be_visible()
        await tab.shoot("desk-taken-over-en")
        await page.get_by_role("button", name="Take over").click()
        await expect(page.get_by_role("textbox", name="Reply")).to_be_focused()
        await bob.command("set_state", presence="ready")
        await page.get_by_role("textbox", name="Reply").fill("mine again")
        told = {"to_agent": "bob", "note": "He asks for a copy."}
        await api.ok("POST", "/v1/contacts/c-1/transfer", told, role=Role.AGENT, subject="ann")
        await expect(page.get_by_text("Transfer rings bob")).to_be_visible()
        offer = (await bob.event("offer.made", agent="bob"))["event"]["offer"]
        await bob.command("decline", contact="c-1", offer=offer)
        await expect(page.get_by_text("stays with you.")).to_be_visible()
        await expect(page.get_by_role("textbox", name="Reply")).to_have_value("mine again")
