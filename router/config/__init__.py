"""Owns the configuration: its settings, how it is read, and what is refused."""

from router.config.load import Loaded, load, read
from router.config.model import (
    ArchiveConfig,
    AuthConfig,
    AuthKey,
    Config,
    HttpConfig,
    LogConfig,
    MetricsConfig,
    PagesConfig,
    SocketConfig,
    StopConfig,
    StoreConfig,
    TenantConfig,
)
from router.config.problems import ConfigError

__all__ = [
    "ArchiveConfig",
    "AuthConfig",
    "AuthKey",
    "Config",
    "ConfigError",
    "HttpConfig",
    "Loaded",
    "LogConfig",
    "MetricsConfig",
    "PagesConfig",
    "SocketConfig",
    "StopConfig",
    "StoreConfig",
    "TenantConfig",
    "load",
    "read",
]
