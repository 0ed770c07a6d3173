"""The page on the protocol says what the router does, and its programs run."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from router.api.codes import REASONS
from router.api.operations import OPERATIONS
from router.api.roles import ALL, COMMANDS, Role
from router.api.roles import OPERATIONS as ROLES
from tests.clients import Api, token
from tests.waiting import wait_until

PAGE = (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text()
GATEWAY, DESKTOP = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def told(roles: frozenset[Role]) -> str:
    return "all" if roles == ALL else ", ".join(role for role in Role if role in roles)


def test_every_close_code_is_on_the_page_with_its_reason() -> None:
    rows = dict(re.findall(r"^\| (\d{4}) \| (.+) \|$", PAGE, re.MULTILINE))

    assert rows == {str(int(code)): reason for code, reason in REASONS.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_on_the_page_with_its_roles(name: str) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))

    assert set(row.split("|")[3].strip().split(", ")) == set(told(COMMANDS[name]).split(", "))


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if o.id not in ("get_openapi", "open_stream")],
    ids=lambda operation: operation.id,
)
def test_every_operation_is_on_the_page_with_its_roles(operation: object) -> None:
    assert isinstance(operation, type(OPERATIONS[0]))
    start = rf"`{operation.method} {re.escape(operation.path)}[`?]"
    row = next(line for line in PAGE.splitlines() if re.search(start, line))

    assert set(row.split("|")[2].strip().split(", ")) == set(told(ROLES[operation.id]).split(", "))


async def test_the_ten_line_gateway_and_desktop_run(api: Api) -> None:
    await api.furnish("ann")
    desk = await run(api, DESKTOP, Role.AGENT, "ann")
    try:
        await wait_until(lambda: is_ready(api))
        gateway = await run(api, GATEWAY, Role.GATEWAY, "pbx")
        assert (await output(gateway)).startswith("201 ")
        assert await gateway.wait() == 0
        assert await output(desk) == "talking: call-1"
    finally:
        desk.kill()
        await desk.wait()


async def is_ready(api: Api) -> bool:
    return bool((await api.ok("GET", "/v1/agents/ann"))["presence"] == "ready")


async def run(api: Api, program: str, role: Role, subject: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, api.url),
        env={**os.environ, "TOKEN": token(api.tenant, subject, role)},
        stdout=asyncio.subprocess.PIPE,
    )


async def output(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(10):
        return (await process.stdout.readline()).decode().strip()
