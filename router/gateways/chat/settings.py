"""The settings of the web chat. Pure."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from queues.settings import Id, IdOrNone


class ChatSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the chat's router is, what its contacts are, and what its customers may do."""

    enabled: bool = True
    tenant: Annotated[IdOrNone, Meta(description='"": the only tenant of the file')] = ""
    origin: Id = "chat"
    channel: Id = "chat"
    routers: Annotated[
        tuple[
            Annotated[
                str,
                Meta(
                    pattern=r"^https?://[^\s]+[^/\s]$(?!\n)",
                    max_length=255,
                    description="https://router.example.com",
                ),
            ],
            ...,
        ],
        Meta(max_length=100, description="none: the one that it runs in"),
    ] = ()
    token: Annotated[str, Meta(max_length=4_096)] = ""
    token_file: Annotated[str, Meta(max_length=1_000)] = ""
    secret: Annotated[str, Meta(max_length=1_000, description="at least 32 bytes")] = ""
    secret_file: Annotated[str, Meta(max_length=1_000)] = ""
    ticket_ttl_ms: Annotated[int, Meta(ge=60_000, le=2_592_000_000)] = 86_400_000
    agent_names: bool = False
    absent_ms: Annotated[int, Meta(ge=1, le=86_400_000)] = 60_000
    place_ms: Annotated[int, Meta(ge=50, le=600_000)] = 5_000
    message_max: Annotated[int, Meta(ge=1, le=4_000, description="characters")] = 2_000
    messages_per_minute: Annotated[int, Meta(ge=1, le=6_000)] = 60
    messages_burst: Annotated[int, Meta(ge=1, le=1_000)] = 10
    starts_per_minute: Annotated[int, Meta(ge=1, le=60_000)] = 30
    trusted_proxies: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=50)], ...],
        Meta(max_length=100, description="networks of proxies in front, as 10.0.0.0/8"),
    ] = ()
    proxy_header: Literal["x-forwarded-for", "forwarded"] = "x-forwarded-for"
    browsers_max: Annotated[int, Meta(ge=1, le=100_000)] = 5_000
    outbox_max: Annotated[int, Meta(ge=1, le=10_000, description="messages")] = 100
    host: Annotated[str, Meta(min_length=1, max_length=255)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535, description="0: any free port")] = 8081
    metrics_port: Annotated[int, Meta(ge=0, le=65_535, description="0: any free port")] = 9465
