"""Hours: which queues are open, and what waits for its hours or its own instant. Pure.

The model knows the instants at which a calendar opens and closes, and nothing of time zones.
"""

from queues.calls import Admit
from tests.model.records import Contact, Result
from tests.model.steps import Steps

LOOK_MS = 900_000
AHEAD_MAX_MS = 400 * 86_400_000
BATCH = 64


class Hours(Steps):
    """Opening, holding, scheduling and coming back. The clock is the one on the wall, too."""

    def is_open(self, queue: str) -> bool:
        """A queue without a calendar, or with one that nobody knows at this instant, is open."""
        calendar = self.calendars.get(self.queues[queue]["calendar"])
        if calendar is None or self.now >= calendar["until"]:
            return True
        passed = [edge for edge in calendar["edges"] if edge <= self.now]
        return len(passed) % 2 == 1

    def opens_at(self, queue: str) -> int | None:
        """When a closed queue opens, if its calendar says so."""
        edges = self.calendars[self.queues[queue]["calendar"]]["edges"]
        return min((edge for edge in edges if edge > self.now), default=None)

    def watch(self, queue: str) -> None:
        """A closed queue that holds somebody is looked at when it opens, or earlier."""
        until: int = self.calendars[self.queues[queue]["calendar"]]["until"]
        opens_at = self.opens_at(queue)
        change = until if opens_at is None else opens_at
        self.looks[queue] = min(change, self.now + LOOK_MS)

    def review(self, queue: str) -> None:
        """After a change of config, whoever is held may come in."""
        if self.held_in(queue):
            self.looks[queue] = self.now

    def way_on(
        self, queue: str, call: Admit, priority: int
    ) -> tuple[str | None, str, Result] | None:
        """None when an arrival waits here or is held here; else where it goes, and why.

        With no queue to go to, it is refused.
        """
        rules = self.queues[queue]
        if self.is_open(queue):
            reason = self.obstacle(queue, call, priority)
            if reason is None:
                return None
            refusal = Result("refused", {"why": reason, "queue": queue})
            return self.existing(rules["overflow_to"]), reason, refusal
        asks = rules["closed"] == "callback"
        if rules["closed"] == "hold" or (asks and call.callback):
            return None
        target = self.existing(rules["closed_to"]) if rules["closed"] == "divert" else None
        told = {"opens_at": self.opens_at(queue), "callback": asks}
        return target, "closed", Result("closed", told)

    def hold(self, contact: Contact) -> None:
        if contact.due is None:
            contact.due = self.due_of(contact)
        contact.state = "held"
        contact.held_until = self.now + int(self.settings["held_max_ms"])
        self.watch(contact.queue)

    def schedule(self, contact: Contact, not_before: int) -> None:
        contact.state, contact.not_before = "scheduled", not_before
        contact.customer_since = None
        contact.retry = contact.held_until = contact.step_at = contact.late = None
        contact.width = contact.widen_at = None
        self.leave_agents(contact)
        self.look_later(contact)

    def look_later(self, contact: Contact) -> None:
        assert contact.not_before is not None
        contact.look_at = min(max(contact.not_before, self.now), self.now + LOOK_MS)

    def tell_scheduled(self, contact: Contact, reason: str, source: str | None = None) -> None:
        self.emit(
            "contact.scheduled",
            contact=contact.id,
            queue=contact.queue,
            due=contact.due if source else None,
            not_before=contact.not_before,
            reason=reason,
            note=contact.note if source else None,
            **{"from": source},
        )

    def tell_held(self, contact: Contact, reason: str, source: str | None = None) -> None:
        self.emit(
            "contact.held",
            contact=contact.id,
            queue=contact.queue,
            due=contact.due,
            entered=contact.entered,
            opens_at=self.opens_at(contact.queue),
            until=contact.held_until,
            reason=reason,
            note=contact.note if source else None,
            **{"from": source},
        )

    def comes(self, contact: Contact) -> None:
        """The instant of a scheduled contact may have come."""
        assert contact.not_before is not None
        if self.now < contact.not_before:
            self.look_later(contact)
            return
        if contact.due is None:
            contact.entered = max(contact.not_before, contact.arrived)
        if self.is_open(contact.queue):
            self.comes_to_wait(contact, "scheduled")
            return
        self.hold(contact)
        self.tell_held(contact, "scheduled")

    def comes_to_wait(self, contact: Contact, reason: str) -> None:
        """At its place; who never waited before may wait for his agents."""
        is_first = contact.since is None
        contact.since, contact.state = self.now, "queued"
        contact.customer_since = contact.customer_since or self.now
        if contact.due is None:
            contact.due = self.due_of(contact)
        self.begin_wait(contact)
        if is_first:
            known = [self.agents[a] for a in contact.agents or () if a in self.agents]
            contact.agents = [a.id for a in known if a.is_member(contact.queue)] or None
            self.choose_line(contact)
        self.wait_again(contact, reason)

    def choose_line(self, contact: Contact) -> None:
        """The agents it asks for have it alone for a while, or the customer's last one."""
        if contact.agents is None:
            self.stick(contact)
            return
        wait_ms = contact.agent_wait_ms
        ring_ms = int(self.queues[contact.queue]["ring_ms"])
        contact.direct = list(contact.agents)
        contact.direct_until = self.now + (ring_ms if wait_ms is None else wait_ms)

    def stick(self, contact: Contact) -> None:
        """It waits for its customer's last agent, as far as its queue would have that."""
        rules = self.queues[contact.queue]
        agent = self.agents.get(self.recall(f"la:{contact.channel}|{contact.who}") or "")
        if rules["sticky"] == "off" or agent is None or not agent.slots.get(contact.channel):
            return
        if not (agent.is_member(contact.queue) and agent.meets(contact.asked)):
            return  # in a pull queue, too, whoever is meant is asked
        wait_ms = 0
        is_there = self.verdict(agent, contact.channel) == "ok"
        if rules["sticky"] == "wait":
            wait_ms = int(rules["sticky_wait_ms"])
            is_there = bool(agent.sessions) and agent.presence != "offline"
        if is_there:
            contact.direct, contact.sticky = [agent.id], True
            contact.direct_until = self.now + wait_ms

    def look_at_hours(self, queue: str) -> None:
        """Those held come in when the queue is open, as many as one call takes."""
        del self.looks[queue]
        if not self.is_open(queue):
            if self.held_in(queue):
                self.watch(queue)
            return
        for contact in self.held_in(queue)[: BATCH - self.opened]:
            self.opened += 1
            self.comes_to_wait(contact, "opened")
        self.review(queue)

    def look_at_the_wall(self, subject: str) -> None:
        """The hours of a queue may have changed, or the time of one contact has come."""
        if subject.startswith("@"):
            self.look_at_hours(subject[1:])
            return
        contact = self.contacts[subject]
        if contact.state == "scheduled":
            self.comes(contact)
        else:
            self.close_contact(contact, "expired", "held_too_long")
