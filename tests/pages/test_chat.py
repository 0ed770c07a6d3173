"""The customer's page, in a real browser, with agents at the other end."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from router.config import ArchiveConfig, PagesConfig
from router.listener import Listener
from router.service import Service
from tests.clients import Api
from tests.gateways.conftest import furnish, gateway_of
from tests.gateways.test_chat import accept, desk, tells
from tests.pages.chromium import PHONE, opened
from tests.pages.conftest import NewTab
from tests.routers import ANY_PORT, NewService

NEVER = {"time_zone": "UTC", "weekly": {}}


@pytest.fixture
async def service(new_service: NewService, tenant: str, tmp_path: Path) -> Service:
    """A router with a chat, whose agents' names are told."""
    archive = ArchiveConfig(url=f"sqlite:///{tmp_path}/archive.sqlite", flush_ms=1)
    config = msgspec.structs.replace(ANY_PORT, archive=archive)
    return await new_service(config, gateway_of(tenant, agent_names=True))


async def fill(page: Page, **fields: str) -> None:
    for name, value in ({"name": "Zoe Lima", "reach": "zoe@example.com"} | fields).items():
        await page.locator(f"[name={name}]").fill(value)


async def begin(page: Page, message: str = "My bill is wrong.") -> None:
    await fill(page, message=message)
    await page.get_by_role("button", name="Start the chat").click()


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Write a message").fill(text)
    await page.keyboard.press("Enter")


async def furnish_sales(api: Api) -> None:
    """A queue with a survey, and Ann."""
    await furnish(api, survey=True)
    definition = {"memberships": {"sales": {}}, "slots": {"chat": 2}, "capacity": 2}
    await api.ok("PUT", "/v1/agents/ann", definition | {"name": "Ann"})


async def test_a_form_that_helps_to_begin(api: Api, new_tab: NewTab) -> None:
    await furnish_sales(api)
    tab = await new_tab("/chat")
    page = tab.page

    await page.get_by_role("button", name="Start the chat").click()
    await expect(page.locator("#name")).to_be_focused()
    await expect(page.locator("#message-error")).to_have_text("Please fill this in.")
    await fill(page, reach="nobody", message="My bill is wrong.")
    await page.get_by_role("button", name="Start the chat").click()
    await expect(page.locator("#reach-error")).to_contain_text("e-mail address")
    tab.faults.clear()  # the browser tells of the refusal, too
    await tab.shoot("chat-form-errors")
    await tab.assert_accessible()
    await begin(page)
    await expect(page.get_by_text("You are number 1 in the queue.")).to_be_visible()
    await expect(page.get_by_label("Write a message")).to_be_focused()
    await tab.shoot("chat-waiting")
    await tab.assert_accessible()
    await write(page, "Number 7 it is.")
    async with desk(api) as ann:
        await accept(ann)
        await expect(page.get_by_role("log")).to_contain_text("An agent has joined.")
    await page.emulate_media(color_scheme="dark")
    await tab.shoot("chat-dark")
    await tab.assert_accessible()


async def test_a_conversation_that_outlives_reload_and_network(api: Api, new_tab: NewTab) -> None:
    await furnish_sales(api)
    tab = await new_tab("/chat")
    page, log = tab.page, tab.page.get_by_role("log")
    await begin(page)
    async with desk(api) as ann:
        contact = await accept(ann)
        await expect(log).to_contain_text("An agent has joined.")
        await expect(page.get_by_text("You are talking with Ann.")).to_be_visible()
        await tells(ann, contact, "Rude, but right", visibility="internal")
        link = "Look at https://example.com/bill?id=7."
        await tells(ann, contact, link, attachments=["https://example.com/f/bill.pdf"])
        await expect(log.get_by_role("link", name="bill.pdf")).to_be_visible()
        await write(page, "<b>I see</b>")
        await expect(log).to_contain_text("<b>I see</b>")
        await page.reload()
        await expect(log).to_contain_text("<b>I see</b>")
        assert await log.get_by_text("My bill is wrong.").count() == 1
        await expect(log).not_to_contain_text("Rude")
        await tab.shoot("chat-talking")
        await tab.assert_accessible()

        await tab.context.set_offline(True)
        await write(page, "Are you there?")
        await expect(log).to_contain_text("Sending")
        await tab.context.set_offline(False)
        await expect(log).not_to_contain_text("Sending")
        assert await log.get_by_text("Are you there?").count() == 1
        await tells(ann, contact, "Yes", wait=True)
        await expect(page.get_by_text("It is your turn")).to_be_visible()
        await write(page, "All is well then.")
        await expect(page.get_by_text("You are talking with Ann.")).to_be_visible()
    assert "ticket" not in page.url


async def test_what_is_over_is_rated_and_goes_on(api: Api, new_tab: NewTab) -> None:
    await furnish_sales(api)
    tab = await new_tab("/chat")
    page, log = tab.page, tab.page.get_by_role("log")
    await begin(page)
    async with desk(api) as ann:
        contact = await accept(ann)
        await expect(log).to_contain_text("An agent has joined.")
        await ann.command("close", contact=contact)
        await expect(page.get_by_text("How was it?")).to_be_visible()
        await page.get_by_label("4 stars").check()
        await page.get_by_label("What should we know?").fill("Quick")
        await tab.shoot("chat-rating")
        await tab.assert_accessible()
        await page.get_by_role("button", name="Send rating").click()
        await expect(page.get_by_text("Thank you for your rating.")).to_be_visible()
        rating = (await api.ok("GET", f"/v1/contacts/{contact}"))["rating"]
        await page.get_by_role("button", name="Write again").click()
        await write(page, "One more thing")
        await expect(log).to_contain_text("The conversation goes on.")
        again = await accept(ann)
        await page.get_by_role("button", name="End chat").click()
        await page.get_by_role("button", name="End it").click()
        await page.get_by_role("button", name="New conversation").click()
        await expect(page.locator("#name")).to_have_value("Zoe Lima")
        await begin(page, "Something else")
        other = await accept(ann)

    assert (rating["score"], rating["comment"]) == (8, "Quick")
    assert again == contact != other


async def test_a_phone_in_portuguese_with_subjects_and_closed_hours(
    api: Api, new_tab: NewTab
) -> None:
    catalogue = {"Segunda via": {"queue": "billing"}, "Outra coisa": {}}
    await furnish(api, intake={"required": ["subject"]})
    await api.ok("PUT", "/v1/calendars/never", NEVER)
    tenant = {
        "channels": {"voice": {"cost": 2}, "chat": {"cost": 1}},
        "intake": {"chat": {"required": ["subject"], "external": True}},
        "subjects": catalogue,
    }
    await api.ok("PUT", "/v1/tenant", tenant)
    billing = {"external": True, "name": "Cobrança", "calendar": "never"}
    await api.ok("PUT", "/v1/queues/billing", billing)
    both = {"memberships": {"sales": {}, "billing": {}}, "slots": {"chat": 1}, "capacity": 2}
    await api.ok("PUT", "/v1/agents/ann", both)
    tab = await new_tab("/chat", locale="pt-BR", size=PHONE)
    page = tab.page

    await page.get_by_label("Assunto", exact=True).select_option("Segunda via")
    await expect(page.get_by_text("Estamos fechados agora.")).to_be_visible()
    await expect(page.get_by_role("button", name="Iniciar o chat")).to_be_disabled()
    await tab.shoot("chat-phone-closed")
    await tab.assert_accessible()
    await tab.assert_fits()
    await api.ok("PUT", "/v1/queues/billing", billing | {"closed": "hold"})
    await page.reload()
    await page.get_by_label("Assunto", exact=True).select_option("Outra coisa")
    await page.get_by_label("Departamento (opcional)").select_option("billing")
    await fill(page, message="Bom dia")
    await page.get_by_role("button", name="Iniciar o chat").click()
    held = page.get_by_role("status").filter(has_text="Você será atendido quando abrirmos.")
    await expect(held).to_be_visible()
    await tab.shoot("chat-phone-held")
    await page.get_by_role("button", name="Encerrar").click()
    await page.get_by_role("button", name="Encerrar").click()
    await page.get_by_role("button", name="Nova conversa").click()
    await page.get_by_label("Assunto", exact=True).select_option("Outra coisa")
    await page.get_by_label("Departamento (opcional)").select_option("sales")
    await fill(page, message="De novo")
    await page.get_by_role("button", name="Iniciar o chat").click()
    await expect(page.get_by_text("Você é o número 1 da fila.")).to_be_visible()
    async with desk(api) as ann:
        contact = await accept(ann)
        for number in range(12):
            await tells(ann, contact, f"Resposta {number}, " + "bem comprida, " * number)
        await expect(page.get_by_text("Resposta 11")).to_be_in_viewport()
        await tab.shoot("chat-phone-talking")
        await tab.assert_fits()
        await ann.command("release", contact=contact)
        await expect(page.get_by_text("O atendente saiu.")).to_be_visible()


async def test_a_conversation_that_can_not_go_on_says_so(api: Api, new_tab: NewTab) -> None:
    await furnish(api)
    tab = await new_tab("/chat")
    page = tab.page
    await begin(page)
    async with desk(api) as ann:
        contact = await accept(ann)
        await expect(page.get_by_role("log")).to_contain_text("An agent has joined.")
        await ann.command("close", contact=contact)
        await page.get_by_role("button", name="Write again").click()
        await furnish(api, reopen="locked")
        await write(page, "One more thing")
        await expect(page.get_by_role("alert")).to_contain_text("this conversation can not go on")
        await tab.shoot("chat-locked")
        await tab.assert_accessible()
        tab.faults.clear()  # the browser tells of the refusal, too
        await page.get_by_role("button", name="Discard").click()
        await page.get_by_role("button", name="New conversation").click()
        await expect(page.get_by_role("button", name="Start the chat")).to_be_visible()


@pytest.fixture
async def site() -> AsyncIterator[tuple[Listener, dict[str, str]]]:
    """Another site, whose one page shows the chat of the router that is named in the dict."""
    chat: dict[str, str] = {}

    async def answer(_request: web.BaseRequest) -> web.Response:
        text = f"""<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
        <link rel="icon" href="data:,">
        <script src="{chat["url"]}/chat/embed.js" data-label="Help" data-lang="en"></script>"""
        return web.Response(text=text, content_type="text/html")

    listener = Listener(
        answer,
        host="127.0.0.1",
        port=0,
        body_max=1_024,
        connections_max=100,
        full=lambda: web.Response(status=503),
    )
    await listener.start()
    yield listener, chat
    await listener.stop()


async def test_another_site_shows_the_chat_where_it_is_listed(
    browser: Browser,
    new_service: NewService,
    http: object,
    tenant: str,
    site: tuple[Listener, dict[str, str]],
) -> None:
    shop, chat = site
    pages = PagesConfig(embed_origins=(shop.url,))
    config = msgspec.structs.replace(ANY_PORT, pages=pages)
    service = await new_service(config, gateway_of(tenant))
    api = Api(http, service.http.url, tenant)  # type: ignore[arg-type]
    await furnish(api)
    chat["url"] = service.http.url
    async with opened(browser, shop.url) as tab:
        page = await tab.go("/")
        button = page.get_by_role("button", name="Help")
        await button.click()
        inside = page.frame_locator("iframe")
        await inside.locator("[name=name]").fill("Zoe")
        await inside.locator("[name=reach]").fill("zoe@example.com")
        await inside.locator("[name=message]").fill("From the shop")
        await inside.get_by_role("button", name="Start the chat").click()
        await expect(inside.get_by_text("You are number 1")).to_be_visible()
        await tab.shoot("chat-embedded")
        await button.click()
        await expect(page.locator("iframe")).to_be_hidden()
        async with desk(api) as ann:
            contact = await accept(ann)
            await tells(ann, contact, "Hello")
            await expect(button.get_by_role("status")).to_be_visible()

    chat["url"] = (await new_service(ANY_PORT, gateway_of(tenant))).http.url
    async with opened(browser, shop.url) as tab:
        page = await tab.go("/")
        await page.get_by_role("button", name="Help").click()
        await expect(page.locator("iframe")).to_be_visible()
        await expect(page.frame_locator("iframe").locator("[name=name]")).to_have_count(0)
        tab.faults.clear()  # the browser tells why
