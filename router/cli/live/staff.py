"""Owns who is there and what each has in hand: the directory, and the events since. Pure.

Events keep it current; pages of the directory, read again in turn, put right what they do not tell.
Instants are the tenant's clock in ms.
"""

from dataclasses import dataclass, field
from typing import Any, Final

View = dict[str, Any]
STATES: Final = ("ringing", "busy", "wrap-up", "ready", "not ready", "offline")
"""In the order in which they are shown."""
ENDS_OFFER: Final = ("offer.declined", "offer.expired", "offer.revoked")
LEAVES: Final = (
    *("contact.queued", "contact.held", "contact.scheduled"),
    *("contact.closed", "contact.lost"),
)
KIND_OF: Final = {
    "offer.made": "offer",
    "contact.assigned": "assigned",
    "contact.consulted": "consult",
    "contact.wrap_up": "wrap_up",
}


@dataclass(slots=True)
class Agent:
    """One agent; `work` is what he has in hand: contact -> its channel and what it is to him.

    `since` is when his state began, or, unless `is_exact`, when it was first seen.
    """

    id: str
    name: str = ""
    presence: str = "offline"
    reason: str = ""
    is_there: bool = False
    queues: frozenset[str] = frozenset()
    work: dict[str, tuple[str, str]] = field(default_factory=dict)
    state: str = "offline"
    since: int = 0
    is_exact: bool = True

    def state_of(self) -> str:
        """What he is at: his work before what he declared."""
        kinds = {kind for _, kind in self.work.values()} - {"waiting_customer"}
        if kinds & {"assigned", "consult"}:
            return "busy"
        if kinds:
            return "ringing" if "offer" in kinds else "wrap-up"
        if self.presence == "offline" or not self.is_there:
            return "offline"
        return "ready" if self.presence == "ready" else "not ready"


class Staff:
    """All agents of a tenant."""

    def __init__(self) -> None:
        self.agents: dict[str, Agent] = {}
        self._holders: dict[str, set[str]] = {}

    def begin(self, directory: list[View], now: int) -> None:
        """Knows these agents, and no others."""
        gone = self.agents.keys() - {view["agent"] for view in directory}
        for name in gone:
            self._remove(name)
        self.take(directory, now)

    def take(self, page: list[View], now: int) -> None:
        """Some of the agents, as the directory has them now."""
        for view in page:
            agent = self.agents.get(view["agent"]) or Agent(view["agent"], is_exact=False)
            is_new = agent.id not in self.agents
            self.agents[agent.id] = agent
            self._define(agent, view)
            agent.presence, agent.reason = view["presence"], view.get("reason") or ""
            agent.is_there = bool(view["sessions"])
            for contact in list(agent.work):
                self._drop(agent, contact)
            for contact, work in view["work"].items():
                self._put(agent, contact, work["k"], work["ch"])
            self._settle(agent, now, view, is_new=is_new)

    def see(self, event: View, now: int) -> None:
        """An event has happened."""
        name, contact = event["e"], event.get("contact", "")
        agent = self.agents.get(event.get("agent", ""))
        touched = {agent.id} if agent else set()
        if name in LEAVES or (name == "contact.waiting_customer" and event.get("freed")):
            touched |= self._release(contact)
        elif agent is None:
            self._meet(event)
        elif name in KIND_OF:
            touched |= self._release(contact, event.get("from"))
            known = agent.work.get(contact, ("", ""))[0]
            self._put(agent, contact, KIND_OF[name], event.get("channel") or known)
        elif name in ENDS_OFFER or name == "contact.consult_ended":
            self._drop(agent, contact)
        elif name == "agent.state":
            agent.presence, agent.reason = event["presence"], event.get("reason") or ""
            agent.is_there = agent.is_there or agent.presence != "offline"
        elif name == "agent.put":
            self._define(agent, event)
        elif name == "agent.removed":
            self._remove(agent.id)
        for one in touched & self.agents.keys():
            self._settle(self.agents[one], now)

    def counts(self) -> dict[str, int]:
        """How many are in which state."""
        found = dict.fromkeys(STATES, 0)
        for agent in self.agents.values():
            found[agent.state] += 1
        return found

    def _meet(self, event: View) -> None:
        if event["e"] == "agent.put":
            agent = self.agents[event["agent"]] = Agent(event["agent"])
            self._define(agent, event)

    def _define(self, agent: Agent, view: View) -> None:
        agent.name = view.get("name") or agent.name
        if "memberships" in view:
            agent.queues = frozenset(view["memberships"])

    def _settle(
        self, agent: Agent, now: int, view: View | None = None, *, is_new: bool = False
    ) -> None:
        """His state is another one by now, or he is seen for the first time."""
        state = agent.state_of()
        if state == agent.state and not is_new:
            return
        agent.state = state
        agent.since, agent.is_exact = now, view is None
        if view is not None and state in ("ready", "not ready", "offline"):
            agent.since = view.get("active") or view.get("since") or now
            agent.is_exact = True

    def _put(self, agent: Agent, contact: str, kind: str, channel: str) -> None:
        agent.work[contact] = (channel, kind)
        self._holders.setdefault(contact, set()).add(agent.id)

    def _drop(self, agent: Agent, contact: str) -> None:
        agent.work.pop(contact, None)
        holders = self._holders.get(contact)
        if holders is not None:
            holders.discard(agent.id)
            if not holders:
                del self._holders[contact]

    def _release(self, contact: str, only: str | None = "") -> set[str]:
        """Nobody has it any more, or only one agent does not; those who had it."""
        had = set(self._holders.get(contact, ()))
        if only != "":
            had &= {only or ""}
        for one in had:
            self._drop(self.agents[one], contact)
        return had

    def _remove(self, name: str) -> None:
        agent = self.agents.pop(name)
        for contact in list(agent.work):
            self._drop(agent, contact)
