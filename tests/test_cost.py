"""What a transition costs does not depend on how many agents there are or contacts wait.

Each transition is run in a small center and in one twenty times its size, and the commands that the
store ran for it are counted, by name: the counts must be equal.
"""

from collections.abc import Callable, Iterator

import pytest
import redis

from router.engine.library import assemble, header_of, lua_files
from tests.center import LARGE, SMALL, Center
from tests.costs import SCENES
from tests.servers import TestServer

# What may look at all that it changes: settings, which change seldom.
OF_SETTINGS = {"put_config", "put_tenant", "put_queue", "put_calendar"}
# Features in force while the scenes are played.
WAYS: dict[str, dict[str, object]] = {
    "plain": {},
    "by skill": {"strategy": "best_skill", "idle_since": "activity", "credit_ms": 1_000},
    "by load": {"strategy": "least_occupied"},
    "in turn": {"strategy": "round_robin"},
    "at random": {"strategy": "weighted_random"},
    "to several": {"broadcast_to": 4},
    "hours and deadlines": {"calendar": "nobody knows it", "first_response_ms": 2_592_000_000},
}


@pytest.fixture(scope="module")
def centers(server: TestServer) -> Iterator[Callable[[str, int], Center]]:
    """Gives a center of a size, as new for each scene."""
    library = assemble()
    made: dict[tuple[str, int], Center] = {}
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.function_load(library.code, replace=True)

        def give(way: str, size: int) -> Center:
            center = made.get((way, size))
            if center is None:
                center = made[way, size] = Center(client, library, "t-cost", size)
                client.flushdb()
                center.fill(WAYS[way])
            center.restore()
            return center

        yield give


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SCENES)
def test_a_transition_costs_the_same_at_any_size(
    centers: Callable[[str, int], Center], name: str, way: str
) -> None:
    counts = []
    for size in (SMALL, LARGE):
        center = centers(way, size)
        transition, args = SCENES[name](center)
        counts.append(center.cost(transition, **args))

    assert counts[0] == counts[1]
    assert sum(counts[0].values()) > 2


def test_every_transition_has_a_scene() -> None:
    headers = [header for header in map(header_of, lua_files()) if header and header.outcomes]
    named = {name.partition(",")[0] for name in SCENES}

    assert {header.name for header in headers} - OF_SETTINGS == named
