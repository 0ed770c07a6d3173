"""Reads the recorded calls of a bank's call center, one a line, and says where a line is wrong.

The format is that of the "Anonymous Bank" data (I. Guedj and A. Mandelbaum, Technion; Brown et al.,
"Statistical Analysis of a Telephone Call Center", JASA 2005), tab separated, one header line.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

COLUMNS: Final = (
    "vru+line",
    "call_id",
    "customer_id",
    "priority",
    "type",
    "date",
    "vru_entry",
    "vru_exit",
    "vru_time",
    "q_start",
    "q_exit",
    "q_time",
    "outcome",
    "ser_start",
    "ser_exit",
    "ser_time",
    "server",
)
TYPES: Final = ("PS", "PE", "IN", "NE", "NW", "TT")
NOBODY: Final = "NO_SERVER"
DAY_S: Final = 86_400
CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")
NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")
# A spreadsheet has rounded a few ids in the recording to 6.02701E+11: nobody's id any more.
CUSTOMER: Final = re.compile(r"(\d{1,12})|\d\.\d{1,9}E\+\d\d")


class ReplayError(Exception):
    """What the user of a replay can put right; the text tells him how."""


class BadRecording(ReplayError):
    """A file of recorded calls is not what it should be; the text says where and what."""


class Ending(StrEnum):
    """How a recorded call ended."""

    SERVED = "AGENT"
    HUNG_UP = "HANG"
    PHANTOM = "PHANTOM"


class RecordedCall(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded call; instants are seconds since the midnight that its date began with.

    They exceed 86,400 for what happened after the next midnight. `served_at` is None when no
    instant was recorded, `server` when nobody is named, `customer` empty when he is not known.
    """

    line: int
    id: str
    customer: str
    priority: int
    queue: str
    date: str
    arrived: int
    waited: int
    ending: Ending
    served_at: int | None
    service: int
    server: str | None


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """All calls of a file, in its order."""

    path: Path
    calls: list[RecordedCall]

    def dates(self) -> list[str]:
        """The dates (yymmdd) that have calls, in order."""
        return sorted({call.date for call in self.calls})

    def day(self, date: str) -> list[RecordedCall]:
        """The calls of one date, by arrival."""
        return sorted((c for c in self.calls if c.date == date), key=lambda c: (c.arrived, c.line))


def read_calls(path: Path) -> Recording:
    """Reads the whole file.

    Raises: BadRecording, with file, line, column, value and expectation.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadRecording(f"{path}: no such file; expected a file of recorded calls") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadRecording(f"{path}: cannot be read as UTF-8 text: {error}") from error
    rows = text.splitlines()
    _check_header(path, rows[0] if rows else "")
    seen: dict[str, int] = {}
    calls = []
    for number, row in enumerate(rows[1:], start=2):
        if not row.strip():
            continue
        call = _call(_Row(path, number, row))
        key = f"{call.date} {call.id}"
        if key in seen:
            sentence = f"expected an id not used before on this date (line {seen[key]} has it)"
            raise BadRecording(f"{path}:{number}: vru+line and call_id: {call.id!r}: {sentence}")
        seen[key] = number
        calls.append(call)
    if not calls:
        raise BadRecording(f"{path}: no calls; expected at least one line below the header")
    return Recording(path=path, calls=calls)


@lru_cache(maxsize=1_000)
def midnight_ms(date: str) -> int:
    """The instant at which a date (yymmdd) began, as if its clock had been UTC."""
    day = datetime.strptime(f"19{date}", "%Y%m%d").replace(tzinfo=UTC)
    return int(day.timestamp()) * 1000


def _check_header(path: Path, header: str) -> None:
    names = header.split("\t")
    for place, expected in enumerate(COLUMNS):
        found = names[place] if place < len(names) else "nothing"
        if found != expected:
            where = f"{path}:1: column {place + 1}: {found[:40]!r}"
            raise BadRecording(f"{where}: expected the header {expected!r}")
    if len(names) > len(COLUMNS):
        where = f"{path}:1: column {len(COLUMNS) + 1}: {names[len(COLUMNS)][:40]!r}"
        raise BadRecording(f"{where}: expected {len(COLUMNS)} columns")


class _Row:
    """One line of the file, read a column at a time."""

    def __init__(self, path: Path, number: int, row: str) -> None:
        self.number = number
        self._path = path
        values = row.split("\t")
        if len(values) != len(COLUMNS):
            sentence = f"expected {len(COLUMNS)} columns separated by tabs, found {len(values)}"
            raise BadRecording(f"{path}:{number}: {sentence}")
        self._values = dict(zip(COLUMNS, values, strict=True))

    def refuse(self, column: str, expected: str) -> BadRecording:
        value = self._values[column][:40]
        return BadRecording(f"{self._path}:{self.number}: {column}: {value!r}: expected {expected}")

    def text(self, column: str) -> str:
        value = self._values[column]
        if not NAME.fullmatch(value):
            raise self.refuse(column, "1 to 32 of: letters, digits, and _ . -")
        return value

    def whole(self, column: str, most: int) -> int:
        value = self._values[column]
        if not (value.isascii() and value.isdigit() and len(value) <= 12 and int(value) <= most):
            raise self.refuse(column, f"a whole number from 0 to {most}")
        return int(value)

    def choice(self, column: str, choices: tuple[str, ...]) -> str:
        value = self._values[column]
        if value not in choices:
            raise self.refuse(column, f"one of {', '.join(choices)}")
        return value

    def clock(self, column: str) -> int:
        match = CLOCK.fullmatch(self._values[column])
        if match is None or int(match[1]) > 23:
            raise self.refuse(column, "a time of day, h:mm:ss")
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])

    def customer(self) -> str:
        match = CUSTOMER.fullmatch(self._values["customer_id"])
        if match is None:
            raise self.refuse("customer_id", "1 to 12 digits")
        return (match[1] or "").lstrip("0")

    def date(self) -> str:
        value = self._values["date"]
        try:
            midnight_ms(value)
        except ValueError:
            raise self.refuse("date", "a date, yymmdd") from None
        if len(value) != 6:
            raise self.refuse("date", "a date, yymmdd")
        return value


def _call(row: _Row) -> RecordedCall:
    entered = row.clock("vru_entry")
    waited = row.whole("q_time", DAY_S)
    queued = row.clock("q_start")
    # The queue's instant is 0:00:00 for a call that did not wait: it came from the voice unit.
    joined = queued if waited or queued else row.clock("vru_exit")
    arrived = _after(joined, entered)
    ending = Ending(row.choice("outcome", tuple(Ending)))
    server = row.text("server")
    return RecordedCall(
        line=row.number,
        id=f"{row.text('vru+line')}.{row.text('call_id')}",
        customer=row.customer(),
        priority=row.whole("priority", 2),
        queue=row.choice("type", TYPES),
        date=row.date(),
        arrived=arrived,
        waited=waited,
        ending=ending,
        served_at=_served_at(row, arrived) if ending is Ending.SERVED else None,
        service=row.whole("ser_time", DAY_S),
        server=server if ending is Ending.SERVED and server != NOBODY else None,
    )


def _served_at(row: _Row, arrived: int) -> int | None:
    if row.clock("ser_start") == row.clock("ser_exit") == 0:
        return None
    return _after(row.clock("ser_start"), arrived)


def _after(instant: int, earlier: int) -> int:
    """The instant of a clock that may have passed midnight since; small steps back are flaws."""
    return instant + DAY_S if instant < earlier - DAY_S // 2 else instant


def spans(calls: list[RecordedCall]) -> Iterator[tuple[int, int, str]]:
    """When somebody waited: from, to and queue, of each call that did."""
    for call in calls:
        if call.waited:
            yield call.arrived, call.arrived + call.waited, call.queue
