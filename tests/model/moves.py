"""The moves that transitions and timers share: ends of offers, returns, ends of work. Pure."""

from abc import abstractmethod

from tests.model.holding import Holding
from tests.model.records import BY_HAND, Agent, Contact, Offer, Tried


class Moves(Holding):
    """How a contact comes back to its queue, ends, and what that does to its agent."""

    def cool(self, contact: Contact, agent: str, base: str) -> int:
        """Counts a failed offer; until the answer, the contact leaves this agent alone."""
        rules = self.queues[contact.queue]
        tried = contact.tried.setdefault(agent, Tried())
        tried.n += 1
        pause = min(rules[base] * 2 ** (tried.n - 1), rules["cooldown_max_ms"])
        tried.until = self.now + int(pause)
        return tried.until

    def offer_ended(self, contact: Contact, offer: Offer) -> None:
        """Frees the slot that an offer reserved, when it was not accepted."""
        contact.ringing.remove(offer)
        self.free(self.agents[offer.agent], contact)

    def fail_once_more(self, agent: Agent, cause: str) -> None:
        """So many failures of a kind in a row make him not ready, for good or for a time."""
        if cause == "expired":
            agent.misses += 1
            in_a_row, limit, reason = agent.misses, self.settings["max_misses"], "no_answer"
        elif cause == "declined":
            agent.declines += 1
            in_a_row, limit, reason = agent.declines, self.settings["max_declines"], "declines"
        else:
            agent.unreached += 1
            in_a_row, limit = agent.unreached, self.settings["max_unreachable"]
            reason = "unreachable"
        if limit and in_a_row >= limit and agent.presence == "ready":
            self.set_presence(agent, "not_ready", reason, agent.pending, reason)
            if self.settings["return_ms"] and agent.pending is None:
                agent.return_at = self.now + int(self.settings["return_ms"])
            self.revoke_offers_of(agent, reason)

    def fail_offer(self, contact: Contact, offer: Offer, cause: str, reason: str = "") -> None:
        """An offer was declined, expired, or did not reach its agent."""
        base = {"declined": "decline_ms", "expired": "miss_ms", "unreachable": "unreachable_ms"}
        until = None
        if offer.kind not in BY_HAND:
            until = self.cool(contact, offer.agent, base[cause])
        self.emit(
            "offer.expired" if cause == "expired" else "offer.declined",
            contact=contact.id,
            agent=offer.agent,
            offer=offer.n,
            kind=offer.kind,
            agents=[contact.owner] if offer.kind in BY_HAND else None,
            queue=contact.queue,
            ring_ms=self.now - offer.made,
            cause=cause,
            reason=reason,
            until=until,
        )
        self.offer_ended(contact, offer)
        if offer.kind in BY_HAND:
            return
        contact.failures += 1
        if contact.ringing:
            self.rings_on(contact)
            return
        target = self.escalate(contact)
        if target is None:
            self.requeue(contact, cause, failed=offer.agent)
        else:
            self.move_on(contact, target, "escalated")

    def rings_on(self, contact: Contact) -> None:
        """Others ring still. After as many failures as may be, these are the last."""
        self.touched_rings.add(contact.id)
        limit = self.queues[contact.queue]["offers_max"]
        if limit and contact.failures >= limit:
            contact.width, contact.widen_at = len(contact.ringing), None

    def escalate(self, contact: Contact) -> str | None:
        """After enough failures the contact may move on; answers the queue it goes to."""
        rules = self.queues[contact.queue]
        if not rules["offers_max"] or contact.failures < rules["offers_max"]:
            return None
        target = self.existing(rules["escalate_to"])
        self.emit(
            "contact.escalated",
            contact=contact.id,
            queue=contact.queue,
            failures=contact.failures,
            to=target,
        )
        contact.failures = 0
        contact.width = contact.widen_at = None
        return target

    def move_on(self, contact: Contact, target: str, reason: str) -> None:
        """To another queue, where the contact's entry counts as in its own."""
        source = contact.queue
        self.leave_agents(contact)
        contact.width = contact.widen_at = None
        contact.queue = target
        contact.failures = 0
        contact.due = self.due_of(contact)
        self.begin_wait(contact)
        self.requeue(contact, reason, came_from=source)

    def revoke_ringing(self, contact: Contact, reason: str, taken_by: str | None = None) -> None:
        """Takes all the contact's pending offers back."""
        for offer in list(contact.ringing):
            self.revoke_offer(contact, offer, reason, taken_by)

    def revoke_offer(
        self, contact: Contact, offer: Offer, reason: str, taken_by: str | None = None
    ) -> None:
        """Takes an offer back; who was offered it is not to blame."""
        self.emit(
            "offer.revoked",
            contact=contact.id,
            agent=offer.agent,
            offer=offer.n,
            kind=offer.kind,
            agents=[contact.owner] if offer.kind in BY_HAND else None,
            queue=contact.queue,
            ring_ms=self.now - offer.made,
            reason=reason,
            taken_by=taken_by,
        )
        self.offer_ended(contact, offer)

    def give_way(self, agent: Agent, channel: str) -> None:
        """What still rings and is interrupted by what he took goes to others, if it has no room."""
        if self.is_exclusive(channel) or agent.units() > agent.capacity:
            self.revoke_offers_of(agent, "interrupted", self.interrupts(channel))

    def revoke_offers_of(self, agent: Agent, reason: str, channels: set[str] | None = None) -> None:
        """Takes back what an agent is offered, of all channels or of some: he can not take it."""
        rung = self.offered_to(agent)
        for contact in [c for c in rung if channels is None or c.channel in channels]:
            offer = contact.offer_to(agent.id)
            assert offer is not None
            self.revoke_offer(contact, offer, reason)
            if contact.ringing:
                self.touched_rings.add(contact.id)
            elif offer.kind not in BY_HAND:
                self.requeue(contact, "revoked", failed=agent.id)

    def requeue(
        self,
        contact: Contact,
        reason: str,
        agent: Agent | None = None,
        came_from: str | None = None,
        failed: str | None = None,
        note: str | None = None,
        left: str | None = None,
    ) -> None:
        """Back to wait at its place: for those of its agents who are left, or in the queue."""
        self.end_monitors(contact)
        contact.state = "queued"
        contact.owner = contact.assigned_at = None
        if contact.direct is not None:
            came_from = self.wait_on(contact, failed)
        self.wait_again(contact, reason, agent, came_from, note, left)

    def wait_again(
        self,
        contact: Contact,
        reason: str,
        agent: Agent | None = None,
        came_from: str | None = None,
        note: str | None = None,
        left: str | None = None,
    ) -> None:
        """It stands in its line, and may be offered. `left`: whom it left, by his id alone."""
        self.need_line(contact)
        self.touched_contacts.add(contact.id)
        self.fresh.add(contact.id)
        self.emit(
            "contact.queued",
            contact=contact.id,
            queue=contact.queue,
            line=contact.line,
            due=contact.due,
            entered=contact.entered,
            tier=contact.tier,
            since=contact.since,
            customer_since=contact.customer_since,
            direct=contact.direct,
            reason=reason,
            agent=agent.id if agent else left,
            note=note,
            **{"from": came_from},
        )
        self.make_up(contact)

    @abstractmethod
    def make_up(self, contact: Contact) -> None:
        """What came to the contact while it was rung happens when it waits again."""

    def leave_agents(self, contact: Contact) -> None:
        contact.direct = contact.direct_until = contact.sticky = None

    def wait_on(self, contact: Contact, failed: str | None) -> str | None:
        """For its other agents while there is time, then for its queue or the backup queue.

        Answers the queue that it left.
        """
        named = contact.direct or []
        there = [a for a in named if a != failed and a in self.agents]
        left = [a for a in there if self.agents[a].is_member(contact.queue)]
        if left and contact.direct_until is not None and contact.direct_until > self.now:
            contact.direct = left
            return None
        self.leave_agents(contact)
        backup, contact.backup_queue = self.existing(contact.backup_queue), None
        if backup is None or backup == contact.queue:
            return None
        source, contact.queue = contact.queue, backup
        contact.failures = 0
        contact.due = self.due_of(contact)
        self.begin_wait(contact)
        return source

    def remember(self, contact: Contact, before: str) -> None:
        """Who served a customer, and the place of one who hung up, where the queue wants it."""
        rules = self.queues[contact.queue]
        waited = before in ("queued", "offered")
        if contact.who is None:
            return
        if contact.result == "handled" and contact.owner and rules["sticky"] != "off":
            key = f"la:{contact.channel}|{contact.who}"
            self.memory[key] = (self.now + rules["sticky_memory_ms"], str(contact.owner))
        elif contact.result == "abandoned" and waited and rules["resume_ms"]:
            key = f"rs:{contact.queue}|{contact.channel}|{contact.who}"
            self.memory[key] = (self.now + rules["resume_ms"], str(contact.entered))

    def recall(self, key: str) -> str | None:
        until, value = self.memory.get(key, (0, ""))
        return value if until > self.now else None

    def waited(self, contact: Contact) -> int:
        assert contact.since is not None
        return self.now - contact.since

    def owner_of(self, contact: Contact) -> Agent:
        assert contact.owner is not None
        return self.agents[contact.owner]
