"""Makes the next call of a random run, from what the model knows: often sensible, sometimes not."""

import msgspec

from router.calls import Tick
from tests.model.agent_traffic import AgentTraffic
from tests.model.chance import CONTACTS
from tests.model.claim_traffic import ClaimTraffic
from tests.model.contact_traffic import ContactTraffic
from tests.model.records import Contact
from tests.model.repair_traffic import RepairTraffic
from tests.model.settings_traffic import SettingsTraffic
from tests.model.talk_traffic import TALKING, TalkTraffic


class Traffic(
    SettingsTraffic, TalkTraffic, ContactTraffic, ClaimTraffic, AgentTraffic, RepairTraffic
):
    """What happens next, and when."""

    def next_call(self) -> msgspec.Struct:
        """The next call: an answer to what rings, or any transition by its weight."""
        ringing = [c for c in self.model.contacts.values() if c.ringing]
        if ringing and self.chance(0.3):
            urgent = [contact for contact in ringing if self.is_urgent(contact)]
            return self.answer(self.pick(urgent or ringing))
        if any(c.monitors for c in self.model.contacts.values()) and self.chance(0.12):
            return self.monitor()  # who listens seldom listens alone
        if any(c.consult for c in self.model.contacts.values()) and self.chance(0.12):
            return self.part()  # who takes part seldom does so for long
        states = {contact.state for contact in self.model.contacts.values()}
        if states & set(TALKING) and self.chance(0.12):
            return self.report()  # whose turn it is changes often
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

    def is_urgent(self, contact: Contact) -> bool:
        """Whether it interrupts what else its agent is rung for: two must meet for that."""
        channels = self.model.interrupts(contact.channel)
        rung = [self.model.agents[offer.agent].work.values() for offer in contact.ringing]
        return any(w.kind == "offer" and w.channel in channels for work in rung for w in work)

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

    def tick(self) -> Tick:
        return Tick()


# Calls that say little when no contact is in one of these states, or there is no room for more.
NEEDS = {
    "admit": {"room"},
    "close": {"assigned", "waiting_customer", "held", "scheduled"},
    "call_back": {"queued", "offered", "held", "scheduled"},
    "not_reached": {"assigned"},
    "transfer": {"assigned"},
    "release": {"assigned", "waiting_customer"},
    "take_over": {"assigned", "waiting_customer"},
    "fork": {"assigned"},
    "consult": {"assigned"},
    "complete_consult": {"assigned"},
    "leave_consult": {"assigned"},
    "claim": {"queued", "offered", "held"},
    "report": {"assigned", "waiting_customer"},
    "reopen": {"closed", "wrap_up"},
    "monitor": {"assigned"},
    "end_wrap_up": {"wrap_up"},
    "score": {"wrap_up", "closed"},
    "update": {"queued", "offered", "held", "scheduled"},
    "cancel": {"queued", "offered", "assigned", "waiting_customer", "held", "scheduled"},
}
WEIGHTS = {
    "admit": 22,
    "set_state": 14,
    "tick": 12,
    "open_session": 10,
    "close": 9,
    "transfer": 13,
    "update": 5,
    "call_back": 5,
    "not_reached": 4,
    "put_calendar": 2,
    "renew": 5,
    "keep_alive": 3,
    "archived": 2,
    "put_agent": 4,
    "end_wrap_up": 11,
    "release": 4,
    "report": 8,
    "reopen": 3,
    "cancel": 4,
    "close_session": 3,
    "stale_answer": 3,
    "put_config": 4,
    "revoke": 1,
    "claim": 5,
    "take_over": 4,
    "assign": 4,
    "monitor": 2,
    "score": 2,
    "fork": 4,
    "consult": 9,
    "complete_consult": 2,
    "leave_consult": 2,
    "log_off": 2,
    "put_queue": 2,
    "put_estimates": 2,
    "put_tenant": 1,
    "repair": 4,
}
