"""A real browser: one process for a worker's tests, a context of its own for each of them."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--mute-audio", "--remote-debugging-port=0"),
)
SAYS: Final = "DevTools listening on "
EXPECTED: Final = re.compile(r"net::ERR|responded with a status of 4(09|22)")
WITHIN_MS: Final = 20_000
SCREENSHOTS: Final = Path(os.environ.get("ACD_SCREENSHOTS", "var/screenshots"))
DESKTOP: Final = (1280, 800)
PHONE: Final = (360, 740)


class Chromium:
    """The browser's process; tests connect to it."""

    def __init__(self) -> None:
        program = os.environ.get("ACD_CHROMIUM") or shutil.which("chromium")
        if program is None:
            if os.environ.get("CI") == "true":
                pytest.fail("Chromium is not installed (package chromium)")
            pytest.skip("Chromium is not installed (package chromium, or ACD_CHROMIUM)")
        self._place = Path(tempfile.mkdtemp(prefix="acd-chromium-"))
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self._place}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        told = self._process.stderr
        assert told is not None
        self.url = next(line.removeprefix(SAYS).strip() for line in told if line.startswith(SAYS))
        # Whatever else it says must not fill the pipe.
        self._rest = Thread(target=deque, args=(told, 0), daemon=True)
        self._rest.start()

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._rest.join()
        assert self._process.stderr is not None
        self._process.stderr.close()
        shutil.rmtree(self._place, ignore_errors=True)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Browser]:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.connect_over_cdp(self.url)
            yield browser
            await browser.close()


class Tab:
    """One person's browser: an empty profile with one page, whose faults are kept."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.faults: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    async def go(self, path: str) -> Page:
        await self.page.goto(self.url + path)
        return self.page

    async def sign_in(self, path: str, token: str) -> Page:
        """Opens a page and signs in as a person would."""
        page = await self.go(path)
        await page.locator("input[name=token]").fill(token)
        await page.keyboard.press("Enter")
        await page.locator("input[name=token]").wait_for(state="detached")
        return page

    async def shoot(self, name: str) -> None:
        """A screenshot as NAME.png in the folder of screenshots."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    async def assert_accessible(self) -> None:
        """Axe finds nothing serious on the page as it is now."""
        found = await Axe().run(self.page)
        grave = [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in found.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert not grave, grave

    async def assert_fits(self) -> None:
        """Nothing is wider than the window."""
        wide = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{wide} px wider than the window"

    def _hear(self, message: ConsoleMessage) -> None:
        """Errors are faults, but for what the browser says of a router that is away or refuses."""
        if message.type == "error" and not EXPECTED.search(message.text):
            self.faults.append(message.text)


@asynccontextmanager
async def opened(
    browser: Browser, url: str, *, locale: str = "en", size: tuple[int, int] = DESKTOP
) -> AsyncIterator[Tab]:
    """A tab of a new profile; it must end without a fault in its console."""
    context = await browser.new_context(
        locale=locale,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        service_workers="block",
    )
    context.set_default_timeout(WITHIN_MS)
    tab = Tab(context, await context.new_page(), url)
    yield tab
    await context.close()
    assert not tab.faults, tab.faults
