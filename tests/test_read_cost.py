"""What is asked every second does not cost more where more wait or more are there."""

import pytest
import redis

from router.engine.library import assemble
from tests.center import LARGE, SMALL, Center
from tests.servers import TestServer


@pytest.mark.parametrize("query", ["count_queues", "count_agents"])
def test_what_walls_ask_costs_the_same_at_any_size(server: TestServer, query: str) -> None:
    library, costs = assemble(), []
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.function_load(library.code, replace=True)
        for size in (SMALL, LARGE):
            client.flushdb()
            center = Center(client, library, "t-cost", size)
            center.fill({})
            costs.append(center.cost(query, limit=10))

    assert costs[0] == costs[1]
    assert sum(costs[0].values()) > 2


def test_places_cost_by_how_many_are_asked_for_and_not_by_how_many_wait(
    server: TestServer,
) -> None:
    library, costs = assemble(), []
    with redis.Redis(unix_socket_path=server.server.socket) as client:
        client.function_load(library.code, replace=True)
        for size in (SMALL, LARGE):
            client.flushdb()
            center = Center(client, library, "t-cost", size)
            center.fill({})
            asked = [f"k{number + 1}" for number in range(10)]
            costs += [center.cost("places_of_contacts", contacts=asked[:n]) for n in (1, 10)]

    assert costs[0] == costs[2]
    assert costs[1] == costs[3]
    assert sum(costs[1].values()) <= 10 * sum(costs[0].values())
