"""What strangers write, as long and as hostile as it may be, is shown and moves nothing away."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from router.api.roles import Role
from tests.clients import Api, Json
from tests.pages.chromium import DESKTOP, PHONE, Tab
from tests.pages.conftest import NewTab
from tests.pages.test_desk_work import get_ready

IMAGE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
TURNED = "\u202eturned\u0007\x1b[31m\u0000"
STRANGERS = {
    "c-01": {"address": "A" * 256, "subject": "S" * 256, "attributes": {"k" * 64: "v" * 1_000}},
    "c-02": {"address": IMAGE, "subject": IMAGE, "attributes": {IMAGE[:64]: IMAGE}},
    "c-03": {
        "address": TURNED,
        "subject": TURNED,
        "attributes": {"e\u0301\u0302" * 20: "🧨" * 200},
    },
}
SIDEWAYS = """() => [...document.querySelectorAll("*")]
  .filter((e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX)
    && e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""
"""What can be pushed sideways."""


async def assert_in_place(tab: Tab, *controls: Locator) -> None:
    """On a desktop and on a phone the controls are in the window, and nothing is beside it."""
    for width, height in (DESKTOP, PHONE):
        await tab.page.set_viewport_size({"width": width, "height": height})
        await tab.assert_fits()
        assert await tab.page.evaluate(SIDEWAYS) == []
        for control in controls:
            box = await control.bounding_box()
            assert box
            assert 0 <= box["x"] <= width - box["width"]
            assert 0 <= box["y"] <= height - box["height"]
            await control.click(trial=True)  # nothing lies above it
    await tab.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    assert not await tab.page.evaluate("window.hit")
    await expect(tab.page.locator("img")).to_have_count(0)


async def set_up(api: Api) -> None:
    """A queue that hands out and one to choose from; names as long as they may be."""
    await api.furnish("ann", name="N" * 100, ring_ms=120_000)
    await api.ok("PUT", "/v1/queues/market", {"name": "M" * 100, "distribution": "pull"})
    both: Json = {"memberships": {"sales": {}, "market": {}}}
    own: Json = both | {"slots": {"chat": 5}, "capacity": 5}
    await api.ok("PUT", "/v1/agents/ann", own | {"name": IMAGE})
    await api.ok("PUT", "/v1/agents/" + "b" * 64, own | {"name": "B" * 100})


def named(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}"))


@pytest.mark.timeout(120)
async def test_what_strangers_write_moves_nothing_away(api: Api, new_tab: NewTab) -> None:
    await set_up(api)
    desk = await new_tab("/desk", Role.AGENT, "ann")
    await get_ready(desk.page)
    await api.admit("c-01", channel="chat", **STRANGERS["c-01"])
    accept, decline = named(desk.page, "Accept"), named(desk.page, "Decline")
    await expect(accept).to_be_visible()
    await assert_in_place(desk, accept, decline, desk.page.locator(".offer .left"))
    await desk.shoot("desk-strangers")
    await desk.assert_accessible()
    await accept.click()
    for contact in ("c-02", "c-03"):
        await api.admit(contact, channel="chat", queue="market", **STRANGERS[contact])
    await named(desk.page, "Inbox").click()
    await expect(desk.page.locator(".inbox-row")).to_have_count(3)
    await assert_in_place(desk, named(desk.page, "Take: ").first)

    wall = await new_tab("/wall#/queue/market", Role.SUPERVISOR)
    await expect(wall.page.locator(".contacts .contact")).to_have_count(2)
    await expect(wall.page.get_by_role("link", name=IMAGE).first).to_be_visible()
    await assert_in_place(wall)
    await wall.shoot("wall-strangers")
    await wall.page.evaluate("location.hash = ''")
    await expect(wall.page.locator(".agent").first).to_contain_text(IMAGE)
    await assert_in_place(wall)


@pytest.mark.parametrize("path", ["/wall#/contact/%E0%A4%A", "/admin#queues/%E0%A4%A"])
async def test_an_address_that_can_not_be_read_leaves_the_page(
    api: Api, new_tab: NewTab, path: str
) -> None:
    await set_up(api)
    tab = await new_tab(path, Role.ADMIN)

    await expect(tab.page.get_by_role("link", name=re.compile("NNNN")).first).to_be_visible()
    assert await tab.page.evaluate(SIDEWAYS) == []


async def test_a_name_that_is_none_is_told_where_it_is_written(api: Api, new_tab: NewTab) -> None:
    await set_up(api)
    tab = await new_tab("/admin#agents/ann", Role.ADMIN)
    skill, skills = tab.page.get_by_label("Add a skill"), tab.page.locator(".levels li")
    for text in (IMAGE, "two words", "W" * 10_000):
        await skill.fill(text)
        await skill.press("Enter")
        await expect(tab.page.get_by_role("alert")).to_contain_text("1 to 64 of: letters")
        await expect(skills.get_by_role("button")).to_have_count(0)
        assert await tab.page.evaluate(SIDEWAYS) == []
    await skill.fill("constructor")
    await skill.press("Enter")
    await expect(skills.get_by_role("button")).to_have_count(1)
    await expect(tab.page.get_by_role("alert")).to_have_count(0)
