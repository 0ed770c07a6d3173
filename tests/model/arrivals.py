"""How contacts arrive. Pure."""

from queues.calls import Admit
from tests.model.moves import Moves
from tests.model.records import Contact, Plain, Result

CARD_OF_ADMIT = ("address", "subject", "origin", "customer", "attributes")


class Arrivals(Moves):
    """Admission checks everything, then changes; the caller matches afterwards."""

    def admit(self, call: Admit) -> Result:
        known = self.contacts.get(call.contact)
        if known is not None:
            if known.fp != call.fp:
                return Result("conflict")
            return Result("ok", repeated=True)
        queue: str = call.queue or self.settings["default_queue"]
        problem = self.admission_problem(call, queue)
        if problem is not None:
            return problem
        contact = self.new_contact(call, queue)
        if not self.can_have_line(contact):
            return Result("too_many_lines")
        self.need_line(contact)
        self.contacts[contact.id] = contact
        self.touched_contacts.add(contact.id)
        self.emit("contact.admitted", **self.admission(contact))
        return Result("ok")

    def admission_problem(self, call: Admit, queue: str) -> Result | None:
        """Why the contact can not be admitted, whatever its line; None when it can."""
        missing = self.missing_fields(call)
        if missing:
            return Result("missing_fields", {"fields": missing})
        if queue not in self.queues:
            return Result("unknown", {"what": "queue"})
        if call.channel not in self.settings["channels"]:
            return Result("unknown", {"what": "channel"})
        if call.agent is not None:
            if call.agent not in self.agents:
                return Result("unknown", {"what": "agent"})
            if not self.agents[call.agent].is_member(queue):
                return Result("not_member")
        return None

    def missing_fields(self, call: Admit) -> list[str]:
        required = self.settings["intake"].get(call.origin, {}).get("required", ())
        return [name for name in required if getattr(call, name) in (None, "")]

    def new_contact(self, call: Admit, queue: str) -> Contact:
        card: Plain = {name: getattr(call, name) for name in CARD_OF_ADMIT}
        card["subject"] = card["subject"] or self.settings["default_subject"]
        contact = Contact(
            id=call.contact,
            fp=call.fp,
            queue=queue,
            channel=call.channel,
            priority=call.priority,
            tier=call.tier,
            requirements=dict(call.requirements),
            any_of=list(call.any_of or []),
            target_ms=call.target_ms,
            card=card,
            asked_agent=call.agent,
            agent_wait_ms=call.agent_wait_ms,
            arrived=self.now,
            entered=self.now,
            since=self.now,
            due=0,
        )
        contact.due = self.due_of(contact)
        if call.agent is not None:
            contact.direct = call.agent
            wait_ms = call.agent_wait_ms
            ring_ms = int(self.queues[queue]["ring_ms"])
            contact.direct_until = self.now + (ring_ms if wait_ms is None else wait_ms)
        return contact

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
        }
