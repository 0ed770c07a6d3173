"""The fixtures of the edges' tests."""

from tests.routers import api, http, new_service, service

__all__ = ["api", "http", "new_service", "service"]
