"""Owns the HTTP operations on calendars. Pure.

A calendar is put with the instants at which it opens and closes, made of its local times from the
store's own day on.
"""

from itertools import islice
from typing import Any, Final

from router import calendars
from router.api import parameters, problems
from router.api.auth import Identity
from router.api.fields import ERRORS_MAX, FieldError, dotted
from router.api.operation import Operation
from router.api.reads import Reads
from router.calendars import CalendarSettings
from router.calls import PutConfig
from router.engine.engine import Call


def _check_calendar(body: CalendarSettings) -> None:
    faults = [
        FieldError(dotted(fault.path), fault.value, fault.expected)
        for fault in islice(calendars.unfit(body), ERRORS_MAX)
    ]
    if faults:
        raise problems.ProblemError(problems.bad_input(faults))


async def _put_calendar(
    reads: Reads, who: Identity, path: parameters.CalendarPath, body: CalendarSettings
) -> Call:
    _check_calendar(body)
    return calendars.put(path.calendar, body, await reads.wall(who))


async def _delete_calendar(
    reads: Reads, who: Identity, path: parameters.CalendarPath, _body: None
) -> Call:
    await reads.calendar(who, path.calendar)
    return PutConfig(changes=[{"kind": "calendar", "id": path.calendar, "remove": True}])


async def _calendars(reads: Reads, who: Identity, _path: Any, _query: Any) -> dict[str, Any]:
    return await reads.calendars(who)


async def _calendar(reads: Reads, who: Identity, path: Any, _query: Any) -> dict[str, Any]:
    return await reads.calendar(who, path.calendar)


CALENDARS: Final[tuple[Operation, ...]] = (
    Operation(
        "put_calendar",
        "PUT",
        "/v1/calendars/{calendar}",
        "Makes or replaces a calendar: local hours of a week, holidays, and dates that differ.",
        path_type=parameters.CalendarPath,
        body_type=CalendarSettings,
        prepare=_put_calendar,
        is_body_needed=True,
        example={
            "time_zone": "America/Sao_Paulo",
            "weekly": {"mon": ["08:00-12:00", "13:00-18:00"], "sat": ["09:00-12:00"]},
            "holidays": ["2026-12-25"],
            "dates": {"2026-12-24": ["08:00-12:00"]},
        },
    ),
    Operation(
        "delete_calendar",
        "DELETE",
        "/v1/calendars/{calendar}",
        "Removes a calendar that no queue uses.",
        path_type=parameters.CalendarPath,
        prepare=_delete_calendar,
    ),
    Operation(
        "get_calendar",
        "GET",
        "/v1/calendars/{calendar}",
        "One calendar: its settings, and whether it is open now.",
        path_type=parameters.CalendarPath,
        answer=_calendar,
    ),
    Operation(
        "list_calendars",
        "GET",
        "/v1/calendars",
        "Every calendar: its settings, and whether it is open now.",
        answer=_calendars,
    ),
)
