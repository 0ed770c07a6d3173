"""How contacts end: the wrap-up, the close, and what is told of it. Pure."""

from tests.model.moves import Moves
from tests.model.records import Contact, Plain


class Closings(Moves):
    """The end of an owner's work, and of the contact."""

    def label_of(self, contact: Contact) -> str | None:
        """What people read for the contact's code, where its queue has a catalogue with it."""
        for entry in self.catalogue(contact):
            if entry["code"] == contact.disposition:
                return str(entry.get("label", entry["code"]))
        return None

    def catalogue(self, contact: Contact) -> list[Plain]:
        found: list[Plain] = self.queues[contact.queue]["dispositions"]
        return found

    def untold(self, contact: Contact) -> list[str]:
        """What the queue wants to know of the contact and nobody has told."""
        rules = self.queues[contact.queue]
        told = {"disposition": contact.disposition, "resolved": contact.resolved}
        return [name for name, value in told.items() if value is None and rules[f"{name}_required"]]

    def wrap_up_ms(self, contact: Contact, *, wish: bool | None) -> int:
        """How long its owner writes it up: the mode says who decides, and how long at most."""
        if contact.state == "waiting_customer":
            return 0
        rules = self.queues[contact.queue]
        mode, longest = rules["wrap_up"], int(self.settings["wrap_up_max_ms"])
        if mode == "forced":
            return longest
        asked_for = mode == "on_request" and wish is True
        not_refused = mode == "optional" and wish is not False
        held = asked_for or not_refused or mode == "forced_limit"
        return min(int(rules["wrap_up_ms"]), longest) if held else 0

    def finish(
        self, contact: Contact, result: str, reason: str | None, wrap_up_ms: int = 0
    ) -> None:
        """The owner's work on the contact is over: he writes it up, or it has ended."""
        self.revoke_ringing(contact, "closed")
        self.dismiss(contact, "over")
        contact.ended_at = self.now
        contact.alive_until = None
        contact.result, contact.reason = result, reason
        if wrap_up_ms == 0:
            self.close_contact(contact, result, reason)
            return
        self.end_monitors(contact)
        contact.state = "wrap_up"
        contact.wrap_until = self.now + wrap_up_ms
        contact.wrap_up = self.queues[contact.queue]["wrap_up"]
        self.owner_of(contact).work[contact.id].kind = "wrap_up"
        self.emit(
            "contact.wrap_up",
            contact=contact.id,
            queue=contact.queue,
            agent=contact.owner,
            closed_by=contact.closed_by,
            reason=contact.reason,
            disposition=contact.disposition,
            resolved=contact.resolved,
            handle_ms=self.handled(contact, self.now),
            mode=contact.wrap_up,
            until=contact.wrap_until,
        )

    def customer_left(self, contact: Contact, result: str, reason: str | None) -> None:
        """The customer is not there any more, whatever the contact was doing."""
        if contact.state in ("assigned", "waiting_customer"):
            length = self.wrap_up_ms(contact, wish=None)
            self.finish(contact, "handled", reason or "customer_left", length)
            return
        self.revoke_ringing(contact, result)
        self.close_contact(contact, result, reason)

    def close_contact(self, contact: Contact, result: str, reason: str | None) -> None:
        """The end of a contact, from any live state."""
        before = contact.state
        handle_ms = wrap_up_ms = None
        if before in ("assigned", "waiting_customer", "wrap_up"):
            assert contact.ended_at is not None
            handle_ms = self.handled(contact, contact.ended_at)
            wrap_up_ms = self.now - contact.ended_at
        contact.width = contact.widen_at = None
        contact.state, contact.result, contact.reason = "closed", result, reason
        contact.closed_at, contact.customer_since = self.now, None
        contact.alive_until = None
        self.leave_agents(contact)
        self.remember(contact, before)
        is_served = result == "handled" and contact.owner is not None
        is_asked = self.queues[contact.queue]["survey"]
        if contact.survey_wish is not None:
            is_asked = contact.survey_wish
        contact.survey_requested = (is_served and is_asked) or None
        self.part(contact)
        self.end_monitors(contact)
        self.emit(
            "contact.closed",
            contact=contact.id,
            queue=contact.queue,
            channel=contact.channel,
            origin=contact.card["origin"],
            agent=contact.owner,
            closed_by=contact.closed_by,
            result=result,
            reason=reason,
            state_before=before,
            wait_ms=self.waited(contact) if before in ("queued", "offered") else None,
            handle_ms=handle_ms,
            wrap_up_ms=wrap_up_ms,
            disposition=contact.disposition,
            disposition_label=self.label_of(contact),
            disposition_missing=(is_served and bool(self.untold(contact))) or None,
            resolved=contact.resolved,
            survey_requested=contact.survey_requested,
            instruction=contact.instruction,
        )
