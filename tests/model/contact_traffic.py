"""Random calls about contacts: often sensible, sometimes not."""

from typing import Any, cast

import msgspec
from msgspec.structs import replace

from queues.calls import Admit, Cancel, KeepAlive, Score, Update
from router.calls import (
    Accept,
    Archived,
    Assign,
    CallBack,
    Close,
    CompleteConsult,
    Consult,
    Decline,
    EndWrapUp,
    Fork,
    LeaveConsult,
    Monitor,
    NotReached,
    Release,
    Tick,
    Transfer,
)
from tests.model.chance import AGENTS, ANY_OF, CHANNELS, CONTACTS, QUEUES, REQUIREMENTS, Chance
from tests.model.records import Contact

OWNED = ("assigned", "assigned", "waiting_customer")
FULL = ("exclusive", "no_channel", "no_capacity", "no_slot")


class ContactTraffic(Chance):
    """Calls of gateways, and of agents about their contacts."""

    def admit(self) -> Admit:
        contact = self.arriving()
        known = self.model.contacts.get(contact)
        wants_agent = self.chance(0.25)
        call = Admit(
            contact=contact,
            queue=self.pick((None, *QUEUES, *QUEUES, *self.queue_of_chance())),
            channel=self.pick(CHANNELS),
            priority=self.pick((None, 0, 1, 50)),
            tier=self.pick((0, 0, 0, 1)),
            requirements=self.pick(REQUIREMENTS),
            any_of=self.pick(ANY_OF) or None,
            target_ms=self.pick((None, None, 0, 30_000)),
            subject=self.pick(("", "bill", "bill", "secret", "weather")),
            origin=self.pick(("phone", "phone", "portal")),
            address=self.pick(("", "", "+49")),
            customer=self.pick(("", "", "c7")),
            conversation="t1" if self.chance(0.2) else None,
            attributes=self.pick(("", '{"a":1}')),
            agents=[self.agent() for _ in range(self.pick((1, 1, 2, 3)))] if wants_agent else None,
            relax=self.relaxations(),
            agent_wait_ms=self.pick((None, 0, 1_000, 5_000)) if wants_agent else None,
            backup_queue=self.pick((None, None, *QUEUES, *self.queue_of_chance())),
            not_before=self.later() if self.chance(0.1) else None,
            callback=self.chance(0.1),
            fp=known.fp if known is not None and self.chance(0.6) else self.pick(("f1", "f2")),
        )
        if call.conversation is not None:
            record = self.last_of_thread(call.channel) if self.chance(0.5) else None
            asks = record is None and self.chance(0.2)
            call = replace(call, customer="c7", record=record, asks_archive=asks)
        gone = [c for c in self.model.contacts.values() if c.result == "abandoned" and c.who]
        if gone and self.chance(0.25):
            return back(call, gone[-1])
        return call

    def relaxations(self) -> list[dict[str, object]] | None:
        """Mostly none; else what the contact asks less, in no order of time."""
        ways: tuple[dict[str, object], ...] = (
            {"requirements": {}},
            {"requirements": {"en": 1}},
            {"any_of": [{"en": 1, "pt": 5}]},
            {"drop": ["en"]},
            {"drop": ["pt", "en"]},
            {"lower": {"en": 3, "pt": 3}},
        )
        count = self.pick((0, 0, 0, 0, 1, 2))
        times = [self.pick((400, 2_000, 4_000)) for _ in range(count)]
        return [{"after_ms": time} | self.pick(ways) for time in times] or None

    def arriving(self) -> str:
        """Mostly an id that is free: of these, few are in use at a time."""
        name = self.pick(CONTACTS)
        for name in self.random.sample(CONTACTS, 4):
            known = self.model.contacts.get(f"{name}.{self.generation[name]}")
            if f"{name}.{self.generation[name]}" in self.model.traces and self.chance(0.8):
                self.generation[name] += 1
            if known is None:
                break
            if known.state == "closed" and self.chance(0.8):
                self.generation[name] += 1
                break
        return f"{name}.{self.generation[name]}"

    def queue_of_chance(self) -> list[str]:
        return ["nowhere"] if self.chance(0.2) else []

    def archived(self) -> Archived:
        """Some that are closed, one as it was not, one that lives, one that nobody knows."""
        known = self.model.contacts.values()
        named = {c.id: c.closed_at or 1 for c in known if c.closed_at and self.chance(0.3)}
        if self.chance(0.3):
            named |= {c.id: 1 for c in known if self.chance(0.1)} | {"nothing": 1}
        position = self.pick(("1-1", "1-1", "1-1", None))
        return Archived(position=position, unarchived_max=200_000, contacts=named)

    def keep_alive(self) -> KeepAlive:
        live = [c.id for c in self.model.contacts.values() if self.chance(0.7)]
        return KeepAlive(contacts=[*live, *(["nothing"] if self.chance(0.2) else [])])

    def later(self) -> int:
        """Soon, or so far that the clock is looked at on the way; or past, or too far."""
        ahead = (500, 3_000, 3_000, 2_000_000, -1_000, 400 * 86_400_000 + 1)
        return self.model.now + int(self.pick(ahead))

    def call_back(self) -> CallBack:
        return CallBack(
            contact=self.contact("queued", "offered", "held", "scheduled"),
            address=self.pick((None, "+55 11")),
            not_before=self.later() if self.chance(0.6) else None,
        )

    def not_reached(self) -> NotReached:
        known = self.model.contacts.values()
        called = [c.id for c in known if c.callback and c.state == "assigned"]
        contact = self.pick(called) if called and self.chance(0.8) else self.contact("assigned")
        return NotReached(
            contact=contact, agent=self.owner(contact), reason=self.pick((None, "busy"))
        )

    def cancel(self) -> Cancel:
        return Cancel(
            contact=self.contact(
                "queued", "offered", "assigned", "waiting_customer", "held", "scheduled"
            ),
            result=self.pick(("abandoned", "cancelled")),
            reason=self.pick((None, "hung_up")),
        )

    def update(self) -> Update:
        contact = self.contact("queued", "offered", "held", "scheduled")
        known = self.model.contacts.get(contact)
        is_later = known is not None and known.state == "scheduled"
        return Update(
            contact=contact,
            priority=self.pick((None, 0, 2)),
            tier=self.pick((None, None, 0, 1)),
            requirements=self.pick((None, None, *REQUIREMENTS)),
            any_of=self.pick((None, None, *ANY_OF)),
            target_ms=self.pick((None, None, None, 10_000)),
            attributes=self.pick((None, '{"b":2}')),
            subject=self.pick((None, "other")),
            relax=[] if self.chance(0.1) else self.relaxations(),
            not_before=self.later() if self.chance(0.6 if is_later else 0.05) else None,
        )

    def token(self, contact: Contact) -> dict[str, Any]:
        """The right token of an offer of the contact, or one that is wrong in one way."""
        offer = self.pick(contact.ringing) if contact.ringing else None
        n = offer.n if offer else max(contact.offers, 1)
        agent = offer.agent if offer else contact.owner or self.pick(AGENTS)
        known = self.model.agents.get(agent)
        sessions = list(known.sessions) if known else []
        token = {
            "contact": contact.id,
            "offer": n,
            "agent": agent,
            "session": self.pick((None, *sessions)),
        }
        if self.chance(0.15):
            wrong = {
                "contact": "nothing",
                "offer": self.pick((n - 1, n + 1)),
                "agent": self.agent(),
                "session": "s9",
            }
            name = self.pick(wrong)
            token[name] = wrong[name]
        return token

    def answer(self, contact: Contact) -> msgspec.Struct:
        if self.chance(0.65):
            return Accept(**self.token(contact))
        return Decline(
            **self.token(contact),
            cause=self.pick(("declined", "declined", "unreachable")),
            reason=self.pick(("", "busy")),
        )

    def stale_answer(self) -> msgspec.Struct:
        """An answer to what rings no more, or to what somebody else has."""
        contacts = list(self.model.contacts.values())
        if not contacts:
            return Tick()
        contact = self.pick(contacts)
        if self.chance(0.5):
            return self.answer(contact)
        late = self.pick((Accept, Decline))
        offer = self.random.randint(1, contact.offers + 1)
        answer = late(contact=contact.id, offer=offer, agent=self.agent())
        assert isinstance(answer, msgspec.Struct)
        return answer

    def owner(self, contact: str) -> str | None:
        known = self.model.contacts.get(contact)
        mine = known.owner if known else None
        return self.agent() if self.chance(0.2) else self.pick((None, mine))

    def release(self) -> Release:
        contact = self.contact("assigned", "waiting_customer")
        reason = self.pick((None, None, "too long"))
        return Release(contact=contact, agent=self.owner(contact), reason=reason)

    def assign(self) -> Assign:
        contact = self.contact(
            "queued", "offered", "assigned", "waiting_customer", "held", "scheduled"
        )
        agent = self.target(contact) if self.chance(0.5) else self.agent()
        return Assign(
            contact=contact,
            agent=agent,
            over_capacity=self.chance(0.5),
            not_ready=self.chance(0.5),
            not_member=self.chance(0.2),
            reason=self.pick(("", "vip")),
        )

    def monitor(self) -> Monitor:
        listened = [c.id for c in self.model.contacts.values() if c.monitors]
        many = self.chance(0.85) and listened
        return Monitor(
            contact=self.pick(listened) if many else self.contact("assigned"),
            supervisor=f"v{self.random.randrange(10)}" if many else self.pick(("v1", "v2")),
            mode=self.pick(("listen", "coach", "barge") if many else ("listen", "barge", "stop")),
            reason=self.pick(("", "quality")),
        )

    def transfer(self) -> Transfer:
        contact = self.contact("assigned")
        rung = [c.id for c in self.model.contacts.values() if c.state == "assigned" and c.ringing]
        if rung and self.chance(0.3):
            contact = self.pick(rung)
        to_agent = self.chance(0.65)
        if not to_agent and self.chance(0.2):
            contact = self.contact("waiting_customer")
        elif self.chance(0.1 if to_agent else 0.45):
            contact = self.contact("queued", "offered", "held", "scheduled")
        return Transfer(
            contact=contact,
            agent=self.mover(contact),
            to_agent=self.target(contact) if to_agent else None,
            to_queue=None if to_agent else self.pick((*QUEUES, *self.queue_of_chance())),
            note=self.pick((None, None, "mind the dog")),
            position=None if to_agent else self.pick((None, None, "keep", "front", "back")),
            if_waiting=not to_agent and self.chance(0.15),
        )

    def mover(self, contact: str) -> str | None:
        """Its owner or nobody; of what nobody has, often somebody who supervises its queue."""
        known = self.model.contacts.get(contact)
        queue = known.queue if known and known.owner is None else None
        boss = [
            agent.id
            for agent in self.model.agents.values()
            if agent.memberships.get(queue or "", {}).get("role") == "supervisor"
        ]
        return str(self.pick(boss)) if boss and self.chance(0.4) else self.owner(contact)

    def consult(self) -> Consult:
        contact = self.contact("assigned")
        return Consult(
            contact=contact,
            agent=self.owner(contact),
            to_agent=self.target(contact),
            note=self.pick((None, "how much?")),
        )

    def guest(self) -> tuple[str, str | None]:
        """A contact in which somebody takes part or is asked to, and who has a say in that."""
        known = list(self.model.contacts.values())
        consulted = [c for c in known if c.consult]
        asked = [c for c in known if any(offer.kind == "consult" for offer in c.ringing)]
        if not (consulted or asked) or self.chance(0.1):
            contact = self.contact("assigned")
            return contact, self.owner(contact)
        found: Contact = self.pick(consulted or asked)
        guest = found.consult["agent"] if found.consult else None
        return found.id, self.pick((None, found.owner, guest, self.agent()))

    def complete_consult(self) -> CompleteConsult:
        contact, agent = self.guest()
        return CompleteConsult(contact=contact, agent=agent)

    def part(self) -> msgspec.Struct:
        return self.leave_consult() if self.chance(0.7) else self.complete_consult()

    def leave_consult(self) -> LeaveConsult:
        contact, agent = self.guest()
        return LeaveConsult(contact=contact, agent=agent)

    def fork(self) -> Fork:
        contact = self.contact("assigned")
        known = [c for c in self.model.contacts.values() if c.links]
        name = self.arriving() if self.chance(0.6) else None
        if known and self.chance(0.3):
            name = self.pick([link["contact"] for c in known for link in c.links])
        return Fork(
            contact=contact,
            agent=self.owner(contact),
            to_queue=self.pick((*QUEUES, *QUEUES, *self.queue_of_chance())),
            fork=name,
            channel=self.pick((None, None, *CHANNELS)),
            priority=self.pick((None, None, 1)),
            requirements=self.pick(REQUIREMENTS),
            subject=self.pick((None, None, "bill", "secret", "weather")),
            note=self.pick((None, "wants a copy")),
            fp=self.pick(("g1", "g1", "g2")),
        )

    def target(self, contact: str) -> str:
        """Mostly somebody who can take the contact; often one who is ready and has no room."""
        known = self.model.contacts.get(contact)
        room = {
            agent.id: self.model.verdict(agent, known.channel)
            for agent in self.model.agents.values()
            if known and agent.id != known.owner and agent.is_member(known.queue)
        }
        can = [agent for agent, verdict in room.items() if verdict == "ok"]
        full = [agent for agent, verdict in room.items() if verdict in FULL]
        if full and self.chance(0.5 if "exclusive" in room.values() else 0.15):
            return str(min(full, key=lambda agent: FULL.index(room[agent])))
        return str(self.pick(can)) if can and self.chance(0.8) else self.agent()

    def close(self) -> Close:
        away = self.chance(0.15)
        contact = self.contact("held", "scheduled") if away else self.contact(*OWNED)
        return Close(
            contact=contact,
            agent=self.owner(contact),
            disposition=self.code(),
            resolved=self.pick((None, True, False)),
            survey=self.pick((None, None, True, False)),
            reason=self.pick((None, "solved")),
            wrap_up=self.pick((None, None, True, False)),
        )

    def end_wrap_up(self) -> EndWrapUp:
        contact = self.contact("wrap_up")
        lasting = [c for c in self.model.contacts.values() if c.wrap_up == "forced_limit"]
        own = [c for c in lasting if c.state == "wrap_up"]
        if own and self.chance(0.4):
            return EndWrapUp(contact=own[0].id, agent=own[0].owner)
        return EndWrapUp(
            contact=contact,
            agent=self.owner(contact),
            disposition=self.code(),
            resolved=self.pick((None, True, False)),
        )

    def code(self) -> str | None:
        """Mostly one that the catalogues know."""
        return cast(
            "str | None", self.pick((None, "bill", "bill", "order", "order", "old", "weather"))
        )

    def score(self) -> Score:
        record = self.archived_record() if self.chance(0.1) else None
        if record:
            return Score(contact=record["id"], score=7, record=record)
        contact = self.contact("closed", "wrap_up")
        known = self.model.contacts.get(contact)
        if known and known.rating and self.chance(0.5):
            return Score(contact=contact, score=known.rating["score"])
        return Score(
            contact=contact, score=self.pick((0, 7, 10)), comment=self.pick((None, None, "fine"))
        )


def back(call: Admit, gone: Contact) -> Admit:
    """The same customer calls again, who has hung up."""
    card = {name: gone.card[name] for name in ("customer", "address")}
    return replace(call, queue=gone.queue, channel=gone.channel, subject="", **card)
