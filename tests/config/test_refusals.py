"""What is refused, and how it is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from router.config import ConfigError, load

Write = Callable[[str], Path]


def refusals(path: Path, env: dict[str, str] | None = None) -> list[str]:
    """The lines of the refusal, without the folder."""
    with pytest.raises(ConfigError) as refused:
        load(path, env or {})
    return [line.replace(f"{path.parent}/", "") for line in refused.value.lines]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            "[store]\nurll = 'x'",
            "config.toml:2: store.urll: unknown key; the nearest known one is url",
        ),
        (
            "[stoer]\nurl = 'redis://h'",
            "config.toml:1: stoer: unknown key; the nearest known one is store",
        ),
        (
            "[http]\n\nport = '80'",
            (
                'config.toml:3: http.port = "80": expected a whole number from 0 to 65535 '
                "(0: any free port)"
            ),
        ),
        (
            "[http]\nport = 8.5",
            (
                "config.toml:2: http.port = 8.5: expected a whole number from 0 to 65535 "
                "(0: any free port)"
            ),
        ),
        (
            "http = 3",
            "config.toml:1: http = 3: expected a table",
        ),
        (
            "[log]\nlevel = 'loud'",
            (
                'config.toml:2: log.level = "loud": expected one of '
                '"debug", "info", "warning", "error"'
            ),
        ),
        (
            "[store]\nurl = 'http://user:hush@h'",
            (
                'config.toml:2: store.url = "http://user:***@h": expected embedded://, redis://, '
                "rediss://, unix://, redis+sentinel:// or redis+cluster://"
            ),
        ),
        (
            "[tenants.'a b']",
            (
                'config.toml:1: tenants."a b": expected a name of 1 to 64 of: letters, digits, '
                "and _ . : -"
            ),
        ),
        (
            "[tenants.t.queues]\nsales = { ring_ms = 20 }",
            (
                "config.toml:2: tenants.t.queues.sales.ring_ms = 20: expected a whole number "
                "from 100 to 3600000 (how long an offer stays pending)"
            ),
        ),
        (
            "[tenants.t.intake]\nweb.required = [\n  'subject',\n  'size',\n]",
            (
                'config.toml:2: tenants.t.intake.web.required[1] = "size": expected one of '
                '"queue", "address", "subject", "origin", "customer", "attributes", "priority"'
            ),
        ),
        (
            "[tenants.t.queues.general]\nwrap_up = 'forced_limit'",
            (
                "config.toml:1: tenants.t.queues.general.wrap_up_ms = 0: expected above 0 with "
                'wrap_up = "forced_limit"'
            ),
        ),
        (
            "[tenants.t.calendars.c]\ntime_zone = 'Europe/Berlim'",
            (
                'config.toml:2: tenants.t.calendars.c.time_zone = "Europe/Berlim": no time zone of '
                "this name; the nearest known one is Europe/Berlin"
            ),
        ),
        (
            (
                "[tenants.t.calendars.c]\ntime_zone = 'UTC'\n"
                "weekly.mon = ['08:00-12:00', '11:00-13:00']"
            ),
            (
                'config.toml:3: tenants.t.calendars.c.weekly.mon[1] = "11:00-13:00": overlaps '
                "08:00-12:00"
            ),
        ),
        (
            "[tenants.t.calendars.c]\ntime_zone = 'UTC'\nweekly.sat = ['9-12']",
            (
                'config.toml:3: tenants.t.calendars.c.weekly.sat[0] = "9-12": expected local times '
                'as "08:00-12:30", at most to 24:00'
            ),
        ),
        (
            (
                "[tenants.t.calendars.office]\ntime_zone = 'UTC'\n"
                "[tenants.t.queues.general]\ncalendar = 'ofice'"
            ),
            (
                'config.toml:4: tenants.t.queues.general.calendar = "ofice": no calendar of this '
                "name; the nearest known one is office"
            ),
        ),
        (
            "[tenants.t]\nchannels = {}",
            "config.toml:2: tenants.t.channels: expected 1 to 50 entries, found 0",
        ),
        (
            "[tenants.t.agents.ann.slots]\nvoice = true",
            (
                "config.toml:2: tenants.t.agents.ann.slots.voice = true: expected a whole number "
                "from 0 to 100 (contacts of this channel at once)"
            ),
        ),
    ],
)
def test_a_refused_setting_is_told_with_line_value_and_expectation(
    write: Write, text: str, refusal: str
) -> None:
    assert refusals(write(text)) == [refusal]


def test_all_refusals_are_told_at_once(write: Write) -> None:
    path = write("[http]\nport = -1\n[metrics]\nport = 70000\nhots = 'x'")

    lines = refusals(path)

    assert [line.split(" ")[0] for line in lines] == ["config.toml:2:"] + [
        f"config.toml:{line}:" for line in (4, 5)
    ]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            "[http]\nport = 9000\n[metrics]\nport = 9000",
            "config.toml:4: metrics.port = 9000: expected another address than http's",
        ),
        (
            "[store]\ndriver = 'asyncio-redis'\nurl = 'rediss://h'",
            (
                'config.toml:2: store.driver = "asyncio-redis": expected redis: asyncio-redis '
                "has no TLS, Sentinel or Cluster"
            ),
        ),
        (
            "[auth.keys.a]\nsecret = 'short'",
            'config.toml:2: auth.keys.a.secret = "***": expected at least 32 bytes',
        ),
        (
            "[auth.keys.a]\n",
            (
                "config.toml:1: auth.keys.a: expected exactly one of secret, secret_file and "
                "public_key_file"
            ),
        ),
        (
            "[auth.keys]\na.secret_file = 's'\nb.public_key_file = 'p'",
            "config.toml:1: auth.keys: expected secrets or public keys, never both",
        ),
        (
            "[tenants.t]\ndefault_queue = 'sale'\nqueues.sales = {}",
            (
                'config.toml:2: tenants.t.default_queue = "sale": no queue of this name; '
                "the nearest known one is sales"
            ),
        ),
        (
            "[tenants.t.queues]\ngeneral.escalate_to = 'zzz'",
            (
                'config.toml:2: tenants.t.queues.general.escalate_to = "zzz": no queue of this '
                "name; known here: general"
            ),
        ),
        (
            "[tenants.t.agents.ann]\nmemberships = { general = {}, sales = {} }",
            (
                "config.toml:2: tenants.t.agents.ann.memberships.sales: no queue of this name; "
                "known here: none"
            ),
        ),
        (
            "[tenants.t.agents.ann]\nslots = { vioce = 1 }",
            (
                "config.toml:2: tenants.t.agents.ann.slots.vioce: no channel of this name; "
                "the nearest known one is voice"
            ),
        ),
        (
            "[tenants.t]\nchannels.voice.cost = 4\nagents.ann = { slots.voice = 1, capacity = 3 }",
            (
                "config.toml:3: tenants.t.agents.ann.slots.voice = 1: one voice contact costs 4, "
                "his capacity is 3"
            ),
        ),
        (
            "[tenants.t]\nlease_ms = 5000",
            (
                "config.toml:2: tenants.t.lease_ms = 5000: expected at least twice socket.ping_ms "
                "(4000)"
            ),
        ),
    ],
)
def test_a_broken_rule_between_settings_is_told(write: Write, text: str, refusal: str) -> None:
    assert refusals(write(text)) == [refusal]


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        (
            "{ drop = ['x'] }",
            "steps[0]: expected after_ms, a whole number from 1 to 86400000",
        ),
        ("{ after_ms = 5 }", "steps[0]: expected at least one of `tier`, `drop`, `lower`"),
        (
            "{ after_ms = 5, to_queue = 'a', hand_back = 'x' }",
            "steps[0]: expected at most one of `to_queue` and `hand_back`",
        ),
        ("{ after_ms = 5, teir = 1 }", "steps[0].teir: unknown key; the nearest known one is tier"),
        ("{ after_ms = 5, to_queue = 'zzz' }", 'steps[0].to_queue = "zzz": no queue of this name'),
    ],
)
def test_a_step_that_can_not_be_is_told_with_its_line(
    write: Write, step: str, refusal: str
) -> None:
    path = write(f"[tenants.t.queues]\ngeneral = {{}}\na.steps = [\n  {step},\n]")

    (line,) = refusals(path)

    assert line.startswith(f"config.toml:3: tenants.t.queues.a.{refusal}")


def test_a_circle_over_all_kinds_of_settings_is_told_at_each(write: Write) -> None:
    path = write(
        "[tenants.t.queues]\n"
        "general = {}\n"
        "a.overflow_to = 'b'\n"
        "b.escalate_to = 'c'\n"
        "[[tenants.t.queues.c.steps]]\n"
        "after_ms = 60_000\n"
        "to_queue = 'a'\n"
    )

    lines = refusals(path)

    assert [line.split(" ")[0] for line in lines] == [f"config.toml:{n}:" for n in (3, 4, 7)]
    assert lines[2].endswith("contacts would go in a circle: c > a > b > c")


def test_a_circle_of_diversions_is_refused_when_one_calendar_decides_or_an_overflow_is_on_it(
    write: Write,
) -> None:
    path = write(
        "[tenants.t.calendars]\n"
        "x.time_zone = 'UTC'\n"
        "y.time_zone = 'UTC'\n"
        "[tenants.t.queues]\n"
        "general = {}\n"
        "a = { calendar = 'x', closed = 'divert', closed_to = 'b' }\n"
        "b = { calendar = 'x', closed = 'divert', closed_to = 'a' }\n"
        "c = { calendar = 'x', closed = 'divert', closed_to = 'd' }\n"
        "d = { calendar = 'y', closed = 'divert', closed_to = 'c' }\n"
        "e = { calendar = 'x', closed = 'divert', closed_to = 'f' }\n"
        "f = { calendar = 'y', overflow_to = 'e' }\n"
    )

    lines = refusals(path)

    circles = [line.partition("circle: ")[2] for line in lines]
    assert circles == ["a > b > a", "b > a > b", "e > f > e", "f > e > f"]


def test_contacts_can_not_go_in_a_circle(write: Write) -> None:
    path = write(
        "[tenants.t.queues]\n"
        "general.escalate_to = 'a'\n"
        "a.escalate_to = 'b'\n"
        "b.escalate_to = 'a'\n"
        "c.escalate_to = 'c'\n"
    )

    lines = refusals(path)

    assert [line.partition("circle: ")[2] for line in lines] == ["a > b > a", "b > a > b", "c > c"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("[http]\n\n[store", "config.toml:3: is not TOML: Expected ']'"),
        ("[a]\n[a]", "config.toml:2: is not TOML: Cannot declare"),
        ("x = 1\nx = 2\ny = 1", "config.toml:2: is not TOML: Cannot overwrite a value"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_its_line(
    write: Write, text: str, refusal: str
) -> None:
    (line,) = refusals(write(text))

    assert line.startswith(refusal)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refusals(tmp_path / "none.toml") == ["none.toml: there is no such file"]


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")

    (line,) = refusals(path)

    assert line.startswith("config.toml: can not be read: ")


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("ACD_HTTP__PORT", "many", 'http.port = "many": expected a whole number'),
        ("ACD_HTTP__PROT", "1", "http.prot: unknown key; the nearest known one is port"),
        ("ACD_STOR__URL", "1", "stor: unknown key; the nearest known one is store"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    write: Write, name: str, value: str, refusal: str
) -> None:
    (line,) = refusals(write(""), {name: value})

    assert line.startswith(f"{name}: {refusal}")
