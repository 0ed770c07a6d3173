"""Handing a contact on from a desk: to whom one can, and why not to others."""

import re

import pytest
from playwright.async_api import Page, expect

from router.api.roles import Role
from tests.clients import Api, Json, stream
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewTab


@pytest.fixture
async def team(api: Api) -> Api:
    """Three agents of a queue to choose from, another queue, and a contact."""
    await api.furnish("ann", "bob", "eve", distribution="pull", name="Vendas")
    await api.ok("PUT", "/v1/queues/billing", {"name": "Financeiro", "distribution": "pull"})
    ann: Json = {"slots": {"chat": 2}, "capacity": 2, "memberships": {"sales": {}, "billing": {}}}
    await api.ok("PUT", "/v1/agents/ann", ann)
    gus = ann | {"memberships": {"billing": {}}}
    await api.ok("PUT", "/v1/agents/gus", gus)
    await api.admit("c-1", channel="chat", subject="Plano", customer="customer-1")
    return api


async def open_contact(page: Page, api: Api) -> None:
    await expect(page.locator(".declared")).to_be_visible()
    await api.ok("POST", "/v1/contacts/c-1/claim", {}, role=Role.AGENT, subject="ann")
    await page.get_by_text("Plano").first.click()


async def test_only_who_can_take_it_is_asked(team: Api, new_tab: NewTab) -> None:
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await open_contact(page, team)
    await page.get_by_role("button", name="Transfer", exact=True).click()
    options = page.get_by_role("listbox").get_by_role("option")
    bob = options.filter(has_text="bob")
    await expect(bob).to_have_attribute("aria-disabled", "true")
    await expect(bob).to_contain_text("offline")
    await expect(options.filter(has_text="gus")).to_contain_text("not in this queue")
    async with stream(team, Role.AGENT, "bob") as desk:
        await desk.command("set_state", presence="ready")
        await expect(bob).to_contain_text("available")
        await page.keyboard.type("bo")
        await expect(options).to_have_count(1)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(bob).to_have_attribute("aria-selected", "true")
        await tab.shoot("desk-transfer-en")
        await tab.assert_accessible()
        await desk.command("set_state", presence="not_ready", reason="lunch")
        await page.get_by_role("button", name="Transfer to bob").click()
        await expect(page.get_by_role("alert").filter(has_text="Is not ready")).to_be_visible()
        await expect(bob).to_have_attribute("aria-disabled", "true")
        await desk.command("set_state", presence="ready")
        await expect(bob).not_to_have_attribute("aria-disabled", "true")
        await page.get_by_label("Note").fill("knows the plans")
        await page.get_by_role("button", name="Transfer to bob").click()
        offer = (await desk.event("offer.made"))["event"]
        assert (offer["kind"], offer["card"]["note"]) == ("transfer", "knows the plans")


async def test_a_part_of_it_is_forwarded_in_portuguese(team: Api, new_tab: NewTab) -> None:
    tab = await new_tab("/desk", Role.AGENT, "ann", locale="pt-BR", size=PHONE)
    page = tab.page
    await open_contact(page, team)
    await page.get_by_role("button", name="Encaminhar", exact=True).click()
    await page.get_by_role("combobox", name="Fila").press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.get_by_label("Assunto").fill("Boleto")
    await tab.shoot("desk-forward-phone")
    await tab.assert_fits()
    await tab.assert_accessible()
    await page.get_by_role("button", name="Encaminhar para Financeiro").click()
    await page.get_by_role("button", name="Cliente").click()
    link = page.get_by_role("button", name=re.compile("encaminhado como"))
    await expect(link).to_be_visible()
    await link.click()
    await expect(page.get_by_role("dialog")).to_contain_text("Boleto")
    record = await team.ok("GET", "/v1/contacts/c-1")
    assert (record["owner"], record["links"][0]["kind"]) == ("ann", "fork")


async def test_a_colleague_takes_part_and_leaves(team: Api, new_tab: NewTab) -> None:
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await open_contact(page, team)
    async with stream(team, Role.AGENT, "bob") as bob:
        await bob.command("set_state", presence="ready")
        await page.get_by_role("button", name="Consult", exact=True).click()
        await page.get_by_role("option", name=re.compile("bob.*available")).click()
        await page.get_by_role("button", name="Consult bob").click()
        await bob.event("offer.made", kind="consult")
        await page.get_by_role("button", name="Stop asking").click()
        await bob.event("offer.revoked")
        await page.get_by_role("button", name="Consult", exact=True).click()
        await page.get_by_role("option", name=re.compile("bob.*available")).click()
        await page.get_by_role("button", name="Consult bob").click()
        offer = (await bob.event("offer.made", kind="consult"))["event"]
        await expect(page.get_by_role("button", name="Transfer", exact=True)).to_be_disabled()
        await bob.command("accept", contact="c-1", offer=offer["offer"])
        await expect(page.get_by_text("bob takes part").first).to_be_visible()
        await page.get_by_role("button", name="Go on alone").click()
        await expect(page.get_by_role("button", name="Transfer", exact=True)).to_be_enabled()
        assert (await bob.event("contact.consult_ended"))["event"]["agent"] == "bob"
