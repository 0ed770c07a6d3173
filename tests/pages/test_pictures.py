"""The pages at work in both languages: their pictures are those of the README."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, expect

from router.api.roles import Role
from router.config import ArchiveConfig
from router.service import Service
from tests.clients import Api, Stream, stream
from tests.gateways.conftest import gateway_of
from tests.pages.conftest import NewTab
from tests.routers import ANY_PORT, NewService

SIZE = (1180, 720)
SLOTS = {"voice": 1, "chat": 3}
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "queues": {"sales": "Sales", "support": "Support", "billing": "Billing"},
        "subjects": ("Second copy of a bill", "Change of plan", "Late delivery", "No connection"),
        "said": ("Good morning! My bill has two charges of the same day.", "Which of the two?"),
        "more": ("The one of 12 November, 89.90.", "Thank you. I have taken it off the bill."),
        "note": "Charged twice by the partner; second case this week.",
        "start": "Start the chat",
    },
    "pt-BR": {
        "queues": {"sales": "Vendas", "support": "Suporte", "billing": "Financeiro"},
        "subjects": ("Segunda via da fatura", "Troca de plano", "Entrega atrasada", "Sem conexão"),
        "said": ("Bom dia! Minha fatura tem duas cobranças do mesmo dia.", "Qual das duas?"),
        "more": ("A de 12 de novembro, de R$ 89,90.", "Obrigada. Já retirei da fatura."),
        "note": "Cobrança em dobro do parceiro; segundo caso da semana.",
        "start": "Iniciar",
    },
}


@pytest.fixture
async def service(new_service: NewService, tenant: str, tmp_path: Path) -> Service:
    """A router with an archive and a chat."""
    archive = ArchiveConfig(url=f"sqlite:///{tmp_path}/archive.sqlite", flush_ms=1)
    config = msgspec.structs.replace(ANY_PORT, archive=archive)
    return await new_service(config, gateway_of(tenant, agent_names=True))


async def set_up(api: Api, words: dict[str, Any]) -> None:
    """Three queues, four agents, and who has called today."""
    intake = {"chat": {"required": ["queue"], "external": True, "lease_ms": 60_000}}
    channels = {"voice": {"cost": 3}, "chat": {"cost": 1}}
    await api.ok("PUT", "/v1/tenant", {"channels": channels, "intake": intake})
    for queue, name in words["queues"].items():
        rules = {"name": name, "external": queue == "sales", "target_ms": 20_000}
        await api.ok("PUT", f"/v1/queues/{queue}", rules)
    teams = {"ana": ("sales",), "bruno": ("support",), "carla": ("support",), "davi": ("billing",)}
    for agent, queues in teams.items():
        definition = {"name": agent.title(), "slots": SLOTS, "capacity": 3}
        members: dict[str, Any] = {"memberships": {queue: {} for queue in queues}}
        await api.ok("PUT", f"/v1/agents/{agent}", definition | members)


async def bring(api: Api, number: int, queue: str, words: dict[str, Any], **more: Any) -> str:
    subject = words["subjects"][number % len(words["subjects"])]
    contact = f"c-{number}"
    address = f"+55 11 9{number:04}-{number * 37 % 9_999:04}"
    await api.admit(contact, queue=queue, channel="voice", subject=subject, address=address, **more)
    return contact


async def calls_of_today(api: Api, bruno: Stream, words: dict[str, Any]) -> None:
    """Bruno answers some and one hangs up; others wait."""
    await bruno.command("set_state", presence="ready")
    for number in range(6):
        contact = await bring(api, number, "support", words)
        offer = (await bruno.event("offer.made", contact=contact))["event"]
        await bruno.command("accept", contact=contact, offer=offer["offer"])
        if number < 5:
            await bruno.command("close", contact=contact, wrap_up=False)
    for number in (6, 7, 8):
        await bring(api, number, "support", words)
    await bring(api, 9, "billing", words)
    await api.ok("POST", "/v1/contacts/c-6/cancel", {}, role=Role.GATEWAY)


async def talk(customer: Page, desk: Page, words: dict[str, Any]) -> None:
    """A customer begins a chat, and one whose page is in front is talked to."""
    for name, value in (("name", "Zoé Lima"), ("reach", "zoe@example.com")):
        await customer.locator(f"[name={name}]").fill(value)
    await customer.locator("[name=message]").fill(words["said"][0])
    await customer.locator("form button").last.click()
    await expect(desk.get_by_role("article").first).to_be_visible()
    await desk.keyboard.press("F8")
    log, heard = desk.get_by_role("log"), customer.get_by_role("log")
    await expect(log).to_contain_text(words["said"][0])
    writing = desk.get_by_role("textbox").last
    await writing.fill(words["said"][1])
    await desk.keyboard.press("Enter")
    await expect(heard).to_contain_text(words["said"][1])
    await customer.get_by_role("textbox").fill(words["more"][0])
    await customer.keyboard.press("Enter")
    await expect(log).to_contain_text(words["more"][0])
    await writing.fill(words["more"][1])
    await desk.keyboard.press("Enter")
    await expect(heard).to_contain_text(words["more"][1])
    await desk.get_by_role("button", name=re.compile("Internal note|Nota interna")).click()
    await desk.get_by_role("textbox").last.fill(words["note"])
    await desk.keyboard.press("Enter")
    await expect(log).to_contain_text(words["note"])


@pytest.mark.timeout(180)
@pytest.mark.parametrize("locale", WORDS)
async def test_the_pages_at_work(api: Api, new_tab: NewTab, locale: str) -> None:
    words = WORDS[locale]
    await set_up(api, words)
    async with (
        stream(api, Role.AGENT, "bruno") as bruno,
        stream(api, Role.AGENT, "carla") as carla,
    ):
        await calls_of_today(api, bruno, words)
        await carla.command("set_state", presence="not_ready", reason="lunch")
        desk = await new_tab("/desk", Role.AGENT, "ana", locale=locale, size=SIZE)
        await desk.page.get_by_role("button", name=re.compile("Get ready|Ficar pronto")).click()
        chat = await new_tab("/chat", locale=locale, size=(420, 720))
        await talk(chat.page, desk.page, words)
        await bring(api, 11, "sales", words, attributes={"plan": "gold"})
        await desk.shoot(f"desk-{locale}")
        await chat.shoot(f"chat-{locale}")

        wall = await new_tab("/wall", Role.SUPERVISOR, locale=locale, size=SIZE)
        support = wall.page.locator(".queues tbody tr").filter(has_text=words["queues"]["support"])
        await expect(support.locator(".answered")).to_have_text("6")
        await wall.shoot(f"wall-{locale}")
        admin = await new_tab("/admin", Role.ADMIN, locale=locale, size=SIZE)
        await admin.page.get_by_text(words["queues"]["support"]).first.click()
        await expect(admin.page.get_by_role("textbox").first).to_be_visible()
        await admin.shoot(f"admin-{locale}")
        for tab in (desk, wall, admin, chat):
            await tab.assert_fits()
