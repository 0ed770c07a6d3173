"""What a queue's settings say of those who wait in it: gates, limits of the wait, steps. Pure."""

from tests.model.records import Contact, Plain
from tests.model.routing import Routing

JOIN = {"logged_in": "nobody_logged_in", "ready": "nobody_ready"}


class Waits(Routing):
    """Who may come to wait, who may stay, and when something happens to him."""

    def is_so(self, condition: str, queue: str) -> bool:
        """Whether nobody who serves the queue is logged in, or ready."""
        members = [agent for agent in self.agents.values() if agent.is_member(queue)]
        if condition == "nobody_ready":
            return all(agent.presence != "ready" for agent in members)
        return all(agent.presence == "offline" for agent in members)

    def waiting_in(self, queue: str) -> list[Contact]:
        return [contact for contact in self.waiting() if contact.queue == queue]

    def obstacle(self, queue: str) -> str | None:
        """Why an arrival can not join the queue."""
        rules = self.queues[queue]
        condition = JOIN.get(rules["join_when"])
        if condition and self.is_so(condition, queue):
            return condition
        limit = rules["length_max"]
        return "full" if limit and len(self.waiting_in(queue)) >= limit else None

    def existing(self, queue: str | None) -> str | None:
        """The queue, if it is there and handles contacts."""
        return queue if queue in self.queues and self.queues[queue]["handles"] else None

    def settle(self) -> None:
        """After the matching pass, queues that are left alone are left by who waits there."""
        super().settle()
        for queue, rules in self.queues.items():
            condition = rules["leave_when"]
            if condition != "never" and self.is_so(condition, queue) and self.waiting_in(queue):
                self.leaving.setdefault(queue, self.now)
        self.fresh.clear()

    def begin_wait(self, contact: Contact) -> None:
        """The contact comes to its queue: times count from here."""
        contact.joined = self.now
        contact.stepped = contact.late = None
        self.set_step(contact)

    def set_step(self, contact: Contact) -> None:
        """When the next thing happens to the contact, if anything does."""
        rules = self.queues[contact.queue]
        times = [step["after_ms"] for step in self.open_steps(contact, rules)]
        if rules["wait_max_ms"]:
            times.append(rules["wait_max_ms"])
        contact.step_at = contact.joined + min(times) if times else None

    def open_steps(self, contact: Contact, rules: Plain) -> list[Plain]:
        """The steps that are still to come, in the order in which they come."""
        own = [(s, "contact", contact.relaxed or 0) for s in contact.relax]
        of_queue = [(s, "queue", contact.stepped or 0) for s in rules["steps"]]
        steps = [
            step | {"source": who} for step, who, done in own + of_queue if step["after_ms"] > done
        ]
        return sorted(steps, key=lambda step: step["after_ms"])

    def targets_of(self, rules: Plain) -> list[tuple[str, str]]:
        """The queues that a queue sends contacts on to, each with the setting that says so."""
        named = [
            ("escalate_to", rules.get("escalate_to")),
            ("overflow_to", rules.get("overflow_to")),
        ]
        named += [
            (f"steps[{index}].to_queue", step.get("to_queue"))
            for index, step in enumerate(rules.get("steps", ()))
        ]
        return [(name, queue) for name, queue in named if queue]

    def circle(
        self, queue: str, rules: Plain, queues: dict[str, Plain]
    ) -> tuple[list[str], str] | None:
        """The shortest circle that the settings would close, and the setting it begins with."""
        ways = [([queue, target], field) for field, target in self.targets_of(rules)]
        seen: set[str] = set()
        for path, field in ways:
            if path[-1] == queue:
                return path, field
            if path[-1] not in seen and path[-1] in queues:
                onward = self.targets_of(queues[path[-1]])
                ways += [([*path, target], field) for _, target in onward]
            seen.add(path[-1])
        return None
