"""What a configuration allows and hardly anybody can mean: told by `acd config check`. Pure."""

from collections.abc import Iterator

from router.config.model import Config, TenantConfig
from router.config.problems import Path, dotted


def remarks(config: Config) -> Iterator[str]:
    """Sentences about queues, channels and agents that, by the file alone, have nobody or nothing.

    A tenant without agents in the file has them from elsewhere, so nothing is said of it.
    """
    for name, tenant in config.tenants.items():
        if tenant.agents:
            for path, sentence in _of_tenant(tenant):
                yield f"{dotted(('tenants', name, *path))}: {sentence}"


def _of_tenant(tenant: TenantConfig) -> Iterator[tuple[Path, str]]:
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
