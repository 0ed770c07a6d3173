"""Owns the page that Prometheus reads, on its own address."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.exposition import choose_encoder

PATH: Final = "/metrics"
disable_created_metrics()  # type: ignore[no-untyped-call]  # they would make the page longer


class MetricsPage:
    """Answers GET /metrics, in the format that the reader asks for."""

    def __init__(
        self, registry: CollectorRegistry, refresh: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """`refresh` reads what the gauges show, before each answer."""
        self._registry = registry
        self._refresh = refresh

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The page; written in a thread, since much text would hold up the calls."""
        if request.rel_url.raw_path != PATH:
            return web.Response(status=404, text=f"The metrics are at {PATH}.\n")
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, text="GET it.\n", headers={"Allow": "GET, HEAD"})
        if self._refresh is not None:
            await self._refresh()
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        body = await asyncio.to_thread(encode, self._registry)
        return web.Response(body=body, headers={"Content-Type": content_type})
