"""The fixtures of the edges' tests."""

from tests.routers import api, archived, http, new_service, service

__all__ = ["api", "archived", "http", "new_service", "service"]
