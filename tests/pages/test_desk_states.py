"""The agent's state, several bells, and the desk on a phone and in Portuguese."""

import re

from playwright.async_api import expect

from router.api.roles import Role
from tests.clients import Api, token
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewTab
from tests.pages.test_desk_work import CHAT, accept, customer_says, get_ready

CALLS = """
    window.calls = [];
    window.Notification = class {
        static permission = "granted";
        constructor(title, { body, tag }) { calls.push(`${tag}: ${title}, ${body}`); }
        close() { calls.push("closed"); }
    };
    Object.defineProperty(document, "hidden", { get: () => true });
    const create = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
        calls.push("tone");
        return create.call(this);
    };
"""


async def test_a_state_is_declared_now_or_after_the_work_in_hand(api: Api, new_tab: NewTab) -> None:
    await api.furnish("ann")
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page, declared = tab.page, tab.page.locator(".declared")
    await expect(declared).to_contain_text("just signed in")
    await get_ready(page)
    await api.admit("c-1", **CHAT)
    await accept(page)
    await expect(page.get_by_label("In hand, of what you may have")).to_contain_text("1/2")
    await page.get_by_role("button", name="Not ready …").click()
    await page.get_by_label("After the work in hand").check()
    await tab.shoot("desk-reasons-en")
    await tab.assert_accessible()
    await page.get_by_role("button", name="Lunch").click()
    await page.get_by_role("button", name="Sign out").click()
    leaving = page.get_by_role("dialog", name="Sign out")
    await expect(leaving).to_contain_text("You have 1 contact in hand.")
    await tab.assert_accessible()
    await leaving.get_by_role("button", name="Stay").click()
    await expect(declared).to_contain_text("Ready")
    await expect(declared).to_contain_text("then: Lunch")
    await page.get_by_role("button", name="End", exact=True).click()
    await page.get_by_role("region").get_by_role("button", name="End").click()
    await expect(declared).to_contain_text("Not ready")
    await expect(declared).to_contain_text("Lunch")
    assert (await api.ok("GET", "/v1/agents/ann"))["reason"] == "lunch"


async def test_the_reasons_are_the_tenant_s(api: Api, new_tab: NewTab) -> None:
    listed = {"lunch": "", "school": "Vocational school"}
    await api.furnish("ann", tenant={"not_ready_reasons": listed})
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page, declared = tab.page, tab.page.locator(".declared")
    await get_ready(page)
    await page.get_by_role("button", name="Not ready …").click()
    reasons = page.locator("#reasons button")
    await expect(reasons).to_have_text(["Lunch", "Vocational school"])
    await page.get_by_role("button", name="Vocational school").click()
    await expect(declared).to_contain_text("Vocational school")
    assert (await api.ok("GET", "/v1/agents/ann"))["reason"] == "school"

    wall = await new_tab("/wall", Role.SUPERVISOR, "sue")
    await expect(wall.page.get_by_text("Vocational school")).to_be_visible()
    root = await new_tab("/admin#tenant", Role.ADMIN, "root", locale="pt-BR")
    await expect(root.page.get_by_label("Nome de school")).to_have_value("Vocational school")
    await root.page.get_by_label("Nome de lunch").fill("Almoço")
    await root.page.get_by_label("Motivos de não pronto").fill("curso")
    await root.page.keyboard.press("Enter")
    await expect(root.page.get_by_label("Nome de curso")).to_have_value("")
    await root.shoot("admin-reasons-pt")
    await root.assert_accessible()


async def test_who_does_not_answer_is_told_why_nothing_comes_any_more(
    api: Api, new_tab: NewTab
) -> None:
    await api.furnish("ann", tenant={"max_misses": 1, "return_ms": 600_000}, ring_ms=1_500)
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await get_ready(page)
    await api.admit("c-1", **CHAT)
    await expect(page.get_by_role("button", name="Accept")).to_be_visible()
    await expect(
        page.get_by_text("You were set to not ready: offers not answered.")
    ).to_be_visible()
    await expect(page.get_by_text(re.compile(r"By itself in (10:00|9:5\d)"))).to_be_visible()
    await expect(page.get_by_text("Missed: +55 11 98765-4321")).to_be_visible()
    await tab.shoot("desk-forced-en")
    await tab.assert_accessible()
    await page.get_by_role("button", name="Ready again").click()
    await expect(page.locator(".declared")).to_contain_text("Ready")
    await expect(page.get_by_role("button", name="Ready again")).to_have_count(0)


async def test_bells_are_answered_by_keys_alone_on_a_phone_in_portuguese(
    api: Api, new_tab: NewTab
) -> None:
    await api.furnish("ann", ring_ms=60_000, name="Vendas")
    tab = await new_tab("/desk", Role.AGENT, "ann", locale="pt-BR", size=PHONE)
    page = tab.page
    ready = page.get_by_role("button", name="Ficar pronto")
    await expect(ready).to_be_visible()
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await ready.evaluate("button => button === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.locator(".declared")).to_contain_text("Pronto")
    await tab.shoot("desk-phone-empty-pt")
    await api.admit("c-1", **CHAT)
    await expect(page.get_by_role("article")).to_have_count(1)
    await api.admit("c-2", **CHAT | {"address": "bia@example.com", "customer": "customer-2"})
    first, second = page.get_by_role("article").nth(0), page.get_by_role("article").nth(1)
    for word in ("Entrada", "Fila", "Vendas", "Assunto", "Tempo de espera", "Aceitar", "Recusar"):
        await expect(first).to_contain_text(word)
    await expect(second).to_contain_text("bia@example.com")
    await tab.shoot("desk-phone-offers-pt")
    await tab.assert_accessible()
    await tab.assert_fits()
    await expect(first).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(first.get_by_role("button", name=re.compile("Aceitar"))).to_be_focused()
    await page.keyboard.press("F9")
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page.get_by_role("article")).to_contain_text("bia@example.com")
    await page.keyboard.press("F8")
    await expect(page.get_by_role("textbox", name="Resposta")).to_be_focused()
    await customer_says(api, "c-2", "Olá! Preciso da segunda via do boleto.", 1)
    await page.keyboard.type("Bom dia, Bia! Já envio.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Já envio.")
    await tab.shoot("desk-phone-conversation-pt")
    await tab.assert_accessible()
    await tab.assert_fits()
    await page.get_by_role("button", name="Voltar à lista").click()
    await expect(page.get_by_role("navigation", name="Minhas conversas")).to_contain_text("bia@")
    await tab.shoot("desk-phone-list-pt")
    await tab.assert_fits()


async def test_a_bell_over_a_dialog_and_in_the_dark(api: Api, new_tab: NewTab, tenant: str) -> None:
    """A dialog covers the cards and puts them out of reach, so it shows what rings itself."""
    await api.furnish("ann", name="Sales")
    tab = await new_tab("/desk")
    page = await tab.sign_in("/desk", token(tenant, "ann", Role.AGENT, ttl_s=200))
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    await get_ready(page)
    await page.get_by_role("button", name="Sign in again").click()
    await api.admit("c-1", **CHAT)
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("+55 11 98765-4321")
    await tab.shoot("desk-dialog-dark-en")
    await tab.assert_accessible()
    await dialog.get_by_role("button", name="Accept").click()
    await expect(dialog).not_to_contain_text("+55 11 98765-4321")
    await page.keyboard.press("Escape")
    await customer_says(api, "c-1", "Good evening!", 1)
    await expect(page.get_by_role("log")).to_contain_text("Good evening!")
    await tab.shoot("desk-dark-en")
    await tab.assert_accessible()


async def test_a_tab_that_is_not_seen_calls_its_agent(
    api: Api, new_tab: NewTab, tenant: str
) -> None:
    await api.furnish("ann", name="Sales")
    tab = await new_tab("/")
    page = tab.page
    await page.add_init_script(CALLS)
    await tab.sign_in("/desk", token(tenant, "ann", Role.AGENT))
    await get_ready(page)
    await api.admit("c-1", **CHAT)
    await expect(page).to_have_title(re.compile("^● Incoming"))
    called = "c-1: Incoming: +55 11 98765-4321, Sales · Second copy of a bill"
    calls = await page.evaluate("calls")
    assert calls[:2] == ["tone", "tone"]
    assert called in calls
    await accept(page)
    await expect(page).to_have_title("Agent desk · Vez")
    assert "closed" in await page.evaluate("calls")
    await page.get_by_role("button", name="Turn the sound off").click()
    await page.reload()
    await expect(page.get_by_role("button", name="Turn the sound on")).to_be_visible()
