"""How contacts go to another agent or another queue, in hand or waiting. Pure."""

from router.calls import Transfer
from tests.model.consults import Consults
from tests.model.records import TIER, Contact, Result

WAITING = ("held", "scheduled", "queued", "offered")


class Transfers(Consults):
    """The transition checks everything, then changes; the caller matches afterwards."""

    def transfer(self, call: Transfer) -> Result:
        contact = self.contacts.get(call.contact)
        if contact is not None and contact.state in WAITING:
            return self.transfer_waiting(contact, call)
        states = ("assigned", "waiting_customer") if call.to_queue else ("assigned",)
        problem = self.owner_problem(contact, call.agent, *states)
        if problem or contact is None:
            return Result(problem, {"what": "contact"} if problem == "unknown" else {})
        if call.if_waiting:
            since = contact.assigned_at or contact.asked_at
            return Result("taken", {"taken_by": contact.owner, "since": since})
        if contact.ringing:
            return Result("transfer_pending")
        if contact.consult is not None:
            return Result("consulting")
        if call.to_agent is None:
            return self.target_problem(contact, call) or self.transfer_owned(contact, call)
        refused = self.colleague_problem(contact, call.to_agent)
        if refused is not None:
            return refused
        self.ask(contact, call.to_agent, "transfer", call.note)
        return Result("ok", {"offers": self.rung(contact)})

    def target_problem(self, contact: Contact, call: Transfer) -> Result | None:
        """Why it can not go to the queue; None when it can."""
        target = str(call.to_queue)
        if target not in self.queues:
            return Result("unknown", {"what": "queue"})
        if not self.queues[target]["handles"]:
            return Result("not_accepted", {"verdict": "handles_nothing"})
        has_room = self.has_room(target, contact.channel, contact.asked)
        return None if has_room else Result("too_many_lines")

    def position_of(self, call: Transfer) -> str:
        return str(call.position or self.queues[str(call.to_queue)]["transfer_position"])

    def transfer_owned(self, contact: Contact, call: Transfer) -> Result:
        owner, source, position = contact.owner, contact.queue, self.position_of(call)
        assert owner is not None
        contact.queue = str(call.to_queue)
        self.cool(contact, owner, "decline_ms")
        contact.failures = 0
        if position == "back":
            contact.entered = self.now
        contact.due = self.front_due(contact) if position == "front" else self.due_of(contact)
        self.part(contact)
        self.waits_anew(contact)
        contact.queue = source  # who listened did so in the queue that it leaves
        self.end_monitors(contact)
        contact.queue, contact.note = str(call.to_queue), call.note
        self.begin_wait(contact)
        self.requeue(contact, "transferred", came_from=source, left=owner, note=call.note)
        return Result("ok")

    def transfer_waiting(self, contact: Contact, call: Transfer) -> Result:
        """Nobody has it: it goes on there as it was, or is held while that queue is closed."""
        if call.to_queue is None:
            return Result("not_assigned", {"verdict": "assign"})
        if call.agent is not None:
            agent = self.agents.get(call.agent)
            role = agent.memberships.get(contact.queue, {}).get("role") if agent else None
            if role != "supervisor":
                return Result("not_assigned", {"verdict": "supervisors"})
        if contact.queue == call.to_queue and call.position in (None, "keep"):
            return Result("ok", repeated=True)
        problem = self.target_problem(contact, call)
        if problem is not None:
            return problem
        self.revoke_ringing(contact, "transferred")
        self.leave_agents(contact)
        contact.agents = contact.backup_queue = None
        contact.retry = contact.step_at = contact.late = None
        contact.width = contact.widen_at = None
        source, was, contact.state = contact.queue, contact.state, "leaving"
        contact.queue, contact.note, contact.failures = call.to_queue, call.note, 0
        if was == "scheduled":
            self.comes_there(contact, source)
        elif not self.is_open(contact.queue):
            self.waits_for_opening(contact, self.position_of(call), source)
        else:
            self.waits_there(contact, self.position_of(call), source, is_new=was == "held")
        return Result("ok")

    def comes_there(self, contact: Contact, source: str) -> None:
        """At its instant; a place that it has follows the queue's settings."""
        assert contact.not_before is not None
        if contact.due is not None:
            contact.due = self.due_of(contact)
        self.schedule(contact, contact.not_before)
        self.tell_scheduled(contact, "transferred", source)

    def waits_for_opening(self, contact: Contact, position: str, source: str) -> None:
        if position == "back":
            contact.entered = self.now
        contact.due = self.due_of(contact)
        if position == "front":
            held = [c for c in self.held_in(contact.queue) if c.tier <= contact.tier]
            before = [c.score - 1 + contact.tier * TIER for c in held]
            contact.due = min([contact.due, *before])
        self.hold(contact)
        self.tell_held(contact, "transferred", source)

    def waits_there(self, contact: Contact, position: str, source: str, *, is_new: bool) -> None:
        contact.not_before = contact.held_until = contact.look_at = None
        if position == "back":
            contact.entered = self.now
        contact.due = self.front_due(contact) if position == "front" else self.due_of(contact)
        if is_new:
            contact.since = self.now
            contact.customer_since = contact.customer_since or self.now
        self.begin_wait(contact)
        self.requeue(contact, "transferred", came_from=source, note=contact.note)
