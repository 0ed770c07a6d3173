"""Owns the numbers of one chat process that Prometheus reads.

What is counted happened in this process: sum over all that serve the chat. A conversation may be
known to several of them, as when its customer came back to another one.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from router.gateways.chat.transcript import Phase

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ACTIONS: Final = ("start", "messages", "end", "rating", "options", "stream")
OTHER: Final = "other"


class Now(NamedTuple):
    """What stands now: the phases of the conversations, pages connected, whether events come."""

    phases: list[Phase | None]
    browsers: int
    is_up: bool


class ChatMetrics(Collector):
    """Counters and histograms of one gateway, and gauges of what it has now."""

    def __init__(self, now: Callable[[], Now]) -> None:
        """`now` is asked when Prometheus asks."""
        self._now = now
        self._messages = Counter(
            "acd_chat_messages",
            "Messages of customers that the router took (in), of agents to pages (out).",
            ["direction"],
            registry=None,
        )
        self._repeats = Counter(
            "acd_chat_repeats",
            "Beginnings and messages that the router had already: a page sent them again.",
            ["action"],
            registry=None,
        )
        self._refused = Counter(
            "acd_chat_refused",
            "Requests that were refused, by problem, and streams, by close code.",
            ["action", "reason"],
            registry=None,
        )
        self._acknowledge = Histogram(
            "acd_chat_acknowledge_seconds",
            "From a customer's message until the router has it.",
            ["action"],
            registry=None,
            buckets=SECONDS,
        )
        self._away = Counter(
            "acd_chat_router_away", "Requests that a router did not answer.", registry=None
        )
        self._reconnects = Counter(
            "acd_chat_reconnects",
            "Streams of events begun anew; not resumed, when all conversations were read again.",
            ["resumed"],
            registry=None,
        )
        for direction in ("in", "out"):
            self._messages.labels(direction)
        for resumed in ("yes", "no"):
            self._reconnects.labels(resumed)

    def collect(self) -> Iterable[Metric]:
        """All families, for the registry."""
        now = self._now()
        phases = Tally(now.phases)
        conversations = GaugeMetricFamily(
            "acd_chat_conversations", "Conversations that are open here.", labels=["phase"]
        )
        for phase in Phase:
            conversations.add_metric([phase], phases[phase])
        yield conversations
        yield GaugeMetricFamily("acd_chat_pages", "Customers' pages connected.", now.browsers)
        yield GaugeMetricFamily(
            "acd_chat_connected", "1 while the router's events come, else 0.", int(now.is_up)
        )
        for counter in (self._messages, self._repeats, self._refused, self._away, self._reconnects):
            yield from counter.collect()
        yield from self._acknowledge.collect()

    def on_acknowledged(self, action: str, seconds: float, *, is_repeat: bool) -> None:
        """The router has a customer's message, `seconds` after it came."""
        self._acknowledge.labels(action).observe(seconds)
        if is_repeat:
            self._repeats.labels(action).inc()
        else:
            self._messages.labels("in").inc()

    def on_told(self) -> None:
        """An agent's message went to a conversation's pages."""
        self._messages.labels("out").inc()

    def on_refused(self, action: str, reason: str) -> None:
        """A page was told a problem or closed with a code, both of closed sets."""
        self._refused.labels(action if action in ACTIONS else OTHER, reason).inc()

    def on_away(self) -> None:
        """No router answered."""
        self._away.inc()

    def on_reconnect(self, *, is_resumed: bool) -> None:
        """The stream of events is there again."""
        self._reconnects.labels("yes" if is_resumed else "no").inc()
