"""How contacts that are over go on. Pure."""

from router.calls import Reopen
from tests.model.claims import Claims
from tests.model.records import Agent, Contact, Result
from tests.model.restored import Restored

OVER = ("wrap_up", "closed")
FOLLOWERS, LINKS_MAX = 50, 20


class Reopenings(Claims, Restored):
    """Each transition checks everything, then changes; the caller matches afterwards."""

    def reopen(self, call: Reopen) -> Result:
        contact = self.found(call.contact, call.record)
        if contact is None:
            return Result("unknown", {"what": "contact"})
        contact = self.latest(contact)
        if contact.state not in OVER:
            return Result("ok", {"contact": contact.id}, repeated=True)
        if call.agent is not None and call.agent not in self.agents:
            return Result("unknown", {"what": "agent"})
        if call.agent and contact.queue not in self.agents[call.agent].memberships:
            return Result("not_member")
        why = self.locked(contact, call.who)
        if why:
            return Result("locked", {"why": why, "state": contact.state})
        going = self.goes_on(
            contact, call.who, self.taker(contact, call.agent), call.follow_up, call.reason
        )
        if going is None:
            return Result("conflict", {"state": contact.state})
        return Result("ok", {"contact": going.id})

    def latest(self, contact: Contact) -> Contact:
        """The latest of its conversation, else the last of those that follow it."""
        while contact.followed_by in self.contacts:
            contact = self.contacts[contact.followed_by]
        return self.contacts.get(self.conversations.get(contact.thread or "", ""), contact)

    def locked(self, contact: Contact, by: str) -> str:
        """Why it stays as it is; empty when it may go on."""
        rules = self.queues.get(contact.queue)
        if rules is None or not rules["handles"]:
            return "queue"
        if rules["reopen"] == "locked":
            return "policy"
        if by == "supervisor":
            return ""
        if by not in rules["reopen_by"]:
            return "by"
        window, since = rules["reopen_window_ms"], contact.closed_at
        is_late = bool(window) and since is not None and self.now - since > window
        return "window" if is_late else ""

    def taker(self, contact: Contact, name: str | None) -> Agent | None:
        """The agent, if he can take it at once."""
        agent = self.agents[name] if name else None
        return agent if agent and self.why_not_his(agent, contact) == "ok" else None

    def goes_on(
        self,
        contact: Contact,
        by: str,
        agent: Agent | None,
        name: str | None = None,
        reason: str | None = None,
    ) -> Contact | None:
        """The contact in which it goes on; None when the id for a new one is taken."""
        if self.queues[contact.queue]["reopen"] == "new_linked_contact":
            return self.follow(contact, agent, name, reason)
        self.keep(contact)
        self.lead_conversation(contact)
        contact.episode = (contact.episode or 1) + 1
        if contact.state == "wrap_up":
            self.back_in_hand(contact, by, reason)
        else:
            self.comes_again(contact, by, agent, reason)
        return contact

    def forget_end(self, contact: Contact) -> None:
        contact.result = contact.reason = contact.instruction = contact.disposition = None
        contact.resolved = contact.rating = contact.closed_by = None
        contact.survey_wish = contact.survey_requested = None
        contact.closed_at = contact.ended_at = contact.wrap_until = contact.wrap_up = None
        if contact.lease_ms is not None:
            contact.alive_until = self.now + contact.lease_ms

    def back_in_hand(self, contact: Contact, by: str, reason: str | None) -> None:
        """Its owner, who writes it up, has it again."""
        contact.worked_ms = self.handled(contact, contact.ended_at or 0)
        self.forget_end(contact)
        contact.assigned_at, contact.state = self.now, "assigned"
        self.owner_of(contact).work[contact.id].kind = "assigned"
        self.tell_reopened(contact, by, reason)

    def comes_again(
        self, contact: Contact, by: str, agent: Agent | None, reason: str | None
    ) -> None:
        """As one that comes now; who had it last is asked first, if he is free."""
        last = self.agents.get(contact.owner or "")
        self.forget_end(contact)
        contact.owner = contact.assigned_at = contact.accepted = contact.worked_ms = None
        contact.tried.clear()
        contact.failures = 0
        contact.stepped = contact.relaxed = None
        contact.entered = contact.since = self.now
        if by != "agent" and contact.customer_since is None:
            contact.customer_since = self.now
        if agent is None and last is not None and self.is_free_for(last, contact):
            contact.direct, contact.sticky = [last.id], True
            contact.direct_until = self.now
        contact.state = "queued"
        contact.due = self.due_of(contact)
        self.need_line(contact)
        self.tell_reopened(contact, by, reason)
        if agent is not None:
            self.seize(contact, agent, "reopen")
        else:
            self.begin_wait(contact)
            self.wait_again(contact, "reopened")

    def is_free_for(self, agent: Agent, contact: Contact) -> bool:
        return agent.is_member(contact.queue) and self.verdict(agent, contact.channel) == "ok"

    def tell_reopened(self, contact: Contact, by: str, reason: str | None) -> None:
        self.emit(
            "contact.reopened",
            contact=contact.id,
            state=contact.state,
            queue=contact.queue,
            channel=contact.channel,
            line=contact.line,
            due=contact.due,
            entered=contact.entered,
            tier=contact.tier,
            conversation=contact.conversation,
            customer=contact.card["customer"] if contact.conversation else None,
            agent=contact.owner,
            by=by,
            episode=contact.episode,
            reason=reason,
            customer_since=contact.customer_since,
            direct=contact.direct,
            sticky=contact.sticky,
        )

    def follow(
        self, contact: Contact, agent: Agent | None, name: str | None, reason: str | None
    ) -> Contact | None:
        """A new contact with what the old one asked for; each has a link to the other."""
        base = (contact.follows or contact.id)[:60]
        taken = {*self.contacts, *self.traces, self.looked_up}
        followed = {link["contact"] for link in contact.links}
        names = [f"{base}.{n}" for n in range(2, FOLLOWERS + 1)]
        free = (each for each in names if each not in taken | followed)
        name = name or next(free, None)
        if name is None or name in taken or len(contact.links) >= LINKS_MAX:
            return None
        self.keep(contact)
        lease = self.settings["intake"].get(contact.card["origin"], {}).get("lease_ms") or None
        new = Contact(
            id=name,
            fp="",
            queue=contact.queue,
            channel=contact.channel,
            priority=contact.priority,
            tier=contact.tier,
            requirements=dict(contact.requirements),
            any_of=list(contact.any_of),
            target_ms=contact.target_ms,
            card={**contact.card, "subject": contact.card["subject"] or self.default_subject},
            lease_ms=lease,
            relax=contact.relax,
            agents=None,
            agent_wait_ms=None,
            backup_queue=None,
            arrived=self.now,
            entered=self.now,
            since=None,
            due=None,
            customer_since=self.now,
            follows=contact.follows or contact.id,
            conversation=contact.conversation,
        )
        if lease is not None:
            new.alive_until = self.now + lease
        new.links = [{"contact": contact.id, "kind": "follow_up_of"}]
        self.starts_to_wait(new)
        self.take_in(new)
        self.hands_on(contact, name, reason)
        if agent is not None and self.why_not_his(agent, new) == "ok":
            self.seize(new, agent, "reopen")
        return new

    def hands_on(self, contact: Contact, name: str, reason: str | None = None) -> None:
        """Another contact goes on for it."""
        contact.followed_by = name
        if len(contact.links) < LINKS_MAX:
            contact.links = [*contact.links, {"contact": name, "kind": "follow_up"}]
        self.emit(
            "contact.linked",
            contact=contact.id,
            queue=contact.queue,
            other=name,
            kind="follow_up",
            links=list(contact.links),
            reason=reason,
        )

    @property
    def default_subject(self) -> str:
        return str(self.settings["default_subject"])
