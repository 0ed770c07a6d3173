"""Owns what walls show of every queue: how it stands now, lately and today.

Whoever looks is given what was read for somebody else a moment ago: any number of walls cost a
router one question at a time of each kind, and the more one takes, the more seldom it is asked.
What happened lately and today comes from the archive, counted as its reports count.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from msgspec import Meta, Struct

from router.api import views
from router.api.parameters import Names
from router.api.past import Past, zone_of
from router.archive.database import ArchiveError
from router.archive.intervals import Interval, cut
from router.archive.reports import columns, definitions, numbers_of
from router.archive.today import Figures, Levels, Today
from router.engine.engine import Call
from router.queries import CountAgents, CountQueues

JsonObject = dict[str, Any]
Ask = Callable[[str, Call], Awaitable[JsonObject]]
T = TypeVar("T")

FRESH_S: Final = 1.0
FIGURES_FRESH_S: Final = 5.0
SPARING: Final = 50
"""What took a second is asked again after so many: it may take one fiftieth of the time."""
KEPT_MAX: Final = 1_000
PAGE: Final = 50
"""Queues or agents in one question: it must not hold up the store."""
RECENT_MS: Final = 1_800_000
NOW: Final = (
    *("waiting", "oldest", "oldest_since", "unreachable", "held", "scheduled"),
    *("offered", "assigned", "waiting_customer", "wrap_up"),
    *("ready", "estimated_wait_ms", "hours"),
)
NOTHING: Final = numbers_of("queue", {})
SERIES: Final = (*("offered", "answered", "abandoned", "answered_in_time", "service_level_strict"),)
AGENTS: Final = ("ready", "busy", "not_ready", "offline")


class WallQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which queues, and whose day is today."""

    queue: Names | None = None
    time_zone: Annotated[str, Meta(max_length=64, description="whose day today is")] = "UTC"
    series: Annotated[
        Literal["15m"] | None, Meta(description="today's figures by quarter of an hour, too")
    ] = None


class Shared(Generic[T]):
    """An answer for all who ask while it is fresh, or while it is being found."""

    def __init__(
        self, ask: Callable[[], Awaitable[T]], fresh_s: float, clock: Callable[[], float]
    ) -> None:
        """`clock` tells seconds that never run back."""
        self._ask = ask
        self._fresh_s = fresh_s
        self._clock = clock
        self._fresh_until = clock()
        self._task: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The answer. Raises: what the question raised, for as long as an answer were fresh."""
        task = self._task
        if task is None or (task.done() and self._clock() >= self._fresh_until):
            task = self._task = asyncio.create_task(self._find(), name="wall")
            task.add_done_callback(_told)
        return await asyncio.shield(task)

    async def end(self) -> None:
        """Returns when no question is under way."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _find(self) -> T:
        began = self._clock()
        try:
            return await self._ask()
        finally:
            ended = self._clock()
            self._fresh_until = ended + max(self._fresh_s, (ended - began) * SPARING)


class Wallboard:
    """What one router tells walls; `ask` puts a question to the store."""

    def __init__(
        self, ask: Ask, past: Past, service_level_ms: int, clock: Callable[[], float] | None = None
    ) -> None:
        """Asks nothing before it is asked; the level is that of queues without a target."""
        self._ask = ask
        self._past = past
        self._level_ms = service_level_ms
        self._clock = clock or asyncio.get_running_loop().time
        self._kept: dict[tuple[str, ...], Shared[Any]] = {}
        self._days: dict[str, Today] = {}

    async def look(self, tenant: str, query: WallQuery) -> JsonObject:
        """Every queue, or those that are named. Raises: ProblemError, StoreError."""
        zone_of(query.time_zone)
        state, agents, figures = await asyncio.gather(
            self._state(tenant),
            self._shared(FRESH_S, lambda: self._agents(tenant), tenant, "agents"),
            self._shared(
                FIGURES_FRESH_S,
                lambda: self._figures(tenant, query.time_zone),
                *(tenant, "figures", query.time_zone),
            ),
        )
        wanted = None if query.queue is None else set(query.queue.split(","))
        queues = [
            self._queue(view, agents.get(view["queue"], {}))
            for view in state["queues"]
            if wanted is None or view["queue"] in wanted
        ]
        told: JsonObject = {"missing": figures}
        if isinstance(figures, Figures):
            told = {
                "time_zone": query.time_zone,
                "at": figures.recent.time.end - 1,
                "behind_ms": self._past.questions.behind_ms(tenant),
                "recent": _times(figures.recent.time),
                "today": _times(figures.today.time),
            }
            with_series = query.series is not None
            queues = [
                queue | _past_of(queue["queue"], figures, with_series=with_series)
                for queue in queues
            ]
        return {
            "now": state["now"],
            "agents": state["agents"],
            "not_ready_reasons": views.reasons_of(state),
            "queues": queues,
            "figures": told,
            "definitions": definitions(columns("queue")),
        }

    async def close(self) -> None:
        """Lets what is under way end."""
        for shared in list(self._kept.values()):
            await shared.end()

    async def _shared(self, fresh_s: float, ask: Callable[[], Awaitable[T]], *key: str) -> T:
        shared = self._kept.get(key)
        if shared is None:
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            shared = self._kept[key] = Shared(ask, fresh_s, self._clock)
        found: T = await shared.get()
        return found

    async def _state(self, tenant: str) -> JsonObject:
        return await self._shared(FRESH_S, lambda: self._queues(tenant), tenant)

    async def _queues(self, tenant: str) -> JsonObject:
        """How every queue stands."""
        found: list[JsonObject] = []
        cursor = None
        while True:
            page = await self._ask(tenant, CountQueues(limit=PAGE, cursor=cursor))
            found += page["queues"] or []
            cursor = page.get("cursor")
            if cursor is None:
                return page | {"queues": found}

    async def _agents(self, tenant: str) -> dict[str, dict[str, int]]:
        """How many agents of each queue stand how."""
        queues: dict[str, dict[str, int]] = {}
        cursor = None
        while True:
            page = await self._ask(tenant, CountAgents(limit=PAGE, cursor=cursor))
            for queue, counts in dict(page["queues"] or {}).items():
                total = queues.setdefault(queue, dict.fromkeys(AGENTS, 0))
                for how, count in counts.items():
                    total[how] += count
            cursor = page.get("cursor")
            if cursor is None:
                return queues

    async def _figures(self, tenant: str, zone: str) -> Figures | str:
        """What the archive counts of lately and today, or why it does not."""
        if not self._past.is_kept:
            return "no_archive"
        state = await self._state(tenant)
        now: int = state["now"]
        own = {view["queue"]: self._level(view) for view in state["queues"]}
        if tenant not in self._days:
            if len(self._days) >= KEPT_MAX:
                self._days.clear()
            self._days[tenant] = Today(self._past.questions, tenant)
        day = cut("day", now, now + 1, zone_of(zone), 1)[0]
        try:
            return await self._days[tenant].look(day, now, RECENT_MS, Levels(self._level_ms, own))
        except ArchiveError:
            return "archive_down"

    def _queue(self, view: JsonObject, agents: Mapping[str, int]) -> JsonObject:
        """How a queue stands now."""
        own = views.outside({name: view[name] for name in NOW if name in view})
        return {
            "queue": view["queue"],
            "name": view["name"],
            **own,
            "agents": {how: agents.get(how, 0) for how in AGENTS},
            "service_level_ms": self._level(view),
        }

    def _level(self, view: JsonObject) -> int:
        """A wait up to this is in time in the queue."""
        return int(view["target_ms"] or self._level_ms)


def _times(time: Interval) -> JsonObject:
    return {"from": time.begin, "to": time.end}


def _past_of(queue: str, figures: Figures, *, with_series: bool) -> JsonObject:
    """What a queue has done lately and today."""
    told: JsonObject = {
        when: {name: counted.rows.get(queue, NOTHING)[name] for name in NOTHING}
        for when, counted in (("recent", figures.recent), ("today", figures.today))
    }
    if with_series:
        told["series"] = [
            {"from": quarter.time.begin}
            | {name: quarter.rows.get(queue, NOTHING)[name] for name in SERIES}
            for quarter in figures.quarters
        ]
    return told


def _told(task: "asyncio.Task[Any]") -> None:
    """Nobody may have waited for it to the end."""
    if not task.cancelled():
        task.exception()
