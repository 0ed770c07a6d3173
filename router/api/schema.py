"""Owns the bodies that callers send, with their limits. Pure.

One struct a request; the OpenAPI document, the checks and the bad-input tests are made from these.
A limit stands here or in the settings structs (`queues.settings`, `presence.settings`,
`router.settings`), and nowhere else.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from presence.settings import Level
from queues.settings import DAY_MS, AfterMs, Id, IdOrNone, Lowered, Skills

ATTRIBUTES_BYTES_MAX: Final = 4096

Text = Annotated[str, Meta(max_length=256)]
Integer = Annotated[int, Meta(ge=-(2**53), le=2**53)]
"""What every program can hold, also one that has only floating-point numbers."""

Scalar = Annotated[str, Meta(max_length=1024)] | Integer | float | bool | None
ScalarMap = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=64)], Scalar],
    Meta(max_length=32, description="at most 4096 bytes as JSON; the engine does not look inside"),
]
Instant = Annotated[
    int, Meta(ge=0, le=2**53, description="an instant of the wall clock, in ms since 1970 UTC")
]
Priority = Annotated[int, Meta(ge=0, le=100, description="waiting time credited, in points")]
Tier = Annotated[int, Meta(ge=0, le=100, description="strict priority; a higher one goes first")]
Requirements = Annotated[
    dict[Id, Level], Meta(max_length=20, description="skill -> level the agent must have")
]
Clause = Annotated[
    dict[Id, Level], Meta(min_length=1, max_length=10, description="skill -> level, one is enough")
]
AnyOf = Annotated[
    list[Clause], Meta(max_length=5, description="the agent must meet one alternative of each")
]
Target = Annotated[
    int, Meta(ge=0, le=DAY_MS, description="wait after which it is due, instead of its queue's")
]


Note = Annotated[
    str, Meta(min_length=1, max_length=1024, description="from whoever hands it on, for the next")
]
Code = Annotated[
    Id, Meta(description="why the customer got in touch: a code of the queue's catalogue")
]
Resolved = Annotated[bool, Meta(description="whether that was solved")]


class Relaxation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The contact asks less after a time.

    `requirements` and `any_of` replace what it asks; then `drop` and `lower` take from it.
    """

    after_ms: AfterMs
    requirements: Requirements | None = None
    any_of: AnyOf | None = None
    drop: Skills = ()
    lower: Lowered = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Holds that something is asked less."""
        replaces = self.requirements is not None or self.any_of is not None
        if not (replaces or self.drop or self.lower):
            raise ValueError("at least one of `requirements`, `any_of`, `drop` and `lower`")


Relaxations = Annotated[
    tuple[Relaxation, ...], Meta(max_length=10, description="what is asked less, and when")
]


class AdmitBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A contact, under the id that its gateway gave it.

    Defaults are not encoded, so that a later field leaves the fingerprints of repeats as they are.
    """

    contact: Id
    channel: Id
    queue: Id | None = None
    priority: Priority | None = None
    tier: Tier = 0
    requirements: Requirements = field(default_factory=dict)
    any_of: AnyOf = field(default_factory=list)
    target_ms: Target | None = None
    relax: Relaxations = ()
    address: Text = ""
    subject: Text = ""
    origin: IdOrNone = ""
    customer: Text = ""
    conversation: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=128,
                description="one open contact of the `customer` on the channel for each of these",
            ),
        ]
        | None
    ) = None
    attributes: ScalarMap | None = None
    agents: Annotated[
        list[Id], Meta(max_length=10, description="who shall have it, the preferred one first")
    ] = field(default_factory=list)
    agent_wait_ms: (
        Annotated[int, Meta(ge=0, le=DAY_MS, description="how long to wait for `agents` alone")]
        | None
    ) = None
    backup_queue: Id | None = None
    not_before: Instant | None = None
    callback: bool = False


class CallBackBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the customer is called back, and not before when; left out: in his turn."""

    address: Text | None = None
    not_before: Instant | None = None


class NotReachedBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the customer could not be reached."""

    reason: Text | None = None


class UpdateBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes on a waiting contact; a field left out stays as it is.

    `relax` replaces what it would ask less later; null or an empty list: nothing. `not_before` is
    for scheduled contacts only: an instant that has passed is now.
    """

    priority: Priority | None = None
    tier: Tier | None = None
    requirements: Requirements | None = None
    any_of: AnyOf | None = None
    target_ms: Target | None = None
    relax: Relaxations | UnsetType | None = UNSET
    not_before: Instant | None = None
    reason: Text | None = None
    subject: Text | None = None
    attributes: ScalarMap | None = None


class CancelBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the contact ends without an agent."""

    result: Literal["abandoned", "cancelled"] = "abandoned"
    reason: Text | None = None


class KeepAliveBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Contacts that their gateway still has."""

    contacts: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=1_000)]


class PositionsBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Contacts whose places are asked for at once."""

    contacts: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=200)]


class ReleaseBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contact goes back to its queue, at its place; a supervisor says why he takes it away."""

    reason: Text | None = None


class ClaimBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who takes the contact: an agent for himself; others name him."""

    agent: Id | None = None
    not_member: Annotated[
        bool, Meta(description="though he is no member of the queue; an administrator's word")
    ] = False


class TakeOverBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who takes the contact from its owner, an agent for himself, and why."""

    agent: Id | None = None
    not_member: Annotated[
        bool, Meta(description="though he is no member of the queue; an administrator's word")
    ] = False
    reason: Text = ""


class AssignBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom a supervisor gives the contact, and what he overrules for it."""

    agent: Id
    over_capacity: Annotated[
        bool, Meta(description="though he has no room for it, by slots or capacity")
    ] = False
    not_ready: Annotated[bool, Meta(description="though he is not ready")] = False
    not_member: Annotated[
        bool, Meta(description="though he does not serve the queue; an administrator's word")
    ] = False
    reason: Text = ""


class MonitorBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a supervisor takes part: unheard, heard by the agent, heard by both, or no more."""

    mode: Literal["listen", "coach", "barge", "stop"]
    reason: Text = ""


class LogOffBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of the contacts of an agent who is logged off, and why he is."""

    contacts: Annotated[
        Literal["keep", "requeue"],
        Meta(description="keep: they wait for him for the grace time; requeue: back at once"),
    ] = "keep"
    reason: Text = ""


class TransferBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the contact goes: to an agent or to a queue."""

    to_agent: Id | None = None
    to_queue: Id | None = None
    position: Literal["keep", "front", "back"] | None = None
    if_waiting: Annotated[bool, Meta(description="only while nobody has it")] = False
    note: Note | None = None

    def __post_init__(self) -> None:
        """Holds that exactly one target is named, and a place in queues only."""
        if (self.to_agent is None) == (self.to_queue is None):
            raise ValueError("exactly one of `to_agent` and `to_queue`")
        if self.position is not None and self.to_queue is None:
            raise ValueError("`position` with `to_queue` only")
        if self.if_waiting and self.to_queue is None:
            raise ValueError("`if_waiting` with `to_queue` only")


class CloseBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the contact ended."""

    disposition: Code | None = None
    resolved: Resolved | None = None
    reason: Text | None = None
    wrap_up: (
        Annotated[bool, Meta(description="whether to write it up; left out: as the queue says")]
        | None
    ) = None
    survey: (
        Annotated[
            bool, Meta(description="whether to ask the customer; left out: as the queue says")
        ]
        | None
    ) = None


class EndWrapUpBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the agent found out after the contact ended."""

    disposition: Code | None = None
    resolved: Resolved | None = None


class AcceptBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway names the agent who answered; an agent answers for himself."""

    agent: Id | None = None


class DeclineBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the offer was not taken; a gateway names the agent, and may say he was unreachable."""

    agent: Id | None = None
    cause: Literal["declined", "unreachable"] = "declined"
    reason: Text = ""


class StateBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the agent declares himself to be, at once or when his work is done."""

    presence: Literal["ready", "not_ready", "offline"]
    reason: Text = ""
    when: Literal["now", "idle"] = "now"


class RollbackBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version whose settings are to be there again, on top of the one that is there now."""

    version: Annotated[int, Meta(ge=1, le=2**53)]
    base: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    note: Annotated[str, Meta(max_length=500)] = ""


class OfferReply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A pending offer of the contact; `deadline` in the tenant's milliseconds."""

    n: int
    agent: str
    deadline: int


class CommandReply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a command did: the contact's state, its pending offers, the journal's position after it.

    `now` is the tenant's clock in milliseconds. `unreachable` tells that it waits where no agent
    could ever serve it. `repeated` tells that this answers a repeat and nothing changed. `version`
    and `hash` belong to configuration; `contacts_gone`, to `keep_alive`, names contacts that are
    unknown or over; `fork` is the id of the new contact that the rest is about, `contact` that of
    the one that a report or a reopening went on in, or that an admission `attached` to.
    """

    outcome: str
    now: int | None = None
    position: str | None = None
    repeated: bool = False
    state: str | None = None
    unreachable: bool = False
    offers: list[OfferReply] = []
    version: int | None = None
    contacts_gone: list[str] = []
    fork: str | None = None
    contact: str | None = None
    attached: bool = False
    hash: str | None = None


JsonObject = dict[str, Any]
encode_text = msgspec.json.Encoder(order="deterministic").encode
