"""Owns the live sockets of a router: who is alive, whose lease is renewed, whose time is over.

A socket is asked for a sign of life every `ping_ms`. The lease of an agent's session is renewed
when there was one since the last renewal, in batches. The store holds it `lease_ms` from there, so
that it survives a store that pauses for two thirds of that; it ends at most `lease_ms` and
`ping_ms` after the last sign of life.
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
from router.api.session import Session, end_code
from router.engine.driver import StoreError
from router.journal.tail import Journal

BATCH: Final = 100
ROUND_MS: Final = 20
AGAIN_MS: Final = 100
PINGS_IN_LEASE: Final = 3

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
        self._owed: dict[str, dict[Session, None]] = defaultdict(dict)
        self._renewals: dict[str, asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None
        edge.revocations.listeners.append(self.end_revoked)

    def __len__(self) -> int:
        return len(self._sessions)

    @property
    def is_full(self) -> bool:
        """Whether there are as many sockets as there may be."""
        return len(self._sessions) >= self._sockets_max

    def ping_ms(self, lease_ms: int) -> int:
        """How often sockets with such a lease are asked for a sign of life."""
        return min(self._edge.limits.ping_ms, lease_ms // PINGS_IN_LEASE)

    def start(self) -> None:
        """Begins to look after the sockets."""
        self._task = asyncio.create_task(self._run(), name="leases")

    async def stop(self) -> None:
        """Stops; the sockets stay as they are."""
        tasks = [*self._renewals.values(), *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def add(self, session: Session, journal: Journal) -> None:
        """A socket is welcomed; an older one of the same session gives way."""
        session.lease_ms = journal.settings["lease_ms"]
        spread_s = self.ping_ms(session.lease_ms) / 1000
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
        self._owed[session.identity.tenant].pop(session, None)
        if session.place is not None and self._by_place.get(session.place) is session:
            del self._by_place[session.place]

    def all(self) -> list[Session]:
        """Every socket there is now."""
        return list(self._sessions)

    def end_revoked(self, tenant: str) -> None:
        """Tokens of the tenant were taken back: sockets that were opened with one end."""
        for session in self.all():
            if session.identity.tenant == tenant and self._edge.revocations.has(session.identity):
                session.close(CloseCode.TOKEN_EXPIRED)

    def _plan(self, session: Session, due: float) -> None:
        heappush(self._dues, (due, next(self._ties), session))

    async def _run(self) -> None:
        """The watchdog of leases: whatever happens, the next round comes."""
        while True:
            try:
                self._round()
            except Exception:
                log.exception("leases.failed")
            await asyncio.sleep(ROUND_MS / 1000)

    def _round(self) -> None:
        now = self._edge.clock()
        while self._dues and self._dues[0][0] <= now:
            session = heappop(self._dues)[2]
            if session not in self._sessions:
                continue
            self._plan(session, now + self.ping_ms(session.lease_ms) / 1000)
            if self._look_at(session, now) and session.seen > session.renewed:
                self._owe(session)

    def _look_at(self, session: Session, now: float) -> bool:
        """Asks for a sign of life, or ends a socket whose time is over; whether it has a lease."""
        who = session.identity
        if self._edge.verifier.is_expired(who) or self._edge.revocations.has(who):
            session.close(CloseCode.TOKEN_EXPIRED)
        elif now - session.seen > session.lease_ms / 1000:
            session.close(CloseCode.SILENT)
        else:
            session.ping()
            return session.place is not None
        return False

    def _owe(self, session: Session) -> None:
        """A renewal is due; it goes out with the others of the tenant."""
        tenant = session.identity.tenant
        self._owed[tenant][session] = None
        if tenant not in self._renewals:
            task = asyncio.create_task(self._renew_all(tenant), name=f"renew-{tenant}")
            self._renewals[tenant] = task
            task.add_done_callback(lambda _: self._renewals.pop(tenant, None))

    async def _renew_all(self, tenant: str) -> None:
        """Renews until nothing is owed; a store that does not answer is asked again and again."""
        owed = self._owed[tenant]
        while owed:
            lease_ms = next(iter(owed)).lease_ms
            batch = [session for session in owed if session.lease_ms == lease_ms][:BATCH]
            if await self._renew(tenant, lease_ms, batch):
                for session in batch:
                    owed.pop(session, None)
            else:
                await asyncio.sleep(AGAIN_MS / 1000)

    async def _renew(self, tenant: str, lease_ms: int, sessions: list[Session]) -> bool:
        """Renews a batch; whether the store answered."""
        by_pair = {(session.identity.subject, session.id or ""): session for session in sessions}
        seen = [session.seen for session in sessions]
        try:
            call = Renew(sessions=list(by_pair), lease_ms=lease_ms)
            reply = await self._edge.engine.call(tenant, call)
        except StoreError as error:
            log.warning("leases.unrenewed", tenant=tenant, error=str(error))
            return False
        for session, at in zip(sessions, seen, strict=True):
            session.renewed = at
        for agent, name, why in reply.gone:
            by_pair[(agent, name)].close(end_code(why))
        return True
