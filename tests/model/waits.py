"""What a queue's settings say of those who wait in it: gates, limits of the wait, steps. Pure."""

from fractions import Fraction
from math import floor

from queues.calls import Admit
from router.calls import PutEstimates
from tests.model.asked import Asked
from tests.model.records import TIER, Contact, Plain, Result, line_id
from tests.model.routing import Routing

PLACES = (1, 2, 4, 8, 16, 32, 64)
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

    def put_estimates(self, call: PutEstimates) -> Result:
        """What was learned of some lines; of the others, what was known stays."""
        learned = {
            line: row for line, row in call.lines.items() if line.split("|")[0] in self.queues
        }
        self.estimates = {**self.estimates, **learned}
        return Result("ok")

    def told_wait(self, line: str, base: str, place: int) -> int | None:
        """The P80 of a place, on the line between the places that something is known of."""
        row = self.estimates.get(line) or self.estimates.get(base)
        if row is None:
            return None
        known = dict(zip(PLACES, row[1], strict=True))
        low = max(at for at in PLACES if at <= place)
        above = [at for at in PLACES if at > place]
        if not above:
            return min(86_400_000, known[low] * place // low)
        share = Fraction(place - low, above[0] - low)
        return known[low] + floor((known[above[0]] - known[low]) * share)

    def would_wait_too_long(self, call: Admit, queue: str, priority: int) -> bool:
        """Whether one of five who come now would wait longer than an arrival may."""
        rules = self.queues[queue]
        limit = rules["estimated_wait_max_ms"]
        if not limit or call.agents:
            return False
        asked = Asked(call.requirements, tuple(call.any_of or ()))
        base, line = line_id(queue, call.channel), line_id(queue, call.channel, asked)
        if not self.is_pull(queue) and any(
            call.channel in agent.stands
            and agent.is_member(queue)
            and (line not in self.lines or agent.meets(asked))
            for agent in self.agents.values()
        ):
            return False
        target = rules["target_ms"] if call.target_ms is None else call.target_ms
        due = self.now + target - priority * rules["priority_credit_ms"]
        before = [c for c in self.waiting() if c.line == line and c.score < due - call.tier * TIER]
        p80 = self.told_wait(line, base, len(before) + 1)
        return p80 is not None and p80 > limit

    def obstacle(self, queue: str, call: Admit, priority: int) -> str | None:
        """Why an arrival can not join the queue."""
        rules = self.queues[queue]
        condition = JOIN.get(rules["join_when"])
        if condition and self.is_so(condition, queue):
            return condition
        limit = rules["length_max"]
        if limit and len(self.waiting_in(queue)) >= limit:
            return "full"
        too_long = self.would_wait_too_long(call, queue, priority)
        return "estimated_wait" if too_long else None

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
        contact.step_at = max(contact.joined + min(times), self.now) if times else None

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
            ("closed_to", rules.get("closed_to") if rules.get("closed") == "divert" else ""),
        ]
        named += [
            (f"steps[{index}].to_queue", step.get("to_queue"))
            for index, step in enumerate(rules.get("steps", ()))
        ]
        return [(name, queue) for name, queue in named if queue]

    def circle(
        self, queue: str, rules: Plain, queues: dict[str, Plain]
    ) -> tuple[list[str], str] | None:
        """The shortest circle that the settings would close, and the setting it begins with.

        One of diversions while closed alone counts only when one calendar decides all of them.
        """
        queues = {**queues, queue: rules}
        ways: list[tuple[list[str], list[str]]] = [([queue], [])]
        seen: set[tuple[str, str]] = set()
        for path, fields in ways:
            hours = {
                queues[source]["calendar"] for source in path[: len(fields)] if source in queues
            }
            kind = "mixed" if {*fields} - {"closed_to"} else "several" if len(hours) > 1 else "one"
            if fields and path[-1] == queue:
                if kind == "several":
                    continue
                return path, fields[0]
            if (path[-1], kind) not in seen and path[-1] in queues:
                onward = self.targets_of(queues[path[-1]])
                ways += [([*path, target], [*fields, field]) for field, target in onward]
            seen.add((path[-1], kind))
        return None

    def tell_monitor(self, contact: Contact, supervisor: str, mode: str, reason: str) -> None:
        self.emit(
            "contact.monitored",
            contact=contact.id,
            queue=contact.queue,
            owner=contact.owner,
            supervisor=supervisor,
            mode=mode,
            reason=reason,
        )

    def end_monitors(self, contact: Contact) -> None:
        """The conversation is not its owner's any more: nobody listens to him in it."""
        for supervisor in sorted(contact.monitors):
            self.tell_monitor(contact, supervisor, "stop", "over")
        contact.monitors.clear()
