"""What a desk shows beside a conversation: the customer, what there was before, replies, paper."""

import json
import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from router.api.roles import Role
from tests.clients import Api, stream
from tests.pages.conftest import NewTab

ABOUT = {
    "channel": "chat",
    "customer": "CPF 123.456.789-09",
    "address": "+55 11 5555-0100",
    "attributes": {"plan": "gold", "order": 4711},
}


@pytest.fixture
async def team(api: Api) -> Api:
    """Ann has had a contact of a customer, with a note in it; now he is back."""
    await api.furnish("ann", distribution="pull", name="Vendas")
    async with stream(api, Role.AGENT, "ann") as ann:
        await api.admit("c-1", subject="Second copy", **ABOUT)
        await ann.command("claim", contact="c-1")
        said = {"contact": "c-1", "author": "agent"}
        await ann.command("report", **said, text="It is on its way.")
        await ann.command("report", **said, text="Has been angry.", visibility="internal")
        await ann.command("close", contact="c-1", wrap_up=False)
    await api.admit("c-2", subject="Plan", **ABOUT)
    return api


async def open_contact(page: Page, api: Api) -> None:
    await expect(page.locator(".declared")).to_be_visible()
    await api.ok("POST", "/v1/contacts/c-2/claim", {}, role=Role.AGENT, subject="ann")
    await page.get_by_text("Plan").first.click()


def replies_file(replies: list[dict[str, str]]) -> FilePayload:
    content = json.dumps(replies).encode()
    return {"name": "replies.json", "mimeType": "application/json", "buffer": content}


async def test_who_he_is_and_what_there_was_before(team: Api, new_tab: NewTab) -> None:
    tab = await new_tab("/desk", Role.AGENT, "ann")
    page = tab.page
    await open_contact(page, team)
    side = page.get_by_role("complementary", name="Customer")
    await expect(side).to_contain_text("CPF 123.456.789-09")
    await expect(side).to_contain_text("4711")
    await tab.shoot("desk-customer-en")
    await tab.assert_accessible()
    await side.get_by_role("button", name=re.compile("Second copy")).click()
    look = page.get_by_role("dialog")
    await expect(look).to_contain_text("It is on its way.")
    await expect(look).to_contain_text("Has been angry.")
    await look.get_by_role("button", name="Print").click()
    await expect(look).to_contain_text("4711")
    await expect(look).not_to_contain_text("Has been angry.")

    await page.emulate_media(media="print")
    paper = page.locator(".paper")
    await expect(paper).to_be_visible()
    await expect(paper).to_contain_text("It is on its way.")
    await expect(paper).not_to_contain_text("Has been angry.")
    above = await paper.locator(".sheet-who").bounding_box()
    name = await paper.locator("h2").bounding_box()
    assert above is not None
    assert name is not None
    assert above["y"] < name["y"]
    await tab.shoot("desk-print-en")
    await page.emulate_media(media="screen")
    await page.get_by_label("With internal notes").check()
    await expect(look).to_contain_text("Has been angry.")


async def test_prepared_replies_are_written_found_and_filled_in(team: Api, new_tab: NewTab) -> None:
    tab = await new_tab("/desk", Role.AGENT, "ann", locale="pt-BR")
    page = tab.page
    await open_contact(page, team)
    writing = page.locator(".composer textarea")
    await writing.press("/")
    await page.get_by_role("button", name="Nova resposta").click()
    await page.get_by_label("Nome").fill("Saudação")
    await page.get_by_label("Texto").fill("Olá! Pedido {order}, fila {queue}, {cep}.")
    await page.get_by_role("button", name="Salvar").click()
    files = page.locator("input[type=file]")
    broken = [{"name": "Sem texto"}]
    await files.set_input_files(replies_file(broken))
    await expect(page.get_by_text("o item 1 não tem nome ou texto")).to_be_visible()
    await files.set_input_files(replies_file([{"name": "Fim", "text": "Até logo, {customer}!"}]))
    await expect(page.get_by_role("button", name="Editar “Fim”")).to_be_visible()
    await page.get_by_role("button", name="Voltar").click()
    await page.keyboard.type("sauda")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("listbox").get_by_role("option")).to_contain_text(
        "sem valor aqui: cep"
    )
    await tab.shoot("desk-replies-pt")
    await tab.assert_accessible()
    await page.keyboard.press("Enter")
    await expect(writing).to_have_value("Olá! Pedido 4711, fila Vendas, {cep}.")
