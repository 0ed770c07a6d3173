"""Owns what the commands send to a running router, over HTTP."""

import asyncio
import tomllib
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from router import keys
from router.api.auth import mint
from router.api.fields import find_errors
from router.api.roles import Role
from router.cli.frame import MistakeError, tenant_of
from router.config import Config
from router.config.whole import ConfigChanges, Plain, Target, differences
from router.setup import in_steps

TOKEN_S = 60
REPAIRS_MAX = 200
Answer = dict[str, Any]


def read_changes(path: Path) -> dict[Target, Plain | None]:
    """The objects that a file of changes, JSON or TOML, wants. Raises: MistakeError."""
    try:
        text = path.read_text("utf-8")
        tree = tomllib.loads(text) if path.suffix == ".toml" else msgspec.json.decode(text)
    except (OSError, ValueError) as error:
        raise MistakeError(f"{path}: {error}") from None
    if isinstance(tree, dict):  # `acd config show` prints these two besides
        tree = {name: own for name, own in tree.items() if name not in ("version", "hash", "file")}
    try:
        return msgspec.convert(tree, ConfigChanges).wanted()
    except msgspec.ValidationError:
        found = find_errors(tree, ConfigChanges)
        lines = [f"{path}: {e.field} = {e.value}: expected {e.expected}" for e in found]
        raise MistakeError("\n".join(lines)) from None


def apply_changes(
    config: Config,
    tenant: str | None,
    url: str | None,
    wanted: dict[Target, Plain | None],
    *,
    base: int,
    note: str,
    from_file: bool,
) -> list[Answer]:
    """Makes the changes, in as few steps as the store allows. Raises: MistakeError."""
    answers: list[Answer] = []
    for step in in_steps(differences({}, wanted)):
        body: Answer = {"base": base, "note": note, "from_file": from_file}
        body |= {"calendars": {}, "queues": {}, "agents": {}}
        for change in step:
            if change.kind == "tenant":
                body["tenant"] = change.after
            else:
                body[f"{change.kind}s"][change.id] = change.after
        answers.append(send(config, tenant, url, "POST", "config/apply", body))
        base = answers[-1]["version"]
    return answers


def roll_back(
    config: Config, tenant: str | None, url: str | None, *, version: int, base: int, note: str
) -> Answer:
    """Makes everything as it was after the version. Raises: MistakeError."""
    body = {"version": version, "base": base, "note": note}
    return send(config, tenant, url, "POST", "config/rollback", body)


def repair(
    config: Config, tenant: str | None, url: str | None, findings: list[str]
) -> list[Answer]:
    """Has findings repaired, and tells what came of each. Raises: MistakeError."""
    repairs: list[Answer] = []
    for at in range(0, len(findings), REPAIRS_MAX):
        body = {"findings": findings[at : at + REPAIRS_MAX], "reason": "acd doctor --repair"}
        repairs += send(config, tenant, url, "POST", "doctor/repair", body)["repairs"]
    return repairs


def send(
    config: Config,
    tenant: str | None,
    url: str | None,
    method: str,
    path: str,
    body: Any,
    *,
    subject: str = "acd",
) -> Answer:
    """The answer to a request of an administrator, named `subject`. Raises: MistakeError.

    `path` is that below `/v1/`.
    """
    token = sign(config, tenant_of(config, tenant), Role.ADMIN, subject=subject)
    base = base_of(config, url)

    async def ask() -> tuple[int, Answer]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        target = f"{base}/v1/{path}"
        data = None if body is None else msgspec.json.encode(body)
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, target, data=data, headers=headers) as answer,
        ):
            return answer.status, msgspec.json.decode(await answer.read())

    try:
        status, answer = asyncio.run(ask())
    except (OSError, ValueError, aiohttp.ClientError) as error:
        raise MistakeError(f"no router answers at {base}: {error}") from None
    if status >= 300:
        raise MistakeError(_told(answer))
    return answer


def sign(
    config: Config, tenant: str, role: Role, *, subject: str = "acd", ttl_s: int = TOKEN_S
) -> str:
    """A token for a caller of the tenant. Raises: MistakeError."""
    secrets = keys.secrets(config)
    if not secrets:
        raise MistakeError("auth.keys has public keys only: acd can not sign its token")
    issuer = config.auth.issuer or None
    try:
        return mint(
            secrets[0], tenant=tenant, subject=subject, role=role, ttl_s=ttl_s, issuer=issuer
        )
    except ValueError as error:
        raise MistakeError(str(error)) from None


def base_of(config: Config, url: str | None) -> str:
    """Where the router answers, without the path."""
    return (url or f"http://{config.http.host}:{config.http.port}").rstrip("/")


def _told(problem: Answer) -> str:
    known = [f"{name}: {problem[name]}" for name in ("verdict", "state") if name in problem]
    words = [problem["title"], problem.get("detail", ""), f"({', '.join(known)})" if known else ""]
    lines = [" ".join(filter(None, words))]
    lines += [f"{e['field']}: expected {e['expected']}" for e in problem.get("errors", ())]
    return "\n".join(lines)
