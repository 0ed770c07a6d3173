"""Owns how a plan reads: plain lines, the same on every terminal. Pure."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from router.config.plan import Changed, Plan

SHOWN_MAX: Final = 20
"""Entries of one kind that are shown; the rest is counted, and stands in the JSON."""
MARKS: Final = {"added": "+", "changed": "~", "removed": "-"}


def told(plan: Plan) -> Iterator[str]:
    """The plan, a line at a time."""
    for changed in plan.changes:
        yield from _object(changed)
    yield from _part("agents who could be offered other contacts", _eligibility(plan))
    yield from _part(
        "agents who can serve",
        [f"{s.queue} {s.channel}: {s.before} -> {s.after}" for s in plan.staffing],
    )
    yield from _part("contacts that wait", _waiting(plan))
    yield from _part("queues that have other hours", _hours(plan))
    yield from _part("agents above what they then may hold", _overloaded(plan))
    yield from _part(
        "problems",
        [f"{p.level}: {_name(p.kind, p.id)}: {p.text}" for p in plan.problems],
        shown_max=len(plan.problems),
    )
    yield _sum(plan)


def _object(changed: Changed) -> Iterator[str]:
    yield f"{MARKS[changed.what]} {_name(changed.kind, changed.id)}"
    for setting in changed.fields:
        yield f"    {setting.field}: {_value(setting.old)} -> {_value(setting.new)}"


def _part(title: str, lines: Sequence[str], shown_max: int = SHOWN_MAX) -> Iterator[str]:
    if not lines:
        return
    yield f"{title}:"
    yield from (f"  {line}" for line in lines[:shown_max])
    if len(lines) > shown_max:
        yield f"  and {len(lines) - shown_max} more"


def _eligibility(plan: Plan) -> list[str]:
    lines = []
    for entry in plan.eligibility:
        parts = [f"gains {', '.join(entry.gained)}"] if entry.gained else []
        parts += [f"loses {', '.join(entry.lost)}"] if entry.lost else []
        lines.append(f"{entry.agent} {'; '.join(parts)}")
    return lines


def _waiting(plan: Plan) -> list[str]:
    lines = [
        f"{w.line}: {_count(w.waiting, 'waits', 'wait')}, agents {w.before} -> {w.after}"
        for w in plan.waiting
    ]
    lines += [f"{k.queue}: {k.waiting} keep their due time" for k in plan.kept_due]
    stuck = plan.unreachable
    if stuck.count:
        names = ", ".join(stuck.contacts) + (" …" if stuck.count > len(stuck.contacts) else "")
        lines.append(
            f"no agent at all for {stuck.count} ({stuck.new} of them now have one): {names}"
        )
    if plan.partial:
        lines.append("so many wait that not all were looked at")
    return lines


def _hours(plan: Plan) -> list[str]:
    words = {True: "open", False: "closed"}
    return [
        f"{h.queue} ({f'calendar {h.calendar}' if h.calendar else 'no calendar'}): "
        f"now {words[h.before]} -> {words[h.after]}"
        for h in plan.hours
    ]


def _overloaded(plan: Plan) -> list[str]:
    return [f"{o.agent} holds {o.holds} of {o.what}, limit {o.limit}" for o in plan.overloaded]


def _sum(plan: Plan) -> str:
    if not plan.changes:
        return f"nothing to do: version {plan.base} is like that"
    errors = sum(problem.level == "error" for problem in plan.problems)
    parts = [_count(len(plan.changes), "change", "changes")]
    parts += [_count(errors, "error", "errors")] if errors else []
    warnings = len(plan.problems) - errors
    parts += [_count(warnings, "warning", "warnings")] if warnings else []
    steps = f", in {plan.steps} steps" if plan.steps > 1 else ""
    return f"{', '.join(parts)} on top of version {plan.base}{steps}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _name(kind: str, name: str) -> str:
    return f"{kind} {name}".rstrip()


def _value(value: Any) -> str:
    if value is None:
        return "none"
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 80 else f"{text[:77]}..."
