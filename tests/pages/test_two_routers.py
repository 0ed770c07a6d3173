"""Desks, the wallboard and a customer in front of two routers, one of which dies at work."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import aiohttp
import msgspec
import pytest
from aiohttp import web
from playwright.async_api import Browser, Locator, Page, expect

from router.api.roles import Role
from router.chat import front
from router.config import ArchiveConfig
from router.listener import Listener
from router.service import Service
from tests.clients import Api, Json, token
from tests.gateways.conftest import furnish, gateway_of
from tests.pages.chromium import Tab, opened
from tests.pages.test_chat import begin, write
from tests.pages.test_desk_survival import reply
from tests.pages.test_desk_work import get_ready
from tests.routers import ANY_PORT, NewService
from tests.ways import Way, way_to


class Site(NamedTuple):
    """Two routers on one store; a way to the first that lives, one to each of them."""

    api: Api
    first: Service
    way: Way
    other: Way
    chat: Way


@pytest.fixture
async def site(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str, tmp_path: Path
) -> AsyncIterator[Site]:
    archive = ArchiveConfig(url=f"sqlite:///{tmp_path}/archive.sqlite", flush_ms=1)
    config = msgspec.structs.replace(ANY_PORT, archive=archive)
    first, second = await new_service(config), await new_service(config)
    one, two = first.http.url, second.http.url
    async with AsyncExitStack() as stack:
        ways = [(one, two), (two,), (one,)]
        way, other, chat = [await stack.enter_async_context(way_to(*to)) for to in ways]
        yield Site(Api(http, two, tenant), first, way, other, chat)


@pytest.fixture
async def customers_url(site: Site, tenant: str) -> AsyncIterator[str]:
    """A chat that runs alone, and knows both routers: the first by a way, which will be cut."""
    gateway = gateway_of(tenant, routers=(site.chat.url, site.api.url))
    listener = Listener(
        front(ANY_PORT, gateway).handle,
        host="127.0.0.1",
        port=0,
        body_max=65_536,
        connections_max=100,
        full=lambda: web.Response(status=503),
    )
    await listener.start()
    await gateway.start("")
    yield listener.url
    await gateway.stop()
    await listener.stop()


def bell(page: Page) -> Locator:
    return page.get_by_role("button", name="Accept")


def mine(page: Page) -> Locator:
    return page.get_by_role("navigation", name="My conversations").get_by_role("button")


async def story(api: Api, contact: str) -> list[Json]:
    """What happened to a contact until now, as the archive has it."""
    path = f"/v1/contacts/{contact}"
    position = (await api.ok("GET", path))["position"]
    told = await api.ok("GET", f"{path}/timeline?after={position}", role=Role.SUPERVISOR)
    return [entry["event"] for entry in told["entries"]]


async def set_up(api: Api) -> None:
    """A queue that rings two at once: Ann, who has room for two chats, and Bob for one."""
    await furnish(api, broadcast_to=2, ring_ms=120_000)
    for agent, most in (("ann", 2), ("bob", 1)):
        own: Json = {"memberships": {"sales": {}}, "slots": {"chat": most}, "capacity": most}
        await api.ok("PUT", f"/v1/agents/{agent}", own | {"name": agent.title()})


@pytest.mark.timeout(180)
async def test_what_one_router_knows_the_other_shows_and_takes_over(
    site: Site, customers_url: str, browser: Browser, tenant: str
) -> None:
    await set_up(site.api)
    async with AsyncExitStack() as stack:

        async def tab(url: str) -> Tab:
            return await stack.enter_async_context(opened(browser, url))

        ann, bob, boss = [await tab(way.url) for way in (site.way, site.other, site.way)]
        await ann.sign_in("/desk", token(tenant, "ann", Role.AGENT))
        await bob.sign_in("/desk", token(tenant, "bob", Role.AGENT))
        await boss.sign_in("/wall", token(tenant, "boss", Role.SUPERVISOR))
        zoe = (await tab(customers_url)).page
        for page in (ann.page, bob.page):
            await get_ready(page)

        # Both ring, each at its router; Bob is first, and the other router's desk and wall know it.
        await site.api.admit("c-01", channel="chat", address="first@example.com")
        await expect(bell(ann.page)).to_be_visible()
        await bell(bob.page).click()
        await expect(bell(ann.page)).to_have_count(0)
        busy = boss.page.locator(".group").filter(has_text="Busy")
        await expect(busy).to_contain_text("Bob")

        # A customer talks with Ann, who has begun to answer him, when another one rings.
        await zoe.goto(customers_url + "/chat")
        await begin(zoe, "My bill is wrong.")
        await bell(ann.page).click()
        await reply(ann.page).fill("Let me see.")
        await ann.page.keyboard.press("Enter")
        await expect(zoe.get_by_role("log")).to_contain_text("Let me see.")
        (talk,) = (await site.api.ok("GET", "/v1/contacts?owner=ann"))["contacts"]
        await site.api.admit("c-02", channel="chat", address="second@example.com")
        await expect(bell(ann.page)).to_be_visible()
        await reply(ann.page).fill("It was sent tw")

        # Their router dies, without a word.
        for way in (site.way, site.chat):
            way.lose(site.first.http.url)
        await write(zoe, "Are you there?")
        await expect(ann.page.get_by_role("log")).to_contain_text("Are you there?")
        await expect(bell(ann.page)).to_have_count(1)
        await expect(reply(ann.page)).to_have_value("It was sent tw")
        await reply(ann.page).fill("It was sent twice.")
        await ann.page.keyboard.press("Enter")
        await expect(zoe.get_by_role("log")).to_contain_text("It was sent twice.")
        await bell(ann.page).click()
        await expect(mine(ann.page)).to_have_count(2)
        await expect(busy).to_contain_text("Ann", timeout=30_000)

        texts = ["My bill is wrong.", "Let me see.", "Are you there?", "It was sent twice."]
        said = [one["text"] for one in await story(site.api, talk["contact"]) if "text" in one]
        assert said == texts
        shown = zoe.get_by_role("log").locator(".chat-message:not([data-sending])")
        await expect(shown).to_contain_text(texts)
        names = [one["e"] for one in await story(site.api, "c-02")]
        assert names == ["contact.admitted", "offer.made", "offer.accepted", "contact.assigned"]
