"""Who is offered what: verdicts, lines, places, and the matching pass. Pure."""

from tests.model.records import TIER, Agent, Contact, Offer, Plain, Work, World, line_id


class Routing(World):
    """The part of the model that brings contacts and agents together."""

    def verdict(self, agent: Agent, channel: str) -> str:
        """Why he can not take a contact of the channel now, or `ok`."""
        if agent.presence == "offline":
            return "offline"
        if not agent.sessions:
            return "not_connected"
        if agent.presence == "not_ready":
            return "not_ready"
        if agent.pending is not None:
            return "pending"
        if channel not in agent.slots:
            return "no_channel"
        if agent.used(channel) >= agent.slots[channel]:
            return "no_slot"
        if agent.units() + self.cost(channel) > agent.capacity:
            return "no_capacity"
        return "ok"

    def due_of(self, contact: Contact) -> int:
        """When the contact is due in its queue, by its priority and its queue's settings now."""
        rules = self.queues[contact.queue]
        credit: int = contact.priority * rules["priority_credit_ms"]
        target = rules["target_ms"] if contact.target_ms is None else contact.target_ms
        return contact.entered + int(target) - credit

    def front_due(self, contact: Contact) -> int:
        """The due time that puts it before its line's contacts of its tier and below."""
        line = [c for c in self.waiting() if c.line == contact.line]
        ahead = [c.score - 1 for c in line if c.tier <= contact.tier]
        return min([self.due_of(contact), *(score + contact.tier * TIER for score in ahead)])

    def can_have_line(self, contact: Contact) -> bool:
        """Whether the line that it waits in now or later exists, or its queue has room for one."""
        line = line_id(contact.queue, contact.channel, contact.asked)
        if not contact.asked.text() or line in self.lines:
            return True
        of_queue = [queue for queue, _, _ in self.lines.values() if queue == contact.queue]
        return len(of_queue) < int(self.settings["line_max"])

    def need_line(self, contact: Contact) -> None:
        """Makes the contact's line if it has requirements and is not there."""
        if contact.direct is not None or not contact.asked.text() or contact.line in self.lines:
            return
        self.lines[contact.line] = (contact.queue, contact.channel, contact.asked)
        self.line_idle[contact.line] = self.now + int(self.settings["line_idle_ms"])
        self.emit("line.made", line=contact.line)

    def serves(self, agent: Agent, contact: Contact) -> bool:
        """Whether the contact's line is one of the agent's."""
        if contact.direct is not None:
            return contact.direct == agent.id
        return agent.is_member(contact.queue) and agent.meets(contact.asked)

    def match(self) -> None:
        """The matching pass: touched contacts, then touched agents, then who stands where."""
        touched = [contact for contact in self.waiting() if contact.id in self.touched_contacts]
        for contact in touched:
            self.match_contact(contact)
        agents = [self.agents[a] for a in self.touched_agents]
        for agent in sorted(agents, key=lambda a: (a.turn or 0, a.id)):
            self.match_agent(agent)
        for contact in touched:
            until = [t.until for t in contact.tried.values() if t.until > self.now]
            waits = contact.state == "queued" and until
            contact.retry = min(until) if waits else None
        for agent in self.agents.values():
            self.stand(agent)
        self.touched_contacts.clear()
        self.touched_agents.clear()

    def stand(self, agent: Agent) -> None:
        """An agent stands, at his turn, in his lines of the channels where he is routable."""
        free = [channel for channel in agent.slots if self.verdict(agent, channel) == "ok"]
        agent.stands = dict.fromkeys(free, agent.turn or 0)

    def match_contact(self, contact: Contact) -> None:
        """Offers a waiting contact to one of the agents who stand in its line."""
        ready = [
            agent
            for agent in self.agents.values()
            if self.serves(agent, contact)
            and (contact.direct is not None or contact.channel in agent.stands)
            and self.verdict(agent, contact.channel) == "ok"
        ]
        ready.sort(key=lambda agent: (agent.stands.get(contact.channel, 0), agent.id))
        untried = [agent for agent in ready if agent.id not in contact.tried]
        cooled = [agent for agent in ready if not contact.is_cooling(agent.id, self.now)]
        if untried or cooled:
            chosen = (untried or cooled)[0]
            kind = "queue" if contact.direct is None else "direct"
            side = "contact" if contact.direct is None else "direct"
            self.make_offer(contact, chosen, kind, side, skipped=ready.index(chosen))
            self.stand(chosen)

    def match_agent(self, agent: Agent) -> None:
        """Offers an agent the first waiting contact he can take, while he can take one."""
        while True:
            open_to_him = [
                contact
                for contact in self.waiting()
                if self.serves(agent, contact) and self.verdict(agent, contact.channel) == "ok"
            ]
            fit = [c for c in open_to_him if not c.is_cooling(agent.id, self.now)]
            if not fit:
                return
            chosen = fit[0]
            kind = "queue" if chosen.direct is None else "direct"
            self.make_offer(chosen, agent, kind, "agent", skipped=open_to_him.index(chosen))

    def make_offer(
        self, contact: Contact, agent: Agent, kind: str, side: str, skipped: int = 0
    ) -> None:
        """Puts the contact to the agent; from here on his slot is reserved."""
        ring_ms = int(self.queues[contact.queue]["ring_ms"])
        turn = agent.turn
        contact.offers += 1
        offer = Offer(contact.offers, agent.id, self.now, self.now + ring_ms, kind)
        contact.ringing.append(offer)
        if kind != "transfer":
            contact.state = "offered"
        contact.retry = None
        units = self.cost(contact.channel)
        agent.work[contact.id] = Work("offer", contact.channel, units)
        agent.turn = self.now
        self.emit(
            "offer.made",
            contact=contact.id,
            agent=agent.id,
            offer=contact.offers,
            kind=kind,
            queue=contact.queue,
            channel=contact.channel,
            deadline=offer.deadline,
            ring_ms=ring_ms,
            wait_ms=self.now - contact.since,
            since=contact.since,
            line=contact.line,
            turn=turn,
            rank=skipped + 1,
            skipped=skipped,
            side=side,
            card=self.card(contact),
        )

    def card(self, contact: Contact) -> Plain:
        """What a desktop shows of the contact."""
        return {**contact.card, "priority": contact.priority}
