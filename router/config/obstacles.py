"""Owns what stands in the way of a change of settings, and what should be thought of first. Pure.

The obstacles are those that `put_config` refuses for; `docs/protocol.md` lists them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct, field

from router.calendars import settings_of
from router.config.check import nearest
from router.config.circles import Edge, diversions, warning, way_back
from router.config.eligible import Line, Roster
from router.config.whole import Change, Plain, Target, Whole, after, named_queues


class Standing(Struct, frozen=True):
    """What an agent is doing: presence, how many desktops, and the contacts he holds."""

    presence: str = "offline"
    sessions: int = 0
    work: dict[str, Plain] = {}


class Waiter(Struct, frozen=True):
    """A waiting contact: its line, and the agents it waits for alone, for a while."""

    id: str
    line: Line
    direct: tuple[str, ...] = ()


class Live(Struct, frozen=True, kw_only=True):
    """Who waits and who works, at the instant `wall`.

    Of each queue `served` counts the contacts with agents, `later` those held and scheduled.
    """

    agents: dict[str, Standing] = field(default_factory=dict)
    waiting: list[Waiter] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=dict)
    later: dict[str, int] = field(default_factory=dict)
    wall: int = 0
    partial: bool = False


class Obstacle(NamedTuple):
    """Which object, and the sentence on it."""

    kind: str
    id: str
    text: str


def obstacles(whole: Whole, changes: list[Change], live: Live) -> Iterator[Obstacle]:
    """Why the store would refuse the changes."""
    made = after(whole.objects, changes)
    for change in changes:
        if change.before is None and change.after is None:
            text = f"there is no such {change.kind} to remove"
            yield Obstacle(change.kind, change.id, text)
        elif change.kind == "agent":
            texts = (
                _agent_stays(change.id, live) if change.after is None else _misfits(change, made)
            )
            yield from (Obstacle("agent", change.id, text) for text in texts)
        elif change.kind == "calendar" and change.after is None:
            if users := _users_of_hours(change.id, made):
                yield Obstacle("calendar", change.id, f"is used by {_some(users)}")
        elif change.kind == "queue" and change.after is None:
            for text in _queue_stays(change.id, whole.objects, made, live):
                yield Obstacle("queue", change.id, text)
    yield from _loops(made, changes)


def warnings(
    objects: Mapping[Target, Plain],
    made: Mapping[Target, Plain],
    changes: list[Change],
    then: Roster,
    wall_ms: int,
) -> Iterator[Obstacle]:
    """What the store would take, and hardly anybody can mean."""
    before = Roster(objects)
    touched = {(change.kind, change.id) for change in changes}
    for (kind, name), own in made.items():
        if kind == "queue" and (kind, name) in touched:
            for setting, target in named_queues(own):
                if ("queue", target) not in made:
                    yield Obstacle(kind, name, f"{setting} names {target}, which does not exist")
            if own["calendar"] and ("calendar", own["calendar"]) not in made:
                text = f"calendar names {own['calendar']}, which does not exist: it is always open"
                yield Obstacle(kind, name, text)
        if kind == "agent" and ((kind, name) in touched or before.channels != then.channels):
            yield from _idle_slots(name, own, then)
    for queue in sorted(then.queues):
        yield from _unstaffed(queue, before, then)
    if any(kind in ("queue", "calendar") for kind, _ in touched):
        yield from _diversions(made, wall_ms)


def _agent_stays(name: str, live: Live) -> Iterator[str]:
    standing = live.agents.get(name, Standing())
    if standing.presence != "offline" or standing.sessions:
        yield "is not offline"
    elif standing.work:
        yield f"holds {len(standing.work)} contacts"
    elif any(name in waiter.direct for waiter in live.waiting):
        yield "a contact waits for him alone"


def _misfits(change: Change, made: Mapping[Target, Plain]) -> Iterator[str]:
    own: Any = change.after
    queues = [name for kind, name in made if kind == "queue"]
    for queue in sorted(own["memberships"]):
        if queue not in queues:
            yield f"memberships.{queue}: no queue of this name; {nearest(queue, queues)}"
            return
    channels = list(made["tenant", ""]["channels"])
    for channel in sorted(own["slots"]):
        if channel not in channels:
            yield f"slots.{channel}: no channel of this name; {nearest(channel, channels)}"
            return


def _queue_stays(
    name: str, objects: Mapping[Target, Plain], made: Mapping[Target, Plain], live: Live
) -> Iterator[str]:
    waiting = sum(1 for waiter in live.waiting if waiter.line.queue == name)
    if made["tenant", ""]["default_queue"] == name:
        yield "is the default queue"
    elif waiting or live.served.get(name) or live.later.get(name):
        served, later = live.served.get(name, 0), live.later.get(name, 0)
        yield f"has {waiting} waiting contacts, {served} with agents and {later} for later"
    else:
        users = sorted(_users(name, objects, made))
        if users:
            yield f"is named by {_some(users)}"


def _some(users: list[str]) -> str:
    return f"{', '.join(users[:5])}{' and others' if len(users) > 5 else ''}"


def _users_of_hours(calendar: str, made: Mapping[Target, Plain]) -> list[str]:
    """The queues that would use the calendar."""
    return sorted(
        f"queue {name}"
        for (kind, name), own in made.items()
        if kind == "queue" and own["calendar"] == calendar
    )


def _users(
    queue: str, objects: Mapping[Target, Plain], made: Mapping[Target, Plain]
) -> Iterator[str]:
    for (kind, name), own in made.items():
        if kind == "queue" and queue in [target for _, target in named_queues(own)]:
            yield f"queue {name}"
        if kind == "tenant":
            for subject, leads in own.get("subjects", {}).items():
                if leads.get("queue") == queue:
                    yield f"subject {subject}"
        was = objects.get((kind, name), {})
        if kind == "agent" and queue in own["memberships"] and queue in was.get("memberships", ()):
            yield f"agent {name}"


def _loops(made: Mapping[Target, Plain], changes: list[Change]) -> Iterator[Obstacle]:
    """Circles through a queue that changes; each is told at one of its queues."""
    told: set[str] = set()
    for change in changes:
        if change.kind != "queue" or change.after is None or change.id in told:
            continue
        edges = _edges_of(change.id, made)
        if way := way_back(change.id, edges, lambda queue: _edges_of(queue, made)):
            told |= {*way}
            yield Obstacle("queue", change.id, f"contacts would go in a circle: {' > '.join(way)}")


def _edges_of(queue: str, made: Mapping[Target, Plain]) -> list[Edge]:
    own = made.get(("queue", queue), {})
    return [
        Edge(target, own["calendar"] if setting == "closed_to" else None)
        for setting, target in named_queues(own)
    ]


def _diversions(made: Mapping[Target, Plain], wall_ms: int) -> Iterator[Obstacle]:
    """Circles of queues that divert to each other, all of which are closed at some time."""
    known = {name: settings_of(own) for (kind, name), own in made.items() if kind == "calendar"}
    told: set[str] = set()
    for kind, name in sorted(made):
        if kind != "queue" or name in told:
            continue
        way = diversions(name, lambda queue: _edges_of(queue, made))
        told |= {*way}
        if way and (
            text := warning(way, lambda queue: made["queue", queue]["calendar"], known, wall_ms)
        ):
            yield Obstacle("queue", name, text)


def _idle_slots(name: str, own: Plain, then: Roster) -> Iterator[Obstacle]:
    for channel, slots in sorted(own["slots"].items()):
        cost = then.cost(channel)
        if slots and cost > own["capacity"]:
            text = f"one {channel} contact costs {cost}, his capacity is {own['capacity']}"
            yield Obstacle("agent", name, text)


def _unstaffed(queue: str, before: Roster, then: Roster) -> Iterator[Obstacle]:
    """Channels of a queue that somebody served and nobody would."""
    for channel in sorted(then.channels):
        line = Line(queue, channel)
        if before.able(line) and not then.able(line):
            yield Obstacle("queue", queue, f"nobody could serve its {channel} contacts any more")
