"""Owns how the pages are served: what is there, what may run in them, how they are kept.

Every answer names its version (ETag) and is asked for again, so a page never runs with modules of
another release; files that have not changed cost an empty 304.
"""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Final, NamedTuple

from aiohttp import web

STATIC: Final = Path(__file__).parent / "static"
PAGES: Final = {"/": "index", "/desk": "desk", "/wall": "wall", "/chat": "chat", "/admin": "admin"}
CUSTOMERS: Final = {"/chat": "chat"}
FRAMED: Final = "/chat"
"""The page that others may show inside theirs."""
EMBED: Final = "/chat/embed.js"
"""The script with which they do."""
TYPES: Final = {".js": "text/javascript; charset=utf-8", ".html": "text/html; charset=utf-8"}
SMALL: Final = 200
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
)
HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


class File(NamedTuple):
    """One file as it is sent; `packed` is None where packing does not pay."""

    body: bytes
    packed: bytes | None
    tag: str
    content_type: str


class Pages:
    """Answers the paths of the pages from memory."""

    def __init__(
        self,
        embed_origins: Iterable[str] = (),
        static: Path = STATIC,
        pages: Mapping[str, str] = PAGES,
    ) -> None:
        """`embed_origins` are the sites that may frame the customer's page.

        Of pages that are not among `pages` (path -> name) the modules are not served either.
        """
        self._policy = POLICY + "'none'"
        self._framed = POLICY + (" ".join(["'self'", *embed_origins]))
        others = PAGES.keys() - pages.keys()
        modules = tuple(f"/static/{PAGES[path]}/" for path in others)
        self._files = {
            path: file
            for path, file in _files(static).items()
            if path not in others and not path.startswith(modules)
        }

    def has(self, path: str) -> bool:
        """Whether a path is one of the pages or of their files."""
        return path in self._files

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The file at the request's path, which must be there."""
        path = request.rel_url.path
        file = self._files[path]
        headers = HEADERS | {
            "Content-Security-Policy": self._framed if path == FRAMED else self._policy,
            "ETag": file.tag,
        }
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers=headers | {"Allow": "GET, HEAD"})
        if file.tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = file.content_type
        body = file.body
        if file.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = file.packed
        return web.Response(body=body, headers=headers)


@cache
def _files(static: Path) -> Mapping[str, File]:
    """What is there by its path; read and packed once for all routers of a process."""
    files = {
        f"/static/{path.relative_to(static).as_posix()}": _read(path)
        for path in sorted(static.rglob("*"))
        if path.is_file() and path.suffix != ".html"
    }
    pages = {path: static / f"{name}.html" for path, name in PAGES.items()}
    pages[EMBED] = static / "chat" / "embed.js"
    return files | {path: _read(file) for path, file in pages.items() if file.is_file()}


def _read(path: Path) -> File:
    body = path.read_bytes()
    packed = gzip.compress(body, mtime=0) if len(body) > SMALL else None
    guessed = guess_type(path.name)[0] or "application/octet-stream"
    content_type = TYPES.get(path.suffix, guessed)
    return File(body, packed, f'"{hashlib.sha256(body).hexdigest()[:16]}"', content_type)
