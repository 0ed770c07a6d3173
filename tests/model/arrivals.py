"""How contacts arrive. Pure."""

from queues.calls import Admit, KeepAlive
from tests.model.records import Asked, Contact, Plain, Result
from tests.model.steps import Steps

CARD_OF_ADMIT = ("address", "subject", "origin", "customer", "attributes")
HOPS_MAX = 8


class Arrivals(Steps):
    """Admission checks everything, then changes; the caller matches afterwards."""

    def admit(self, call: Admit) -> Result:
        known = self.contacts.get(call.contact)
        if known is not None:
            if known.fp != call.fp:
                return Result("conflict")
            return Result("ok", repeated=True)
        queue: str = call.queue or self.subject_of(call).get("queue") or self.default_queue
        problem = self.admission_problem(call, queue)
        if problem is not None:
            return problem
        hops: list[tuple[str, str, str]] = []
        while reason := self.obstacle(queue, call, self.priority_of(call)):
            target = self.existing(self.queues[queue]["overflow_to"])
            if target is None or len(hops) == HOPS_MAX:
                return Result("refused", {"why": reason, "queue": queue})
            hops.append((queue, target, reason))
            queue = target
        asked = Asked(call.requirements, tuple(call.any_of or ()))
        if not self.has_room(queue, call.channel, asked):
            return Result("too_many_lines")
        contact = self.new_contact(call, queue)
        resumed = self.resume(contact)
        if contact.direct is None:
            self.stick(contact)
        self.need_line(contact)
        self.contacts[contact.id] = contact
        self.begin_wait(contact)
        self.touched_contacts.add(contact.id)
        self.emit("contact.admitted", **self.admission(contact), resumed=resumed or None)
        for source, target, reason in hops:
            way = {"from": source, "to": target}
            self.emit("contact.diverted", contact=contact.id, reason=reason, **way)
        return Result("ok")

    def admission_problem(self, call: Admit, queue: str) -> Result | None:
        """Why the contact can not be admitted; None when it can."""
        problem = self.queue_problem(call, queue)
        if problem is not None:
            return problem
        for agent in call.agents or ():
            if agent not in self.agents:
                return Result("unknown", {"what": "agent"})
            if not self.agents[agent].is_member(queue):
                return Result("not_member")
        return self.queue_problem(call, call.backup_queue) if call.backup_queue else None

    def queue_problem(self, call: Admit, queue: str) -> Result | None:
        """Why the queue can not take it in; None when it can."""
        if queue not in self.queues:
            return Result("unknown", {"what": "queue"})
        problem = self.intake_problem(call, queue)
        if problem is not None:
            return problem
        if call.channel not in self.settings["channels"]:
            return Result("unknown", {"what": "channel"})
        asked = Asked(call.requirements, tuple(call.any_of or ()))
        has_room = self.has_room(queue, call.channel, asked)
        return None if has_room else Result("too_many_lines")

    @property
    def default_queue(self) -> str:
        return str(self.settings["default_queue"])

    def rule_of(self, call: Admit) -> Plain:
        """What the tenant asks of contacts of this origin."""
        return self.settings["intake"].get(call.origin, {})  # type: ignore[no-any-return]

    def subject_of(self, call: Admit) -> Plain:
        """What the tenant's catalogue says of the contact's subject."""
        return self.settings["subjects"].get(call.subject, {})  # type: ignore[no-any-return]

    def intake_problem(self, call: Admit, queue: str) -> Result | None:
        """Why contacts of this origin can not be such, or not for this queue."""
        rule, subject = self.rule_of(call), self.subject_of(call)
        required = rule.get("required", ())
        missing = [name for name in required if getattr(call, name) in (None, "")]
        if missing:
            return Result("missing_fields", {"fields": missing})
        if subject.get("origins") and call.origin not in subject["origins"]:
            return Result("bad_subject", {"verdict": "hidden"})
        is_listed = call.subject in ("", *self.settings["subjects"])
        if rule.get("listed_subjects") and not is_listed:
            return Result("bad_subject", {"verdict": "unknown"})
        if not self.queues[queue]["handles"]:
            return Result("not_accepted", {"verdict": "handles_nothing"})
        if rule.get("external") and not self.queues[queue]["external"]:
            return Result("not_accepted", {"verdict": "internal_only"})
        return None

    def keep_alive(self, call: KeepAlive) -> Result:
        gone = []
        for name in call.contacts:
            contact = self.contacts.get(name)
            if contact is None or contact.state in ("wrap_up", "closed"):
                gone.append(name)
            elif contact.lease_ms is not None:
                contact.alive_until = self.now + contact.lease_ms
        return Result("ok", {"contacts_gone": gone})

    def priority_of(self, call: Admit) -> int:
        """Its own, or its subject's."""
        if call.priority is not None:
            return call.priority
        return int(self.subject_of(call).get("priority") or 0)

    def new_contact(self, call: Admit, queue: str) -> Contact:
        card: Plain = {name: getattr(call, name) for name in CARD_OF_ADMIT}
        card["subject"] = card["subject"] or self.settings["default_subject"]
        named = call.agents or ()
        asked = [a for a in named if self.agents[a].is_member(queue)] or None
        contact = Contact(
            id=call.contact,
            fp=call.fp,
            queue=queue,
            channel=call.channel,
            priority=self.priority_of(call),
            tier=call.tier,
            requirements=dict(call.requirements),
            any_of=list(call.any_of or []),
            target_ms=call.target_ms,
            card=card,
            lease_ms=self.rule_of(call).get("lease_ms") or None,
            relax=call.relax or [],
            agents=asked,
            agent_wait_ms=call.agent_wait_ms,
            backup_queue=call.backup_queue if asked else None,
            arrived=self.now,
            entered=self.now,
            since=self.now,
            due=0,
        )
        contact.due = self.due_of(contact)
        if contact.lease_ms is not None:
            contact.alive_until = self.now + contact.lease_ms
        if asked is not None:
            contact.direct = list(asked)
            wait_ms = call.agent_wait_ms
            ring_ms = int(self.queues[queue]["ring_ms"])
            contact.direct_until = self.now + (ring_ms if wait_ms is None else wait_ms)
        return contact

    def resume(self, contact: Contact) -> bool:
        """Who hung up here and is back in time takes his old place, once."""
        key = f"rs:{contact.queue}|{contact.channel}|{contact.who}"
        if contact.who is None or not self.queues[contact.queue]["resume_ms"]:
            return False
        entered = self.recall(key)
        self.memory.pop(key, None)
        if entered is None:
            return False
        contact.entered = int(entered)
        contact.due = self.due_of(contact)
        return True

    def stick(self, contact: Contact) -> None:
        """It waits for its customer's last agent, as far as its queue would have that."""
        rules = self.queues[contact.queue]
        agent = self.agents.get(self.recall(f"la:{contact.channel}|{contact.who}") or "")
        if rules["sticky"] == "off" or agent is None or not agent.slots.get(contact.channel):
            return
        if not self.serves(agent, contact):
            return
        wait_ms = 0
        is_there = self.verdict(agent, contact.channel) == "ok"
        if rules["sticky"] == "wait":
            wait_ms = int(rules["sticky_wait_ms"])
            is_there = bool(agent.sessions) and agent.presence != "offline"
        if is_there:
            contact.direct, contact.sticky = [agent.id], True
            contact.direct_until = self.now + wait_ms

    def admission(self, contact: Contact) -> Plain:
        return {
            "contact": contact.id,
            "queue": contact.queue,
            "channel": contact.channel,
            "line": contact.line,
            "priority": contact.priority,
            "tier": contact.tier,
            "requirements": contact.requirements,
            "any_of": contact.any_of,
            "target_ms": contact.target_ms,
            "due": contact.due,
            "entered": contact.entered,
            **contact.card,
            "direct": contact.direct,
            "sticky": contact.sticky,
            "relax": contact.relax,
        }
