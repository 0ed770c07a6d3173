"""Owns the numbers that Prometheus reads. Each event is counted once over all routers: by its own.

Everything about contacts is counted from the journal's entries that this router wrote; what stands
now (waiting, ready …) is read from the store when it is asked for, and is the same on each router.

Service levels, with T the threshold: `answered_only` = answered <= T / answered; `with_abandons` =
(answered <= T + abandoned <= T) / (answered + lost); `strict` = answered <= T / (answered + lost).
Answered is who was accepted or given to an agent by hand; lost, who waited and was abandoned, or
ended unserved because he may not wait longer (expired, overflowed). Who is taken back by his
gateway (cancelled) counts nowhere. Each level is exported as two counters, met and counted.
"""

from collections.abc import Callable
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from router.engine.driver import StoreError
from router.engine.reply import Outcome, Reply
from router.gauges import FairnessGauges
from router.insight.fairness import Fairness
from router.journal.entry import Entry
from router.offer import BY_HAND

SHORT_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5)
LONG_S: Final = (
    *(1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0),
    *(180.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0),
)
CALL_S: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
OVERTAKES: Final = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
SCORES: Final = tuple(float(score) for score in range(11))
LABELS_MAX: Final = 500
OTHER: Final = "other"

PROMISE: Final = ("quantile", "kept")
LOST: Final = frozenset({"abandoned", "expired", "overflowed"})
VARIANTS: Final = ("answered_only", "with_abandons", "strict")


class _Children:
    """A metric's children by label values, made once; beyond the limit they share `other`."""

    def __init__(self, metric: MetricWrapperBase) -> None:
        self._metric = metric
        self._known: dict[tuple[str, ...], Any] = {}

    def of(self, *values: str) -> Any:
        if not values:
            return self._metric
        child = self._known.get(values)
        if child is None:
            if len(self._known) >= LABELS_MAX:
                return self._metric.labels(*([OTHER] * len(values)))
            child = self._known[values] = self._metric.labels(*values)
        return child


class Metrics:
    """The counters and histograms of one router process."""

    def __init__(
        self, *, router: str, wall_ms: Callable[[], int], service_level_ms: int = 20_000
    ) -> None:
        """`wall_ms` tells the machine's time, to see how far a tail is behind."""
        self.registry = CollectorRegistry(auto_describe=True)
        self._router = router
        self._wall_ms = wall_ms
        self.service_level_ms = service_level_ms
        self._make_contact_metrics(service_level_ms / 1000)
        self._make_response_metrics()
        self._make_router_metrics()
        self._fairness: dict[str, Fairness] = {}
        self.registry.register(FairnessGauges(self._fairness))
        self._counts: dict[str, Callable[[str, dict[str, Any]], None]] = {
            "contact.admitted": self._count_admitted,
            "contact.diverted": self._count_overflow,
            "contact.queued": self._count_overflow,
            "contact.assigned": self._count_assigned,
            "contact.closed": self._count_closed,
            "contact.scored": self._count_score,
            "contact.activity": self._count_response,
            "contact.response_late": self._count_late,
            "contact.unreachable": self._count_unreachable,
            "offer.made": self._count_made,
            "offer.accepted": self._count_offer_end,
            "offer.declined": self._count_offer_end,
            "offer.expired": self._count_offer_end,
            "offer.revoked": self._count_offer_end,
        }

    def _make_contact_metrics(self, threshold_s: float) -> None:
        buckets = tuple(sorted({*SHORT_S, *LONG_S, threshold_s}))
        queue = ["tenant", "queue"]
        self._admitted = self._counter(
            "acd_contacts_admitted", "Contacts that arrived.", [*queue, "channel", "origin"]
        )
        self._closed = self._counter(
            "acd_contacts_closed", "Contacts that ended.", [*queue, "result"]
        )
        self._disposed = self._counter(
            "acd_contacts_disposed",
            "Contacts that were served, by what they were about and whether that was solved.",
            [*queue, "disposition", "resolved"],
        )
        self._score = self._histogram(
            "acd_contact_score", "What customers say of contacts, 0 to 10.", queue, SCORES
        )
        self._unreachable = self._counter(
            "acd_contacts_unreachable", "Contacts that came to wait where nobody can serve.", queue
        )
        self._overflowed = self._counter(
            "acd_contacts_overflowed",
            "Contacts that a queue sent on to another one.",
            [*queue, "reason"],
        )
        self._refused = self._counter(
            "acd_contacts_refused", "Arrivals that a queue did not take in.", [*queue, "reason"]
        )
        self._offers = self._counter(
            "acd_offers", "Offers made, and how they ended.", [*queue, "kind", "outcome"]
        )
        self._wait = self._histogram(
            "acd_contact_wait_seconds", "Wait until its end.", [*queue, "outcome"], buckets
        )
        self._ring = self._histogram(
            "acd_offer_ring_seconds", "Life of an offer.", [*queue, "outcome"], buckets
        )
        self._handle = self._histogram(
            "acd_contact_handle_seconds", "From accept to close.", queue, buckets
        )
        self._wrap_up = self._histogram(
            "acd_contact_wrap_up_seconds", "From close to the end of wrap-up.", queue, buckets
        )
        self._overtakes = self._histogram(
            "acd_contact_overtakes",
            "How many who were due later were offered before a contact, over its whole wait.",
            queue,
            OVERTAKES,
        )
        self._met = self._counter(
            "acd_service_level_met", "Contacts within the threshold.", [*queue, "variant"]
        )
        self._counted = self._counter(
            "acd_service_level_counted", "Contacts that the level is of.", [*queue, "variant"]
        )

        self._promises = self._counter(
            "acd_wait_promises", "Promised waits that came true or not.", [*queue, *PROMISE]
        )

    def _make_response_metrics(self) -> None:
        queue = ["tenant", "queue"]
        self._responses = self._counter(
            "acd_responses", "Answers to customers who had a deadline.", [*queue, "kind", "met"]
        )
        self._responses_late = self._counter(
            "acd_responses_late", "Deadlines that passed without an answer.", queue
        )

    def _make_router_metrics(self) -> None:
        self._calls = self._histogram(
            "acd_transition_seconds", "Calls of the store, there and back.", ["transition"], CALL_S
        )
        self._outcomes = self._counter(
            "acd_transitions", "Calls by outcome.", ["transition", "outcome"]
        )
        self._failures = self._counter(
            "acd_transition_errors", "Calls without an answer.", ["transition", "error"]
        )
        self._requests = self._histogram(
            "acd_http_request_seconds", "HTTP requests.", ["operation", "status"], CALL_S
        )
        self._sessions = self._gauge("acd_sessions", "WebSockets open now.", ["role"])
        self._session_ends = self._counter(
            "acd_sessions_closed", "WebSockets closed, by code.", ["role", "code"]
        )
        self._lag = self._histogram(
            "acd_journal_lag_seconds", "Age of an entry when it is read.", ["tenant"], CALL_S
        )
        self._restarts = self._counter("acd_journal_restarts", "Tails begun anew.", ["tenant"])
        self._late = self._histogram("acd_tick_late_seconds", "How late a timer was.", [], CALL_S)
        self._reloads = self._counter("acd_config_reloads", "Reloads.", ["result"])

    def on_entry(self, tenant: str, entry: Entry) -> None:
        """An entry of the journal was read."""
        lag_ms = max(0, self._wall_ms() - entry.key.ms)
        self._lag.of(tenant).observe(lag_ms / 1000)
        is_own = entry.by == self._router
        self._watch_fairness(tenant, entry, is_own=is_own)
        if not is_own:
            return
        for event in entry.events:
            count = self._counts.get(event.name)
            if count is not None:
                count(tenant, event.fields)

    def _watch_fairness(self, tenant: str, entry: Entry, *, is_own: bool) -> None:
        """Fairness follows from all entries; what ended is told by the router that ended it."""
        fairness = self._fairness.get(tenant)
        if fairness is None:
            fairness = self._fairness[tenant] = Fairness()
        for event in entry.events:
            over = fairness.apply(entry.at, event.fields)
            if over is not None and is_own:
                self._overtakes.of(tenant, over.queue).observe(over.times)

    def on_restart(self, tenant: str) -> None:
        """A tail was interrupted and begins anew."""
        self._restarts.of(tenant).inc()

    def on_reply(self, tenant: str, transition: str, reply: Reply, seconds: float) -> None:
        """The store answered a call."""
        if reply.outcome is Outcome.REFUSED:
            self._refused.of(tenant, reply.queue or "", reply.why or "").inc()
        self._calls.of(transition).observe(seconds)
        self._outcomes.of(transition, reply.outcome).inc()

    def on_failure(self, _tenant: str, transition: str, error: StoreError, seconds: float) -> None:
        """The store did not answer a call."""
        self._calls.of(transition).observe(seconds)
        self._failures.of(transition, type(error).__name__).inc()

    def on_request(self, operation: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        self._requests.of(operation, str(status)).observe(seconds)

    def on_session_open(self, role: str) -> None:
        """A WebSocket was welcomed."""
        self._sessions.of(role).inc()

    def on_session_close(self, role: str, code: int) -> None:
        """A welcomed WebSocket is gone."""
        self._sessions.of(role).dec()
        self._session_ends.of(role, str(code)).inc()

    def on_late(self, seconds: float) -> None:
        """A timer was applied."""
        self._late.of().observe(seconds)

    def on_promise(self, tenant: str, queue: str, percent: int, is_kept: bool) -> None:  # noqa: FBT001
        """A wait that was promised has ended, in an entry of this router's."""
        self._promises.of(tenant, queue, f"p{percent}", "yes" if is_kept else "no").inc()

    def on_reload(self, *, is_ok: bool) -> None:
        """The configuration was read again."""
        self._reloads.of("ok" if is_ok else "refused").inc()

    def _counter(self, name: str, text: str, labels: list[str]) -> _Children:
        return _Children(Counter(name, text, labels, registry=self.registry))

    def _gauge(self, name: str, text: str, labels: list[str]) -> _Children:
        return _Children(Gauge(name, text, labels, registry=self.registry))

    def _histogram(
        self, name: str, text: str, labels: list[str], buckets: tuple[float, ...]
    ) -> _Children:
        metric = Histogram(name, text, labels, registry=self.registry, buckets=buckets)
        return _Children(metric)

    def _count_admitted(self, tenant: str, event: dict[str, Any]) -> None:
        origin = event.get("origin") or "none"
        self._admitted.of(tenant, event["queue"], event["channel"], origin).inc()

    def _count_unreachable(self, tenant: str, event: dict[str, Any]) -> None:
        self._unreachable.of(tenant, event["queue"]).inc()

    def _count_overflow(self, tenant: str, event: dict[str, Any]) -> None:
        source, reason = event.get("from"), event["reason"]
        if source is not None and reason != "transferred":
            self._overflowed.of(tenant, source, reason).inc()

    def _count_made(self, tenant: str, event: dict[str, Any]) -> None:
        self._offers.of(tenant, event["queue"], event["kind"], "made").inc()

    def _count_offer_end(self, tenant: str, event: dict[str, Any]) -> None:
        outcome: str = event["e"].removeprefix("offer.")
        if outcome == "declined" and event.get("cause") == "unreachable":
            outcome = "unreachable"
        if outcome == "revoked" and event.get("reason") in ("taken", "claimed"):
            outcome = "taken"
        self._offers.of(tenant, event["queue"], event["kind"], outcome).inc()
        self._ring.of(tenant, event["queue"], outcome).observe(event["ring_ms"] / 1000)
        if outcome == "accepted" and event["kind"] not in BY_HAND:
            self._count_wait(tenant, event["queue"], "answered", event["wait_ms"])

    def _count_assigned(self, tenant: str, event: dict[str, Any]) -> None:
        """Only who waited, and was claimed or given to somebody, brings a wait of his own."""
        if event.get("wait_ms") is not None:
            self._count_wait(tenant, event["queue"], "answered", event["wait_ms"])

    def _count_closed(self, tenant: str, event: dict[str, Any]) -> None:
        queue = event["queue"]
        self._closed.of(tenant, queue, event["result"]).inc()
        if event["result"] == "handled" and event.get("agent") is not None:
            about = event.get("disposition") or "none"
            if event.get("disposition") and not event.get("disposition_label"):
                about = OTHER  # of no catalogue: anything
            resolved = {True: "yes", False: "no", None: "unknown"}[event.get("resolved")]
            self._disposed.of(tenant, queue, about, resolved).inc()
        if event.get("handle_ms") is not None:
            self._handle.of(tenant, queue).observe(event["handle_ms"] / 1000)
        if event.get("wrap_up_ms"):
            self._wrap_up.of(tenant, queue).observe(event["wrap_up_ms"] / 1000)
        if event.get("wait_ms") is not None and event["result"] in LOST:
            self._count_wait(tenant, queue, event["result"], event["wait_ms"])

    def _count_score(self, tenant: str, event: dict[str, Any]) -> None:
        self._score.of(tenant, event["queue"]).observe(event["score"])

    def _count_response(self, tenant: str, event: dict[str, Any]) -> None:
        if event.get("response_met") is not None:
            kind = "first" if event.get("first_response") else "next"
            met = "yes" if event["response_met"] else "no"
            self._responses.of(tenant, event["queue"], kind, met).inc()

    def _count_late(self, tenant: str, event: dict[str, Any]) -> None:
        self._responses_late.of(tenant, event["queue"]).inc()

    def _count_wait(self, tenant: str, queue: str, outcome: str, wait_ms: int) -> None:
        self._wait.of(tenant, queue, outcome).observe(wait_ms / 1000)
        is_in_time = wait_ms <= self.service_level_ms
        for variant in VARIANTS:
            is_answer = outcome == "answered"
            if is_answer or variant != "answered_only":
                self._counted.of(tenant, queue, variant).inc()
                is_met = is_answer or (variant, outcome) == ("with_abandons", "abandoned")
                if is_in_time and is_met:
                    self._met.of(tenant, queue, variant).inc()
