"""The typed calls of the transitions that bring queues and presence together, as data. Pure.

A call names its transition and carries its arguments; `router.engine` is the one place that sends
it. Fields are the `args` of the Lua header of the same name, which a test holds them to.
"""

from typing import Any, ClassVar, Literal

import msgspec


class PutTenant(msgspec.Struct, frozen=True, kw_only=True):
    """Creates a tenant or replaces its settings; `simulated` is for life."""

    transition: ClassVar[str] = "put_tenant"
    settings: dict[str, object]
    simulated: bool = False


class PutConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Changes any number of settings in one step, under one version; all of them or none.

    A change is {kind: "tenant" | "calendar" | "queue" | "agent", id, settings}, a calendar's with
    its edges and until, as in `PutCalendar`; or {kind, id, remove: True}.
    With `base` it is refused as stale when another version is current. `file` has what a router's
    file says of objects, {kind, id, settings}, to be remembered; without settings it is forgotten.
    """

    transition: ClassVar[str] = "put_config"
    changes: list[dict[str, Any]]
    base: int | None = None
    note: str = ""
    file: list[dict[str, Any]] | None = None


class Revoke(msgspec.Struct, frozen=True, kw_only=True):
    """Takes tokens back before they end: the one with this `id`, or those of a `subject`.

    Of a subject those that were made up to `before`. It is kept up to `until`, when no such token
    can live any more; `at` is now. All instants are wall ms of who makes and checks tokens.
    """

    transition: ClassVar[str] = "revoke"
    id: str | None = None
    subject: str | None = None
    before: int | None = None
    until: int
    at: int
    reason: str = ""


class PutCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """Makes or replaces a calendar: `edges` are the instants at which it opens and closes in turn.

    All instants are wall ms; the edges are known up to `until`. Always open is one edge long ago.
    With the settings that it has it is known for longer, and no version is made.
    """

    transition: ClassVar[str] = "put_calendar"
    calendar: str
    settings: dict[str, object]
    edges: list[int]
    until: int


class CallBack(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting customer hangs up and is to be called back, now in his turn or at `not_before`."""

    transition: ClassVar[str] = "call_back"
    contact: str
    address: str | None = None
    not_before: int | None = None


class NotReached(msgspec.Struct, frozen=True, kw_only=True):
    """The customer did not answer the call back; the contact comes again, or ends after enough."""

    transition: ClassVar[str] = "not_reached"
    contact: str
    agent: str | None = None
    reason: str | None = None


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """The archive has the journal up to `position`; None: there is no archive any more.

    `unarchived_max` entries are kept at most that it does not have. `contacts` are closed ones that
    it has, with the instants at which they were closed; the answer names those that are let go.
    """

    transition: ClassVar[str] = "archived"
    position: str | None = None
    unarchived_max: int
    contacts: dict[str, int]


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """Makes one thing right that the doctor has found wrong; one that is right is not touched.

    `places` are entries in indexes that named it, as (index, name). A counter is off by `off_by`,
    counted when `mended` counters had been repaired before.
    """

    transition: ClassVar[str] = "repair"
    kind: str
    id: str
    places: tuple[tuple[str, str], ...] = ()
    off_by: int = 0
    mended: int = 0
    reason: str = ""


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """Applies the timers that are due; the answer says when to come again."""

    transition: ClassVar[str] = "tick"


class PutEstimates(msgspec.Struct, frozen=True, kw_only=True):
    """How long places in lines take, as learned: line -> P50 of each place, and P80, in ms."""

    transition: ClassVar[str] = "put_estimates"
    lines: dict[str, list[list[int]]]


class Accept(msgspec.Struct, frozen=True, kw_only=True):
    """The agent takes the contact he was offered; `offer` is the offer's number."""

    transition: ClassVar[str] = "accept"
    contact: str
    offer: int
    agent: str
    session: str | None = None


class Decline(msgspec.Struct, frozen=True, kw_only=True):
    """The agent refuses the offer, or the gateway could not reach him."""

    transition: ClassVar[str] = "decline"
    contact: str
    offer: int
    agent: str
    session: str | None = None
    cause: Literal["declined", "unreachable"] = "declined"
    reason: str = ""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """The owner gives the contact back to its queue, at its place; it is not closed.

    Without `agent`, a supervisor takes it away from its owner.
    """

    transition: ClassVar[str] = "release"
    contact: str
    agent: str | None = None
    reason: str | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """An agent takes a contact that nobody has, by himself; he need not be ready.

    `not_member` is an administrator's word: he need not be a member of the queue.
    """

    transition: ClassVar[str] = "claim"
    contact: str
    agent: str
    session: str | None = None
    not_member: bool = False


class TakeOver(msgspec.Struct, frozen=True, kw_only=True):
    """An agent takes a contact from its owner, as the queue's `take_over` allows.

    `is_supervisor` and `not_member` are what the caller is beyond the agent's own membership.
    """

    transition: ClassVar[str] = "take_over"
    contact: str
    agent: str
    session: str | None = None
    is_supervisor: bool = False
    not_member: bool = False
    reason: str = ""


class Reopen(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that is over goes on, or a new one does for it, under the id `follow_up` if given.

    `record` is the contact's as it was archived, for when the store does not know it any more.
    """

    transition: ClassVar[str] = "reopen"
    contact: str
    who: Literal["customer", "agent", "supervisor"]
    agent: str | None = None
    record: dict[str, Any] | None = None
    follow_up: str | None = None
    reason: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Something was said in the conversation; `id` is the gateway's, and the same again is known.

    An agent's public message is an answer; with `wait` the owner leaves the turn to the customer.
    `follow_up` is the id of a new contact, where what is over goes on in one. `record` is the
    contact's as it was archived, for when the store does not know it any more.
    """

    transition: ClassVar[str] = "report"
    contact: str
    author: Literal["customer", "agent", "system"]
    agent: str | None = None
    visibility: Literal["public", "internal"] = "public"
    text: str | None = None
    attachments: list[str] | None = None
    id: str | None = None
    wait: bool = False
    record: dict[str, Any] | None = None
    follow_up: str | None = None


class Assign(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor puts the contact into an agent's hands, whatever it was doing.

    `not_ready` and `over_capacity` are the verdicts that he may overrule. `not_member` is an
    administrator's word: the agent need not serve the queue.
    """

    transition: ClassVar[str] = "assign"
    contact: str
    agent: str
    over_capacity: bool = False
    not_ready: bool = False
    not_member: bool = False
    reason: str = ""


class LogOff(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor ends all sessions of an agent, who is offline at once."""

    transition: ClassVar[str] = "log_off"
    agent: str
    contacts: Literal["keep", "requeue"] = "keep"
    reason: str = ""


class Monitor(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor listens, coaches, barges in, or stops."""

    transition: ClassVar[str] = "monitor"
    contact: str
    supervisor: str
    mode: Literal["listen", "coach", "barge", "stop"]
    reason: str = ""


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """To an agent who is routable at this instant, or to a queue. Exactly one is given.

    `position` is the place in the queue, instead of the one that the queue's settings say. With
    `if_waiting` the contact goes to a queue only while nobody has it.
    """

    transition: ClassVar[str] = "transfer"
    contact: str
    agent: str | None = None
    to_agent: str | None = None
    to_queue: str | None = None
    position: Literal["keep", "front", "back"] | None = None
    if_waiting: bool = False
    note: str | None = None


class Consult(msgspec.Struct, frozen=True, kw_only=True):
    """The owner asks an agent who can take the contact at this instant to take part in it."""

    transition: ClassVar[str] = "consult"
    contact: str
    agent: str | None = None
    to_agent: str
    note: str | None = None


class CompleteConsult(msgspec.Struct, frozen=True, kw_only=True):
    """Who is consulted has the contact from now on."""

    transition: ClassVar[str] = "complete_consult"
    contact: str
    agent: str | None = None


class LeaveConsult(msgspec.Struct, frozen=True, kw_only=True):
    """Who is consulted leaves, or the owner goes on without him; he may still be rung."""

    transition: ClassVar[str] = "leave_consult"
    contact: str
    agent: str | None = None


class Fork(msgspec.Struct, frozen=True, kw_only=True):
    """A new contact of the same customer comes to another queue, linked with this one.

    `fork` is its id (absent: one is made of the contact's); the same again with the same content
    (`fp`) answers the same. What is left out is as in the contact, but for what it asks of agents.
    """

    transition: ClassVar[str] = "fork"
    contact: str
    agent: str | None = None
    to_queue: str
    fork: str | None = None
    channel: str | None = None
    priority: int | None = None
    requirements: dict[str, int] = {}
    any_of: list[dict[str, int]] | None = None
    subject: str | None = None
    note: str | None = None
    fp: str


class Close(msgspec.Struct, frozen=True, kw_only=True):
    """The work on the contact is done; `disposition` is a code of its queue's catalogue.

    `wrap_up` is the wish of who closes; the queue's mode has the last word. `survey` overrules
    whether the queue asks customers.
    """

    transition: ClassVar[str] = "close"
    contact: str
    agent: str | None = None
    disposition: str | None = None
    resolved: bool | None = None
    reason: str | None = None
    wrap_up: bool | None = None
    survey: bool | None = None


class EndWrapUp(msgspec.Struct, frozen=True, kw_only=True):
    """The agent has finished his after-call work; the slot is free."""

    transition: ClassVar[str] = "end_wrap_up"
    contact: str
    agent: str | None = None
    disposition: str | None = None
    resolved: bool | None = None
