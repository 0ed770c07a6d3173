"""Owns the HTTP edge: a request in, an operation of the table, an answer out.

The way of a request: path and method, token, role, parameters and body, then one call or one
question. Whatever is refused is answered with a problem; nothing escapes as a trace.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final

import msgspec
import structlog
from aiohttp import web

from router.api import problems, views
from router.api.actions import idempotency_key
from router.api.auth import Identity, TokenRefusedError
from router.api.codec import (
    JSON_TYPE,
    MSGPACK_TYPES,
    PROBLEM_JSON,
    PROBLEM_MSGPACK,
    Encoding,
    Reader,
    encode,
    encoding_of,
)
from router.api.edge import Edge
from router.api.fields import find_errors
from router.api.limits import extra_cost
from router.api.openapi import encoded
from router.api.operation import Operation, Text
from router.api.operations import OPERATIONS
from router.api.problems import Problem, ProblemError
from router.api.roles import may_call
from router.api.routes import Routes
from router.api.schema import CommandReply
from router.engine.driver import StoreBusy, StoreDown, StoreError, StoreUnknown
from router.engine.engine import Call
from router.engine.reply import Outcome, Reply

NUMBERS: Final = frozenset(
    {
        *("limit", "offer", "below", "from", "to", "service_level_ms", "short_abandon_ms"),
    }
)
"""Parameters that are whole numbers."""
KEY_MAX: Final = 128
BODY_WITHIN_S: Final = 10.0
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
TYPES: Final = {Encoding.JSON: JSON_TYPE, Encoding.MSGPACK: MSGPACK_TYPES[0]}
PROBLEM_TYPES: Final = {Encoding.JSON: PROBLEM_JSON, Encoding.MSGPACK: PROBLEM_MSGPACK}

log = structlog.get_logger()

Stream = Callable[[web.BaseRequest, Identity | None], Awaitable[web.StreamResponse]]


class HttpEdge:
    """Answers every request of the main listener; WebSockets go to `stream` after the checks."""

    def __init__(self, edge: Edge, stream: Stream) -> None:
        """Makes a reader for each kind of body, once."""
        self._edge = edge
        self._stream = stream
        self._routes = Routes(OPERATIONS)
        self._readers = {o.body_type: Reader(o.body_type) for o in OPERATIONS if o.body_type}
        self._openapi = encoded()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request."""
        started = perf_counter()
        name = "none"
        try:
            path = request.rel_url.raw_path
            if path in ("/healthz", "/readyz"):
                return await self._health(path)
            operation, variables = self._find(request.method, path)
            name = operation.id
            response = await self._answer(request, operation, variables)
        except ProblemError as error:
            response = self._refuse(request, error.problem, error.headers)
        except (StoreDown, StoreBusy):
            response = self._refuse(request, problems.STORE_DOWN)
        except StoreUnknown:
            response = self._refuse(request, problems.OUTCOME_UNKNOWN)
        except StoreError:
            log.exception("store.failed", operation=name)
            response = self._refuse(request, problems.STORE_DOWN)
        except web.HTTPRequestEntityTooLarge:
            response = self._refuse(request, problems.too_large(self._edge.body_max))
        except Exception:  # the edge's watchdog: a bug is logged, and told without a trace
            log.exception("request.failed", operation=name)
            response = self._refuse(request, problems.INTERNAL)
        self._edge.metrics.on_request(name, response.status, perf_counter() - started)
        if not response.prepared:  # a socket's answer has gone
            response.headers.update(HEADERS)
            if self._edge.is_draining:
                response.force_close()  # who comes back over a new connection finds another router
        return response

    def _find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        route = self._routes.find(path)
        if route is None:
            raise ProblemError(problems.not_found("path"))
        operation = route.methods.get(method)
        if operation is None:
            allowed = ", ".join(sorted(route.methods))
            refusal = problems.problem(405, "method", f"This path allows {allowed}.")
            raise ProblemError(refusal, {"Allow": allowed})
        return operation, route.variables

    async def _answer(
        self, request: web.BaseRequest, operation: Operation, variables: dict[str, str]
    ) -> web.StreamResponse:
        if operation.id == "open_stream":
            return await self._stream(request, self._optional_identity(request))
        identity = self._identity(request)
        try:
            await self._edge.revocations.check(identity)
        except TokenRefusedError as error:
            raise problems.unauthorized(str(error)) from None
        if not may_call(identity.role, operation.id):
            raise ProblemError(problems.forbidden(f"The role {identity.role} may not do that."))
        bucket = self._edge.http_bucket_of(identity)
        if not bucket.take():
            raise ProblemError(problems.TOO_MANY)
        if operation.build is not None or operation.prepare is not None:
            path = convert(variables, operation.path_type)
            body = await self._body(request, operation)
            call = await self._call_of(operation, identity, path, body)
            reply = await self._edge.call(
                identity, call, idempotency_key(identity, _key_header(request), call)
            )
            return self._command_done(request, operation, reply, body)
        if operation.issue is not None:
            body = await self._body(request, operation)
            made = operation.issue(self._edge.verifier, identity, body)
            return _response(200, made, _wanted(request))
        tell = operation.foretell or operation.act
        if tell is not None:
            body = await self._body(request, operation)
            result = await tell(self._edge.reads, identity, body)
            return _response(200, result, _wanted(request))
        if operation.answer is None:
            return web.Response(body=self._openapi, headers={"Content-Type": JSON_TYPE})
        path = convert(variables, operation.path_type)
        query = convert(_single(request), operation.query_type)
        dear = extra_cost(query)
        if dear and not bucket.take(dear):
            raise ProblemError(problems.TOO_MANY)
        answer = await operation.answer(self._edge.reads, identity, path, query)
        if isinstance(answer, Text):
            return web.Response(text=answer.body, headers={"Content-Type": answer.content_type})
        return _response(200, answer, _wanted(request))

    async def _call_of(self, operation: Operation, who: Identity, path: Any, body: Any) -> Call:
        """The call that the operation makes of the request, after the reading it needs."""
        if operation.prepare is not None:
            return await operation.prepare(self._edge.reads, who, path, body)
        if operation.build is None:
            raise ProblemError(problems.INTERNAL)
        return operation.build(who, path, body)

    def _command_done(
        self, request: web.BaseRequest, operation: Operation, reply: Reply, body: Any
    ) -> web.Response:
        refusal = problems.of_reply(reply)
        if refusal is not None:
            raise ProblemError(refusal)
        response = _response(_status(operation, reply), done(reply), _wanted(request))
        if operation.id == "admit_contact":
            response.headers["Location"] = f"{operation.path}/{body.contact}"
        return response

    def _optional_identity(self, request: web.BaseRequest) -> Identity | None:
        return self._identity(request) if "Authorization" in request.headers else None

    def _identity(self, request: web.BaseRequest) -> Identity:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise problems.unauthorized("Send `Authorization: Bearer TOKEN`.")
        try:
            return self._edge.verifier.verify(token.strip())
        except TokenRefusedError as error:
            raise problems.unauthorized(str(error)) from None

    async def _body(self, request: web.BaseRequest, operation: Operation) -> Any:
        if operation.body_type is None:
            return None
        body_max = max(self._edge.body_max, operation.body_max)
        if (request.content_length or 0) > body_max:
            raise ProblemError(problems.too_large(body_max))
        raw = await self._read(request)
        if len(raw) > body_max:
            raise ProblemError(problems.too_large(body_max))
        if not raw and not operation.is_body_needed:
            return operation.body_type()
        encoding = encoding_of(request.headers.get("Content-Type", ""))
        if encoding is None:
            raise ProblemError(problems.MEDIA_TYPE)
        return self._readers[operation.body_type].read(raw, encoding)

    async def _read(self, request: web.BaseRequest) -> bytes:
        """The body; one that does not come is not waited for."""
        if request.content.is_eof():
            return await request.read()
        try:
            async with asyncio.timeout(BODY_WITHIN_S):
                return await request.read()
        except TimeoutError:
            late = problems.problem(408, "late", "The body did not come in time.")
            raise ProblemError(late, {"Connection": "close"}) from None

    def _refuse(
        self, request: web.BaseRequest, problem: Problem, headers: dict[str, str] | None = None
    ) -> web.Response:
        encoding = _wanted(request)
        response = web.Response(body=encode(problem, encoding), status=problem.status)
        response.headers["Content-Type"] = PROBLEM_TYPES[encoding]
        response.headers.update(headers or {})
        if problem.retry_after_s is not None:
            response.headers["Retry-After"] = str(problem.retry_after_s)
        if problem.status in (408, 413):
            response.force_close()
        return response

    async def _health(self, path: str) -> web.Response:
        if path == "/healthz":
            return web.Response(text="ok\n")
        faults = await self._edge.faults()
        told = faults or ["ready", *(f"degraded: {one}" for one in self._edge.concerns())]
        return web.Response(text="\n".join([*told, ""]), status=503 if faults else 200)


def done(reply: Reply) -> CommandReply:
    """What the caller is told of a call that did what was asked."""
    return CommandReply(
        outcome=reply.outcome,
        now=reply.now,
        position=reply.position,
        repeated=reply.repeated,
        state=reply.state,
        unreachable=reply.unreachable,
        offers=views.offers(reply),
        version=reply.version,
        contacts_gone=reply.contacts_gone,
        fork=reply.fork,
        contact=reply.contact,
        attached=reply.attached,
        hash=reply.hash,
    )


def convert(values: dict[str, str], kind: Any) -> Any:
    """Path or query parameters as their struct; numbers come as text there.

    Raises:
        ProblemError: 422, naming every faulty one.

    """
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError:
        numbers = {f.encode_name for f in msgspec.structs.fields(kind) if f.encode_name in NUMBERS}
        typed = {k: int(v) if k in numbers and _is_int(v) else v for k, v in values.items()}
        raise ProblemError(problems.bad_input(find_errors(typed, kind))) from None


def _is_int(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 20


def _single(request: web.BaseRequest) -> dict[str, str]:
    """The query's parameters; one that stands twice is refused."""
    query = request.rel_url.query
    if not query:
        return {}
    for name in query:
        values = query.getall(name)
        if len(values) > 1:
            raise problems.bad_field(name, values[1], "given once")
    return dict(query)


def _key_header(request: web.BaseRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= KEY_MAX or not key.isascii() or not key.isprintable():
        expected = f"1 to {KEY_MAX} visible ASCII characters"
        raise problems.bad_field("Idempotency-Key", key, expected)
    return key


def _status(operation: Operation, reply: Reply) -> int:
    if reply.outcome is Outcome.PENDING:
        return 202
    is_new = not (reply.repeated or reply.attached)
    return 201 if operation.id == "admit_contact" and is_new else 200


def _wanted(request: web.BaseRequest) -> Encoding:
    """MessagePack when the caller asks for it, or sent it and does not say; JSON otherwise."""
    accept = request.headers.get("Accept", "")
    if "msgpack" in accept:
        return Encoding.MSGPACK
    if accept in ("", "*/*") and "msgpack" in request.headers.get("Content-Type", ""):
        return Encoding.MSGPACK
    return Encoding.JSON


def _response(status: int, value: Any, encoding: Encoding) -> web.Response:
    response = web.Response(body=encode(value, encoding), status=status)
    response.headers["Content-Type"] = TYPES[encoding]
    return response


def full() -> web.Response:
    """What a connection is told for which there is no room."""
    response = web.Response(body=encode(problems.FULL, Encoding.JSON), status=503)
    response.headers.update({"Content-Type": PROBLEM_JSON, "Retry-After": "1"})
    return response
