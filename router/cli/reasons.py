"""Owns how explanations look on a terminal: of a contact, of an agent, of a past offer."""

from typing import Any

from rich.console import Console

from router.cli.tables import duration, place, table

View = dict[str, Any]


def of_contact(console: Console, view: View) -> None:
    """Where the contact stands, then a line for each agent of its queue, the next ones first."""
    contact = view["contact"]
    console.print(f"{contact['contact']}: {place(view)}")
    if contact["state"] in {"closed", "wrap_up", "held", "scheduled"}:
        return
    console.print(view["because"])
    wait = view.get("estimated_wait_ms")
    if wait:
        console.print(f"estimated: {duration(wait['p50'])}, at most {duration(wait['p80'])} (80 %)")
    tally = ", ".join(f"{count} {verdict}" for verdict, count in sorted(view["tally"].items()))
    console.print(f"agents of {contact['queue']}: {tally or 'none'}")
    rows = (
        (
            agent["agent"],
            agent["name"],
            agent["verdict"],
            agent.get("rank", ""),
            score(agent.get("score")),
            _detail(agent, view["now"]),
        )
        for agent in sorted(view["candidates"], key=lambda agent: agent.get("rank") or 10**9)
    )
    columns = ("agent", "name", "verdict", "rank", "score", "")
    table(console, columns, rows, "nobody serves this queue")
    if view["candidates"]:
        strategy = view["row"]["strategy"]
        console.print(f"{strategy}: the smallest score is called first; equal ones by id")


def of_agent(console: Console, view: View) -> None:
    """What he could take, then a line for each line that he serves."""
    console.print(f"{view['agent']}: {view['because']}")
    said = ", ".join(f"{name}: {word}" for name, word in sorted(view["verdicts"].items()))
    console.print(f"could take: {said or 'nothing'}")
    if view["not_offered"]:
        console.print(f"sees, but is not offered: {', '.join(view['not_offered'])}")
    rows = (
        (
            line["line"],
            line["waiting"],
            line.get("contact", ""),
            line["verdict"],
            f"for {duration(line['until'] - view['now'])}" if line.get("until") else "",
            f"{line['rank']} of {line['ready']}" if line.get("rank") else "",
            line.get("first", ""),
            line["strategy"],
        )
        for line in view["lines"]
    )
    columns = ("line", "waiting", "next", "verdict", "", "his rank", "first", "strategy")
    table(console, columns, rows, "he serves no line")
    if view["lines_total"] > len(view["lines"]):
        console.print(f"{len(view['lines'])} of {view['lines_total']} lines; --limit shows more")


def of_offer(console: Console, view: View) -> None:
    """One offer: to whom, why, instead of whom, and its end."""
    console.print(f"{view['contact']}, offer {view['offer']}: {view['because']}")
    if not view["found"]:
        return
    passed = [f"{one['agent']} (until {one['until']})" for one in view.get("passed") or ()]
    spare = view.get("next") or {}
    end = view.get("end")
    rows = (
        ("made", f"{duration(view['now'] - view['at'])} ago by {view['transition']}"),
        ("queue", f"{view['queue']} ({view['channel']}), line {view['line']}"),
        ("agent", f"{view['agent']}, rank {view['rank']}, score {score(view.get('score'))}"),
        ("passed over", ", ".join(passed) or "nobody"),
        ("else", f"{spare['agent']}, score {score(spare['score'])}" if spare else "nobody"),
        ("end", _end(end) if end else "pending"),
        ("config", view["config"]),
        ("journal", view["position"]),
    )
    table(console, ("", ""), rows, "")


def score(value: float | None) -> str:
    """A score as a whole number."""
    return "" if value is None else f"{value:.0f}"


def _end(end: View) -> str:
    said = [end[name] for name in ("cause", "reason") if end.get(name) not in (None, "")]
    return " ".join([end["outcome"], f"after {duration(end['ring_ms'])}", *said])


def _detail(agent: View, now: int) -> str:
    """What stands behind the verdict."""
    if agent.get("missing"):
        return ", ".join(agent["missing"])
    if agent.get("until"):
        return f"for another {duration(agent['until'] - now)}, after {agent['failures']} refusals"
    return f"{agent['rank']}. in turn" if agent.get("rank") else ""
