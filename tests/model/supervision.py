"""What supervisors do: give, take away, log off, listen. Pure."""

from router.calls import Assign, LogOff, Monitor
from tests.model.conversations import Conversations
from tests.model.records import Agent, Contact, Result

MONITORS = 3


class Supervision(Conversations):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def assign(self, call: Assign) -> Result:
        contact, agent = self.contacts.get(call.contact), self.agents.get(call.agent)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        if contact.state in ("wrap_up", "closed"):
            return Result("ended")
        if agent is None:
            return Result("unknown", {"what": "agent"})
        if agent.id == contact.owner:
            return Result("not_available", {"verdict": "owner"})
        if not (call.not_member or agent.is_member(contact.queue)):
            return Result("not_member")
        verdict, is_over = self.in_the_way(contact, agent, call)
        if verdict:
            return Result("not_available", {"verdict": verdict})
        self.seize(contact, agent, "hand", over_capacity=is_over or None, reason=call.reason)
        return Result("ok", {"state": contact.state})

    def in_the_way(self, contact: Contact, agent: Agent, call: Assign) -> tuple[str, bool]:
        """What the supervisor does not overrule; and whether it is too much for the agent."""
        absence = self.absence(agent)
        if absence and not (absence == "not_ready" and call.not_ready):
            return absence, False
        own = agent.work.pop(contact.id, None)
        room = self.room(agent, contact.channel)
        if own is not None:
            agent.work[contact.id] = own
        if room == "ok":
            return "", False
        if room == "no_channel" or not call.over_capacity:
            return room, False
        return "", True

    def log_off(self, call: LogOff) -> Result:
        agent = self.agents.get(call.agent)
        if agent is None:
            return Result("unknown", {"what": "agent"})
        was_connected = bool(agent.sessions)
        self.touched_agents.add(agent.id)
        agent.pending = None
        agent.logged_off = set(agent.sessions)
        for session in agent.sessions:
            self.emit("session.closed", agent=agent.id, session=session, reason="logged_off")
        agent.sessions.clear()
        agent.attached.clear()
        if agent.presence != "offline":
            self.set_presence(agent, "offline", call.reason, None, "logged_off")
        self.revoke_offers_of(agent, "agent_gone")
        if call.contacts == "requeue":
            self.give_back(agent)
        if not agent.work:
            agent.grace_until = None
        elif was_connected:
            agent.grace_until = self.now + int(self.settings["grace_ms"])
        return Result("ok")

    def give_back(self, agent: Agent) -> None:
        for contact in [self.contacts[name] for name in sorted(agent.work)]:
            if agent.work[contact.id].kind == "consult":
                self.dismiss(contact, "logged_off")
                continue
            if contact.state == "wrap_up":
                self.close_contact(contact, contact.result or "handled", contact.reason)
                continue
            if contact.state == "waiting_customer":
                self.owner_gone(agent, contact)
                continue
            self.revoke_ringing(contact, "logged_off")
            self.free(agent, contact)
            self.waits_anew(contact)
            self.begin_wait(contact)
            self.requeue(contact, "logged_off", agent)

    def monitor(self, call: Monitor) -> Result:
        contact = self.contacts.get(call.contact)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        if contact.state != "assigned":
            return Result("not_assigned")
        mode = None if call.mode == "stop" else call.mode
        known = contact.monitors.get(call.supervisor)
        if known == mode:
            return Result("ok")
        if known is None and len(contact.monitors) >= MONITORS:
            return Result("too_many")
        contact.monitors.pop(call.supervisor, None)
        if mode is not None:
            contact.monitors[call.supervisor] = mode
        self.tell_monitor(contact, call.supervisor, call.mode, call.reason)
        return Result("ok")
