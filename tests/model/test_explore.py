"""Every interleaving of a small world, up to a depth."""

import pytest
import redis

from router.engine.library import assemble
from tests.model.explore import explore, walk_engine
from tests.servers import TestServer


@pytest.mark.parametrize("rings", [1, 2])
def test_every_interleaving_keeps_the_promises_and_the_engine_agrees(
    server: TestServer, rings: int
) -> None:
    told = explore(states_max=1_000, depth_max=4, rings=rings)

    assert told.states > 500
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        assert walk_engine(client, assemble(), told.leaves[::10]) > 300
