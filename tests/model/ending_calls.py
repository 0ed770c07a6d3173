"""The transitions by which contacts end, and what is said of them then. Pure."""

from queues.calls import Score
from router.calls import Close, EndWrapUp
from tests.model.records import Contact, Plain, Result
from tests.model.restored import Restored


class EndingCalls(Restored):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def owner_problem(self, contact: Contact | None, agent: str | None, *states: str) -> str:
        """Why this agent can not dispose of the contact as its owner; empty when he can."""
        if contact is None:
            return "unknown"
        if contact.state not in states:
            return "not_in_wrap_up" if "wrap_up" in states else "not_assigned"
        return "not_yours" if agent not in (None, contact.owner) else ""

    def rung(self, contact: Contact) -> list[Plain]:
        """The pending offers, as answers show them."""
        return [
            {"n": offer.n, "agent": offer.agent, "deadline": offer.deadline}
            for offer in contact.ringing
        ]

    def close(self, call: Close) -> Result:
        contact = self.contacts.get(call.contact)
        if contact is not None and contact.state in ("wrap_up", "closed"):
            return Result("ended")
        if contact is not None and contact.state in ("held", "scheduled") and call.agent is None:
            return self.close_away(contact, call)
        closer = None if self.may_close_for_others(contact, call.agent) else call.agent
        problem = self.owner_problem(contact, closer, "assigned", "waiting_customer")
        if problem or contact is None:
            return Result(problem, {"what": "contact"} if problem == "unknown" else {})
        rules = self.queues[contact.queue]
        length = self.wrap_up_ms(contact, wish=call.wrap_up)
        can_tell_later = length > 0 and rules["wrap_up"] != "forced_limit"
        is_due = not (can_tell_later and rules["disposition_at"] == "wrap_up")
        refused = self.tell(contact, call, is_due=is_due)
        if refused is not None:
            return refused
        contact.survey_wish = call.survey
        contact.closed_by = None if call.agent == contact.owner else call.agent
        self.finish(contact, "handled", call.reason, length)
        return Result("ok", {"state": contact.state})

    def close_away(self, contact: Contact, call: Close) -> Result:
        """It waits for nobody yet: nobody has served it, nothing need be told."""
        refused = self.tell(contact, call, is_due=False)
        if refused is None:
            self.close_contact(contact, "handled", call.reason)
        return refused or Result("ok")

    def may_close_for_others(self, contact: Contact | None, agent: str | None) -> bool:
        if contact is None or agent not in self.agents:
            return False
        is_open = self.queues[contact.queue]["close_by"] == "members"
        return is_open and contact.queue in self.agents[agent].memberships

    def tell(self, contact: Contact, call: Close | EndWrapUp, *, is_due: bool) -> Result | None:
        """Keeps what is told of the contact; answers why it can not be, and then keeps nothing."""
        codes = [one["code"] for one in self.catalogue(contact) if one.get("active", True)]
        said: Plain = {"codes": codes}
        if call.disposition and self.catalogue(contact) and call.disposition not in codes:
            said |= {"verdict": "unknown", "fields": ["disposition"], "what": call.disposition}
            return Result("bad_disposition", said)
        before = contact.disposition, contact.resolved
        contact.disposition = call.disposition or contact.disposition
        if call.resolved is not None:
            contact.resolved = call.resolved
        untold = self.untold(contact) if is_due else []
        if not untold:
            return None
        contact.disposition, contact.resolved = before
        return Result("bad_disposition", said | {"verdict": "required", "fields": untold})

    def end_wrap_up(self, call: EndWrapUp) -> Result:
        contact = self.contacts.get(call.contact)
        problem = self.owner_problem(contact, call.agent, "wrap_up")
        if problem or contact is None:
            return Result(problem, {"what": "contact"} if problem == "unknown" else {})
        if call.agent is not None and contact.wrap_up == "forced_limit":
            return Result("too_early", {"until": contact.wrap_until})
        refused = self.tell(contact, call, is_due=True)
        if refused is not None:
            return refused
        assert contact.result is not None
        self.close_contact(contact, contact.result, contact.reason)
        return Result("ok")

    def score(self, call: Score) -> Result:
        contact = self.found(call.contact, call.record)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        if contact.state not in ("wrap_up", "closed"):
            return Result("not_ended")
        said = {"score": call.score, "comment": call.comment}
        if contact.rating is not None:
            is_same = all(contact.rating.get(name) == value for name, value in said.items())
            return Result("ok", repeated=True) if is_same else Result("scored")
        self.keep(contact)
        contact.rating = {**said, "at": self.now}
        self.emit(
            "contact.scored",
            contact=contact.id,
            queue=contact.queue,
            channel=contact.channel,
            agent=contact.owner,
            **said,
        )
        return Result("ok")
