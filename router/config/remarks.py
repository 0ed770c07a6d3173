"""What a configuration allows and hardly anybody can mean: told by `acd config check`. Pure."""

from collections.abc import Iterator

from router.config.circles import diversions, warning
from router.config.model import Config, TenantConfig
from router.config.problems import Path, dotted
from router.config.rules import edges_of


def remarks(config: Config, now_ms: int) -> Iterator[str]:
    """Sentences about queues, channels and agents that, by the file alone, have nobody or nothing.

    A tenant without agents in the file has them from elsewhere, so nothing is said of those. Of
    queues that divert to each other it is said when, from the given instant on, all are closed.
    """
    for name, tenant in config.tenants.items():
        for path, sentence in (*_of_tenant(tenant), *_of_hours(tenant, now_ms)):
            yield f"{dotted(('tenants', name, *path))}: {sentence}"


def _of_hours(tenant: TenantConfig, now_ms: int) -> Iterator[tuple[Path, str]]:
    told: set[str] = set()
    for name in tenant.queues:
        way = [] if name in told else diversions(name, lambda queue: edges_of(tenant, queue))
        told |= {*way}
        if way and (
            text := warning(
                way, lambda queue: tenant.queues[queue].calendar, tenant.calendars, now_ms
            )
        ):
            yield ("queues", name, "closed_to"), text


def _of_tenant(tenant: TenantConfig) -> Iterator[tuple[Path, str]]:
    if not tenant.agents:
        return
    for queue in tenant.queues:
        members = [
            agent
            for agent in tenant.agents.values()
            if queue in agent.memberships and agent.memberships[queue].role == "agent"
        ]
        if not members:
            yield ("queues", queue), "no agent serves it: its contacts would wait for nobody"
        elif not any(any(agent.slots.values()) for agent in members):
            yield ("queues", queue), "none of its agents has a slot of any channel"
    for channel in tenant.channels:
        if not any(agent.slots.get(channel) for agent in tenant.agents.values()):
            yield (
                ("channels", channel),
                "no agent has a slot of it: its contacts would wait in vain",
            )
    for name, agent in tenant.agents.items():
        if not agent.memberships:
            yield ("agents", name), "serves no queue"
