"""Owns what both edges of a router share: engine, journals, tokens, limits, and the drain."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final

import msgspec
import structlog

from queues.calls import Admit, Score
from router.api.auth import Identity, Verifier
from router.api.flusher import Flusher
from router.api.limits import Limits
from router.api.reads import Reads
from router.api.revocations import Revocations
from router.archive.archive import Archive
from router.buckets import Buckets, TokenBucket
from router.calls import Reopen, Report
from router.engine.driver import StoreError
from router.engine.engine import Call, Engine
from router.engine.reply import Outcome, Reply
from router.estimates.keeper import Estimates
from router.journal.entry import Entry, parse_position
from router.journal.tail import Journal, Journals, Observers
from router.metrics import Metrics

READY_FRESH_S: Final = 0.5
BRINGS_BACK: Final = (Reopen, Report, Score)
"""Calls that may be about a contact that only the archive knows."""
LOGGED: Final = ("contact", "queue", "agent", "offer", "session", "result", "cause")

log = structlog.get_logger()


class Edge:
    """One router's side of the world; HTTP and WebSocket edges are made from it."""

    def __init__(
        self,
        engine: Engine,
        verifier: Verifier,
        metrics: Metrics,
        *,
        limits: Limits | None = None,
        origins: tuple[str, ...] = (),
        chance: Random,
        archive: Archive | None = None,
    ) -> None:
        """`origins` are the web pages that may open sockets; `chance` spreads pings and moves."""
        loop = asyncio.get_running_loop()
        self.engine = engine
        self.verifier = verifier
        self.metrics = metrics
        self.limits = limits or Limits()
        self.origins = frozenset(origins)
        self.chance = chance
        self.clock: Callable[[], float] = loop.time
        self.flusher = Flusher(loop)
        self.reads = Reads(engine, archive, metrics.service_level_ms)
        self.archive = archive
        self.estimates = Estimates(engine, metrics.on_promise)
        observers = Observers(self._on_entry, self._on_restart, self._on_begin)
        self.journals = Journals(engine, observers)
        self.revocations = Revocations(engine, self.journals)
        self.is_draining = False
        rate, burst = self.limits.requests_per_s_max, self.limits.requests_burst_max
        self._buckets = Buckets(rate, burst, self.clock)
        self._faults: list[str] = []
        self.renew_log()
        self._checked_at = -READY_FRESH_S
        self._opening: dict[str, asyncio.Task[Journal | None]] = {}
        engine.reply_listeners.append(metrics.on_reply)
        engine.reply_listeners.append(self._follow)
        engine.failure_listeners.append(metrics.on_failure)

    @property
    def body_max(self) -> int:
        """The largest body, in bytes."""
        return self.limits.body_max_bytes

    def renew_log(self) -> None:
        """Takes the log's level as it is now; it is not asked for again with each entry."""
        self._log = structlog.get_logger().bind()
        self._logs_entries: bool = self._log.is_enabled_for(logging.DEBUG)

    def http_bucket_of(self, identity: Identity) -> TokenBucket:
        """How much the caller may still ask."""
        return self._buckets.of(identity.tenant, identity.subject)

    async def call(self, identity: Identity, call: Call, key: str | None) -> Reply:
        """Carries out a call of the caller's, once for each `key` of his.

        One that the contact may need though the store has let it go, is made again with what the
        archive has of it; so is an admission, with what that has of its
        conversation. Raises: StoreError and its kinds, ReplyError, ProblemError.
        """
        send = partial(self.engine.call, identity.tenant, actor=identity.actor, key=key)
        if isinstance(call, Admit) and call.conversation is not None and self.archive is not None:
            reply = await send(msgspec.structs.replace(call, asks_archive=True))
            if reply.outcome is not Outcome.UNKNOWN or reply.what != "conversation":
                return reply
            record = await self.reads.past.last_of(identity.tenant, call)
            return await send(msgspec.structs.replace(call, record=record))
        reply = await send(call)
        is_gone = reply.outcome is Outcome.UNKNOWN and reply.what == "contact"
        if not (is_gone and isinstance(call, BRINGS_BACK)):
            return reply
        record = await self.reads.past.closed(identity, call.contact)
        if record is None:
            return reply
        return await send(msgspec.structs.replace(call, record=record))

    async def faults(self) -> list[str]:
        """Why this router should get no new connections; empty when it is ready."""
        if self.is_draining:
            return ["draining"]
        if self.clock() - self._checked_at >= READY_FRESH_S:
            self._checked_at = self.clock()
            self._faults = await self._check()
        return self._faults

    def concerns(self) -> list[str]:
        """What an operator should know though this router is ready."""
        return [] if self.archive is None else self.archive.concerns()

    async def close(self) -> None:
        """Stops the tails and hears no more of the engine."""
        self.engine.reply_listeners.remove(self._follow)
        self.engine.reply_listeners.remove(self.metrics.on_reply)
        self.engine.failure_listeners.remove(self.metrics.on_failure)
        opening = list(self._opening.values())
        for task in opening:
            task.cancel()
        await asyncio.gather(*opening, return_exceptions=True)
        await self.journals.close()
        await self.reads.wallboard.close()
        await self.estimates.close()

    async def _check(self) -> list[str]:
        try:
            await self.engine.store.ping()
        except StoreError:
            return ["the store does not answer"]
        return [
            f"the journal of {journal.tenant} is interrupted"
            for journal in self.journals.all()
            if not journal.is_following
        ]

    def _on_restart(self, tenant: str) -> None:
        self.metrics.on_restart(tenant)
        self.revocations.doubt(tenant)

    def _on_begin(self, tenant: str, past: list[Entry]) -> None:
        self.estimates.begin(tenant, past)
        self.revocations.doubt(tenant)

    def _on_entry(self, tenant: str, entry: Entry) -> None:
        self.revocations.on_entry(tenant, entry)
        self.metrics.on_entry(tenant, entry)
        self.estimates.on_entry(tenant, entry)
        if self.archive is not None:
            self.archive.on_entry(tenant, entry)
        if self._logs_entries and entry.by == self.engine.router:
            for event in entry.events:
                ids = {name: event.fields[name] for name in LOGGED if name in event.fields}
                self._log.debug(event.name, tenant=tenant, position=entry.id, **ids)

    def _follow(self, tenant: str, _transition: str, reply: Reply, _seconds: float) -> None:
        """A tenant that this router changes is followed from that change on, to be counted."""
        if reply.position is None or tenant in self._opening or self.journals.get(tenant):
            return
        since = parse_position(reply.position)
        task = asyncio.create_task(self.journals.open(tenant, since), name=f"open-{tenant}")
        self._opening[tenant] = task
        task.add_done_callback(lambda task: self._opened(tenant, task))

    def _opened(self, tenant: str, task: asyncio.Task[Journal | None]) -> None:
        self._opening.pop(tenant, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:  # the tenant's next change tries again
            log.warning("journal.unopened", tenant=tenant, error=repr(error))
