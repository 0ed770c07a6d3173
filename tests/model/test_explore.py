"""Every interleaving of a small world, up to a depth."""

import pytest
import redis

from router.engine.library import assemble
from tests.model.explore import WORLDS, explore, walk_engine
from tests.servers import TestServer


@pytest.mark.timeout(120)
@pytest.mark.parametrize("world", WORLDS)
def test_every_interleaving_keeps_the_promises_and_the_engine_agrees(
    server: TestServer, world: str
) -> None:
    told = explore(states_max=1_000, depth_max=4, world=WORLDS[world])

    assert told.states > 500
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        assert walk_engine(client, assemble(), told.leaves[::10]) > 300
