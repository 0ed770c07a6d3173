"""Has the doctor look at every tenant now and then, and tells Prometheus what he found.

What he finds is true of an instant and will not go away by itself: a bug, or somebody's hand in
the store. Every router looks at its own slow pace and tells the same: take `max`, not `sum`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from router.doctor.doctor import ORDER, Doctor, NoTenantError
from router.doctor.report import Report
from router.engine.driver import StoreError
from router.engine.engine import Engine

LOGGED_MAX: Final = 20

log = structlog.get_logger()


class Watchdog(Collector):
    """What was found at the last look at each tenant, by the kind of thing that is wrong."""

    def __init__(
        self,
        engine: Engine,
        *,
        every_ms: int,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        """Nothing runs before `start`, nor with `every_ms` 0; `clock` tells seconds."""
        self._engine = engine
        self._every_s = every_ms / 1_000
        self._clock = clock
        self._chance = chance
        self._found: dict[str, Counter[str]] = {}
        self._took_s: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look, in the running loop, until `close`."""
        if self._every_s:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="watchdog")

    async def close(self) -> None:
        """Stops, in the middle of a look too: it changes nothing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Looks at every tenant once, one after the other; one that is not read keeps its findings.

        Raises: StoreError, when the tenants are not told.
        """
        tenants = sorted(await self._engine.tenants())
        for gone in self._found.keys() - set(tenants):
            del self._found[gone], self._took_s[gone]
        for tenant in tenants:
            began = self._clock()
            try:
                report = await Doctor(self._engine, tenant).report()
            except (NoTenantError, StoreError) as error:
                log.warning("doctor.unread", tenant=tenant, error=str(error))
                continue
            self._took_s[tenant] = self._clock() - began
            self._note(tenant, report)

    def collect(self) -> Iterable[Metric]:
        """The findings of each tenant by kind, those of none too, and how long the look took."""
        found = GaugeMetricFamily(
            "acd_doctor_findings", "What the doctor found.", labels=["tenant", "kind"]
        )
        took = GaugeMetricFamily(
            "acd_doctor_look_seconds", "How long the doctor looked.", labels=["tenant"]
        )
        for tenant, kinds in self._found.items():
            for kind in sorted({*ORDER, *kinds}):
                found.add_metric([tenant, kind], kinds[kind])
            took.add_metric([tenant], self._took_s[tenant])
        return [found, took]

    def _note(self, tenant: str, report: Report) -> None:
        self._found[tenant] = Counter(finding.kind for finding in report.findings)
        for finding in report.findings[:LOGGED_MAX]:
            told = {"check": finding.check, "kind": finding.kind, "subject": finding.subject}
            log.error("doctor.found", tenant=tenant, text=finding.text, **told)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s * (0.75 + self._chance() / 2))
            try:
                await self.look()
            except StoreError as error:
                log.warning("doctor.unread", error=str(error))
            except Exception:  # a look that fails stops no other thing, nor the next look
                log.exception("doctor.broken")
