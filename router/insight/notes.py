"""What a reader of a replay has to know about its recording: flaws and how they were met. Pure."""

from collections.abc import Iterable

import msgspec

from router.insight.bank import DAY_S, Ending, RecordedCall
from router.insight.shifts import Staffing


class Notes(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of what was left out, inferred or not known."""

    phantoms: int
    unnamed_servers: int
    untimed_services: int
    hung_up_at_once: int
    unknown_customers: int
    past_midnight: int
    agents: int
    breaks: int


SENTENCES = {
    "phantoms": "phantom calls, ignored",
    "unnamed_servers": "served by nobody named: any agent of their type takes them, or a stand-in",
    "untimed_services": "served without a recorded service: it takes no time",
    "hung_up_at_once": "hung up without waiting: they come and go at one instant, abandoned",
    "unknown_customers": "of customers not known, admitted without one",
    "past_midnight": "with events after midnight, counted to the day they began on",
    "agents": "agents (an agent's day counts once), with memberships of the types they served",
    "breaks": "breaks of theirs, inferred: the recording has services, not presence",
}


def notes_on(calls: Iterable[RecordedCall], staff: Staffing) -> Notes:
    """The counts of one day."""
    real = [call for call in calls if call.ending is not Ending.PHANTOM]
    served = [call for call in real if call.ending is Ending.SERVED]
    gone = [call for call in real if call.ending is Ending.HUNG_UP]
    return Notes(
        phantoms=sum(call.ending is Ending.PHANTOM for call in calls),
        unnamed_servers=sum(call.server is None for call in served),
        untimed_services=sum(call.served_at is None for call in served),
        hung_up_at_once=sum(call.waited == 0 for call in gone),
        unknown_customers=sum(not call.customer for call in real),
        past_midnight=sum(call.arrived + call.waited + call.service >= DAY_S for call in real),
        agents=len(staff.shifts),
        breaks=sum(len(shift.ready) - 1 for shift in staff.shifts),
    )


def total(notes: Iterable[Notes]) -> Notes:
    """The counts of several days together."""
    rows = [msgspec.structs.astuple(one) for one in notes]
    return Notes(
        **dict(zip(Notes.__struct_fields__, map(sum, zip(*rows, strict=True)), strict=True))
    )
