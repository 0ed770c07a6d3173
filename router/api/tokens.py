"""Owns the HTTP operations that make bearer tokens, where there is a secret, and take them back.

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
from router.api.auth import LEEWAY_S, LIFE_MAX_S, CanNotSignError, Identity, Verifier
from router.api.operation import Operation
from router.api.reads import Reads
from router.api.revocations import PAGE
from router.api.roles import Role
from router.calls import Revoke
from router.queries import ListRevoked

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


class RevokeBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tokens are taken back: one by its `id`, or those of a `subject` made up to `before`."""

    id: Annotated[str, Meta(min_length=1, max_length=256, description="a token's `jti`")] | (
        None
    ) = None
    subject: Annotated[Id, Meta(description="whose tokens, in every role")] | None = None
    before: (
        Annotated[
            int, Meta(ge=0, description="when they were made at the latest, ms since 1970 UTC; now")
        ]
        | None
    ) = None
    reason: Annotated[str, Meta(max_length=256)] = ""


class MadeToken(Struct, frozen=True):
    """A token and what it says, with its id; `expires` is in ms since 1970 UTC."""

    id: str
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
        id=made.id,
        role=body.role,
        subject=body.subject,
        expires=made.expires,
    )
    answer = MadeToken(made.id, text, body.role, body.subject, who.tenant, made.expires * SECOND_MS)
    found: dict[str, Any] = msgspec.to_builtins(answer)
    return found


def revoke(_who: Identity, _path: Any, body: RevokeBody) -> Revoke:
    """Takes back what the body names. Raises: ProblemError."""
    now = time.time_ns() // 1_000_000  # noqa: TID251 - tokens live by wall time
    if (body.id is None) == (body.subject is None):
        raise problems.bad_field("subject", body.subject, "a subject, or the id of one token")
    if body.before is not None and (body.subject is None or body.before > now):
        raise problems.bad_field("before", body.before, f"at most {now}, and with a subject")
    return Revoke(
        id=body.id,
        subject=body.subject,
        before=None if body.subject is None else now if body.before is None else body.before,
        until=now + (LIFE_MAX_S + LEEWAY_S) * SECOND_MS,
        at=now,
        reason=body.reason,
    )


async def revoked(reads: Reads, who: Identity, _path: Any, _query: Any) -> dict[str, Any]:
    """What was taken back, the newest first."""
    found: dict[str, dict[str, Any]] = {}
    cursor = "0"
    while True:
        call = ListRevoked(cursor=cursor, limit=PAGE)
        page = await reads.engine.read(who.tenant, call)
        found |= {f"{one.get('id')} {one.get('subject')}": one for one in page.get("revoked") or []}
        cursor = page.get("cursor", "0")
        if cursor == "0":
            break
    return {"revoked": sorted(found.values(), key=lambda one: -one["at"])}


TOKEN_OPERATIONS: Final = (
    Operation(
        "revoke_tokens",
        "POST",
        "/v1/tokens/revoke",
        "Takes tokens back before they end: one by its id, or a subject's made up to an instant.",
        body_type=RevokeBody,
        build=revoke,
        is_body_needed=True,
        example={"subject": "ann", "reason": "her laptop was stolen"},
    ),
    Operation(
        "list_revoked_tokens",
        "GET",
        "/v1/tokens/revoked",
        "Which tokens were taken back, the newest first.",
        answer=revoked,
    ),
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
