"""The command acd: what it prints, and how it tells a user's mistake."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest
from click.testing import CliRunner, Result

from presence.calls import OpenSession, SetState
from queues.calls import Admit, PutQueue
from router.cli import main
from router.cli.tables import duration
from router.config import load
from router.engine.driver import StoreError
from router.setup import apply
from router.store import own_engine

ROOT = Path(__file__).parent.parent
FILE = """
[store]
url = "{url}"
[tenants.{tenant}.queues.general]
[tenants.{tenant}.agents.ann]
memberships.general = {{}}
slots.voice = 1
[tenants.{tenant}.agents.bob]
memberships.general = {{}}
skills.english = 40
slots.voice = 1
"""

Acd = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration with an embedded store that does not run."""
    path = tmp_path / "config.toml"
    path.write_text("[tenants.demo.queues.general]\n")
    return path


@pytest.fixture
def acd(file: Path, monkeypatch: pytest.MonkeyPatch) -> Acd:
    """Runs the command with that configuration."""
    monkeypatch.setenv("ACD_CONFIG", str(file))
    return lambda *words: CliRunner().invoke(main, words)


@pytest.fixture
def busy_center(file: Path, server_url: str, tenant: str) -> None:
    """A store with two agents: one is offered a contact, and two contacts wait."""
    file.write_text(FILE.format(url=server_url, tenant=tenant))
    config = load(file, {})

    async def prepare() -> None:
        async with own_engine(config, "r-test") as engine:
            await apply(engine, config.tenants)
            await engine.call(tenant, OpenSession(agent="ann", session="s1", lease_ms=600_000))
            await engine.call(tenant, SetState(agent="ann", presence="ready"))
            for name, requirements in (("c1", {}), ("c2", {}), ("c3", {"english": 50})):
                call = Admit(
                    contact=name,
                    queue="general",
                    channel="voice",
                    requirements=requirements,
                    subject="\x1b[31m[bold]red",
                    fp=name,
                )
                await engine.call(tenant, call)

    asyncio.run(prepare())


def test_every_command_has_help(acd: Acd) -> None:
    assert acd("--help").exit_code == 0
    for name in main.commands:
        result = acd(name, "--help")
        assert result.exit_code == 0
        assert "Usage:" in result.output


def test_help_is_told_without_loading_what_commands_need() -> None:
    code = (
        "import sys, router.cli\n"
        "heavy = {'aiohttp', 'redis', 'uvloop', 'rich', 'matplotlib', 'jwt'} & sys.modules.keys()\n"
        "sys.exit(', '.join(heavy) or 0)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_module_is_the_command(file: Path) -> None:
    command = [sys.executable, "-m", "router", "--config", str(file), "queues"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: no engine runs on ")
    assert "Traceback" not in ended.stderr


def test_config_check_prints_each_setting_with_its_source(
    acd: Acd, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(f"[http]\nport = 0\n[auth.keys.a]\nsecret = '{'x' * 40}'\n")
    monkeypatch.setenv("ACD_STORE__URL", "redis://user:hush@host/0")

    result = acd("config", "check")

    assert result.exit_code == 0
    lines = {line.partition(" ")[0]: line.split(" = ")[1] for line in result.output.splitlines()}
    assert lines["http.port"] == "0  (config.toml:2)"
    assert lines["http.host"] == '"127.0.0.1"  (default)'
    assert lines["store.url"] == '"redis://user:***@host/0"  (ACD_STORE__URL)'
    assert lines["auth.keys.a.secret"] == '"***"  (config.toml:4)'


def test_config_check_prints_json_without_secrets(acd: Acd, file: Path) -> None:
    file.write_text(f"[auth.keys.a]\nsecret = '{'x' * 40}'\n")

    printed = json.loads(acd("config", "check", "--json").output)

    assert printed["http"]["port"] == 8080
    assert printed["auth"]["keys"]["a"]["secret"] == "***"


def test_config_check_tells_every_mistake_on_a_line(acd: Acd, file: Path) -> None:
    file.write_text("[http]\nprot = 1\nhost = 2\n")

    result = acd("config", "check")

    assert result.exit_code == 2
    assert result.output == (
        f"Error: {file}:2: http.prot: unknown key; the nearest known one is port\n"
        f"{file}:3: http.host = 2: expected a text of 1 to 255 characters "
        "(a name or an IP address)\n"
    )


def test_config_check_reads_the_keys(acd: Acd, file: Path) -> None:
    file.write_text("[auth.keys.a]\nsecret_file = 'none'\n")

    result = acd("config", "check")

    assert result.exit_code == 2
    assert "auth.keys.a.secret_file: [Errno 2] No such file" in result.output


def test_token_is_signed_with_the_first_secret(acd: Acd, file: Path) -> None:
    first, second = "1" * 32, "2" * 32
    keys = f"[auth]\nissuer = 'us'\nkeys.a.secret = '{first}'\nkeys.b.secret = '{second}'\n"
    file.write_text(keys + "[tenants.demo]\n")

    result = acd("token", "agent", "ann", "--ttl-ms", "60000")

    claims = jwt.decode(result.output.strip(), first, ["HS256"], audience="acd", issuer="us")
    assert (claims["sub"], claims["tenant"], claims["role"]) == ("ann", "demo", "agent")
    assert claims["exp"] - claims["iat"] == 60


def test_token_needs_no_keys_in_the_file(acd: Acd, file: Path) -> None:
    first, second = acd("token", "admin", "me"), acd("token", "admin", "me")

    assert first.exit_code == second.exit_code == 0
    secret = (file.parent / "var/store/token.secret").read_bytes()
    assert jwt.decode(second.output.strip(), secret, ["HS256"], audience="acd")["role"] == "admin"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("token", "king", "me"), "'king' is not one of"),
        (("token", "agent", "a b"), "'a b' is not an id"),
        (("token", "agent", "ann", "--ttl-ms", "1"), "1 is not in the range"),
        (("agents",), "no engine runs on "),
        (("contacts", "--limit", "0"), "0 is not in the range"),
        (("replay", "none.tsv"), "'none.tsv' does not exist"),
        (("serve", "--port", "70000"), "70000 is not in the range"),
        (("agents", "--config", "none.toml"), "none.toml: there is no such file"),
        (("unheard",), "No such command 'unheard'"),
    ],
)
def test_a_mistake_is_told_and_ends_with_2(
    acd: Acd, words: tuple[str, ...], complaint: str
) -> None:
    result = acd(*words)

    assert result.exit_code == 2
    assert complaint in result.output


def test_a_tenant_must_be_named_when_there_are_several(acd: Acd, file: Path) -> None:
    file.write_text("[tenants.a]\n[tenants.b]\n")

    result = acd("queues")

    assert result.exit_code == 2
    assert result.output == "Error: --tenant is needed; the configuration has a, b\n"


def test_a_store_that_does_not_answer_is_told(acd: Acd, file: Path, tmp_path: Path) -> None:
    file.write_text(f"[store]\nurl = 'unix://{tmp_path}/none'\n[tenants.demo]\n")

    result = acd("queues")

    assert result.exit_code == 2
    assert result.output.startswith("Error: ")
    assert not isinstance(result.exception, StoreError)


@pytest.mark.usefixtures("busy_center")
def test_agents_are_shown_with_their_work(acd: Acd) -> None:
    lines = acd("agents").output.splitlines()

    assert lines[0].split()[:3] == ["agent", "name", "presence"]
    assert "ready" in lines[1]
    assert "1/1 voice" in lines[1]
    assert "voice: no_slot" in lines[1]
    assert "offline" in lines[2]


@pytest.mark.usefixtures("busy_center")
def test_queues_are_shown_with_who_waits(acd: Acd) -> None:
    (queue,) = json.loads(acd("queues", "--json").output)["queues"]

    assert (queue["waiting"], queue["offered"]) == (2, 1)
    lines = acd("queues").output.splitlines()
    assert lines[1].split()[:2] == ["general", "2"]
    assert lines[1].split()[-3:] == ["chat,", "email,", "task"]


@pytest.mark.usefixtures("busy_center")
def test_what_waits_for_nobody_is_told(acd: Acd) -> None:
    assert acd("queues").output.splitlines()[-1] == "1 wait for nobody: general|voice|english=50"
    assert acd("why", "c3").output.splitlines()[0].endswith("; no agent could ever serve it")


@pytest.mark.usefixtures("busy_center")
def test_contacts_are_shown_without_what_steers_terminals(acd: Acd) -> None:
    printed = acd("contacts", "--state", "queued").output

    assert [line.split()[0] for line in printed.splitlines()[1:]] == ["c2", "c3"]
    assert "\N{REPLACEMENT CHARACTER}[31m[bold]red" in printed


@pytest.mark.usefixtures("busy_center")
def test_contacts_can_be_those_of_an_agent(acd: Acd) -> None:
    found = json.loads(acd("contacts", "--agent", "ann", "--state", "offered", "--json").output)

    assert [contact["contact"] for contact in found["contacts"]] == ["c1"]


@pytest.mark.usefixtures("busy_center")
def test_why_tells_where_a_contact_stands_and_why_not_each_agent(acd: Acd) -> None:
    offered, waiting = acd("why", "c1").output, acd("why", "c3").output

    assert offered.startswith("c1: is offered to ann, who has ")
    assert waiting.startswith("c3: waits in general (voice) for ")
    assert "1 of 1 in its line for english>=50" in waiting
    assert "agents of general: 2 lacks_skill" in waiting
    assert "nobody of 2 agents may take it" not in waiting
    assert "none of 2 agents of general may take it: 2 lacks_skill" in waiting
    assert "english>=50" in waiting.splitlines()[-2]
    assert (
        acd("why", "contact", "c3").output.partition(" for ")[0] == "c3: waits in general (voice)"
    )


@pytest.mark.usefixtures("busy_center")
def test_why_tells_what_an_agent_gets_and_how_an_offer_came_about(acd: Acd) -> None:
    nothing, offer = acd("why", "agent", "ann").output, acd("why", "offer", "c1", "1").output
    told = json.loads(acd("why", "offer", "c1", "1", "--json").output)

    assert nothing.startswith("ann: ")
    assert "general|voice|" in nothing
    assert offer.startswith("c1, offer 1: ann ")
    assert "pending" in offer
    assert (told["agent"], told["found"]) == ("ann", True)


@pytest.mark.usefixtures("busy_center")
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("why", "c9"), "Error: There is no such contact.\n"),
        (("why", "agent", "nobody"), "Error: There is no such agent.\n"),
        (("why", "offer", "c1", "9"), "Error: There is no such offer.\n"),
        (("agents", "--queue", "q9"), "Error: There is no such queue.\n"),
        (("agents", "--tenant", "other"), "Error: the store has no tenant other\n"),
    ],
)
def test_what_does_not_exist_is_told(acd: Acd, words: tuple[str, ...], complaint: str) -> None:
    result = acd(*words)

    assert (result.exit_code, result.output) == (2, complaint)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-5, "0 ms"),
        (999, "999 ms"),
        (1_000, "1 s"),
        (59_999, "59 s"),
        (60_000, "1:00 min"),
        (185_000, "3:05 min"),
        (3_600_000, "1:00 h"),
        (93_784_000, "26:03 h"),
    ],
)
def test_durations_are_told_in_a_unit_that_fits(ms: int, text: str) -> None:
    assert duration(ms) == text


@pytest.mark.usefixtures("busy_center")
def test_a_healthy_tenant_has_no_findings(acd: Acd) -> None:
    result = acd("doctor")

    assert (result.exit_code, result.stdout.split(" in ")[0]) == (0, "0 findings")


@pytest.mark.usefixtures("busy_center")
def test_a_plan_is_told_and_its_exit_code_says_whether_there_is_something_to_do(
    acd: Acd, file: Path
) -> None:
    assert acd("config", "plan").exit_code == 0
    file.write_text(file.read_text().replace("english = 40", "english = 60"))
    changed = acd("config", "plan")

    assert (changed.exit_code, changed.output.splitlines()[-1][:8]) == (2, "1 change")
    assert "  general voice english=50: 1 waits, agents 0 -> 1" in changed.output.splitlines()
    assert json.loads(acd("config", "plan", "--json").output)["changes"][0]["id"] == "bob"


@pytest.mark.usefixtures("busy_center")
def test_a_plan_of_a_start_leaves_what_was_changed_elsewhere(
    acd: Acd, file: Path, tenant: str
) -> None:
    async def change() -> None:
        config = load(file, {})
        async with own_engine(config, "r-test") as engine:
            await engine.call(tenant, PutQueue(queue="general", settings={"ring_ms": 9_000}))

    asyncio.run(change())

    assert "    ring_ms: 9000 -> 20000" in acd("config", "plan").output.splitlines()
    start = acd("config", "plan", "--at-start")
    assert (start.exit_code, start.output.splitlines()[-1][:13]) == (0, "nothing to do")
    file.write_text(file.read_text().replace("english = 40", "english = 60"))
    start = acd("config", "plan", "--at-start")
    assert (start.exit_code, start.output.splitlines()[-1][:8]) == (2, "1 change")
    refused = acd("config", "plan", "--at-start", "--prune")
    assert (refused.exit_code, "--at-start goes without" in refused.output) == (1, True)


@pytest.mark.usefixtures("busy_center")
def test_changes_can_come_from_a_file_of_their_own(acd: Acd, tmp_path: Path) -> None:
    shown = acd("config", "show")
    changes = json.loads(shown.output) | {"agents": {"ann": None}}
    path = tmp_path / "changes.json"
    path.write_text(json.dumps(changes))

    result = acd("config", "plan", "--file", str(path))

    assert result.exit_code == 1
    assert "  error: agent ann: is not offline" in result.output.splitlines()
    path.write_text('{"queues": {"x": {"ring": 1}}}')
    faulty = acd("config", "plan", "--file", str(path))
    assert faulty.exit_code == 1
    assert "queues.x.ring = 1: expected no such field" in faulty.output


@pytest.mark.usefixtures("busy_center")
def test_the_history_names_what_each_version_changed(acd: Acd) -> None:
    printed = acd("config", "history").output

    assert "+agent ann" in printed
    versions = json.loads(acd("config", "history", "--json").output)["versions"]
    assert versions[0]["note"] == "from the file"


@pytest.mark.usefixtures("busy_center")
def test_an_apply_without_a_router_is_told(acd: Acd, file: Path) -> None:
    file.write_text(file.read_text().replace("english = 40", "english = 60"))

    result = acd("config", "apply", "--yes", "--url", "http://127.0.0.1:9")

    assert result.exit_code == 2
    assert "Error: no router answers at http://127.0.0.1:9" in result.output
