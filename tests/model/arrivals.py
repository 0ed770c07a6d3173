"""How contacts arrive. Pure."""

from queues.calls import Admit, KeepAlive
from router.calls import Archived
from tests.model.asked import Asked
from tests.model.hours import AHEAD_MAX_MS, Hours
from tests.model.records import Contact, Plain, Result

CARD_OF_ADMIT = ("address", "subject", "origin", "customer", "attributes")
HOPS_MAX = 8


class Brought(Admit, frozen=True, kw_only=True):
    """An arrival that an agent makes of a contact of his."""

    fork_of: str
    note: str | None = None


class Episode(Admit, frozen=True, kw_only=True):
    """The next contact of a conversation whose last one stays over."""

    follow_up_of: str
    follows: str


class Arrivals(Hours):
    """Admission checks everything, then changes; the caller matches afterwards."""

    def admit(self, call: Admit) -> Result:
        known = self.contacts.get(call.contact) or self.traces.get(call.contact)
        if known is not None:
            if known.fp != call.fp:
                return Result("conflict")
            return Result("ok", repeated=True)
        queue: str = call.queue or self.subject_of(call).get("queue") or self.default_queue
        problem = self.admission_problem(call, queue)
        if problem is not None:
            return problem
        if call.not_before is not None and call.not_before > self.now:
            return self.put_off(call, call.not_before, queue)
        return self.arrive(call, queue)

    def put_off(self, call: Admit, not_before: int, queue: str) -> Result:
        """It comes later: until then nothing but its instant counts."""
        if not_before > self.now + AHEAD_MAX_MS:
            return Result("too_far")
        contact = self.new_contact(call, queue)
        contact.lease_ms = contact.alive_until = None
        self.schedule(contact, not_before)
        self.take_in(contact)
        return Result("ok")

    def arrive(self, call: Admit, queue: str) -> Result:
        """It comes now: into its queue, or where those go that the queue does not take in."""
        hops: list[tuple[str, str, str]] = []
        openings: list[int] = []
        while way := self.way_on(queue, call, self.priority_of(call)):
            target, reason, refusal = way
            if target is None:
                return refusal
            opens_at = self.opens_at(queue) if reason == "closed" else None
            openings += [] if opens_at is None else [opens_at]
            if len(hops) == HOPS_MAX and reason == "closed":
                first = min(openings, default=None)
                return Result("closed", {"opens_at": first, "callback": False})
            if len(hops) == HOPS_MAX:
                return Result("refused", {"why": reason, "queue": queue})
            hops.append((queue, target, reason))
            queue = target
        asked = Asked(call.requirements, tuple(call.any_of or ()))
        if not self.has_room(queue, call.channel, asked):
            return Result("too_many_lines")
        contact = self.new_contact(call, queue)
        resumed = not isinstance(call, Brought) and self.resume(contact)
        self.begins(contact)
        self.take_in(contact, resumed=resumed)
        for source, target, reason in hops:
            ends = {"from": source, "to": target}
            self.emit("contact.diverted", contact=contact.id, reason=reason, **ends)
        return Result("ok")

    def lead_conversation(self, contact: Contact) -> None:
        """It is the latest of its conversation now."""
        if contact.thread is not None:
            self.conversations[contact.thread] = contact.id

    def leave_conversation(self, contact: Contact) -> None:
        """Nothing is known of it any more."""
        if contact.thread and self.conversations.get(contact.thread) == contact.id:
            del self.conversations[contact.thread]

    def begins(self, contact: Contact) -> None:
        """It waits, or is held until its queue opens."""
        if not self.is_open(contact.queue):
            self.hold(contact)
        else:
            self.starts_to_wait(contact)

    def starts_to_wait(self, contact: Contact) -> None:
        contact.since, contact.due = self.now, self.due_of(contact)
        self.choose_line(contact)
        self.need_line(contact)
        self.begin_wait(contact)
        self.touched_contacts.add(contact.id)

    def take_in(self, contact: Contact, *, resumed: bool = False) -> None:
        self.contacts[contact.id] = contact
        self.lead_conversation(contact)
        self.emit("contact.admitted", **self.admission(contact), resumed=resumed or None)

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
        is_made_outside = rule.get("external") and not isinstance(call, Brought)
        if is_made_outside and not self.queues[queue]["external"]:
            return Result("not_accepted", {"verdict": "internal_only"})
        return None

    def meant(self, name: str) -> str:
        """The contact's own id, of one that may be an admission's that attached to it."""
        trace = self.traces.get(name)
        return trace.attached or name if trace else name

    def keep_alive(self, call: KeepAlive) -> Result:
        gone = []
        for name in call.contacts:
            contact = self.contacts.get(self.meant(name))
            if contact is None or contact.state in ("wrap_up", "closed"):
                gone.append(name)
            elif contact.lease_ms is not None:
                contact.alive_until = self.now + contact.lease_ms
        return Result("ok", {"contacts_gone": gone})

    def archived(self, call: Archived) -> Result:
        """What is archived and closed is let go: of it only the id is known, and what it was."""
        for name, closed_at in call.contacts.items():
            contact = self.contacts.get(name)
            is_closed = contact is not None and contact.state == "closed"
            if contact is not None and is_closed and contact.closed_at == closed_at:
                self.traces[name] = self.contacts.pop(name)
                self.leave_conversation(contact)
        gone = [name for name in sorted(call.contacts) if name not in self.contacts]
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
            since=None,
            due=None,
            customer_since=self.now,
            conversation=call.conversation,
        )
        if call.callback:
            contact.callback = {"address": call.address, "attempts": 0}
            contact.lease_ms = None
        if isinstance(call, Brought):
            contact.lease_ms = None
            contact.note = call.note
            contact.links = [{"kind": "fork_of", "contact": call.fork_of}]
        if isinstance(call, Episode):
            contact.follows = call.follows
            contact.links = [{"kind": "follow_up_of", "contact": call.follow_up_of}]
        if contact.lease_ms is not None:
            contact.alive_until = self.now + contact.lease_ms
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

    def admission(self, contact: Contact) -> Plain:
        return {
            "contact": contact.id,
            "state": contact.state,
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
            "customer_since": contact.customer_since,
            **contact.card,
            "conversation": contact.conversation,
            "direct": contact.direct,
            "sticky": contact.sticky,
            "relax": contact.relax,
            "callback": dict(contact.callback) if contact.callback else None,
            "not_before": contact.not_before,
            "held_until": contact.held_until,
            "links": list(contact.links),
            "follows": contact.follows,
            "note": contact.note,
        }
