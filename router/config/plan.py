"""Owns what a change of settings would do, told before it is done. Pure.

The plan is computed from the whole configuration and from who waits and who works at that moment;
what stands in the way is what the store would refuse, by the same rules.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct, field

from router import calendars
from router.config.eligible import Line, Roster, counted
from router.config.obstacles import Live, obstacles, warnings
from router.config.whole import (
    CHANGES_MAX,
    Change,
    FieldChange,
    Plain,
    Target,
    Whole,
    after,
    differences,
)

NAMED_MAX = 20
"""Contacts named one by one; the rest is counted."""

Effect = Literal["fewer", "more", "none", "others"]


class Changed(Struct, frozen=True, omit_defaults=True):
    """One object that would change, with its settings that differ."""

    kind: str
    id: str
    what: str
    fields: list[FieldChange] = []


class Eligibility(Struct, frozen=True):
    """An agent who could be offered other contacts than before; lines as `queue channel skills`."""

    agent: str
    gained: list[str]
    lost: list[str]


class Staffing(Struct, frozen=True):
    """How many agents can serve a queue's channel, before and after."""

    queue: str
    channel: str
    before: int
    after: int


class Waiting(Struct, frozen=True):
    """A line in which contacts wait, and how many agents can serve it, before and after."""

    line: str
    waiting: int
    before: int
    after: int
    effect: Effect


class Unreachable(Struct, frozen=True):
    """Waiting contacts that no agent could ever be offered; `new` had one before."""

    count: int = 0
    new: int = 0
    contacts: list[str] = []


class Overload(Struct, frozen=True):
    """An agent who would hold more than he then may: he keeps it, and gets nothing more."""

    agent: str
    what: str
    holds: int
    limit: int


class Hours(Struct, frozen=True):
    """A queue whose hours would be others, and whether it is open now, before and after."""

    queue: str
    calendar: str
    before: bool
    after: bool


class Kept(Struct, frozen=True):
    """Contacts that wait in a queue whose settings change: their due times stay as they are."""

    queue: str
    waiting: int


class Trouble(Struct, frozen=True):
    """What is wrong with the change: an error stops it, a warning should be read."""

    level: Literal["error", "warning"]
    kind: str
    id: str
    text: str


class Plan(Struct, frozen=True, kw_only=True):
    """All that a change would do, on top of version `base`."""

    base: int
    changes: list[Changed] = []
    steps: int = 1
    eligibility: list[Eligibility] = []
    staffing: list[Staffing] = []
    waiting: list[Waiting] = []
    unreachable: Unreachable = field(default_factory=Unreachable)
    kept_due: list[Kept] = []
    hours: list[Hours] = []
    overloaded: list[Overload] = []
    problems: list[Trouble] = []
    partial: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether something stands in the way."""
        return any(problem.level == "error" for problem in self.problems)


def plan(whole: Whole, wanted: Mapping[Target, Plain | None], live: Live) -> Plan:
    """What it would do to have the wanted objects; nothing is done."""
    changes = differences(whole.objects, wanted)
    made = after(whole.objects, changes)
    before, then = Roster(whole.objects), Roster(made)
    lines: dict[Line, list[str]] = {}
    for contact in live.waiting:
        lines.setdefault(contact.line, []).append(contact.id)
    errors = [Trouble("error", *found) for found in obstacles(whole, changes, live)]
    unreachable, staffing = _unreachable(before, then, lines), list(_staffing(before, then))
    told = warnings(whole.objects, made, changes, then, live.wall)
    return Plan(
        base=whole.version,
        changes=[Changed(c.kind, c.id, c.what, c.fields()) for c in changes],
        steps=max(1, -(-len(changes) // CHANGES_MAX)),
        eligibility=list(_eligibility(before, then, lines)),
        staffing=staffing,
        waiting=list(_waiting(before, then, lines)),
        unreachable=unreachable,
        kept_due=_kept_due(changes, live),
        hours=list(_hours(whole.objects, made, live.wall)),
        overloaded=list(_overloaded(changes, live)),
        problems=errors + [Trouble("warning", *found) for found in told],
        partial=live.partial,
    )


def _served(roster: Roster, agent: str, waiting: Iterable[Line]) -> set[Line]:
    """His lines without requirements, and of those in which somebody waits the ones he serves."""
    return roster.base_lines(agent) | {line for line in waiting if roster.serves(agent, line)}


def _eligibility(before: Roster, then: Roster, lines: Mapping[Line, Any]) -> Iterator[Eligibility]:
    asking = [line for line in lines if line.asks]
    for agent in sorted(before.agents.keys() | then.agents.keys()):
        same = before.agents.get(agent) == then.agents.get(agent)
        if same and before.channels == then.channels and before.queues == then.queues:
            continue
        had, has = _served(before, agent, asking), _served(then, agent, asking)
        if had != has:
            gained, lost = sorted(has - had), sorted(had - has)
            yield Eligibility(agent, [g.name for g in gained], [lo.name for lo in lost])


def _staffing(before: Roster, then: Roster) -> Iterator[Staffing]:
    had, has = counted(before), counted(then)
    for line in sorted(had.keys() | has.keys()):
        if had.get(line, 0) != has.get(line, 0):
            yield Staffing(line.queue, line.channel, had.get(line, 0), has.get(line, 0))


def _waiting(before: Roster, then: Roster, lines: Mapping[Line, list[str]]) -> Iterator[Waiting]:
    for line, contacts in sorted(lines.items()):
        had, has = before.able(line), then.able(line)
        if set(had) != set(has):
            effect = _effect(len(had), len(has))
            yield Waiting(line.name, len(contacts), len(had), len(has), effect)


def _effect(before: int, then: int) -> Effect:
    if then == 0:
        return "none"
    if before == then:
        return "others"
    return "fewer" if then < before else "more"


def _unreachable(before: Roster, then: Roster, lines: Mapping[Line, list[str]]) -> Unreachable:
    stuck, new = [], 0
    for line, contacts in lines.items():
        if not then.able(line):
            stuck += contacts
            new += len(contacts) if before.able(line) else 0
    return Unreachable(len(stuck), new, sorted(stuck)[:NAMED_MAX])


def _kept_due(changes: list[Change], live: Live) -> list[Kept]:
    waiting = Counter(contact.line.queue for contact in live.waiting)
    touched = [c.id for c in changes if c.kind == "queue" and c.what == "changed"]
    return [Kept(queue, waiting[queue]) for queue in touched if waiting[queue]]


def _hours(
    objects: Mapping[Target, Plain], made: Mapping[Target, Plain], wall_ms: int
) -> Iterator[Hours]:
    """Queues that are there before and after, whose calendar is another or has other hours."""
    for kind, queue in sorted(objects.keys() & made.keys()):
        if kind != "queue":
            continue
        calendar = made[kind, queue]["calendar"]
        had, has = _calendar_of(objects, queue), _calendar_of(made, queue)
        if had != has:
            yield Hours(queue, calendar, _is_open(had, wall_ms), _is_open(has, wall_ms))


def _calendar_of(objects: Mapping[Target, Plain], queue: str) -> Plain | None:
    return objects.get(("calendar", objects["queue", queue]["calendar"]))


def _is_open(calendar: Plain | None, wall_ms: int) -> bool:
    return calendar is None or calendars.is_open(calendars.settings_of(calendar), wall_ms)


def _overloaded(changes: list[Change], live: Live) -> Iterator[Overload]:
    for change in changes:
        standing = live.agents.get(change.id)
        if change.kind != "agent" or change.after is None or standing is None:
            continue
        held = Counter(work["ch"] for work in standing.work.values())
        for channel, count in sorted(held.items()):
            limit = change.after["slots"].get(channel, 0)
            if count > limit:
                yield Overload(change.id, channel, count, limit)
        units = sum(work["u"] for work in standing.work.values())
        if units > change.after["capacity"]:
            yield Overload(change.id, "capacity", units, change.after["capacity"])
