"""Owns the learners of the tenants that this router follows, and puts what they learn to the store.

Each router learns from every entry it reads, and counts the promises that ended in its own entries:
summed over routers each is counted once. All learn the same from the same journal, so it does no
harm that all put it.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from router.calls import PutEstimates
from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.estimates.learner import Learner, Row
from router.journal.entry import Entry
from router.metrics import LABELS_MAX

PUT_MAX: Final = 100  # rows in one call

log = structlog.get_logger()

# Told of each promise that ended here: tenant, queue, percent, whether it was kept.
OnPromise = Callable[[str, str, int, bool], None]


class Estimates(Collector):
    """What this router knows of waits, by tenant."""

    def __init__(self, engine: Engine, on_promise: OnPromise) -> None:
        """Learns nothing yet; `on_promise` is told of those that end in this router's entries."""
        self._engine = engine
        self._on_promise = on_promise
        self._learners: dict[str, Learner] = {}
        self._unsent: dict[str, dict[str, Row]] = {}
        self._sending: dict[str, asyncio.Task[None]] = {}

    def begin(self, tenant: str, past: Iterable[Entry]) -> None:
        """A journal is followed from here on, and these are its last entries before."""
        learner, known = Learner(), self._learners.get(tenant)
        for entry in past:
            learner.take(entry)
            self._keep(tenant, learner.put_out(entry.at))
        if known is not None:
            learner.adopt(known)
        self._learners[tenant] = learner

    def on_entry(self, tenant: str, entry: Entry) -> None:
        """An entry of the journal was read."""
        learner = self._learners.get(tenant)
        if learner is None:
            learner = self._learners[tenant] = Learner()
        kept = learner.take(entry)
        if entry.by == self._engine.router:
            for queue, percent, is_kept in kept:
                self._on_promise(tenant, queue, percent, is_kept)
        self._keep(tenant, learner.put_out(entry.at))

    def knows(self, tenant: str, line: str) -> bool:
        """Whether something can be told of the line."""
        learner = self._learners.get(tenant)
        return learner is not None and learner.told(line, 1) is not None

    async def close(self) -> None:
        """Lets what is under way end; nothing more is put."""
        self._unsent.clear()
        if self._sending:
            await asyncio.wait(self._sending.values())

    def collect(self) -> Iterable[Metric]:
        """How many of the last promises were kept, by queue: the same on every router."""
        family = GaugeMetricFamily(
            "acd_wait_promise_coverage",
            "Share of the last 200 promised waits that were kept.",
            labels=["tenant", "queue", "quantile"],
        )
        shown = 0
        for tenant, learner in self._learners.items():
            for (queue, percent), share in learner.promises.coverage.items():
                if shown < LABELS_MAX:
                    family.add_metric([tenant, queue, f"p{percent}"], share)
                    shown += 1
        return [family]

    def _keep(self, tenant: str, rows: dict[str, Row]) -> None:
        if not rows:
            return
        self._unsent.setdefault(tenant, {}).update(rows)
        if tenant not in self._sending:
            task = asyncio.create_task(self._send(tenant), name=f"estimates-{tenant}")
            self._sending[tenant] = task
            task.add_done_callback(lambda _: self._sending.pop(tenant, None))

    async def _send(self, tenant: str) -> None:
        """Puts all that waits to be put; what fails is put with what changes next."""
        rows = self._unsent.pop(tenant, {})
        lines = list(rows)
        try:
            for start in range(0, len(lines), PUT_MAX):
                batch = {line: rows[line] for line in lines[start : start + PUT_MAX]}
                await self._engine.call(tenant, PutEstimates(lines=batch))
        except StoreError as error:
            log.warning("estimates.unsent", tenant=tenant, error=str(error))
            self._unsent[tenant] = rows | self._unsent.get(tenant, {})
        except Exception:
            log.exception("estimates.failed", tenant=tenant)
