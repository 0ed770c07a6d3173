"""Owns what a customer may choose: departments, subjects and fields, as the router has them now."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType

from router.gateways.chat.intake import NAME_MAX, REACH_MAX, SUBJECT_MAX
from router.gateways.chat.upstream import Router

FRESH_S: Final = 3.0
FIELDS: Final = {"queue": "department", "subject": "subject"}
"""Fields that an intake rule may ask for -> the form's. All others are always asked, or made."""


class Department(Struct, frozen=True, omit_defaults=True):
    """A queue that customers may come to; instants are the wall clock's.

    `when_closed`: `refuse`, `hold` (his message waits until it opens), `divert`, `callback`.
    """

    id: str
    name: str
    is_open: bool
    opens_at: int | None = None
    closes_at: int | None = None
    when_closed: str = ""


class Subject(Struct, frozen=True, omit_defaults=True):
    """What a conversation may be about, and the department that it leads to."""

    name: str
    department: str = ""


class Options(Struct, frozen=True):
    """What the form offers and asks for."""

    departments: list[Department]
    subjects: list[Subject]
    required: tuple[str, ...]
    free_subject: bool
    limits: dict[str, int]


class Catalogue:
    """Asks the router, at most every few seconds."""

    def __init__(
        self,
        router: Router,
        *,
        origin: str,
        channel: str,
        message_max: int,
        clock: Callable[[], float],
    ) -> None:
        """`clock` tells seconds that never run back."""
        self._router = router
        self._origin = origin
        self._channel = channel
        self._message_max = message_max
        self._clock = clock
        self._lock = asyncio.Lock()
        self._asked_at: float | UnsetType = UNSET
        self._queues: dict[str, dict[str, Any]] = {}
        self._options = Options([], [], (), free_subject=True, limits={})
        self.lease_ms = 0

    async def options(self) -> Options:
        """What a customer may choose now.

        Raises: Refusal, when the router does not answer.
        """
        await self._refresh()
        return self._options

    def name_of(self, queue: str) -> str:
        """The display name of a queue, as last asked."""
        return _name(queue, self._queues.get(queue, {}))

    def asks(self, queue: str) -> bool:
        """Whether customers of the queue are asked what they say of it."""
        return bool(self._queues.get(queue, {}).get("survey"))

    def reopens(self, queue: str) -> bool:
        """Whether a customer may go on with what is over, as far as the policy tells."""
        settings = self._queues.get(queue, {})
        by = settings.get("reopen_by") or ("customer",)
        return settings.get("reopen") != "locked" and "customer" in by

    async def _refresh(self) -> None:
        async with self._lock:
            if self._asked_at is not UNSET and self._clock() - self._asked_at < FRESH_S:
                return
            query = {"origin": self._origin}
            queues, calendars, subjects = await asyncio.gather(
                self._router.ask("GET", "/v1/queues"),
                self._router.ask("GET", "/v1/calendars"),
                self._router.ask("GET", "/v1/subjects", query=query),
            )
            rule = subjects["intake"]
            self.lease_ms = rule["lease_ms"]
            records = {queue["queue"]: queue for queue in queues["queues"]}
            self._queues = {name: _settings(queue) for name, queue in records.items()}
            hours = {calendar["calendar"]: calendar for calendar in calendars["calendars"]}
            departments = [
                _department(name, self._queues[name], hours)
                for name, record in sorted(records.items())
                if self._takes(record, self._queues[name])
            ]
            self._options = Options(
                departments,
                _subjects(subjects["subjects"], {one.id for one in departments}),
                tuple(FIELDS[field] for field in rule["required"] if field in FIELDS),
                free_subject=not rule["listed_subjects"],
                limits={
                    "name": NAME_MAX,
                    "reach": REACH_MAX,
                    "subject": SUBJECT_MAX,
                    "message": self._message_max,
                },
            )
            self._asked_at = self._clock()

    def _takes(self, record: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
        """Whether customers may come to it, and somebody could ever answer them."""
        can_serve = (record.get("could_serve") or {}).get(self._channel, 0) > 0
        return bool(settings.get("handles")) and bool(settings.get("external")) and can_serve


def _settings(queue: Mapping[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = queue.get("settings") or {}
    return own


def _name(queue: str, settings: Mapping[str, Any]) -> str:
    return str(settings.get("name") or queue)


def _department(
    queue: str, settings: Mapping[str, Any], hours: Mapping[str, Mapping[str, Any]]
) -> Department:
    name, calendar = _name(queue, settings), hours.get(settings.get("calendar") or "")
    if calendar is None:
        return Department(queue, name, is_open=True)
    is_open = bool(calendar["is_open"])
    return Department(
        queue,
        name,
        is_open=is_open,
        opens_at=calendar.get("opens_at"),
        closes_at=calendar.get("closes_at"),
        when_closed="" if is_open else str(settings.get("closed") or "refuse"),
    )


def _subjects(catalogue: Mapping[str, Mapping[str, Any]], known: set[str]) -> list[Subject]:
    """Those that lead to no department, or to one that customers may come to."""
    found = [Subject(name, subject.get("queue") or "") for name, subject in catalogue.items()]
    return sorted(
        (one for one in found if not one.department or one.department in known),
        key=lambda one: one.name.casefold(),
    )
