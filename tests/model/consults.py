"""Agents who take part in a colleague's conversation. Pure."""

from router.calls import CompleteConsult, Consult, LeaveConsult
from tests.model.forks import Forks
from tests.model.records import Contact, Result


class Consults(Forks):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def consult(self, call: Consult) -> Result:
        contact = self.contacts.get(call.contact)
        problem = self.owner_problem(contact, call.agent, "assigned")
        if problem or contact is None:
            return Result(problem, {"what": "contact"} if problem == "unknown" else {})
        if contact.consult is not None:
            return Result("consulting")
        if contact.ringing:
            return Result("transfer_pending")
        refused = self.colleague_problem(contact, call.to_agent)
        if refused is not None:
            return refused
        self.ask(contact, call.to_agent, "consult", call.note)
        return Result("ok", {"offers": self.rung(contact)})

    def consult_problem(self, contact: Contact | None, agent: str | None) -> Result | None:
        """Why this agent has no say in it: it is neither his nor is he consulted."""
        guest = contact.consult["agent"] if contact and contact.consult else None
        problem = self.owner_problem(contact, None if agent == guest else agent, "assigned")
        what = {"what": "contact"} if problem == "unknown" else {}
        return Result(problem, what) if problem else None

    def complete_consult(self, call: CompleteConsult) -> Result:
        contact = self.contacts.get(call.contact)
        refused = self.consult_problem(contact, call.agent)
        if refused is not None or contact is None:
            assert refused is not None
            return refused
        if contact.consult is None:
            return Result("not_consulting")
        self.hand_over(contact)
        return Result("ok")

    def leave_consult(self, call: LeaveConsult) -> Result:
        contact = self.contacts.get(call.contact)
        refused = self.consult_problem(contact, call.agent)
        if refused is not None or contact is None:
            assert refused is not None
            return refused
        if contact.consult is not None:
            is_guest = call.agent == contact.consult["agent"]
            self.dismiss(contact, "left" if is_guest else "dismissed")
        elif any(offer.kind == "consult" for offer in contact.ringing):
            self.revoke_ringing(contact, "dismissed")
        else:
            return Result("not_consulting")
        return Result("ok")
