"""Owns the live sockets of a router: who is alive, whose lease is renewed, whose time is over.

A socket is asked for a sign of life every `ping_ms`. The lease of an agent's session is renewed
when there was one since the last renewal, in batches, and ends `lease_ms` after the last sign: so
the store holds it `ping_ms` shorter than that.
"""

import asyncio
from collections import defaultdict
from typing import Final

import structlog

from presence.calls import Renew
from router.api.codes import CloseCode
from router.api.edge import Edge
from router.api.session import Session
from router.engine.driver import StoreError
from router.journal.tail import Journal

BATCH: Final = 100
ROUNDS: Final = 16
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
        session.due = session.seen + spread_s * (0.5 + self._edge.chance.random() / 2)
        self._sessions.add(session)
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

    async def _run(self) -> None:
        """The watchdog of leases: whatever happens, the next round comes."""
        while True:
            try:
                await self._round()
            except StoreError as error:
                log.warning("leases.unrenewed", error=str(error))
            except Exception:
                log.exception("leases.failed")
            shortest = min((s.lease_ms for s in self._sessions), default=self._edge.limits.ping_ms)
            await asyncio.sleep(self._ping_ms(shortest) / ROUNDS / 1000)

    async def _round(self) -> None:
        now = self._edge.clock()
        batches: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
        for session in self.all():
            if session.due > now:
                continue
            ping_ms = self._ping_ms(session.lease_ms)
            session.due = now + ping_ms / 1000
            if self._edge.verifier.is_expired(session.identity):
                session.close(CloseCode.TOKEN_EXPIRED)
            elif now - session.seen > session.lease_ms / 1000:
                session.close(CloseCode.SILENT)
            else:
                session.ping()
                if session.place is not None and session.seen > session.renewed:
                    session.renewed = session.seen
                    tenant, agent, name = session.place
                    stored_ms = max(session.lease_ms - ping_ms, LEASE_MIN_MS)
                    batches[(tenant, stored_ms)].append((agent, name))
        for (tenant, lease_ms), pairs in batches.items():
            for start in range(0, len(pairs), BATCH):
                await self._renew(tenant, lease_ms, pairs[start : start + BATCH])

    async def _renew(self, tenant: str, lease_ms: int, pairs: list[tuple[str, str]]) -> None:
        reply = await self._edge.engine.call(tenant, Renew(sessions=pairs, lease_ms=lease_ms))
        for agent, name in reply.gone:
            session = self._by_place.get((tenant, agent, name))
            if session is not None:
                session.close(CloseCode.SESSION_GONE)
