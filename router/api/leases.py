"""Owns the live sockets of a router: who is alive, whose lease is renewed, whose time is over.

A socket is asked for a sign of life every `ping_ms`. The lease of an agent's session is renewed
when there was one since the last renewal, in batches, and ends `lease_ms` after the last sign: so
the store holds it `ping_ms` shorter than that.
"""

import asyncio
from collections import defaultdict
from heapq import heappop, heappush
from itertools import count
from typing import Final

import structlog

from presence.calls import Renew
from router.api.codes import CloseCode
from router.api.edge import Edge
from router.api.session import Session
from router.engine.driver import StoreError
from router.journal.tail import Journal

BATCH: Final = 100
ROUND_MS: Final = 20
AGAIN_MS: Final = 500
LEASE_MIN_MS: Final = 200

log = structlog.get_logger()


class Leases:
    """The registry of sockets, and the one task that looks after them."""

    def __init__(self, edge: Edge, *, sockets_max: int) -> None:
        """The task begins with `start`."""
        self._edge = edge
        self._sockets_max = sockets_max
        self._sessions: set[Session] = set()
        self._by_place: dict[tuple[str, str, str], Session] = {}
        self._dues: list[tuple[float, int, Session]] = []
        self._ties = count()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._sessions)

    @property
    def is_full(self) -> bool:
        """Whether there are as many sockets as there may be."""
        return len(self._sessions) >= self._sockets_max

    def stored_lease_ms(self, journal: Journal) -> int:
        """How long the store holds a session without a renewal."""
        lease_ms: int = journal.settings["lease_ms"]
        return max(lease_ms - self._ping_ms(lease_ms), LEASE_MIN_MS)

    def start(self) -> None:
        """Begins to look after the sockets."""
        self._task = asyncio.create_task(self._run(), name="leases")

    async def stop(self) -> None:
        """Stops; the sockets stay as they are."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def add(self, session: Session, journal: Journal) -> None:
        """A socket is welcomed; an older one of the same session gives way."""
        session.lease_ms = journal.settings["lease_ms"]
        spread_s = self._ping_ms(session.lease_ms) / 1000
        self._sessions.add(session)
        self._plan(session, session.seen + spread_s * (0.5 + self._edge.chance.random() / 2))
        if session.place is not None:
            older = self._by_place.get(session.place)
            self._by_place[session.place] = session
            if older is not None:
                older.close(CloseCode.SUPERSEDED)

    def remove(self, session: Session) -> None:
        """A socket is gone."""
        self._sessions.discard(session)
        if session.place is not None and self._by_place.get(session.place) is session:
            del self._by_place[session.place]

    def all(self) -> list[Session]:
        """Every socket there is now."""
        return list(self._sessions)

    def _ping_ms(self, lease_ms: int) -> int:
        return min(self._edge.limits.ping_ms, lease_ms // 2)

    def _plan(self, session: Session, due: float) -> None:
        heappush(self._dues, (due, next(self._ties), session))

    async def _run(self) -> None:
        """The watchdog of leases: whatever happens, the next round comes."""
        while True:
            try:
                await self._round()
            except Exception:
                log.exception("leases.failed")
            await asyncio.sleep(ROUND_MS / 1000)

    async def _round(self) -> None:
        now = self._edge.clock()
        batches: dict[tuple[str, int], list[Session]] = defaultdict(list)
        while self._dues and self._dues[0][0] <= now:
            session = heappop(self._dues)[2]
            if session not in self._sessions:
                continue
            ping_ms = self._ping_ms(session.lease_ms)
            self._plan(session, now + ping_ms / 1000)
            if self._look_at(session, now) and session.seen > session.renewed:
                stored_ms = max(session.lease_ms - ping_ms, LEASE_MIN_MS)
                batches[(session.identity.tenant, stored_ms)].append(session)
        for (tenant, lease_ms), sessions in batches.items():
            for start in range(0, len(sessions), BATCH):
                await self._renew(tenant, lease_ms, sessions[start : start + BATCH])

    def _look_at(self, session: Session, now: float) -> bool:
        """Asks for a sign of life, or ends a socket whose time is over; whether it has a lease."""
        if self._edge.verifier.is_expired(session.identity):
            session.close(CloseCode.TOKEN_EXPIRED)
        elif now - session.seen > session.lease_ms / 1000:
            session.close(CloseCode.SILENT)
        else:
            session.ping()
            return session.place is not None
        return False

    async def _renew(self, tenant: str, lease_ms: int, sessions: list[Session]) -> None:
        pairs = [(session.identity.subject, session.id or "") for session in sessions]
        seen = [session.seen for session in sessions]
        try:
            call = Renew(sessions=pairs, lease_ms=lease_ms)
            reply = await self._edge.engine.call(tenant, call)
        except StoreError as error:
            log.warning("leases.unrenewed", tenant=tenant, error=str(error))
            for session in sessions:
                self._plan(session, self._edge.clock() + AGAIN_MS / 1000)
            return
        for session, at in zip(sessions, seen, strict=True):
            session.renewed = at
        for agent, name in reply.gone:
            gone = self._by_place.get((tenant, agent, name))
            if gone is not None:
                gone.close(CloseCode.SESSION_GONE)
