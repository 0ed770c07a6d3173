"""What a supervisor does from the wallboard: asked first, done, and told to who is concerned."""

from typing import Any

from playwright.async_api import Page, expect

from router.api.roles import Role
from tests.clients import Api, Json, Stream, stream
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewTab

BOSS = Role.SUPERVISOR


async def set_up(api: Api) -> None:
    """A queue of ann and bob, one of nobody, and one that never opens."""
    await api.furnish("ann", "bob", name="Sales")
    await api.ok("PUT", "/v1/queues/vip", {"name": "VIP"})
    await api.ok("PUT", "/v1/calendars/never", {"time_zone": "Europe/Berlin"})
    await api.ok("PUT", "/v1/queues/night", {"name": "Night", "calendar": "never"})


async def look_at(page: Page, kind: str, name: str) -> None:
    """Opens the panel of a contact or an agent, as its link does."""
    await page.evaluate("place => { location.hash = place }", f"#/{kind}/{name}")
    await expect(page.locator(".because")).to_be_visible()


async def ask(page: Page, button: str, **fields: Any) -> None:
    """Opens an action and fills in its form, by the fields' names."""
    await page.get_by_role("button", name=f"{button}…").click()
    dialog = page.get_by_role("dialog")
    for name, value in fields.items():
        field = dialog.locator(f"[name={name}]")
        if await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)


async def confirm(page: Page, button: str) -> None:
    await page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()


async def act(page: Page, button: str, **fields: Any) -> None:
    """Asks, confirms, and sees that it is done."""
    await ask(page, button, **fields)
    await confirm(page, button)
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def rung(api: Api, desk: Stream, contact: str) -> Json:
    """A contact that rings at the desk; answers what an acceptance says."""
    await api.admit(contact, subject="Invoice")
    offer = (await desk.event("offer.made", contact=contact))["event"]["offer"]
    return {"contact": contact, "offer": offer}


async def test_who_rings_or_is_served_is_moved_to_another_queue(api: Api, new_tab: NewTab) -> None:
    await set_up(api)
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")
        offer = await rung(api, ann, "c-1")
        tab = await new_tab("/wall", BOSS)
        page, dialog = tab.page, tab.page.get_by_role("dialog")
        await look_at(page, "contact", "c-1")
        await ask(page, "Move", to_queue="vip")
        await confirm(page, "Move")
        await expect(dialog.get_by_label("Note for who gets it")).to_be_focused()  # it is needed
        await page.keyboard.type("asked for the manager")
        await expect(dialog.get_by_label("Queue")).to_contain_text("Night · Closed")
        await tab.assert_accessible()
        await tab.shoot("wall-move-en")
        await ann.command("accept", **offer)  # she is quicker, and keeps it
        await confirm(page, "Move")
        await expect(dialog.get_by_role("alert")).to_contain_text("ann has it.")
        await page.keyboard.press("Escape")
        assert (await api.ok("GET", "/v1/contacts/c-1"))["owner"] == "ann"

        await expect(page.locator(".because")).to_contain_text("ann has it.")
        await act(page, "Move", to_queue="vip", position="front", note="asked for the manager")
        await ann.event("contact.queued", reason="transferred")
        moved = await api.ok("GET", "/v1/contacts/c-1")
        assert (moved["queue"], moved["note"]) == ("vip", "asked for the manager")
        await expect(page.locator(".because")).to_contain_text("Nobody serves VIP")

        await act(page, "Move", to_queue="night", note="nobody is there")
        await expect(page.get_by_role("status")).to_contain_text("held until that queue opens")
        assert (await api.ok("GET", "/v1/contacts/c-1"))["state"] == "held"
        await tab.shoot("wall-moved-en")

        await rung(api, ann, "c-2")
        await look_at(page, "contact", "c-2")
        await act(page, "Move", to_queue="vip", note="her sister")
        assert (await ann.event("offer.revoked"))["event"]["reason"] == "transferred"


async def test_on_a_phone_contacts_are_heard_given_back_and_ended(
    api: Api, new_tab: NewTab
) -> None:
    await set_up(api)
    async with stream(api, Role.AGENT, "ann") as ann, stream(api, Role.GATEWAY) as gateway:
        await ann.command("set_state", presence="ready")
        await ann.command("accept", **await rung(api, ann, "c-1"))
        await ann.command("set_state", presence="not_ready", when="idle")
        tab = await new_tab("/wall", BOSS, locale="pt-BR", size=PHONE)
        page = tab.page
        await look_at(page, "contact", "c-1")
        await act(page, "Monitorar", mode="coach", reason="qualidade")
        told = (await gateway.event("contact.monitored"))["event"]
        assert (told["mode"], told["reason"], told["owner"]) == ("coach", "qualidade", "ann")

        await act(page, "Devolver", reason="demora demais")
        back = (await ann.event("contact.queued"))["event"]
        assert (back["reason"], back["note"]) == ("pulled", "demora demais")
        await expect(page.locator(".because")).to_contain_text("Nenhum")

        await ask(page, "Mover", to_queue="vip", note="cliente antigo")
        await tab.assert_accessible()
        await tab.assert_fits()
        await tab.shoot("wall-move-phone-pt")
        await confirm(page, "Mover")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await act(page, "Cancelar", result="abandoned", reason="desligou")
        ended = (await gateway.event("contact.closed"))["event"]
        assert (ended["result"], ended["reason"]) == ("abandoned", "desligou")
        await expect(page.get_by_role("button", name="Cancelar…")).to_be_hidden()


async def test_the_work_of_who_went_home_is_ended_and_given_to_others(
    api: Api, new_tab: NewTab
) -> None:
    await set_up(api)
    slots = {"slots": {"chat": 2}, "capacity": 2, "memberships": {"sales": {}}}
    await api.ok("PUT", "/v1/agents/ann", slots)
    async with stream(api, Role.AGENT, "ann") as ann:
        await ann.command("set_state", presence="ready")
        for contact in ("c-1", "c-2"):
            await api.admit(contact, channel="chat")
            offer = (await ann.event("offer.made", contact=contact))["event"]["offer"]
            await ann.command("accept", contact=contact, offer=offer)
        tab = await new_tab("/wall", BOSS)
        page = tab.page
        await look_at(page, "contact", "c-1")
        await act(page, "Close contact", disposition="sold", resolved="true", reason="she forgot")
        closed = (await ann.event("contact.closed"))["event"]
        assert (closed["disposition"], closed["resolved"]) == ("sold", True)
        assert (closed["result"], closed["reason"]) == ("handled", "she forgot")

        await look_at(page, "agent", "ann")
        await ask(page, "Log off", contacts="requeue", reason="went home")
        await tab.assert_accessible()
        await tab.shoot("wall-log-off-en")
        await confirm(page, "Log off")
        await expect(page.locator(".now")).to_contain_text("Offline")
        assert await ann.closed() == 4109
        kept = await api.ok("GET", "/v1/contacts/c-2")
        assert (kept["state"], kept["queue"]) == ("queued", "sales")
