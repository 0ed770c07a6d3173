"""What a record must say so that it can be worked with; the rest is the checks' affair. Pure."""

from typing import Annotated, Any, Final, Literal

import msgspec

from queues.settings import QueueSettings

Plain = dict[str, Any]
Name = Annotated[str, msgspec.Meta(min_length=1)]
Tier = Annotated[int, msgspec.Meta(ge=0, le=100)]


class _Offer(msgspec.Struct):
    n: int
    agent: Name
    deadline: int
    kind: str


class _Consult(msgspec.Struct):
    agent: Name
    since: int
    offer: int


class _Link(msgspec.Struct):
    contact: Name
    kind: str


class _Contact(msgspec.Struct):
    id: Name
    queue: Name
    channel: Name
    state: str
    tier: Tier
    entered: int
    priority: int
    line: str | None = None
    since: int | None = None
    due: int | None = None
    score: int | None = None
    joined: int | None = None
    owner: str | None = None
    offers: int = 0
    width: int = 1
    tried: dict[str, dict[str, int]] = {}
    ringing: list[_Offer] = []
    consult: _Consult | None = None
    links: list[_Link] = []
    participants: list[str] = []
    messages: list[str] = []
    customer: str = ""
    conversation: str | None = None
    customer_since: int | None = None
    episode: int | None = None
    follows: str | None = None
    followed_by: str | None = None
    note: str | None = None
    response: Plain = {}
    response_by: int | None = None


class _Work(msgspec.Struct):
    k: str
    ch: str
    u: int


class _Agent(msgspec.Struct):
    id: Name
    presence: Literal["offline", "not_ready", "ready"]
    since: int
    turn: int | None = None
    sessions: list[str] = []
    work: dict[str, _Work] = {}
    slots: dict[str, int] = {}
    marks: dict[str, int] = {}
    capacity: int = 0


class _Definition(msgspec.Struct):
    memberships: dict[str, Plain] = {}
    skills: dict[str, int] = {}
    slots: dict[str, int] = {}
    capacity: int = 0


PARTS: Final = frozenset({"relax", "steps", "dispositions"})
"""Fields that are lists of records; a queue's other lists are of names."""
_PLAIN: Final = (bool, int, str)
_Queue: Final = msgspec.defstruct(
    "_Queue",
    [
        (name, type(value), value)
        if type(value) in _PLAIN
        else (name, list[Plain] if name in PARTS else list[str], [])
        for name, value in msgspec.to_builtins(QueueSettings()).items()
    ],
)


SHAPES: Final[dict[str, type[msgspec.Struct]]] = {
    "a": _Agent,
    "ad": _Definition,
    "c": _Contact,
    "q": _Queue,
}
"""A key's prefix -> what its record must say."""


def fault_in(kind: str, key: str, record: Plain) -> str | None:
    """Why the shape of a record can not be worked with, or None."""
    expected = SHAPES.get(kind)
    if expected is None:
        return None
    try:
        whole = msgspec.convert(record, expected)
    except msgspec.ValidationError as error:
        return str(error)
    own = getattr(whole, "id", key) if kind in ("a", "c") else key
    return None if own == key else f"it says that it is {own}"
