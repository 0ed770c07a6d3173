"""How the customers and agents of the demo behave: seeded chance, and the durations. Pure."""

from math import log
from random import Random
from typing import Any, NamedTuple

import msgspec

from router.config import TenantConfig

SUBJECTS = ("invoice", "delivery", "order", "password", "contract", "complaint")
GATEWAYS = {"voice": "pbx", "chat": "web", "email": "mail"}


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Mean durations in seconds at speed 1, and how often people do something else."""

    between_contacts: float = 3.0
    patience: float = 45.0
    thinking: float = 2.5
    service: float = 14.0
    service_sigma: float = 0.7
    writing_up: float = 3.0
    pause: float = 8.0
    declines: float = 0.06
    misses: float = 0.02
    transfers: float = 0.08
    to_queue: float = 0.25  # of the transfers


class Way(NamedTuple):
    """A queue and a channel that somebody serves, with the skills to be found there."""

    queue: str
    channel: str
    skills: tuple[tuple[str, int], ...]


class People:
    """Draws everything that people decide; `speed` makes all of them quicker."""

    def __init__(self, tenant: TenantConfig, seed: int, speed: float, pace: Pace) -> None:
        self.pace = pace
        self._chance = Random(seed)  # noqa: S311  the traffic of a demo
        self._speed = speed
        self._ways = ways(tenant)

    def contact(self, number: int, run: str) -> dict[str, Any]:
        """A contact, as its gateway would send it."""
        way = self._chance.choice(self._ways)
        body: dict[str, Any] = {
            "contact": f"{run}-{number}",
            "channel": way.channel,
            "queue": way.queue,
            "origin": GATEWAYS.get(way.channel, "portal"),
            "address": f"+49 30 5550{self._chance.randrange(10_000):04}",
            "subject": self._chance.choice(SUBJECTS),
            "customer": f"customer-{self._chance.randrange(500)}",
            "priority": self._chance.choice((0, 0, 0, 1, 2)),
            "attributes": {"demo": True},
        }
        if way.skills and self.happens(0.25):
            skill, level = self._chance.choice(way.skills)
            body["requirements"] = {skill: self._chance.randint(1, level)}
        return body

    def happens(self, share: float) -> bool:
        """True in that share of the cases."""
        return self._chance.random() < share

    def wait(self, mean_s: float) -> float:
        """An exponential duration, as of arrivals and patience."""
        return self._chance.expovariate(1 / mean_s) / self._speed

    def work(self, mean_s: float) -> float:
        """A lognormal duration, as of services (Brown et al., JASA 2005)."""
        sigma = self.pace.service_sigma
        return self._chance.lognormvariate(log(mean_s) - sigma**2 / 2, sigma) / self._speed

    def choice(self, among: list[str]) -> str:
        """Any of them."""
        return self._chance.choice(among)


def ways(tenant: TenantConfig) -> list[Way]:
    """The queues and channels of a tenant that its agents serve."""
    skills: dict[tuple[str, str], dict[str, int]] = {}
    for agent in tenant.agents.values():
        for queue, membership in agent.memberships.items():
            for channel, slots in agent.slots.items():
                if membership.role == "agent" and slots:
                    found = skills.setdefault((queue, channel), {})
                    for skill, level in agent.skills.items():
                        found[skill] = max(level, found.get(skill, 0))
    return [Way(queue, channel, tuple(s.items())) for (queue, channel), s in skills.items()]
