"""Random calls about agents: often sensible, sometimes not."""

from presence.calls import CloseSession, OpenSession, Renew, SetState
from router.calls import LogOff
from tests.model.chance import Chance
from tests.model.records import Agent


class AgentTraffic(Chance):
    """Calls of desktops and supervisors about presence."""

    def open_session(self) -> OpenSession:
        gone = [a.id for a in self.model.agents.values() if not a.sessions]
        agent = self.pick(gone) if gone and self.chance(0.7) else self.agent()
        session = f"s{self.random.randrange(1, 4)}"
        return OpenSession(
            agent=agent,
            session=session,
            lease_ms=self.pick((8_000, 120_000, 600_000)),
            resume=self.chance(0.4),
        )

    def renew(self) -> Renew:
        held = [(a.id, s) for a in self.model.agents.values() for s in a.sessions]
        sessions = [pair for pair in held if self.chance(0.8)]
        if self.chance(0.2):
            sessions.append(self.pick((("a1", "s8"), ("nobody", "s1"))))
        return Renew(sessions=sessions, lease_ms=self.pick((20_000, *[600_000] * 5)))

    def close_session(self) -> CloseSession:
        held = [(a.id, s) for a in self.model.agents.values() for s in a.sessions]
        agent, session = self.pick(held) if held and self.chance(0.9) else (self.agent(), "s1")
        known = self.model.agents.get(agent)
        epoch = known.attached.get(session, 1) if known else 1
        return CloseSession(
            agent=agent,
            session=session,
            epoch=self.pick((None, epoch, epoch, epoch - 1)),
            reason=self.pick(("closed", "kicked")),
        )

    def log_off(self) -> LogOff:
        return LogOff(
            agent=self.agent(),
            contacts=self.pick(("keep", "requeue")),
            reason=self.pick(("", "left")),
        )

    def set_state(self) -> SetState:
        can_be: list[Agent] = [
            a
            for a in self.model.agents.values()
            if a.sessions and (a.presence != "ready" or a.pending)
        ]
        if can_be and self.chance(0.7):
            return SetState(agent=self.pick(can_be).id, presence="ready")
        presence = self.pick(("ready", "not_ready", "offline"))
        connected = [a.id for a in self.model.agents.values() if a.sessions]
        return SetState(
            agent=self.pick(connected) if connected and self.chance(0.8) else self.agent(),
            presence=presence,
            reason=self.pick(("", "lunch", "lunch", "tea")),
            when=self.pick(("now", "idle")),
            forced=self.chance(0.3),
        )
