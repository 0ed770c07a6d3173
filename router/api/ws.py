"""Owns the WebSocket edge: the handshake, the hello, and then messages until the end.

A socket that says goodbye (bye, or a close frame 1000) ends its session at once. One that is merely
lost does not: its lease runs on, and the same session may come back within it. So it is with 1001,
the code with which a browser leaves a page, also one that is only loaded again.
"""

import asyncio
import secrets
import socket
from typing import Any, Final, NoReturn

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from presence.calls import CloseSession, OpenSession
from router.api import problems
from router.api.auth import Identity, TokenRefusedError
from router.api.codec import Encoding, Reader
from router.api.codes import REASONS, CloseCode
from router.api.commands import Commands, refuse
from router.api.edge import Edge
from router.api.frames import message_frame, pong
from router.api.leases import Leases
from router.api.problems import ProblemError
from router.api.protocol import (
    SUBPROTOCOL_JSON,
    SUBPROTOCOL_MSGPACK,
    VERSION,
    Bye,
    ClientMessage,
    Command,
    Heartbeat,
    HeartbeatReply,
    Hello,
    NewToken,
    ProblemMessage,
    Welcome,
)
from router.api.roles import Role
from router.api.session import Session
from router.api.socket import Socket
from router.engine.driver import StoreError
from router.engine.reply import Outcome
from router.journal.entry import START, Key, parse_position
from router.journal.resume import Joined, join
from router.journal.tail import Journal
from router.journal.watching import Wish
from router.queries import Position

ENCODINGS: Final = {SUBPROTOCOL_JSON: Encoding.JSON, SUBPROTOCOL_MSGPACK: Encoding.MSGPACK}
DATA: Final = {Encoding.JSON: WSMsgType.TEXT, Encoding.MSGPACK: WSMsgType.BINARY}
FOR_AGENTS: Final = "left out, but by an agent: others are told of all queues"
CLOSE_WAIT_S: Final = 2.0
GOODBYE: Final = 1000

log = structlog.get_logger()


class HelloRefusedError(Exception):
    """Raised when a socket can not be welcomed; it carries the close code."""

    def __init__(self, code: CloseCode) -> None:
        super().__init__(REASONS[code])
        self.code = code


class StreamEdge:
    """Answers `/v1/stream`."""

    def __init__(self, edge: Edge, leases: Leases) -> None:
        """Sockets are kept in `leases` while they live."""
        self._edge = edge
        self._leases = leases
        self._commands = Commands(edge)
        self._hello = Reader(Hello)
        self._message = Reader(ClientMessage)
        self._unwelcomed: set[Socket] = set()

    async def stream(
        self, request: web.BaseRequest, identity: Identity | None
    ) -> web.StreamResponse:
        """The whole life of one socket.

        Raises:
            ProblemError: it is refused before it is a socket.

        """
        encoding = self._check_handshake(request)
        ws = web.WebSocketResponse(
            timeout=CLOSE_WAIT_S,
            autoping=False,
            compress=False,
            max_msg_size=self._edge.limits.message_max_bytes + 1,  # its bound is the first refused
            protocols=tuple(ENCODINGS),
            decode_text=False,
        )
        await ws.prepare(request)
        transport = request.transport
        if transport is None:
            return ws
        self._bound(transport)
        client = Socket(ws, transport)
        try:
            await self._serve(client, identity, encoding)
        except HelloRefusedError as error:
            client.close(error.code)
        except Exception:  # the socket's watchdog: a bug ends this socket and no other
            log.exception("socket.failed")
            await ws.close(code=WSCloseCode.INTERNAL_ERROR, drain=False)
        finally:
            await client.finish()
        return ws

    async def close_unwelcomed(self) -> None:
        """Closes the sockets that have not said hello; they come back to another router."""
        clients = list(self._unwelcomed)
        for client in clients:
            client.close(CloseCode.DRAINING)
        await asyncio.gather(*(client.wait_ended() for client in clients))

    def _bound(self, transport: asyncio.Transport) -> None:
        """The kernel, too, keeps no more for a slow reader than the outbox may hold."""
        connection = transport.get_extra_info("socket")
        size = self._edge.limits.outbox_max_bytes
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)

    def _check_handshake(self, request: web.BaseRequest) -> Encoding:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            raise ProblemError(
                problems.problem(426, "upgrade", "This path is a WebSocket."),
                {"Upgrade": "websocket", "Connection": "Upgrade"},
            )
        origin = request.headers.get("Origin")
        if origin is not None and not self._may_connect(origin, request.host):
            raise ProblemError(problems.forbidden("This origin may not open sockets."))
        if self._edge.is_draining:
            raise ProblemError(problems.DRAINING)
        if self._leases.is_full:
            raise ProblemError(problems.FULL)
        offered = request.headers.get("Sec-WebSocket-Protocol")
        if offered is None:
            return Encoding.JSON
        for name in offered.split(","):
            if name.strip() in ENCODINGS:
                return ENCODINGS[name.strip()]
        title = f"The subprotocols are {' and '.join(ENCODINGS)}."
        raise ProblemError(problems.problem(400, "subprotocol", title))

    def _may_connect(self, origin: str, host: str) -> bool:
        """The router's own pages may, and those of listed sites."""
        return origin.partition("://")[2] == host or origin in self._edge.origins

    async def _serve(self, client: Socket, identity: Identity | None, encoding: Encoding) -> None:
        hello = await self._receive_hello(client, encoding)
        known = self._identify(hello, identity)
        session_id = None
        if known.role is Role.AGENT:
            session_id = hello.session or secrets.token_hex(8)
        elif hello.queues is not None:
            self._refuse(client, encoding, problems.bad_field("queues", "given", FOR_AGENTS))
        wish: Wish = "all" if hello.queues == "all" else frozenset(hello.queues or ())
        session = Session(self._edge, client, known, encoding, session_id, wish)
        try:
            journal = await self._edge.journals.open(known.tenant)
            if journal is None:
                raise HelloRefusedError(CloseCode.UNKNOWN_TENANT)
            await self._edge.revocations.check(known)
            now = await self._open_session(session, journal, hello)
            joined = await self._join(session, journal, hello)
        except TokenRefusedError:
            raise HelloRefusedError(CloseCode.TOKEN_REFUSED) from None
        except StoreError as error:
            raise HelloRefusedError(CloseCode.STORE_DOWN) from error
        except ProblemError as error:
            raise HelloRefusedError(CloseCode.UNKNOWN_AGENT) from error
        try:
            self._leases.add(session, journal)
            if self._edge.is_draining:  # it began while the session was opened
                session.close(CloseCode.DRAINING)
            await self._greet(session, journal, hello, joined, now)
            await self._converse(client, session)
        finally:
            self._leases.remove(session)
            journal.fanout.remove(session.subscription)

    async def _receive_hello(self, client: Socket, encoding: Encoding) -> Hello:
        self._refuse_in_drain()
        self._unwelcomed.add(client)
        try:
            msg = await client.receive(self._edge.limits.hello_timeout_ms / 1000)
        except TimeoutError:
            raise HelloRefusedError(CloseCode.HELLO_LATE) from None
        finally:
            self._unwelcomed.discard(client)
        self._refuse_in_drain()
        if msg is None or msg.type is not DATA[encoding]:
            raise HelloRefusedError(CloseCode.BAD_HELLO)
        try:
            hello: Hello = self._hello.read(msg.data, encoding)
        except ProblemError as error:
            self._refuse(client, encoding, error)
        return hello

    def _refuse(self, client: Socket, encoding: Encoding, error: ProblemError) -> NoReturn:
        client.transport.write(message_frame(ProblemMessage(problem=error.problem), encoding))
        raise HelloRefusedError(CloseCode.BAD_HELLO) from None

    def _refuse_in_drain(self) -> None:
        if self._edge.is_draining:
            raise HelloRefusedError(CloseCode.DRAINING)

    def _identify(self, hello: Hello, identity: Identity | None) -> Identity:
        if hello.token is not None:
            try:
                return self._edge.verifier.verify(hello.token)
            except TokenRefusedError:
                raise HelloRefusedError(CloseCode.TOKEN_REFUSED) from None
        if identity is None:
            raise HelloRefusedError(CloseCode.TOKEN_REFUSED)
        return identity

    async def _open_session(self, session: Session, journal: Journal, hello: Hello) -> int:
        """Opens or resumes an agent's session; the tenant's clock, for any role."""
        identity = session.identity
        if session.id is None:
            place = await self._edge.engine.read(identity.tenant, Position())
            return int(place["now"])
        call = OpenSession(
            agent=identity.subject,
            session=session.id,
            lease_ms=journal.settings["lease_ms"],
            resume=hello.position is not None,
        )
        reply = await self._edge.engine.call(identity.tenant, call, actor=identity.actor)
        match reply.outcome:
            case Outcome.OK:
                session.epoch = reply.epoch
                session.opened = parse_position(reply.position or "") or START
                return reply.now or 0
            case Outcome.TOO_MANY:
                raise HelloRefusedError(CloseCode.TOO_MANY_SESSIONS)
            case Outcome.LOGGED_OFF:
                raise HelloRefusedError(CloseCode.LOGGED_OFF)
            case _:
                raise HelloRefusedError(CloseCode.UNKNOWN_AGENT)

    async def _join(self, session: Session, journal: Journal, hello: Hello) -> Joined:
        identity = session.identity

        async def snapshot() -> tuple[Key, dict[str, Any]]:
            return await self._edge.reads.snapshot(identity)

        wanted = None
        if hello.position is not None and hello.position.epoch == journal.epoch:
            wanted = parse_position(hello.position.id)

        async def memberships() -> dict[str, Any]:
            return await self._edge.reads.memberships(identity)

        asked = memberships if session.is_agent else None
        return await join(journal, session.subscription, wanted, snapshot, asked)

    async def _greet(
        self, session: Session, journal: Journal, hello: Hello, joined: Joined, now: int
    ) -> None:
        place = joined.after.entry
        if joined.snapshot is None and hello.position is not None:
            place = hello.position.id
        welcome = Welcome(
            protocol=VERSION,
            role=session.identity.role,
            subject=session.identity.subject,
            session=session.id,
            epoch=journal.epoch,
            position=place,
            recovered=joined.snapshot is None,
            snapshot=joined.snapshot,
            lease_ms=session.lease_ms,
            heartbeat_ms=self._leases.ping_ms(session.lease_ms),
            now=now,
            queues=sorted(session.subscription.audience.queues),
        )
        await session.send_whole(welcome)
        await session.send_gap(joined.gap)
        session.subscription.release(joined.after)

    async def _converse(self, client: Socket, session: Session) -> None:
        role = session.identity.role
        self._edge.metrics.on_session_open(role)
        code = 1006
        try:
            code = await self._listen(client, session)
        finally:
            self._edge.metrics.on_session_close(role, session.close_code or code)
        if session.id is not None and code == GOODBYE and session.close_code in (None, code):
            await self._close_session(session)

    async def _listen(self, client: Socket, session: Session) -> int:
        """Takes messages until the socket ends; the code it ended with."""
        data = DATA[session.encoding]
        while True:
            msg = await client.receive()
            if msg is None:
                return 1000 if client.close_code is CloseCode.BYE else 1006
            session.seen = self._edge.clock()
            if msg.type is data:
                await self._take(session, msg.data)
            elif msg.type is WSMsgType.PONG:
                continue
            elif msg.type is WSMsgType.PING:
                session.write(pong(msg.data))
            elif msg.type is WSMsgType.CLOSE:
                return int(msg.data or 1005)
            elif msg.type in (WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                return 1006
            else:
                session.close(CloseCode.BAD_MESSAGE)

    async def _take(self, session: Session, data: bytes) -> None:
        try:
            message = self._message.read(data, session.encoding)
        except ProblemError as error:
            refuse(session, None, error.problem)
            session.close(CloseCode.BAD_MESSAGE)
            return
        match message:
            case Command():
                await self._commands.run(session, message)
            case Heartbeat():
                session.send(HeartbeatReply())
            case NewToken():
                self._renew_token(session, message.token)
            case Bye():
                session.close(CloseCode.BYE)
            case Hello():
                session.close(CloseCode.BAD_MESSAGE)

    def _renew_token(self, session: Session, token: str) -> None:
        try:
            fresh = self._edge.verifier.verify(token)
        except TokenRefusedError:
            session.close(CloseCode.TOKEN_REFUSED)
            return
        old = session.identity
        if self._edge.revocations.has(fresh):
            session.close(CloseCode.TOKEN_REFUSED)
            return
        if (fresh.tenant, fresh.subject, fresh.role) != (old.tenant, old.subject, old.role):
            session.close(CloseCode.TOKEN_REFUSED)
            return
        session.identity = fresh

    async def _close_session(self, session: Session) -> None:
        identity = session.identity
        call = CloseSession(agent=identity.subject, session=session.id or "", epoch=session.epoch)
        try:
            await self._edge.engine.call(identity.tenant, call, actor=identity.actor)
        except StoreError as error:  # the lease runs out by itself
            log.warning("session.unclosed", session=session.id, error=str(error))
