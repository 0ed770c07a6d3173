"""Owns the sentences that sum an explanation up, and the view of a past offer. Pure.

The engine gives the verdicts (`router/lua/why.lua`, `why_agent.lua`); a sentence says nothing that
is not in them.
"""

from collections.abc import Mapping
from typing import Any, Final

from router.api import views
from router.journal.past import Past, Told

JsonObject = dict[str, Any]
NOT_ELIGIBLE: Final = frozenset({"lacks_skill", "direct_to_another", "not_member"})
END_FIELDS: Final = ("cause", "reason", "until", "ring_ms")


def contact(reply: JsonObject) -> JsonObject:
    """Where a contact stands, each candidate's verdict, and all of it in one sentence."""
    view = views.why(reply)
    return view | {"because": _because_of_contact(view)}


def agent(reply: JsonObject) -> JsonObject:
    """What an agent could take, what he gets from each of his lines, and why."""
    view = views.outside({name: value for name, value in reply.items() if name != "outcome"})
    return view | {"because": _because_of_agent(view)}


def offer(contact_id: str, number: int, past: Past) -> JsonObject:
    """How an offer came to be made and how it ended, as far back as the journal tells."""
    view: JsonObject = {"contact": contact_id, "offer": number, "found": past.made is not None}
    if past.made is None:
        reach = "it is empty" if past.since is None else f"what was read begins at {past.since}"
        view["because"] = f"the offer is no longer in the journal: {reach}"
        view["since"] = past.since
    else:
        made = views.event(dict(past.made.fields))
        view |= {name: value for name, value in made.items() if name not in ("e", "card")}
        view |= _where(past.made)
        view["because"] = _because_of_offer(view)
    if past.ended is not None:
        end = past.ended.fields
        view["end"] = {"outcome": end["e"].removeprefix("offer."), **_where(past.ended)}
        view["end"] |= {name: end[name] for name in END_FIELDS if end.get(name) is not None}
    return view


def _where(told: Told) -> JsonObject:
    return {
        "at": told.at,
        "position": told.position,
        "transition": told.transition,
        "config": told.config,
    }


def _because_of_contact(view: JsonObject) -> str:
    record = view["contact"]
    match record["state"]:
        case "queued":
            return _because_it_waits(view)
        case "offered":
            rung = " and ".join(made["agent"] for made in record["offers"])
            return f"it is offered to {rung}"
        case "assigned" | "wrap_up" | "waiting_customer":
            return f"{record['owner']} has it"
        case state:
            return f"it is {state}"


def _because_it_waits(view: JsonObject) -> str:
    record, tally = view["contact"], view["tally"]
    queue, total = record["queue"], sum(tally.values())
    if not total:
        return f"nobody serves {queue}"
    partly = " of those that were looked at" if view.get("tally_partial") else ""
    eligible = {name: count for name, count in tally.items() if name not in NOT_ELIGIBLE}
    if not eligible:
        return f"none of {_counted(total)} of {queue}{partly} may take it: {_listed(tally)}"
    if "may_claim" in eligible:
        free = _counted(eligible["may_claim"])
        return f"agents of {queue} choose, nothing is offered: {free}{partly} could claim it now"
    able = sum(eligible.values())
    who = f"nobody of {_counted(able, 'eligible ')}"
    return f"{who}{partly} is free for it: {_listed(eligible)}"


def _counted(count: int, kind: str = "") -> str:
    return f"{count} {kind}agent" + ("s" if count != 1 else "")


def _listed(tally: Mapping[str, int]) -> str:
    most_first = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {verdict}" for verdict, count in most_first)


def _because_of_agent(view: JsonObject) -> str:
    verdicts: dict[str, str] = view["verdicts"]
    lines: list[JsonObject] = view["lines"]
    if not lines:
        only = view["not_offered"]
        seen = f", and is offered nothing of {', '.join(only)}" if only else ""
        return f"no line is his: he serves no queue with a channel of his{seen}"
    if "ok" not in verdicts.values():
        said = set(verdicts.values())
        if len(said) == 1:
            return f"he can take nothing now: {said.pop()}"
        each = ", ".join(f"{channel} {verdict}" for channel, verdict in sorted(verdicts.items()))
        return f"he can take nothing now: {each}"
    cooling = [line for line in lines if line["verdict"] == "cooling"]
    if cooling:
        soonest = min(cooling, key=lambda line: line["until"])
        return (
            f"{soonest['contact']} waits in {soonest['line']}, which he failed before: "
            f"it is offered to him again from {soonest['until']} on, if nobody else takes it"
        )
    open_lines = [line for line in lines if line["verdict"] == "nobody_waits"]
    return f"nobody waits on {_lines(len(open_lines))} that he has room for{_place(open_lines)}"


def _lines(count: int) -> str:
    return "the one line" if count == 1 else f"the {count} lines"


def _place(lines: list[JsonObject]) -> str:
    """Where he stands in the row in which the fewest are before him."""
    standing = [line for line in lines if line.get("rank")]
    if not standing:
        return ""
    best = min(standing, key=lambda line: (line["rank"], line["line"]))
    if best["rank"] == 1:
        return f"; he is the next one of {best['line']}"
    return f"; of {best['line']} he is number {best['rank']}, and {best['first']} is the next one"


def _because_of_offer(view: JsonObject) -> str:
    agent_id = view["agent"]
    match view["kind"], view["side"]:
        case "consult", _:
            return f"{agent_id} was asked to take part"
        case "transfer", _:
            return f"it was transferred to {agent_id}"
        case "direct", _:
            return f"it asked for {agent_id}, who could take it"
        case _, "agent":
            skipped = view["skipped"]
            before = f"; {skipped} due earlier were cooling down for him" if skipped else ""
            return f"{agent_id} had room, and it was due first of what he serves{before}"
        case _:
            return _because_of_row(view)


def _because_of_row(view: JsonObject) -> str:
    passed = [other["agent"] for other in view.get("passed") or ()]
    first = "was first" if not passed else f"was number {view['rank']}"
    text = f"{view['agent']} {first} of those who were ready, by {view.get('strategy')}"
    if passed:
        text += f"; {', '.join(passed)} had failed it before"
    spare = view.get("next")
    return text + (f"; without him it would have been {spare['agent']}" if spare else "")
