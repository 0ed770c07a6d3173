"""What agents hold, and what they have declared. Pure."""

from tests.model.records import Agent, Contact, Work
from tests.model.waits import Waits


class Holding(Waits):
    """How a slot comes to be free or taken, and what an agent is meanwhile."""

    def owned_by(self, agent: Agent) -> list[Contact]:
        held = [c for c in self.contacts.values() if c.owner == agent.id]
        live = [c for c in held if c.id in agent.work and not c.offer_to(agent.id)]
        return sorted(live, key=lambda contact: contact.id)

    def offered_to(self, agent: Agent) -> list[Contact]:
        rung = [c for c in self.contacts.values() if c.offer_to(agent.id)]
        return sorted(rung, key=lambda contact: contact.id)

    def free(self, agent: Agent, contact: Contact) -> None:
        """Takes the contact out of the agent's hands; a pending state comes true with the last."""
        if agent.id == contact.owner:
            self.dismiss(contact, "over")
        work = agent.work.pop(contact.id)
        self.touched_agents.add(agent.id)
        if work.kind != "offer":
            agent.turn = self.now
        self.tell_interruptions(agent)
        self.take_pending(agent)

    def dismiss(self, contact: Contact, reason: str) -> None:
        """Nobody takes part in the conversation any more beside its owner."""
        if contact.consult is not None:
            guest = self.agents[self.end_consult(contact, reason)]
            self.free(guest, contact)

    def end_consult(self, contact: Contact, reason: str) -> str:
        """Tells it; answers who took part."""
        assert contact.consult is not None
        guest = str(contact.consult["agent"])
        self.emit(
            "contact.consult_ended",
            contact=contact.id,
            queue=contact.queue,
            agent=guest,
            agents=[contact.owner],
            reason=reason,
            consult_ms=self.now - contact.consult["since"],
        )
        contact.consult = None
        return guest

    def take_pending(self, agent: Agent) -> None:
        """A state that he declared for when he is idle is taken then."""
        if is_idle(agent) and agent.pending is not None:
            presence, reason = agent.pending
            self.set_presence(agent, presence, reason, None, "pending")

    def part(self, contact: Contact) -> None:
        """Nobody has it in hand any more, nor keeps it for when its customer answers."""
        owner = self.agents.get(contact.owner or "")
        contact.asked_at = contact.no_answer_at = contact.freed = None
        if owner is not None and contact.id in owner.work:
            self.free(owner, contact)

    def waits_anew(self, contact: Contact) -> None:
        """From here on it waits for somebody; an unanswered message counts from when it came."""
        contact.since = self.now
        if not contact.spoken or contact.customer_since is None:
            contact.customer_since = self.now

    def handled(self, contact: Contact, until: int) -> int:
        """How long it was in its owner's hands."""
        own = 0 if contact.assigned_at is None else until - contact.assigned_at
        return own + (contact.worked_ms or 0)

    def tell_waiting(self, contact: Contact, reason: str | None = None) -> None:
        self.emit(
            "contact.waiting_customer",
            contact=contact.id,
            queue=contact.queue,
            agent=contact.owner,
            freed=contact.freed,
            handle_ms=contact.worked_ms,
            until=contact.no_answer_at,
            reason=reason,
        )

    def owner_gone(self, agent: Agent, contact: Contact) -> None:
        """It goes on waiting for its customer, and no slot is held for it."""
        self.free(agent, contact)
        contact.freed = True
        self.tell_waiting(contact, "owner_gone")

    def hand_to(self, agent: Agent, contact: Contact) -> None:
        """The contact is put into the agent's hands; that uses his turn as a call does."""
        agent.work[contact.id] = Work("assigned", contact.channel, self.cost(contact.channel))
        agent.turn = self.now
        self.touched_agents.add(agent.id)

    def set_presence(
        self,
        agent: Agent,
        presence: str,
        reason: str,
        pending: tuple[str, str] | None,
        cause: str,
        *,
        forced: bool = False,
    ) -> None:
        """Changes what an agent has declared, or what was declared for him."""
        was = agent.presence
        agent.return_at = None
        if was != presence:
            agent.since = self.now
        if presence == "ready" and agent.turn is None:
            agent.turn = self.now
        agent.presence, agent.reason, agent.pending = presence, reason, pending
        self.touched_agents.add(agent.id)
        self.mind_grace(agent)
        shown = {"presence": pending[0], "reason": pending[1]} if pending else None
        self.emit(
            "agent.state",
            agent=agent.id,
            presence=presence,
            reason=reason,
            pending=shown,
            was=was,
            cause=cause,
            forced=forced or None,
        )

    def forgive(self, agent: Agent) -> None:
        """What he accepts, or his getting ready, ends every row of failures."""
        agent.misses = agent.declines = agent.unreached = 0

    def mind_grace(self, agent: Agent) -> None:
        """Whoever has no desktop and is not offline gets the time of grace to come back."""
        waits = agent.presence != "offline" and not agent.sessions
        if waits and agent.grace_until is None:
            agent.grace_until = self.now + int(self.settings["grace_ms"])


def is_idle(agent: Agent) -> bool:
    """Whether he holds nothing but what waits for its customer."""
    return all(work.kind == "waiting_customer" for work in agent.work.values())
