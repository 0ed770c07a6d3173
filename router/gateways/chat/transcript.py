"""Owns what a customer may see of his conversation, told from public movements. Pure.

The same movements come live from the router's stream and, after a reload, from its timeline; each
has a position, and counts once.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, Literal

from msgspec import Struct

ENTRIES_MAX: Final = 2_000


class Phase(StrEnum):
    """Where the conversation stands, to its customer."""

    WAITING = "waiting"
    HELD = "held"
    TALKING = "talking"
    ASKED = "asked"
    ENDED = "ended"


Kind = Literal["message", "waiting", "held", "joined", "left", "ended", "again"]


class Entry(Struct, frozen=True, omit_defaults=True):
    """One thing that the customer is shown; `at` is the tenant's clock, `opens_at` the wall's.

    `id` is a message's own, as its author gave it. An agent's `text` may be empty beside
    `attachments`, which are references.
    """

    position: str
    at: int
    kind: Kind
    author: str = ""
    text: str = ""
    attachments: list[str] = []
    id: str = ""
    result: str = ""
    opens_at: int | None = None


STATES: Final = {
    "queued": Phase.WAITING,
    "offered": Phase.WAITING,
    "held": Phase.HELD,
    "scheduled": Phase.HELD,
    "assigned": Phase.TALKING,
    "waiting_customer": Phase.ASKED,
    "wrap_up": Phase.ENDED,
    "closed": Phase.ENDED,
}
"""A contact's state -> the phase that it is to its customer."""


class Transcript:
    """What was said and what happened, in the order of the journal."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.phase: Phase | None = None
        self.queue = ""
        self.result = ""
        self.opens_at: int | None = None
        self.has_survey = False
        self.is_written_up = False
        self._seen: set[str] = set()

    def take(self, position: str, at: int, event: Mapping[str, Any]) -> Entry | None:
        """What the movement is to the customer; None when it is nothing, or is known."""
        row = _ROWS.get(event["e"])
        if row is None or position in self._seen:
            return None
        self._seen.add(position)
        self.queue = event.get("queue") or self.queue
        said = row(self, event)
        if said is None:
            return None
        entry = Entry(position, at, **said)
        self.entries.append(entry)
        if len(self.entries) > ENTRIES_MAX:
            del self.entries[0]
        return entry

    def since(self, position: str | None) -> tuple[bool, list[Entry]]:
        """The entries after a position; all of them (True) when it is not known."""
        if position is not None:
            for nth in range(len(self.entries) - 1, -1, -1):
                if self.entries[nth].position == position:
                    return False, self.entries[nth + 1 :]
        return True, list(self.entries)


def _admitted(of: Transcript, event: Mapping[str, Any]) -> dict[str, Any] | None:
    before, of.phase = of.phase, STATES.get(str(event.get("state")), Phase.WAITING)
    if before is not None:  # it goes on in this contact
        of.has_survey = False
        return {"kind": "again"}
    return {"kind": "held"} if of.phase is Phase.HELD else None


def _queued(of: Transcript, _event: Mapping[str, Any]) -> dict[str, Any] | None:
    before, of.phase = of.phase, Phase.WAITING
    if before is Phase.TALKING:
        return {"kind": "left"}
    return None if before is Phase.WAITING else {"kind": "waiting"}


def _held(of: Transcript, event: Mapping[str, Any]) -> dict[str, Any] | None:
    before, of.phase = of.phase, Phase.HELD
    of.opens_at = event.get("opens_at")
    return None if before is Phase.HELD else {"kind": "held", "opens_at": of.opens_at}


def _assigned(of: Transcript, _event: Mapping[str, Any]) -> dict[str, Any] | None:
    before, of.phase = of.phase, Phase.TALKING
    return None if before is Phase.ASKED else {"kind": "joined"}


def _asked(of: Transcript, _event: Mapping[str, Any]) -> None:
    of.phase = Phase.ASKED


def _ended(of: Transcript, event: Mapping[str, Any]) -> dict[str, Any] | None:
    before, of.phase = of.phase, Phase.ENDED
    of.result = event.get("result") or "handled"
    of.has_survey = bool(event.get("survey_requested"))
    of.is_written_up = event["e"] == "contact.wrap_up"
    return None if before is Phase.ENDED else {"kind": "ended", "result": of.result}


def _reopened(of: Transcript, event: Mapping[str, Any]) -> dict[str, Any]:
    of.phase = STATES.get(str(event.get("state")), Phase.WAITING)
    of.has_survey = False
    return {"kind": "again"}


def _spoken(_of: Transcript, event: Mapping[str, Any]) -> dict[str, Any] | None:
    if event.get("visibility", "public") != "public":
        return None
    text, attachments = event.get("text") or "", event.get("attachments") or []
    if not text and not attachments:
        return None
    said = {"kind": "message", "author": event["author"], "text": text}
    return said | {"attachments": attachments, "id": event.get("id") or ""}


Row = Callable[[Transcript, Mapping[str, Any]], dict[str, Any] | None]

_ROWS: Final[dict[str, Row]] = {
    "contact.admitted": _admitted,
    "contact.queued": _queued,
    "contact.held": _held,
    "contact.scheduled": _held,
    "contact.assigned": _assigned,
    "contact.waiting_customer": _asked,
    "contact.wrap_up": _ended,
    "contact.closed": _ended,
    "contact.reopened": _reopened,
    "contact.activity": _spoken,
}
"""A movement that its customer may know of -> what it is to him."""
