"""Owns the HTTP operation that makes bearer tokens, where the router has a secret to sign with.

A token is for the caller's own tenant and lives a day at most; an administrator's does not outlive
the one it is made with, or who finds one could renew it for ever. What is logged is who made which
token for whom, never the token.
"""

import time
from typing import Annotated, Any, Final, Literal

import msgspec
import structlog
from msgspec import Meta, Struct

from queues.settings import DAY_MS, Id
from router.api import problems
from router.api.auth import CanNotSignError, Identity, Verifier
from router.api.operation import Operation
from router.api.roles import Role

TTL_MS: Final = 3_600_000
SECOND_MS: Final = 1_000

log = structlog.get_logger()


class TokenBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom the token is for, and for how long."""

    role: Literal["gateway", "agent", "supervisor", "admin"]
    subject: Annotated[
        Id, Meta(description="an agent's id; of another role, a name for the journal")
    ]
    ttl_ms: Annotated[
        int, Meta(ge=SECOND_MS, le=DAY_MS, description="its life, in whole seconds")
    ] = TTL_MS


class MadeToken(Struct, frozen=True):
    """A token and what it says; `expires` is in ms since 1970 UTC."""

    token: str
    role: str
    subject: str
    tenant: str
    expires: int


def make(verifier: Verifier, who: Identity, body: TokenBody) -> dict[str, Any]:
    """Signs a token of the caller's tenant. Raises: ProblemError."""
    role, seconds = Role(body.role), body.ttl_ms // SECOND_MS
    now = int(time.time())  # noqa: TID251 - tokens live by wall time
    if role is Role.ADMIN and now + seconds > who.expires:
        left_ms = max(0, who.expires - now) * SECOND_MS
        expected = f"at most {left_ms} with the role admin: no longer than your own token"
        raise problems.bad_field("ttl_ms", body.ttl_ms, expected)
    try:
        text = verifier.sign(tenant=who.tenant, subject=body.subject, role=role, ttl_s=seconds)
    except CanNotSignError:
        raise problems.ProblemError(problems.CAN_NOT_SIGN) from None
    made = verifier.verify(text)
    log.info(
        "token.made",
        tenant=who.tenant,
        by=who.actor,
        role=body.role,
        subject=body.subject,
        expires=made.expires,
    )
    answer = MadeToken(text, body.role, body.subject, who.tenant, made.expires * SECOND_MS)
    found: dict[str, Any] = msgspec.to_builtins(answer)
    return found


TOKEN_OPERATIONS: Final = (
    Operation(
        "make_token",
        "POST",
        "/v1/tokens",
        "Makes a bearer token of this tenant, where the router has a secret to sign with.",
        body_type=TokenBody,
        issue=make,
        is_body_needed=True,
        example={"role": "agent", "subject": "ann", "ttl_ms": 28_800_000},
    ),
)
