"""Owns what each event says of its contact: its record, folded from events. Pure.

Table-driven: a new event, or a new field of one, is a row in `TAKES` (what the record takes from
it) and, if one asks by it, in `COLUMNS`. An event without a row changes nothing here; it is in the
timeline all the same. Everything is set, nothing is added up: an event taken twice does no harm.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

Fields = dict[str, Any]

_PLACE: Final = ("line", "due", "entered", "tier")
_ASKED: Final = ("requirements", "any_of", "target_ms")


_CLOCKED: Final = ("queued", "offered", "assigned")
"""States in which a customer who waits for an answer has a deadline for it."""
MESSAGES_MAX: Final = 20
PARTICIPANTS_MAX: Final = 50
"""As many as the store keeps of a contact."""


class Take(NamedTuple):
    """What a record takes from an event.

    `state`: what it is then. `copies`: fields of the same name; one that the event does not have is
    gone. `renames`: event's field -> record's. `stamps`: fields that get the event's instant.
    `clears`: fields that are gone.
    """

    state: str | None = None
    copies: tuple[str, ...] = ()
    renames: tuple[tuple[str, str], ...] = ()
    stamps: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()


AWAITED: Final = ("freed", "asked_at", "no_answer_at")
UNOWNED: Final = ("owner", "assigned_at", "accepted", "wrap_up", "wrap_until", *AWAITED)

OUTCOME: Final = (
    *("result", "reason", "instruction", "disposition", "disposition_label"),
    *("disposition_missing", "resolved", "rating", "survey_requested", "closed_by"),
    *("closed_at", "ended_at", "wrap_until", "wrap_up"),
)
"""What is not true any more of a contact that goes on."""
MOVING: Final = frozenset({"queue", "direct"})
"""Offers by which a contact that waits is offered; by others it stays with its owner."""

TAKES: Final[dict[str, Take]] = {
    "contact.admitted": Take(
        copies=(
            *("state", "queue", "channel", "priority", *_PLACE, *_ASKED, "address", "subject"),
            *("origin", "customer", "attributes", "direct", "sticky", "relax", "kind"),
            *("conversation", "not_before", "held_until", "callback"),
            *("customer_since", "links", "follows", "note"),
        ),
        stamps=("arrived",),
    ),
    "contact.queued": Take(
        "queued",
        copies=("queue", *_PLACE, "since", "direct", "customer_since"),
        clears=(*UNOWNED, "held_until"),
    ),
    "contact.held": Take(
        "held",
        copies=("queue", "due", "entered"),
        renames=(("until", "held_until"),),
        clears=(*UNOWNED, "line", "direct"),
    ),
    "contact.scheduled": Take(
        "scheduled",
        copies=("queue", "not_before"),
        clears=(*UNOWNED, "line", "direct", "customer_since"),
    ),
    "contact.updated": Take(
        copies=("line", "due", "priority", "tier", *_ASKED, "relax", "subject", "attributes")
    ),
    "contact.forked": Take(copies=("links",)),
    "contact.linked": Take(copies=("links",), renames=(("other", "followed_by"),)),
    "contact.reopened": Take(
        copies=("state", "queue", *_PLACE, "episode", "customer_since", "direct", "sticky"),
        renames=(("agent", "owner"),),
        clears=(*OUTCOME, *AWAITED, "assigned_at", "accepted", "worked_ms"),
    ),
    "contact.step": Take(copies=(*_PLACE, "requirements", "any_of")),
    "contact.assigned": Take(
        "assigned", renames=(("agent", "owner"),), stamps=("assigned_at",), clears=AWAITED
    ),
    "contact.waiting_customer": Take(
        "waiting_customer",
        copies=("freed",),
        renames=(("until", "no_answer_at"), ("handle_ms", "worked_ms")),
        stamps=("asked_at",),
        clears=("assigned_at",),
    ),
    "contact.activity": Take(copies=("customer_since",)),
    "contact.response_clock": Take(copies=("response_by",)),
    "contact.consult_ended": Take(clears=("consult",)),
    "contact.wrap_up": Take(
        "wrap_up",
        copies=("reason", "disposition", "resolved", "closed_by"),
        renames=(("mode", "wrap_up"), ("until", "wrap_until")),
        stamps=("ended_at",),
    ),
    "contact.closed": Take(
        "closed",
        copies=(
            *("result", "reason", "disposition", "disposition_label", "disposition_missing"),
            *("resolved", "survey_requested", "closed_by", "instruction"),
        ),
        stamps=("closed_at",),
        clears=("customer_since", *AWAITED),
    ),
    "offer.made": Take(renames=(("offer", "offers"),)),
}

COLUMNS: Final[dict[str, str]] = {
    name: name
    for name in (
        *("state", "queue", "channel", "kind", "origin", "subject", "customer", "address"),
        *("owner", "conversation", "result", "reason", "priority", "tier", "arrived"),
        *("entered", "since", "due", "assigned_at", "closed_at", "moved"),
    )
}
"""A column -> the record's field that it holds; those below are worked out."""


def take(record: Fields, event: Fields, at: int) -> None:
    """Changes the record as the event says."""
    name: str = event["e"]
    row = TAKES.get(name, Take())
    record["moved"] = at
    for field in row.clears:
        record.pop(field, None)
    for field in row.copies:
        _put(record, field, event.get(field))
    for theirs, ours in row.renames:
        _put(record, ours, event.get(theirs))
    for field in row.stamps:
        record[field] = at
    if row.state is not None:
        record["state"] = row.state
    more = MORE.get(name)
    if more is not None:
        more(record, event, at)
    if "customer_since" not in record or record.get("state") not in _CLOCKED:
        record.pop("response_by", None)


def _put(record: Fields, field: str, value: Any) -> None:
    if value is None:
        record.pop(field, None)
    else:
        record[field] = value


def _admitted(record: Fields, _event: Fields, at: int) -> None:
    record.setdefault("offers", 0)
    if record.get("state") == "queued":
        record["since"] = at


def _offered(record: Fields, event: Fields, _at: int) -> None:
    if event.get("kind") in MOVING:
        record["state"] = "offered"


def _moved(record: Fields, event: Fields, _at: int) -> None:
    if event.get("reason") == "transferred":
        _put(record, "note", event.get("note"))
        if "due" in event:
            record["due"] = event["due"]


def _assigned(record: Fields, event: Fields, _at: int) -> None:
    if event.get("how") != "customer_replied":
        record.pop("worked_ms", None)
    for field in ("note", "due", "entered"):  # the place of what was taken out of hold
        if field in event:
            record[field] = event[field]


def _spoken(record: Fields, event: Fields, _at: int) -> None:
    if "id" in event:
        record["messages"] = _with(record.get("messages", []), event["id"], MESSAGES_MAX)
    if event["visibility"] == "internal" or event["author"] == "system":
        return
    record["spoken"] = True
    if event["author"] == "agent":
        record["answered"] = True
        heard = record.get("participants", [])
        record["participants"] = _with(heard, event["agent"], PARTICIPANTS_MAX)


def _with(items: list[str], item: str, most: int) -> list[str]:
    return items if item in items else [*items, item][-most:]


def _consulted(record: Fields, event: Fields, at: int) -> None:
    record["consult"] = {"agent": event["agent"], "since": at, "offer": event["offer"]}


def _closed(record: Fields, event: Fields, at: int) -> None:
    if "agent" in event:
        record["owner"] = event["agent"]
    if "wrap_up_ms" in event:
        record["ended_at"] = at - event["wrap_up_ms"]


def _called_back(record: Fields, event: Fields, _at: int) -> None:
    record["callback"] = {name: event[name] for name in ("attempts", "address") if name in event}


def _not_reached(record: Fields, event: Fields, _at: int) -> None:
    record["callback"] = record.get("callback", {}) | {"attempts": event["attempts"]}


def _reopened(record: Fields, _event: Fields, at: int) -> None:
    record["since" if record["state"] == "queued" else "assigned_at"] = at


def _scored(record: Fields, event: Fields, at: int) -> None:
    told = {name: event[name] for name in ("score", "comment") if name in event}
    record["rating"] = told | {"at": at}


MORE: Final[dict[str, Callable[[Fields, Fields, int], None]]] = {
    "contact.activity": _spoken,
    "contact.admitted": _admitted,
    "contact.assigned": _assigned,
    "contact.callback": _called_back,
    "contact.closed": _closed,
    "contact.consulted": _consulted,
    "contact.held": _moved,
    "contact.not_reached": _not_reached,
    "contact.queued": _moved,
    "contact.reopened": _reopened,
    "contact.scheduled": _moved,
    "contact.scored": _scored,
    "offer.made": _offered,
}
"""What is not a matter of fields alone."""


def row_of(record: Fields) -> Fields:
    """The columns of a record's row, but its key."""
    row: Fields = {column: _clean(record.get(field)) for column, field in COLUMNS.items()}
    row["waiting"] = waiting(record.get("state"))
    row["disposition"] = _clean(record.get("disposition"))
    row["resolved"] = record.get("resolved")
    row["score"] = record.get("rating", {}).get("score")
    row["record"] = encode(record)
    return row


def _clean(value: Any) -> Any:
    """Text without the one character that PostgreSQL can not hold; the record keeps it."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def waiting(state: str | None) -> str:
    """Who has the ball in a state."""
    if state == "closed":
        return "nobody"
    return "customer" if state == "waiting_customer" else "us"


def encode(value: Fields) -> str:
    """JSON text; what is not text in the store (bytes of a client) is refused by nobody here."""
    return msgspec.json.encode(value).decode()


def decode(text: str) -> Fields:
    """A record or an event of `encode`."""
    found: Fields = msgspec.json.decode(text)
    return found


PUBLIC: Final[dict[str, tuple[str, ...]]] = {
    "contact.admitted": ("state", "queue", "subject", "not_before"),
    "contact.queued": ("queue",),
    "contact.held": ("opens_at",),
    "contact.scheduled": ("not_before",),
    "contact.callback": ("address",),
    "contact.assigned": (),
    "contact.wrap_up": (),
    "contact.closed": ("result", "survey_requested"),
    "contact.waiting_customer": ("until",),
    "contact.reopened": ("state",),
}
"""Movements that the customer may know of, and which of their fields; nothing of agents."""
SAID: Final = ("author", "text", "attachments", "id")
"""What he may know of an entry that says itself that it is public."""


def visibility(event: Fields) -> str:
    """`public` for what the customer may see, else `internal`."""
    told = event.get("visibility")
    if isinstance(told, str):
        return "public" if told == "public" else "internal"
    return "public" if event["e"] in PUBLIC else "internal"


def for_customer(event: Fields) -> Fields:
    """The fields of a public event that its customer is shown."""
    names = PUBLIC.get(event["e"], SAID)
    return {name: event[name] for name in names if name in event}
