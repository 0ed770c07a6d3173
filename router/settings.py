"""The settings of a tenant: limits, leases, channels and intake rules; what does not fit. Pure.

The same struct reads the configuration file and the body of a PUT: what one refuses, so does
the other. All durations are whole milliseconds, as their names say.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from queues.settings import DAY_MS, Id, IdOrNone, Unfit

CHANNELS = ("voice", "chat", "email", "task")
USUAL_REASONS = ("break", "lunch", "meeting", "training", "paperwork", "personal")
"""For not ready, where the tenant lists none; the pages have words for them."""
OWN_REASONS = ("declines", "disconnected", "login", "no_answer", "unreachable")
"""Those of the engine itself."""
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
    """What a contact of a channel takes from its agent: capacity, other work, being asked."""

    cost: Annotated[int, Meta(ge=0, le=1_000, description="units of capacity per contact")] = 1
    exclusive: Annotated[
        bool,
        Meta(description="whether its agent holds nothing else but what it interrupts"),
    ] = False
    interrupts: Annotated[
        tuple[Id, ...],
        Meta(
            max_length=50, description="channels whose work does not count when it looks for room"
        ),
    ] = ()
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
    held_max_ms: Annotated[
        int,
        Meta(ge=1_000, le=400 * DAY_MS, description="how long a contact is held for its queue"),
    ] = 2_592_000_000
    max_misses: Annotated[
        int,
        Meta(ge=1, le=100, description="offers missed in a row that make an agent not_ready"),
    ] = 2
    max_declines: Annotated[
        int,
        Meta(ge=0, le=100, description="offers declined in a row that do so; 0: any number"),
    ] = 0
    max_unreachable: Annotated[
        int,
        Meta(ge=0, le=100, description="offers in a row that did not reach him; 0: any number"),
    ] = 3
    return_ms: Annotated[
        int,
        Meta(ge=0, le=DAY_MS, description="he is ready again after this; 0: when he says so"),
    ] = 0
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
    not_ready_reasons: Annotated[
        dict[Id, Annotated[str, Meta(max_length=60)]],
        Meta(max_length=50, description="why an agent may be not ready: id -> name; empty: any"),
    ] = field(default_factory=dict)
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


def unfit_tenant(settings: TenantSettings) -> Iterator[Unfit]:
    """The values, each right by itself, that can not be."""
    yield from _unfit_channels(settings.channels)
    for reason in settings.not_ready_reasons:
        if reason in OWN_REASONS:
            expected = f"no reason of the engine's own: {', '.join(OWN_REASONS)}"
            yield Unfit(("not_ready_reasons", reason), reason, expected)


def _unfit_channels(channels: Mapping[str, ChannelSettings]) -> Iterator[Unfit]:
    """What channels say of each other that can not be: unknown ones, and circles."""
    for name, settings in channels.items():
        path = ("channels", name, "interrupts")
        for other in settings.interrupts:
            if other not in channels:
                known = ", ".join(sorted(channels))
                yield Unfit(path, other, f"a channel of this tenant: {known}")
            elif name in _interrupted_by(other, channels):
                yield Unfit(path, other, f"no circle: {other} interrupts {name} in turn")


def _interrupted_by(name: str, channels: Mapping[str, ChannelSettings]) -> set[str]:
    """The channel itself, and all that it interrupts, at once or through others."""
    found, ahead = {name}, [name]
    while ahead:
        known = channels.get(ahead.pop())
        fresh = set(known.interrupts if known else ()) - found
        found |= fresh
        ahead += fresh
    return found
