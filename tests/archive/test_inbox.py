"""Lists and counts of the inbox: against a plain filter over all rows, on each kind of database."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from router.archive import inbox
from router.archive.database import Database
from router.archive.inbox import BadCursorError, Page, Wish
from router.archive.schema import CONTACTS, PARTICIPANTS, WORDS, words_of

Row = dict[str, Any]
STATES = ("queued", "offered", "assigned", "waiting_customer", "closed")
OPEN = STATES[:-1]
QUEUES = ("sales", "service", "billing")
AGENTS = ("ann", "bob", "eva")
SUBJECTS = ("Segunda via", "Dúvida sobre a via", "Pedido atrasado", "")
WISHES = (
    Wish(),
    Wish(sort="oldest"),
    Wish(sort="due"),
    Wish(states=("queued", "assigned")),
    Wish(states=("closed",), queues=("sales",)),
    Wish(queues=("sales", "billing"), sort="oldest"),
    Wish(queues=("sales", "billing"), states=OPEN, sort="due"),
    Wish(queues=()),
    Wish(owner="ann"),
    Wish(owner="ann", states=OPEN, queues=("sales",)),
    Wish(owner=""),
    Wish(owner_not="ann", states=OPEN),
    Wish(participant="bob"),
    Wish(participant="bob", states=("closed",), sort="oldest"),
    Wish(participant_not="bob"),
    Wish(participant="ann", owner_not="ann"),
    Wish(customer="c-1"),
    Wish(customer="c-1", participant="bob"),
    Wish(address="+1", sort="oldest"),
    Wish(conversation="k"),
    Wish(channel="chat", origin="site"),
    Wish(subject="Segunda via"),
    Wish(text="DUVIDA via"),
    Wish(text="via", owner="bob"),
    Wish(text="nothing"),
    Wish(waiting="customer"),
    Wish(hidden_before=60_000),
)


def contacts(seed: int, count: int = 120) -> list[Row]:
    """Contacts of all kinds; some arrive in the same instant."""
    dice = Random(seed)
    rows = []
    for number in range(count):
        state = dice.choice(STATES)
        arrived = dice.randrange(90) * 1_000
        has_owner = state in ("assigned", "waiting_customer") or dice.random() < 0.3
        rows.append(
            {
                "contact": f"c-{number}",
                "life": 1 + (number % 7 == 0),
                "is_last": number % 11 != 0,
                "state": state,
                "queue": dice.choice(QUEUES),
                "channel": dice.choice(("chat", "email")),
                "origin": dice.choice(("site", None)),
                "subject": dice.choice(SUBJECTS),
                "customer": dice.choice(("c-1", "c-2")),
                "address": dice.choice(("+1", "+2", None)),
                "conversation": dice.choice(("k", None)),
                "owner": dice.choice(AGENTS) if has_owner else None,
                "waiting": {"closed": "nobody", "waiting_customer": "customer"}.get(state, "us"),
                "arrived": arrived,
                "due": arrived + dice.randrange(20) * 1_000,
                "closed_at": arrived + 10_000 if state == "closed" else None,
                "parts": dice.sample(AGENTS, dice.randrange(3)),
            }
        )
    return rows


def record(row: Row) -> str:
    return f'{{"id":"{row["contact"]}"}}'


async def fill(archive: Database, tenant: str, rows: list[Row]) -> None:
    def work(connection: Connection) -> None:
        for row in rows:
            own = {name: value for name, value in row.items() if name != "parts"}
            connection.execute(insert(CONTACTS).values(tenant=tenant, record=record(row), **own))
            key = {"tenant": tenant, "contact": row["contact"], "life": row["life"]}
            key["arrived"] = row["arrived"]
            for agent in row["parts"]:
                connection.execute(insert(PARTICIPANTS).values(agent=agent, first_at=1, **key))
            for word in words_of(row["subject"]):
                connection.execute(insert(WORDS).values(word=word, **key))

    await archive.write(work)


def fits(row: Row, wish: Wish) -> bool:
    """What the wish says, in plain words."""
    same = ("customer", "address", "conversation", "channel", "origin", "subject", "waiting")
    return (
        row["is_last"]
        and (not wish.states or row["state"] in wish.states)
        and (wish.queues is None or row["queue"] in wish.queues)
        and (wish.owner is None or row["owner"] == (wish.owner or None))
        and (wish.owner_not is None or row["owner"] not in (None, wish.owner_not))
        and (wish.participant is None or wish.participant in row["parts"])
        and (
            wish.participant_not is None
            or (bool(row["parts"]) and wish.participant_not not in row["parts"])
        )
        and all(getattr(wish, name) in (None, row[name]) for name in same)
        and set(words_of(wish.text)) <= set(words_of(row["subject"]))
        and (row["closed_at"] or 10**9) >= (wish.hidden_before or 0)
        and (wish.sort != "due" or row["state"] != "closed")
    )


def in_order(rows: list[Row], wish: Wish) -> list[str]:
    key: Callable[[Row], Any] = lambda row: (  # noqa: E731
        row["due" if wish.sort == "due" else "arrived"],
        row["contact"],
        row["life"],
    )
    found = sorted((row for row in rows if fits(row, wish)), key=key)
    if wish.sort == "newest":
        found.reverse()
    return [row["contact"] for row in found]


async def one_page(
    archive: Database, tenant: str, wish: Wish, limit: int, cursor: str | None = None
) -> Page:
    return await archive.read(
        lambda connection: inbox.page(connection, tenant, wish, limit=limit, cursor=cursor)
    )


async def pages(archive: Database, tenant: str, wish: Wish, limit: int) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = await one_page(archive, tenant, wish, limit, cursor)
        assert len(page.records) <= limit
        found.extend(record["id"] for record in page.records)
        cursor = page.cursor
        if cursor is None:
            return found


async def test_every_question_finds_what_a_plain_filter_finds_in_its_order(
    archive: Database, tenant: str
) -> None:
    rows = contacts(1)
    await fill(archive, tenant, rows)

    for wish in WISHES:
        for limit in (7, 200):
            assert await pages(archive, tenant, wish, limit) == in_order(rows, wish), wish


async def test_what_fits_all_the_time_is_shown_once_while_other_things_move(
    archive: Database, tenant: str
) -> None:
    rows = contacts(2)
    await fill(archive, tenant, rows)
    wish = Wish(states=OPEN, queues=QUEUES)
    dice = Random(3)
    stable = {row["contact"] for row in rows if fits(row, wish) and dice.random() < 0.5}
    movable = [row["contact"] for row in rows if row["contact"] not in stable]
    found: list[str] = []
    cursor = None
    while True:
        page = await one_page(archive, tenant, wish, 5, cursor)
        found.extend(record["id"] for record in page.records)
        cursor = page.cursor
        if cursor is None:
            break
        some = dice.sample(movable, 20)
        state = dice.choice(STATES)
        closed = 1 if state == "closed" else None

        def move(c: Connection, names: list[str] = some, to: str = state, at: Any = closed) -> None:
            which = CONTACTS.c.contact.in_(names)
            c.execute(update(CONTACTS).where(which).values(state=to, closed_at=at))

        await archive.write(move)

    assert stable <= set(found)
    assert max(Counter(found).values()) == 1


async def test_a_page_ends_where_too_much_was_looked_at(
    archive: Database, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LOOKS_MAX", 10)
    rows = contacts(4)
    await fill(archive, tenant, rows)
    wish = Wish(customer="c-2", channel="email")

    first = await archive.read(lambda c: inbox.page(c, tenant, wish, limit=50))

    assert len(first.records) < 10
    assert first.cursor is not None
    assert await pages(archive, tenant, wish, 50) == in_order(rows, wish)


async def test_open_contacts_are_counted_by_queue_state_and_owner(
    archive: Database, tenant: str
) -> None:
    rows = contacts(5)
    await fill(archive, tenant, rows)
    owners = {None: "nobody", "ann": "me"}
    expected = Counter(
        (row["queue"], row["state"], owners.get(row["owner"], "others"))
        for row in rows
        if row["state"] != "closed" and row["queue"] != "billing" and row["is_last"]
    )

    found = await archive.read(lambda c: inbox.counts(c, tenant, ("sales", "service"), "ann"))

    assert {
        (one["queue"], one["state"], one["whose"]): one["contacts"] for one in found
    } == expected


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "WzFd"])
async def test_what_is_no_cursor_is_refused(archive: Database, tenant: str, cursor: str) -> None:
    with pytest.raises(BadCursorError):
        await archive.read(lambda c: inbox.page(c, tenant, Wish(), limit=1, cursor=cursor))


async def test_a_cursor_belongs_to_its_order(archive: Database, tenant: str) -> None:
    await fill(archive, tenant, contacts(6, 9))
    page = await archive.read(lambda c: inbox.page(c, tenant, Wish(), limit=1))

    with pytest.raises(BadCursorError):
        await archive.read(
            lambda c: inbox.page(c, tenant, Wish(sort="oldest"), limit=1, cursor=page.cursor)
        )


def test_words_are_found_without_case_and_accents() -> None:
    assert words_of("Dúvida: 2ª VIA da Segunda-Feira") == [
        "duvida",
        "2a",
        "via",
        "da",
        "segunda",
        "feira",
    ]
    assert words_of(None) == []
