"""Owns the parameters of questions about the past, with their limits. Pure."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from queues.settings import DAY_MS

Position = Annotated[
    str, Meta(max_length=64, description="the archive must have it: the answer waits for that")
]
Cursor = Annotated[str, Meta(max_length=128, description="where the last page ended")]


class TimelineQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of a contact's timeline, and for whose eyes."""

    view: Annotated[
        Literal["all", "customer"], Meta(description="customer: what its customer may see")
    ] = "all"
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200
    cursor: Cursor | None = None
    after: Position | None = None


class HistoryQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose earlier contacts: a customer's, or those from an address."""

    customer: Annotated[str, Meta(min_length=1, max_length=256)] | None = None
    address: Annotated[str, Meta(min_length=1, max_length=256)] | None = None
    hidden: Annotated[bool, Meta(description="hidden ones too; for administrators")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Cursor | None = None
    after: Position | None = None

    def __post_init__(self) -> None:
        """Holds that one of the two is named."""
        if (self.customer is None) == (self.address is None):
            raise ValueError("exactly one of `customer` and `address`")


Instant = Annotated[int, Meta(ge=0, le=2**53, description="the tenant's clock, ms since 1970 UTC")]


class ReportQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to count, over which time, in intervals of what length."""

    interval: Literal["15m", "30m", "hour", "day"]
    by: Literal["queue", "agent", "disposition"]
    from_: Instant = field(name="from")
    to: Instant
    time_zone: Annotated[str, Meta(max_length=64, description="whose days they are")] = "UTC"
    service_level_ms: Annotated[int, Meta(ge=0, le=DAY_MS)] = 20_000
    short_abandon_ms: Annotated[
        int, Meta(ge=0, le=DAY_MS, description="who leaves earlier counts as a short abandon")
    ] = 0
    format: Literal["json", "csv"] = "json"
    after: Position | None = None
