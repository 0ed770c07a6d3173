"""Owns one connected socket: what it is, what goes out, when it was last alive, how it ends.

Frames go straight into the transport, which is the outbox: its size is bounded, and a reader who
lets it fill is closed and may resume.
"""

import asyncio
import math
from typing import Any, Final

import structlog

from router.api.auth import Identity
from router.api.codec import Encoding
from router.api.codes import CloseCode
from router.api.edge import Edge
from router.api.frames import PING, Sight, event_frame, message_frame
from router.api.roles import Role
from router.api.socket import Socket
from router.buckets import TokenBucket
from router.journal.entry import START, Event
from router.journal.fanout import Audience, Subscription
from router.journal.watching import NOTHING, Wish

DRAIN_PAUSE_S: Final = 0.01
DRAIN_LOOKS: Final = 500

log = structlog.get_logger()


class Session:
    """A socket that has said who it is.

    `id` is its session's, for agents, `epoch` this connection's among those that the session has
    had, and `opened` where the journal has its begin; `seen` and
    `renewed` are loop times, the latter of the sign that
    the last renewal went by; `strikes` counts commands refused in a row.
    """

    __slots__ = (
        "_edge",
        "_is_patient",
        "_pending",
        "_socket",
        "_transport",
        "bucket",
        "encoding",
        "epoch",
        "id",
        "identity",
        "lease_ms",
        "opened",
        "renewed",
        "seen",
        "strikes",
        "subscription",
    )

    def __init__(
        self,
        edge: Edge,
        socket: Socket,
        identity: Identity,
        encoding: Encoding,
        session: str | None,
        wish: Wish = NOTHING,
    ) -> None:
        """Nothing is sent yet. `wish` are the queues that an agent's desktop would watch."""
        limits = edge.limits
        self.identity = identity
        self.encoding = encoding
        self.id = session
        self.epoch: int | None = None
        self.bucket = TokenBucket(limits.commands_per_s_max, limits.commands_burst_max, edge.clock)
        self.subscription = Subscription(_audience(identity), self.take, self._lose, wish)
        self.seen = edge.clock()
        self.renewed = -math.inf
        self.lease_ms = 0
        self.opened = START
        self.strikes = 0
        self._edge = edge
        self._socket = socket
        self._transport = socket.transport
        self._pending: list[bytes] = []
        self._is_patient = False

    @property
    def close_code(self) -> CloseCode | None:
        """With what the socket was closed here, if it was."""
        return self._socket.close_code

    @property
    def is_agent(self) -> bool:
        """Whether the socket is an agent's desktop, which has a lease."""
        return self.identity.role is Role.AGENT

    @property
    def place(self) -> tuple[str, str, str] | None:
        """What only one socket may be at a time: tenant, agent and session."""
        if self.id is None:
            return None
        return self.identity.tenant, self.identity.subject, self.id

    def take(self, event: Event) -> None:
        """An event for this reader."""
        self.write(self._frame(event))
        if event.name == "session.closed" and self._is_own_end(event):
            self.close(end_code(event.fields["reason"]))

    def send(self, message: Any) -> None:
        """A message for this reader alone."""
        self.write(message_frame(message, self.encoding))

    def ping(self) -> None:
        """Asks for a sign of life."""
        self.write(PING)

    def write(self, frame: bytes) -> None:
        """Puts a frame into the outbox; it leaves with the others of this pass of the loop."""
        if self.close_code is not None:
            return
        if not self._pending:
            self._edge.flusher.add(self)
        self._pending.append(frame)

    def flush(self) -> None:
        """Hands what waits to the transport; closes the socket when it does not get it out."""
        frames, self._pending = self._pending, []
        if not frames or self._transport.is_closing():
            return
        self._transport.write(frames[0] if len(frames) == 1 else b"".join(frames))
        size = self._transport.get_write_buffer_size()
        if size > self._edge.limits.outbox_max_bytes and not self._is_patient:
            self.close(CloseCode.SLOW_READER)

    async def send_whole(self, message: Any) -> None:
        """A message that may be larger than the outbox, as a snapshot is, at the reader's pace."""
        await self.write_whole(message_frame(message, self.encoding))

    async def write_whole(self, frame: bytes) -> None:
        """As `send_whole`, of a frame."""
        self._is_patient = True
        try:
            self.write(frame)
            await self._drain(self._edge.limits.outbox_max_bytes // 2)
        finally:
            self._is_patient = False

    async def send_gap(self, events: list[Event]) -> None:
        """What a reader missed, at his pace; he is closed when he does not take it at all."""
        limit = self._edge.limits.outbox_max_bytes // 2
        size = 0
        for event in events:
            frame = self._frame(event)
            size += len(frame)
            self.write(frame)
            if size > limit:
                size = 0
                await self._drain(limit)

    def _frame(self, event: Event) -> bytes:
        if not self.is_agent:
            is_gateway = self.identity.role is Role.GATEWAY
            return event_frame(event, self.encoding, Sight.GATEWAY if is_gateway else Sight.ALL)
        is_his = self.identity.subject in event.agents
        return event_frame(event, self.encoding, Sight.OWN if is_his else Sight.QUEUE)

    async def _drain(self, limit: int) -> None:
        self.flush()
        for _ in range(DRAIN_LOOKS):
            if self.close_code is not None or self._transport.get_write_buffer_size() <= limit:
                return
            await asyncio.sleep(DRAIN_PAUSE_S)
        self.close(CloseCode.SLOW_READER)

    def close(self, code: CloseCode) -> None:
        """Sends what waits and closes the socket with a code. Only the first counts."""
        if self.close_code is None:
            self.flush()
            self._socket.close(code)

    async def wait_ended(self) -> None:
        """Returns when the socket's last words are said."""
        await self._socket.wait_ended()

    def _is_own_end(self, event: Event) -> bool:
        """Whether this very session was closed, and not an earlier one of the same name."""
        is_same = event.fields["session"] == self.id
        is_his = event.fields["agent"] == self.identity.subject
        return self.is_agent and is_same and is_his and event.key > self.opened

    def _lose(self) -> None:
        self.close(CloseCode.POSITION_LOST)


def end_code(reason: str | None) -> CloseCode:
    """The close code of a socket whose session is over."""
    return CloseCode.LOGGED_OFF if reason == "logged_off" else CloseCode.SESSION_GONE


def _audience(identity: Identity) -> Audience:
    match identity.role:
        case Role.AGENT:
            return Audience(agent=identity.subject)
        case Role.GATEWAY:
            return Audience()
        case Role.SUPERVISOR | Role.ADMIN:
            return Audience(is_watcher=True)
