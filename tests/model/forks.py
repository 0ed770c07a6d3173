"""Contacts that are made of others, and colleagues who are asked. Pure."""

from router.calls import Fork
from tests.model.arrivals import CARD_OF_ADMIT, Brought
from tests.model.ending_calls import EndingCalls
from tests.model.records import Contact, Result

LINKS_MAX = 20


class Forks(EndingCalls):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def fork(self, call: Fork) -> Result:
        contact = self.contacts.get(call.contact)
        problem = self.owner_problem(contact, call.agent, "assigned")
        if problem or contact is None:
            return Result(problem, {"what": "contact"} if problem == "unknown" else {})
        name = call.fork or self.made_id(contact)
        known = self.contacts.get(name) or self.traces.get(name)
        if known is not None and known.fp == call.fp and call.fork:
            return Result("ok", {"fork": name}, repeated=True)
        if known is not None:
            return Result("conflict", {"state": known.state})
        if len(contact.links) >= LINKS_MAX:
            return Result("too_many")
        brought = self.brought(contact, name, call)
        told = len(self.events)
        refused = self.admission_problem(brought, call.to_queue)
        answer = refused or self.arrive(brought, call.to_queue)
        if answer.outcome != "ok":
            return answer
        contact.links.append({"kind": "fork", "contact": name})
        self.emit(
            "contact.forked",
            contact=contact.id,
            queue=contact.queue,
            agent=contact.owner,
            fork=name,
            to_queue=call.to_queue,
            note=call.note,
            links=list(contact.links),
        )
        self.events.insert(told, self.events.pop())
        return Result("ok", {"fork": name})

    def made_id(self, contact: Contact) -> str:
        """Its own id, cut where there is no room, and a number."""
        tail = f"-{len(contact.links) + 1}"
        return contact.id[: 64 - len(tail)] + tail

    def brought(self, contact: Contact, name: str, call: Fork) -> Brought:
        """The same customer, with what is told of the new contact."""
        card = {field: contact.card[field] for field in CARD_OF_ADMIT}
        if call.subject is not None:
            card["subject"] = call.subject
        return Brought(
            contact=name,
            queue=call.to_queue,
            channel=call.channel or contact.channel,
            priority=contact.priority if call.priority is None else call.priority,
            tier=contact.tier,
            requirements=call.requirements,
            any_of=call.any_of,
            fp=call.fp,
            fork_of=contact.id,
            note=call.note,
            **card,
        )

    def colleague_problem(self, contact: Contact, target: str) -> Result | None:
        """Why the owner can not ask this agent about his contact; None when he can."""
        if target not in self.agents:
            return Result("unknown", {"what": "agent"})
        if target == contact.owner:
            return Result("not_available", {"verdict": "owner"})
        agent = self.agents[target]
        if not agent.is_member(contact.queue):
            return Result("not_member")
        is_strict = self.queues[contact.queue]["transfer_requires"] == "ready"
        verdict = self.verdict(agent, contact.channel)
        if verdict in ("not_ready", "pending") and not is_strict:
            verdict = self.room(agent, contact.channel)
        return None if verdict == "ok" else Result("not_available", {"verdict": verdict})

    def ask(self, contact: Contact, target: str, kind: str, note: str | None) -> None:
        """The colleague's desktop rings; the contact stays with its owner meanwhile."""
        self.make_offer(contact, self.agents[target], kind, kind, note=note)
        self.touched_agents.add(target)
