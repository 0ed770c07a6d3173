"""Owns one router's archive as a whole: its database and its archiver, and how far they are."""

from collections.abc import Callable
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from router.archive.archiver import Archiver, Pace
from router.archive.database import Database, address
from router.archive.retention import Days, Retention
from router.config import Config
from router.engine.engine import Engine
from router.journal.entry import Entry

TENANTS_MAX: Final = 500


def of_config(engine: Engine, config: Config) -> "Archive | None":
    """The configured archive; None where there is to be none.

    Raises: ValueError for a URL that can not be one, or whose driver is not installed.
    """
    asked = config.archive
    if not asked.enabled:
        return None
    days = Days(asked.hidden_after_days, asked.purge_after_days)
    keeps = Retention(
        asked.closed_keep_ms,
        asked.journal_unarchived_max,
        days,
        {
            tenant: Days(
                own.hidden_after_days or days.hidden,
                own.purge_after_days if own.purge_after_days is not None else days.purged,
            )
            for tenant, own in asked.tenants.items()
        },
    )
    pace = Pace(batch=asked.batch_max, flush_ms=asked.flush_ms, sweep_ms=asked.sweep_ms)
    url = address(asked.url, config.store.data_dir)
    return Archive(engine, url, pace=pace, keeps=keeps, lag_alarm_ms=asked.lag_alarm_ms)


class Archive(Collector):
    """What a router keeps for long; it may be away without harm to what happens now."""

    def __init__(
        self,
        engine: Engine,
        url: str,
        *,
        pace: Pace | None = None,
        keeps: Retention | None = None,
        lag_alarm_ms: int = 60_000,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Connects to nothing before `start`; `clock` tells seconds that never run back.

        Raises: ValueError for a URL that can not be one.
        """
        self.database = Database(url)
        self.archiver = Archiver(engine, self.database, pace=pace, keeps=keeps, clock=clock)
        self._lag_alarm_ms = lag_alarm_ms

    def start(self) -> None:
        """Begins to archive as soon as the database is there."""
        self.archiver.start()

    async def close(self) -> None:
        """Ends after the step in progress."""
        await self.archiver.close()
        await self.database.close()

    def on_entry(self, tenant: str, _entry: Entry) -> None:
        """The tenant's journal has grown."""
        self.archiver.poke(tenant)

    def concerns(self) -> list[str]:
        """What an operator should know: tenants whose archive is too far behind."""
        return [
            f"the archive of {tenant} is {lag_ms // 1_000} s behind"
            for tenant, lag_ms in sorted(self.archiver.lags().items())
            if lag_ms >= self._lag_alarm_ms
        ]

    def collect(self) -> list[Metric]:
        """The families, for the registry."""
        lag = GaugeMetricFamily(
            "acd_archive_lag_seconds",
            "How long there have been entries that are not archived.",
            labels=["tenant"],
        )
        for tenant, lag_ms in sorted(self.archiver.lags().items())[:TENANTS_MAX]:
            lag.add_metric([tenant], lag_ms / 1_000)
        counts = self.archiver.counts
        entries = CounterMetricFamily(
            "acd_archive_entries", "Entries of journals that this router archived."
        )
        entries.add_metric([], counts.entries)
        gaps = CounterMetricFamily(
            "acd_archive_gaps", "Times that entries were gone before they were archived."
        )
        gaps.add_metric([], counts.gaps)
        failures = CounterMetricFamily(
            "acd_archive_failures", "Times that the archive or the store did not answer it."
        )
        failures.add_metric([], counts.failures)
        return [lag, entries, gaps, failures]
