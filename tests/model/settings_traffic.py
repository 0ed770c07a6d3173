"""Random calls that set a tenant, its queues and its agents up."""

from presence.calls import PutAgent
from queues.calls import PutQueue
from router.calls import PutTenant
from tests.model.chance import AGENTS, CHANNELS, QUEUES, SKILLS, Chance

STRATEGIES = (
    *("longest_idle", "longest_idle", "round_robin", "least_occupied", "top_down", "best_skill"),
    *("specialists_first", "weighted_random"),
)


class SettingsTraffic(Chance):
    """Calls of an administrator."""

    def settings(self) -> dict[str, object]:
        return {
            "grace_ms": self.pick((0, 3_000, 20_000)),
            "max_misses": self.pick((1, 2, 3)),
            "wrap_up_max_ms": self.pick((2_000, 30_000)),
            "line_idle_ms": self.pick((1_000, 8_000)),
            "line_max": self.pick((1, 2, 50)),
            "max_sessions": 2,
            "default_queue": "general",
            "default_subject": self.pick(("", "something else")),
            "channels": self.channels(),
            "subjects": {
                "bill": {"queue": self.pick(("", "q1", "nowhere")), "priority": 3, "origins": []},
                "secret": {"queue": "", "origins": ["phone"]},
            },
            "intake": {
                "phone": {"required": [], "lease_ms": self.pick((0, 0, 0, 30_000))},
                "portal": {
                    "required": self.pick((["subject"], ["queue", "customer"])),
                    "external": self.chance(0.5),
                    "listed_subjects": self.chance(0.5),
                },
            },
        }

    def channels(self) -> dict[str, dict[str, int]]:
        """Mostly both channels; now and then one has left the settings, or none is named."""
        voice = {"voice": {"cost": self.pick((0, 1, 2, 3))}}
        return self.pick(({}, voice, *[{**voice, "chat": {"cost": 1}}] * 8))  # type: ignore[no-any-return]

    def put_tenant(self) -> PutTenant:
        return PutTenant(settings=self.settings(), simulated=not self.chance(0.1))

    def put_queue(self) -> PutQueue:
        rules = {
            "strategy": self.pick(STRATEGIES),
            "idle_since": self.pick(("contact", "contact", "activity")),
            "seed": self.pick((0, 7)),
            "credit_ms": self.pick((0, 0, 8_000, -8_000)),
            "handles": not self.chance(0.04),
            "external": not self.chance(0.2),
            "target_ms": self.pick((0, 5_000, 20_000)),
            "priority_credit_ms": self.pick((1_000, 60_000)),
            "ring_ms": self.pick((2_000, 5_000)),
            "decline_ms": self.pick((1_000, 4_000)),
            "miss_ms": self.pick((1_000, 6_000)),
            "unreachable_ms": 500,
            "cooldown_max_ms": self.pick((3_000, 9_000)),
            "offers_max": self.pick((0, 1, 2)),
            "escalate_to": self.pick(("", "general", "q1", "q2", "nowhere")),
            "wrap_up": self.pick(
                ("off", "on_request", "optional", "optional", "forced", "forced_limit")
            ),
            "wrap_up_ms": self.pick((0, 4_000, 4_000)),
            "sticky": self.pick(("off", "if_ready", "wait")),
            "sticky_wait_ms": self.pick((0, 3_000)),
            "sticky_memory_ms": self.pick((2_000, 60_000)),
            "resume_ms": self.pick((0, 5_000)),
            "transfer_position": self.pick(("keep", "front", "back")),
            "orphan": self.pick(("requeue", "close")),
        }
        return PutQueue(queue=self.pick(QUEUES), settings=rules)

    def membership(self) -> dict[str, object]:
        """What an agent is in a queue; what is left out is at its default."""
        membership: dict[str, object] = {
            "role": "supervisor" if self.chance(0.15) else "agent",
            "level": self.pick((50, 50, 20, 100)),
        }
        if self.chance(0.5):
            membership["weight"] = self.pick((1, 3, 100))
        if self.chance(0.3):
            membership["credit_ms"] = self.pick((4_000, -20_000))
        return membership

    def redefined(self) -> str:
        """Now and then somebody for whom a contact waits, or would."""
        waiting = [c for c in self.model.contacts.values() if c.state in ("queued", "offered")]
        named = [agent for contact in waiting for agent in contact.direct or ()]
        return str(self.pick(named if named and self.chance(0.6) else AGENTS))

    def put_agent(self, agent: str | None = None) -> PutAgent:
        queues = [*QUEUES, *(["nowhere"] if self.chance(0.05) else [])]
        memberships: dict[str, dict[str, object]] = {
            queue: self.membership() for queue in queues if self.chance(0.7)
        }
        skills = {skill: self.pick((1, 5, 9)) for skill in SKILLS if self.chance(0.6)}
        known = self.model.settings.get("channels", CHANNELS)
        channels = [c for c in CHANNELS if c in known or self.chance(0.05)]
        slots = {
            channel: self.pick((0, 1, 1, 1, 2, 2, 3)) for channel in channels if self.chance(0.85)
        }
        return PutAgent(
            agent=agent or self.redefined(),
            name=self.pick(("", "Ana")),
            memberships=memberships,
            skills=skills,
            slots=slots,
            capacity=self.pick((0, 2, 3, 4, 8, 8)),
        )
