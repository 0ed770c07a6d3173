"""The transitions of agents: sessions, leases and what they declare. Pure."""

from presence.calls import CloseSession, OpenSession, Renew, SetState
from tests.model.holding import is_idle
from tests.model.hours import Hours
from tests.model.records import Agent, Plain, Result


class AgentCalls(Hours):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def open_session(self, call: OpenSession) -> Result:
        agent = self.agents.get(call.agent)
        if agent is None:
            return Result("unknown", {"what": "agent"})
        resumed = call.session in agent.sessions
        if call.resume and call.session in agent.logged_off:
            return Result("logged_off")
        if not resumed and len(agent.sessions) >= self.settings["max_sessions"]:
            return Result("too_many")
        agent.sessions[call.session] = self.now + call.lease_ms
        agent.epoch += 1
        agent.attached[call.session] = agent.epoch
        agent.logged_off.discard(call.session)
        if not resumed:
            agent.grace_until = None
            self.touched_agents.add(agent.id)
            self.emit("session.opened", agent=agent.id, session=call.session, reason="opened")
            if agent.presence == "offline":
                self.set_presence(agent, "not_ready", "login", agent.pending, "login")
        return Result("ok", {"resumed": resumed, "epoch": agent.epoch})

    def renew(self, call: Renew) -> Result:
        gone = []
        for agent_id, session in call.sessions:
            agent = self.agents.get(agent_id)
            if agent is None or session not in agent.sessions:
                is_out = agent is not None and session in agent.logged_off
                gone.append([agent_id, session, "logged_off" if is_out else "gone"])
            else:
                agent.sessions[session] = self.now + call.lease_ms
        return Result("ok", {"gone": gone})

    def close_session(self, call: CloseSession) -> Result:
        agent = self.agents.get(call.agent)
        if agent is None:
            return Result("unknown", {"what": "agent"})
        if call.session not in agent.sessions:
            return Result("gone")
        if call.epoch not in (None, agent.attached[call.session]):
            return Result("superseded")
        self.end_session(agent, call.session, call.reason)
        return Result("ok")

    def end_session(self, agent: Agent, session: str, reason: str) -> None:
        """A desktop is gone; with the last one, the agent's offers go to others."""
        del agent.sessions[session], agent.attached[session]
        self.touched_agents.add(agent.id)
        self.emit("session.closed", agent=agent.id, session=session, reason=reason)
        if not agent.sessions:
            agent.grace_until = self.now + int(self.settings["grace_ms"])
            self.revoke_offers_of(agent, "agent_gone")

    def set_state(self, call: SetState) -> Result:
        agent = self.agents.get(call.agent)
        if agent is None:
            return Result("unknown", {"what": "agent"})
        if call.presence == "ready":
            if not agent.sessions:
                return Result("not_connected")
            self.forgive(agent)
            if agent.presence != "ready" or agent.pending is not None:
                self.set_presence(agent, "ready", call.reason, None, "declared", forced=call.forced)
            return Result("ok")
        if call.presence == "not_ready" and agent.presence == "offline" and not agent.sessions:
            return Result("not_connected")
        listed: Plain = self.settings["not_ready_reasons"]
        if call.presence == "not_ready" and not call.forced and call.reason and listed:
            is_again = (agent.presence, agent.reason) == ("not_ready", call.reason)
            if call.reason not in listed and not is_again:
                return Result("bad_reason", {"what": call.reason, "codes": sorted(listed)})
        held = [w for w in agent.work.values() if w.kind not in ("offer", "waiting_customer")]
        wanted = (call.presence, call.reason)
        if (call.when == "idle" and not is_idle(agent)) or (call.presence == "offline" and held):
            self.set_presence(
                agent, agent.presence, agent.reason, wanted, "declared", forced=call.forced
            )
            if call.when == "now":
                self.revoke_offers_of(agent, "not_ready")
            return Result("pending")
        self.set_presence(agent, call.presence, call.reason, None, "declared", forced=call.forced)
        self.revoke_offers_of(agent, "not_ready")
        return Result("ok")
