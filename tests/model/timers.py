"""What happens by itself when an instant has come. Pure."""

from tests.model.records import Agent, Contact
from tests.model.supervision import Supervision

BATCH = 64


class Timers(Supervision):
    """All due timers are applied together; one matching pass follows."""

    def run_due(self) -> bool:
        """Applies what is due, in order; answers whether more may be due."""
        due = [(at, member) for member, at in self.timers().items() if at <= self.now]
        batch = sorted(due)[:BATCH]
        self.opened = 0
        for _, member in batch:
            if self.timers().get(member, self.now + 1) <= self.now:
                self.fire(member)
        more = any(at <= self.now for at in self.timers().values())
        self.match()
        return more

    def fire(self, member: str) -> None:
        kind, first, *rest = member.split("|")
        if kind == "o":
            self.offer_expired(self.contacts[first], int(rest[0]))
        elif kind == "h":
            self.look_at_the_wall(first)
        elif kind == "s":
            self.end_session(self.agents[first], rest[0], "lease")
        elif kind == "y":
            self.returns(self.agents[first])
        elif kind == "g":
            self.grace_over(self.agents[first])
        elif kind == "l":
            self.line_idles(member[2:])
        elif kind == "q":
            self.leave(first)
        else:
            self.contact_due(kind, self.contacts[first])

    def contact_due(self, kind: str, contact: Contact) -> None:
        """What a contact has waited for, other than the end of an offer."""
        if kind == "b":
            self.widening_due(contact)
        elif kind == "w":
            self.close_contact(contact, contact.result or "handled", contact.reason)
        elif kind == "v":
            self.gateway_lost(contact)
        elif kind == "d":
            self.direct_over(contact)
        elif kind == "r":
            contact.retry = None
            self.touched_contacts.add(contact.id)
        elif kind == "t":
            self.clock_due(contact)
        elif kind == "u":
            self.no_answer(contact)
        elif kind == "e":
            self.step_due(contact)

    def gateway_lost(self, contact: Contact) -> None:
        """Its gateway went without a word: so did the customer."""
        contact.alive_until = None
        if contact.state not in ("wrap_up", "closed"):
            self.customer_left(contact, "abandoned", "gateway_lost")

    def direct_over(self, contact: Contact) -> None:
        """An offer that rings now decides by itself where the contact goes next."""
        contact.direct_until = None
        if contact.state == "queued":
            self.requeue(contact, "direct_over")

    def offer_expired(self, contact: Contact, n: int) -> None:
        offer = contact.numbered(n)
        assert offer is not None
        self.fail_offer(contact, offer, "expired")
        self.fail_once_more(self.agents[offer.agent], "expired")

    def returns(self, agent: Agent) -> None:
        """Nobody declared anything since the engine made him not ready: he is ready again."""
        agent.return_at = None
        if agent.sessions:
            self.forgive(agent)
            self.set_presence(agent, "ready", "", None, "returned")

    def grace_over(self, agent: Agent) -> None:
        """He did not come back: what he held follows its queue's orphan policy."""
        agent.grace_until = None
        agent.pending = None
        for contact in [self.contacts[name] for name in sorted(agent.work)]:
            if agent.work[contact.id].kind == "consult":
                self.dismiss(contact, "gone")
            elif contact.state == "wrap_up":
                self.close_contact(contact, contact.result or "handled", contact.reason)
            elif contact.state == "waiting_customer":
                self.owner_gone(agent, contact)
            else:
                self.orphaned(agent, contact)
        if agent.presence != "offline":
            self.set_presence(agent, "offline", "disconnected", None, "grace_over")

    def orphaned(self, agent: Agent, contact: Contact) -> None:
        self.revoke_ringing(contact, "orphaned")
        if self.queues[contact.queue]["orphan"] == "close":
            self.finish(contact, "handled", "orphaned")
            return
        self.free(agent, contact)
        self.waits_anew(contact)
        self.begin_wait(contact)
        self.requeue(contact, "orphaned", agent)

    def line_idles(self, line: str) -> None:
        short = [contact for contact in self.contacts.values() if contact.is_short]
        if any(contact.line == line for contact in [*self.waiting(), *short]):
            self.line_idle[line] = self.now + int(self.settings["line_idle_ms"])
            return
        del self.lines[line], self.line_idle[line]
        self.emit("line.dropped", line=line)
