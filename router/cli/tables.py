"""Owns how answers look in a terminal: tables for people, one JSON object for programs."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

View = dict[str, Any]
WIDTH_WITHOUT_TERMINAL = 160


def show(view: View, draw: Callable[[Console, View], None], *, is_json: bool) -> None:
    """Prints the answer. Without a terminal there are no colours and lines are not cut to one."""
    if is_json:
        click.echo(as_json(view))
    else:
        draw(terminal(), view)


def as_json(view: View) -> str:
    """One JSON object, for programs."""
    return msgspec.json.encode(view).decode()


def terminal() -> Console:
    """Where people read: a terminal as wide as it is, or lines that are not cut to one."""
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(width=width, highlight=False, markup=False, emoji=False)


def agents(console: Console, view: View) -> None:
    """One line for each agent."""
    rows = (
        (
            agent["agent"],
            agent["name"],
            presence(agent),
            duration(view["now"] - agent["since"]) if agent.get("since") else "",
            len(agent["sessions"]),
            work(agent),
            ", ".join(f"{name}: {word}" for name, word in sorted(agent["verdicts"].items())),
        )
        for agent in view["agents"]
    )
    columns = ("agent", "name", "presence", "for", "desktops", "work", "could take")
    table(console, columns, rows, "no agents")


def queues(console: Console, view: View) -> None:
    """One line for each queue."""
    rows = (
        (
            queue["queue"],
            queue["settings"].get("name", ""),
            queue["waiting"],
            duration(view["now"] - queue["oldest_since"]) if queue.get("oldest_since") else "",
            opening(queue),
            queue["held"],
            queue["scheduled"],
            queue["offered"],
            queue["assigned"],
            queue["waiting_customer"],
            queue["wrap_up"],
            by_channel(queue["ready"]),
            ", ".join(name for name, count in sorted(queue["could_serve"].items()) if not count),
        )
        for queue in view["queues"]
    )
    columns = (
        "queue",
        "name",
        "waiting",
        "longest",
        "hours",
        "held",
        "scheduled",
        "offered",
        "assigned",
        "customer",
        "wrap-up",
        "ready",
        "nobody for",
    )
    table(console, columns, rows, "no queues")
    for dead_end in (one for queue in view["queues"] for one in queue["dead_ends"]):
        console.print(printable(f"{dead_end['waiting']} wait for nobody: {dead_end['line']}"))


def versions(console: Console, view: View) -> None:
    """One line for each version."""
    marks = {"added": "+", "changed": "~", "removed": "-"}
    rows = (
        (
            record["version"],
            datetime.fromtimestamp(record["at"] / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S"),
            record["actor"],
            record["hash"][:12],
            ", ".join(
                f"{marks[c['what']]}{c['kind']} {c['id']}".strip() for c in record["changes"]
            ),
            record["note"],
        )
        for record in view["versions"]
    )
    table(console, ("version", "at (UTC)", "by", "hash", "changed", "note"), rows, "none is kept")


def opening(queue: View) -> str:
    """Whether a queue with hours is open."""
    hours = queue.get("hours")
    if hours is None:
        return ""
    if hours.get("missing"):
        return f"open: no calendar {hours['calendar']}"
    return "open" if hours["is_open"] else "closed"


def by_channel(counts: dict[str, int]) -> str:
    """Counts with their channels, without those that are nothing."""
    return ", ".join(f"{count} {channel}" for channel, count in sorted(counts.items()) if count)


def contacts(console: Console, view: View) -> None:
    """One line for each contact."""
    rows = (
        (
            contact["contact"],
            contact["state"],
            contact["queue"],
            contact["channel"],
            duration(view["now"] - contact.get("since", contact["arrived"])),
            contact.get("owner") or ", ".join(offer["agent"] for offer in contact["offers"]),
            contact["priority"],
            needs(contact),
            contact["subject"],
        )
        for contact in view["contacts"]
    )
    columns = (
        "contact",
        "state",
        "queue",
        "channel",
        "since",
        "agent",
        "priority",
        "needs",
        "subject",
    )
    table(console, columns, rows, "no contacts")


def place(view: View) -> str:
    """The contact's place in a sentence."""
    contact = view["contact"]
    state, queue, channel = contact["state"], contact["queue"], contact["channel"]
    match state:
        case "queued":
            waited = duration(view["waited_ms"])
            rank = f"{view['rank']} of {view['waiting']}" if view.get("rank") else "unranked"
            needed = f" for {needs(contact)}" if needs(contact) else ""
            meant = f", for {' or '.join(contact['direct'])} alone" if contact.get("direct") else ""
            vain = "; no agent could ever serve it" if view.get("unreachable") else ""
            place = f"waits in {queue} ({channel}) for {waited}, {rank} in its line"
            return f"{place}{needed}{meant}{vain}"
        case "held":
            return f"is held until {queue} opens{instant(view.get('opens_at'))}"
        case "scheduled":
            return f"comes to {queue} later{instant(contact['not_before'])}"
        case "offered":
            rung = (
                f"{offer['agent']}, who has {duration(offer['deadline'] - view['now'])} to answer"
                for offer in contact["offers"]
            )
            return f"is offered to {'; '.join(rung)}"
        case "closed":
            return f"is closed: {contact['result']} {contact.get('reason') or ''}".rstrip()
        case _:
            return f"is {state.replace('_', '-')} with {contact.get('owner')}"


def instant(wall_ms: int | None) -> str:
    """An instant of the wall clock, in UTC."""
    if wall_ms is None:
        return ""
    return f": {datetime.fromtimestamp(wall_ms / 1_000, UTC):%Y-%m-%d %H:%M} UTC"


def presence(agent: View) -> str:
    """The agent's presence with its reason, and what he will be once he is idle."""
    text = f"{agent['presence']} ({agent['reason']})" if agent.get("reason") else agent["presence"]
    pending = agent.get("pending")
    return f"{text}, then {pending['presence']}" if pending else str(text)


def work(agent: View) -> str:
    """What he holds of what he may hold: `1/1 voice, 0/3 chat`."""
    held = list((agent["work"] or {}).values()) if isinstance(agent["work"], dict) else []
    counts = ((sum(w["ch"] == name for w in held), most, name) for name, most in _slots(agent))
    return ", ".join(f"{count}/{most} {name}" for count, most, name in counts)


def needs(contact: View) -> str:
    """`english>=50, french>=30 or german>=30`."""
    plain = ({skill: level} for skill, level in sorted(contact["requirements"].items()))
    clauses = (*plain, *contact.get("any_of", ()))
    return ", ".join(
        " or ".join(f"{skill}>={level}" for skill, level in sorted(clause.items()))
        for clause in clauses
    )


def duration(ms: float) -> str:
    """`850 ms`, `12 s`, `3:05 min`, `2:10 h`."""
    ms = max(0, int(ms))
    seconds = ms // 1_000
    if ms < 1_000:
        return f"{ms} ms"
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3_600:
        return f"{seconds // 60}:{seconds % 60:02} min"
    return f"{seconds // 3_600}:{seconds % 3_600 // 60:02} h"


def _slots(agent: View) -> list[tuple[str, int]]:
    return sorted(agent["slots"].items())


def table(
    console: Console, columns: Iterable[str], rows: Iterable[tuple[object, ...]], nothing: str
) -> None:
    """A table without lines, or `nothing` when it has no rows."""
    made = Table(box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(printable(str(cell)) for cell in row))
    if made.row_count:
        console.print(made)
    else:
        console.print(nothing)


def printable(text: str) -> str:
    """Without control characters, which could make a terminal do things."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
