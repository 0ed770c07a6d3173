"""The rules that random walks hardly ever meet."""

from collections.abc import Callable

import pytest
import redis

from router.engine.library import assemble
from tests.model.meetings import MEETINGS
from tests.model.rare import CHECKS, Tenant
from tests.servers import TestServer


@pytest.mark.parametrize("check", [*CHECKS, *MEETINGS], ids=lambda check: check.__name__)
def test_a_rare_rule_holds(
    check: Callable[[Tenant], None], server: TestServer, tenant: str
) -> None:
    library = assemble()
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.function_load(library.code, replace=True)
        check(Tenant(client, library, tenant))
