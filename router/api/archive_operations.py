"""Owns the HTTP operations on the past: timelines and history. Pure."""

from typing import Final

from router.api import answers, parameters
from router.api.archive_schema import HistoryQuery, TimelineQuery
from router.api.operation import Operation

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
)
