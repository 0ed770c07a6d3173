"""What the journal tells of repairs: from there on, things are as it says. Pure.

What was wrong was told by nobody, so a repair is not held to the past.
"""

from abc import abstractmethod
from typing import Any

from router.doctor.capacity import Channels
from router.doctor.conversations import OVER, conversation_of
from router.doctor.look import holders
from router.doctor.state import contact_shape
from tests.hands import FoldedAgent, FoldedContact

Plain = dict[str, Any]
OFFER = {"n", "agent", "deadline", "made", "kind"}
"""What an offer must say to be one; of what says less no end is told."""


def contact_of(record: Plain) -> FoldedContact:
    """A contact as its record says, in the shape that checks have of it."""
    contact = FoldedContact(
        queue=record["queue"],
        channel=record["channel"],
        line=record.get("line", ""),
        entered=record["entered"],
        due=record.get("due", 0),
        tier=record["tier"],
        state=record["state"],
        is_callback="callback" in record,
    )
    own = ("owner", "offers", "width", "result", "disposition", "resolved", "participants")
    for name in (*own, "links", "episode", "customer_since", "response_by", "note"):
        setattr(contact, name, record.get(name, getattr(contact, name)))
    contact.ringing = {offer["n"]: offer for offer in record["ringing"]}
    contact.tried = set(record.get("tried", ()))
    contact.is_freed = bool(record.get("freed"))
    contact.score = record.get("rating", {}).get("score")
    contact.guest = record.get("consult", {}).get("agent")
    contact.monitors = dict(record.get("monitors", {}))
    return contact


class ToldRepairs:
    """The part of the fold that hears of repairs."""

    contacts: dict[str, FoldedContact]
    agents: dict[str, FoldedAgent]
    conversations: dict[str, str]
    channels: Channels
    is_repaired = False

    @abstractmethod
    def _mind_clock(self, name: str) -> None: ...

    @abstractmethod
    def _contact_queued(self, event: Plain) -> None: ...

    @abstractmethod
    def _contact_closed(self, event: Plain) -> None: ...

    def _repair_made(self, event: Plain) -> None:
        self.is_repaired = True
        truth = event.get("truth")
        if event["kind"] == "agent":
            self._agent_repaired(event["id"], truth)
        elif event["kind"] == "conversation":
            self.conversations.pop(event["id"], None)
            self.conversations |= {event["id"]: truth} if truth else {}
        elif event["kind"] == "contact" and truth is not None:
            self._contact_repaired(event["id"], contact_shape(truth))
            self._mind_clock(event["id"])

    def _agent_repaired(self, name: str, truth: Plain | None) -> None:
        if truth is None:
            self.agents.pop(name, None)
            return
        self.agents[name] = FoldedAgent(
            slots=dict(truth["slots"] or {}),
            capacity=truth["capacity"],
            presence=truth["presence"],
            reason=truth["reason"],
            pending=truth.get("pending"),
            sessions=set(truth["sessions"] or ()),
            work={c: (w["k"], w["ch"], w["u"]) for c, w in dict(truth["work"] or {}).items()},
            interrupted=set(truth["interrupted"] or ()),
            over=True,  # nobody knows what he was allowed
        )

    def _contact_repaired(self, name: str, truth: Plain) -> None:
        truth["ringing"] = [one for one in truth.get("ringing", ()) if one.keys() >= OFFER]
        contact = self.contacts[name] = contact_of(truth)
        self._leads(name, conversation_of(truth), is_open=truth["state"] not in OVER)
        said = dict(reversed([*holders(truth)]))
        for key, agent in self.agents.items():
            if key in said:
                units = self.channels.cost(contact.channel)
                agent.work[name] = (said[key], contact.channel, units)
                agent.over = True
            else:
                agent.let_go(name)

    def _leads(self, name: str, conversation: str | None, *, is_open: bool) -> None:
        known = self.conversations.items()
        self.conversations = {of: key for of, key in known if key != name or of == conversation}
        if conversation is not None and is_open:
            self.conversations[conversation] = name

    def _contact_lost(self, event: Plain) -> None:
        """Only a record can say what a contact is; who still holds it is told by his own repair."""
        self.contacts.pop(event["contact"], None)
        for agent in self.agents.values():
            agent.let_go(event["contact"])

    def _repaired(self, event: Plain) -> None:
        """What follows from a record as it was believed."""
        name = event["contact"]
        contact = self.contacts[name]
        match event["e"]:
            case "offer.revoked":
                contact.ringing.pop(event["offer"], None)
                self._let_go(name, event["agent"], but=contact.owner)
            case "contact.consult_ended":
                contact.guest = None
                self._let_go(name, event["agent"], but=contact.owner)
            case told:
                contact.ringing.clear()
                self._let_go(name, contact.owner)
                contact.owner = None
                queued = told == "contact.queued"
                (self._contact_queued if queued else self._contact_closed)(event)
        self._mind_clock(name)

    def _let_go(self, name: str, agent: str | None, *, but: str | None = None) -> None:
        if agent in self.agents and agent != but:
            self.agents[agent].let_go(name)
