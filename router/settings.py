"""The settings of a tenant: limits, leases, channel costs and intake rules. Pure.

The same struct reads the configuration file and the body of a PUT: what one refuses, so does
the other. All durations are whole milliseconds, as their names say.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from queues.settings import DAY_MS, Id, IdOrNone

CHANNELS = ("voice", "chat", "email", "task")
IntakeField = Literal[
    "queue",
    "address",
    "subject",
    "origin",
    "customer",
    "attributes",
    "priority",
]


class ChannelSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one contact of a channel takes from its agent's capacity, and whether he is asked."""

    cost: Annotated[int, Meta(ge=0, le=1_000, description="units of capacity per contact")] = 1
    auto_accept: Annotated[
        bool,
        Meta(description="an offer is accepted as it is made; a transfer's is not"),
    ] = False


class SubjectSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a contact's subject decides."""

    queue: Annotated[
        IdOrNone, Meta(description='queue of contacts that name none; "": the default queue')
    ] = ""
    priority: (
        Annotated[int, Meta(ge=0, le=100, description="priority of contacts that bring none")]
        | None
    ) = None
    origins: Annotated[
        tuple[Id, ...],
        Meta(max_length=50, description="origins that may use it; empty: every origin"),
    ] = ()


class IntakeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a contact of one origin must bring to be admitted, and how long it lives untold."""

    required: Annotated[
        tuple[IntakeField, ...],
        Meta(max_length=7, description="fields that must be present and not empty"),
    ] = ()
    external: Annotated[
        bool, Meta(description="made by customers: only queues with `external` take them")
    ] = False
    listed_subjects: Annotated[
        bool, Meta(description="a subject must be one of the tenant's catalogue")
    ] = False
    lease_ms: Annotated[
        int,
        Meta(
            ge=0,
            le=DAY_MS,
            description="a contact that is not kept alive for this long has left; 0: no lease",
        ),
    ] = 0


class TenantSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits and times of one tenant."""

    grace_ms: Annotated[
        int,
        Meta(ge=0, le=DAY_MS, description="how long assigned contacts wait for a vanished agent"),
    ] = 60_000
    max_misses: Annotated[
        int,
        Meta(ge=1, le=100, description="offers missed in a row that make an agent not_ready"),
    ] = 2
    wrap_up_max_ms: Annotated[
        int,
        Meta(ge=1_000, le=DAY_MS, description="no wrap-up is longer; a forced one ends then"),
    ] = 14_400_000
    line_idle_ms: Annotated[
        int,
        Meta(ge=1_000, le=DAY_MS, description="an empty line with requirements is kept this long"),
    ] = 600_000
    closed_ttl_ms: Annotated[
        int,
        Meta(ge=1_000, le=90 * DAY_MS, description="a closed contact can be read this long"),
    ] = DAY_MS
    journal_max: Annotated[
        int,
        Meta(ge=1_000, le=100_000_000, description="entries kept in the journal"),
    ] = 100_000
    config_history: Annotated[
        int,
        Meta(ge=1, le=1_000, description="versions of the configuration that can be gone back to"),
    ] = 100
    line_max: Annotated[
        int,
        Meta(
            ge=1, le=100_000, description="lines with requirements that one queue may have at once"
        ),
    ] = 1_000
    max_sessions: Annotated[
        int,
        Meta(ge=1, le=100, description="desktops one agent may have connected at once"),
    ] = 8
    lease_ms: Annotated[
        int,
        Meta(ge=500, le=600_000, description="a silent desktop counts as connected this long"),
    ] = 10_000
    default_queue: Id = "general"
    default_subject: Annotated[
        str,
        Meta(max_length=500, description="subject of contacts that bring none"),
    ] = ""
    channels: Annotated[
        dict[Id, ChannelSettings],
        Meta(
            min_length=1,
            max_length=50,
            description="the tenant's channels -> what they ask of agents",
        ),
    ] = field(default_factory=lambda: dict.fromkeys(CHANNELS, ChannelSettings()))
    subjects: Annotated[
        dict[Annotated[str, Meta(min_length=1, max_length=256)], SubjectSettings],
        Meta(max_length=1_000, description="the catalogue: subject -> what it decides"),
    ] = field(default_factory=dict)
    intake: Annotated[
        dict[Id, IntakeSettings],
        Meta(max_length=100, description="origin -> what its contacts must bring"),
    ] = field(default_factory=dict)
