"""Owns the log: one line per happening, with its ids, and nothing in it that must not be there.

An event is named noun.verb (`session.opened`). Ids are bound with `bind` for as long as a request
or a connection lasts. Addresses of customers are masked, tokens and secrets are never written.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import msgspec
import structlog

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
ADDRESSES = frozenset({"address", "customer", "phone", "email"})
SECRETS = frozenset({"authorization", "password", "secret", "ticket", "token"})
PHONE = re.compile(r"\+\d[\d ()-]{5,}\d")
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*|(?<=Bearer )\S+|(?<=://)[^/\s@]*:[^/\s@]*(?=@)")
DEPTH_MAX = 6

Event = MutableMapping[str, Any]


def configure(style: str, level: str, stream: TextIO | None = None) -> None:
    """Sets up the log for this process; `style` is auto, console or json.

    Calling it again changes the style and the level. `stream` is the standard error by default.
    """
    out = stream or sys.stderr
    is_json = style == "json" or (style == "auto" and not out.isatty())
    console = structlog.dev.ConsoleRenderer(
        colors=out.isatty() and "NO_COLOR" not in os.environ,
        exception_formatter=structlog.dev.plain_traceback,
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            masked,
            _render_json if is_json else console,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        # The standard error is looked up when a line is written: it may be another one by then.
        logger_factory=lambda *_names: structlog.WriteLogger(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def get(**ids: object) -> structlog.typing.FilteringBoundLogger:
    """A logger whose every line carries the ids."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(**ids)
    return logger


def bind(**ids: object) -> AbstractContextManager[None]:
    """Binds ids to every line that is logged within, in this task and those it starts."""
    return structlog.contextvars.bound_contextvars(**ids)


def masked(_logger: object, _method: str, event: Event) -> Event:
    """The event without addresses, phone numbers, tokens and secrets."""
    return {key: _masked_value(key, value, 0) for key, value in event.items()}


def mask_address(text: str) -> str:
    """An address that can be told from others and not be used: the last two characters stay."""
    return f"…{text[-2:]}" if len(text) > 4 else "…"


def _masked_value(key: str, value: object, depth: int) -> object:
    if key.lower() in SECRETS and value:
        return "***"
    if isinstance(value, BaseException):
        value = repr(value)
    if isinstance(value, str):
        if key.lower() in ADDRESSES and value:
            return mask_address(value)
        return TOKEN.sub("***", PHONE.sub(lambda found: mask_address(found[0]), value))
    if depth == DEPTH_MAX:
        return "…"
    if isinstance(value, Mapping):
        return {name: _masked_value(str(name), item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked_value(key, item, depth + 1) for item in value]
    return value


def _render_json(_logger: object, _method: str, event: Event) -> str:
    first = {"time": event.pop("timestamp"), "level": event.pop("level")}
    line = {**first, "event": event.pop("event"), **event}
    return msgspec.json.encode(line, enc_hook=str).decode()
