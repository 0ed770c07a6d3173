"""Owns the HTTP operations on the past: timelines, history and reports."""

import csv
import io
from typing import Any, Final

from router.api import answers, parameters
from router.api.archive_schema import HistoryQuery, ReportQuery, TimelineQuery
from router.api.auth import Identity
from router.api.operation import Operation, Text
from router.api.reads import Reads
from router.archive.reports import columns

CSV: Final = "text/csv; charset=utf-8; header=present"


async def _report(
    reads: Reads, who: Identity, _path: Any, query: ReportQuery
) -> dict[str, Any] | Text:
    """A report as an object, or its rows as a table."""
    told = await reads.past.report(who, query)
    if query.format == "json":
        return told
    same = {name: told[name] for name in ("service_level_ms", "short_abandon_ms")}
    lines = io.StringIO(newline="")
    table = csv.DictWriter(lines, [*columns(query.by), *same])
    table.writeheader()
    table.writerows(row | same for row in told["rows"])
    return Text(lines.getvalue(), CSV)


ARCHIVE: Final[tuple[Operation, ...]] = (
    Operation(
        "get_timeline",
        "GET",
        "/v1/contacts/{contact}/timeline",
        "Everything that happened to a contact, with its instant and who asked for it.",
        path_type=parameters.ContactPath,
        query_type=TimelineQuery,
        answer=answers.timeline,
    ),
    Operation(
        "get_history",
        "GET",
        "/v1/history",
        "Earlier contacts of a customer or an address, the newest first.",
        query_type=HistoryQuery,
        answer=answers.history,
    ),
    Operation(
        "get_report",
        "GET",
        "/v1/reports",
        "What was offered, answered, abandoned and handled, by interval and queue or agent.",
        query_type=ReportQuery,
        answer=_report,
    ),
)
