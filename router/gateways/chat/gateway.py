"""Owns the chat's face to customers' browsers: `/chat/…`, JSON over HTTP and one WebSocket.

A browser chooses (`options`), begins (`start`) and gets a ticket; with it, it talks (`messages`),
ends, rates, and listens (`stream`). A ticket is in a header or in a hello, never in a URL.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import structlog
from aiohttp import WSMsgType, web

from router.buckets import Buckets
from router.gateways.chat import intake, refusals
from router.gateways.chat.browser import Browser, Code
from router.gateways.chat.catalogue import Catalogue, Options
from router.gateways.chat.chats import Chats
from router.gateways.chat.keeper import Keeper
from router.gateways.chat.metrics import ChatMetrics, Now
from router.gateways.chat.peers import Peers
from router.gateways.chat.refusals import Fault, Refusal
from router.gateways.chat.settings import ChatSettings
from router.gateways.chat.tickets import Ticket, TicketRefusedError, Tickets
from router.gateways.chat.upstream import Json, Router

BODY_MAX: Final = 32_768
MESSAGE_MAX_BYTES: Final = 8_192
HELLO_WITHIN_S: Final = 10.0
HEARTBEAT_S: Final = 20.0
UP_WITHIN_S: Final = 5.0
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
CLOSED_SOCKET: Final = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED})

log = structlog.get_logger()


class Gateway:
    """One web chat; `handle` answers every path under `/chat/`."""

    def __init__(
        self,
        settings: ChatSettings,
        *,
        tenant: str,
        token: Callable[[], str],
        secret: bytes,
        wall_ms: Callable[[], int],
    ) -> None:
        """`token` tells a gateway's token for the router; `secret` signs the tickets.

        Raises:
            ValueError: the secret is too short, or a trusted network is none.

        """
        self._settings = settings
        self._tickets = Tickets(
            secret, tenant=tenant, ttl_ms=settings.ticket_ttl_ms, wall_ms=wall_ms
        )
        clock = self._clock = asyncio.get_running_loop().time
        self.metrics = ChatMetrics(self._now)
        self._router = Router(token, self.metrics)
        self._catalogue = Catalogue(
            self._router,
            origin=settings.origin,
            channel=settings.channel,
            message_max=settings.message_max,
            clock=clock,
        )
        self.chats = Chats(
            self._router,
            self._catalogue,
            self.metrics,
            agent_names=settings.agent_names,
            clock=clock,
        )
        self._keeper = Keeper(
            self._router,
            self._catalogue,
            self.chats,
            origin=settings.origin,
            absent_ms=settings.absent_ms,
            place_ms=settings.place_ms,
            clock=clock,
        )
        self._messages = Buckets(settings.messages_per_minute / 60, settings.messages_burst, clock)
        starts = settings.starts_per_minute
        self._starts = Buckets(starts / 60, starts, clock)
        self._peers = Peers(settings.trusted_proxies, settings.proxy_header)
        self._browsers: set[Browser] = set()
        self._is_stopping = False

    @property
    def browsers(self) -> int:
        """How many pages are connected."""
        return len(self._browsers)

    async def start(self, url: str) -> None:
        """Begins to follow the router that listens there, or those of the settings."""
        self._router.urls = self._settings.routers or (url,)
        await self._router.open()
        self.chats.stream.start()
        self._keeper.start()

    async def drain(self) -> None:
        """Sends every browser away; they come back to whoever listens then."""
        self._is_stopping = True
        await asyncio.gather(*(one.close(*Code.STOPPING) for one in tuple(self._browsers)))

    async def stop(self) -> None:
        """Ends everything."""
        await self.drain()
        await self._keeper.close()
        await self.chats.stream.close()
        await self.chats.close()
        await self._router.close()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to a request under `/chat/`."""
        try:
            return await self._answer(request)
        except Refusal as told:
            refusal = told
        except web.HTTPRequestEntityTooLarge:
            refusal = Refusal(413, "too-large", "The request is too large.")
        except Exception:  # the gateway's watchdog: a bug is logged, and told without a trace
            log.exception("chat.failed", path=request.rel_url.raw_path)
            refusal = Refusal(500, "internal", "Something is wrong on this side.")
        self.metrics.on_refused(request.rel_url.raw_path.removeprefix("/chat/"), refusal.kind)
        return _refused(refusal)

    def _now(self) -> Now:
        phases = [chat.transcript.phase for chat in self.chats.all()]
        return Now(phases, self.browsers, self.chats.stream.is_up)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path == "/chat/stream":
            self._check_origin(request)
            return await self._stream(request)
        if path == "/chat/options":
            if request.method != "GET":
                raise _method("GET")
            return _answered(200, await self._catalogue.options())
        action = {
            "/chat/start": self._start,
            "/chat/messages": self._say,
            "/chat/end": self._end,
            "/chat/rating": self._rate,
        }.get(path)
        if action is None:
            raise Refusal(404, "unknown-path", "There is no such path.")
        if request.method != "POST":
            raise _method("POST")
        self._check_origin(request)
        return await action(request, await _body(request))

    def _check_origin(self, request: web.BaseRequest) -> None:
        """A page of another site does not speak here; those that embed the chat show this one's."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
            raise Refusal(403, "origin", "Pages of other sites may not do that.")

    def _ticket(self, request: web.BaseRequest) -> Ticket:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            raise refusals.no_ticket()
        try:
            return self._tickets.check(text.strip())
        except TicketRefusedError:
            raise refusals.no_ticket() from None

    async def _start(self, request: web.BaseRequest, given: Json) -> web.Response:
        since = self._clock()
        if not self._starts.of("start", self._peers.of(request)).take():
            raise refusals.too_many(60)
        options = await self._catalogue.options()
        begin = intake.read_start(given, options.required, self._settings.message_max)
        if isinstance(begin, list):
            raise refusals.bad_fields(begin)
        if faults := _unknown(begin, options):
            raise refusals.bad_fields(faults)
        contact = "chat-" + self._tickets.name("contact", begin.browser, begin.key)
        await self.chats.stream.wait_up(UP_WITHIN_S)
        is_new = self.chats.expect(contact)
        try:
            reply = await self._router.ask("POST", "/v1/contacts", self._admission(contact, begin))
        except Refusal:
            if is_new:
                self.chats.expect_no_more(contact)
            raise
        is_attached = bool(reply.get("attached"))
        if is_new and (is_attached or reply.get("repeated")):
            self.chats.expect_no_more(contact)
        contact = reply.get("contact") or contact
        await self._report(contact, f"m-{begin.key}", begin.message, "start", since)
        answer = {"ticket": self._tickets.make(contact), "attached": is_attached}
        return _answered(200 if is_attached else 201, answer)

    def _admission(self, contact: str, begin: intake.Start) -> Json:
        attributes = {"name": begin.name}
        if begin.language:
            attributes["language"] = begin.language
        admission: Json = {
            "contact": contact,
            "channel": self._settings.channel,
            "origin": self._settings.origin,
            "customer": begin.reach,
            "address": begin.reach,
            "conversation": self._tickets.name("conversation", begin.browser),
            "attributes": attributes,
        }
        if begin.subject:
            admission["subject"] = begin.subject
        if begin.department is not None:
            admission["queue"] = begin.department
        return admission

    async def _report(self, contact: str, name: str, text: str, action: str, since: float) -> None:
        body = {"author": "customer", "id": name, "text": text}
        told = await self._router.ask("POST", f"/v1/contacts/{contact}/activity", body)
        seconds, is_repeat = self._clock() - since, bool(told.get("repeated"))
        self.metrics.on_acknowledged(action, seconds, is_repeat=is_repeat)

    async def _say(self, request: web.BaseRequest, given: Json) -> web.Response:
        since = self._clock()
        ticket = self._ticket(request)
        if not self._messages.of("say", ticket.contact).take():
            raise refusals.too_many(-(-60 // self._settings.messages_per_minute))
        message = intake.read_message(given, self._settings.message_max)
        if isinstance(message, list):
            raise refusals.bad_fields(message)
        await self._report(ticket.contact, *message, "messages", since)
        return _answered(200, {})

    async def _end(self, request: web.BaseRequest, _given: Json) -> web.Response:
        chat = await self.chats.open(self._ticket(request).contact)
        try:
            body = {"reason": "customer_left"}
            await self._router.ask("POST", f"/v1/contacts/{chat.contact}/cancel", body)
        except Refusal as refusal:
            if refusal.kind != "ended":
                raise
        return _answered(200, {})

    async def _rate(self, request: web.BaseRequest, given: Json) -> web.Response:
        chat = await self.chats.open(self._ticket(request).contact)
        rating = intake.read_rating(given)
        if isinstance(rating, list):
            raise refusals.bad_fields(rating)
        await self._router.ask("POST", f"/v1/contacts/{chat.contact}/score", rating)
        return _answered(200, {})

    async def _stream(self, request: web.BaseRequest) -> web.StreamResponse:
        """One page, from its hello to its end."""
        if request.headers.get("Upgrade", "").lower() != "websocket":
            raise Refusal(426, "upgrade", "This path is a WebSocket.")
        if self._is_stopping or len(self._browsers) >= self._settings.browsers_max:
            raise refusals.later("full")
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S, max_msg_size=MESSAGE_MAX_BYTES, compress=False
        )
        await socket.prepare(request)
        if request.transport is None:
            return socket
        browser = Browser(socket, request.transport, self._settings.outbox_max)
        self._browsers.add(browser)
        try:
            code, reason = await self._converse(socket, browser)
            if code != Code.BYE[0]:
                self.metrics.on_refused("stream", str(code))
            await browser.close(code, reason)
        finally:
            self._browsers.discard(browser)
        return socket

    async def _converse(self, socket: web.WebSocketResponse, browser: Browser) -> tuple[int, str]:
        """Talks with one page; the code with which it is closed."""
        try:
            hello = _hello(await socket.receive(HELLO_WITHIN_S))
            ticket = self._tickets.check(str(hello.get("ticket")))
        except TimeoutError:
            return Code.NO_HELLO
        except TicketRefusedError:
            return Code.BAD_TICKET
        except msgspec.DecodeError:
            return Code.BAD_HELLO
        try:
            await self._catalogue.options()
            chat = await self.chats.open(ticket.contact)
        except Refusal as refusal:
            return Code.GONE if refusal.status == 404 else Code.AWAY
        welcome = self.chats.welcome(chat, hello.get("after"), hello.get("epoch"))
        if self._tickets.is_worn(ticket):
            welcome["ticket"] = self._tickets.make(ticket.contact)
        browser.send(welcome)
        self.chats.join(chat, browser)
        writing = asyncio.get_running_loop().create_task(browser.write(), name="chat-browser")
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    browser.send({"type": "heartbeat"})
        finally:
            self.chats.leave(chat, browser)
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writing
        return Code.BYE


def _unknown(begin: intake.Start, options: Options) -> list[Fault]:
    """Choices that are not, or no longer, there."""
    faults = []
    if begin.department and begin.department not in {one.id for one in options.departments}:
        faults.append(Fault("department", "unknown"))
    known = {one.name for one in options.subjects}
    if begin.subject and not options.free_subject and begin.subject not in known:
        faults.append(Fault("subject", "unknown"))
    return faults


def _hello(message: Any) -> Json:
    """Raises: DecodeError, when it is not one."""
    if message.type is not WSMsgType.TEXT:
        raise msgspec.DecodeError("not a text")
    hello = msgspec.json.decode(message.data)
    if not isinstance(hello, dict) or hello.get("type") != "hello":
        raise msgspec.DecodeError("not a hello")
    return hello


async def _body(request: web.BaseRequest) -> Json:
    """Raises: Refusal, when it is not a JSON object."""
    if request.content_type != JSON:
        raise Refusal(415, "media-type", "Send application/json.")
    if (request.content_length or 0) > BODY_MAX:
        raise Refusal(413, "too-large", "The request is too large.")
    data = await request.read()
    if len(data) > BODY_MAX:
        raise Refusal(413, "too-large", "The request is too large.")
    try:
        given = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refusal(400, "malformed", "The body is not a JSON object.")
    return given


def _method(allowed: str) -> Refusal:
    return Refusal(405, "method", f"This path allows {allowed}.")


def _answered(status: int, body: Any) -> web.Response:
    return web.Response(
        status=status, body=msgspec.json.encode(body), content_type=JSON, headers=HEADERS
    )


def _refused(refusal: Refusal) -> web.Response:
    again = refusal.body.get("retry_after_s")
    headers = HEADERS | ({} if again is None else {"Retry-After": str(again)})
    if refusal.status == 401:
        headers = headers | {"WWW-Authenticate": 'Bearer realm="chat"'}
    return web.Response(
        status=refusal.status,
        body=msgspec.json.encode(refusal.body),
        content_type=PROBLEM,
        headers=headers,
    )
