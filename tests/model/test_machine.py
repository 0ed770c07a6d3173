"""Hypothesis drives the model and the engine with the same steps.

One rule for each transition, right and wrong; time moves by rules of its own. After every step the
outcome, the events and the whole state are compared, and the promises are checked.
"""

import os
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import redis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from presence.calls import CloseSession, OpenSession, PutAgent, Renew, SetState
from queues.calls import Admit, Cancel, KeepAlive, PutQueue, Update
from router.calls import (
    Accept,
    Assign,
    CallBack,
    Claim,
    Close,
    Decline,
    EndWrapUp,
    LogOff,
    Monitor,
    NotReached,
    PutCalendar,
    PutConfig,
    PutEstimates,
    PutTenant,
    Release,
    Repair,
    TakeOver,
    Tick,
    Transfer,
)
from router.engine.library import Library
from tests.model.chance import AGENTS, CALENDARS, CONTACTS, QUEUES, START
from tests.model.machine_values import (
    agents,
    any_of,
    changes,
    channels,
    contacts,
    definitions,
    leases,
    maybe,
    open_states,
    or_none,
    queue_settings,
    queues,
    relaxations,
    requirements,
    sessions,
    tenant_settings,
)
from tests.model.pair import Command, Divergence, Forget, Step, new_pair
from tests.model.records import Contact, Plain
from tests.model.settings_traffic import PLACES
from tests.model.walk import listed, shrunk

RUN_STEPS = 40
STEPS = int(os.environ.get("ACD_MODEL_STEPS", "5000"))


class Machine(RuleBasedStateMachine):
    """A small world, so that collisions are frequent."""

    def __init__(self, client: "redis.Redis", library: Library, tenant: Callable[[], str]) -> None:
        super().__init__()
        self.tools = (client, library, tenant)
        self.pair = new_pair(client, tenant(), library)
        self.now = START
        self.keyed: list[Step] = []

    def teardown(self) -> None:
        self.pair.direct.drop()

    def run(self, call: msgspec.Struct) -> None:
        self.give_both(Step(call, self.now))
        self.now = max(self.now, self.pair.model.now)

    def give_both(self, command: Command) -> None:
        """A difference is shown with the fewest commands; Hypothesis would search for minutes."""
        try:
            self.pair.run(command)
        except Divergence as divergence:
            commands, last = shrunk(self.pair.commands, divergence, *self.tools)
            raise Divergence(f"{listed(commands)}\n{last}") from None

    @initialize(
        settings=tenant_settings,
        rules=st.tuples(*[queue_settings] * len(QUEUES)),
        skills=st.tuples(*[st.sampled_from([{"en": 5}, {"en": 5, "pt": 5}, {}])] * 3),
    )
    def a_small_world(self, settings: Plain, rules: list[Plain], skills: list[Plain]) -> None:
        self.run(PutTenant(settings=settings, simulated=True))
        for queue, of_queue in zip(QUEUES, rules, strict=True):
            self.run(PutQueue(queue=queue, settings={}))
            self.run(PutQueue(queue=queue, settings=of_queue))
        member: Plain = {queue: {"role": "agent"} for queue in QUEUES}
        for agent, of_agent in zip(AGENTS, skills, strict=False):
            slots = {"voice": 1, "chat": 2}
            self.run(
                PutAgent(agent=agent, memberships=member, skills=of_agent, slots=slots, capacity=4)
            )
            self.run(OpenSession(agent=agent, session="s1", lease_ms=600_000))
            self.run(SetState(agent=agent, presence="ready"))

    @rule(by=st.sampled_from([1, 100, 500, 1_000]))
    def time_passes(self, by: int) -> None:
        self.now += by

    @rule(beside=st.sampled_from([0, -1, 1]), which=st.sampled_from([0, 0, 1, 2]))
    def time_comes_to_a_timer(self, beside: int, which: int) -> None:
        ahead = sorted(at for at in self.pair.model.timers().values() if at > self.now)
        if which < len(ahead):
            self.now = ahead[which] + beside

    @rule(by=st.sampled_from([30_000, 700_000, -5_000]))
    def time_leaps(self, by: int) -> None:
        self.now += by

    @rule(settings=tenant_settings, simulated=st.sampled_from([True, True, True, False]))
    def put_tenant(self, settings: Plain, simulated: bool) -> None:  # noqa: FBT001
        self.run(PutTenant(settings=settings, simulated=simulated))

    @rule(queue=st.sampled_from(QUEUES), rules=queue_settings)
    def put_queue(self, queue: str, rules: Plain) -> None:
        self.run(PutQueue(queue=queue, settings=rules))

    @rule(
        calendar=st.sampled_from(CALENDARS),
        back=st.sampled_from([0, 1_000]),
        steps=st.lists(st.sampled_from([500, 2_000, 30_000]), max_size=5),
        known=st.sampled_from([1_000_000, 3_000]),
    )
    def put_calendar(self, calendar: str, back: int, steps: list[int], known: int) -> None:
        edges = [self.now - back + sum(steps[: n + 1]) for n in range(len(steps))]
        until = max([self.now, *edges]) + known
        self.run(PutCalendar(calendar=calendar, settings={}, edges=edges, until=until))

    @rule(changes=changes, behind=or_none(st.sampled_from([0, 0, 1])))
    def put_config(self, changes: list[Plain], behind: int | None) -> None:
        base = None if behind is None else self.pair.model.version - behind
        self.run(PutConfig(changes=changes, base=base))

    @rule(queue=st.sampled_from(QUEUES), channel=channels, ms=st.sampled_from([0, 100, 8_000]))
    def put_estimates(self, queue: str, channel: str, ms: int) -> None:
        places = [ms * place for place in range(PLACES)]
        self.run(PutEstimates(lines={f"{queue}|{channel}|": [places, places]}))

    @rule(agent=st.sampled_from(AGENTS), definition=definitions)
    def put_agent(self, agent: str, definition: Plain) -> None:
        self.run(PutAgent(agent=agent, **definition))

    @rule(
        contact=st.sampled_from(CONTACTS),
        queue=or_none(queues),
        channel=channels,
        priority=st.sampled_from([0, 0, 1, 50]),
        tier=st.sampled_from([0, 0, 1]),
        asks=requirements,
        relax=relaxations,
        subject=st.sampled_from(["bill", ""]),
        origin=st.sampled_from(["phone", "phone", "portal"]),
        any_of=any_of,
        customer=st.sampled_from(["", "c7"]),
        named=or_none(st.lists(agents, min_size=1, max_size=2)),
        backup_queue=or_none(queues),
        fp=st.sampled_from(["f1", "f1", "f2"]),
    )
    def admit(self, asks: dict[str, int], named: list[str] | None, **fields: Any) -> None:
        wait = 2_000 if named else None
        self.run(Admit(requirements=asks, agents=named, agent_wait_ms=wait, **fields))

    @rule(contact=st.sampled_from(CONTACTS), queue=st.sampled_from(QUEUES))
    def admit_plainly(self, contact: str, queue: str) -> None:
        self.run(Admit(contact=contact, queue=queue, channel="chat", fp="f1"))

    @rule(contact=st.sampled_from(CONTACTS), ahead=st.sampled_from([500, 2_000, 0]))
    def admit_later(self, contact: str, ahead: int) -> None:
        call = Admit(contact=contact, channel="chat", fp="f1", callback=True)
        self.run(msgspec.structs.replace(call, not_before=self.now + ahead))

    @rule(contact=contacts, ahead=or_none(st.sampled_from([500, 2_000, -1, 2_000_000])))
    def call_back(self, contact: str, ahead: int | None) -> None:
        not_before = None if ahead is None else self.now + ahead
        self.run(CallBack(contact=contact, not_before=not_before))

    @rule(contacts=st.lists(contacts, max_size=3, unique=True))
    def keep_alive(self, contacts: list[str]) -> None:
        self.run(KeepAlive(contacts=contacts))

    @rule(contact=contacts, result=st.sampled_from(["abandoned", "cancelled"]))
    def cancel(self, contact: str, result: Any) -> None:
        self.run(Cancel(contact=contact, result=result))

    @rule(
        contact=contacts,
        priority=or_none(st.sampled_from([0, 2])),
        tier=or_none(st.sampled_from([0, 1])),
        asks=or_none(requirements),
        any_of=any_of,
        subject=or_none(st.just("other")),
        relax=or_none(relaxations),
    )
    def update(self, asks: dict[str, int] | None, **fields: Any) -> None:
        self.run(Update(requirements=asks, **fields))

    @rule(contact=contacts, ahead=st.sampled_from([500, 2_000, -1, 2_000_000]))
    def put_off(self, contact: str, ahead: int) -> None:
        self.run(Update(contact=contact, not_before=self.now + ahead))

    def ringing(self) -> list[Contact]:
        known = self.pair.model.contacts.values()
        return sorted((c for c in known if c.ringing), key=lambda c: c.id)

    @precondition(lambda self: self.ringing())
    @rule(which=st.integers(0, 2), session=maybe(), accept=st.sampled_from([True, True, False]))
    def answer(self, which: int, session: bool, accept: bool) -> None:  # noqa: FBT001
        ringing = self.ringing()
        contact = ringing[which % len(ringing)]
        offer = contact.ringing[which % len(contact.ringing)]
        live = sorted(self.pair.model.agents[offer.agent].sessions)
        token = (contact.id, offer.n, offer.agent)
        self.give(token, live[0] if session else None, "accept" if accept else "declined")

    @rule(
        contact=contacts,
        back=st.sampled_from([0, 1, -1]),
        agent=agents,
        session=or_none(sessions),
        answer=st.sampled_from(["accept", "declined", "unreachable"]),
    )
    def answer_out_of_turn(
        self, contact: str, back: int, agent: str, session: str | None, answer: str
    ) -> None:
        known = self.pair.model.contacts.get(contact)
        self.give((contact, (known.offers if known else 1) - back, agent), session, answer)

    def give(self, token: tuple[str, int, str], session: str | None, answer: Any) -> None:
        contact, offer, agent = token
        if answer == "accept":
            self.run(Accept(contact=contact, offer=offer, agent=agent, session=session))
        else:
            self.run(
                Decline(contact=contact, offer=offer, agent=agent, session=session, cause=answer)
            )

    def held(self, state: str, which: int) -> str:
        known = sorted(c.id for c in self.pair.model.contacts.values() if c.state == state)
        return known[which % len(known)] if known else CONTACTS[which]

    @rule(which=st.integers(0, 2), agent=or_none(agents))
    def release(self, which: int, agent: str | None) -> None:
        self.run(Release(contact=self.held("assigned", which), agent=agent))

    @rule(which=st.integers(0, 2), agent=or_none(agents))
    def not_reached(self, which: int, agent: str | None) -> None:
        self.run(NotReached(contact=self.held("assigned", which), agent=agent, reason="busy"))

    @rule(which=st.integers(0, 2), agent=or_none(agents), to=agents)
    def transfer_to_agent(self, which: int, agent: str | None, to: str) -> None:
        self.run(Transfer(contact=self.held("assigned", which), agent=agent, to_agent=to))

    @rule(state=open_states, which=st.integers(0, 2), agent=or_none(agents), to=queues)
    def transfer_to_queue(self, state: str, which: int, agent: str | None, to: str) -> None:
        self.run(Transfer(contact=self.held(state, which), agent=agent, to_queue=to))

    @rule(
        contact=contacts,
        agent=agents,
        over_capacity=maybe(),
        not_ready=maybe(),
        not_member=maybe(),
    )
    def assign(self, **fields: Any) -> None:
        self.run(Assign(**fields))

    @rule(contact=contacts, agent=agents, session=or_none(sessions), not_member=maybe())
    def claim(self, **fields: Any) -> None:
        self.run(Claim(**fields))

    @rule(which=st.integers(0, 2), agent=agents, is_supervisor=maybe(), not_member=maybe())
    def take_over(self, which: int, **fields: Any) -> None:
        self.run(TakeOver(contact=self.held("assigned", which), **fields))

    @rule(
        kind=st.sampled_from(["contact", "agent", "queue", "calendar"]),
        which=st.sampled_from([*CONTACTS, *AGENTS, *QUEUES]),
    )
    def repair(self, kind: str, which: str) -> None:
        """Nothing is wrong, whatever has happened."""
        self.run(Repair(kind=kind, id=which))

    @rule(agent=agents, contacts=st.sampled_from(["keep", "requeue"]))
    def log_off(self, **fields: Any) -> None:
        self.run(LogOff(**fields))

    @rule(
        which=st.integers(0, 2),
        supervisor=st.sampled_from(["v1", "v2", "v3", "v4"]),
        mode=st.sampled_from(["listen", "coach", "barge", "stop"]),
    )
    def monitor(self, which: int, **fields: Any) -> None:
        self.run(Monitor(contact=self.held("assigned", which), **fields))

    @rule(
        which=st.integers(0, 2), agent=or_none(agents), wrap_up=st.sampled_from([None, True, False])
    )
    def close(self, which: int, agent: str | None, wrap_up: bool | None) -> None:  # noqa: FBT001
        contact = self.held("assigned", which)
        self.run(Close(contact=contact, agent=agent, disposition="done", wrap_up=wrap_up))

    @rule(which=st.integers(0, 2), agent=or_none(agents))
    def end_wrap_up(self, which: int, agent: str | None) -> None:
        self.run(EndWrapUp(contact=self.held("wrap_up", which), agent=agent))

    @rule(agent=agents, session=sessions, lease_ms=leases, resume=maybe())
    def open_session(self, **fields: Any) -> None:
        self.run(OpenSession(**fields))

    @rule(pairs=st.lists(st.tuples(agents, sessions), max_size=4, unique=True), lease_ms=leases)
    def renew(self, pairs: list[tuple[str, str]], lease_ms: int) -> None:
        self.run(Renew(sessions=pairs, lease_ms=lease_ms))

    @rule(agent=agents, session=sessions)
    def close_session(self, agent: str, session: str) -> None:
        self.run(CloseSession(agent=agent, session=session))

    @rule(
        agent=agents,
        presence=st.sampled_from(["ready", "ready", "not_ready", "offline"]),
        when=st.sampled_from(["now", "idle"]),
        reason=st.sampled_from(["", "lunch"]),
    )
    def set_state(self, **fields: Any) -> None:
        self.run(SetState(**fields))

    @rule()
    def tick(self) -> None:
        self.run(Tick())

    @rule(agent=agents, presence=st.sampled_from(["ready", "not_ready"]))
    def with_a_key(self, agent: str, presence: Any) -> None:
        key = f"key{len(self.keyed)}"
        step = Step(SetState(agent=agent, presence=presence), self.now, key, f"fp-{key}")
        self.give_both(step)
        self.keyed.append(step)

    @precondition(lambda self: self.keyed)
    @rule(which=st.integers(0, 3), other=maybe())
    def with_an_old_key(self, which: int, other: bool) -> None:  # noqa: FBT001
        old = self.keyed[which % len(self.keyed)]
        self.give_both(Step(old.call, self.now, old.key, "another" if other else old.fp_key))

    @rule(now=st.none(), agent=agents)
    def without_an_instant(self, now: None, agent: str) -> None:
        self.give_both(Step(SetState(agent=agent, presence="ready"), now))

    @rule()
    def closed_contacts_are_forgotten(self) -> None:
        known = self.pair.model.contacts.values()
        for contact in sorted(c.id for c in known if c.state == "closed"):
            self.give_both(Forget(contact))


@pytest.mark.timeout(0)
def test_the_engine_does_what_the_model_says(
    client: "redis.Redis", library: Library, new_tenant: Callable[[], str]
) -> None:
    profile = settings(
        max_examples=max(1, STEPS // RUN_STEPS),
        stateful_step_count=RUN_STEPS,
        derandomize="ACD_MODEL_STEPS" not in os.environ,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )

    def machine() -> Machine:
        return Machine(client, library, new_tenant)

    run_state_machine_as_test(machine, settings=profile)  # type: ignore[arg-type]  # makes one
