"""What is said in contacts, and whose turn it is. Pure."""

from router.calls import Report
from tests.model.records import Agent, Contact, Result, Work
from tests.model.reopenings import Reopenings

PARTICIPANTS = 50
MESSAGES = 20
UNOWNED = ("queued", "offered", "held")


class Talk(Reopenings):
    """Each report checks everything, then changes; the caller matches afterwards."""

    def report(self, call: Report) -> Result:
        first = self.found(call.contact, call.record)
        if first is None:
            return Result("unknown", {"what": "contact"})
        if call.id is not None and call.id in first.messages:
            return Result("ok", repeated=True)
        contact = self.latest(first) if self.brings_back(first, call) else first
        problem = self.speech_problem(contact, call)
        if problem is not None:
            problem.about = contact.id
            return problem
        if self.brings_back(contact, call):
            agent = self.taker(contact, call.agent)
            going = self.goes_on(contact, call.author, agent, call.follow_up)
            if going is None:
                return Result("conflict", {"state": contact.state})
            contact = going
        self.keep(first)
        for one in {id(c): c for c in (first, contact)}.values():
            if call.id is not None:
                one.messages = [*one.messages, call.id][-MESSAGES:]
        if call.visibility == "internal" or call.author == "system":
            self.tell_activity(contact, call)
        elif call.author == "agent":
            self.agent_speaks(contact, call)
        else:
            self.customer_speaks(contact, call)
        return Result("ok", {"contact": contact.id} if contact is not first else {})

    def brings_back(self, contact: Contact, call: Report) -> bool:
        """Whether it is over for who speaks; its owner may speak while he writes it up."""
        over = ("closed", "wrap_up") if call.author == "customer" else ("closed",)
        is_speech = call.author != "system" and call.visibility == "public"
        return is_speech and contact.state in over

    def speech_problem(self, contact: Contact, call: Report) -> Result | None:
        """Why this can not have been said here; None when it can."""
        problem = self.speaker_problem(contact, call) if call.author == "agent" else None
        if problem is None and self.brings_back(contact, call):
            why = self.locked(contact, call.author)
            return Result("locked", {"why": why, "state": contact.state}) if why else None
        return problem

    def speaker_problem(self, contact: Contact, call: Report) -> Result | None:
        agent = self.agents.get(call.agent or "")
        if agent is None:
            return Result("unknown", {"what": "agent"})
        is_owner = contact.owner == agent.id
        if not is_owner and contact.queue not in agent.memberships:
            return Result("not_member")
        if not call.wait:
            return None
        if contact.state in UNOWNED:
            return self.claim_problem(contact, agent)
        if contact.state not in ("assigned", "waiting_customer"):
            return Result("not_assigned")
        return None if is_owner else Result("not_yours")

    def agent_speaks(self, contact: Contact, call: Report) -> None:
        """Whoever waited has an answer; with `wait` it is the customer's turn."""
        assert call.agent is not None
        is_met = self.is_met(contact)
        since, contact.customer_since = contact.customer_since, None
        waited = None if since is None else self.now - since
        is_first = waited is not None and not contact.answered
        contact.spoken = contact.answered = True
        if call.agent not in contact.participants:
            contact.participants = [*contact.participants, call.agent][-PARTICIPANTS:]
        self.tell_activity(contact, call, waited, is_first=is_first, is_met=is_met)
        agent = self.agents[call.agent]
        if contact.state in UNOWNED and self.claim_problem(contact, agent) is None:
            self.seize(contact, agent, "reply")
        if call.wait:
            self.await_customer(contact)

    def customer_speaks(self, contact: Contact, call: Report) -> None:
        """He waits for an answer, if he did not already; what waited for him comes back."""
        contact.spoken = True
        if contact.customer_since is None:
            contact.customer_since = self.now
        self.tell_activity(contact, call)
        if contact.state == "waiting_customer":
            self.comes_back(contact)

    def tell_activity(
        self,
        contact: Contact,
        call: Report,
        waited: int | None = None,
        *,
        is_first: bool = False,
        is_met: bool | None = None,
    ) -> None:
        rung = [offer.agent for offer in contact.ringing]
        self.emit(
            "contact.activity",
            contact=contact.id,
            queue=contact.queue,
            author=call.author,
            agent=call.agent,
            agents=[contact.owner] if contact.owner else rung,
            visibility=call.visibility,
            text=call.text,
            attachments=call.attachments,
            id=call.id,
            wait=call.wait or None,
            response_ms=waited,
            first_response=is_first or None,
            response_met=is_met,
            customer_since=contact.customer_since,
        )

    def await_customer(self, contact: Contact) -> None:
        """Its owner keeps it; whether it keeps his slot, the queue says."""
        rules = self.queues[contact.queue]
        if contact.state == "assigned":
            self.revoke_ringing(contact, "waiting_customer")
            self.dismiss(contact, "over")
            contact.worked_ms, contact.assigned_at = self.handled(contact, self.now), None
            self.end_monitors(contact)
            contact.state = "waiting_customer"
            owner = self.owner_of(contact)
            if rules["waiting_frees"]:
                contact.freed = True
                self.free(owner, contact)
            else:
                owner.work[contact.id].kind = "waiting_customer"
                self.take_pending(owner)
        contact.asked_at = self.now
        contact.no_answer_at = self.now + int(rules["waiting_customer_ms"])
        self.tell_waiting(contact)

    def comes_back(self, contact: Contact) -> None:
        """To its owner, who holds it or can take it now; else to its queue."""
        owner = self.agents.get(contact.owner or "")
        if owner is not None and contact.id in owner.work:
            owner.work[contact.id].kind = "assigned"
        elif owner is not None and self.can_go_on(owner, contact):
            owner.work[contact.id] = Work("assigned", contact.channel, self.cost(contact.channel))
            owner.turn = self.now
            self.touched_agents.add(owner.id)
        else:
            self.back_to_queue(contact, owner)
            return
        unready = contact.freed and owner.presence != "ready"
        contact.freed = contact.asked_at = contact.no_answer_at = None
        contact.state, contact.assigned_at = "assigned", self.now
        self.emit(
            "contact.assigned",
            contact=contact.id,
            queue=contact.queue,
            channel=contact.channel,
            agent=owner.id,
            how="customer_replied",
            not_ready=unready or None,
        )
        self.tell_interruptions(owner)
        self.give_way(owner, contact.channel)

    def can_go_on(self, owner: Agent, contact: Contact) -> bool:
        """Whether it could be offered to him now, or he could claim it."""
        if self.is_free_for(owner, contact):
            return True
        is_push = self.queues[contact.queue]["distribution"] == "push"
        belongs = contact.queue in owner.memberships
        return not is_push and belongs and self.why_not_his(owner, contact) == "ok"

    def back_to_queue(self, contact: Contact, owner: Agent | None) -> None:
        """At the place that its queue gives to those who come back."""
        rules, name = self.queues[contact.queue], contact.owner
        self.part(contact)
        contact.since = self.now
        if rules["return_position"] == "back":
            contact.entered = self.now
        if owner is not None and rules["sticky"] == "wait" and self.is_there(owner, contact):
            contact.direct, contact.sticky = [owner.id], True
            contact.direct_until = self.now + int(rules["sticky_wait_ms"])
        if rules["return_position"] == "front":
            contact.due = self.front_due(contact)
        elif rules["return_position"] == "back":
            contact.due = self.due_of(contact)
        contact.state, contact.owner = "queued", None
        self.begin_wait(contact)
        self.wait_again(contact, "customer_replied", left=name)

    def is_there(self, agent: Agent, contact: Contact) -> bool:
        """Whether he could take it but for what he has in hand."""
        serves = agent.is_member(contact.queue) and bool(agent.slots.get(contact.channel))
        return serves and not self.absence(agent)

    def no_answer(self, contact: Contact) -> None:
        """The customer had his time."""
        contact.ended_at = self.now
        self.close_contact(contact, "expired", "no_answer")
