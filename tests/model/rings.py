"""Contacts that ring several agents at once, and offers that need no answer. Pure."""

from tests.model.closings import Closings
from tests.model.records import BY_HAND, Agent, Contact, Offer, Plain

WIDTH_MAX = 100


class Rings(Closings):
    """How wide a contact rings, who joins, and who has it in the end."""

    def match(self) -> None:
        """The matching pass; second bells are rung when everybody who waits has been looked at."""
        self.match_touched()
        while self.crowded:
            crowded, self.crowded = self.crowded, []
            self.touched_contacts.clear()
            self.touched_agents.clear()
            self.touched_rings.clear()
            for name, channel in crowded:
                self.give_way(self.agents[name], channel)
            self.match_touched()
        self.settle()
        self.follow_clocks()

    def match_touched(self) -> None:
        self.match_waiting()
        agents = [self.agents[a] for a in self.touched_agents]
        for agent in agents:
            self.stand(agent)
        rung = [self.contacts[name] for name in self.touched_rings if name in self.contacts]
        for contact in sorted(rung, key=self.place_among_queues):
            self.fill(contact)
        for agent in sorted(agents, key=lambda a: (a.turn or 0, a.id)):
            self.join(agent)

    def make_offer(
        self,
        contact: Contact,
        agent: Agent,
        kind: str,
        side: str,
        skipped: int = 0,
        beside: Plain | None = None,
        note: str | None = None,
    ) -> Offer:
        """As always; but the first bell of a broadcast opens it, and some channels never ask."""
        is_automatic = kind not in BY_HAND and self.auto_accepts(contact.channel)
        if kind == "queue" and not contact.ringing and not is_automatic:
            self.begin(contact)
        offer = super().make_offer(contact, agent, kind, side, skipped, beside, note)
        if is_automatic:
            self.take(contact, offer, is_automatic=True)
        return offer

    def auto_accepts(self, channel: str) -> bool:
        return bool(self.settings["channels"].get(channel, {}).get("auto_accept"))

    def begin(self, contact: Contact) -> None:
        """A contact that rang nobody rings; how wide, and from when on wider."""
        rules = self.queues[contact.queue]
        step, add = int(rules["broadcast_step_ms"]), int(rules["broadcast_add"])
        if contact.width is not None:
            self.widen(contact)
        elif rules["broadcast_to"] > 1 or (step and add):
            contact.width = int(rules["broadcast_to"])
            grows = step and add and contact.width < WIDTH_MAX
            contact.widen_at = self.now + step if grows else None
        self.touched_rings.add(contact.id)

    def widen(self, contact: Contact) -> None:
        """The width that the contact has by now, step by step."""
        rules = self.queues[contact.queue]
        step, add = int(rules["broadcast_step_ms"]), int(rules["broadcast_add"])
        while contact.widen_at is not None and contact.widen_at <= self.now:
            assert contact.width is not None
            if step == 0 or add == 0:
                contact.widen_at = None
                return
            contact.width = min(contact.width + add, WIDTH_MAX)
            contact.widen_at += step
            if contact.width == WIDTH_MAX:
                contact.widen_at = None

    def widening_due(self, contact: Contact) -> None:
        before = contact.width
        self.widen(contact)
        if contact.width != before:
            self.emit(
                "contact.widened", contact=contact.id, queue=contact.queue, width=contact.width
            )
            self.touched_rings.add(contact.id)

    def fill(self, contact: Contact) -> None:
        """Rings the first ones who can be rung, up to the width."""
        if not contact.is_short or self.auto_accepts(contact.channel):
            return
        self.need_line(contact)
        ready = [
            agent
            for agent in self.agents.values()
            if self.serves(agent, contact) and self.verdict(agent, contact.channel) == "ok"
        ]
        ready.sort(key=lambda agent: (self.row_score(agent, contact.line), agent.id))
        free = [agent for agent in ready if contact.offer_to(agent.id) is None]
        untried = [agent for agent in free if agent.id not in contact.tried]
        cooled = [
            agent
            for agent in free
            if agent.id in contact.tried and not contact.is_cooling(agent.id, self.now)
        ]
        for agent in [*untried, *cooled]:
            if contact.is_short:
                self.ring(contact, agent, ready.index(agent))

    def join(self, agent: Agent) -> None:
        """An agent with room, for whom nobody waits, is rung by those who ring too few."""
        while True:
            short = [
                contact
                for contact in self.contacts.values()
                if contact.is_short
                and self.serves(agent, contact)
                and self.verdict(agent, contact.channel) == "ok"
                and not self.auto_accepts(contact.channel)
            ]
            short.sort(key=lambda contact: (self.seen_due(agent, contact), contact.member))
            fit = [
                contact
                for contact in short
                if contact.offer_to(agent.id) is None and agent.id not in contact.tried
            ]
            if not fit:
                return
            self.ring(fit[0], agent, short.index(fit[0]))

    def ring(self, contact: Contact, agent: Agent, skipped: int) -> None:
        self.make_offer(contact, agent, "queue", "broadcast", skipped)
        free = self.free_channels(agent)
        agent.stands = [channel for channel in agent.stands if channel in free]

    def say_yes(self, contact: Contact, offer: Offer) -> None:
        """An agent accepts what rings him."""
        agent = self.agents[offer.agent]
        self.forgive(agent)
        if offer.kind == "consult":
            self.take_part(contact, offer)
        else:
            self.take(contact, offer)
        self.give_way(agent, contact.channel)

    def tell_accepted(self, contact: Contact, offer: Offer, *, is_automatic: bool = False) -> None:
        self.emit(
            "offer.accepted",
            contact=contact.id,
            agent=offer.agent,
            offer=offer.n,
            kind=offer.kind,
            agents=[contact.owner] if offer.kind == "consult" else None,
            queue=contact.queue,
            channel=contact.channel,
            ring_ms=self.now - offer.made,
            wait_ms=self.waited(contact),
            auto=is_automatic or None,
        )

    def take(self, contact: Contact, offer: Offer, *, is_automatic: bool = False) -> None:
        """The contact is the agent's; whoever else it rang is told who has it."""
        former = contact.owner
        contact.ringing.remove(offer)
        self.part(contact)
        self.end_monitors(contact)
        self.tell_accepted(contact, offer, is_automatic=is_automatic)
        self.revoke_ringing(contact, "taken", offer.agent)
        contact.state, contact.owner, contact.assigned_at = "assigned", offer.agent, self.now
        contact.accepted = offer.n
        contact.note = offer.note or contact.note
        contact.tried.clear()
        contact.failures = 0
        if former != offer.agent:
            contact.worked_ms = None
        self.leave_agents(contact)
        contact.width = contact.widen_at = None
        self.agents[offer.agent].work[contact.id].kind = "assigned"
        self.emit(
            "contact.assigned",
            contact=contact.id,
            queue=contact.queue,
            agent=offer.agent,
            note=offer.note,
            **{"from": former},
            how="offer",
        )
        self.tell_interruptions(self.agents[offer.agent])
        if is_automatic:
            self.crowded.append((offer.agent, contact.channel))

    def take_part(self, contact: Contact, offer: Offer) -> None:
        """He takes part from now on; the contact stays its owner's."""
        contact.ringing.remove(offer)
        self.agents[offer.agent].work[contact.id].kind = "consult"
        contact.consult = {"agent": offer.agent, "since": self.now, "offer": offer.n}
        self.tell_accepted(contact, offer)
        self.emit(
            "contact.consulted",
            contact=contact.id,
            queue=contact.queue,
            agent=offer.agent,
            agents=[contact.owner],
            offer=offer.n,
        )
        self.tell_interruptions(self.agents[offer.agent])

    def hand_over(self, contact: Contact) -> None:
        """Who takes part has the contact; its owner is free."""
        assert contact.consult is not None
        former, contact.accepted = self.owner_of(contact), contact.consult["offer"]
        guest = self.agents[self.end_consult(contact, "completed")]
        self.free(former, contact)
        self.end_monitors(contact)
        guest.work[contact.id].kind = "assigned"
        contact.owner, contact.assigned_at = guest.id, self.now
        contact.worked_ms = None
        contact.tried.clear()
        self.emit(
            "contact.assigned",
            contact=contact.id,
            queue=contact.queue,
            agent=guest.id,
            how="consult",
            **{"from": former.id},
        )
