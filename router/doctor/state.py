"""A tenant's state, as it is in the store, in one plain shape that can be compared. Pure.

Records are decoded, and what is empty is left out: the store keeps no difference between an empty
map, an empty list and nothing, so neither does the shape.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from router.doctor.shapes import PARTS, fault_in

Plain = dict[str, Any]

EMPTY: tuple[object, ...] = (None, "", [], {})
ALWAYS = (
    "lease_ms",
    "id",
    "state",
    "queue",
    "channel",
    "priority",
    "tier",
    "requirements",
    "any_of",
    "target_ms",
    "arrived",
    "entered",
    "offers",
    "accepted",
    "fp",
    "address",
    "subject",
    "origin",
    "customer",
    "attributes",
    "agents",
    "agent_wait_ms",
    "backup_queue",
    "callback",
    *("participants", "messages", "customer_since", "spoken", "answered"),
    *("response", "response_by"),
    "note",
    "links",
    *("episode", "follows", "followed_by", "conversation"),
)
REVOKED = ("id", "subject", "before", "until", "at", "reason")
TRACE = ("id", "state", "fp", "closed_at", "attached")
STEPS = ("joined", "relax", "stepped", "relaxed", "step_at", "late")
WAITING = ("line", "since", "due", "score", "direct", "sticky", "tried", "failures", *STEPS)
OWNED = ("owner", "assigned_at", "monitors", "consult")
SAID = ("disposition", "resolved", "closed_by", "rating")
BY_STATE: dict[str, tuple[str, ...]] = {
    "scheduled": (*ALWAYS, "due", "not_before", "look_at"),
    "held": (*ALWAYS, "due", "score", "held_until"),
    "queued": (*ALWAYS, *WAITING, "direct_until", "retry", "width", "widen_at", "dead_end"),
    "offered": (*ALWAYS, *WAITING, "ringing", "width", "widen_at"),
    "assigned": (*ALWAYS, "since", "due", "score", "ringing", *OWNED, "worked_ms"),
    "waiting_customer": (
        *(*ALWAYS, "due", "score", "owner", "worked_ms", "asked_at", "no_answer_at", "freed"),
    ),
    "wrap_up": (
        *ALWAYS,
        "owner",
        "assigned_at",
        "wrap_until",
        "wrap_up",
        "ended_at",
        "worked_ms",
        "reason",
        *SAID,
        "survey_wish",
    ),
    "closed": (
        *ALWAYS,
        *SAID,
        "owner",
        "result",
        "reason",
        "instruction",
        "closed_at",
        "survey_requested",
    ),
}
KNOWN_STATES = frozenset(BY_STATE)


def unpack(raw: bytes) -> Any:
    """One record of the store; whole numbers are written there as ints."""
    return msgspec.msgpack.decode(raw)


def shown(record: Plain, fields: tuple[str, ...] | None = None) -> Plain:
    """The fields that say something, without those that are empty."""
    names = record if fields is None else fields
    said = {name: record[name] for name in names if record.get(name) not in EMPTY}
    for name in PARTS & said.keys():
        said[name] = [shown(part) for part in said[name]]
    return said


def contact_shape(record: Plain) -> Plain:
    """What a contact's record says in its state; what other states left behind says nothing."""
    shape = shown(record, BY_STATE[record["state"]])
    if shape.get("failures") == 0:
        del shape["failures"]
    return shape


def agent_shape(record: Plain) -> Plain:
    """What an agent's record says, without what it keeps only to be fast."""
    shape = shown(record)
    for name in ("profile", "direct"):
        shape.pop(name, None)
    shape["sessions"] = sorted(shape.get("sessions", []))
    slots = {channel: n for channel, n in (record.get("slots") or {}).items() if n}
    shape["slots"] = slots
    if shape.get("pending"):
        shape["pending"] = shown(shape["pending"])
    return shown(shape)


@lru_cache(maxsize=1_000)
def past(blob: bytes) -> Plain:
    """A version as the store holds it; the same one is read with every state."""
    return past_shape(unpack(blob))


def thread_of(channel: str, customer: str, conversation: str) -> str:
    """The name under which the latest contact of a conversation is kept."""
    return f"{channel}|{len(customer.encode())}|{customer}|{conversation}"


def past_shape(record: Plain) -> Plain:
    """What the history says of one version."""
    shape = shown(record, ("version", "at", "note", "hash"))
    shape["changes"] = [
        shown({n: shown(v) if isinstance(v, dict) else v for n, v in change.items()})
        for change in record["changes"]
    ]
    return shape


def pairs(flat: list[bytes]) -> dict[str, str]:
    """A hash as the store answers it."""
    texts = [item.decode() for item in flat]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def scores(flat: list[bytes]) -> dict[str, int]:
    """A sorted set with its scores, which are whole."""
    return {member: int(float(score)) for member, score in pairs(flat).items()}


def members(flat: list[bytes]) -> list[str]:
    """A set, in order."""
    return sorted(item.decode() for item in flat)


def counts(flat: list[bytes]) -> dict[str, int]:
    """A hash of counts."""
    return {name: int(count) for name, count in pairs(flat).items()}


def rows(flat: list[bytes]) -> dict[str, Any]:
    """A hash of packed values."""
    return {name.decode(): unpack(row) for name, row in zip(flat[::2], flat[1::2], strict=True)}


SINGLE: dict[str, tuple[str, Callable[[Any], object]]] = {
    "tenant": ("tenant", lambda blob: shown(unpack(blob))),
    "timers": ("timers", scores),
    "n": ("counters", counts),
    "v": ("counts", counts),
    "est": ("estimates", rows),
    "file": ("file", lambda flat: {name: shown(own) for name, own in rows(flat).items()}),
    "reach": ("reach", counts),
    "rev": (
        "revoked",
        lambda flat: {name: shown(own, REVOKED) for name, own in rows(flat).items()},
    ),
    "rvt": ("revoked_until", scores),
}
RECORDS: dict[str, tuple[str, Callable[[Plain], Plain]]] = {
    "q": ("queues", shown),
    "c": ("contacts", contact_shape),
    "ad": ("definitions", shown),
    "cal": ("calendars", shown),
}
SHAPE_OF = {"a": agent_shape} | {kind: shape for kind, (_, shape) in RECORDS.items()}
KIND_OF = {"a": "agent", "ad": "agent", "c": "contact", "q": "queue", "cal": "calendar"}
INDEXES: dict[str, tuple[str, Callable[[list[bytes]], object]]] = {
    "w": ("waiting", scores),
    "wq": ("queue_waits", scores),
    "hq": ("held", scores),
    "sq": ("scheduled", scores),
    "r": ("ready", scores),
    "sk": ("skills", scores),
    "ql": ("lines", members),
    "qm": ("members", members),
    "br": ("short", scores),
    "aq": ("asked_in", scores),
    "aa": ("asked_by", scores),
    "qs": ("watchers", members),
    "ch": ("takers", members),
}


def empty_state() -> Plain:
    """A tenant with nothing in it."""
    return {
        "clock": None,
        "version": 0,
        "hash": "",
        "history": {},
        "tenant": {},
        "queues": {},
        "calendars": {},
        "held": {},
        "scheduled": {},
        "asked_in": {},
        "asked_by": {},
        "contacts": {},
        "expiring": [],
        "conversations": {},
        "lapsing": [],
        "traces": {},
        "agents": {},
        "definitions": {},
        "personal": {},
        "waiting": {},
        "queue_waits": {},
        "short": {},
        "short_count": 0,
        "ready": {},
        "lines": {},
        "timers": {},
        "counters": {},
        "counts": {},
        "skills": {},
        "members": {},
        "takers": {},
        "reach": {},
        "memory": {},
        "watchers": {},
        "answers": [],
        "ids": {},
        "estimates": {},
        "file": {},
        "revoked": {},
        "revoked_until": {},
        "other": [],
        "quarantined": [],
        "damaged": {},
        "strange": {},
    }


def decode_state(found: list[tuple[bytes, Any, int]]) -> Plain:
    """The state out of what READ answered: each key without its prefix, its value, its PTTL."""
    state = empty_state()
    for key, value, ttl in found:
        name = key.decode()
        if name == "meta":
            meta = pairs(value)
            state["clock"] = int(float(meta["virt"]))
            state["short_count"] = int(meta.get("short", "0"))
            state["version"] = int(meta.get("config", "0").partition("-")[0])
            state["hash"] = meta.get("hash", "")
            state["simulated"] = meta.get("sim") == "1"
        else:
            put_key(state, name, value)
            if name.startswith("c:") and ttl >= 0:
                state["expiring"].append(name[2:])
            elif name.startswith("cv:") and ttl >= 0:
                state["lapsing"].append(name[3:])
    state["other"] += [f"n {name}" for name in state["counters"] if is_left_over(state, name)]
    state["counters"] = {name: count for name, count in state["counters"].items() if count}
    state["memory"] = {k: v for k, v in state["memory"].items() if is_known(v, state["clock"])}
    state["expiring"].sort()
    state["lapsing"].sort()
    state["answers"].sort()
    return state


def is_left_over(state: Plain, counter: str) -> bool:
    """Whether it counts what is of a queue that is not there any more."""
    kind, _, queue = counter.partition("|")
    return kind != "agents" and queue not in state["queues"]


def is_known(kept: str, now: int) -> bool:
    """Whether what was kept of a customer counts still, by the tenant's clock."""
    return int(kept.partition("|")[0]) > now


def put_key(state: Plain, name: str, value: Any) -> None:
    """Puts what one key holds where the shape has it."""
    kind, _, rest = name.partition(":")
    if name in SINGLE:
        part, shape = SINGLE[name]
        state[part] = shape(value)
    elif name in ("queues", "calendars"):
        state["ids"][name] = members(value)
    elif name == "agents":
        state["ids"][name] = sorted(scores(value))
    elif name == "cfg":
        records = dict(zip(value[::2], value[1::2], strict=True))
        state["history"] = {int(version): past(blob) for version, blob in records.items()}
    elif kind == "a" or kind in RECORDS:
        put_blob(state, kind, rest, value)
    elif kind in INDEXES:
        part, read = INDEXES[kind]
        state[part][rest] = read(value)
    elif kind == "cv":
        state["conversations"][rest] = value.decode()
    elif kind in ("la", "rs"):
        state["memory"][name] = value.decode()
    elif kind == "k":
        state["answers"].append(rest)
    elif kind == "bad":
        state["quarantined"].append(rest)
    elif name != "journal":
        state["other"].append(name)


def put_blob(state: Plain, kind: str, key: str, blob: bytes) -> None:
    """Puts a record, or tells that it can not be read."""
    try:
        record = unpack(blob)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        state["damaged"][KIND_OF[kind], key] = f"its record is unreadable: {error}"
    else:
        put_record(state, kind, key, record)


def put_record(state: Plain, kind: str, key: str, record: Any) -> None:
    """Puts a record that was read, unless it does not say what it must."""
    if kind == "c" and isinstance(record, dict) and record.get("let_go") is not None:
        state["traces"][key] = {name: record.get(name) for name in TRACE}
        return
    if kind == "c" and isinstance(record, dict) and record.get("state") not in KNOWN_STATES:
        state["strange"][key] = record.get("state")
        return
    try:
        shape = SHAPE_OF[kind](record)
        fault = fault_in(kind, key, shape)
    except (AttributeError, KeyError, TypeError) as error:
        shape, fault = {}, f"{type(error).__name__}: {error}"
    if fault is not None:
        state["damaged"][KIND_OF[kind], key] = f"its record is damaged: {fault}"
        return
    state["agents" if kind == "a" else RECORDS[kind][0]][key] = shape
    if kind == "a":
        state["personal"][key] = sorted(record.get("direct") or {})
