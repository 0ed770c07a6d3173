"""Contacts that the store has let go, again as they were archived. Pure."""

from copy import deepcopy

from tests.model.arrivals import CARD_OF_ADMIT, Arrivals
from tests.model.records import Contact, Plain

KEPT = (
    *("target_ms", "callback", "owner", "participants", "messages", "spoken", "answered"),
    *("links", "follows", "followed_by", "episode", "note", "result", "reason", "instruction"),
    *("disposition", "resolved", "rating", "survey_requested", "closed_by", "closed_at", "relax"),
    "conversation",
)
TOLD = (
    *("queue", "channel", "offers", "owner", "result", "disposition", "resolved", "rating"),
    *("participants", "links", "episode", "callback", "note", "closed_at"),
)
ASKED = (
    "id",
    "queue",
    "channel",
    "priority",
    "tier",
    "requirements",
    "any_of",
    "arrived",
    "entered",
)


def record_of(contact: Contact) -> Plain:
    """What the archive has of it."""
    said = {name: getattr(contact, name) for name in (*ASKED, "offers", *KEPT)} | contact.card
    record = {name: deepcopy(value) for name, value in said.items() if value is not None}
    if contact.rating is not None:
        record["rating"] = {k: v for k, v in contact.rating.items() if v is not None}
    return record


class Restored(Arrivals):
    """Found by a call that brings the record, and kept by one that is not refused."""

    looked_up = ""
    """The id that the last one was found by: it is taken, whatever comes of the call."""

    def found(self, name: str, record: Plain | None) -> Contact | None:
        """The contact, if need be as the archive has it."""
        known = self.contacts.get(name)
        self.looked_up = name
        return self.from_archive(record) if known is None and record else known

    def from_archive(self, record: Plain) -> Contact:
        """A contact that only the archive knows; what it does not say is as it comes."""
        name, arrived = record["id"], int(record.get("arrived", self.now))
        contact = Contact(
            id=name,
            fp=self.traces[name].fp if name in self.traces else "",
            queue=record["queue"],
            channel=record["channel"],
            priority=record.get("priority", 0),
            tier=record.get("tier", 0),
            requirements=record.get("requirements", {}),
            any_of=record.get("any_of", []),
            target_ms=None,
            card={name: record.get(name, "") for name in CARD_OF_ADMIT},
            lease_ms=None,
            agents=None,
            agent_wait_ms=None,
            backup_queue=None,
            arrived=arrived,
            entered=int(record.get("entered", arrived)),
            since=None,
            due=None,
            state="closed",
            offers=record.get("offers", 0),
        )
        for field in KEPT:
            if record.get(field) is not None:
                setattr(contact, field, deepcopy(record[field]))
        return contact

    def keep(self, contact: Contact) -> None:
        """The contact is known again, if it was not."""
        if contact.id in self.contacts:
            return
        self.contacts[contact.id] = contact
        self.traces.pop(contact.id, None)
        told = {name: getattr(contact, name) for name in TOLD}
        empty = [name for name in ("participants", "links") if not told[name]]
        self.emit("contact.restored", contact=contact.id, **told | dict.fromkeys(empty))
        other = self.contacts.get(self.conversations.get(contact.thread or "", ""))
        if other is None or other.arrived < contact.arrived:
            self.lead_conversation(contact)
