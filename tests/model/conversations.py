"""One open contact for each conversation of a customer: what comes again is part of it. Pure."""

from dataclasses import replace

import msgspec

from queues.calls import Admit
from router.calls import Report
from router.doctor.state import thread_of
from tests.model.arrivals import Episode
from tests.model.records import Contact, Result
from tests.model.reopenings import OVER
from tests.model.talk import MESSAGES, Talk


class Conversations(Talk):
    """Admission of a contact whose conversation may have one already."""

    def admit(self, call: Admit) -> Result:
        known = self.contacts.get(call.contact) or self.traces.get(call.contact)
        if known is not None:
            if known.attached is None or known.fp != call.fp:
                return super().admit(call)
            return Result("ok", {"attached": True, "contact": known.attached}, repeated=True)
        latest = self.latest_of(call)
        if latest is None and call.asks_archive and call.conversation is not None:
            return Result("unknown", {"what": "conversation"})
        if latest is None:
            return super().admit(call)
        answer = {"attached": True, "contact": latest.id}
        if call.contact in latest.messages:
            return Result("ok", answer, repeated=True)
        if latest.state in OVER:
            is_linked = self.queues.get(latest.queue, {}).get("reopen") == "new_linked_contact"
            if is_linked or self.locked(latest, "customer"):
                return self.begin_episode(call, latest)
            self.goes_on(latest, "customer", None)
        self.attach(call, latest)
        return Result("ok", answer)

    def latest_of(self, call: Admit) -> Contact | None:
        """The contact that was the last to begin or to go on in the conversation."""
        if call.conversation is None:
            return None
        thread = thread_of(call.channel, call.customer, call.conversation)
        latest = self.contacts.get(self.conversations.get(thread, ""))
        if latest is None and call.record and call.record["id"] != call.contact:
            found = self.found(call.record["id"], call.record)
            return found if found and found.thread == thread else None
        return latest

    def attach(self, call: Admit, latest: Contact) -> None:
        """Its customer has said something in the contact that is there."""
        latest.messages = [*latest.messages, call.contact][-MESSAGES:]
        self.customer_speaks(latest, Report(contact=latest.id, author="customer", id=call.contact))
        self.traces[call.contact] = replace(
            latest,
            id=call.contact,
            fp=call.fp,
            state="closed",
            closed_at=self.now,
            attached=latest.id,
        )

    def begin_episode(self, call: Admit, before: Contact) -> Result:
        """A new contact, if its queue takes it in; each knows of the other."""
        follows = before.follows or before.id
        asked = Episode(**msgspec.structs.asdict(call), follow_up_of=before.id, follows=follows)
        answer = super().admit(asked)
        if answer.outcome == "ok":
            self.keep(before)
            self.hands_on(before, call.contact)
        return answer
