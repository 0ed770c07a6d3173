"""Owns the parameters of paths and of questions, with their limits. Pure."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from queues.settings import Id

Names = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.:-]{1,64}(,[A-Za-z0-9_.:-]{1,64}){0,99}$(?!\n)",
        description="ids with commas, at most 100",
    ),
]


class SubjectQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose subjects to list: those that contacts of one origin may have."""

    origin: Id | None = None


class ContactQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which live contacts to list."""

    queue: Id | None = None
    state: (
        Literal["scheduled", "held", "queued", "offered", "assigned", "waiting_customer", "wrap_up"]
        | None
    ) = None
    owner: (
        Annotated[Id, Meta(description="who has it or is offered it: an agent's id, or `me`")]
        | None
    ) = None
    origin: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class AgentQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which agents to list, and from where."""

    queue: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class VersionsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many versions to list, and from where: those below one of them."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    below: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    fields: Annotated[
        bool, Meta(description="each setting, old and new; at most 10 versions at once")
    ] = False


class LimitQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many candidates to explain."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 20


class LinesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of an agent's lines to explain."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class NoQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No parameters."""


class ContactPath(Struct, frozen=True, kw_only=True):
    """The contact in the path."""

    contact: Id


class OfferPath(Struct, frozen=True, kw_only=True):
    """The contact and the offer's number in the path."""

    contact: Id
    offer: Annotated[int, Meta(ge=1, le=2**31)]


class AgentPath(Struct, frozen=True, kw_only=True):
    """The agent in the path."""

    agent: Id


class QueuePath(Struct, frozen=True, kw_only=True):
    """The queue in the path."""

    queue: Id


class CalendarPath(Struct, frozen=True, kw_only=True):
    """The calendar in the path."""

    calendar: Id


class NoPath(Struct, frozen=True, kw_only=True):
    """No variable part."""
