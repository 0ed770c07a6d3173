"""The part of a tenant's state that `examine` answers, in the shape of the whole. Pure."""

from collections.abc import Iterator
from typing import Any

from router.doctor.state import INDEXES, KIND_OF, empty_state, put_record, shown

Plain = dict[str, Any]


def decode_part(reply: Plain) -> Plain:
    """A state that holds no more than what was examined, and all of one instant."""
    state = empty_state()
    state["clock"] = reply["now"]
    state["short_count"] = reply.get("short", 0)
    records = mapping(reply["records"])
    state["tenant"] = shown(mapping(records.pop("tenant", {})).get("", {}))
    for kind, held in records.items():
        for key, record in mapping(held).items():
            put_record(state, kind, key, record)
    for name in mapping(reply["damaged"]):
        kind, _, key = name.partition(":")
        state["damaged"][KIND_OF.get(kind, kind), key] = "its record is unreadable"
    for index, key, name, score in entries(reply["scores"]):
        if index == "timers":
            state["timers"][name] = score
        elif index == "agents":
            state["ids"].setdefault("agents", []).append(name)
        else:
            state[INDEXES[index][0]].setdefault(key, {})[name] = score
    for index, key, name, _ in entries(reply["entries"]):
        if index in ("queues", "calendars"):
            state["ids"].setdefault(index, []).append(name)
        else:
            state[INDEXES[index][0]].setdefault(key, []).append(name)
    for index, _, name, count in entries(reply["numbers"]):
        state["reach" if index == "reach" else "counters"][name] = count
    state["expiring"] = list(reply["expiring"])
    for thread, kept in mapping(reply["latest"]).items():
        state["conversations"][thread] = kept["id"]
        state["lapsing"] += [thread] if kept["lapses"] else []
    state["counters"] = {name: count for name, count in state["counters"].items() if count}
    return state


def entries(part: Any) -> Iterator[tuple[str, str, str, int]]:
    """Each entry: the index's prefix, its key, the name in it, and the score."""
    for index, held in mapping(part).items():
        kind, _, key = index.partition(":")
        for name, score in mapping(held).items():
            yield kind, key, name, score


def mapping(table: Any) -> Plain:
    """A table of the store as a map: an empty one has no kind."""
    return table if isinstance(table, dict) else {}
