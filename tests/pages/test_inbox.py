"""The inbox of a desk: what there is to choose from, live, and what may be done about it."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from router.api.roles import Role
from tests.clients import Api, Json, stream, token
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewTab

SUBJECTS = ("Segunda via da fatura", "Entrega atrasada", "Troca de plano")


@pytest.fixture
async def team(api: Api) -> Api:
    """Ann and bob serve a queue to choose from and one that hands out; six contacts wait."""
    await api.furnish("ann", "bob", distribution="pull", take_over="members", name="Vendas")
    await api.ok("PUT", "/v1/queues/support", {"name": "Suporte"})
    for agent in ("ann", "bob"):
        definition = {"slots": {"voice": 1, "chat": 2}, "capacity": 4, "name": agent.title()}
        both: Json = {"memberships": {"sales": {}, "support": {}}}
        await api.ok("PUT", f"/v1/agents/{agent}", definition | both)
    for number in range(6):
        queue = "support" if number % 3 == 2 else "sales"
        await admit(api, f"c-{number}", queue=queue, subject=SUBJECTS[number % 3])
    return api


async def admit(api: Api, contact: str, **more: Any) -> None:
    about = {"channel": "chat", "customer": f"customer-{contact}", "address": "+55 11 5555-0100"}
    await api.admit(contact, **about | more)


async def open_inbox(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("^(Inbox|Caixa de entrada)")).click()
    await expect(page.locator(".inbox-row").first).to_be_visible()


async def test_what_comes_and_is_taken_is_seen_at_once(team: Api, new_tab: NewTab) -> None:
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await open_inbox(page)
    rows = page.locator(".inbox-row")
    await expect(rows).to_have_count(6)
    await expect(page.get_by_role("button", name="Inbox 4 that nobody has")).to_be_visible()
    queues = page.get_by_role("navigation", name="Queues")
    await expect(queues.get_by_role("button", name=re.compile("Vendas"))).to_contain_text("4")
    await expect(rows.first).to_contain_text("is handed out")

    async with stream(team, Role.AGENT, "bob") as bob:
        await bob.command("claim", contact="c-4")
        taken = rows.filter(has_text="customer-c-4")
        await expect(taken).to_contain_text(re.compile(r"Started by Bob at \d+:\d\d"))
        await expect(taken.get_by_role("button", name=re.compile("^Take over"))).to_be_visible()
        await admit(team, "c-6", queue="sales", subject=SUBJECTS[0])
        news = page.get_by_role("button", name="1 new")
        await expect(news).to_be_visible()
        await expect(rows).to_have_count(6)
        await tab.shoot("desk-inbox-en")
        await tab.assert_accessible()
        await news.click()
        await expect(rows).to_have_count(7)
        await expect(rows.first.locator("[data-row]")).to_be_focused()
        await expect(rows.first).to_contain_text("customer-c-6")

        await page.get_by_role("button", name=re.compile("^Others")).click()
        await expect(rows).to_have_count(1)
        await rows.get_by_role("button", name=re.compile("^Take over")).click()
        await page.get_by_label("Reason").fill("Bob is at lunch")
        await page.keyboard.press("Enter")
        told = (await bob.event("contact.assigned", agent="ann"))["event"]
        assert (told["how"], told["reason"]) == ("take_over", "Bob is at lunch")


@pytest.mark.usefixtures("team")
async def test_filters_and_rows_by_keyboard_in_portuguese(new_tab: NewTab) -> None:
    tab = await new_tab("/desk", Role.AGENT, "ann", locale="pt-BR")
    page = tab.page
    await open_inbox(page)
    rows = page.locator(".inbox-row")
    await page.get_by_role("searchbox", name="Buscar no assunto").fill("FATURA")
    await expect(rows).to_have_count(2)
    await page.get_by_label("Ordem").select_option("oldest")
    await expect(rows.first).to_contain_text("customer-c-0")
    await rows.first.locator("[data-row]").focus()
    await page.keyboard.press("ArrowDown")
    await expect(rows.nth(1).locator("[data-row]")).to_be_focused()
    await page.keyboard.press("Enter")
    look = page.get_by_role("dialog")
    await expect(look).to_contain_text("Chegou em Vendas")
    await tab.shoot("desk-preview-pt")
    await tab.assert_accessible()
    await look.get_by_role("button", name="Iniciar").click()
    await expect(look).to_have_count(0)

    await open_inbox(page)
    await page.get_by_role("button", name="Limpar").click()
    await expect(rows).to_have_count(6)
    await (
        rows.filter(has_text="customer-c-0")
        .get_by_role("button", name=re.compile("Iniciar"))
        .click()
    )
    await open_inbox(page)
    full = rows.filter(has_text="customer-c-1")
    await full.get_by_role("button", name=re.compile("Iniciar")).click()
    await expect(full.get_by_role("alert")).to_contain_text("Todas as vagas deste canal")


async def test_who_comes_second_is_told_who_has_it(team: Api, new_tab: NewTab) -> None:
    """What others do is told a moment late, as on a slow line."""

    def slow_line(page_side: WebSocketRoute) -> None:
        server = page_side.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if json.loads(message)["type"] != "event":
                page_side.send(message)

        server.on_message(pass_on)

    tab = await new_tab("/")
    page = tab.page
    await page.route_web_socket("**/v1/stream", slow_line)
    await tab.sign_in("/desk", token(team.tenant, "ann", Role.AGENT))
    await open_inbox(page)
    async with stream(team, Role.AGENT, "bob") as bob:
        await bob.command("claim", contact="c-0")
        row = page.locator(".inbox-row").filter(has_text="customer-c-0")
        await row.get_by_role("button", name=re.compile("^Take")).click()
        await expect(row.get_by_role("alert")).to_contain_text(
            re.compile(r"Bob took it \d+:\d\d ago")
        )


async def test_what_is_over_is_reopened_on_a_phone(team: Api, new_tab: NewTab) -> None:
    async with stream(team, Role.AGENT, "bob") as bob:
        await bob.command("claim", contact="c-0")
        await bob.command("close", contact="c-0", wrap_up=False)
    tab = await new_tab("/desk", Role.AGENT, "ann", size=PHONE)
    page = tab.page
    await open_inbox(page)
    await page.get_by_label("State").select_option("closed")
    over = page.locator(".inbox-row")
    await expect(over).to_have_count(1)
    await expect(over).to_contain_text("Closed")
    await tab.shoot("desk-inbox-phone")
    await tab.assert_fits()
    await over.get_by_role("button", name=re.compile("^Reopen")).click()
    await expect(page.locator(".inbox")).to_have_count(0)
    assert (await team.ok("GET", "/v1/contacts/c-0"))["owner"] == "ann"


async def test_who_supervises_a_queue_moves_what_waits_there(team: Api, new_tab: NewTab) -> None:
    eva: Json = {"memberships": {"sales": {"role": "supervisor"}, "support": {}}}
    await team.ok("PUT", "/v1/agents/eva", eva | {"slots": {"chat": 1}, "capacity": 1})
    tab = await new_tab("/desk", Role.AGENT, "eva", locale="pt-BR")
    page, dialog = tab.page, tab.page.get_by_role("dialog")
    move = dialog.get_by_role("button", name="Mover …")
    await open_inbox(page)
    rows = page.locator(".inbox-row")
    await rows.filter(has_text="customer-c-2").locator("[data-row]").click()
    await expect(dialog.get_by_role("button", name="Imprimir")).to_be_visible()
    await expect(move).to_be_hidden()  # she serves that queue, and no more
    await page.keyboard.press("Escape")

    await rows.filter(has_text="customer-c-0").locator("[data-row]").click()
    await move.click()
    await dialog.get_by_role("option").filter(has_text="Suporte").click()
    await dialog.get_by_label("Observação").fill("é um defeito")
    await tab.assert_accessible()
    await tab.shoot("desk-move-pt")
    await dialog.get_by_role("button", name="Mover para Suporte").click()

    await expect(page.get_by_role("status").filter(has_text="Movido para Suporte")).to_be_visible()
    await expect(rows.filter(has_text="customer-c-0")).to_contain_text("Suporte")
    moved = await team.ok("GET", "/v1/contacts/c-0")
    assert (moved["queue"], moved["note"], moved["state"]) == ("support", "é um defeito", "queued")
