"""Makes the next call of a random run, from what the model knows: often sensible, sometimes not."""

from random import Random
from typing import Any

import msgspec

from presence.calls import CloseSession, OpenSession, PutAgent, Renew, SetState
from queues.calls import Admit, Cancel, PutQueue, Update
from router.calls import Accept, Close, Decline, EndWrapUp, PutTenant, Release, Tick, Transfer
from tests.model.model import Model
from tests.model.records import Agent, Contact

AGENTS = ("a1", "a2", "a3", "a4")
QUEUES = ("general", "q1", "q2")
CHANNELS = ("voice", "chat")
SKILLS = ("en", "pt")
CONTACTS = ("k1", "k2", "k3", "k4", "k5", "k6")
START = 1_700_000_000_000
REQUIREMENTS: tuple[dict[str, int], ...] = ({}, {}, {}, {"en": 5}, {"pt": 5}, {"en": 5, "pt": 1})


class Traffic:
    """Chance, and the choices it makes."""

    def __init__(self, random: Random, model: Model) -> None:
        self.random = random
        self.model = model
        self.generation = dict.fromkeys(CONTACTS, 0)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, options: Any) -> Any:
        return self.random.choice(list(options))

    def next_call(self) -> msgspec.Struct:
        """The next call: an answer to what rings, or any transition by its weight."""
        ringing = [c for c in self.model.contacts.values() if c.offer is not None]
        if ringing and self.chance(0.3):
            return self.answer(self.pick(ringing))
        states = {contact.state for contact in self.model.contacts.values()}
        live = [c for c in self.model.contacts.values() if c.state != "closed"]
        if len(live) < len(CONTACTS):
            states.add("room")
        weights = [
            weight if not NEEDS.get(name) or states & NEEDS[name] else weight / 10
            for name, weight in WEIGHTS.items()
        ]
        [name] = self.random.choices(list(WEIGHTS), weights)
        call = getattr(self, name)()
        assert isinstance(call, msgspec.Struct)
        return call

    def next_now(self) -> int:
        """When: now, a little later, at a timer or beside it, far beyond, or in the past."""
        now = self.model.now
        ahead = sorted(at for at in self.model.timers().values() if at > now)
        choice = self.random.random()
        is_far = bool(ahead) and ahead[0] > now + 20_000
        if choice < 0.60 or (is_far and self.chance(0.9)):
            return now + self.random.randrange(0, 400)
        if choice < 0.70 or not ahead:
            return now
        if choice < 0.72:
            return now - self.random.randrange(1, 1_000)
        if choice < 0.83:
            return ahead[0] - 1
        if choice < 0.95:
            return ahead[0]
        if choice < 0.997:
            return int(self.pick(ahead[:3])) + 1
        return ahead[-1] + 1_000

    def settings(self) -> dict[str, object]:
        return {
            "grace_ms": self.pick((0, 3_000, 20_000)),
            "max_misses": self.pick((1, 2, 3)),
            "line_idle_ms": self.pick((1_000, 8_000)),
            "line_max": self.pick((1, 2, 50)),
            "max_sessions": 2,
            "default_queue": "general",
            "default_subject": self.pick(("", "something else")),
            "channels": self.channels(),
            "intake": {"portal": {"required": self.pick((["subject"], ["queue", "customer"]))}},
        }

    def channels(self) -> dict[str, dict[str, int]]:
        """Mostly both channels; now and then one has left the settings, or none is named."""
        voice = {"voice": {"cost": self.pick((0, 1, 2, 3))}}
        return self.pick(({}, voice, *[{**voice, "chat": {"cost": 1}}] * 8))  # type: ignore[no-any-return]

    def put_tenant(self) -> PutTenant:
        return PutTenant(settings=self.settings(), simulated=not self.chance(0.1))

    def put_queue(self) -> PutQueue:
        rules = {
            "target_ms": self.pick((0, 5_000, 20_000)),
            "priority_credit_ms": self.pick((1_000, 60_000)),
            "ring_ms": self.pick((2_000, 5_000)),
            "decline_ms": self.pick((1_000, 4_000)),
            "miss_ms": self.pick((1_000, 6_000)),
            "unreachable_ms": 500,
            "cooldown_max_ms": self.pick((3_000, 9_000)),
            "offers_max": self.pick((0, 1, 2)),
            "escalate_to": self.pick(("", "general", "q1", "q2", "nowhere")),
            "wrap_up_ms": self.pick((0, 4_000)),
            "transfer_position": self.pick(("keep", "front", "back")),
            "orphan": self.pick(("requeue", "close")),
        }
        return PutQueue(queue=self.pick(QUEUES), settings=rules)

    def put_agent(self, agent: str | None = None) -> PutAgent:
        queues = [*QUEUES, *(["nowhere"] if self.chance(0.05) else [])]
        memberships: dict[str, dict[str, object]] = {
            queue: {"role": "supervisor" if self.chance(0.15) else "agent", "level": 50}
            for queue in queues
            if self.chance(0.7)
        }
        skills = {skill: self.pick((1, 5, 9)) for skill in SKILLS if self.chance(0.6)}
        known = self.model.settings.get("channels", CHANNELS)
        channels = [c for c in CHANNELS if c in known or self.chance(0.05)]
        slots = {
            channel: self.pick((0, 1, 1, 1, 2, 2, 3)) for channel in channels if self.chance(0.85)
        }
        return PutAgent(
            agent=agent or self.pick(AGENTS),
            name=self.pick(("", "Ana")),
            memberships=memberships,
            skills=skills,
            slots=slots,
            capacity=self.pick((0, 2, 3, 4, 8, 8)),
        )

    def agent(self) -> str:
        """Mostly one that is there."""
        return "nobody" if self.chance(0.02) else str(self.pick(AGENTS))

    def contact(self, *states: str) -> str:
        """The id of a contact in one of the states, if there is one and chance agrees."""
        fit = [c.id for c in self.model.contacts.values() if not states or c.state in states]
        if fit and self.chance(0.9):
            return str(self.pick(fit))
        known = [*self.model.contacts, "nothing"]
        return str(self.pick(known))

    def admit(self) -> Admit:
        contact = self.arriving()
        known = self.model.contacts.get(contact)
        wants_agent = self.chance(0.25)
        return Admit(
            contact=contact,
            queue=self.pick((None, *QUEUES, *QUEUES, *self.queue_of_chance())),
            channel=self.pick(CHANNELS),
            priority=self.pick((0, 0, 1, 50)),
            tier=self.pick((0, 0, 0, 1)),
            requirements=self.pick(REQUIREMENTS),
            subject=self.pick(("", "bill")),
            origin=self.pick(("phone", "phone", "portal")),
            customer=self.pick(("", "c7")),
            attributes=self.pick(("", '{"a":1}')),
            agent=self.agent() if wants_agent else None,
            agent_wait_ms=self.pick((None, 0, 1_000, 5_000)) if wants_agent else None,
            fp=known.fp if known is not None and self.chance(0.6) else self.pick(("f1", "f2")),
        )

    def arriving(self) -> str:
        """Mostly an id that is free: of these, few are in use at a time."""
        name = self.pick(CONTACTS)
        for name in self.random.sample(CONTACTS, 4):
            known = self.model.contacts.get(f"{name}.{self.generation[name]}")
            if known is None:
                break
            if known.state == "closed" and self.chance(0.8):
                self.generation[name] += 1
                break
        return f"{name}.{self.generation[name]}"

    def queue_of_chance(self) -> list[str]:
        return ["nowhere"] if self.chance(0.2) else []

    def cancel(self) -> Cancel:
        return Cancel(
            contact=self.contact("queued", "offered", "assigned"),
            result=self.pick(("abandoned", "cancelled")),
            reason=self.pick((None, "hung_up")),
        )

    def update(self) -> Update:
        return Update(
            contact=self.contact("queued", "offered"),
            priority=self.pick((None, 0, 2)),
            tier=self.pick((None, None, 0, 1)),
            requirements=self.pick((None, None, *REQUIREMENTS)),
            attributes=self.pick((None, '{"b":2}')),
            subject=self.pick((None, "other")),
        )

    def token(self, contact: Contact) -> dict[str, Any]:
        """The right token of the contact's last offer, or one that is wrong in one way."""
        offer = contact.offer
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
        contacts = list(self.model.contacts.values())
        return self.answer(self.pick(contacts)) if contacts else Tick()

    def owner(self, contact: str) -> str | None:
        known = self.model.contacts.get(contact)
        mine = known.owner if known else None
        return self.agent() if self.chance(0.1) else self.pick((None, mine))

    def release(self) -> Release:
        contact = self.contact("assigned")
        return Release(contact=contact, agent=self.owner(contact))

    def transfer(self) -> Transfer:
        contact = self.contact("assigned")
        to_agent = self.chance(0.65)
        return Transfer(
            contact=contact,
            agent=self.owner(contact),
            to_agent=self.target(contact) if to_agent else None,
            to_queue=None if to_agent else self.pick((*QUEUES, *self.queue_of_chance())),
        )

    def target(self, contact: str) -> str:
        """Mostly somebody who can take the contact."""
        known = self.model.contacts.get(contact)
        can = [
            agent.id
            for agent in self.model.agents.values()
            if known
            and agent.id != known.owner
            and agent.is_member(known.queue)
            and self.model.verdict(agent, known.channel) == "ok"
        ]
        return str(self.pick(can)) if can and self.chance(0.8) else self.agent()

    def close(self) -> Close:
        contact = self.contact("assigned")
        return Close(
            contact=contact,
            agent=self.owner(contact),
            disposition=self.pick((None, '{"code":"done"}')),
            reason=self.pick((None, "solved")),
            wrap_up=self.chance(0.8),
        )

    def end_wrap_up(self) -> EndWrapUp:
        contact = self.contact("wrap_up")
        return EndWrapUp(
            contact=contact,
            agent=self.owner(contact),
            disposition=self.pick((None, '{"code":"late"}')),
        )

    def open_session(self) -> OpenSession:
        gone = [a.id for a in self.model.agents.values() if not a.sessions]
        agent = self.pick(gone) if gone and self.chance(0.7) else self.agent()
        session = f"s{self.random.randrange(1, 4)}"
        return OpenSession(
            agent=agent, session=session, lease_ms=self.pick((8_000, 120_000, 600_000))
        )

    def renew(self) -> Renew:
        held = [(a.id, s) for a in self.model.agents.values() for s in a.sessions]
        sessions = [pair for pair in held if self.chance(0.8)]
        if self.chance(0.2):
            sessions.append(self.pick((("a1", "s8"), ("nobody", "s1"))))
        return Renew(sessions=sessions, lease_ms=self.pick((20_000, *[600_000] * 5)))

    def close_session(self) -> CloseSession:
        held = [(a.id, s) for a in self.model.agents.values() for s in a.sessions]
        agent, session = self.pick(held) if held and self.chance(0.9) else (self.agent(), "s1")
        return CloseSession(agent=agent, session=session, reason=self.pick(("closed", "kicked")))

    def set_state(self) -> SetState:
        can_be: list[Agent] = [
            a
            for a in self.model.agents.values()
            if a.sessions and (a.presence != "ready" or a.pending)
        ]
        if can_be and self.chance(0.7):
            return SetState(agent=self.pick(can_be).id, presence="ready")
        presence = self.pick(("ready", "not_ready", "offline"))
        connected = [a.id for a in self.model.agents.values() if a.sessions]
        return SetState(
            agent=self.pick(connected) if connected and self.chance(0.8) else self.agent(),
            presence=presence,
            reason=self.pick(("", "lunch")),
            when=self.pick(("now", "idle")),
        )

    def tick(self) -> Tick:
        return Tick()


# Calls that say little when no contact is in one of these states, or there is no room for more.
NEEDS = {
    "admit": {"room"},
    "close": {"assigned"},
    "transfer": {"assigned"},
    "release": {"assigned"},
    "end_wrap_up": {"wrap_up"},
    "update": {"queued", "offered"},
    "cancel": {"queued", "offered", "assigned"},
}
WEIGHTS = {
    "admit": 22,
    "set_state": 14,
    "tick": 12,
    "open_session": 10,
    "close": 6,
    "transfer": 13,
    "update": 5,
    "renew": 5,
    "put_agent": 4,
    "end_wrap_up": 7,
    "release": 4,
    "cancel": 4,
    "close_session": 3,
    "stale_answer": 3,
    "put_queue": 2,
    "put_tenant": 1,
}
