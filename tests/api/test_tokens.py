"""Tokens made over HTTP: for whom, for how long, and what of them is told."""

import time
from typing import Any

import aiohttp
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from structlog.testing import capture_logs

from router.api.auth import LEEWAY_S, CanNotSignError, Identity, Verifier
from router.api.problems import ProblemError
from router.api.roles import Role
from router.api.tokens import TokenBody, make
from tests.clients import SECRET, Api

WHO = Identity(tenant="demo", subject="root", role=Role.ADMIN, expires=4_000_000_000)


@pytest.mark.parametrize("role", list(Role))
async def test_a_token_is_made_for_each_role_of_the_callers_tenant(api: Api, role: Role) -> None:
    body = {"role": str(role), "subject": "ann", "ttl_ms": 60_000}

    with capture_logs() as logs:
        async with api.http.post(
            api.url + "/v1/tokens", json=body, headers=api.headers(Role.ADMIN)
        ) as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
            made = msgspec.json.decode(await answer.read())

    identity = Verifier(secret_keys=(SECRET,)).verify(made["token"])
    assert (identity.tenant, identity.subject, identity.role) == (api.tenant, "ann", role)
    assert made["expires"] == identity.expires * 1_000
    (line,) = (one for one in logs if one["event"] == "token.made")
    assert (line["by"], line["role"], line["subject"]) == ("admin:tester", str(role), "ann")
    assert made["token"] not in str(logs)
    assert await told_by(api, made["token"], role) == 200


async def told_by(api: Api, token: str, role: Role) -> int:
    path = "/v1/tenant" if role in (Role.ADMIN, Role.SUPERVISOR) else "/v1/queues"
    await api.furnish("ann")
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http, http.get(api.url + path, headers=headers) as answer:
        return answer.status


async def test_an_administrators_token_does_not_outlive_the_one_it_is_made_with(api: Api) -> None:
    body: dict[str, Any] = {"role": "admin", "subject": "root", "ttl_ms": 86_400_000}

    status, problem = await api.call("POST", "/v1/tokens", body)
    other, _ = await api.call("POST", "/v1/tokens", body | {"role": "supervisor"})

    assert (status, problem["errors"][0]["field"]) == (422, "ttl_ms")
    assert problem["errors"][0]["expected"].endswith("no longer than your own token")
    assert other == 200


def test_where_keys_are_public_nothing_is_signed() -> None:
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    verifier = Verifier(public_keys={"k": pem.decode()})

    with pytest.raises(ProblemError) as refused:
        make(verifier, WHO, TokenBody(role="agent", subject="ann"))
    assert refused.value.problem.type == "urn:vez:problem:can-not-sign"
    with pytest.raises(CanNotSignError):
        verifier.sign(tenant="demo", subject="ann", role=Role.AGENT, ttl_s=60)


def test_a_token_is_signed_by_the_first_secret_and_names_the_issuer() -> None:
    old, new = b"o" * 32, b"n" * 32
    verifier = Verifier(secret_keys=(new, old), issuer="here")

    made = make(verifier, WHO, TokenBody(role="agent", subject="ann", ttl_ms=5_999))

    assert Verifier(secret_keys=(new,), issuer="here").verify(made["token"]).subject == "ann"
    left_ms = made["expires"] - time.time() * 1_000  # noqa: TID251 - tokens live by wall time
    assert left_ms <= 5_000 < LEEWAY_S * 1_000
