"""What agents take by themselves, and how a contact comes into somebody's hands unoffered. Pure."""

from typing import Any

from router.calls import Claim, TakeOver
from tests.model.agent_calls import AgentCalls
from tests.model.records import Agent, Contact, Result

HAD = ("assigned", "waiting_customer")
REVOKED = {
    "claim": "claimed",
    "reply": "claimed",
    "reopen": "claimed",
    "take_over": "taken_over",
    "hand": "assigned",
}


class Claims(AgentCalls):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def claim(self, call: Claim) -> Result:
        contact, agent = self.contacts.get(call.contact), self.agents.get(call.agent)
        if contact is None or agent is None:
            return Result("unknown", {"what": "agent" if contact else "contact"})
        refused = self.stranger(contact, agent, call) or self.not_free(contact, agent)
        if refused is not None:
            return refused
        problem = self.claim_problem(contact, agent)
        if problem is None:
            self.seize(contact, agent, "claim")
        return problem or Result("ok")

    def claim_problem(self, contact: Contact, agent: Agent) -> Result | None:
        """Why he can not take by himself what nobody has."""
        is_push = self.queues[contact.queue]["distribution"] == "push"
        if is_push and contact.owner != agent.id:
            return Result("push_only")
        verdict = self.why_not_his(agent, contact)
        return None if verdict == "ok" else Result("not_available", {"verdict": verdict})

    def stranger(self, contact: Contact, agent: Agent, call: Claim | TakeOver) -> Result | None:
        """Why this agent has no say in the contact at all."""
        if call.session is not None and call.session not in agent.sessions:
            is_out = call.session in agent.logged_off
            return Result("stale_session", {"verdict": "logged_off"} if is_out else {})
        if not call.not_member and contact.queue not in agent.memberships:
            return Result("not_member")
        return None

    def not_free(self, contact: Contact, agent: Agent) -> Result | None:
        """Who has it already, or why nobody can."""
        if contact.state == "assigned" and contact.owner == agent.id:
            return Result("ok", repeated=True)
        if contact.owner not in (None, agent.id) and contact.state in HAD:
            since = contact.assigned_at or contact.asked_at
            return Result("taken", {"taken_by": contact.owner, "since": since})
        if contact.state in ("wrap_up", "closed"):
            return Result("ended")
        if contact.state == "scheduled":
            return Result("not_waiting")
        return None

    def take_over(self, call: TakeOver) -> Result:
        contact, agent = self.contacts.get(call.contact), self.agents.get(call.agent)
        if contact is None or agent is None:
            return Result("unknown", {"what": "agent" if contact else "contact"})
        refused = self.stranger(contact, agent, call)
        if refused is not None:
            return refused
        if contact.owner == agent.id and contact.state == "assigned":
            return Result("ok", repeated=True)
        if contact.owner == agent.id or contact.state not in HAD:
            return Result("not_assigned")
        who = self.queues[contact.queue]["take_over"]
        role = agent.memberships.get(contact.queue, {}).get("role")
        if who == "nobody" or (
            who == "supervisors" and not call.is_supervisor and role != "supervisor"
        ):
            return Result("not_allowed", {"verdict": who})
        verdict = self.why_not_his(agent, contact)
        if verdict != "ok":
            return Result("not_available", {"verdict": verdict})
        own = contact.offer_to(agent.id)
        if own is not None and own.kind == "consult":
            self.say_yes(contact, own)
        if contact.consult is not None and contact.consult["agent"] == agent.id:
            self.hand_over(contact)
        else:
            self.seize(contact, agent, "take_over", reason=call.reason)
        return Result("ok")

    def why_not_his(self, agent: Agent, contact: Contact) -> str:
        """What keeps an agent from one more contact that he wants; he need not be ready."""
        if agent.presence == "offline":
            return "offline"
        if not agent.sessions:
            return "not_connected"
        own = agent.work.pop(contact.id, None)
        room = self.room(agent, contact.channel)
        if own is not None:
            agent.work[contact.id] = own
        return room

    def seize(self, contact: Contact, agent: Agent, how: str, **said: Any) -> None:
        """The contact is in the agent's hands; whoever had it, or was rung by it, loses it."""
        own = contact.offer_to(agent.id)
        if own is not None and how != "hand":
            self.say_yes(contact, own)
            return
        former, waited = contact.owner, None
        is_away = contact.state in ("held", "scheduled")
        if is_away:
            self.bring(contact)
        elif contact.state in ("queued", "offered"):
            waited = self.waited(contact)
        self.revoke_ringing(contact, REVOKED[how], agent.id)
        self.part(contact)
        self.end_monitors(contact)
        if how != "hand":
            self.forgive(agent)
        self.hand_to(agent, contact)
        contact.state, contact.owner, contact.assigned_at = "assigned", agent.id, self.now
        contact.accepted = None
        contact.tried.clear()
        contact.failures = 0
        if former != agent.id:
            contact.worked_ms = None
        self.leave_agents(contact)
        contact.width = contact.widen_at = None
        self.emit(
            "contact.assigned",
            contact=contact.id,
            queue=contact.queue,
            channel=contact.channel,
            agent=agent.id,
            **{"from": former if former != agent.id else None},
            how=how,
            not_ready=agent.presence != "ready" or None,
            wait_ms=waited,
            due=contact.due if is_away else None,
            entered=contact.entered if is_away else None,
            **said,
        )
        self.tell_interruptions(agent)
        self.give_way(agent, contact.channel)

    def bring(self, contact: Contact) -> None:
        """It does not come later, but now."""
        contact.not_before = contact.held_until = contact.look_at = None
        contact.since = self.now
        if contact.due is None:
            contact.entered = self.now
            contact.due = self.due_of(contact)
