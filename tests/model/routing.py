"""Who is offered what: verdicts, lines, places, and the matching pass. Pure."""

from tests.model.asked import Asked
from tests.model.records import BY_HAND, TIER, Agent, Contact, Offer, Place, Plain, Work, line_id
from tests.model.rows import Rows

HOPS = 8


class Routing(Rows):
    """The part of the model that brings contacts and agents together."""

    def verdict(self, agent: Agent, channel: str) -> str:
        """Why he can not take a contact of the channel now, or `ok`."""
        return self.absence(agent) or self.room(agent, channel)

    def absence(self, agent: Agent) -> str:
        """Why he can take nothing at all now; empty when he could."""
        if agent.presence == "offline":
            return "offline"
        if not agent.sessions:
            return "not_connected"
        if agent.presence == "not_ready":
            return "not_ready"
        return "" if agent.pending is None else "pending"

    def room(self, agent: Agent, channel: str) -> str:
        """Whether one more of the channel has room beside what he holds, or what is in its way."""
        if channel not in agent.slots:
            return "no_channel"
        if agent.used(channel) >= agent.slots[channel]:
            return "no_slot"
        held = list(agent.work.values())
        beside = [work for work in held if work.channel not in self.interrupts(channel)]
        if any(self.is_exclusive(work.channel) for work in held):
            return "exclusive"
        if self.is_exclusive(channel) and beside:
            return "exclusive"
        if sum(work.units for work in beside) + self.cost(channel) > agent.capacity:
            return "no_capacity"
        return "ok"

    def tell_interruptions(self, agent: Agent) -> None:
        """Says which contacts in his hands another one has precedence over now, and which not."""
        in_hand = {c: work for c, work in sorted(agent.work.items()) if work.kind != "offer"}
        for contact, work in in_hand.items():
            by = [c for c, w in in_hand.items() if work.channel in self.interrupts(w.channel)]
            if bool(by) == work.interrupted:
                continue
            work.interrupted = bool(by)
            if by:
                self.emit("work.interrupted", agent=agent.id, contact=contact, by=by[0])
            else:
                self.emit("work.resumed", agent=agent.id, contact=contact)

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
        return self.has_room(contact.queue, contact.channel, contact.asked)

    def has_room(self, name: str, channel: str, asked: Asked) -> bool:
        if not asked.text() or line_id(name, channel, asked) in self.lines:
            return True
        of_queue = [queue for queue, _, _ in self.lines.values() if queue == name]
        return len(of_queue) < int(self.settings["line_max"])

    def need_line(self, contact: Contact) -> None:
        """Makes the contact's line if it has requirements and is not there."""
        if contact.direct is not None or not contact.asked.text() or contact.line in self.lines:
            return
        self.lines[contact.line] = (contact.queue, contact.channel, contact.asked)
        self.line_idle[contact.line] = self.now + int(self.settings["line_idle_ms"])
        self.emit("line.made", line=contact.line)

    def serves(self, agent: Agent, contact: Contact) -> bool:
        """Whether the agent is called for the contact's line."""
        if contact.direct is not None:
            return agent.id in contact.direct
        if self.is_pull(contact.queue):
            return False
        return agent.is_member(contact.queue) and agent.meets(contact.asked)

    def tell_unreachable(self, contact: Contact) -> None:
        """Tells once of each line that a contact waits in it and nobody could ever serve it."""
        if contact.direct is not None:
            return
        told = contact.dead_end
        contact.dead_end = None if self.could_serve(contact.line) else contact.line
        if contact.dead_end not in (None, told):
            self.emit(
                "contact.unreachable",
                contact=contact.id,
                queue=contact.queue,
                channel=contact.channel,
                line=contact.line,
            )

    def match_waiting(self) -> None:
        """Touched contacts look for an agent, then touched agents for a contact."""
        touched = [contact for contact in self.waiting() if contact.id in self.touched_contacts]
        for contact in sorted(touched, key=self.place_among_queues):
            self.match_contact(contact)
            if contact.state == "queued":
                self.tell_unreachable(contact)
        agents = sorted(
            (self.agents[a] for a in self.touched_agents), key=lambda a: (a.turn or 0, a.id)
        )
        hungry = [agent for agent in agents if self.best_for(agent)]
        for agent in agents:
            if agent not in hungry or len(hungry) > 1:
                self.stand(agent)
        for agent in hungry:
            while self.best_for(agent):
                self.serve(agent, is_alone=len(hungry) == 1)
        for contact in touched:
            until = [t.until for t in contact.tried.values() if t.until > self.now]
            waits = contact.state == "queued" and until
            contact.retry = min(until) if waits else None

    def settle(self) -> None:
        """The matching pass is over: who stands where."""
        for agent in self.agents.values():
            self.stand(agent)
        self.touched_contacts.clear()
        self.touched_agents.clear()
        self.touched_rings.clear()

    def place_among_queues(self, contact: Contact) -> Place:
        """In which order the contacts of one step look for agents."""
        return (contact.score - int(self.queues[contact.queue]["credit_ms"]), contact.member)

    def free_channels(self, agent: Agent) -> list[str]:
        return [channel for channel in agent.slots if self.verdict(agent, channel) == "ok"]

    def stand(self, agent: Agent) -> None:
        """An agent stands in his lines of the channels where he is routable."""
        free = self.free_channels(agent)
        if not set(free) & set(agent.stands):
            agent.stands = []
        if free and not agent.stands:
            self.come_back(agent)
        agent.stands = free
        for queue in agent.memberships if free else ():
            if agent.is_member(queue) and not self.is_pull(queue):
                self.have_mark(agent, queue)

    def row(self, contact: Contact) -> list[Agent]:
        """Who stands ready for the contact, the first one first."""
        ready = [
            agent
            for agent in self.agents.values()
            if self.serves(agent, contact)
            and (contact.direct is not None or contact.channel in agent.stands)
            and self.verdict(agent, contact.channel) == "ok"
        ]
        if contact.direct is not None:
            named = contact.direct
            return sorted(ready, key=lambda agent: named.index(agent.id))
        return sorted(ready, key=lambda agent: (self.row_score(agent, contact.line), agent.id))

    def first_for(self, contact: Contact) -> Agent | None:
        """Who is called for the contact: before all others, one who has not failed it."""
        row = self.row(contact)
        untried = [agent for agent in row if agent.id not in contact.tried]
        cooled = [agent for agent in row if not contact.is_cooling(agent.id, self.now)]
        return next(iter(untried or cooled), None)

    def beside(self, contact: Contact, chosen: Agent) -> Plain:
        """Who stands before the one who is called, and who would be called without him."""
        row = self.row(contact)
        passed = [
            {"agent": agent.id, "until": contact.tried[agent.id].until}
            for agent in row[: row.index(chosen)]
        ]
        others = [agent for agent in row if agent is not chosen]
        fresh = [agent for agent in others if agent.id not in contact.tried]
        cooled = [agent for agent in others if not contact.is_cooling(agent.id, self.now)]
        spare = None
        for agent in [*fresh, *cooled][:1]:
            spare = {"agent": agent.id, "score": self.row_score(agent, contact.line)}
        return {"passed": passed, "next": spare}

    def match_contact(self, contact: Contact) -> None:
        """Offers a waiting contact to one of the agents who stood in its line before this step."""
        chosen = self.first_for(contact)
        if chosen is not None:
            skipped = self.row(contact).index(chosen)
            kind = "queue" if contact.direct is None else "direct"
            side = "contact" if contact.direct is None else "direct"
            beside = self.beside(contact, chosen) if contact.direct is None else {}
            self.make_offer(contact, chosen, kind, side, skipped, beside)
            free = self.free_channels(chosen)
            chosen.stands = [channel for channel in chosen.stands if channel in free]

    def best_for(self, agent: Agent) -> tuple[Contact, int] | None:
        """What an agent who can take something takes, and how many before it cool down for him."""
        open_to_him = [
            contact
            for contact in self.waiting()
            if self.serves(agent, contact) and self.verdict(agent, contact.channel) == "ok"
        ]
        open_to_him.sort(key=lambda contact: (self.seen_due(agent, contact), contact.member))
        for skipped, contact in enumerate(open_to_him):
            if not contact.is_cooling(agent.id, self.now):
                return contact, skipped
        return None

    def serve(self, agent: Agent, *, is_alone: bool) -> None:
        """One contact finds its agent: of several, the first in its line's row.

        If he would rather have another one, that is looked at instead; at most a few times.
        """
        best = self.best_for(agent)
        assert best is not None
        for _ in range(0 if is_alone else HOPS):
            first = self.first_for(best[0])
            assert first is not None
            if first is agent:
                break
            wanted, agent = best[0], first
            best = self.best_for(agent)
            assert best is not None
            if best[0] is wanted:
                break
        contact, skipped = best
        kind = "queue" if contact.direct is None else "direct"
        self.make_offer(contact, agent, kind, "agent", skipped=skipped)
        if not is_alone:
            self.stand(agent)

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
        """Puts the contact to the agent; from here on his slot is reserved."""
        ring_ms = int(self.queues[contact.queue]["ring_ms"])
        is_row = kind not in BY_HAND and contact.direct is None
        is_away = bool(self.absence(agent))
        turn, score = agent.turn, self.row_score(agent, contact.line) if is_row else None
        contact.offers += 1
        offer = Offer(contact.offers, agent.id, self.now, self.now + ring_ms, kind, note)
        contact.ringing.append(offer)
        if kind not in BY_HAND:
            contact.state = "offered"
        self.follow_clock(contact)
        contact.retry = None
        units = self.cost(contact.channel)
        agent.work[contact.id] = Work("offer", contact.channel, units)
        agent.turn = self.now
        self.called(agent, contact, is_row=is_row)
        self.emit(
            "offer.made",
            contact=contact.id,
            agent=agent.id,
            offer=contact.offers,
            kind=kind,
            sticky=contact.sticky if kind == "direct" else None,
            queue=contact.queue,
            channel=contact.channel,
            deadline=offer.deadline,
            ring_ms=ring_ms,
            wait_ms=self.now - (contact.since or 0),
            since=contact.since,
            line=contact.line,
            turn=turn,
            strategy=self.queues[contact.queue]["strategy"] if is_row else None,
            score=score,
            rank=skipped + 1,
            skipped=skipped,
            side=side,
            width=contact.width,
            not_ready=is_away or None,
            agents=[contact.owner] if kind in BY_HAND else None,
            card=self.card(contact, note),
            **(beside or {}),
        )
        return offer

    def card(self, contact: Contact, note: str | None = None) -> Plain:
        """What a desktop shows of the contact."""
        callback = {"callback": dict(contact.callback)} if contact.callback else {}
        names = ("priority", "arrived", "entered", "customer_since", "response_by")
        own = {name: getattr(contact, name) for name in names}
        told = note or contact.note
        words = {"note": told} if told else {}
        return {**contact.card, **own, **callback, **words}
