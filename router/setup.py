"""Owns what the file says of tenants: it is put into the store where the store says otherwise.

What the store has besides (queues and agents that the file does not name) stays as it is.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from presence.calls import PutAgent
from presence.settings import AgentDefinition
from queues.calls import PutQueue
from queues.settings import QueueSettings, targets
from router import log
from router.calls import PutTenant
from router.config import Config, ConfigError, TenantConfig, load
from router.engine.driver import StoreError
from router.engine.engine import Call, Engine
from router.engine.reply import Outcome
from router.queries import ListAgents, ListQueues

ACTOR = "config"
PAGE = 200
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
            except (SetupRefusedError, StoreError) as error:
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
    """Puts tenants, queues and agents where the store has others; answers how many were put.

    Raises: SetupRefusedError, StoreError; part of it may be applied then, and a repeat goes on.
    """
    puts = 0
    for tenant, config in tenants.items():
        for call in await _differences(engine, tenant, config):
            reply = await engine.call(tenant, call, actor=ACTOR)
            if reply.outcome is not Outcome.OK:
                what = f"{call.transition} for tenant {tenant}: {reply.outcome}"
                said = f"{reply.what or ''} {' > '.join(reply.path)}".strip()
                raise SetupRefusedError(f"{what} {said}".rstrip())
            puts += 1
    return puts


async def _differences(engine: Engine, tenant: str, config: TenantConfig) -> list[Call]:
    stored = await engine.read(tenant, ListQueues())
    is_new = stored["outcome"] == Outcome.NO_TENANT
    has_queues = {view["queue"]: view["settings"] for view in stored.get("queues") or []}
    has_agents = {} if is_new else await _stored_agents(engine, tenant)
    calls: list[Call] = []
    settings = _plain(config.settings())
    if is_new or not _covers(stored["tenant"], settings):
        calls.append(PutTenant(settings=settings))
    wanted = {queue: _plain(own) for queue, own in config.queues.items()}
    calls += [
        PutQueue(queue=queue, settings=wanted[queue])
        for queue in _targets_first(has_queues | wanted)
        if queue in wanted and not _covers(has_queues.get(queue), wanted[queue])
    ]
    for agent, definition in config.agents.items():
        if not _covers(has_agents.get(agent), _plain(definition)):
            calls.append(put_agent(agent, definition))
    return calls


def _targets_first(queues: Mapping[str, dict[str, Any]]) -> list[str]:
    """The queues, each after those that it sends contacts on to.

    In this order no put closes a circle with settings that a later one replaces.
    """
    order: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [(queue, False) for queue in queues]
    while waiting:
        queue, is_done = waiting.pop()
        if is_done:
            order[queue] = None
        elif queue in queues and queue not in seen:
            seen.add(queue)
            waiting.append((queue, True))
            said = {name: value for name, value in queues[queue].items() if value not in ({}, [])}
            settings = msgspec.convert(said, QueueSettings)
            waiting += [(target, False) for _, target in targets(settings)]
    return list(order)


def put_agent(agent: str, definition: AgentDefinition) -> PutAgent:
    """The call that gives an agent his definition."""
    return PutAgent(agent=agent, **_plain(definition))


async def _stored_agents(engine: Engine, tenant: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    cursor: str | None = None
    while True:
        page = await engine.read(tenant, ListAgents(limit=PAGE, cursor=cursor))
        found |= {agent["agent"]: agent for agent in page["agents"] or []}
        cursor = page.get("cursor")
        if cursor is None:
            return found


def _plain(settings: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(settings))
    return plain


def _covers(stored: object, wanted: dict[str, Any]) -> bool:
    """True when every wanted setting is stored so."""
    if not isinstance(stored, dict):
        return False
    return all(_is_same(stored.get(name), value) for name, value in wanted.items())


def _is_same(stored: Any, wanted: Any) -> bool:
    """Equality, but for empty maps and lists, which the store keeps alike."""
    if isinstance(wanted, dict | list) and not wanted:
        return isinstance(stored, dict | list) and not stored
    if isinstance(wanted, dict) and isinstance(stored, dict):
        is_same = all(_is_same(stored.get(name), value) for name, value in wanted.items())
        return is_same and stored.keys() == wanted.keys()
    return bool(stored == wanted)


def _changed_sections(old: Config, new: Config) -> set[str]:
    sections = Config.__struct_fields__
    return {section for section in sections if getattr(old, section) != getattr(new, section)}
