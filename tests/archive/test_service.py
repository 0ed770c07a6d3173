"""A router with an archive: everything is there soon, and what stands in the way is told."""

from contextlib import suppress
from pathlib import Path

import aiohttp
import msgspec
import pytest

from router.api.roles import Role
from router.archive.database import ArchiveError
from router.archive.schema import CONTACTS
from router.config import ArchiveConfig, Config
from router.service import Service
from tests.archive.ledger import Ledger
from tests.clients import Api
from tests.routers import ANY_PORT, NewService
from tests.waiting import wait_until


def with_archive(url: str, lag_alarm_ms: int = 60_000) -> Config:
    archive = ArchiveConfig(url=url, flush_ms=1, sweep_ms=100, lag_alarm_ms=lag_alarm_ms)
    return msgspec.structs.replace(ANY_PORT, archive=archive)


@pytest.fixture
async def service(new_service: NewService, url: str) -> Service:
    return await new_service(with_archive(url))


async def test_a_routed_contact_is_archived_soon(service: Service, api: Api, tenant: str) -> None:
    await api.furnish("ann")
    await api.admit("c1")
    await api.ok("POST", "/v1/contacts/c1/cancel", role=Role.GATEWAY)
    assert service.archive is not None
    ledger = Ledger(service.archive.database, tenant)

    async def is_closed() -> bool:
        with suppress(ArchiveError):  # it may not have its tables yet
            rows = await ledger.rows(CONTACTS)
            return [(row["contact"], row["state"]) for row in rows] == [("c1", "closed")]
        return False

    await wait_until(is_closed)


async def test_two_routers_share_one_archive(
    service: Service, new_service: NewService, url: str, api: Api, tenant: str
) -> None:
    other = await new_service(with_archive(url))
    second = Api(api.http, other.http.url, tenant)
    await api.furnish("ann")
    for number in range(10):
        await (api if number % 2 else second).admit(f"c{number}")
    assert service.archive is not None
    ledger = Ledger(service.archive.database, tenant)

    async def are_there() -> bool:
        with suppress(ArchiveError):
            return len(await ledger.rows(CONTACTS)) == 10
        return False

    await wait_until(are_there)


async def test_without_its_database_a_router_routes_and_says_so(
    new_service: NewService, http: aiohttp.ClientSession, tenant: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a directory")
    url = f"sqlite:///{tmp_path}/file/archive.sqlite"
    service = await new_service(with_archive(url, lag_alarm_ms=1_000))
    api = Api(http, service.http.url, tenant)
    await api.furnish("ann")
    await api.admit("c1")

    async def is_told() -> bool:
        async with http.get(f"{service.http.url}/readyz") as answer:
            assert answer.status == 200
            return f"degraded: the archive of {tenant} is" in await answer.text()

    await wait_until(is_told)
