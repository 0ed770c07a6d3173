"""What happens to a contact as its wait goes on, and how it leaves a queue unserved. Pure."""

from tests.model.records import Contact, Plain
from tests.model.rings import Rings

LEAVE_BATCH = 64


class Steps(Rings):
    """Relaxations, a queue's steps, the longest wait, and the leaving of a queue without agents."""

    def step_due(self, contact: Contact) -> None:
        """The instant of the next step has come; who is rung makes up for it later."""
        contact.step_at = None
        if contact.state == "offered":
            contact.late = True
        else:
            self.take_steps(contact)

    def make_up(self, contact: Contact) -> None:
        if contact.late:
            contact.late = None
            self.take_steps(contact)

    def take_steps(self, contact: Contact) -> None:
        """All that is due, in order, for as long as the contact stays; then the next instant."""
        queue = contact.queue
        rules = self.queues[queue]
        waited = self.now - contact.joined
        limit = rules["wait_max_ms"]
        is_over = bool(limit) and waited >= limit
        for step in self.open_steps(contact, rules):
            if step["after_ms"] > (limit if is_over else waited):
                break
            self.take_step(contact, step)
            if contact.state != "queued" or contact.queue != queue:
                return
        if is_over:
            self.overflow(contact, "wait", "expired")
        else:
            self.set_step(contact)

    def take_step(self, contact: Contact, step: Plain) -> None:
        source = step["source"]
        if source == "queue":
            contact.stepped = step["after_ms"]
        else:
            contact.relaxed = step["after_ms"]
        if "when" in step and not self.is_so(step["when"], contact.queue):
            return
        if {"requirements", "any_of", "drop", "lower", "tier"} & step.keys():
            self.ask_less(contact, step)
        target = self.existing(step.get("to_queue"))
        self.emit(
            "contact.step",
            contact=contact.id,
            queue=contact.queue,
            source=source,
            after_ms=step["after_ms"],
            line=contact.line,
            due=contact.due,
            entered=contact.entered,
            tier=contact.tier,
            requirements=contact.requirements,
            any_of=contact.any_of,
            to=target,
        )
        if "notify" in step:
            self.emit(
                "contact.notified",
                contact=contact.id,
                queue=contact.queue,
                text=step["notify"],
                wait_ms=self.waited(contact),
            )
        if "hand_back" in step:
            contact.instruction = step["hand_back"]
            self.close_contact(contact, "overflowed", "hand_back")
        elif target is not None:
            self.move_on(contact, target, "step")

    def ask_less(self, contact: Contact, step: Plain) -> None:
        """The contact asks less or counts for more, and stands where that puts it."""
        by, dropped = step.get("lower", {}), set(step.get("drop", ()))

        def less(skills: dict[str, int]) -> dict[str, int]:
            return {skill: max(1, level - by.get(skill, 0)) for skill, level in skills.items()}

        asked = less(step.get("requirements", contact.requirements))
        contact.requirements = {s: n for s, n in asked.items() if s not in dropped}
        clauses = step.get("any_of", contact.any_of)
        contact.any_of = [less(clause) for clause in clauses if not dropped & set(clause)]
        contact.tier = max(contact.tier, step.get("tier", 0))
        self.need_line(contact)
        self.touched_contacts.add(contact.id)
        self.fresh.add(contact.id)

    def overflow(self, contact: Contact, reason: str, result: str) -> None:
        """Where its queue sends those who can not stay, or to its end."""
        target = self.existing(self.queues[contact.queue]["overflow_to"])
        if target is None:
            self.close_contact(contact, result, reason)
        else:
            self.move_on(contact, target, reason)

    def leave(self, queue: str) -> None:
        """Nobody serves the queue any more: who has waited there before now leaves it."""
        del self.leaving[queue]
        condition = self.queues[queue]["leave_when"]
        if condition == "never" or not self.is_so(condition, queue):
            return
        waiting = [c for c in self.waiting_in(queue) if c.id not in self.fresh]
        waiting.sort(key=lambda contact: (contact.since, contact.id))
        for contact in waiting[:LEAVE_BATCH]:
            self.overflow(contact, condition, "overflowed")
