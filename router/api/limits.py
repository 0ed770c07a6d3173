"""Owns the limits of the edges, and what a question costs of them. Pure."""

from typing import Any, Final

import msgspec

RECORDS_PER_COST: Final = 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The edges' limits, with their units in their names."""

    body_max_bytes: int = 65_536
    message_max_bytes: int = 16_384
    outbox_max_bytes: int = 262_144
    hello_timeout_ms: int = 10_000
    ping_ms: int = 4_000
    requests_per_s_max: int = 5_000
    requests_burst_max: int = 10_000
    commands_per_s_max: int = 500
    commands_burst_max: int = 1_000


def extra_cost(asked: Any) -> float:
    """What a question costs beyond the 1 of any request: by how many records it asks for."""
    return float(getattr(asked, "limit", 0)) / RECORDS_PER_COST
