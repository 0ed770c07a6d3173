"""Owns one step of the archive: a batch of entries becomes rows, in one transaction.

The position is compared and set first: of two archivers at the same place one goes on, the other
one finds itself overtaken and has changed nothing. Killed at any moment, a step is whole or not
there.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import Connection, Table, delete, select, update

from router.archive import facts, fold
from router.archive.database import put
from router.archive.schema import (
    CONTACTS,
    ENTRIES,
    GAPS,
    HOLDS,
    IS_LAST,
    LINKS,
    PARTICIPANTS,
    POSITIONS,
    PRESENCES,
    WAITS,
    WORDS,
    words_of,
)
from router.journal.entry import Entry, Event

Fields = dict[str, Any]
IN_MAX: Final = 500
NOT_TOLD: Final = frozenset({"e", "contact", "card"})
"""What a row of the timeline does not repeat: its columns, and what the record has."""
TAKES_PART: Final = frozenset({"contact.assigned", "contact.consulted", "contact.activity"})
"""Events whose agent has taken part in the contact."""
WAIT: Final[Fields] = dict.fromkeys(("queue", "channel", "how", "agent", "from_at", "to_at"))
HOLD: Final[Fields] = dict.fromkeys(("queue", "channel", "agent", "from_at", "talked_to", "to_at"))

log = structlog.get_logger()


class Place(NamedTuple):
    """How far a tenant's journal is archived: the last entry taken, and the transactions so far."""

    epoch: str
    entry: str
    at: int
    turn: int
    is_healing: bool
    is_loose: bool


class OvertakenError(Exception):
    """Raised when another archiver has gone on from here; nothing was changed."""


class Look(Enum):
    """What a contact is looked up in the store for."""

    REST = "first heard of: what no event will say; the journal says all that happens from here on"
    WHOLE = "repaired: it is as the store has it"
    LIFE = "it is as the store has it, or over if the store does not have it"


class Row:
    """A contact's row while a batch is folded."""

    __slots__ = ("is_last", "life", "record", "subject")

    def __init__(self, life: int, record: Fields) -> None:
        self.life = life
        self.record = record
        self.is_last = True
        self.subject = record.get("subject")  # the one whose words are written


def position(connection: Connection, tenant: str) -> Place | None:
    """Where the tenant's archive stands; None before its first step."""
    asked = select(POSITIONS).where(POSITIONS.c.tenant == tenant)
    found = connection.execute(asked).one_or_none()
    return None if found is None else Place(*found[1:])


def begin(connection: Connection, tenant: str, epoch: str) -> None:
    """Makes the position of a tenant that has none; another archiver may be first."""
    row = Place(epoch, "0-0", 0, 0, is_healing=False, is_loose=False)
    put(connection, POSITIONS, [{"tenant": tenant, **row._asdict()}], over=False)


def step(connection: Connection, tenant: str, place: Place, **changes: Any) -> Place:
    """Moves the position on, from exactly where we think that it is. Raises: OvertakenError."""
    after = place._replace(turn=place.turn + 1, **changes)
    done = connection.execute(
        update(POSITIONS)
        .where(POSITIONS.c.tenant == tenant, POSITIONS.c.turn == place.turn)
        .values(**after._asdict())
    )
    if done.rowcount != 1:
        raise OvertakenError(tenant)
    return after


def project(
    connection: Connection,
    tenant: str,
    place: Place,
    entries: Sequence[Entry],
    unreadable: Sequence[str] = (),
) -> tuple[Place, dict[str, Look]]:
    """Takes the entries that follow the place; answers the new one, and contacts to look up.

    Those are the ones never heard of, and those that a repair has touched. `unreadable` are the
    ids of entries between them that nobody can decode: they are recorded.

    Raises: OvertakenError.
    """
    last = max([*(entry.id for entry in entries), *unreadable], key=order)
    at = max([place.at, *(entry.at for entry in entries)])
    after = step(connection, tenant, place, entry=last, at=at, is_loose=False)
    batch = Batch(connection, tenant)
    batch.load(entries)
    for entry in entries:
        for event in entry.events:
            batch.take(entry, event)
    batch.write()
    put(connection, GAPS, [_unreadable(tenant, one, at) for one in unreadable])
    return after, batch.looks


class Batch:
    """The rows that a batch of entries touches."""

    def __init__(self, connection: Connection, tenant: str) -> None:
        """Loads nothing yet."""
        self.rows: dict[str, Row] = {}
        self.looks: dict[str, Look] = {}
        self._connection = connection
        self._tenant = tenant
        self._former: list[tuple[str, Row]] = []
        self._entries: list[Fields] = []
        self._parts: dict[tuple[str, int, str], Fields] = {}
        self._links: dict[tuple[Any, ...], Fields] = {}
        self._facts: dict[tuple[Any, ...], tuple[Table, Fields]] = {}
        self._presences: dict[tuple[Any, ...], Fields] = {}
        self._present: dict[str, Fields] = {}

    def load(self, entries: Iterable[Entry]) -> None:
        """Reads the contacts and agents that the entries name."""
        contacts: set[str] = set()
        agents: set[str] = set()
        for entry in entries:
            for event in entry.events:
                contact = event.fields.get("contact")
                if isinstance(contact, str):
                    contacts.add(contact)
                elif event.name in ("agent.state", "agent.removed"):
                    agents.add(event.fields["agent"])
        self.load_contacts(contacts)
        self.load_agents(agents)

    def load_contacts(self, contacts: Iterable[str]) -> None:
        """Reads the last life of each contact that is known."""
        c = CONTACTS.c
        for some in _chunks(sorted(contacts)):
            asked = select(c.contact, c.life, c.record)
            asked = asked.where(c.tenant == self._tenant, c.contact.in_(some), IS_LAST)
            for contact, life, record in self._connection.execute(asked):
                self.rows[contact] = Row(life, fold.decode(record))

    def load_agents(self, agents: Iterable[str]) -> None:
        """Reads what each agent has declared last."""
        c = PRESENCES.c
        for some in _chunks(sorted(agents)):
            asked = select(PRESENCES).where(c.tenant == self._tenant, c.agent.in_(some))
            for found in self._connection.execute(asked.where(c.to_at.is_(None))).mappings():
                self._present[found["agent"]] = dict(found)

    def take(self, entry: Entry, event: Event) -> None:
        """Folds one event; one that can not be is logged, and is in the timeline all the same."""
        contact = event.fields.get("contact")
        try:
            if isinstance(contact, str):
                row = self._row(contact, event, entry.at)
                self._note(contact, row.life, entry, event)
                self._fold(contact, row, event, entry.at)
            elif event.name in ("agent.state", "agent.removed"):
                self.present(event.fields, event.key, entry.at)
            if event.name == "contact.lost":
                self.looks[event.fields["contact"]] = Look.LIFE
            elif event.name == "repair.made" and event.fields["kind"] == "contact":
                self.looks.setdefault(event.fields["id"], Look.WHOLE)
        except (KeyError, TypeError, ValueError):
            log.exception("archive.event_unfit", tenant=self._tenant, position=event.position)

    def present(self, fields: Fields, key: tuple[int, int, int], at: int) -> None:
        """What the agent has declared; while it is the same, it goes on."""
        agent, presence = fields["agent"], fields.get("presence")
        reason = fields.get("reason") or None
        held = self._present.get(agent)
        if held is not None:
            if held["presence"] == presence and held["reason"] == reason:
                return
            self._presences[_place_of(held)] = self._present.pop(agent) | {"to_at": at}
        if presence is None:
            return
        begun = {"tenant": self._tenant, "agent": agent, "presence": presence, "reason": reason}
        begun |= {"ms": key[0], "seq": key[1], "nth": key[2], "from_at": at, "to_at": None}
        self._present[agent] = begun
        self._presences[_place_of(begun)] = begun

    def keep(self, contact: str, row: Row, found: Iterable[facts.Fact]) -> None:
        """Facts of a contact, to be written; a later one of the same place is over the earlier."""
        for fact in found:
            table, empty = (WAITS, WAIT) if fact.table == "waits" else (HOLDS, HOLD)
            ms, seq, nth = fact.place
            key = {"tenant": self._tenant, "contact": contact, "life": row.life}
            key |= {"ms": ms, "seq": seq, "nth": nth}
            self._facts[(fact.table, *key.values())] = (table, key | empty | fact.row)

    def renew(self, contact: str, row: Row) -> Row:
        """The id stands for another contact from here on."""
        row.is_last = False
        self._former.append((contact, row))
        self.rows[contact] = Row(row.life + 1, {"id": contact})
        return self.rows[contact]

    def write(self) -> None:
        """Writes all that was folded."""
        rows = [*self._former, *self.rows.items()]
        put(self._connection, CONTACTS, [self._contact_row(*one) for one in rows])
        for contact, row in rows:
            if row.record.get("subject") != row.subject:
                self._write_words(contact, row)
        put(self._connection, ENTRIES, self._entries, over=False)
        put(self._connection, PARTICIPANTS, list(self._parts.values()), over=False)
        put(self._connection, LINKS, list(self._links.values()), over=False)
        for one in (WAITS, HOLDS):
            put(self._connection, one, [row for table, row in self._facts.values() if table is one])
        put(self._connection, PRESENCES, list(self._presences.values()))

    def _row(self, contact: str, event: Event, at: int) -> Row:
        """The contact's row; a gateway's id that comes again after its end begins a new life."""
        row = self.rows.get(contact)
        if event.name != "contact.admitted":
            if row is None:
                self.looks.setdefault(contact, Look.REST)
                row = self.rows[contact] = Row(1, {"id": contact})
            return row
        if row is None:
            row = self.rows[contact] = Row(1, {"id": contact})
        elif row.record.get("state") == "closed" and row.record.get("arrived") != at:
            row = self.renew(contact, row)
        return row

    def _fold(self, contact: str, row: Row, event: Event, at: int) -> None:
        self.keep(contact, row, facts.of_contact(row.record, event, at))
        fold.take(row.record, event.fields, at)
        for link in event.fields.get("links") or ():
            key = (contact, row.life, link["kind"], link["contact"])
            made = dict(zip(("contact", "life", "kind", "other"), key, strict=True))
            self._links.setdefault(key, {"tenant": self._tenant, **made, "at": at})
        agent = event.fields.get("agent")
        if event.name in TAKES_PART and isinstance(agent, str):
            part = {"tenant": self._tenant, "contact": contact, "life": row.life, "agent": agent}
            part |= {"first_at": at, "arrived": row.record.get("arrived", at)}
            self._parts.setdefault((contact, row.life, agent), part)

    def _write_words(self, contact: str, row: Row) -> None:
        key = {"tenant": self._tenant, "contact": contact, "life": row.life}
        if row.subject is not None:
            c = WORDS.c
            same = (c.tenant == self._tenant, c.contact == contact, c.life == row.life)
            self._connection.execute(delete(WORDS).where(*same))
        words = words_of(row.record.get("subject"))
        arrived = row.record.get("arrived", 0)
        put(self._connection, WORDS, [key | {"word": w, "arrived": arrived} for w in words])

    def _note(self, contact: str, life: int, entry: Entry, event: Event) -> None:
        told = {name: value for name, value in event.fields.items() if name not in NOT_TOLD}
        self._entries.append(
            {
                "tenant": self._tenant,
                "contact": contact,
                "life": life,
                "ms": event.key.ms,
                "seq": event.key.seq,
                "nth": event.key.nth,
                "at": entry.at,
                "kind": event.name,
                "actor": entry.actor,
                "agent": event.fields.get("agent"),
                "visibility": fold.visibility(event.fields),
                "fields": fold.encode(told),
            }
        )

    def _contact_row(self, contact: str, row: Row) -> Fields:
        key = {"tenant": self._tenant, "contact": contact, "life": row.life}
        return key | {"is_last": row.is_last, "forgotten": False} | fold.row_of(row.record)


def _place_of(row: Fields) -> tuple[Any, ...]:
    return (row["agent"], row["ms"], row["seq"], row["nth"])


def _unreadable(tenant: str, entry: str, at: int) -> Fields:
    return {"tenant": tenant, "after": entry, "until": entry, "why": "unreadable", "noticed": at}


def order(entry: str) -> tuple[int, int]:
    """By what entries' ids compare."""
    ms, _, seq = entry.partition("-")
    return int(ms), int(seq)


def _chunks(names: list[str]) -> Iterable[list[str]]:
    return (names[at : at + IN_MAX] for at in range(0, len(names), IN_MAX))
