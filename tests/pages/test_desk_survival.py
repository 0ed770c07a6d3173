"""A desk that lives through what happens to browsers, networks and routers."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect
from yarl import URL

from router.api.roles import Role
from router.config import ArchiveConfig, HttpConfig
from router.service import Service
from tests.clients import Api, stream, token
from tests.pages.chromium import Tab
from tests.pages.conftest import NewTab
from tests.pages.test_desk_work import CHAT, accept, customer_says, get_ready
from tests.routers import ANY_PORT, NewService


async def talking(api: Api, new_tab: NewTab, **settings: Any) -> Tab:
    """Ann, ready, with one conversation opened."""
    await api.furnish("ann", "bob", **settings)
    tab = await new_tab("/desk", Role.AGENT, "ann")
    await get_ready(tab.page)
    await api.admit("c-1", **CHAT)
    await tab.page.get_by_role("button", name="Accept").click()
    await expect(reply(tab.page)).to_be_focused()
    return tab


def reply(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Reply")


async def said(api: Api, contact: str = "c-1") -> list[str]:
    """All texts of a contact, as its timeline has them."""
    story = await api.ok("GET", f"/v1/contacts/{contact}/timeline")
    return [e["event"]["text"] for e in story["entries"] if e["event"]["e"] == "contact.activity"]


async def test_what_is_written_without_a_network_is_sent_once(api: Api, new_tab: NewTab) -> None:
    tab = await talking(api, new_tab)
    page, log = tab.page, tab.page.get_by_role("log")
    await tab.context.set_offline(True)
    away = page.get_by_text("No connection to the router.")
    await expect(away).to_be_visible()
    for text in ("first", "second"):
        await reply(page).fill(text)
        await page.keyboard.press("Enter")
    await expect(log.get_by_text("Sending …")).to_have_count(2)
    await expect(page.get_by_text("2 messages wait to be sent.")).to_be_visible()
    await customer_says(api, "c-1", "are you there?", 1)
    await tab.shoot("desk-offline-en")
    await tab.assert_accessible()
    await tab.context.set_offline(False)
    await expect(away).to_be_hidden()
    await expect(log.get_by_text("Sending …")).to_have_count(0)
    assert await log.locator(".message .text").all_inner_texts() == [
        "are you there?",
        "first",
        "second",
    ]
    assert await said(api) == ["are you there?", "first", "second"]


async def test_a_reload_keeps_the_bell_the_words_and_what_was_not_sent(
    api: Api, new_tab: NewTab
) -> None:
    tab = await talking(api, new_tab, ring_ms=60_000)
    page = tab.page
    await customer_says(api, "c-1", "hello", 1)
    await reply(page).fill("half an ans")
    await api.admit("c-2", **CHAT | {"address": "second@example.com", "customer": "customer-2"})
    bell = page.get_by_role("article", name="second@example.com")
    await expect(bell).to_be_visible()
    await expect(reply(page)).to_be_focused()  # who writes is not disturbed
    await page.reload()
    await expect(bell).to_be_visible()
    assert 30 < int((await bell.locator(".left").inner_text()).split()[0]) <= 60
    await expect(reply(page)).to_have_value("half an ans")
    await expect(page.get_by_role("log")).to_contain_text("hello")
    await expect(page.locator(".declared")).to_contain_text("Ready")


async def test_two_tabs_show_the_same(api: Api, new_tab: NewTab, tenant: str) -> None:
    tab = await talking(api, new_tab)
    first = tab.page
    second = await tab.context.new_page()
    await second.goto(tab.url + "/desk")
    await second.locator("input[name=token]").fill(token(tenant, "ann", Role.AGENT))
    await second.keyboard.press("Enter")
    mine = second.get_by_role("navigation", name="My conversations")
    await expect(mine.get_by_role("button", name=re.compile("98765"))).to_be_visible()
    await customer_says(api, "c-1", "one", 1)
    await expect(first.get_by_role("log")).to_contain_text("one")
    await expect(mine).not_to_contain_text("new message")  # it was read in the first
    await first.get_by_role("button", name="Not ready …").click()
    await first.get_by_role("button", name="Break").click()
    await expect(second.locator(".declared")).to_contain_text("Break")
    agent = await api.ok("GET", "/v1/agents/ann")
    assert len(agent["sessions"]) == 2
    await second.close()


async def test_a_router_that_restarts_is_found_again(
    api: Api,
    new_tab: NewTab,
    service: Service,
    new_service: NewService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("router.listener.REQUESTS_END_WITHIN_S", 0.1)  # the open socket is one
    tab = await talking(api, new_tab)
    page = tab.page
    await reply(page).fill("before")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("before")
    port = URL(service.http.url).port
    assert port
    await service.http.stop()
    away = page.get_by_text("No connection to the router.")
    now = page.get_by_role("button", name="Try now")
    await expect(away).to_be_visible()
    await expect(now).to_be_visible()
    await reply(page).fill("meanwhile")
    await page.keyboard.press("Enter")
    archive = ArchiveConfig(url=f"sqlite:///{tmp_path}/again.sqlite", flush_ms=1)
    await new_service(
        msgspec.structs.replace(ANY_PORT, http=HttpConfig(port=port), archive=archive)
    )
    await now.evaluate_all(
        "found => found.forEach(button => button.click())"
    )  # if it is still there
    await expect(away).to_be_hidden()
    texts = page.get_by_role("log").locator(".message:not([data-waits]) .text")
    await expect(texts).to_have_text(["before", "meanwhile"])


async def test_a_line_that_has_gone_silent_is_given_up(api: Api, new_tab: NewTab) -> None:
    """As after a laptop's sleep: the socket looks open, and nothing comes any more."""
    tab = await new_tab("/")
    await api.furnish("ann", tenant={"lease_ms": 1_500})
    routes: list[WebSocketRoute] = []

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        routes.append(route)
        is_first = len(routes) == 1
        server.on_message(lambda text: None if is_first and len(silent) else route.send(text))

    silent: list[bool] = []
    await tab.page.route_web_socket("**/v1/stream", between)
    page = await tab.sign_in("/desk", token(api.tenant, "ann", Role.AGENT))
    await get_ready(page)
    silent.append(True)
    await api.admit("c-1", **CHAT)
    await expect(page.get_by_role("button", name="Accept")).to_be_visible()
    assert len(routes) == 2


async def test_a_desk_that_is_opened_elsewhere_says_so(api: Api, new_tab: NewTab) -> None:
    tab = await talking(api, new_tab)
    page = tab.page
    session = await page.evaluate("sessionStorage.getItem('vez.session')")
    async with stream(api, Role.AGENT, "ann", session=session) as other:
        await expect(page.get_by_role("alert")).to_contain_text("opened elsewhere")
        await tab.shoot("desk-elsewhere-en")
        await tab.assert_accessible()
        await page.get_by_role("button", name="Go on here").click()
        await expect(page.locator(".declared")).to_contain_text("Ready")
        await expect(reply(page)).to_be_visible()
        assert await other.closed() == 4105


async def test_who_was_logged_off_comes_back_by_himself(api: Api, new_tab: NewTab) -> None:
    tab = await talking(api, new_tab)
    page = tab.page
    told = {"contacts": "keep", "reason": "end of shift"}
    await api.ok("POST", "/v1/agents/ann/log-off", told, role=Role.SUPERVISOR)
    await expect(page.get_by_role("alert")).to_contain_text("A supervisor has logged you off")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.locator(".declared")).to_contain_text("Not ready")
    await expect(reply(page)).to_be_visible()


async def test_a_token_that_ends_loses_nothing(
    api: Api, new_tab: NewTab, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.api.auth.LEEWAY_S", 0)
    await api.furnish("ann", tenant={"lease_ms": 1_500})
    tab = await new_tab("/desk")
    page = await tab.sign_in("/desk", token(tenant, "ann", Role.AGENT, ttl_s=4))
    await get_ready(page)
    await api.admit("c-1", **CHAT)
    await accept(page)
    await reply(page).fill("half an ans")
    await expect(page.get_by_text("Your sign-in ends soon.")).to_be_visible()
    await expect(page.get_by_text("The token has expired")).to_be_visible()
    field = page.locator("input[name=token]")
    await field.fill(token(tenant, "ann", Role.AGENT, ttl_s=60))
    await page.keyboard.press("Enter")
    await expect(reply(page)).to_have_value("half an ans")
    # This one ends soon, too, and is renewed without leaving.
    await page.get_by_role("button", name="Sign in again").click()
    dialog = page.get_by_role("dialog")
    await dialog.locator("input").fill(token(tenant, "bob", Role.AGENT))
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("not for ann")
    await dialog.locator("input").fill(token(tenant, "ann", Role.AGENT))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your sign-in ends soon.")).to_be_hidden()
    await expect(reply(page)).to_have_value("half an ans")


@pytest.mark.parametrize("is_told_by", ["event", "refusal"])
async def test_a_lost_race_is_told_with_its_winner(
    api: Api, new_tab: NewTab, is_told_by: str
) -> None:
    """Both ring; Bob is first: an event says so, or the refusal of an answer that came too late."""
    await api.furnish("ann", "bob", broadcast_to=2)
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await get_ready(page)
    async with stream(api, Role.AGENT, "bob") as bob:
        await bob.command("set_state", presence="ready")
        await api.admit("c-1", **CHAT)
        offer = (await bob.event("offer.made", agent="bob"))["event"]
        await expect(page.get_by_role("button", name="Accept")).to_be_visible()
        if is_told_by == "refusal":
            await tab.context.set_offline(True)
            await page.keyboard.press("F8")
        await bob.command("accept", contact="c-1", offer=offer["offer"])
        await tab.context.set_offline(False)
        await expect(page.get_by_text(re.compile("Taken by bob"))).to_have_count(1)
        await expect(page.get_by_role("button", name="Accept")).to_have_count(0)
