"""Random calls that set a tenant, its queues and its agents up."""

from presence.calls import PutAgent
from queues.calls import PutQueue
from router.calls import PutCalendar, PutConfig, PutEstimates, PutTenant, Revoke
from tests.model.chance import AGENTS, CALENDARS, CHANNELS, QUEUES, SKILLS, START, Chance
from tests.model.records import Plain

WRAP_UPS = ("off", "on_request", "optional", "forced", "forced_limit")

STRATEGIES = (
    *("longest_idle", "longest_idle", "round_robin", "least_occupied", "top_down", "best_skill"),
    *("specialists_first", "weighted_random"),
)
PLACES = 7


class SettingsTraffic(Chance):
    """Calls of an administrator."""

    def settings(self) -> dict[str, object]:
        return {
            "grace_ms": self.pick((0, 3_000, 20_000)),
            "held_max_ms": self.pick((2_000, 9_000, 2_592_000_000)),
            "max_misses": self.pick((1, 2, 3)),
            "max_declines": self.pick((0, 0, 1, 2)),
            "max_unreachable": self.pick((0, 1, 2)),
            "return_ms": self.pick((0, 1_500, 6_000)),
            "wrap_up_max_ms": self.pick((2_000, 30_000)),
            "line_idle_ms": self.pick((1_000, 8_000)),
            "config_history": self.pick((1, 3, 5)),
            "line_max": self.pick((1, 1, 2, 50)),
            "max_sessions": 2,
            "default_queue": self.pick(("general", "general", "general", "general", "q1")),
            "default_subject": self.pick(("", "something else")),
            "not_ready_reasons": self.pick(({}, {}, {"lunch": ""}, {"rest": "Rest", "tea": ""})),
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

    def channels(self) -> Plain:
        """Mostly all three channels; now and then some have left the settings, or none is named."""
        if self.chance(0.1):
            return {}
        voice: Plain = {"cost": self.pick((0, 1, 2, 3)), "exclusive": self.chance(0.5)}
        voice["interrupts"] = self.pick(([], ["email"], ["email"], ["chat", "email"]))
        chat: Plain = {"cost": 1, "interrupts": self.pick(([], [], ["email"]))}
        chat["auto_accept"] = self.chance(0.4 if chat["interrupts"] else 0.1)
        channels = {"voice": voice, "chat": chat, "email": {"cost": self.pick((1, 1, 2))}}
        for rules in (voice, chat):
            if not rules["interrupts"]:
                del rules["interrupts"]
        gone = self.pick(("chat", "email", *[None] * 6))
        channels.pop(gone, None)
        return channels

    def put_tenant(self) -> PutTenant:
        settings = self.settings()
        if self.model.exists and self.chance(0.4):
            settings = {**self.model.settings, "channels": self.one_rule_changed()}
        return PutTenant(settings=settings, simulated=not self.chance(0.1))

    def one_rule_changed(self) -> Plain:
        """The channels as they are, but for one rule of one of them."""
        channels: Plain = {c: dict(rules) for c, rules in self.model.settings["channels"].items()}
        rules = channels["voice" if self.chance(0.7) else self.pick(sorted(channels))]
        interrupts = ("interrupts", ["email"])
        name, value = self.pick((("cost", 2), ("exclusive", True), *[interrupts] * 4))
        if rules.pop(name, None) is None or name == "cost":
            rules[name] = value
        return channels

    def onward(self, queue: str) -> str:
        """Mostly none, or a queue that comes later in the order in which contacts are sent on.

        At first no other, so that each queue comes to be.
        """
        later = self.order[self.order.index(queue) + 1 :]
        other = (*QUEUES, "nowhere") if queue in self.model.queues else ("nowhere",)
        return str(self.pick(("", *later, *later, self.pick(other))))

    def limits(self, queue: str) -> dict[str, object]:
        """Who may wait and for how long; mostly everybody, for ever."""
        if self.chance(0.4):
            return {}
        return {
            "length_max": self.pick((0, 0, 1, 1, 2)),
            "estimated_wait_max_ms": self.pick((0, 0, 0, 100, 9_000)),
            "join_when": self.pick(("always", "always", "logged_in", "ready", "ready")),
            "overflow_to": self.onward(queue),
            "wait_max_ms": self.pick((0, 0, 0, 3_000, 12_000)),
            "leave_when": self.pick(("never", "never", "nobody_logged_in", "nobody_ready")),
            "steps": [self.queue_step(queue) for _ in range(self.pick((0, 0, 1, 2, 4)))],
        }

    def queue_step(self, queue: str) -> dict[str, object]:
        step: dict[str, object] = {"after_ms": self.pick((500, 2_000, 2_000, 5_000))}
        if self.chance(0.4):
            step["when"] = self.pick(("nobody_logged_in", "nobody_ready"))
        does = self.pick(("tier", "drop", "lower", "notify", "to_queue", "hand_back", "both"))
        more = {
            "tier": {"tier": self.pick((1, 2))},
            "drop": {"drop": [self.pick(SKILLS)]},
            "lower": {"lower": {self.pick(SKILLS): self.pick((1, 4))}},
            "notify": {"notify": "long wait"},
            "to_queue": {"to_queue": self.onward(queue) or "nowhere"},
            "hand_back": {"hand_back": "call back"},
            "both": {"notify": "relaxed", "drop": list(SKILLS), "tier": 1},
        }
        return step | more[does]

    def put_queue(self, queue: str | None = None) -> PutQueue:
        queue = queue or self.pick(QUEUES)
        return PutQueue(queue=queue, settings=self.rules(queue))

    def rules(self, queue: str) -> Plain:
        """All of them; or one rule alone is another, if the queue is there."""
        known, rules = self.model.queues.get(queue), self.all_rules(queue)
        if known is None or self.chance(0.5):
            return rules
        name = self.pick(rules)
        return {**known, name: rules[name]}

    def all_rules(self, queue: str) -> Plain:
        return {
            "distribution": self.pick(("push", "push", "hybrid", "hybrid", "pull")),
            "take_over": self.pick(("members", "members", "supervisors", "nobody")),
            "strategy": self.pick(STRATEGIES),
            "idle_since": self.pick(("contact", "contact", "activity")),
            "seed": self.pick((0, 7)),
            "credit_ms": self.pick((0, 0, 8_000, -8_000)),
            "handles": not self.chance(0.04),
            "external": not self.chance(0.2),
            "target_ms": self.pick((0, 5_000, 20_000)),
            "priority_credit_ms": self.pick((1_000, 60_000)),
            "ring_ms": self.pick((2_000, 5_000)),
            "broadcast_to": self.pick((1, 2, 3)),
            "broadcast_step_ms": self.pick((0, 0, 700, 3_000)),
            "broadcast_add": self.pick((0, 1, 2)),
            "decline_ms": self.pick((1_000, 4_000)),
            "miss_ms": self.pick((1_000, 6_000)),
            "unreachable_ms": 500,
            "cooldown_max_ms": self.pick((3_000, 9_000)),
            "offers_max": self.pick((0, 1, 2)),
            "wrap_up": self.pick((*WRAP_UPS, "optional", "optional", "forced", "forced_limit")),
            "wrap_up_ms": self.pick((0, 4_000, 4_000)),
            "sticky": self.pick(("off", "if_ready", "wait", "wait")),
            "sticky_wait_ms": self.pick((0, 3_000)),
            "sticky_memory_ms": self.pick((2_000, 60_000, 60_000)),
            "resume_ms": self.pick((0, 5_000)),
            "escalate_to": self.onward(queue),
            **self.limits(queue),
            "transfer_position": self.pick(("keep", "front", "back")),
            "transfer_requires": self.pick(("ready", "ready", "ready_or_busy_with_capacity")),
            "orphan": self.pick(("requeue", "close")),
            **self.endings(),
            **self.hours(queue),
            **self.talks(),
        }

    def endings(self) -> dict[str, object]:
        """What is told of a contact at its end, and who may end it."""
        entries: list[Plain] = [
            {"code": "bill", "label": "Invoice"},
            {"code": "order"},
            {"code": "old", "active": False},
        ]
        return {
            "dispositions": entries if self.chance(0.5) else [],
            "disposition_required": self.chance(0.3),
            "resolved_required": self.chance(0.3),
            "disposition_at": self.pick(("close", "wrap_up")),
            "survey": self.chance(0.4),
            "close_by": self.pick(("owner", "members")),
        }

    def redefined(self) -> str:
        """Now and then somebody for whom a contact waits, or would."""
        waiting = [c for c in self.model.contacts.values() if c.state in ("queued", "offered")]
        named = [agent for contact in waiting for agent in contact.direct or ()]
        return str(self.pick(named if named and self.chance(0.6) else AGENTS))

    def hours(self, queue: str) -> dict[str, object]:
        return {
            "calendar": self.pick(("", "", "", *CALENDARS, "nobody's")),
            "closed": self.pick(("refuse", "hold", "hold", "divert", "divert", "callback")),
            "closed_to": self.pick(QUEUES) if self.chance(0.3) else self.onward(queue),
            "callback_retry_ms": self.pick((500, 3_000, 2_000_000)),
            "callback_attempts_max": self.pick((1, 2)),
        }

    def talks(self) -> dict[str, object]:
        return {
            "waiting_frees": self.chance(0.7),
            "waiting_customer_ms": self.pick((500, 3_000, 20_000)),
            "return_position": self.pick(("keep", "front", "back")),
            "first_response_ms": self.pick((0, 900, 4_000)),
            "next_response_ms": self.pick((0, 900, 4_000)),
            "response_warn_pct": self.pick((1, 50, 80, 100)),
            "reopen": self.pick(("reopen", "reopen", "new_linked_contact", "locked")),
            "reopen_by": self.pick((["customer", "agent"], ["customer", "agent"], ["agent"], [])),
            "reopen_window_ms": self.pick((0, 0, 3_000)),
        }

    def put_calendar(self) -> PutCalendar:
        return PutCalendar(calendar=self.pick(CALENDARS), **self.calendar())

    def calendar(self) -> Plain:
        """Opens and closes within seconds, now and then not at all, and is known for a while."""
        now = max(self.model.now, START)
        at = now - int(self.pick((0, 1_000, 60_000)))
        edges = []
        for _ in range(self.pick((0, 1, 4, 5, 8))):
            at += int(self.pick((400, 2_000, 7_000)))
            edges.append(at)
        until = max(at, now) + int(self.pick((1_000, 60_000, 3_000_000)))
        settings = self.pick(
            ({"time_zone": "UTC"}, {"time_zone": "UTC", "holidays": ["2026-12-25"]})
        )
        return {"settings": settings, "edges": edges, "until": until}

    def membership(self) -> dict[str, object]:
        """What an agent is in a queue; what is left out is at its default."""
        membership: dict[str, object] = {
            "role": "supervisor" if self.chance(0.15) else "agent",
            "level": self.pick((50, 50, 20, 100)),
        }
        if self.chance(0.5):
            membership["weight"] = self.pick((1, 3, 100))
        if self.chance(0.1):
            membership["notify"] = True
        if self.chance(0.3):
            membership["credit_ms"] = self.pick((4_000, -20_000))
        return membership

    def put_estimates(self) -> PutEstimates:
        """What was learned of some lines: numbers that grow with the place and the quantile."""
        lines = {}
        for queue in self.random.sample(QUEUES, 2):
            first, step = self.pick((0, 100, 3_000)), self.pick((0, 50, 7_001))
            p50 = [first + step * i for i in range(PLACES)]
            line = f"{queue}|{self.pick(CHANNELS)}|{self.pick(('', '', 'en=5'))}"
            lines[line] = [p50, [ms * 2 for ms in p50]]
        return PutEstimates(lines=lines)

    def put_agent(self, agent: str | None = None) -> PutAgent:
        return PutAgent(agent=agent or self.redefined(), **self.definition())

    def definition(self) -> Plain:
        queues = [*QUEUES, *(["nowhere"] if self.chance(0.05) else [])]
        memberships: Plain = {queue: self.membership() for queue in queues if self.chance(0.7)}
        skills = {skill: self.pick((1, 5, 9)) for skill in SKILLS if self.chance(0.6)}
        if self.model.agents and self.chance(0.4):  # like a colleague, but for the memberships
            colleague = self.pick(self.model.agents.values())
            skills = dict(colleague.skills)
            memberships = {queue: self.membership() for queue in colleague.memberships}
        known = self.model.settings.get("channels", CHANNELS)
        channels = [c for c in CHANNELS if c in known or self.chance(0.05)]
        slots = {
            channel: self.pick((0, 1, 1, 1, 2, 2, 3)) for channel in channels if self.chance(0.85)
        }
        return {
            "name": self.pick(("", "Ana")),
            "memberships": memberships,
            "skills": skills,
            "slots": slots,
            "capacity": self.pick((0, 2, 3, 4, 8, 8)),
        }

    def put_config(self) -> PutConfig:
        """Several changes at once: mostly such as can be made, on the version that is current."""
        version = self.model.version
        changes = self.pick((self.some_changes, self.some_changes, self.end_of_a_queue))()
        waiting = [c for c in self.model.contacts.values() if c.state == "queued"]
        awaited = {agent for contact in waiting for agent in contact.direct or ()}
        absent = [a.id for a in self.model.agents.values() if a.presence == "offline"]
        if (hoped := [agent for agent in absent if agent in awaited]) and self.chance(0.7):
            changes = [{"kind": "agent", "id": self.pick(hoped), "remove": True}]
        if self.chance(0.02):
            changes = [{"kind": "queue", "id": "q1", "settings": {}}] * 201
        return PutConfig(
            changes=changes,
            base=self.pick((None, None, version, version, version, version, version - 1)),
            note=self.pick(("", "as agreed")),
            file=self.words(changes) if self.chance(0.3) else None,
        )

    def revoke(self) -> Revoke:
        """One token, or a subject's; some end soon after."""
        now = self.model.now
        until = now + self.pick((0, 5_000, 10**9))
        reason = self.pick(("", "lost"))
        if self.chance(0.5):
            return Revoke(id=self.pick("abc"), until=until, at=now, reason=reason)
        before = now - self.pick((0, 700))
        return Revoke(subject=self.agent(), before=before, until=until, at=now, reason=reason)

    def words(self, changes: list[Plain]) -> list[Plain]:
        """A file's words about some of the objects; of some it says nothing any more."""
        said = [{"kind": c["kind"], "id": c.get("id", "")} for c in changes if self.chance(0.6)]
        known = [dict(zip(("kind", "id"), n.split("|"), strict=True)) for n in self.model.file]
        told = [own | {"settings": {"name": self.pick(("A", "B"))}} for own in said]
        if self.chance(0.02):
            return told + [{"kind": "queue", "id": "q1"}] * 201
        return told + [own for own in known if self.chance(0.3) and own not in said]

    def some_changes(self) -> list[Plain]:
        kinds = (self.queue_change, self.agent_change, self.agent_change, self.agent_change)
        made = [self.pick(kinds)() for _ in range(self.random.randrange(0, 5))]
        if self.chance(0.2):
            made.append({"kind": "tenant", "settings": self.settings()})
        if self.chance(0.3):
            made += self.calendar_change(self.pick(CALENDARS))
        once = {(c["kind"], c.get("id")): c for c in made}
        self.random.shuffle(made)
        return made if self.chance(0.15) else list(once.values())

    def queue_change(self) -> Plain:
        queue = self.pick(QUEUES)
        if self.chance(0.25):
            return {"kind": "queue", "id": queue, "remove": True}
        return {"kind": "queue", "id": queue, "settings": self.rules(queue)}

    def calendar_change(self, name: str) -> list[Plain]:
        """Other hours; or none any more, and mostly no queue names it then."""
        if name not in self.model.calendars or self.chance(0.5):
            return [{"kind": "calendar", "id": name, **self.calendar()}]
        users = [q for q, rules in self.model.queues.items() if rules["calendar"] == name]
        changes: list[Plain] = [{"kind": "calendar", "id": name, "remove": True}]
        for queue in users if self.chance(0.7) else ():
            settings = {**self.model.queues[queue], "calendar": ""}
            changes.append({"kind": "queue", "id": queue, "settings": settings})
        return changes

    def agent_change(self) -> Plain:
        idle = [a.id for a in self.model.agents.values() if a.presence == "offline" and not a.work]
        if self.chance(0.25):
            agent = self.pick(idle) if idle and self.chance(0.7) else self.agent()
            return {"kind": "agent", "id": agent, "remove": True}
        return {"kind": "agent", "id": self.pick(AGENTS), "settings": self.definition()}

    def end_of_a_queue(self) -> list[Plain]:
        """A queue goes, and with it everything that names it; or not quite everything."""
        queue = self.pick(QUEUES)
        changes: list[Plain] = [{"kind": "queue", "id": queue, "remove": True}]
        for agent in self.model.agents.values():
            if queue in agent.memberships:
                left = {q: m for q, m in agent.memberships.items() if q != queue}
                settings = agent.settings() | {"memberships": left}
                changes.append({"kind": "agent", "id": agent.id, "settings": settings})
        for other, rules in self.model.queues.items():
            if other != queue:
                cut = {name: "" for name in ("escalate_to", "overflow_to") if rules[name] == queue}
                steps = [step for step in rules["steps"] if step.get("to_queue") != queue]
                settings = rules | cut | {"steps": steps}
                changes.append({"kind": "queue", "id": other, "settings": settings})
        self.random.shuffle(changes)
        return changes[1:] if self.chance(0.1) else changes
