"""Drives one recorded day through the engine, in virtual time, by the production transitions.

The recording says when calls come, how long they are served, when customers give up and when
agents are there; the engine decides who serves whom and when. Events at the same instant are sent
in the order of `Step`: a service that ends makes room before the next call comes, and a customer
leaves only after that.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from typing import Any

import msgspec

from presence.calls import CloseSession, OpenSession, PutAgent, SetState
from queues.calls import Admit, Cancel, PutQueue
from queues.settings import QueueSettings
from router.calls import Accept, Close, EndWrapUp, PutTenant, Tick
from router.engine.engine import Call
from router.engine.reply import Reply
from router.insight.bank import TYPES, Ending, RecordedCall, midnight_ms
from router.insight.figures import Tally
from router.insight.shifts import TURNAROUND_S, Staffing
from router.insight.watch import Checks, Event, Sample, Watch
from router.settings import TenantSettings

CHANNEL = "voice"
CREDIT_MS = 90_000  # of waiting time, for each priority customer, as the bank gave it
PRIORITY = 2  # the recorded priority that earns it; 0 and 1 are regular
WRAP_UP_MAX_MS = 3_600_000
LEASE_MS = 3 * 86_400_000

DESK = "desk"

# Sends one call at an instant of the tenant's clock; its reply has the events in it.
Send = Callable[[Call, int], Awaitable[Reply]]


class EngineDisagrees(Exception):
    """The engine refused what the day's own events had led to: a bug."""


class Step(IntEnum):
    """What the recording makes happen, in the order in which one instant is played."""

    SERVICE_OVER = 0
    WRAP_UP_OVER = 1
    READY = 2
    ARRIVAL = 3
    BREAK = 4
    SHIFT_OVER = 5
    HANG_UP = 6


class DayResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a day: ends and waits by queue, the checks, the course of the day."""

    tallies: dict[str, Tally]
    checks: Checks
    samples: list[Sample]
    transitions: int


class Day:
    """One day's run; for one use."""

    def __init__(self, calls: list[RecordedCall], staff: Staffing, send: Send) -> None:
        self._calls = {call.id: call for call in calls if call.ending is not Ending.PHANTOM}
        self._staff = staff
        self._send = send
        self._agenda: list[tuple[int, Step, int, str]] = []
        self._sequence = count()
        self._now = self._midnight = midnight_ms(calls[0].date)
        self._next_timer: int | None = None
        self._transitions = 0
        self._owners: dict[str, str] = {}
        self._ended: set[str] = set()
        self._tallies = {call.queue: Tally() for call in self._calls.values()}
        self._watch = Watch({shift.server: shift.queues for shift in staff.shifts})

    async def run(self, advance: Callable[[], None]) -> DayResult:
        """Plays the day to its end; `advance` is called for each call that has arrived."""
        await self._open()
        self._plan()
        while self._agenda:
            at, step, _, subject = heappop(self._agenda)
            await self._pass_time(at)
            await self._play(step, subject)
            if step is Step.ARRIVAL:
                advance()
        for contact in self._calls.keys() - self._ended:
            await self._do(Cancel(contact=contact, result="cancelled", reason="nobody_left"))
        return DayResult(
            tallies=self._tallies,
            checks=self._watch.checks(),
            samples=self._watch.samples,
            transitions=self._transitions,
        )

    async def _open(self) -> None:
        await self._do(PutTenant(settings=tenant_settings(), simulated=True))
        for queue in TYPES:
            await self._do(PutQueue(queue=queue, settings=queue_settings()))
        for shift in self._staff.shifts:
            memberships: dict[str, dict[str, object]] = {q: {} for q in sorted(shift.queues)}
            agent = PutAgent(
                agent=shift.server,
                name=shift.server.title(),
                memberships=memberships,
                slots={CHANNEL: 1},
                capacity=1,
            )
            await self._do(agent)
            await self._do(OpenSession(agent=shift.server, session=DESK, lease_ms=LEASE_MS))

    def _plan(self) -> None:
        for call in self._calls.values():
            self._at(call.arrived, Step.ARRIVAL, call.id)
            if call.ending is Ending.HUNG_UP:
                self._at(call.arrived + call.waited, Step.HANG_UP, call.id)
        for shift in self._staff.shifts:
            for since, until in shift.ready:
                self._at(since, Step.READY, shift.server)
                is_last = until == shift.ready[-1][1]
                self._at(until, Step.SHIFT_OVER if is_last else Step.BREAK, shift.server)

    def _at(self, second: int, step: Step, subject: str) -> None:
        self._schedule(self._midnight + second * 1000, step, subject)

    def _schedule(self, at_ms: int, step: Step, subject: str) -> None:
        heappush(self._agenda, (at_ms, step, next(self._sequence), subject))

    async def _pass_time(self, until: int) -> None:
        """Ticks at each instant on the way at which a timer of the tenant is due."""
        while self._next_timer is not None and self._next_timer < until:
            self._now = max(self._now, self._next_timer)
            await self._do(Tick())
        self._now = max(self._now, until)

    async def _play(self, step: Step, subject: str) -> None:
        match step:
            case Step.ARRIVAL:
                await self._do(admission(self._calls[subject]))
            case Step.HANG_UP:
                if subject not in self._owners:
                    await self._do(Cancel(contact=subject, reason="hung_up"))
            case Step.SERVICE_OVER:
                await self._do(Close(contact=subject, agent=self._owners[subject]))
            case Step.WRAP_UP_OVER:
                await self._do(EndWrapUp(contact=subject, agent=self._owners[subject]))
            case Step.READY:
                await self._do(SetState(agent=subject, presence="ready"))
            case Step.BREAK:
                pause = SetState(agent=subject, presence="not_ready", reason="break", when="idle")
                await self._do(pause)
            case Step.SHIFT_OVER:
                await self._do(SetState(agent=subject, presence="offline", when="idle"))

    async def _do(self, call: Call) -> None:
        """Sends the call, and then what people do at once about what it brought."""
        pending = deque([call])
        while pending:
            call = pending.popleft()
            reply = await self._send(call, self._now)
            self._transitions += 1
            if not reply.is_ok or reply.now != self._now:
                raise EngineDisagrees(f"at {self._now}: {call} was answered {reply}")
            self._next_timer = reply.next
            for event in reply.events:
                self._watch.see(event)
                pending.extend(self._react(event))
            self._watch.settle(self._now)

    def _react(self, event: Event) -> list[Call]:
        """Notes the event; answers what follows from it at this same instant."""
        match event["e"]:
            case "offer.made" if not self._is_leaving(event["contact"]):
                contact, agent = event["contact"], event["agent"]
                return [Accept(contact=contact, offer=event["offer"], agent=agent, session=DESK)]
            case "offer.accepted":
                self._accepted(event)
            case "contact.wrap_up":
                rest = self._staff.after_call.get(event["contact"], TURNAROUND_S)
                over = self._now + rest * 1000
                self._schedule(over, Step.WRAP_UP_OVER, event["contact"])
            case "contact.closed":
                self._closed(event)
            case "agent.state" if event["presence"] == "offline":
                return [CloseSession(agent=event["agent"], session=DESK, reason="shift_over")]
        return []

    def _is_leaving(self, contact: str) -> bool:
        """The customer is gone before anybody can answer: he hangs up as he comes."""
        call = self._calls[contact]
        return call.ending is Ending.HUNG_UP and call.waited == 0

    def _accepted(self, event: Event) -> None:
        """The service begins, and takes as long as it was recorded to take."""
        call = self._calls[event["contact"]]
        self._owners[call.id] = event["agent"]
        self._tallies[call.queue].answered_ms.append(event["wait_ms"])
        self._schedule(self._now + call.service * 1000, Step.SERVICE_OVER, call.id)

    def _closed(self, event: Event) -> None:
        self._ended.add(event["contact"])
        tally = self._tallies[event["queue"]]
        if event["result"] == "abandoned":
            tally.abandoned_ms.append(event["wait_ms"])
        elif event["result"] == "cancelled":
            tally.unserved += 1


def admission(call: RecordedCall) -> Admit:
    """A recorded call as a contact: its type is its queue; priority customers have priority 1."""
    return Admit(
        contact=call.id,
        queue=call.queue,
        channel=CHANNEL,
        priority=1 if call.priority == PRIORITY else 0,
        origin="replay",
        customer=call.customer,
        fp=call.id,
    )


def tenant_settings() -> dict[str, Any]:
    """Closed contacts are kept for an hour only: a replayed day is looked at by its events."""
    settings = TenantSettings(closed_ttl_ms=3_600_000, default_queue=TYPES[0])
    return msgspec.structs.asdict(settings)


def queue_settings() -> dict[str, Any]:
    """The same for every type: one target, so that all queues share one scale of due times."""
    settings = QueueSettings(priority_credit_ms=CREDIT_MS, wrap_up_ms=WRAP_UP_MAX_MS)
    return msgspec.structs.asdict(settings)
