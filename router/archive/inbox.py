"""Owns the inbox: lists of contacts by what people ask for, and how many there are. No I/O but SQL.

A page costs what it shows and no more. Each question is *driven* by one or more indexes that end
with the sort key; what else is asked is looked at row by row, and after `LOOKS_MAX` rows the page
ends where it is: it may be short, even empty, and still name a cursor.

A cursor is the key of the last row looked at. Arrival never changes, so pages by `newest` or
`oldest` show a contact that fits all the time exactly once, whatever moves meanwhile. By `due` a
contact that is given another due time between two pages is where that puts it.
"""

import base64
import heapq
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    exists,
    func,
    select,
    true,
    tuple_,
)

from router.archive import fold
from router.archive.schema import CONTACTS, IS_LAST, PARTICIPANTS, WORDS, words_of

C: Final = CONTACTS.c
CHUNK_MIN: Final = 5
LOOKS_MAX: Final = 2_000

Sort = Literal["newest", "oldest", "due"]
Fields = dict[str, Any]
Condition = ColumnElement[bool]


class Wish(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked for; everything must hold. An empty list asks for nothing.

    `queues` None: those of the whole tenant. `owner` "" is nobody; `owner_not` leaves out that
    one's and nobody's. `participant` has had it or written in it; `participant_not` somebody else
    has, and he has not. `text` are words of the subject. What was closed
    before `hidden_before` (ms) is not shown.
    """

    states: tuple[str, ...] = ()
    queues: tuple[str, ...] | None = None
    owner: str | None = None
    owner_not: str | None = None
    participant: str | None = None
    participant_not: str | None = None
    customer: str | None = None
    address: str | None = None
    conversation: str | None = None
    channel: str | None = None
    origin: str | None = None
    subject: str | None = None
    text: str = ""
    waiting: Literal["us", "customer", "nobody"] | None = None
    hidden_before: int | None = None
    sort: Sort = "newest"


class Page(NamedTuple):
    """Records in their order, and where the next page begins; None: there is no more."""

    records: list[Fields]
    cursor: str | None


class BadCursorError(ValueError):
    """Raised for a cursor that is none, or another order's."""


class _Key(NamedTuple):
    """A row's place in the order: total, because a life of a contact is there once."""

    value: int
    contact: str
    life: int


class _Drive(NamedTuple):
    """An index to walk along: the table with the sort key, and what is equal in all its rows."""

    table: Table
    value: Column[Any]
    equal: Condition
    is_falling: bool


def page(
    connection: Connection, tenant: str, wish: Wish, *, limit: int, cursor: str | None = None
) -> Page:
    """Up to `limit` contacts. Raises: BadCursorError."""
    after = _read_cursor(wish, cursor) if cursor is not None else None
    fits = and_(IS_LAST, *_conditions(wish))
    drives = _drives(tenant, wish)
    chunk = CHUNK_MIN + 2 * limit // max(1, len(drives))
    rows = heapq.merge(
        *(_walk(connection, drive, fits, after, chunk) for drive in drives),
        key=lambda found: found[0],
        reverse=wish.sort == "newest",
    )
    records: list[Fields] = []
    for looks, (key, record) in enumerate(rows, 1):
        if record is not None:
            records.append(fold.decode(record))
        if len(records) == limit or looks == LOOKS_MAX:
            return Page(records, _write_cursor(wish, key))
    return Page(records, None)


def counts(
    connection: Connection, tenant: str, queues: Sequence[str] | None, me: str | None
) -> list[Fields]:
    """How many contacts are open: by queue, state, and whose they are (me, others, nobody)."""
    whose = case((C.owner.is_(None), "nobody"), (C.owner == me, "me"), else_="others")
    asked = (
        select(C.queue, C.state, whose.label("whose"), func.count().label("contacts"))
        .where(C.tenant == tenant, C.closed_at.is_(None), IS_LAST)
        .group_by(C.queue, C.state, "whose")
        .order_by(C.queue, C.state, "whose")
    )
    if queues is not None:
        asked = asked.where(C.queue.in_(queues))
    return [dict(row) for row in connection.execute(asked).mappings()]


def _conditions(wish: Wish) -> Iterator[Condition]:
    """All that a row must fulfil, whatever index it was found by."""
    if wish.states:
        yield C.state.in_(wish.states)
    if wish.queues is not None:
        yield C.queue.in_(wish.queues)
    if wish.owner is not None:
        yield C.owner.is_(None) if wish.owner == "" else C.owner == wish.owner
    if wish.owner_not is not None:
        yield and_(C.owner.is_not(None), C.owner != wish.owner_not)
    for name in ("customer", "address", "conversation", "channel", "origin", "subject", "waiting"):
        value = getattr(wish, name)
        if value is not None:
            yield C[name] == value
    if wish.hidden_before is not None:
        yield C.closed_at.is_(None) | (C.closed_at >= wish.hidden_before)
    if wish.participant is not None:
        yield _has(PARTICIPANTS, lambda part: part.agent == wish.participant)
    if wish.participant_not is not None:
        yield _has(PARTICIPANTS, lambda part: part.agent != wish.participant_not)
        yield ~_has(PARTICIPANTS, lambda part: part.agent == wish.participant_not)
    for word in words_of(wish.text):
        yield _has(WORDS, lambda one, word=word: one.word == word)


def _has(table: Table, which: Callable[..., Condition]) -> Condition:
    t = table.alias().c  # the table itself may be what we walk along
    same = and_(t.tenant == C.tenant, t.contact == C.contact, t.life == C.life)
    return exists().where(same, which(t)).correlate(CONTACTS)


def _drives(tenant: str, wish: Wish) -> list[_Drive]:
    """The indexes that find it, the narrowest that the wish allows."""
    if wish.queues == ():
        return []
    falling = wish.sort == "newest"
    words = sorted(words_of(wish.text), key=len)
    if wish.sort != "due":
        for table, name, value in (
            (WORDS, "word", words[-1] if words else None),
            (PARTICIPANTS, "agent", wish.participant),
        ):
            narrower = wish.customer or wish.address or wish.conversation
            if value is not None and narrower is None:
                t = table.c
                equal = and_(t.tenant == tenant, t[name] == value)
                return [_Drive(table, t.arrived, equal, falling)]
    sorted_by = C.due if wish.sort == "due" else C.arrived
    found = [
        _Drive(CONTACTS, sorted_by, and_(C.tenant == tenant, which, part), falling)
        for which, part in product(_narrow(wish), _parts(wish))
    ]
    if wish.sort == "due":
        return [drive._replace(equal=drive.equal & C.due.is_not(None)) for drive in found]
    return found


def _narrow(wish: Wish) -> Sequence[Condition]:
    for name in ("conversation", "customer", "address"):
        value = getattr(wish, name)
        if value is not None:
            return [C[name] == value]
    if wish.owner:
        return [C.owner == wish.owner]
    if wish.queues is not None:
        return [C.queue == queue for queue in wish.queues]
    if wish.subject is not None:
        return [C.subject == wish.subject]
    return [true()]


def _parts(wish: Wish) -> Sequence[Condition]:
    """Open and closed contacts are in indexes apart: those open are few, however old the tenant."""
    parts = []
    if not wish.states or set(wish.states) - {"closed"}:
        parts.append(C.closed_at.is_(None))
    if (not wish.states or "closed" in wish.states) and wish.sort != "due":
        parts.append(C.closed_at.is_not(None))
    return parts


def _walk(
    connection: Connection, drive: _Drive, fits: Condition, after: _Key | None, chunk: int
) -> Iterator[tuple[_Key, str | None]]:
    """The rows along an index, in chunks; those that do not fit have no record."""
    t, value = drive.table.c, drive.value
    place = (value, t.contact, t.life)
    asked = select(*place, case((fits, C.record))).where(drive.equal).limit(chunk)
    if drive.table is not CONTACTS:
        same = and_(C.tenant == t.tenant, C.contact == t.contact, C.life == t.life)
        asked = asked.join_from(drive.table, CONTACTS, same)
    asked = asked.order_by(*(each.desc() if drive.is_falling else each for each in place))
    while True:
        beyond = tuple_(*place)
        some = asked
        if after is not None:
            some = asked.where(beyond < after if drive.is_falling else beyond > after)
        rows = connection.execute(some).all()
        for found in rows:
            after = _Key(*found[:3])
            yield after, found[3]
        if len(rows) < chunk:
            return


def _write_cursor(wish: Wish, key: _Key) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode([wish.sort, *key])).decode()


def _read_cursor(wish: Wish, cursor: str) -> _Key:
    try:
        read = msgspec.json.decode(base64.urlsafe_b64decode(cursor), type=tuple[str, int, str, int])
    except ValueError:  # msgspec's and base64's errors are of this kind
        raise BadCursorError from None
    if read[0] != wish.sort:
        raise BadCursorError
    return _Key(*read[1:])
