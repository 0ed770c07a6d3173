"""The chat in its process: what it is made of by the configuration, and how it runs alone."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from router import chat, keys
from router.api.auth import Verifier
from router.api.roles import Role
from router.config import ConfigError, load
from tests.clients import SECRET, Api
from tests.gateways.conftest import furnish
from tests.gateways.customers import Customer, page
from tests.servers import free_port
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent
SIGNED = f"[auth.keys.main]\nsecret = '{SECRET.decode()}'\n"
TENANT = "[tenants.one.queues.general]\n"
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a configuration whose data is the test's own."""

    def written(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(f"store.data_dir = '{tmp_path}/store'\n{text}")
        return path

    return written


def wall_ms() -> int:
    return 1_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[chat]\nsecret = 'short'\n" + TENANT, 'chat.secret = "***": expected at least 32 bytes'),
        ("[chat]\ntoken = 'a'\ntoken_file = 'b'\n" + TENANT, "expected at most one of token and"),
        ("[chat]\ntenant = 'tow'\n" + TENANT, "no tenant of this name"),
        ("[chat]\nrouters = ['ftp://x']\n" + TENANT, "https://router.example.com"),
        ("[chat]\ncolour = 1\n" + TENANT, "unknown key"),
        (
            "[chat]\ntrusted_proxies = ['::1', '10.0.0.1/8']\n" + TENANT,
            'config.toml:3: chat.trusted_proxies[1] = "10.0.0.1/8": expected a network',
        ),
        ("[chat]\ntrusted_proxies = '10.0.0.0/8'\n" + TENANT, "expected a list"),
        ("[chat]\nproxy_header = 'x-real-ip'\n" + TENANT, 'one of "x-forwarded-for", "forwarded"'),
    ],
)
def test_a_mistake_is_named(write: Write, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(write(text), {})

    assert told in str(refused.value)


async def test_a_token_is_made_where_secrets_are_and_renewed(write: Write) -> None:
    config = load(write(SIGNED + TENANT), {})
    now = 0
    tell = chat._token(config, "one", lambda: now)
    first = tell()
    again = tell()
    who = Verifier(secret_keys=keys.secrets(config)).verify(first)
    now = config.auth.token_ttl_ms

    assert first is again
    assert (who.tenant, who.role, who.subject) == ("one", Role.GATEWAY, "chat")
    assert tell() is not first


async def test_a_token_of_a_file_is_read_again(write: Write, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("first\n")
    config = load(write("[chat]\ntoken_file = 'token'\n" + TENANT), {})
    now = 0
    tell = chat._token(config, "one", lambda: now)
    first = tell()
    (tmp_path / "token").write_text("second\n")
    now = 60_000

    assert (first, tell()) == ("first", "second")


@pytest.mark.parametrize(
    "text",
    [
        "[chat]\nenabled = false\n" + TENANT,
        "",
        TENANT + TENANT.replace("one", "two"),
        "[auth.keys.a]\npublic_key_file = 'a.pem'\n" + TENANT,
    ],
    ids=["turned off", "no tenant", "which tenant", "no token"],
)
async def test_without_what_it_needs_there_is_no_chat(write: Write, text: str) -> None:
    assert chat.gateway_of(load(write(text), {}), wall_ms) is None


async def test_the_secret_of_tickets_is_its_own_and_stays(write: Write) -> None:
    config = load(write(SIGNED + TENANT), {})
    own = keys.chat_secret(config)

    assert own == keys.chat_secret(config)
    assert own != SECRET
    assert chat.gateway_of(config, wall_ms) is not None


async def test_alone_it_needs_a_router(write: Write) -> None:
    with pytest.raises(ConfigError, match=r"chat\.routers"):
        await chat.serve_alone(load(write(TENANT), {}), wall_ms)


async def test_it_runs_alone_in_front_of_a_router(
    archived: Api, write: Write, tenant: str, http: aiohttp.ClientSession
) -> None:
    await furnish(archived)
    port, numbers = free_port(), free_port()
    settings: dict[str, Any] = {"routers": [archived.url], "tenant": tenant, "port": port}
    settings["metrics_port"] = numbers
    lines = [f"{name} = {value!r}" for name, value in settings.items()]
    path = write("\n".join([SIGNED, "[chat]", *lines]))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "router", "chat", "--config", str(path)),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        zoe = Customer(http, f"http://127.0.0.1:{port}")

        async def answers() -> bool:
            try:
                return (await zoe.call("GET", "/chat/options"))[0] == 200
            except aiohttp.ClientError:
                return False

        await wait_until(answers, 20)
        await zoe.start()
        async with page(zoe) as one:
            await one.text("Hello")
            async with http.get(f"http://127.0.0.1:{numbers}/metrics") as told:
                metrics = await told.text()
            found = {}
            for name in ("/chat", "/static/chat/main.js", "/desk", "/static/desk/main.js", "/"):
                async with http.get(zoe.url + name) as got:
                    found[name] = got.status
            process.terminate()
            code = await one.closed()
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    assert code == 4000
    assert process.returncode == 0, said
    assert b"chat.listens" in said
    assert list(found.values()) == [200, 200, 404, 404, 404]
    assert 'acd_chat_messages_total{direction="in"} 1.0' in metrics
