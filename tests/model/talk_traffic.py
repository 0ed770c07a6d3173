"""Random reports of what is said: mostly sensible, sometimes not."""

from router.calls import Reopen, Report
from tests.model.chance import Chance

TALKING = ("assigned", "waiting_customer")


class TalkTraffic(Chance):
    """What customers, agents and systems say."""

    def report(self) -> Report:
        waits = any(c.state == "waiting_customer" for c in self.model.contacts.values())
        if waits and self.chance(0.4):
            return Report(contact=self.contact("waiting_customer"), author="customer")
        record = self.archived_record() if self.chance(0.1) else None
        contact = record["id"] if record else self.contact(*(TALKING if self.chance(0.8) else ()))
        author = self.pick(("customer", "customer", *["agent"] * 6, "system"))
        is_agent = author == "agent"
        visibility = self.pick(("internal", *["public"] * 4))
        if author == "customer":
            visibility = "public"
        return Report(
            contact=contact,
            author=author,
            agent=self.speaker(contact) if is_agent else None,
            visibility=visibility,
            text=self.pick((None, "hello")),
            attachments=self.pick((None, None, ["a.pdf", "b.png"])),
            id=self.pick((None, None, *(f"m{n}" for n in range(8)))),
            wait=is_agent and visibility == "public" and self.chance(0.7),
            record=record,
            follow_up=self.pick((None, None, None, "follower", contact)),
        )

    def reopen(self) -> Reopen:
        contact = self.contact("closed", "closed", "wrap_up")
        who = self.pick(("customer", "agent", "supervisor"))
        record = self.archived_record() if self.chance(0.3) else None
        return Reopen(
            contact=record["id"] if record else contact,
            who=who,
            agent=self.speaker(contact) if who == "agent" else None,
            record=record,
            follow_up=self.pick((None, None, "follower")),
            reason=self.pick((None, "not done")),
        )

    def speaker(self, contact: str) -> str:
        """Mostly its owner."""
        known = self.model.contacts.get(contact)
        owner = known.owner if known else None
        return owner if owner and self.chance(0.8) else self.agent()
