"""What each of a tenant's keys is, and whom the names in it are about. Pure."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from router.doctor.look import timer_subject

MEMBER_AT: Final = 13
"""Where a contact's id begins in the name that it has in its line."""


class Subject(NamedTuple):
    """Something to look at, and where it was found besides: the index and its name there."""

    kind: str
    id: str
    place: tuple[str, str] | None = None


STRINGS: Final = {
    **dict.fromkeys(("a", "ad"), "agent"),
    "c": "contact",
    "cv": "conversation",
    "q": "queue",
    "cal": "calendar",
}
"""Records and the like: prefix -> what they are of."""
SILENT: Final = {
    **dict.fromkeys(("tenant", "la", "rs", "k"), "string"),
    **dict.fromkeys(("meta", "n", "v", "est", "cfg", "file", "rev"), "hash"),
    "rvt": "zset",
    "journal": "stream",
}
"""Keys that name nobody who has to be looked at."""
INDEXES: Final = {
    **dict.fromkeys(("w", "br", "r"), ("zset", "line")),
    **dict.fromkeys(("wq", "hq", "sq", "aq"), ("zset", "queue")),
    "aa": ("zset", ""),
    **dict.fromkeys(("qm", "qs"), ("set", "queue")),
    "ql": ("set", "queue"),
    "ch": ("set", ""),
    "sk": ("zset", ""),
    "timers": ("zset", ""),
    "agents": ("zset", ""),
    "queues": ("set", ""),
    "calendars": ("set", ""),
    "reach": ("hash", ""),
}
"""Indexes: prefix -> type, and what the rest of the key is."""
NAMES: Final = {
    **dict.fromkeys(("w", "br", "hq", "wq", "sq", "aq", "aa"), "contact"),
    **dict.fromkeys(("r", "qm", "qs", "ch", "sk", "agents"), "agent"),
    "ql": "line",
    "reach": "line",
    "queues": "queue",
    "calendars": "calendar",
}
"""What the names in an index are of; those among the timers tell it themselves."""
BY_MEMBER: Final = ("w", "br", "hq")
QUARANTINE: Final = "bad"


def fault_of_key(key: str, kind: str) -> str | None:
    """Why a key should not be there as it is, or None; `kind` is its type in the store."""
    prefix = key.partition(":")[0]
    if prefix == QUARANTINE:
        return None
    expected = "string" if prefix in STRINGS else SILENT.get(prefix)
    if expected is None and prefix in INDEXES:
        expected = INDEXES[prefix][0]
    if expected is None:
        return f"key {key} belongs to nobody"
    return None if kind in (expected, "none") else f"key {key} is a {kind}, not a {expected}"


def subjects_of_key(key: str) -> Iterator[Subject]:
    """Whom a key itself is about."""
    prefix, _, rest = key.partition(":")
    if prefix in STRINGS:
        yield Subject(STRINGS[prefix], rest)
    elif rest and prefix in INDEXES and INDEXES[prefix][1]:
        yield Subject(INDEXES[prefix][1], rest)


def is_index(key: str) -> bool:
    """Whether the key holds names to look at."""
    return key.partition(":")[0] in INDEXES


def subject_of_name(key: str, name: str) -> Subject:
    """Whom a name in an index is about."""
    prefix = key.partition(":")[0]
    if prefix == "timers":
        return Subject(*timer_subject(name), (key, name))
    own = name[MEMBER_AT:] if prefix in BY_MEMBER else name
    return Subject(NAMES[prefix], own, None if prefix == "reach" else (key, name))
