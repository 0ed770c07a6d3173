"""The log: what a line says, and what is never in it."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from router import log


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, as JSON lines."""
    stream = io.StringIO()
    log.configure("json", "info", stream)
    yield stream
    structlog.reset_defaults()


def test_a_line_carries_time_level_event_and_the_ids_bound(lines: io.StringIO) -> None:
    with log.bind(contact="c1"):
        log.get(tenant="demo").info("contact.admitted", queue="sales")
    log.get().info("router.idle")

    first, second = map(json.loads, lines.getvalue().splitlines())
    assert list(first)[:3] == ["time", "level", "event"]
    assert first["time"].endswith("Z")
    assert (first["tenant"], first["contact"], first["queue"]) == ("demo", "c1", "sales")
    assert "contact" not in second


def test_lines_below_the_level_are_not_written(lines: io.StringIO) -> None:
    log.get().debug("wire.sent")

    assert lines.getvalue() == ""


@pytest.mark.parametrize(
    ("field", "value", "gone"),
    [
        ("address", "+55 48 99999-1234", "99999"),
        ("customer", "maria@example.com", "maria"),
        ("card", {"address": "+5548999991234", "subject": "hi"}, "99999"),
        ("events", [{"e": "contact.admitted", "address": "5548999991234"}], "99999"),
        ("token", "abc", "abc"),
        ("Authorization", "Bearer abc", "abc"),
        ("detail", "Bearer abc.def", "abc"),
        ("detail", "got eyJhbGciOi.eyJzdWIi.c2ln here", "eyJ"),
        ("url", "redis://user:hush@host/0", "hush"),
        ("text", "call +55 (48) 99999-1234 back", "99999"),
        ("error", ValueError("no route to +5548999991234"), "99999"),
    ],
)
def test_addresses_and_secrets_are_masked(
    lines: io.StringIO, field: str, value: object, gone: str
) -> None:
    log.get().info("test.masked", **{field: value})

    assert gone not in lines.getvalue()


def test_a_traceback_is_masked_too(lines: io.StringIO) -> None:
    try:
        int("+5548999991234x")
    except ValueError:
        log.get().exception("call.failed")

    line = json.loads(lines.getvalue())
    assert "99999" not in line["exception"]
    assert "ValueError: invalid literal" in line["exception"]


def test_ids_instants_and_positions_stay_readable(lines: io.StringIO) -> None:
    log.get().info("x.y", contact="call-1700000000000", at=1_700_000_000_000, position="17-0")

    line = json.loads(lines.getvalue())
    assert (line["contact"], line["at"]) == ("call-1700000000000", 1_700_000_000_000)
    assert line["position"] == "17-0"


def test_a_line_stays_one_line_whatever_is_in_it(lines: io.StringIO) -> None:
    log.get().info("x.y", text='a\nb\r{"event": "forged"}')

    assert len(lines.getvalue().splitlines()) == 1


def test_the_console_style_is_for_people() -> None:
    stream = io.StringIO()
    log.configure("console", "debug", stream)

    log.get(tenant="demo").debug("session.opened", address="+5548999991234")
    structlog.reset_defaults()

    assert "session.opened" in stream.getvalue()
    assert "99999" not in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
