"""Owns the page that Prometheus reads, on its own address."""

import asyncio
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from router.gauges import StateGauges

PATH: Final = "/metrics"


class MetricsPage:
    """Answers GET /metrics, in the format that the reader asks for."""

    def __init__(self, registry: CollectorRegistry, gauges: StateGauges) -> None:
        """Reads the gauges' state anew before each answer."""
        self._registry = registry
        self._gauges = gauges

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The page; written in a thread, since much text would hold up the calls."""
        if request.rel_url.raw_path != PATH:
            return web.Response(status=404, text=f"The metrics are at {PATH}.\n")
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, text="GET it.\n", headers={"Allow": "GET, HEAD"})
        await self._gauges.refresh()
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        body = await asyncio.to_thread(encode, self._registry)
        return web.Response(body=body, headers={"Content-Type": content_type})
