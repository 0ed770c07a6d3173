"""The definition of an agent: memberships, skills, slots and capacity. Pure.

The same struct reads the configuration file and the body of a PUT: what one refuses, so does
the other.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Id = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.:-]{1,64}$(?!\n)",
        description="1 to 64 of: letters, digits, and _ . : -",
    ),
]
DAY_MS = 86_400_000
Level = Annotated[int, Meta(ge=1, le=100, description="1 (least) to 100 (most)")]
Slots = Annotated[int, Meta(ge=0, le=100, description="contacts of this channel at once")]


class Membership(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent is in one queue: only the role `agent` is offered its contacts."""

    role: Literal["agent", "supervisor"] = "agent"
    level: Level = 50
    weight: Annotated[
        int, Meta(ge=1, le=100, description="his share where the queue calls at random")
    ] = 1
    credit_ms: Annotated[
        int,
        Meta(
            ge=-DAY_MS, le=DAY_MS, description="how much earlier he sees the queue's contacts due"
        ),
    ] = 0
    notify: Annotated[
        bool, Meta(description="his desktops are told of the queue's contacts without asking")
    ] = False


class AgentDefinition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who an agent is to the engine: where he serves, what he can, how much at once."""

    name: Annotated[str, Meta(max_length=100, description="display name")] = ""
    memberships: Annotated[
        dict[Id, Membership],
        Meta(max_length=200, description="queue id -> role and level there"),
    ] = field(default_factory=dict)
    skills: Annotated[
        dict[Id, Level],
        Meta(max_length=200, description="skill -> level"),
    ] = field(default_factory=dict)
    slots: Annotated[
        dict[Id, Slots],
        Meta(max_length=50, description="channel -> contacts at once; absent: none"),
    ] = field(default_factory=dict)
    capacity: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000,
            description="units of work at once, over all channels, at each channel's cost",
        ),
    ] = 100
