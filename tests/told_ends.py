"""What the journal tells of ends, forks, agents who take part, and work in hand. Pure."""

from abc import abstractmethod
from typing import Any

from router.doctor.capacity import Channels
from tests.broken import Broken
from tests.hands import FoldedAgent, FoldedContact

Plain = dict[str, Any]
BY_HAND = ("transfer", "consult")


class ToldEnds:
    """The part of the fold that hears how contacts end, and who is asked about them."""

    contacts: dict[str, FoldedContact]
    agents: dict[str, FoldedAgent]
    channels: Channels

    @abstractmethod
    def _set_work(self, agent: str, contact: str, kind: str) -> None: ...

    def _hear_end(self, event: Plain, contact: FoldedContact) -> None:
        contact.disposition, contact.resolved = event.get("disposition"), event.get("resolved")

    def _contact_scored(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.score is not None:
            raise Broken(f"scored twice: {event}, {contact}")
        contact.score = event["score"]

    def _contact_forked(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if event["links"] != [*contact.links, {"kind": "fork", "contact": event["fork"]}]:
            raise Broken(f"forked without a link: {event}, {contact}")
        contact.links = event["links"]

    def _contact_consulted(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.accepted_by != event["agent"] or contact.guest is not None:
            raise Broken(f"takes part without an accepted offer: {event}, {contact}")
        contact.accepted_by, contact.guest = None, event["agent"]
        self._set_work(event["agent"], event["contact"], "consult")

    def _contact_consult_ended(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.guest != event["agent"]:
            raise Broken(f"does not take part: {event}, {contact}")
        contact.guest = None
        if event["reason"] == "completed":
            contact.heir = event["agent"]
        else:
            self.agents[event["agent"]].drop(event["contact"])

    def _check_heir(self, event: Plain, contact: FoldedContact) -> None:
        """Who took part has it, and he alone."""
        if contact.heir != event["agent"]:
            raise Broken(f"has it without having taken part: {event}, {contact}")
        contact.heir = None

    def _work(self, verb: str, event: Plain) -> None:
        agent, name = self.agents[event["agent"]], event["contact"]
        if (name in agent.interrupted) != (verb == "resumed"):
            raise Broken(f"work can not be {verb}: {event}, {agent}")
        agent.interrupted.symmetric_difference_update({name})
        in_hand = {c: channel for c, (kind, channel, _) in agent.work.items() if kind != "offer"}
        if verb == "interrupted":
            by = in_hand.get(event["by"])
            if by is None or not self.channels.does_interrupt(by, in_hand[name]):
                raise Broken(f"interrupted by what can not: {event}, {agent}")

    def _contact_wrap_up(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        contact.state = "wrap_up"
        self._set_work(event["agent"], event["contact"], "wrap_up")
        self._hear_end(event, contact)

    def _contact_escalated(self, event: Plain) -> None:
        if event["failures"] < 1:
            raise Broken(f"escalated without a failed offer: {event}")
