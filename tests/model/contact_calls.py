"""The transitions of contacts: answer, hand on, close. Pure."""

from queues.calls import Cancel, Update
from router.calls import (
    Accept,
    CallBack,
    Decline,
    NotReached,
    Release,
)
from tests.model.hours import AHEAD_MAX_MS
from tests.model.records import Contact, Plain, Result
from tests.model.transfers import Transfers

WAITING = ("held", "scheduled", "queued", "offered")


class ContactCalls(Transfers):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def standing(self, contact: Contact) -> Plain:
        """What an answer says of where the contact stands."""
        vain = contact.state == "queued" and contact.dead_end == contact.line
        return {"state": contact.state, "offers": self.rung(contact), "unreachable": vain or None}

    def cancel(self, call: Cancel) -> Result:
        contact = self.contacts.get(call.contact)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        if contact.state in ("wrap_up", "closed"):
            return Result("ended")
        is_called_later = contact.callback is not None and contact.state != "assigned"
        if is_called_later and call.result == "abandoned":
            return Result("is_callback")
        self.customer_left(contact, call.result, call.reason)
        return Result("ok")

    def update(self, call: Update) -> Result:
        contact = self.contacts.get(call.contact)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        problem = self.update_problem(contact, call)
        if problem:
            return Result(problem)
        before = contact.requirements, contact.any_of
        if call.requirements is not None:
            contact.requirements = dict(call.requirements)
        if call.any_of is not None:
            contact.any_of = list(call.any_of)
        if not self.can_have_line(contact):
            contact.requirements, contact.any_of = before
            return Result("too_many_lines")
        self.ask_anew(contact, call)
        if contact.state in ("queued", "offered"):
            self.need_line(contact)
            self.touched_contacts.add(contact.id)
            self.touched_rings.add(contact.id)
        if call.relax is not None:
            contact.relax, contact.relaxed = list(call.relax), None
            if contact.state in ("queued", "offered"):
                self.set_step(contact)
        self.tell_updated(contact, call.reason)
        if call.not_before is not None:
            self.schedule(contact, max(call.not_before, self.now))
            self.tell_scheduled(contact, "updated")
        return Result("ok")

    def update_problem(self, contact: Contact, call: Update) -> str:
        """Why a contact that is known can not be changed so; empty when it can."""
        if contact.state not in WAITING:
            return "not_waiting"
        if call.not_before is None:
            return ""
        if contact.state != "scheduled":
            return "not_scheduled"
        return "too_far" if call.not_before > self.now + AHEAD_MAX_MS else ""

    def ask_anew(self, contact: Contact, call: Update) -> None:
        """What it asks for changes; its place follows, if it has one."""
        if call.priority is not None:
            contact.priority = call.priority
        if call.tier is not None:
            contact.tier = call.tier
        for name in ("subject", "attributes"):
            if getattr(call, name) is not None:
                contact.card[name] = getattr(call, name)
        if call.target_ms is not None:
            contact.target_ms = call.target_ms
        is_placed_anew = call.priority is not None or call.target_ms is not None
        if is_placed_anew and contact.due is not None:
            contact.due = self.due_of(contact)

    def tell_updated(self, contact: Contact, reason: str | None) -> None:
        self.emit(
            "contact.updated",
            contact=contact.id,
            queue=contact.queue,
            agents=[offer.agent for offer in contact.ringing],
            line=contact.line,
            due=contact.due,
            priority=contact.priority,
            tier=contact.tier,
            requirements=contact.requirements,
            any_of=contact.any_of,
            target_ms=contact.target_ms,
            relax=contact.relax,
            subject=contact.card["subject"],
            attributes=contact.card["attributes"],
            reason=reason,
        )

    def token_problem(self, call: Accept | Decline) -> Result | None:
        """Why this agent can not answer this offer; None when he can."""
        contact = self.contacts.get(call.contact)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        if call.agent not in self.agents:
            return Result("unknown", {"what": "agent"})
        if call.session is not None and call.session not in self.agents[call.agent].sessions:
            is_out = call.session in self.agents[call.agent].logged_off
            return Result("stale_session", {"verdict": "logged_off"} if is_out else {})
        offer = contact.numbered(call.offer)
        if offer is None:
            taken = contact.accepted == call.offer and contact.owner not in (None, call.agent)
            if taken:
                return Result("not_yours")
            keeper = contact.owner if contact.owner != call.agent else None
            return Result("gone", {"taken_by": keeper} if keeper else {})
        if offer.agent != call.agent:
            return Result("not_yours")
        return None

    def answers_taken(self, contact: Contact) -> list[tuple[int | None, str | None]]:
        """The offers by which it came into hands, each with whose they are."""
        taken = [(contact.accepted, contact.owner)]
        if contact.consult is not None:
            taken.append((contact.consult["offer"], contact.consult["agent"]))
        return taken

    def accept(self, call: Accept) -> Result:
        problem = self.token_problem(call)
        contact = self.contacts.get(call.contact)
        if contact is None or problem is not None:
            assert problem is not None
            answer = (call.offer, call.agent)
            again = contact is not None and answer in self.answers_taken(contact)
            is_repeat = again and problem.outcome == "gone"
            return Result("ok", repeated=True) if is_repeat else problem
        offer = contact.numbered(call.offer)
        assert offer is not None
        self.say_yes(contact, offer)
        return Result("ok")

    def decline(self, call: Decline) -> Result:
        problem = self.token_problem(call)
        if problem is not None:
            return problem
        contact = self.contacts[call.contact]
        offer = contact.numbered(call.offer)
        assert offer is not None
        self.fail_offer(contact, offer, call.cause, call.reason)
        self.fail_once_more(self.agents[offer.agent], call.cause)
        return Result("ok")

    def release(self, call: Release) -> Result:
        contact = self.contacts.get(call.contact)
        problem = self.owner_problem(contact, call.agent, "assigned", "waiting_customer")
        if problem or contact is None:
            return Result(problem, {"what": "contact"} if problem == "unknown" else {})
        self.revoke_ringing(contact, "released")
        assert contact.owner is not None
        self.cool(contact, contact.owner, "decline_ms")
        self.part(contact)
        self.waits_anew(contact)
        self.begin_wait(contact)
        reason = "pulled" if call.agent is None else "released"
        self.requeue(contact, reason, left=contact.owner, note=call.reason)
        return Result("ok")

    def call_back(self, call: CallBack) -> Result:
        contact = self.contacts.get(call.contact)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        if contact.state not in WAITING:
            return Result("not_waiting")
        if call.not_before is not None and call.not_before > self.now + AHEAD_MAX_MS:
            return Result("too_far")
        known = dict(contact.callback or {"address": contact.card["address"], "attempts": 0})
        if call.address is not None:
            known["address"] = call.address
        contact.callback = known
        contact.lease_ms = contact.alive_until = None
        self.emit(
            "contact.callback",
            contact=contact.id,
            queue=contact.queue,
            agents=[offer.agent for offer in contact.ringing],
            **known,
        )
        at = call.not_before
        if at is not None and (at > self.now or contact.state == "scheduled"):
            self.revoke_ringing(contact, "call_back")
            self.schedule(contact, at)
            self.tell_scheduled(contact, "call_back")
        return Result("ok")

    def not_reached(self, call: NotReached) -> Result:
        contact = self.contacts.get(call.contact)
        problem = self.owner_problem(contact, call.agent, "assigned")
        if problem or contact is None:
            return Result(problem, {"what": "contact"} if problem == "unknown" else {})
        if contact.callback is None:
            return Result("no_callback")
        self.revoke_ringing(contact, "not_reached")
        rules, owner = self.queues[contact.queue], self.owner_of(contact)
        contact.callback = {**contact.callback, "attempts": contact.callback["attempts"] + 1}
        self.emit(
            "contact.not_reached",
            contact=contact.id,
            queue=contact.queue,
            agent=owner.id,
            attempts=contact.callback["attempts"],
            reason=call.reason,
            handle_ms=self.handled(contact, self.now),
        )
        if contact.callback["attempts"] >= rules["callback_attempts_max"]:
            contact.ended_at = self.now
            self.close_contact(contact, "expired", "not_reached")
            return Result("ok")
        self.free(owner, contact)
        self.end_monitors(contact)
        contact.owner = contact.assigned_at = None
        self.schedule(contact, self.now + int(rules["callback_retry_ms"]))
        self.tell_scheduled(contact, "not_reached")
        return Result("ok")
