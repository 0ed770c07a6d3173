"""The administration page: a draft, its plan, what becomes of it."""

import re

import redis
from playwright.async_api import expect

from router.api.openapi import document
from router.api.roles import Role
from tests.clients import Api, Json
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewTab
from tests.pages.test_serving import texts

STRUCTS = (
    *("QueueSettings", "Step", "AgentDefinition", "Membership", "CalendarSettings", "Week"),
    *("TenantSettings", "ChannelSettings", "SubjectSettings", "IntakeSettings"),
)


async def test_a_setting_is_drafted_planned_and_applied(new_tab: NewTab, api: Api) -> None:
    await api.furnish("ann", "bob", ring_ms=20_000)
    tab = await new_tab("/admin", Role.ADMIN, "root")
    page = tab.page

    await expect(page.get_by_role("link", name="sales")).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("sal")
    await page.keyboard.press("Enter")
    ring = page.get_by_label("An offer rings for")
    await expect(ring).to_have_value("20 s")
    await tab.shoot("admin-queue-en")
    await tab.assert_accessible()

    await ring.fill("soon")
    await expect(page.get_by_text("A duration is expected")).to_be_visible()
    await expect(ring).to_have_attribute("aria-invalid", "true")
    await ring.fill("45s")
    await expect(page.get_by_text("A duration is expected")).to_have_count(0)
    await page.get_by_label("Wrap-up", exact=True).select_option("forced_limit")
    await page.reload()
    await expect(ring).to_have_value("45 s")

    await page.get_by_role("button", name="Review and apply").click()
    refused = page.get_by_role("alert")
    await expect(refused).to_contain_text("above 0 with the wrap-up “forced, with a limit”")
    await tab.shoot("admin-refused-en")
    await refused.get_by_role("link", name="queue sales").click()
    longest = page.get_by_label("Longest wrap-up")
    await expect(longest).to_have_attribute("aria-invalid", "true")
    await longest.fill("2 min")
    await page.get_by_role("button", name="Review and apply").click()
    await expect(page.locator(".changes")).to_contain_text(re.compile("20 s.*45 s"))
    await tab.shoot("admin-plan-en")
    await tab.assert_accessible()
    await page.get_by_label("Why?").fill("longer calls")
    await page.get_by_role("button", name="Apply", exact=True).click()

    await expect(page.get_by_text("longer calls")).to_be_visible()
    queue = (await api.ok("GET", "/v1/config"))["queues"]["sales"]
    assert (queue["ring_ms"], queue["wrap_up"], queue["wrap_up_ms"]) == (
        45_000,
        "forced_limit",
        120_000,
    )


async def test_somebody_else_is_quicker_and_a_version_is_gone_back_to(
    new_tab: NewTab, api: Api
) -> None:
    await api.furnish("ann")
    first = (await api.ok("GET", "/v1/config"))["version"]
    tab = await new_tab("/admin#queues/sales", Role.ADMIN, "root")
    page = tab.page
    await page.get_by_label("An offer rings for").fill("45 s")
    await page.get_by_label("Target of the wait").fill("10 s")
    body = {"queues": {"sales": {"ring_ms": 30_000, "name": "Sales"}}, "note": "theirs"}
    await api.ok("POST", "/v1/config/apply", body, subject="other")

    await page.get_by_role("button", name="Review and apply").click()
    meanwhile = page.locator(".meanwhile")
    await expect(meanwhile).to_contain_text("theirs is 30 s, yours 45 s")
    await expect(meanwhile).to_contain_text("by admin:other")
    await expect(page.locator(".changes").last).to_contain_text(re.compile("30 s.*45 s"))
    await tab.shoot("admin-stale-en")
    await page.get_by_role("button", name="Apply", exact=True).click()
    await expect(page.locator(".versions")).to_contain_text("in force")
    queue = (await api.ok("GET", "/v1/config"))["queues"]["sales"]
    assert (queue["ring_ms"], queue["target_ms"], queue["name"]) == (45_000, 10_000, "Sales")

    await page.locator(".versions summary").nth(2).click()
    await page.get_by_role("button", name=f"Go back to version {first}").click()
    await expect(page.locator(".changes")).to_contain_text(re.compile("45 s.*20 s"))
    await tab.shoot("admin-way-back-en")
    await page.get_by_role("button", name="Go back", exact=True).click()
    await expect(page.locator(".versions")).to_contain_text("back to version")
    await tab.shoot("admin-history-en")
    await tab.assert_accessible()
    assert (await api.ok("GET", "/v1/config"))["queues"]["sales"]["ring_ms"] == 20_000


async def test_what_is_not_as_the_file_says_is_shown_and_taken_back(
    new_tab: NewTab, api: Api
) -> None:
    await api.furnish("ana")
    words = {"sales": {"ring_ms": 30_000, "name": "Sales"}}
    await api.ok("POST", "/v1/config/apply", {"queues": words, "from_file": True})
    await api.ok("POST", "/v1/config/apply", {"queues": {"sales": {"ring_ms": 45_000}}})
    tab = await new_tab("/admin#queues/sales", Role.ADMIN, "root", locale="pt-BR")
    page = tab.page

    notice = page.locator(".filed")
    await notice.get_by_text("Difere do arquivo do roteador em 1 item").click()
    await expect(notice).to_contain_text(re.compile("45 s.*30 s"))
    await tab.shoot("admin-file-pt")
    await tab.assert_accessible()
    await page.get_by_role("link", name="Histórico").click()
    await notice.get_by_text("Difere do arquivo").click()
    await tab.shoot("admin-file-all-pt")
    await notice.get_by_role("button", name="Como no arquivo").click()
    await expect(notice).to_have_count(0)
    await page.get_by_role("button", name="Revisar e aplicar").click()
    await expect(page.locator(".changes")).to_contain_text(re.compile("45 s.*30 s"))
    await page.get_by_role("button", name="Aplicar", exact=True).click()
    await expect(page.locator(".versions")).to_contain_text("em vigor")
    await expect(notice).to_have_count(0)
    assert (await api.ok("GET", "/v1/config"))["file"] == []


async def test_hours_and_agents_in_portuguese(new_tab: NewTab, api: Api) -> None:
    await api.furnish("ana", "bia")
    tab = await new_tab("/admin", Role.ADMIN, "root", locale="pt-BR")
    page = tab.page
    sections = page.get_by_role("navigation", name="Seções")
    for name in ("Filas", "Atendentes", "Habilidades", "Desfechos", "Assuntos"):
        await expect(sections.get_by_role("link", name=name)).to_be_visible()

    await sections.get_by_role("link", name="Horários").click()
    search = page.get_by_label("Buscar")
    await search.fill("loja")
    await search.press("Enter")
    await page.get_by_label("Fuso horário").fill("America/Sao_Paulo")
    await page.get_by_label("sábado", exact=True).fill("8-12, 13:30 - 16h")
    await page.get_by_label("Data do feriado").fill("2026-12-25")
    await page.get_by_label("Data do feriado").press("Enter")
    await tab.shoot("admin-hours-pt")
    await tab.assert_accessible()

    await sections.get_by_role("link", name="Atendentes").click()
    await page.get_by_role("button", name="Colar vários").click()
    table = "agent;name;queues;skills;slots\ncaio;Caio;sales:80;inglês:9;chat:2"
    paste = page.get_by_role("textbox", name="Vários atendentes de uma vez")
    await paste.fill(table)
    await expect(page.get_by_text("Linha 2")).to_be_visible()
    await paste.fill(table.replace("inglês", "ingles"))
    await page.get_by_role("button", name="Pôr 1 atendente no rascunho").click()
    await page.get_by_role("link", name="Caio").click()
    await expect(page.get_by_label("Nível de ingles")).to_have_value("9")
    await tab.shoot("admin-agent-pt")
    await tab.assert_accessible()

    await page.get_by_role("button", name="Revisar e aplicar").click()
    await page.get_by_role("button", name="Aplicar", exact=True).click()
    await expect(page.locator(".versions")).to_contain_text("em vigor")
    config = await api.ok("GET", "/v1/config")
    assert config["calendars"]["loja"]["weekly"]["sat"] == ["08:00-12:00", "13:30-16:00"]
    assert config["calendars"]["loja"]["holidays"] == ["2026-12-25"]
    assert config["agents"]["caio"]["memberships"]["sales"]["level"] == 80


async def test_obstacles_and_faults_in_portuguese(new_tab: NewTab, api: Api) -> None:
    await api.furnish("ana", ring_ms=45_000)
    tab = await new_tab("/admin", Role.ADMIN, "root", locale="pt-BR")
    page = tab.page
    await page.get_by_role("link", name="general").click()
    await page.get_by_role("button", name="Duplicar").click()
    await page.get_by_label("Identificador do novo").fill("general")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Esse identificador já existe.")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Remover").click()
    await page.get_by_role("button", name="Revisar e aplicar").click()
    await expect(page.get_by_text("é a fila padrão")).to_be_visible()
    await expect(page.get_by_role("button", name="Aplicar", exact=True)).to_be_disabled()
    await tab.shoot("admin-blocked-pt")
    await tab.assert_accessible()
    await page.get_by_role("button", name="Desfazer as alterações").click()
    await expect(page.get_by_text("Rascunho vazio")).to_be_visible()

    await page.get_by_role("link", name="Assuntos").click()
    await page.get_by_label("Buscar, ou assunto novo").fill("Segunda via")
    await page.get_by_role("button", name="Adicionar").click()
    await page.get_by_label("Prioridade: Segunda via").fill("300")
    await expect(page.get_by_text("De 0 a 100.")).to_be_visible()
    await page.get_by_role("button", name="Descartar").click()
    await page.get_by_role("dialog").get_by_role("button", name="Descartar").click()
    await expect(page.get_by_label("Prioridade: Segunda via")).to_have_count(0)

    await page.get_by_role("link", name="Filas").click()
    await page.get_by_role("link", name="sales").click()
    await page.get_by_role("button", name="Duplicar").click()
    await page.get_by_label("Identificador do novo").fill("vendas")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="vendas")).to_be_visible()
    await expect(page.get_by_label("Oferta toca por")).to_have_value("45 s")


async def test_tokens_are_shown_once_and_the_state_is_looked_at(new_tab: NewTab, api: Api) -> None:
    await api.furnish("ann")
    tab = await new_tab("/admin#tokens", Role.ADMIN, "root")
    page = tab.page
    await page.get_by_label("For whom").fill("zed")
    await expect(page.get_by_text("No agent has this id yet.")).to_be_visible()
    await page.get_by_label("For whom").fill("ann")
    await page.get_by_label("Valid for").fill("2 d")
    await page.get_by_role("button", name="Make a token").click()
    await expect(page.get_by_label("Valid for")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Valid for").fill("30 min")
    await page.get_by_role("button", name="Make a token").click()
    made = page.get_by_role("textbox", name="The token", exact=True)
    await expect(made).to_be_visible()
    await tab.shoot("admin-tokens-en")
    await tab.assert_accessible()
    token = await made.input_value()
    headers = {"Authorization": f"Bearer {token}"}
    async with api.http.get(api.url + "/v1/agents/ann", headers=headers) as answer:
        assert answer.status == 200
    stored = await page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert token not in stored + page.url
    await page.get_by_role("link", name="Health").click()
    await page.get_by_role("link", name="Tokens").click()
    await expect(made).to_have_count(0)

    await page.get_by_label("Whose").fill("ann")
    await page.get_by_role("button", name="Revoke").click()
    sure = page.get_by_role("dialog", name="Revoke all tokens of ann?")
    await sure.get_by_label("Why?").fill("her laptop was stolen")
    await tab.assert_accessible()
    await sure.get_by_role("button", name="Revoke").click()
    revoked = page.get_by_role("region", name="Revoked")
    await expect(revoked.get_by_role("row").nth(1)).to_contain_text("her laptop was stolen")
    await tab.shoot("admin-revoked-en")
    await tab.assert_accessible()
    async with api.http.get(api.url + "/v1/agents/ann", headers=headers) as answer:
        assert answer.status == 401

    await page.get_by_role("link", name="Health").click()
    await page.get_by_role("button", name="Look").click()
    await expect(page.get_by_text("Nothing is wrong.")).to_be_visible()


async def test_what_is_broken_is_repaired_after_a_second_word(
    new_tab: NewTab, api: Api, server_url: str
) -> None:
    await api.furnish("ann")
    await api.admit("c-1")
    with redis.Redis.from_url(server_url) as client:
        assert client.zrem(f"{{{api.tenant}}}:wq:sales", "c-1") == 1
    tab = await new_tab("/admin#doctor", Role.ADMIN, "root")
    page = tab.page

    await page.get_by_role("button", name="Look").click()
    await page.get_by_role("checkbox", name="contact c-1").check()
    await tab.shoot("admin-doctor-en")
    await tab.assert_accessible()
    await page.get_by_role("button", name="Repair 1 finding").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Why?").fill("after the power cut")
    await dialog.get_by_role("button", name="Repair", exact=True).click()
    await expect(page.get_by_text("repaired", exact=True)).to_be_visible()
    assert (await api.ok("GET", "/v1/doctor"))["findings"] == []


def test_every_setting_has_its_words() -> None:
    schemas: dict[str, Json] = document()["components"]["schemas"]
    for struct in STRUCTS:
        names = schemas[struct]["properties"]
        assert {f"{struct}.{name}" for name in names} <= texts("settings", "en").keys()
        for name, own in names.items():
            choices = own.get("enum") or own.get("items", {}).get("enum") or []
            assert {f"choice.{c}" for c in choices} <= texts("settings", "en").keys(), name


async def test_on_a_phone(new_tab: NewTab, api: Api) -> None:
    await api.furnish("ana")
    tab = await new_tab("/admin", Role.ADMIN, "root", locale="pt-BR", size=PHONE)
    page = tab.page
    await page.get_by_role("link", name="sales").click()
    await tab.shoot("admin-phone-pt")
    await tab.assert_fits()
    await page.get_by_role("navigation", name="Partes").get_by_text("Atendentes").click()
    await page.get_by_label("Nível: ana").fill("70")
    await tab.shoot("admin-phone-members-pt")
    await tab.assert_fits()
    await page.get_by_label("Voltar à lista").click()
    await expect(page.get_by_label("Buscar")).to_be_visible()
    await tab.assert_fits()
