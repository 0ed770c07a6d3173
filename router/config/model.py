"""The settings of an installation: names, ranges and defaults. Pure.

`config.toml` at the project's root explains each of them; the settings of tenants, queues and
agents stand with their owners, in the `settings` module of each package.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from presence.settings import AgentDefinition
from queues.settings import Id, QueueSettings
from router.calendars import CalendarSettings
from router.gateways.chat.settings import ChatSettings
from router.settings import TenantSettings

Port = Annotated[int, Meta(ge=0, le=65_535, description="0: any free port")]
Host = Annotated[str, Meta(min_length=1, max_length=255, description="a name or an IP address")]


Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$(?!\n)", max_length=255)]


class StoreConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the state lives, and how sure an answer is that it is there."""

    url: Annotated[
        str,
        Meta(
            pattern=r"^(embedded|rediss?|unix|rediss?\+(sentinel|cluster))://",
            description=(
                "embedded://, redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://"
            ),
        ),
    ] = "embedded://"
    data_dir: Annotated[str, Meta(min_length=1, max_length=1_000)] = "var/store"
    server: Annotated[str, Meta(max_length=1_000)] = ""
    driver: Literal["redis", "asyncio-redis"] = "redis"
    connect_timeout_ms: Annotated[int, Meta(ge=10, le=60_000)] = 1_000
    call_timeout_ms: Annotated[int, Meta(ge=10, le=60_000)] = 2_000
    replicas: Annotated[
        int,
        Meta(ge=0, le=5, description="copies that must hold a change before it is answered"),
    ] = 0
    replicas_timeout_ms: Annotated[int, Meta(ge=1, le=10_000)] = 200


HiddenDays = Annotated[int, Meta(ge=1, le=36_500)]
PurgeDays = Annotated[int, Meta(ge=0, le=36_500, description="0: never")]


class KeepConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long one tenant's closed contacts are shown and kept; what is not said is as for all."""

    hidden_after_days: HiddenDays | None = None
    purge_after_days: PurgeDays | None = None


class ArchiveConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where contacts are kept for long, and how the journal is brought there."""

    enabled: bool = True
    url: Annotated[
        str,
        Meta(
            pattern=r"^$|^sqlite:///.|^postgresql://.",
            max_length=1_000,
            description='"" (a file in store.data_dir), sqlite:///path or postgresql://…',
        ),
    ] = ""
    batch_max: Annotated[int, Meta(ge=1, le=10_000)] = 1_000
    flush_ms: Annotated[int, Meta(ge=1, le=60_000)] = 200
    sweep_ms: Annotated[int, Meta(ge=100, le=600_000)] = 5_000
    lag_alarm_ms: Annotated[int, Meta(ge=1_000, le=86_400_000)] = 60_000
    closed_keep_ms: Annotated[int, Meta(ge=0, le=2_592_000_000)] = 86_400_000
    journal_unarchived_max: Annotated[int, Meta(ge=1_000, le=100_000_000)] = 1_000_000
    hidden_after_days: HiddenDays = 90
    purge_after_days: PurgeDays = 365
    tenants: Annotated[
        dict[Id, KeepConfig],
        Meta(max_length=1_000, description="tenant id -> how long its contacts are kept"),
    ] = field(default_factory=dict)


class HttpConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address of gateways and desktops, and what one request may be."""

    host: Host = "127.0.0.1"
    port: Port = 8080
    body_max_bytes: Annotated[int, Meta(ge=1_024, le=10_485_760)] = 65_536
    connections_max: Annotated[int, Meta(ge=1, le=1_000_000)] = 20_000
    requests_per_s_max: Annotated[int, Meta(ge=1, le=1_000_000)] = 5_000
    requests_burst_max: Annotated[int, Meta(ge=1, le=1_000_000)] = 10_000
    origins: Annotated[
        tuple[Origin, ...],
        Meta(max_length=100, description="other web origins whose pages may connect"),
    ] = ()


class PagesConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pages that the router serves on the address of [http]."""

    enabled: bool = True
    embed_origins: Annotated[
        tuple[Origin, ...],
        Meta(max_length=100, description="web origins that may show the customer's page in theirs"),
    ] = ()


class SocketConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one WebSocket may hold and how it is kept alive."""

    hello_timeout_ms: Annotated[int, Meta(ge=100, le=60_000)] = 10_000
    ping_ms: Annotated[int, Meta(ge=100, le=120_000)] = 4_000
    message_max_bytes: Annotated[int, Meta(ge=1_024, le=1_048_576)] = 16_384
    commands_per_s_max: Annotated[int, Meta(ge=1, le=1_000_000)] = 500
    commands_burst_max: Annotated[int, Meta(ge=1, le=1_000_000)] = 1_000
    outbox_max_bytes: Annotated[int, Meta(ge=4_096, le=67_108_864)] = 262_144


class MetricsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The address of /metrics: its own, so that it need not be where the gateways are."""

    host: Host = "127.0.0.1"
    port: Port = 9464
    service_level_ms: Annotated[
        int,
        Meta(ge=100, le=3_600_000, description="a wait up to this counts as in time"),
    ] = 20_000


class DoctorConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the whole state is looked at for what breaks a promise."""

    every_ms: Annotated[
        int,
        Meta(ge=0, le=86_400_000, description="about so often, on each router; 0: never"),
    ] = 3_600_000


class AuthKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key that tokens are checked with: exactly one of the three is given."""

    secret: Annotated[str, Meta(max_length=1_000)] = ""
    secret_file: Annotated[str, Meta(max_length=1_000)] = ""
    public_key_file: Annotated[str, Meta(max_length=1_000)] = ""


class AuthConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may speak: the keys that tokens are checked with, and what tokens must say."""

    issuer: Annotated[str, Meta(max_length=255)] = ""
    token_ttl_ms: Annotated[int, Meta(ge=1_000, le=86_400_000)] = 3_600_000
    keys: Annotated[
        dict[Id, AuthKey],
        Meta(max_length=10, description="key id -> key; the first secret signs"),
    ] = field(default_factory=dict)


class LogConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is logged, and how."""

    format: Literal["auto", "console", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class StopConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service ends."""

    drain_ms: Annotated[int, Meta(ge=0, le=600_000)] = 5_000


class TenantConfig(TenantSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tenant's settings, with the queues and agents that the file gives it."""

    calendars: Annotated[
        dict[Id, CalendarSettings],
        Meta(max_length=1_000, description="calendar id -> hours"),
    ] = field(default_factory=dict)
    queues: Annotated[
        dict[Id, QueueSettings],
        Meta(max_length=5_000, description="queue id -> settings"),
    ] = field(default_factory=dict)
    agents: Annotated[
        dict[Id, AgentDefinition],
        Meta(max_length=20_000, description="agent id -> definition"),
    ] = field(default_factory=dict)

    def settings(self) -> TenantSettings:
        """The tenant's own settings, without its queues and agents."""
        names = TenantSettings.__struct_fields__
        own: dict[str, Any] = {name: getattr(self, name) for name in names}
        return TenantSettings(**own)


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole configuration file."""

    store: StoreConfig = field(default_factory=StoreConfig)
    archive: ArchiveConfig = field(default_factory=ArchiveConfig)
    http: HttpConfig = field(default_factory=HttpConfig)
    chat: ChatSettings = field(default_factory=ChatSettings)
    pages: PagesConfig = field(default_factory=PagesConfig)
    socket: SocketConfig = field(default_factory=SocketConfig)
    metrics: MetricsConfig = field(default_factory=MetricsConfig)
    doctor: DoctorConfig = field(default_factory=DoctorConfig)
    auth: AuthConfig = field(default_factory=AuthConfig)
    log: LogConfig = field(default_factory=LogConfig)
    stop: StopConfig = field(default_factory=StopConfig)
    tenants: Annotated[
        dict[Id, TenantConfig],
        Meta(max_length=1_000, description="tenant id -> settings, queues and agents"),
    ] = field(default_factory=dict)
