"""Owns what the file says of tenants: what it says anew is put into the store.

What was changed there since the file last said it stays, and is told; so does what the file does
not name.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from presence.calls import PutAgent
from presence.settings import AgentDefinition
from router import log
from router.calls import PutConfig, PutTenant
from router.config import Config, ConfigError, TenantConfig, filed, load
from router.config.whole import CHANGES_MAX, ORDER, Change, Plain, Target, differences, plain_of
from router.engine.driver import StoreError
from router.engine.engine import Call, Engine
from router.engine.reply import Outcome, Reply
from router.standing import NoTenantError, UnreadableError, read_filed, read_whole

ACTOR = "config"
NOTE = "from the file"
TRIES = 5
TOLD_MAX = 20
LIVE_SECTIONS = frozenset({"log", "tenants"})


class SetupRefusedError(Exception):
    """The store refuses what the file says of a tenant; the text says what and why."""


class Configuration:
    """The configuration in force, and how it changes while the router runs."""

    def __init__(self, path: Path, env: Mapping[str, str]) -> None:
        """Reads the file. Raises: ConfigError."""
        self.path = path
        self.current: Config = load(path, env)
        self.reloads_refused = 0
        self._env = env
        self._lock = asyncio.Lock()

    async def reload(self, engine: Engine) -> bool:
        """Reads the file again and applies it; on any error the old configuration stays.

        Answers whether it was applied. A refusal is logged and counted in `reloads_refused`.
        """
        async with self._lock:
            try:
                fresh = await asyncio.to_thread(load, self.path, self._env)
                puts = await apply(engine, fresh.tenants)
            except ConfigError as error:
                return self._refused(list(error.lines))
            except (SetupRefusedError, UnreadableError, StoreError) as error:
                return self._refused([str(error)])
            log.configure(fresh.log.format, fresh.log.level)
            waiting = sorted(_changed_sections(self.current, fresh) - LIVE_SECTIONS)
            log.get().info("config.applied", puts=puts, at_next_start=waiting)
            self.current = fresh
            return True

    def _refused(self, problems: list[str]) -> bool:
        self.reloads_refused += 1
        log.get().error("config.refused", problems=problems)
        return False


async def apply(engine: Engine, tenants: Mapping[str, TenantConfig]) -> int:
    """Puts what the file says anew of tenants, calendars, queues and agents; answers how many.

    What was changed since the file last said it stays, setting by setting. A tenant's changes are
    one step and one version; above `CHANGES_MAX` of them they are several.
    Raises: SetupRefusedError, UnreadableError, StoreError; some tenants, and some of the steps, may
    be applied then, and a repeat goes on.
    """
    puts = 0
    for tenant, config in tenants.items():
        for _ in range(TRIES):
            made = await _apply_one(engine, tenant, wanted_of(config))
            if made is not None:
                puts += made
                break
        else:
            raise SetupRefusedError(f"settings of tenant {tenant} change all the time; try again")
    return puts


def wanted_of(config: TenantConfig) -> dict[Target, Plain]:
    """The objects that the file gives a tenant."""
    wanted: dict[Target, Plain] = {("tenant", ""): plain_of(config.settings())}
    wanted |= {("calendar", name): plain_of(own) for name, own in config.calendars.items()}
    wanted |= {("queue", name): plain_of(own) for name, own in config.queues.items()}
    return wanted | {("agent", name): plain_of(own) for name, own in config.agents.items()}


def in_steps(changes: list[Change]) -> list[list[Change]]:
    """The changes in steps that the store takes: what is named comes before what names it."""
    puts = [change for change in changes if change.after is not None]
    puts.sort(key=lambda change: ORDER.index(change.kind))
    ends = [change for change in changes if change.after is None]
    ends.sort(key=lambda change: -ORDER.index(change.kind))
    sorted_changes = puts + ends
    return [sorted_changes[at : at + CHANGES_MAX] for at in range(0, len(changes), CHANGES_MAX)]


async def _apply_one(engine: Engine, tenant: str, wanted: dict[Target, Plain]) -> int | None:
    """Puts what the file says anew, on the version it was compared with; None when that changed."""
    puts = 0
    try:
        whole, live = await read_whole(engine, tenant)
    except NoTenantError:
        await _call(engine, tenant, PutTenant(settings=wanted["tenant", ""]))
        puts = 1
        whole, live = await read_whole(engine, tenant)
    before = await read_filed(engine, tenant)
    made = filed.at_start(whole.objects, wanted, before)
    version = whole.version
    puts_of_file = differences(whole.objects, made)
    for step in in_steps(puts_of_file):
        changes = [change.call(live.wall) for change in step]
        said = filed.news({(c.kind, c.id): wanted[c.kind, c.id] for c in step}, {})
        call = PutConfig(changes=changes, base=version, note=NOTE, file=said)
        reply = await _call(engine, tenant, call)
        if reply.outcome is Outcome.STALE:
            return None
        version = reply.version or 0
        puts += len(step)
    news = filed.news(wanted, before)
    for at in range(0, len(news), CHANGES_MAX):
        call = PutConfig(changes=[], base=version, file=news[at : at + CHANGES_MAX])
        if (await _call(engine, tenant, call)).outcome is Outcome.STALE:
            return None
    _tell(tenant, puts_of_file, differences({**whole.objects, **made}, wanted))
    return puts


def _tell(tenant: str, puts: list[Change], kept: list[Change]) -> None:
    """Says what was put over what the store had, and what stays other than the file says."""
    over = [change for change in puts if change.before is not None]
    if over:
        log.get().info("config.put", tenant=tenant, objects=_named(over), count=len(over))
    if kept:
        log.get().warning("config.differs", tenant=tenant, objects=_named(kept), count=len(kept))


def _named(changes: list[Change]) -> list[str]:
    told = []
    for change in changes[:TOLD_MAX]:
        fields = ", ".join(f"{f.field} {f.old!r} -> {f.new!r}" for f in change.fields())
        told.append(f"{change.kind} {change.id}".rstrip() + f": {fields}")
    return told


async def _call(engine: Engine, tenant: str, call: Call) -> Reply:
    """Raises: SetupRefusedError, when it is refused for more than being stale."""
    reply = await engine.call(tenant, call, actor=ACTOR)
    if reply.outcome in (Outcome.OK, Outcome.STALE):
        return reply
    whats = [
        " ".join(
            filter(
                None,
                (f"{o.kind} {o.id}:", o.why, o.what, o.name, *o.names, " > ".join(o.path)),
            )
        )
        for o in reply.problems
    ]
    what = f"{call.transition} for tenant {tenant}: {reply.outcome}"
    raise SetupRefusedError("; ".join([f"{what} {reply.what or ''}".rstrip(), *whats]))


def put_agent(agent: str, definition: AgentDefinition) -> PutAgent:
    """The call that gives an agent his definition."""
    return PutAgent(agent=agent, **plain_of(definition))


def _changed_sections(old: Config, new: Config) -> set[str]:
    sections = Config.__struct_fields__
    return {section for section in sections if getattr(old, section) != getattr(new, section)}
