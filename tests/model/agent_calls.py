"""The transitions of agents and of settings. Pure."""

from presence.calls import CloseSession, OpenSession, PutAgent, Renew, SetState
from queues.calls import PutQueue
from router.calls import PutTenant
from tests.model.records import (
    CHANNEL_DEFAULTS,
    QUEUE_DEFAULTS,
    TENANT_DEFAULTS,
    Agent,
    Plain,
    Result,
)
from tests.model.steps import Steps


class AgentCalls(Steps):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def put_tenant(self, call: PutTenant) -> Result:
        if self.exists and call.simulated != self.simulated:
            return Result("bad_clock")
        before = self.settings.get("channels", {})
        self.exists = True
        self.simulated = call.simulated
        self.settings = {**TENANT_DEFAULTS, **call.settings}
        self.settings["channels"] = self.settings["channels"] or CHANNEL_DEFAULTS
        self.version += 1
        self.emit("config.tenant", version=self.version, settings=self.settings)
        if self.settings["default_queue"] not in self.queues:
            self.set_queue(self.settings["default_queue"], {})
        if any(
            before.get(channel, {}).get("cost", 1) != self.cost(channel)
            for channel in before.keys() | self.settings["channels"]
        ):
            self.touched_agents.update(self.agents)
        return Result("ok", {"version": self.version})

    def put_queue(self, call: PutQueue) -> Result:
        circle = self.circle(call.queue, call.settings)
        if circle is not None:
            return Result("loop", {"path": circle[0], "what": circle[1]})
        self.version += 1
        before = self.queues.get(call.queue)
        self.set_queue(call.queue, call.settings)
        self.other_rules(call.queue, before)
        return Result("ok", {"version": self.version})

    def set_queue(self, queue: str, settings: Plain) -> None:
        self.queues[queue] = {**QUEUE_DEFAULTS, **settings}
        self.emit("config.queue", version=self.version, queue=queue, settings=self.queues[queue])

    def put_agent(self, call: PutAgent) -> Result:
        if any(queue not in self.queues for queue in call.memberships):
            return Result("unknown", {"what": "queue"})
        if any(channel not in self.settings["channels"] for channel in call.slots):
            return Result("unknown", {"what": "channel"})
        known = self.agents.get(call.agent)
        agent = known or Agent(call.agent, "", {}, {}, {}, 0, since=self.now)
        self.agents[call.agent] = agent
        agent.name = call.name
        self.keep_marks(agent, call.memberships)
        agent.memberships = dict(call.memberships)
        agent.stands = []
        agent.skills, agent.slots = dict(call.skills), dict(call.slots)
        agent.capacity = call.capacity
        self.touched_agents.add(agent.id)
        self.emit(
            "agent.put",
            agent=agent.id,
            name=agent.name,
            memberships=agent.memberships,
            skills=agent.skills,
            slots=agent.slots,
            capacity=agent.capacity,
        )
        for contact in sorted(self.waiting(), key=lambda c: c.line):
            if agent.id in (contact.direct or ()) and not agent.is_member(contact.queue):
                self.requeue(contact, "direct_over", failed=agent.id)
        return Result("ok")

    def open_session(self, call: OpenSession) -> Result:
        agent = self.agents.get(call.agent)
        if agent is None:
            return Result("unknown", {"what": "agent"})
        resumed = call.session in agent.sessions
        if not resumed and len(agent.sessions) >= self.settings["max_sessions"]:
            return Result("too_many")
        agent.sessions[call.session] = self.now + call.lease_ms
        if not resumed:
            agent.epoch += 1
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
                gone.append([agent_id, session])
            else:
                agent.sessions[session] = self.now + call.lease_ms
        return Result("ok", {"gone": gone})

    def close_session(self, call: CloseSession) -> Result:
        agent = self.agents.get(call.agent)
        if agent is None:
            return Result("unknown", {"what": "agent"})
        if call.session not in agent.sessions:
            return Result("gone")
        self.end_session(agent, call.session, call.reason)
        return Result("ok")

    def end_session(self, agent: Agent, session: str, reason: str) -> None:
        """A desktop is gone; with the last one, the agent's offers go to others."""
        del agent.sessions[session]
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
            agent.misses = 0
            if agent.presence != "ready" or agent.pending is not None:
                self.set_presence(agent, "ready", call.reason, None, "declared")
            return Result("ok")
        if call.presence == "not_ready" and agent.presence == "offline" and not agent.sessions:
            return Result("not_connected")
        held = [work for work in agent.work.values() if work.kind != "offer"]
        wanted = (call.presence, call.reason)
        if (call.when == "idle" and agent.work) or (call.presence == "offline" and held):
            self.set_presence(agent, agent.presence, agent.reason, wanted, "declared")
            if call.when == "now":
                self.revoke_offers_of(agent, "not_ready")
            return Result("pending")
        self.set_presence(agent, call.presence, call.reason, None, "declared")
        self.revoke_offers_of(agent, "not_ready")
        return Result("ok")
