"""Owns what one row of the HTTP operations' table is. Pure."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from router.api import parameters
from router.api.auth import Identity, Verifier
from router.api.reads import Reads
from router.engine.engine import Call

Build = Callable[[Identity, Any, Any], Call]
Prepare = Callable[[Reads, Identity, Any, Any], Awaitable[Call]]


class Text(NamedTuple):
    """An answer that is no object."""

    body: str
    content_type: str


Answer = Callable[[Reads, Identity, Any, Any], Awaitable[dict[str, Any] | Text]]
Act = Callable[[Reads, Identity, Any], Awaitable[dict[str, Any]]]
Issue = Callable[[Verifier, Identity, Any], dict[str, Any]]
Foretell = Callable[[Reads, Identity, Any], Awaitable[dict[str, Any]]]


class Operation(NamedTuple):
    """One row: `build` makes the call that changes something, `answer` reads.

    `prepare` makes a call too, and has to read for it; `act` makes several, and tells what came of
    each; `foretell` reads what a body asks for or would do; `issue` makes something of the
    caller's keys.
    A body may have `body_max` bytes where that is more than the configured limit.
    """

    id: str
    method: str
    path: str
    summary: str
    path_type: Any = parameters.NoPath
    query_type: Any = parameters.NoQuery
    body_type: Any = None
    build: Build | None = None
    prepare: Prepare | None = None
    act: Act | None = None
    answer: Answer | None = None
    foretell: Foretell | None = None
    issue: Issue | None = None
    is_body_needed: bool = False
    body_max: int = 0
    example: dict[str, Any] | None = None
