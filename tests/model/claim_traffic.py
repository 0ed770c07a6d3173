"""Random calls of agents who take contacts by themselves: often such as can be done."""

from router.calls import Claim, TakeOver
from tests.model.chance import Chance

WAITS = ("queued", "offered", "offered", "held")


class ClaimTraffic(Chance):
    """Calls of agents who choose."""

    def claim(self) -> Claim:
        contact = self.open_contact(self.pick((*WAITS, "assigned")))
        agent = self.taker(contact)
        return Claim(
            contact=contact,
            agent=agent,
            session=self.desktop(agent),
            not_member=self.chance(0.1),
        )

    def take_over(self) -> TakeOver:
        contact = self.contact("assigned", "waiting_customer")
        rung = [c.id for c in self.model.contacts.values() if c.state == "assigned" and c.ringing]
        if rung and self.chance(0.5):
            contact = self.pick(rung)
        agent = self.taker(contact)
        return TakeOver(
            contact=contact,
            agent=agent,
            session=self.desktop(agent),
            is_supervisor=self.chance(0.4),
            not_member=self.chance(0.1),
            reason=self.pick(("", "went home")),
        )

    def open_contact(self, state: str) -> str:
        """Mostly one in the state, of a queue that lets agents choose; at least one that waits."""
        live = [c for c in self.model.contacts.values() if c.state != "closed"]
        free = [c for c in live if self.model.queues[c.queue]["distribution"] != "push"]
        fit = [c.id for c in free if c.state == state] or [c.id for c in free if c.state in WAITS]
        return str(self.pick(fit)) if fit and self.chance(0.85) else self.contact(*WAITS)

    def taker(self, contact: str) -> str:
        """Mostly somebody who could take it into his hands; else whoever is there, or not."""
        known = self.model.contacts.get(contact)
        able = [
            agent.id
            for agent in self.model.agents.values()
            if known
            and known.queue in agent.memberships
            and agent.id != known.owner
            and self.model.why_not_his(agent, known) == "ok"
        ]
        return str(self.pick(able)) if able and self.chance(0.7) else self.agent()

    def desktop(self, agent: str) -> str | None:
        known = self.model.agents.get(agent)
        sessions = list(known.sessions) if known else []
        return "s9" if self.chance(0.08) else self.pick((None, None, *sessions))
