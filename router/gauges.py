"""Owns what Prometheus is told of the present: waiting, ready, oldest wait, read when it asks.

Every router tells the same numbers of a tenant, read from the store: take `max`, not `sum`.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from router.engine.driver import StoreError
from router.engine.engine import Engine
from router.insight.fairness import Fairness
from router.queries import ListQueues

FRESH_S: Final = 1.0
QUEUES_MAX: Final = 500
QUEUE_GAUGES: Final = {
    "waiting": ("acd_queue_waiting", "Contacts that wait."),
    "unreachable": ("acd_queue_unreachable", "Contacts that wait where nobody can ever serve."),
    "held": ("acd_queue_held", "Contacts that wait for the queue to open."),
    "scheduled": ("acd_queue_scheduled", "Contacts that come later."),
    "offered": ("acd_queue_offered", "Contacts that are offered."),
    "assigned": ("acd_queue_assigned", "Contacts that an agent has."),
    "waiting_customer": (
        "acd_queue_waiting_customer",
        "Contacts that wait for their customer.",
    ),
    "wrap_up": ("acd_queue_wrap_up", "Contacts in wrap-up."),
}

log = structlog.get_logger()


class StateGauges(Collector):
    """The gauges of the tenants in use, from the last `refresh`."""

    def __init__(
        self, engine: Engine, tenants: Callable[[], list[str]], clock: Callable[[], float]
    ) -> None:
        """`tenants` names those in use; `clock` tells seconds that never run back."""
        self._engine = engine
        self._tenants = tenants
        self._clock = clock
        self._read_at = -FRESH_S
        self._state: dict[str, dict[str, Any]] = {}
        self._reading = asyncio.Lock()

    async def refresh(self) -> None:
        """Reads the state, unless it was read within the last second."""
        async with self._reading:
            if self._clock() - self._read_at < FRESH_S:
                return
            state: dict[str, dict[str, Any]] = {}
            for tenant in self._tenants():
                try:
                    reply = await self._engine.read(tenant, ListQueues())
                except StoreError as error:
                    log.warning("gauges.unread", tenant=tenant, error=str(error))
                    continue
                if reply["outcome"] == "ok":
                    state[tenant] = reply
            self._state = state
            self._read_at = self._clock()

    def collect(self) -> Iterable[Metric]:
        """The families, for the registry."""
        families = {
            name: GaugeMetricFamily(metric, text, labels=["tenant", "queue"])
            for name, (metric, text) in QUEUE_GAUGES.items()
        }
        oldest = GaugeMetricFamily(
            "acd_queue_oldest_wait_seconds", "Longest wait of now.", labels=["tenant", "queue"]
        )
        ready = GaugeMetricFamily(
            "acd_queue_ready_agents",
            "Agents who could take a contact of the channel now.",
            labels=["tenant", "queue", "channel"],
        )
        estimated = GaugeMetricFamily(
            "acd_queue_estimated_wait_seconds",
            "How long somebody who came now would wait at most, in that share of the cases.",
            labels=["tenant", "queue", "channel", "quantile"],
        )
        agents = GaugeMetricFamily("acd_agents", "Agents.", labels=["tenant", "presence"])
        for tenant, state in self._state.items():
            for queue in (state["queues"] or [])[:QUEUES_MAX]:
                labels = [tenant, queue["queue"]]
                for name, family in families.items():
                    family.add_metric(labels, queue[name])
                for channel, count in queue["ready"].items():
                    ready.add_metric([*labels, channel], count)
                for channel, wait in (queue["estimated_wait_ms"] or {}).items():
                    for quantile, ms in wait.items():
                        estimated.add_metric([*labels, channel, quantile], ms / 1000)
                since = queue.get("oldest_since")
                wait_ms = max(0, state["now"] - since) if since is not None else 0
                oldest.add_metric(labels, wait_ms / 1000)
            for presence, count in state["agents"].items():
                agents.add_metric([tenant, presence], count)
        return [*families.values(), oldest, ready, estimated, agents]


class FairnessGauges(Collector):
    """Jain's indexes of each tenant's queues; see `router.insight.fairness`."""

    def __init__(self, tenants: Mapping[str, Fairness]) -> None:
        self._tenants = tenants

    def collect(self) -> Iterable[Metric]:
        """The family, for the registry."""
        family = GaugeMetricFamily(
            "acd_queue_jain_index",
            "Evenness between a queue's agents: 1 is equal; offers for time ready, and occupancy.",
            labels=["tenant", "queue", "of"],
        )
        for tenant, fairness in self._tenants.items():
            for queue, indexes in list(fairness.indexes().items())[:QUEUES_MAX]:
                for name, value in indexes._asdict().items():
                    if value is not None:
                        family.add_metric([tenant, queue, name], value)
        return [family]
