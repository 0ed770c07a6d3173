"""Owns the HTTP operations on the configuration as a whole: look, plan, apply, go back.

A change is planned and applied from the same body; what the plan foretells, the store checks again
by its own rules, in the one step that makes the change.
"""

from typing import Any, Final

import msgspec

from queues.settings import unfit
from router import calendars
from router.api import answers, parameters, problems, schema
from router.api.auth import Identity
from router.api.fields import FieldError
from router.api.operation import Operation
from router.api.reads import Reads
from router.calls import PutConfig
from router.config import filed
from router.config.plan import plan
from router.config.problems import dotted
from router.config.whole import (
    CHANGES_MAX,
    ConfigChanges,
    Plain,
    Target,
    Whole,
    differences,
)
from router.engine.engine import Engine
from router.settings import unfit_tenant
from router.standing import (
    NoTenantError,
    UnreadableError,
    read_earlier,
    read_filed,
    read_live,
    read_versions,
    read_whole,
    way_back,
)

JsonObject = dict[str, Any]
BODY_MAX: Final = 1_048_576
"""A whole configuration is larger than any other body; only administrators send one."""
EXAMPLE: Final[JsonObject] = {
    "base": 12,
    "note": "a night queue",
    "queues": {"night": {"name": "Night", "target_ms": 60_000}},
    "agents": {"ann": {"memberships": {"night": {}}, "slots": {"voice": 1}, "capacity": 6}},
}


async def changes_of(reads: Reads, who: Identity, _path: Any, body: ConfigChanges) -> PutConfig:
    """All changes of a body in one call."""
    _check(body)
    wall = await reads.wall(who) if any(body.calendars.values()) else 0
    calls = [change.call(wall) for change in differences({}, body.wanted())]
    said = {target: own for target, own in body.wanted().items() if own is not None}
    file = filed.news(said, {}) if body.from_file else None
    return PutConfig(changes=calls, base=body.base, note=body.note, file=file)


async def config(reads: Reads, who: Identity, _path: Any, _query: Any) -> JsonObject:
    """The whole configuration as of its version, and where the router's file says otherwise."""
    whole: Whole
    whole, _ = await _told(read_whole(reads.engine, who.tenant))
    before = await _told(read_filed(reads.engine, who.tenant))
    return whole.document() | {"file": filed.told(whole.objects, before)}


async def versions(reads: Reads, who: Identity, _path: Any, query: Any) -> JsonObject:
    """What the versions kept have changed, newest first."""
    asked = {"limit": query.limit, "below": query.below, "fields": query.fields}
    found: JsonObject = await _told(read_versions(reads.engine, who.tenant, **asked))
    return found


async def foretell(reads: Reads, who: Identity, body: ConfigChanges) -> JsonObject:
    """What the changes would do."""
    _check(body)
    whole, live = await _told(read_live(reads.engine, who.tenant))
    if body.base not in (None, whole.version):
        raise problems.ProblemError(problems.stale(whole.version))
    found: JsonObject = msgspec.to_builtins(plan(whole, body.wanted(), live))
    return found


async def go_back(reads: Reads, who: Identity, _path: Any, body: schema.RollbackBody) -> PutConfig:
    """The call that makes everything as it was after a version."""
    whole, live = await _told(read_whole(reads.engine, who.tenant))
    wanted = await _way_back(reads.engine, who, whole, body)
    note = body.note or f"back to version {body.version}"
    changes = [change.call(live.wall) for change in differences(whole.objects, wanted)]
    return PutConfig(changes=changes, base=whole.version, note=note)


async def foretell_way_back(reads: Reads, who: Identity, body: schema.RollbackBody) -> JsonObject:
    """What it would do to go back to a version."""
    whole, live = await _told(read_live(reads.engine, who.tenant))
    wanted = await _way_back(reads.engine, who, whole, body)
    found: JsonObject = msgspec.to_builtins(plan(whole, wanted, live))
    return found


async def _way_back(
    engine: Engine, who: Identity, whole: Whole, body: schema.RollbackBody
) -> dict[Target, Plain | None]:
    """The objects that going back puts and removes. Raises: ProblemError."""
    if body.base not in (None, whole.version):
        raise problems.ProblemError(problems.stale(whole.version))
    try:
        earlier = await read_earlier(engine, who.tenant, whole, body.version)
    except UnreadableError as error:
        raise problems.bad_field("version", body.version, str(error)) from None
    return way_back(whole, earlier)


def _check(body: ConfigChanges) -> None:
    """Raises: ProblemError, when values do not go together, or there are too many changes."""
    faults = [
        FieldError(dotted(("queues", name, *fault.path)), fault.value, fault.expected)
        for name, settings in body.queues.items()
        if settings is not None
        for fault in unfit(settings)
    ]
    if body.tenant is not None:
        faults += [
            FieldError(dotted(("tenant", *fault.path)), fault.value, fault.expected)
            for fault in unfit_tenant(body.tenant)
        ]
    faults += [
        FieldError(dotted(("calendars", name, *fault.path)), fault.value, fault.expected)
        for name, hours in body.calendars.items()
        if hours is not None
        for fault in calendars.unfit(hours)
    ]
    count = len(body.wanted())
    if count > CHANGES_MAX:
        faults.append(FieldError("body", count, f"at most {CHANGES_MAX} changes together"))
    if faults:
        raise problems.ProblemError(problems.bad_input(faults))


async def _told(reading: Any) -> Any:
    """What the reading gives. Raises: ProblemError."""
    try:
        return await reading
    except NoTenantError:
        raise problems.ProblemError(problems.not_found("tenant")) from None
    except UnreadableError as error:
        raise problems.ProblemError(problems.problem(409, "stale", str(error))) from None


CONFIG_OPERATIONS: Final = (
    Operation("get_tenant", "GET", "/v1/tenant", "The tenant's settings.", answer=answers.tenant),
    Operation(
        "get_config",
        "GET",
        "/v1/config",
        "The whole configuration, with version and hash, and where it is not as the file says.",
        answer=config,
    ),
    Operation(
        "list_config_versions",
        "GET",
        "/v1/config/versions",
        "What the last versions changed, by whom and when, newest first.",
        query_type=parameters.VersionsQuery,
        answer=versions,
    ),
    Operation(
        "plan_config",
        "POST",
        "/v1/config/plan",
        "What changes would do: to settings, agents and waiting contacts. Nothing is changed.",
        body_type=ConfigChanges,
        foretell=foretell,
        is_body_needed=True,
        body_max=BODY_MAX,
        example=EXAMPLE,
    ),
    Operation(
        "apply_config",
        "POST",
        "/v1/config/apply",
        "Makes all changes in one step, under one version; or none, and says what is in the way.",
        body_type=ConfigChanges,
        prepare=changes_of,
        is_body_needed=True,
        body_max=BODY_MAX,
        example=EXAMPLE,
    ),
    Operation(
        "plan_way_back",
        "POST",
        "/v1/config/rollback/plan",
        "What going back to an earlier version would do. Nothing is changed.",
        body_type=schema.RollbackBody,
        foretell=foretell_way_back,
        is_body_needed=True,
        example={"version": 11},
    ),
    Operation(
        "roll_config_back",
        "POST",
        "/v1/config/rollback",
        "Makes everything as it was after an earlier version, under a new one.",
        body_type=schema.RollbackBody,
        prepare=go_back,
        is_body_needed=True,
        example={"version": 11, "note": "the night queue was a mistake"},
    ),
)
