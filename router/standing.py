"""Owns the reading of a tenant's whole configuration, its past, and what stands on it.

It takes several questions; answers of two versions are never put together.
"""

from typing import Any, Final

import msgspec

from presence.settings import AgentDefinition
from router.config.eligible import Line
from router.config.obstacles import Live, Standing, Waiter
from router.config.whole import Change, Plain, Target, Whole, differences, tidy, undone
from router.engine.engine import Call, Engine
from router.engine.reply import Outcome
from router.queries import (
    ListAgents,
    ListCalendars,
    ListFiled,
    ListQueues,
    ListVersions,
    ListWaiting,
)

AGENTS_PAGE: Final = 200
WAITING_PAGE: Final = 1_000
WAITING_MAX: Final = 20_000
VERSIONS_PAGE: Final = 10
FILED_PAGE: Final = 200
TRIES: Final = 5
AGENT_FIELDS: Final = AgentDefinition.__struct_fields__
SERVED: Final = ("offered", "assigned", "waiting_customer", "wrap_up")
LATER: Final = ("held", "scheduled")


class UnreadableError(Exception):
    """The configuration, or a version of it, can not be had; the text says why."""


class NoTenantError(Exception):
    """The store does not know the tenant."""


async def read_whole(engine: Engine, tenant: str) -> tuple[Whole, Live]:
    """The configuration as of one version, and who works; nobody who waits.

    Raises: NoTenantError, UnreadableError, StoreError.
    """
    for _ in range(TRIES):
        found = await _read_once(engine, tenant)
        if found is not None:
            return found
    raise UnreadableError("the configuration changes all the time; try again")


async def read_live(engine: Engine, tenant: str) -> tuple[Whole, Live]:
    """The configuration as of one version, and who works and waits at about this moment.

    Raises: NoTenantError, UnreadableError, StoreError.
    """
    whole, live = await read_whole(engine, tenant)
    waiting: list[Waiter] = []
    for queue in whole.of("queue"):
        offset = 0
        while len(waiting) < WAITING_MAX:
            asked = ListWaiting(queue=queue, offset=offset, limit=WAITING_PAGE)
            page = (await engine.read(tenant, asked)).get("contacts") or []
            waiting += [_waiter(record) for record in page]
            offset += WAITING_PAGE
            if len(page) < WAITING_PAGE:
                break
    is_partial = len(waiting) >= WAITING_MAX
    return whole, msgspec.structs.replace(live, waiting=waiting, partial=is_partial)


async def read_filed(engine: Engine, tenant: str) -> dict[Target, Plain]:
    """What the file last said of each object, without what is the default.

    Raises: NoTenantError, StoreError.
    """
    found: dict[Target, Plain] = {}
    cursor = "0"
    while True:
        page = await _ask(engine, tenant, ListFiled(cursor=cursor, limit=FILED_PAGE))
        for said in page["filed"] or []:
            found[said["kind"], said["id"]] = tidy(said["kind"], said["settings"])
        cursor = page["cursor"]
        if cursor == "0":
            return found


async def read_versions(
    engine: Engine, tenant: str, *, limit: int, below: int | None = None, fields: bool = False
) -> dict[str, Any]:
    """What the versions kept have changed, newest first; `fields` tells each setting, old and new.

    Raises: NoTenantError, StoreError.
    """
    limit = min(limit, VERSIONS_PAGE) if fields else limit
    reply = await _ask(engine, tenant, ListVersions(limit=limit, below=below, whole=fields))
    versions = reply["versions"] or []
    for record in versions:
        changes = record["changes"] or []
        record["changes"] = [_told(change) for change in changes] if fields else changes
    return {"versions": versions, "version": reply["version"], "hash": reply["hash"]}


async def read_earlier(engine: Engine, tenant: str, whole: Whole, version: int) -> Whole:
    """The configuration after an earlier version: what came later, undone step by step.

    Raises: UnreadableError, NoTenantError, StoreError.
    """
    if not 1 <= version <= whole.version:
        raise UnreadableError(f"there is no version {version}; the current one is {whole.version}")
    objects, at, digest = whole.objects, whole.version + 1, whole.hash
    while at > version:
        ask = ListVersions(limit=VERSIONS_PAGE, below=at, whole=True)
        records = (await _ask(engine, tenant, ask))["versions"] or []
        if not records:
            raise UnreadableError(f"version {version} is not kept; the oldest one is {at}")
        later = [record for record in records if record["version"] > version]
        objects = undone(objects, later)
        at = records[-1]["version"]
        digest = next((r["hash"] for r in records if r["version"] == version), digest)
    return Whole(version=version, hash=digest, objects=objects)


def way_back(whole: Whole, earlier: Whole) -> dict[Target, Plain | None]:
    """The objects to put and to remove so that all is as it was."""
    wanted: dict[Target, Plain | None] = dict(earlier.objects)
    wanted |= {target: None for target in whole.objects if target not in earlier.objects}
    found = differences(whole.objects, wanted)
    return {(change.kind, change.id): change.after for change in found}


async def _read_once(engine: Engine, tenant: str) -> tuple[Whole, Live] | None:
    """None when the configuration changed between the questions."""
    reply = await _ask(engine, tenant, ListQueues())
    objects: dict[Target, Plain] = {("tenant", ""): tidy("tenant", reply["tenant"])}
    served: dict[str, int] = {}
    later: dict[str, int] = {}
    for view in reply["queues"] or []:
        objects["queue", view["queue"]] = tidy("queue", view["settings"])
        served[view["queue"]] = sum(view[name] for name in SERVED)
        later[view["queue"]] = sum(view[name] for name in LATER)
    hours = await _ask(engine, tenant, ListCalendars())
    if hours["version"] != reply["version"]:
        return None
    for view in hours["calendars"] or []:
        objects["calendar", view["calendar"]] = tidy("calendar", view["settings"])
    agents: dict[str, Standing] = {}
    cursor: str | None = None
    while True:
        page = await _ask(engine, tenant, ListAgents(limit=AGENTS_PAGE, cursor=cursor))
        if page["version"] != reply["version"]:
            return None
        for view in page["agents"] or []:
            own = {name: view[name] for name in AGENT_FIELDS if name in view}
            objects["agent", view["agent"]] = tidy("agent", own)
            agents[view["agent"]] = Standing(
                view["presence"], len(view["sessions"]), dict(view["work"] or {})
            )
        cursor = page.get("cursor")
        if cursor is None:
            break
    whole = Whole(version=reply["version"], hash=reply["hash"], objects=objects)
    return whole, Live(agents=agents, served=served, later=later, wall=hours["wall"])


def _told(stored: dict[str, Any]) -> dict[str, Any]:
    """A change out of the history, setting by setting."""
    kind = stored["kind"]
    before, then = (
        None if stored.get(name) is None else tidy(kind, stored[name])
        for name in ("before", "after")
    )
    change = Change(kind, stored["id"], before, then)
    fields: list[Any] = msgspec.to_builtins(change.fields())
    return {"kind": kind, "id": change.id, "what": change.what, "fields": fields}


def _waiter(record: dict[str, Any]) -> Waiter:
    """A contact as plans look at it; one that waits for an agent falls back to its queue's line."""
    queue, channel, asks = record["line"].split("|", 2)
    direct: tuple[str, ...] = ()
    if asks.startswith("@"):
        direct = tuple(asks[1:].split(","))
        asks = _asks(record)
    return Waiter(record["id"], Line(queue, channel, asks), direct)


def _asks(record: dict[str, Any]) -> str:
    demands = [f"{skill}={level}" for skill, level in dict(record["requirements"] or {}).items()]
    demands += [
        "/".join(f"{skill}={level}" for skill, level in clause.items())
        for clause in record.get("any_of") or []
    ]
    return ",".join(sorted(demands))


async def _ask(engine: Engine, tenant: str, query: Call) -> dict[str, Any]:
    reply = await engine.read(tenant, query)
    if reply["outcome"] != Outcome.OK:
        raise NoTenantError(f"the store has no tenant {tenant}")
    return reply
