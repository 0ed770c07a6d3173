"""Owns how `acd top` looks: a title, the queues, who waits longest, the agents, and the keys. Pure.

What needs attention is told by a sign and by a colour: `!` soon, `!!` now.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from router.cli.live.sight import (
    AGENT_SORTS,
    QUEUE_SORTS,
    Sight,
    Wish,
    alarm_of_level,
    alarm_of_wait,
)
from router.cli.live.staff import Agent
from router.cli.tables import by_channel, printable

View = dict[str, Any]
SIGNS: Final = ("", "!", "!!")
STYLES: Final = ("", "yellow", "bold red")
STATE_STYLES: Final = {
    "ringing": "cyan",
    "busy": "blue",
    "wrap-up": "magenta",
    "ready": "green",
    "not ready": "yellow",
    "offline": "bright_black",
}
NOTHING: Final = "-"
STALE_S: Final = 5.0
DAY_MS: Final = 86_400_000
KEYS: Final = "q quit  s sort queues  a sort agents  / filter  ↑↓ scroll"
AIRY: Final = 20
"""From this height on there are empty lines between the parts."""
HEADS: Final = 4
"""Lines besides: the title, the summary, the queues' heads and the keys."""
WAITS_MAX: Final = 4


class Column(NamedTuple):
    """A column of the queues, and how wide the terminal must be for it to be shown."""

    name: str
    from_width: int
    cell: Callable[[View, int], Text]


class Rooms(NamedTuple):
    """How many rows each part gets."""

    queues: int
    waits: int
    agents: int


def draw(sight: Sight, wish: Wish, width: int, height: int | None) -> RenderableType:
    """The whole picture; `height` None: all rows there are, one below the other."""
    queues, waits, agents = sight.queues(wish), sight.longest(wish), sight.agents(wish)
    gap = 1 if height is None or height >= AIRY else 0
    rooms = Rooms(len(queues), len(waits), len(agents))
    if height is not None:
        rooms = _shared(height - HEADS - 3 * gap, rooms)
    skip = min(wish.skip, max(0, len(queues) - rooms.queues))
    shown = queues[skip : skip + rooms.queues]
    tables = [_queue_table(shown, sight, width, _of(len(queues), skip, len(shown)))]
    if rooms.waits:
        tables.append(_wait_table(sight, wish, rooms.waits))
    if rooms.agents:
        tables.append(_agent_table(agents[: rooms.agents], sight, width, len(agents)))
    parts: list[RenderableType] = [_title(sight), _summary(sight)]
    for table in tables:
        parts += [*[Text()] * gap, table]
    if height is not None:
        used = 2 + sum(max(table.row_count, 1) + 1 + gap for table in tables)
        parts += [Text()] * (height - used - 1)
        parts.append(_line(_foot(wish), "reverse" if wish.is_typing else "bright_black"))
    return Group(*parts)


def clock_time(ms: float) -> str:
    """`0:07`, `12:03`, `3:05:12`: as wide as it is long."""
    seconds = max(0, int(ms)) // 1_000
    hours, rest = divmod(seconds, 3_600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def percent(level: float | None) -> str:
    """A share as people say it."""
    return NOTHING if level is None else f"{int(level * 100)}%"


def _shared(room: int, wanted: Rooms) -> Rooms:
    """A few rows for who waits longest, a third for agents at least, the rest for queues."""
    waits = min(wanted.waits, WAITS_MAX, max(0, room // 4 - 1))
    room -= waits + 1 if waits else 0
    least = min(wanted.agents, max(0, room // 3 - 1))
    queues = min(wanted.queues, max(1, room - (least + 1 if least else 0)))
    return Rooms(queues, waits, min(wanted.agents, max(0, room - max(queues, 1) - 1)))


def _title(sight: Sight) -> Text:
    line = _line(f"vez {sight.tenant}  ", "bold")
    if sight.lost_at is not None:
        away = clock_time((sight.clock() - sight.lost_at) * 1_000)
        line.append(f"!! no answer for {away}, trying again; this is old", STYLES[2])
    elif sight.trouble:
        line.append(f"! {sight.trouble}", STYLES[1])
    elif sight.age_s > STALE_S:
        line.append(f"! {clock_time(sight.age_s * 1_000)} old", STYLES[1])
    else:
        line.append("live", "green")
    return line.append(f"  {sight.url}", "bright_black")


def _summary(sight: Sight) -> Text:
    queues = sight.wall.get("queues", [])
    total = {name: sum(queue[name] for queue in queues) for name in ("waiting", "assigned")}
    line = _line(f"waiting {total['waiting']}  in hand {total['assigned']}")
    figures = sight.wall.get("figures", {})
    if "missing" in figures:
        line.append(f"  no figures: {figures['missing'].replace('_', ' ')}", "bright_black")
    elif queues:
        today = [queue["today"] for queue in queues]
        in_time, ended = (
            sum(one[name] for one in today for name in names)
            for names in (["answered_in_time"], ["answered", "abandoned"])
        )
        line.append(f"  today {percent(in_time / ended if ended else None)} of {ended} in time")
    line.append("  agents:")
    for state, count in sight.staff.counts().items():
        if count:
            line.append(f" {count} {state}", STATE_STYLES[state])
    return line


def _queue_table(queues: list[View], sight: Sight, width: int, of: str) -> Table:
    shown = [column for column in COLUMNS if width >= column.from_width]
    table = _table()
    table.add_column(f"QUEUE{of}", no_wrap=True, overflow="ellipsis", ratio=1, min_width=8)
    for column in shown:
        table.add_column(column.name, justify="right", no_wrap=True)
    now = sight.now
    for queue in queues:
        table.add_row(_named(queue, sight), *(column.cell(queue, now) for column in shown))
    if not queues:
        table.add_row(Text("none", "bright_black"))
    return table


def _named(queue: View, sight: Sight) -> Text:
    name = Text(printable(queue["name"] or queue["queue"]))
    hours = queue.get("hours")
    if hours and not hours["is_open"]:
        name.append(f" closed{_until(hours.get('opens_at'), sight)}", "bright_black")
    if queue["unreachable"]:
        name.append(f" !! {queue['unreachable']} for nobody", STYLES[2])
    return name


def _until(wall_ms: int | None, sight: Sight) -> str:
    """When it opens, in the time zone that was asked for; with the day, when that is far away."""
    if wall_ms is None:
        return ""
    zone = ZoneInfo(sight.wall["figures"].get("time_zone", "UTC"))
    form = "%H:%M" if wall_ms - sight.now < DAY_MS else "%a %H:%M"
    return f" to {datetime.fromtimestamp(wall_ms / 1_000, zone):{form}}"


def _wait_table(sight: Sight, wish: Wish, room: int) -> Table:
    table = _table()
    table.add_column("WAITS LONGEST", no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column("queue", no_wrap=True, overflow="ellipsis", max_width=16)
    table.add_column("for", justify="right", no_wrap=True)
    table.add_column("because", no_wrap=True, overflow="ellipsis", ratio=1)
    for wait in sight.longest(wish)[:room]:
        waited = sight.now - wait.since
        cell = _alarmed(clock_time(waited), alarm_of_wait(waited, wait.limit_ms))
        why = printable(sight.reasons.get(wait.contact, ""))
        table.add_row(printable(wait.contact), wait.queue, cell, Text(why))
    return table


def _agent_table(agents: list[Agent], sight: Sight, width: int, total: int) -> Table:
    table = _table()
    head = f"AGENT{_of(total, 0, len(agents))}"
    table.add_column(head, no_wrap=True, overflow="ellipsis", min_width=14, max_width=24)
    table.add_column("state", no_wrap=True, overflow="ellipsis")
    table.add_column("for", no_wrap=True, justify="right")
    table.add_column("in hand", no_wrap=True, overflow="ellipsis", ratio=1)
    if width >= 90:
        table.add_column("queues", no_wrap=True, overflow="ellipsis", ratio=2)
    for agent in agents:
        state = agent.state
        if state == "not ready" and agent.reason:
            state = f"{state}: {printable(agent.reason)}"
        lasted = f"{'' if agent.is_exact else '>'}{clock_time(sight.now - agent.since)}"
        cells: list[str | Text] = [
            printable(agent.name or agent.id),
            Text(state[:28], STATE_STYLES[agent.state]),
            lasted,
            _in_hand(agent),
        ]
        if width >= 90:
            cells.append(", ".join(sorted(agent.queues)))
        table.add_row(*cells)
    return table


def _in_hand(agent: Agent) -> str:
    counts: dict[str, int] = {}
    for channel, kind in agent.work.values():
        name = channel or "contact"
        if kind == "waiting_customer":
            name += " waiting"
        counts[name] = counts.get(name, 0) + 1
    return by_channel(counts)


def _foot(wish: Wish) -> str:
    if wish.is_typing:
        return f"filter: {wish.text}_   Enter keeps it, Esc clears it"
    filtered = f"filter: {wish.text}  " if wish.text else ""
    sorts = f"{QUEUE_SORTS[wish.queue_sort]}, {AGENT_SORTS[wish.agent_sort]}"
    return f"{filtered}{KEYS}  by {sorts}"


def _of(total: int, skip: int, shown: int) -> str:
    return f" {skip + 1}-{skip + shown} of {total}" if shown < total else ""


def _alarmed(text: str, alarm: int) -> Text:
    return Text(text + SIGNS[alarm], STYLES[alarm])


def _count(name: str) -> Callable[[View, int], Text]:
    return lambda queue, _: Text(str(queue[name]), "" if queue[name] else "bright_black")


def _agents(how: str) -> Callable[[View, int], Text]:
    return lambda queue, _: Text(str(queue["agents"][how]))


def _ready(queue: View, _now: int) -> Text:
    ready = queue["agents"]["ready"]
    return _alarmed(str(ready), 1 if queue["waiting"] and not ready else 0)


def _longest(queue: View, now: int) -> Text:
    if not queue["waiting"]:
        return Text("")
    waited = now - queue["oldest_since"]
    return _alarmed(clock_time(waited), alarm_of_wait(waited, queue["service_level_ms"]))


def _estimate(queue: View, _now: int) -> Text:
    waits = [wait["p80"] for wait in queue["estimated_wait_ms"].values()]
    return Text(clock_time(max(waits)) if waits else NOTHING)


def _level(when: str) -> Callable[[View, int], Text]:
    def cell(queue: View, _now: int) -> Text:
        level = queue.get(when, {}).get("service_level_strict")
        return _alarmed(percent(level), alarm_of_level(level))

    return cell


def _today(name: str) -> Callable[[View, int], Text]:
    return lambda queue, _: Text(str(queue.get("today", {}).get(name, NOTHING)))


COLUMNS: Final = (
    Column("wait", 0, _count("waiting")),
    Column("longest", 0, _longest),
    Column("ring", 50, _count("offered")),
    Column("talk", 50, _count("assigned")),
    Column("cust", 110, _count("waiting_customer")),
    Column("wrap", 90, _count("wrap_up")),
    Column("held", 120, _count("held")),
    Column("ready", 40, _ready),
    Column("busy", 60, _agents("busy")),
    Column("away", 100, _agents("not_ready")),
    Column("est p80", 70, _estimate),
    Column("SL 30m", 60, _level("recent")),
    Column("SL day", 78, _level("today")),
    Column("offered", 100, _today("offered")),
    Column("lost", 90, _today("abandoned")),
)


def _line(text: str, style: str = "") -> Text:
    return Text(text, style, no_wrap=True, overflow="ellipsis")


def _table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True, header_style="bold")


def reasons_of(view: View) -> str:
    """Why a contact waits, in a few words: what keeps how many agents, or what is wrong."""
    tally: Iterable[tuple[str, int]] = view.get("tally", {}).items()
    kept = sorted(((count, verdict) for verdict, count in tally if count), reverse=True)
    told = ", ".join(f"{count} {verdict.replace('_', ' ')}" for count, verdict in kept)
    return told or str(view.get("because", ""))
