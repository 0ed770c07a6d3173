"""What the model tests ask for: a plain connection to the worker's server, and the library."""

from collections.abc import Iterator

import pytest
import redis

from router.engine.library import Library, assemble


@pytest.fixture
def client(server_url: str) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(server_url) as client:
        yield client


@pytest.fixture(scope="session")
def library() -> Library:
    return assemble()
