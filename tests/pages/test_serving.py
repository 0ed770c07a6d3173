"""The files of the pages: what is sent with them, and that they are whole."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import aiohttp
import msgspec
import pytest
from playwright.async_api import expect
from yarl import URL

from router.config import PagesConfig
from router.pages.pages import PAGES, STATIC
from router.service import Service
from tests.clients import Api
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewTab
from tests.routers import ANY_PORT, NewService

LOCALE = STATIC / "locale"
CATALOGUES = sorted({path.name.split(".")[0] for path in LOCALE.iterdir()})
OWN = sorted(name for name in PAGES.values() if (STATIC / f"{name}.html").exists())
USED = re.compile(r"""\bt\(\s*["']([a-z][\w.-]*)["']""")
IMPORTED = re.compile(r"""from\s+["'](\.[^"']+)["']""")
FIRST_VIEW_MAX = 150_000


async def test_a_page_runs_its_own_scripts_and_no_others(
    service: Service, http: aiohttp.ClientSession
) -> None:
    async with http.get(service.http.url + "/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        body = await answer.text()
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", body) == []


async def test_a_file_that_has_not_changed_is_not_sent_again(
    service: Service, http: aiohttp.ClientSession
) -> None:
    url = service.http.url + "/static/lib/base.css"
    async with http.get(url) as answer:
        tag = answer.headers["ETag"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert await answer.read() == (STATIC / "lib/base.css").read_bytes()
    async with http.get(url, headers={"If-None-Match": tag}) as again:
        assert (again.status, await again.read()) == (304, b"")
    async with http.post(url) as refused:
        assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/static/", "/static/../pages.py", "/static/%2e%2e/pages.py"])
async def test_nothing_else_is_served(
    service: Service, http: aiohttp.ClientSession, path: str
) -> None:
    url = URL(service.http.url + path, encoded=True)
    async with http.get(url) as answer:
        assert answer.status == 404


async def test_pages_can_be_turned_off(
    new_service: NewService, http: aiohttp.ClientSession
) -> None:
    service = await new_service(msgspec.structs.replace(ANY_PORT, pages=PagesConfig(enabled=False)))
    async with http.get(service.http.url + "/") as answer:
        assert answer.status == 404


async def test_a_page_of_another_site_may_not_connect(
    api: Api, http: aiohttp.ClientSession
) -> None:
    for origin in ("http://evil.example", api.url.replace("127.0.0.1", "localhost")):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await http.ws_connect(api.url + "/v1/stream", headers={"Origin": origin})
    async with http.ws_connect(api.url + "/v1/stream", headers={"Origin": api.url}) as own:
        await own.close()


def test_every_library_is_the_one_that_is_named() -> None:
    vendor = STATIC / "vendor"
    named = json.loads((vendor / "VENDOR.json").read_text(encoding="utf-8"))
    assert {path.name for path in vendor.iterdir()} == {*named, "VENDOR.json"}
    for name, entry in named.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == entry["sha256"], name


@pytest.mark.parametrize("name", CATALOGUES)
def test_both_languages_have_the_same_texts(name: str) -> None:
    english, portuguese = (texts(name, locale) for locale in ("en", "pt-BR"))
    plain = {key for key in english if not key.endswith((".one", ".other", ".many"))}
    assert plain == {key for key in portuguese if not key.endswith((".one", ".other", ".many"))}
    for key in plain:
        assert places(english[key]) == places(portuguese[key]), key
    forms = {key.rpartition(".")[0] for key in english if key.endswith(".other")}
    for key in forms:
        assert {f"{key}.one", f"{key}.other"} <= english.keys(), key
        assert {f"{key}.one", f"{key}.many", f"{key}.other"} <= portuguese.keys(), key


@pytest.mark.parametrize("page", OWN)
def test_every_text_that_a_page_asks_for_is_there(page: str) -> None:
    known = texts("base", "en") | texts(page, "en")
    used = {key for path in modules(page) for key in USED.findall(path.read_text("utf-8"))}
    assert {key for key in used if key not in known and f"{key}.other" not in known} == set()


@pytest.mark.parametrize("page", OWN)
def test_the_first_view_is_light(page: str) -> None:
    files = [STATIC / f"{page}.html", *modules(page), *STATIC.glob("lib/*.css")]
    files += [*STATIC.glob(f"{page}/*.css"), LOCALE / "base.pt-BR.json"]
    files += [LOCALE / f"{page}.pt-BR.json"]
    size = sum(len(gzip.compress(path.read_bytes())) for path in files)
    assert size < FIRST_VIEW_MAX


async def test_the_first_page_in_both_languages(new_tab: NewTab) -> None:
    tab = await new_tab("/")
    await expect(tab.page.get_by_role("link", name="Wallboard")).to_be_visible()
    await tab.assert_accessible()
    await tab.page.get_by_label("Language").select_option("pt-BR")
    await expect(tab.page.get_by_role("link", name="Painel")).to_be_visible()
    await expect(tab.page.locator("html")).to_have_attribute("lang", "pt-BR")
    await tab.page.reload()
    await expect(tab.page.get_by_role("link", name="Painel")).to_be_visible()

    small = await new_tab("/", locale="pt-BR", size=PHONE)
    await expect(small.page.get_by_role("link", name="Painel")).to_be_visible()
    await small.assert_fits()


def texts(name: str, locale: str) -> dict[str, str]:
    read: dict[str, str] = json.loads((LOCALE / f"{name}.{locale}.json").read_text("utf-8"))
    return read


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def modules(page: str) -> set[Path]:
    """The page's first module and all that it imports."""
    ahead = [STATIC / page / "main.js"]
    found: set[Path] = set()
    while ahead:
        path = ahead.pop().resolve()
        if path in found:
            continue
        found.add(path)
        ahead += [path.parent / name for name in IMPORTED.findall(path.read_text("utf-8"))]
    return found
