"""The wallboard: it shows what the API says, tells why, and lets a supervisor act."""

from playwright.async_api import Locator, Page, expect

from router.api.roles import Role
from tests.clients import Api, stream, token
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewTab

BOSS = Role.SUPERVISOR
HOUR_MS = 3_600_000


def row(page: Page, queue: str) -> Locator:
    link = page.get_by_role("link", name=queue, exact=True)
    return page.locator(".queues tbody tr").filter(has=link)


async def set_up(api: Api) -> None:
    """Two queues, and two agents of the first."""
    await api.furnish("ann", "bob", name="Sales", target_ms=HOUR_MS)
    await api.ok("PUT", "/v1/queues/vip", {"name": "VIP"})


async def test_it_shows_what_the_api_says_and_follows(api: Api, new_tab: NewTab) -> None:
    await set_up(api)
    async with stream(api, Role.AGENT, "ann") as ann:
        await api.admit("c-1")
        await ann.command("set_state", presence="ready")
        await ann.event("offer.made")
        await ann.command("accept", contact="c-1", offer=1)
        await api.admit("c-2")
        gone = await api.ok("POST", "/v1/contacts/c-2/cancel", {}, role=Role.GATEWAY)
        await api.ok("GET", f"/v1/inbox/counts?after={gone['position']}")
        await api.admit("c-3")
        tab = await new_tab("/wall", BOSS)
        page, sales = tab.page, row(tab.page, "Sales")

        await expect(sales.locator(".waiting")).to_have_text("1")
        wall = await api.ok("GET", "/v1/wall", role=BOSS)
        told = next(queue for queue in wall["queues"] if queue["queue"] == "sales")
        today = told["today"]
        assert (today["answered"], today["abandoned"]) == (1, 1)
        await expect(sales.locator(".answered")).to_have_text("1")
        await expect(sales.locator(".abandoned")).to_have_text("1")
        share = f"{today['service_level_strict']:.0%}"
        await expect(sales.locator(".today")).to_contain_text(share)
        await expect(sales.locator(".ready")).to_have_text("0 / 1")
        busy = page.locator(".group").filter(has_text="Busy")
        await expect(busy.locator(".agent")).to_contain_text("1 voice, with an agent")

        await api.admit("c-4")
        await expect(sales.locator(".waiting")).to_have_text("2")
        await expect(page.get_by_role("img", name="Contacts by quarter-hour")).to_be_visible()
        await page.get_by_text("As a table").nth(1).click()
        await expect(page.get_by_role("columnheader", name="Arrived")).to_be_visible()
        await tab.assert_accessible()
        await tab.assert_fits()
        await tab.shoot("wall-en")


async def test_limits_are_colour_and_shape_and_are_kept(api: Api, new_tab: NewTab) -> None:
    await set_up(api)
    async with stream(api, Role.AGENT, "ann"):
        await api.admit("c-1")
        tab = await new_tab("/wall", BOSS)
        page, sales = tab.page, row(tab.page, "Sales")
        await page.emulate_media(color_scheme="dark")
        await expect(sales.locator(".wait [data-level=good]")).to_be_visible()

        await page.get_by_role("button", name="Limits").click()
        await page.get_by_label("Longest wait of Sales, seconds").fill("1")
        await page.get_by_role("button", name="Save").click()

        await expect(sales.locator(".wait .mark")).to_have_text("far beyond its limit")
        await page.get_by_role("button", name="In trouble").click()
        await expect(page.locator(".queues tbody tr")).to_have_count(1)
        await tab.assert_accessible()
        await tab.shoot("wall-dark-en")
        await page.reload()
        await expect(sales.locator(".wait .mark")).to_have_text("far beyond its limit")

        await page.get_by_role("button", name="Big screen").click()
        tile = page.locator(".tile").first
        await expect(tile).to_contain_text("Sales")
        await expect(tile).to_have_attribute("data-level", "bad")
        await tab.assert_accessible()
        await tab.assert_fits()
        await tab.shoot("wall-big-en")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Big screen")).to_be_visible()


async def test_by_keyboard_from_a_queue_to_why_and_to_what_can_be_done(
    api: Api, new_tab: NewTab
) -> None:
    await set_up(api)
    async with stream(api, Role.AGENT, "ann"):
        await api.admit("c-1", subject="Invoice")
        tab = await new_tab("/wall", BOSS)
        page, press = tab.page, tab.page.keyboard.press
        await page.get_by_role("link", name="Sales", exact=True).focus()
        await press("Enter")
        await page.get_by_role("link", name="Invoice").focus()
        await press("Enter")
        why = page.locator(".because")
        await expect(why).to_contain_text("None of the 2 agents who may take it is free")
        await expect(why).to_contain_text("1 not ready")
        await tab.assert_accessible()
        await tab.shoot("wall-why-en")

        await page.get_by_role("button", name="Assign…").focus()
        await press("Enter")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Agent").select_option("ann")
        await dialog.get_by_role("button", name="Assign").click()
        await expect(dialog.get_by_label("Reason")).to_be_focused()  # no reason, no action
        await page.keyboard.type("she knows him")
        await press("Enter")
        await expect(dialog.get_by_role("alert")).to_contain_text("not ready")
        assert (await api.ok("GET", "/v1/contacts/c-1"))["state"] == "queued"
        await tab.assert_accessible()
        await tab.shoot("wall-refused-en")

        await dialog.get_by_label("Even if he is not ready").check()
        await dialog.get_by_role("button", name="Assign").click()
        await expect(dialog).to_be_hidden()
        await expect(why).to_contain_text("ann has it.")
        assert (await api.ok("GET", "/v1/contacts/c-1"))["owner"] == "ann"
        await page.get_by_role("heading", name="Invoice").focus()
        await press("Escape")
        await expect(page.get_by_role("heading", name="Agents").last).to_be_visible()


async def test_in_portuguese_on_a_phone(api: Api, new_tab: NewTab) -> None:
    await set_up(api)
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")
        tab = await new_tab("/wall", BOSS, locale="pt-BR", size=PHONE)
        page = tab.page
        await expect(page.locator("h1")).to_have_text("Painel")
        await expect(row(page, "Sales").locator(".ready")).to_have_text("1 / 1")
        await tab.assert_accessible()
        await tab.assert_fits()
        await tab.shoot("wall-phone-pt")

        await page.get_by_role("link", name="ann", exact=True).click()
        await expect(page.locator(".because")).to_contain_text("É o próximo de Sales")
        await page.get_by_role("button", name="Mudar estado…").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Motivo").fill("reunião")
        await dialog.get_by_role("button", name="Mudar estado").click()
        await ann.event("agent.state", presence="not_ready")
        await expect(page.locator(".because")).to_contain_text("Não pode receber nada agora")
        await tab.assert_accessible()
        await tab.assert_fits()
        await tab.shoot("wall-agent-phone-pt")


async def test_it_says_how_old_it_is(api: Api, new_tab: NewTab) -> None:
    await set_up(api)
    tab = await new_tab("/wall", BOSS)
    live = tab.page.locator(".live")
    await expect(live).to_have_text("Live")

    await tab.context.set_offline(True)
    await expect(tab.page.get_by_role("alert")).to_contain_text("No connection")
    await expect(live).to_contain_text("old")
    await api.admit("c-1")
    await tab.context.set_offline(False)
    await expect(live).to_have_text("Live")
    await expect(row(tab.page, "Sales").locator(".waiting")).to_have_text("1")

    short = await new_tab("/wall")
    await short.sign_in("/wall", token(api.tenant, "boss", BOSS, ttl_s=3))
    await expect(short.page.get_by_role("alert")).to_contain_text("Your token has expired")
    await expect(row(short.page, "Sales").locator(".waiting")).to_have_text("1")
    await short.shoot("wall-expired-en")
    await short.page.get_by_role("button", name="Sign in again").click()
    await expect(short.page.get_by_label("Token")).to_be_visible()
