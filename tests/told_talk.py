"""What the journal tells of the talk in contacts, and of whose turn it is. Pure."""

from abc import abstractmethod
from typing import Any

from router.doctor.capacity import Channels
from router.doctor.state import thread_of
from tests.broken import Broken
from tests.hands import FoldedAgent, FoldedContact
from tests.told_clocks import ToldClocks

Plain = dict[str, Any]
PARTICIPANTS = 50


class ToldTalk(ToldClocks):
    """The part of the fold that hears what is said."""

    contacts: dict[str, FoldedContact]
    conversations: dict[str, str]
    agents: dict[str, FoldedAgent]
    channels: Channels

    @abstractmethod
    def _check_there(self, event: Plain, contact: "FoldedContact") -> None: ...

    @abstractmethod
    def _set_work(self, agent: str, contact: str, kind: str) -> None: ...

    def _check_return(self, event: Plain, contact: FoldedContact) -> None:
        """The owner has it again: he held it all the time, or can take it now."""
        if event["agent"] != contact.owner or contact.state != "waiting_customer":
            raise Broken(f"comes back to who did not have it: {event}, {contact}")
        if contact.is_freed:
            self._check_there(event, contact)

    def _contact_activity(self, event: Plain) -> None:
        """Only public words change what is known: an agent's answer, a customer's question."""
        contact = self.contacts[event["contact"]]
        is_speech = event["visibility"] == "public" and event["author"] != "system"
        waits = event.get("customer_since") is not None
        if not is_speech and event.get("customer_since") != contact.customer_since:
            raise Broken(f"a note answers or asks something: {event}, {contact}")
        if is_speech and waits != (event["author"] == "customer"):
            raise Broken(f"the customer waits, or does not: {event}, {contact}")
        contact.customer_since = event.get("customer_since")
        if is_speech and event["author"] == "agent" and event["agent"] not in contact.participants:
            contact.participants = [*contact.participants, event["agent"]][-PARTICIPANTS:]

    def _contact_waiting_customer(self, event: Plain) -> None:
        name, contact = event["contact"], self.contacts[event["contact"]]
        if contact.owner != event["agent"] or contact.ringing or contact.customer_since is not None:
            raise Broken(f"it can not be the customer's turn: {event}, {contact}")
        if event.get("freed"):
            self._drop_owner(name, contact)
        else:
            self._set_work(event["agent"], name, "waiting_customer")
        contact.state, contact.is_freed = "waiting_customer", bool(event.get("freed"))

    def _contact_reopened(self, event: Plain) -> None:
        """What was over goes on."""
        name = event["contact"]
        contact = self.contacts[name]
        if contact.state not in ("closed", "wrap_up"):
            raise Broken(f"reopened, and was not over: {event}, {contact}")
        if event["episode"] != (contact.episode or 1) + 1:
            raise Broken(f"not its next episode: {event}, {contact}")
        contact.queue, contact.line = event["queue"], event["line"]
        contact.entered, contact.due, contact.tier = event["entered"], event["due"], event["tier"]
        contact.state, contact.owner = event["state"], event.get("agent")
        contact.customer_since, contact.episode = event.get("customer_since"), event["episode"]
        contact.result = contact.disposition = contact.resolved = contact.score = None
        contact.tried.clear()
        self._goes_on(event)
        if contact.owner is not None:
            self._set_work(contact.owner, name, "assigned")

    def _goes_on(self, event: Plain) -> None:
        """A contact is the latest of its conversation; no other one of it is open."""
        known = self.conversations.items()
        self.conversations = {of: key for of, key in known if key != event["contact"]}
        if event.get("conversation") is None:
            return
        thread = thread_of(event["channel"], event.get("customer", ""), event["conversation"])
        other = self.contacts.get(self.conversations.get(thread, ""))
        if other is not None and other.state not in ("closed", "wrap_up"):
            raise Broken(f"a second open contact of its conversation, beside {other}: {event}")
        self.conversations[thread] = event["contact"]

    def _contact_linked(self, event: Plain) -> None:
        """The new contact, which is there, says so itself."""
        first = self.contacts[event["contact"]]
        first.links = event["links"]
        links = self.contacts[event["other"]].links
        if {"contact": event["contact"], "kind": "follow_up_of"} not in links:
            raise Broken(f"linked to what knows nothing of it: {event}, {links}")

    def _drop_owner(self, name: str, contact: FoldedContact) -> None:
        """Whoever had it in hand has it no more."""
        if contact.owner is not None and not contact.is_freed:
            self.agents[contact.owner].drop(name)
        contact.is_freed = False

    def _contact_monitored(self, event: Plain) -> None:
        monitors = self.contacts[event["contact"]].monitors
        if monitors.get(event["supervisor"], "stop") == event["mode"]:
            raise Broken(f"monitored so already: {event}, {monitors}")
        monitors[event["supervisor"]] = event["mode"]

    def _contact_scored(self, event: Plain) -> None:
        contact = self.contacts[event["contact"]]
        if contact.score is not None:
            raise Broken(f"scored twice: {event}, {contact}")
        contact.score = event["score"]

    def _contact_callback(self, event: Plain) -> None:
        self.contacts[event["contact"]].is_callback = True

    def _contact_not_reached(self, event: Plain) -> None:
        if not self.contacts[event["contact"]].is_callback:
            raise Broken(f"nobody was called back: {event}")
