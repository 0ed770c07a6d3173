"""Owns the HTTP operations of the doctor: look for what should never be, and repair it."""

from typing import Annotated, Any, Final

import msgspec

from router.api import problems
from router.api.auth import Identity
from router.api.operation import Operation
from router.api.reads import Reads
from router.doctor.doctor import ORDER, Doctor, NoTenantError, repair
from router.doctor.report import Target, id_of, target_of
from router.engine.reply import Outcome

JsonObject = dict[str, Any]
BODY_MAX: Final = 1_048_576


class RepairBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The findings to repair, by their ids, and why, for who reads the journal."""

    findings: Annotated[list[str], msgspec.Meta(max_length=500)]
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


async def look(reads: Reads, who: Identity, _path: Any, _query: Any) -> JsonObject:
    """Everything in the tenant's state that breaks a promise."""
    try:
        report = await Doctor(reads.engine, who.tenant).report()
    except NoTenantError:
        raise problems.ProblemError(problems.not_found("tenant")) from None
    found: JsonObject = msgspec.to_builtins(report)
    return found


async def act(reads: Reads, who: Identity, body: RepairBody) -> JsonObject:
    """Repairs what was found, what others stand on first; tells what came of each."""
    targets, reason = _targets(body.findings), body.reason
    done = await repair(reads.engine, who.tenant, targets, actor=who.actor, reason=reason)
    if any(reply.outcome is Outcome.NO_TENANT for _, reply in done):
        raise problems.ProblemError(problems.not_found("tenant"))
    return {
        "repairs": [
            {
                "id": id_of(target),
                "kind": target.kind,
                "subject": target.id,
                "outcome": str(reply.outcome),
                "wrong": reply.wrong,
            }
            for target, reply in done
        ]
    }


def _targets(names: list[str]) -> list[Target]:
    """What is to be repaired. Raises: ProblemError, naming an id that is none."""
    targets = []
    for at, name in enumerate(names):
        try:
            target = target_of(name)
        except ValueError:
            target = None
        if target is None or target.kind not in ORDER:
            expected = "the id of a finding that can be repaired (GET /v1/doctor)"
            raise problems.bad_field(f"findings[{at}]", name, expected)
        targets.append(target)
    return targets


DOCTOR_OPERATIONS: Final = (
    Operation(
        "get_findings",
        "GET",
        "/v1/doctor",
        "Looks at everything the tenant has, and tells what breaks a promise; nothing is changed.",
        answer=look,
    ),
    Operation(
        "repair_findings",
        "POST",
        "/v1/doctor/repair",
        "Repairs what was found, each in one step; what is right by now is not touched.",
        body_type=RepairBody,
        act=act,
        is_body_needed=True,
        body_max=BODY_MAX,
        example={"findings": ["WyJjb250YWN0IiwiY2FsbC00NzExIl0"], "reason": "after the power cut"},
    ),
)
