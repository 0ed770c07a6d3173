"""Owns what the main address answers with: the pages, whatever is mounted beside them, the rest."""

from collections.abc import Mapping

from aiohttp import web

from router.listener import Answer
from router.pages import Pages


class Front:
    """Sends each request to its answerer: by its path's beginning, else to the protocol."""

    def __init__(
        self,
        protocol: Answer,
        pages: Pages | None = None,
        mounts: Mapping[str, Answer] | None = None,
    ) -> None:
        """`mounts` are answerers by the beginning of their paths, as `/chat/`."""
        self._protocol = protocol
        self._pages = pages
        self._mounts = tuple((mounts or {}).items())

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request."""
        path = request.rel_url.path
        if not path.startswith("/v1/"):
            if self._pages is not None and self._pages.has(path):
                return await self._pages.handle(request)
            for beginning, answer in self._mounts:
                if path.startswith(beginning):
                    return await answer(request)
        return await self._protocol(request)
