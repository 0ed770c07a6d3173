"""What lists of the inbox cost in a small and in a large archive, beside reading rows by key.

The archive is SQLite, as embedded. One contact in a hundred is open. A question is asked for one
page of 50; its growth is the ratio of its time in the large archive to that in the small one, where
both pages show as many contacts: a fuller one takes longer however it is found. The floor is a read
of 50 contacts by primary key in the same archive in the same run.
"""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import click
import msgspec
from rich.table import Table
from sqlalchemy import Connection, Engine, and_, create_engine, select

from bench import harness
from bench.harness import Spread, spread
from router.archive import inbox
from router.archive.fold import encode
from router.archive.inbox import Wish
from router.archive.schema import CONTACTS, META, PARTICIPANTS, WORDS, words_of

SMALL, LARGE = 10_000, 1_000_000
QUICK_SMALL, QUICK_LARGE = 500, 2_000
PAGE = 50
ROUNDS, QUICK_ROUNDS = 30, 3
QUEUES = tuple(f"queue-{number}" for number in range(40))
MINE = QUEUES[:5]
OPEN = ("queued", "offered", "assigned", "waiting_customer")
SUBJECTS = ("Invoice copy", "Exchange of a product", "Late order", "Cancellation", "Question")
TENANT = "bench"
BATCH = 20_000
WISHES = {
    "all, newest": Wish(),
    "open in my queues": Wish(states=OPEN, queues=MINE),
    "nobody's in my queues": Wish(states=OPEN, queues=MINE, owner=""),
    "others' in my queues": Wish(states=OPEN, queues=MINE, owner_not="agent-7"),
    "mine, open": Wish(states=OPEN, owner="agent-7"),
    "mine, closed": Wish(states=("closed",), owner="agent-7"),
    "what I took part in": Wish(participant="agent-7"),
    "closed in my queues": Wish(states=("closed",), queues=MINE),
    "as routing takes them": Wish(states=("queued",), queues=MINE, sort="due"),
    "a customer's": Wish(customer="customer-7"),
    "a word of the subject": Wish(text="urgent"),
    "two words": Wish(text="late order"),
    "waiting for the customer": Wish(waiting="customer", states=OPEN),
}


class OfQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one question."""

    name: str
    small_ms: Spread
    large_ms: Spread
    shown: tuple[int, int]
    growth: float | None
    floors: float  # times the floor in the large archive


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Every question, and the worst of them."""

    contacts: int
    floor_ms: Spread
    questions: list[OfQuestion]
    worst_growth: float
    worst_ms: float


def contacts(count: int) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """Rows of contacts, of those who took part, and of words, in batches."""
    dice = random.Random(1)
    for start in range(0, count, BATCH):
        rows: list[Any] = []
        parts: list[Any] = []
        words: list[Any] = []
        for number in range(start, min(start + BATCH, count)):
            state = dice.choice(OPEN) if dice.random() < 0.01 else "closed"
            has_owner = state in ("assigned", "waiting_customer") or dice.random() < 0.9
            is_free = state in ("queued", "offered")
            owner = None if is_free or not has_owner else f"agent-{dice.randrange(300)}"
            subject = dice.choice(SUBJECTS) + (" urgent" if dice.random() < 0.001 else "")
            key = {"tenant": TENANT, "contact": f"contact-{number:07}", "life": 1}
            arrived = number * 100
            whose_turn = {"closed": "nobody", "waiting_customer": "customer"}.get(state, "us")
            rows.append(
                key
                | {
                    "is_last": True,
                    "state": state,
                    "queue": dice.choice(QUEUES),
                    "channel": "chat",
                    "origin": "portal",
                    "subject": subject,
                    "customer": f"customer-{dice.randrange(max(count // 5, 1))}",
                    "owner": owner,
                    "waiting": whose_turn,
                    "arrived": arrived,
                    "due": arrived + 20_000,
                    "closed_at": arrived + 300_000 if state == "closed" else None,
                    "record": encode({"id": key["contact"], "text": "x" * 700}),
                }
            )
            if owner is not None:
                parts.append(key | {"agent": owner, "first_at": arrived, "arrived": arrived})
            words += [key | {"word": word, "arrived": arrived} for word in words_of(subject)]
        yield rows, parts, words


def fill(engine: Engine, count: int) -> None:
    """An archive of so many contacts; its indexes are made at the end, as after a copy."""
    harness.note(f"filling: {count:,} contacts")
    tables = (CONTACTS, PARTICIPANTS, WORDS)
    META.create_all(engine, tables=tables)
    with engine.begin() as connection:
        for table in tables:
            for index in table.indexes:
                index.drop(connection)
        for batches in contacts(count):
            for table, rows in zip(tables, batches, strict=True):
                if rows:
                    connection.execute(table.insert(), rows)
        for table in tables:
            for index in table.indexes:
                index.create(connection)
        connection.exec_driver_sql("analyze")


def shown(connection: Connection, wish: Wish) -> int:
    """How many contacts a page shows."""
    return len(inbox.page(connection, TENANT, wish, limit=PAGE).records)


def ask_ms(connection: Connection, wish: Wish) -> float:
    """One page."""
    started = perf_counter()
    inbox.page(connection, TENANT, wish, limit=PAGE)
    return (perf_counter() - started) * 1_000


def floor_ms(connection: Connection, count: int) -> float:
    """As many contacts as a page has, by their keys."""
    c = CONTACTS.c
    names = [f"contact-{number * 7_919 % count:07}" for number in range(PAGE)]
    started = perf_counter()
    for name in names:
        key = and_(c.tenant == TENANT, c.contact == name, c.life == 1)
        connection.execute(select(c.record).where(key)).all()
    return (perf_counter() - started) * 1_000


def tidy(result: Result) -> tuple[Table, str]:
    """The result for people."""
    table = harness.table(
        f"one page of {PAGE} of the inbox: median (range)",
        *("question", f"{SMALL:,}: ms", "large: ms", "shown", "growth", "x floor"),
    )
    for one in result.questions:
        shown = "{} / {}".format(*one.shown)
        growth = "" if one.growth is None else f"{one.growth:.2f}"
        figures = (str(one.small_ms), str(one.large_ms), shown, growth, f"{one.floors:.1f}")
        table.add_row(one.name, *figures)
    notes = [
        f"large: {result.contacts:,} contacts; floor: {PAGE} of them by key, {result.floor_ms} ms",
        f"worst growth, a hundred times the contacts: {result.worst_growth:.2f} "
        + harness.verdict(result.worst_growth, 3.0),
        f"slowest page: {result.worst_ms:.1f} ms",
    ]
    return table, "\n".join(notes)


@click.command(help=__doc__)
@harness.json_option
@harness.quick_option
def main(*, is_json: bool, is_quick: bool) -> None:
    """Fills two archives, then asks each question of both in turn."""
    small, large = (QUICK_SMALL, QUICK_LARGE) if is_quick else (SMALL, LARGE)
    rounds = QUICK_ROUNDS if is_quick else ROUNDS
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as directory:
        engines = [create_engine(f"sqlite:///{Path(directory)}/{n}.sqlite") for n in (small, large)]
        for engine, count in zip(engines, (small, large), strict=True):
            fill(engine, count)
        times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in WISHES}
        floors: list[float] = []
        with engines[0].connect() as one, engines[1].connect() as other:
            counts = {n: (shown(one, wish), shown(other, wish)) for n, wish in WISHES.items()}
            for number in range(rounds + 1):
                floor = floor_ms(other, large)
                for name, wish in WISHES.items():
                    both = ask_ms(one, wish), ask_ms(other, wish)
                    if number:  # the first round fills the caches
                        times[name][0].append(both[0])
                        times[name][1].append(both[1])
                if number:
                    floors.append(floor)
        for engine in engines:
            engine.dispose()
    questions = [
        OfQuestion(
            name=name,
            small_ms=spread(few),
            large_ms=spread(many),
            shown=counts[name],
            growth=median(many) / median(few) if counts[name][0] == counts[name][1] else None,
            floors=median(many) / median(floors),
        )
        for name, (few, many) in times.items()
    ]
    result = Result(
        contacts=large,
        floor_ms=spread(floors),
        questions=questions,
        worst_growth=max(one.growth for one in questions if one.growth is not None),
        worst_ms=max(one.large_ms.median for one in questions),
    )
    harness.show(result, *tidy(result), is_json=is_json)


if __name__ == "__main__":
    main()
