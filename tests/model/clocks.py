"""By when a customer who waits for an answer is to have it. Pure."""

from tests.model.records import Contact, World

RUNS = ("queued", "offered", "assigned")


class Clocks(World):
    """One clock for each waiting, which runs while the contact is ours to answer."""

    def is_awaited(self, contact: Contact) -> bool:
        """Whether somebody waits for our answer, and we are at it."""
        return contact.customer_since is not None and contact.state in RUNS

    def follow_clocks(self) -> None:
        """After every step: clocks begin, go on by another queue's targets, or are over."""
        for name in sorted(self.contacts):
            self.follow_clock(self.contacts[name])

    def follow_clock(self, contact: Contact) -> None:
        clock = contact.response
        if not self.is_awaited(contact):
            contact.response = contact.response_by = None
        elif clock is None:
            self.begin_clock(contact, self.now, None)
        elif clock["queue"] != contact.queue:
            self.begin_clock(contact, clock["from"], clock.get("told"))

    def begin_clock(self, contact: Contact, begun: int, told: str | None) -> None:
        """The queue's targets as they are now; what was told in this waiting is not told again."""
        rules, had = self.queues[contact.queue], contact.response_by
        kind = "next" if contact.answered else "first"
        target, percent = int(rules[f"{kind}_response_ms"]), int(rules["response_warn_pct"])
        deadline = begun + target if target else None
        clock = {"queue": contact.queue, "from": begun}
        if told is not None:
            clock["told"] = told
        if deadline is not None and told != "late":
            at = deadline if told is not None else begun + target * percent // 100
            clock["at"] = max(at, self.now)
        contact.response, contact.response_by = clock, deadline
        if deadline is not None or had is not None:
            self.emit(
                "contact.response_clock",
                contact=contact.id,
                queue=contact.queue,
                agent=contact.owner,
                kind=kind,
                since=begun,
                response_by=deadline,
            )

    def clock_due(self, contact: Contact) -> None:
        """The warning, or the breach; a warning that comes with the breach is not told."""
        clock, deadline = contact.response, contact.response_by
        assert clock is not None
        assert deadline is not None
        del clock["at"]
        if clock["queue"] != contact.queue or not self.is_awaited(contact):
            return
        is_late = self.now >= deadline
        clock["told"] = "late" if is_late else "due"
        if not is_late:
            clock["at"] = deadline
        self.emit(
            "contact.response_late" if is_late else "contact.response_due",
            contact=contact.id,
            queue=contact.queue,
            agent=contact.owner,
            since=clock["from"],
            response_by=deadline,
        )

    def is_met(self, contact: Contact) -> bool | None:
        """Whether an answer now is in time; None where there is no target."""
        return None if contact.response_by is None else self.now < contact.response_by
