"""A browser, and tabs of it on the test's own router, which keeps an archive."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Browser, expect

from router.api.roles import Role
from router.config import ArchiveConfig
from router.service import Service
from tests.clients import token
from tests.pages.chromium import WITHIN_MS, Chromium, Tab, opened
from tests.routers import ANY_PORT, NewService, api, http, new_service

__all__ = ["api", "http", "new_service"]

NewTab = Callable[..., Awaitable[Tab]]

expect.set_options(timeout=WITHIN_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine takes its time."""
    for item in items:
        is_ours = item.path.is_relative_to(Path(__file__).parent)
        if is_ours and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(90))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser process for each worker."""
    chromium = Chromium()
    yield chromium
    chromium.stop()


@pytest.fixture
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    async with chromium.connect() as browser:
        yield browser


@pytest.fixture
async def service(new_service: NewService, tmp_path: Path) -> Service:
    archive = ArchiveConfig(url=f"sqlite:///{tmp_path}/archive.sqlite", flush_ms=1)
    return await new_service(msgspec.structs.replace(ANY_PORT, archive=archive))


@pytest.fixture
async def new_tab(browser: Browser, service: Service, tenant: str) -> AsyncIterator[NewTab]:
    """Opens tabs; `new_tab("/desk", Role.AGENT, "ann", locale="pt-BR")` signs in as well."""
    async with AsyncExitStack() as stack:

        async def open_tab(
            path: str, role: Role | None = None, subject: str = "tester", **options: object
        ) -> Tab:
            tab = await stack.enter_async_context(
                opened(browser, service.http.url, **options)  # type: ignore[arg-type]
            )
            if role is None:
                await tab.go(path)
            else:
                await tab.sign_in(path, token(tenant, subject, role))
            return tab

        yield open_tab
