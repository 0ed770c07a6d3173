"""Owns how records of the store look outside: contacts, agents, queues and events. Pure.

The store keeps an empty map and an empty list alike, and attributes as JSON text; here each gets
its kind back. Fields that only the engine needs stay inside.
"""

from typing import Any, Final

import msgspec

from router import calendars
from router.api.schema import OfferReply
from router.engine.reply import Reply
from router.settings import USUAL_REASONS

MAPS: Final = frozenset(
    {
        *("requirements", "memberships", "skills", "slots", "verdicts", "work"),
        *("channels", "could_serve", "intake", "subjects", "tally", "lower"),
        "estimated_wait_ms",
    }
)
LISTS: Final = frozenset(
    {
        *("agents", "any_of", "candidates", "dead_ends", "direct", "missing", "origins"),
        *("interrupts", "lines", "not_offered", "dispositions", "links"),
        *("participants", "attachments", "reopen_by"),
        *("required", "sessions", "relax", "steps", "missing_targets", "drop"),
    }
)
PARTS: Final = frozenset({"settings", "steps", "relax"})
TEXTS: Final = frozenset({"attributes"})
PEERS: Final = frozenset({"passed", "next"})
"""What an offer tells of other agents: for those who may ask why it was made."""
HANDLED: Final = frozenset({"owner", "closed_by", "participants", "note"})
"""Who had a contact that is over, and what he left for the next: not for gateways."""
PEER: Final = ("agent", "name", "visible", "presence")
WAIT: Final = ("place", "estimated_wait_ms")
INSIDE: Final = frozenset(
    {
        *("fp", "score", "tried", "accepted", "retry", "agent_wait_ms"),
        *("dead_end", "stepped", "relaxed", "late", "monitors", "look_at", "survey_wish"),
        *(
            "messages",
            "spoken",
            "answered",
            "response",
            "worked_ms",
            "follows",
            "followed_by",
        ),
    }
)

_decode = msgspec.json.decode


def outside(record: dict[str, Any]) -> dict[str, Any]:
    """A flat record or event with the right kinds."""
    return {name: _value(name, value) for name, value in record.items() if name not in INSIDE}


def contact(record: dict[str, Any]) -> dict[str, Any]:
    """A contact as gateways and desktops see it."""
    view = outside(record)
    view["contact"] = view.pop("id")
    view["offers_made"], view["offers"] = view["offers"], view.pop("ringing", [])
    return view


def place(reply: dict[str, Any]) -> dict[str, Any]:
    """Where a contact stands, and how long it will wait from now where that is known."""
    return {name: value for name, value in reply.items() if name != "outcome"}


def offers(reply: Reply) -> list[OfferReply]:
    """The pending offers of the contact that a command was about."""
    return [OfferReply(n=made.n, agent=made.agent, deadline=made.deadline) for made in reply.offers]


def peer(record: dict[str, Any]) -> dict[str, Any]:
    """An agent as other agents see him: whether he is there, and for which queues."""
    view: dict[str, Any] = {name: record[name] for name in PEER if name in record}
    view["memberships"] = {queue: {} for queue in record.get("memberships") or {}}
    return view


def agent_with_work(reply: dict[str, Any]) -> dict[str, Any]:
    """An agent and the contacts he holds or is offered: what a desktop shows."""
    agent = outside(reply["agent"])
    return {
        "agent": {name: value for name, value in agent.items() if name != "work"},
        "work": [contact(record) for record in reply["work"] or []],
    }


def agents(reply: dict[str, Any], *, with_work: bool) -> dict[str, Any]:
    """A page of the directory."""
    look = outside if with_work else peer
    view: dict[str, Any] = {"agents": [look(agent) for agent in reply["agents"] or []]}
    if reply.get("cursor"):
        view["cursor"] = reply["cursor"]
    return view


def reasons_of(told: dict[str, Any]) -> dict[str, str]:
    """Why agents may be not ready, id -> name, as the tenant lists it; else the usual ones."""
    return dict(told["not_ready_reasons"] or dict.fromkeys(USUAL_REASONS, ""))


def queues(reply: dict[str, Any]) -> dict[str, Any]:
    """Every queue with its counts, agents by presence, and the reasons that they may tell."""
    return {
        "not_ready_reasons": reasons_of(reply["tenant"]),
        "queues": [outside(queue) for queue in reply["queues"] or []],
        "agents": reply["agents"],
    }


def calendar(record: dict[str, Any]) -> dict[str, Any]:
    """A calendar with its settings as they were given, and when it opens or closes next."""
    settings = calendars.settings_of(record["settings"])
    return {**record, "settings": calendars.plain(settings)}


def why(reply: dict[str, Any]) -> dict[str, Any]:
    """Where a contact stands and what became of each candidate."""
    view = outside({k: v for k, v in reply.items() if k not in ("contact", "outcome")})
    view["contact"] = contact(reply["contact"])
    return view


def event(fields: dict[str, Any]) -> dict[str, Any]:
    """An event of the journal as a client sees it."""
    for name in TEXTS:
        if name in fields:
            fields[name] = _value(name, fields[name])
    for name in MAPS & fields.keys():
        fields[name] = _value(name, fields[name])
    if "card" in fields:
        fields["card"] = outside(fields["card"])
    for name in PARTS & fields.keys():
        fields[name] = _value(name, fields[name])
    return fields


def without(fields: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """An event as somebody sees it to whom not all is shown."""
    return {name: value for name, value in fields.items() if name not in hidden}


def _value(name: str, value: Any) -> Any:
    if name in TEXTS:
        return _decode(value) if isinstance(value, str) and value else value or None
    if not value and isinstance(value, (list, dict)):
        if name in MAPS:
            return {}
        if name in LISTS:
            return []
    if name in PARTS and isinstance(value, list):
        return [outside(part) for part in value]
    if name in PARTS and isinstance(value, dict):
        return outside(value)
    return value
