"""What is read: the file, then the environment, with the place of each setting."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from presence.settings import AgentDefinition
from queues.settings import QueueSettings
from router.config import AuthKey, Config, load, read
from router.config.lines import key_lines, line_of
from router.config.problems import mask

SHIPPED = Path(__file__).parent.parent.parent / "config.toml"

Write = Callable[[str], Path]


def test_an_empty_file_is_a_whole_configuration(write: Write) -> None:
    config = load(write(""), {})

    assert config.store.url == "embedded://"
    assert config.tenants == {}


def test_the_shipped_file_is_accepted_and_its_values_are_the_defaults() -> None:
    config = load(SHIPPED, {})

    plain = Config()
    for section in ("http", "socket", "metrics", "auth", "log", "stop"):
        assert getattr(config, section) == getattr(plain, section)
    assert msgspec.structs.replace(config.store, data_dir="var/store") == plain.store
    general = config.tenants["demo"].queues["general"]
    assert msgspec.structs.replace(general, name="") == QueueSettings()
    assert sorted(config.tenants["demo"].agents) == ["ann", "bob", "carla", "davi"]


def test_the_shipped_file_shows_every_setting() -> None:
    tree = tomllib.loads(SHIPPED.read_text())
    demo = tree["tenants"]["demo"]

    for name in Config.__struct_fields__:
        known = set(getattr(Config(), name).__struct_fields__) if name != "tenants" else set()
        assert known - {"keys", "tenants"} <= set(tree[name])
    assert set(QueueSettings.__struct_fields__) == set(demo["queues"]["general"])
    assert set(AgentDefinition.__struct_fields__) == set(demo["agents"]["ann"])
    assert set(Config.__annotations__["tenants"].__args__[0].__args__[1].__struct_fields__) == set(
        demo
    )
    for name in AuthKey.__struct_fields__:
        assert f"# {name} = " in SHIPPED.read_text()


def test_durations_and_sizes_carry_their_unit_in_the_name() -> None:
    names = re.findall(r"^(\w+) = \d[\d_]{3,}$", SHIPPED.read_text(), re.MULTILINE)

    without = {name for name in names if not name.endswith(("_ms", "_bytes", "_max"))}

    assert without == {"port", "metrics_port"}


def test_the_environment_goes_over_the_file(write: Write) -> None:
    path = write("[store]\nurl = 'redis://a'\n[tenants.Demo.queues.general]\nring_ms = 9000")
    env = {
        "ACD_STORE__URL": "redis://b:1/0",
        "ACD_HTTP__ORIGINS": "['https://desk.example.com']",
        "ACD_AUTH__KEYS__MAIN__SECRET": "0" * 32,
        "ACD_TENANTS__DEMO__QUEUES__GENERAL__RING_MS": "8000",
        "ACD_CONFIG": "not a setting",
        "OTHER__URL": "not ours",
    }

    loaded = read(path, env)

    assert loaded.config.store.url == "redis://b:1/0"
    assert loaded.config.http.origins == ("https://desk.example.com",)
    assert loaded.config.auth.keys["main"].secret == "0" * 32
    assert loaded.config.tenants["Demo"].queues["general"].ring_ms == 8_000
    assert loaded.source(("store", "url")) == "ACD_STORE__URL"
    assert loaded.source(("http", "port")) == "default"


def test_paths_are_relative_to_the_file(write: Write) -> None:
    path = write("[store]\ndata_dir = 'data'\n[auth.keys.a]\nsecret_file = 'key'")

    config = load(path, {})

    assert config.store.data_dir == str(path.parent / "data")
    assert config.auth.keys["a"].secret_file == str(path.parent / "key")


def test_the_line_of_each_key_is_known_whatever_its_spelling() -> None:
    text = (
        "top = 1  # [not.a.table]\n"
        "[a.'b c'] # x\n"
        'long = """\n'
        "[not.a.table]\n"
        'key = 3"""\n'
        "list = [\n"
        "  1, # ]\n"
        "]\n"
        'd."e.f" = { g = 1 }\n'
        "[[rows]]\n"
        "x = 1\n"
        "[[rows]]\n"
        "x = 2\n"
    )

    lines = key_lines(text)

    assert lines == {
        ("top",): 1,
        ("a", "b c"): 2,
        ("a", "b c", "long"): 3,
        ("a", "b c", "list"): 6,
        ("a", "b c", "d", "e.f"): 9,
        ("rows", 0): 10,
        ("rows", 0, "x"): 11,
        ("rows", 1): 12,
        ("rows", 1, "x"): 13,
    }
    assert line_of(lines, ("a", "b c", "d", "e.f", "g")) == 9
    assert line_of(lines, ("none",)) is None


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("redis://u:p@h:6379/0", "redis://u:***@h:6379/0"),
        ("redis://:p/x@y@h", "redis://:***@h"),
        (
            "redis+sentinel://a:1,b:2/svc?sentinel_password=hush&db=1",
            "redis+sentinel://a:1,b:2/svc?sentinel_password=***&db=1",
        ),
        ("redis://h:1/2", "redis://h:1/2"),
        ("unix:///x/y", "unix:///x/y"),
    ],
)
def test_passwords_in_urls_are_masked(url: str, masked: str) -> None:
    assert mask(("store", "url"), url) == masked


@pytest.mark.parametrize("struct", [QueueSettings, AgentDefinition])
def test_settings_refuse_an_unknown_key_in_a_request_too(struct: type[Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `nope`"):
        msgspec.convert({"nope": 1}, struct)
