"""Owns the HTTP operations of the doctor: look for what should never be. Raises as the reads do."""

from typing import Any, Final

import msgspec

from router.api import problems
from router.api.auth import Identity
from router.api.operation import Operation
from router.api.reads import Reads
from router.doctor.doctor import Doctor, NoTenantError

JsonObject = dict[str, Any]


async def look(reads: Reads, who: Identity, _path: Any, _query: Any) -> JsonObject:
    """Everything in the tenant's state that breaks a promise."""
    try:
        report = await Doctor(reads.engine, who.tenant).report()
    except NoTenantError:
        raise problems.ProblemError(problems.not_found("tenant")) from None
    found: JsonObject = msgspec.to_builtins(report)
    return found


DOCTOR_OPERATIONS: Final = (
    Operation(
        "get_findings",
        "GET",
        "/v1/doctor",
        "Looks at everything the tenant has, and tells what breaks a promise; nothing is changed.",
        answer=look,
    ),
)
