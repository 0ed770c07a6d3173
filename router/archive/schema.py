"""Owns the archive's tables, their indexes, and how an older archive becomes this one. Pure.

What is there, for those who ask. Every table begins with `tenant`; all instants are the tenant's
own clock in ms; a position is that of the journal, as `ms`, `seq` and `nth` (the event in its
entry).

`acd_contacts`      one row for each contact, live ones too, with all that one filters or sorts by,
                    and the whole record as JSON in `record` (as the store has it;
                    `router.api.views` shows it). A gateway's id may come again long after its
                    contact was closed: `life` counts them, and the last one is meant by the id
                    alone (`is_last`). `waiting`: who has the ball: us, customer, or nobody
                    (closed). `owner`: who has it now, or had it when it was closed. `arrived`
                    never changes, `entered` is its place in the queue, `since` its wait, `moved`
                    the last event, `due` the order of routing. `forgotten`: the store has let it
                    go; only the archive has it.
`acd_participants`  every agent who ever had a contact or wrote in it ("mine" as "I replied").
`acd_words`         the words of its subject, by which it is found.
`acd_entries`       the timeline: each event that names the contact. `actor` is who asked for it
                    (`role:subject`, empty: time), `visibility` public or internal, `fields` the
                    event.
`acd_links`         contacts that belong together: `kind` says how, `other` is the other one.
`acd_waits`         each wait in one queue, from its entry to its end: answered, abandoned or left
                    (`how`, null while it lasts). A contact that comes back to a queue waits there
                    anew.
`acd_holds`         each time that an agent had a contact: from, end of talk, end of wrap-up.
`acd_presences`     what each agent had declared, from when to when.
`acd_positions`     how far a tenant's journal is archived; `turn` counts the transactions.
                    `is_loose`: the entry itself is not in the journal, as after a gap, which
                    `is_healing` then.
`acd_gaps`          what of a journal was gone before it was archived.
`acd_schema`        the version of these tables.

The indexes serve `router.archive.inbox`: those of a queue or an owner, open and closed ones apart,
newest or oldest first; what is due first; a customer's or an address's contacts; what an agent took
part in; a word of a subject. And retention: what was closed when. And admissions: the last
contact of a customer's conversation.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
    insert,
    inspect,
    select,
    text,
    true,
    update,
)

META: Final = MetaData()
LOCK: Final = 6_239_041
WORDS_MAX: Final = 30


def _key(name: str, kind: type[Text | Integer | BigInteger] = Text) -> Column[object]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _instant(name: str, *, is_needed: bool = False) -> Column[object]:
    return Column(name, BigInteger, nullable=not is_needed)


def _text(name: str) -> Column[object]:
    return Column(name, Text)


def _of_contact() -> tuple[Column[object], ...]:
    return (_key("tenant"), _key("contact"), _key("life", Integer))


def _place() -> tuple[Column[object], ...]:
    return (_key("ms", BigInteger), _key("seq", BigInteger), _key("nth", Integer))


CONTACTS: Final = Table(
    "acd_contacts",
    META,
    *_of_contact(),
    Column("is_last", Boolean, nullable=False),
    *(_text(name) for name in ("state", "queue", "channel", "kind", "origin", "subject")),
    *(_text(name) for name in ("customer", "address", "owner", "conversation", "waiting")),
    *(_text(name) for name in ("result", "reason", "disposition")),
    Column("resolved", Boolean),
    Column("score", Float),
    Column("priority", Integer),
    Column("tier", Integer),
    *(_instant(name) for name in ("arrived", "entered", "since", "due")),
    *(_instant(name) for name in ("assigned_at", "closed_at", "moved")),
    Column("forgotten", Boolean, nullable=False, server_default=false()),
    Column("record", Text, nullable=False),
)
C: Final = CONTACTS.c


def _index(name: str, *columns: Column[object], where: str | None = None) -> None:
    part = None if where is None else text(where)
    Index(f"acd_contacts_{name}", C.tenant, *columns, sqlite_where=part, postgresql_where=part)


OPEN: Final = "closed_at is null"
CLOSED: Final = "closed_at is not null"
for _column in (C.queue, C.owner):
    _index(f"{_column.name}_open", _column, C.arrived, where=OPEN)
    _index(f"{_column.name}_closed", _column, C.arrived, where=CLOSED)
_index("open", C.arrived, where=OPEN)
_index("ended", C.arrived, where=CLOSED)
_index("due", C.due, where=OPEN)
_index("queue_due", C.queue, C.due, where=OPEN)
_index("counts", C.queue, C.state, C.owner, where=OPEN)
for _column in (C.customer, C.address, C.conversation, C.subject):
    _index(_column.name, _column, C.arrived)
_index("thread", C.customer, C.conversation, C.channel, C.arrived, where="conversation is not null")
_index("closed", C.closed_at, where=CLOSED)  # else it is taken for those that are open
Index(
    "acd_contacts_leaving",
    *(C.tenant, C.closed_at),
    sqlite_where=text("closed_at is not null and not forgotten"),
    postgresql_where=text("closed_at is not null and not forgotten"),
)

PARTICIPANTS: Final = Table(
    "acd_participants",
    META,
    *_of_contact(),
    _key("agent"),
    _instant("first_at", is_needed=True),
    _instant("arrived", is_needed=True),
)
Index(
    "acd_participants_agent",
    PARTICIPANTS.c.tenant,
    PARTICIPANTS.c.agent,
    PARTICIPANTS.c.arrived,
)

WORDS: Final = Table(
    "acd_words", META, *_of_contact(), _key("word"), _instant("arrived", is_needed=True)
)
Index("acd_words_word", WORDS.c.tenant, WORDS.c.word, WORDS.c.arrived)

ENTRIES: Final = Table(
    "acd_entries",
    META,
    *_of_contact(),
    *_place(),
    _instant("at", is_needed=True),
    *(_text(name) for name in ("kind", "actor", "agent", "visibility", "fields")),
)

LINKS: Final = Table(
    "acd_links",
    META,
    *_of_contact(),
    _key("kind"),
    _key("other"),
    _instant("at", is_needed=True),
)
Index("acd_links_other", LINKS.c.tenant, LINKS.c.other)

WAITS: Final = Table(
    "acd_waits",
    META,
    *_of_contact(),
    *_place(),
    *(_text(name) for name in ("queue", "channel", "how", "agent")),
    _instant("from_at", is_needed=True),
    _instant("to_at"),
)
Index("acd_waits_from", WAITS.c.tenant, WAITS.c.from_at)
Index("acd_waits_to", WAITS.c.tenant, WAITS.c.to_at)

HOLDS: Final = Table(
    "acd_holds",
    META,
    *_of_contact(),
    *_place(),
    *(_text(name) for name in ("queue", "channel", "agent")),
    _instant("from_at", is_needed=True),
    _instant("talked_to"),
    _instant("to_at"),
)
Index("acd_holds_from", HOLDS.c.tenant, HOLDS.c.from_at)
Index("acd_holds_to", HOLDS.c.tenant, HOLDS.c.to_at)

PRESENCES: Final = Table(
    "acd_presences",
    META,
    *(_key("tenant"), _key("agent")),
    *_place(),
    *(_text(name) for name in ("presence", "reason")),
    _instant("from_at", is_needed=True),
    _instant("to_at"),
)
Index("acd_presences_from", PRESENCES.c.tenant, PRESENCES.c.from_at)
Index("acd_presences_to", PRESENCES.c.tenant, PRESENCES.c.to_at)

POSITIONS: Final = Table(
    "acd_positions",
    META,
    _key("tenant"),
    Column("epoch", Text, nullable=False),
    Column("entry", Text, nullable=False),
    _instant("at", is_needed=True),
    Column("turn", BigInteger, nullable=False),
    Column("is_healing", Boolean, nullable=False),
    Column("is_loose", Boolean, nullable=False),
)

GAPS: Final = Table(
    "acd_gaps",
    META,
    *(_key("tenant"), _key("after")),
    *(_text(name) for name in ("until", "why")),
    _instant("noticed", is_needed=True),
)

VERSION: Final = Table("acd_schema", META, Column("version", Integer, nullable=False))


class NewerArchiveError(Exception):
    """Raised for an archive that a later version of this program has changed."""


def _create(connection: Connection) -> None:
    META.create_all(connection)


def _index_threads(connection: Connection) -> None:
    for index in CONTACTS.indexes:
        index.create(connection, checkfirst=True)


STEPS: Final[tuple[Callable[[Connection], None], ...]] = (_create, _index_threads)
"""The step at place n makes version n + 1; `_create` makes the last one at once. Forward only."""


def migrate(connection: Connection) -> None:
    """Brings the tables to this version, in the running transaction; several may try at once.

    Raises: NewerArchiveError.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"select pg_advisory_xact_lock({LOCK})"))
    version = _version(connection)
    if version > len(STEPS):
        raise NewerArchiveError(f"the archive is of version {version}, we know {len(STEPS)}")
    if version == 0:
        _create(connection)
        connection.execute(insert(VERSION).values(version=len(STEPS)))
        return
    for step in STEPS[version:]:
        step(connection)
    connection.execute(update(VERSION).values(version=len(STEPS)))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(VERSION.name):
        return 0
    found: int | None = connection.execute(select(VERSION.c.version)).scalar()
    return found or 0


IS_LAST: Final = C.is_last == true()


def words_of(subject: str | None) -> list[str]:
    """The words by which a subject is found, each once: small letters without accents."""
    plain = unicodedata.normalize("NFKD", subject or "").casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return list(dict.fromkeys(re.findall(r"\w+", bare)))[:WORDS_MAX]
