"""Owns bearer tokens: who the caller is, read from a signed JWT and from nothing else.

A token is signed with the configured secret (HS256) or by the holder of a configured public key
(EdDSA, ES256, RS256), never a mix of both: a public key can then not be used as an HMAC secret.
Keys come from the configuration only; a token that brings or names one (`jku`, `x5u`, `jwk`) is
refused. Rules after RFC 8725; claims: `aud` "acd", `exp`, `tenant`, `sub`, `role`.
"""

import os
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jwt
import msgspec

from router.api.roles import Role

AUDIENCE: Final = "acd"
LEEWAY_S: Final = 60
LIFE_MAX_S: Final = 400 * 86_400
"""No token may end later than this from now: so what is taken back need not be kept for ever."""
TOKEN_MAX: Final = 4096
CACHE_MAX: Final = 20_000
SECRET_MIN: Final = 32
SECRET_FILE: Final = "token.secret"  # noqa: S105 - the name of the file
PUBLIC_KEY_ALGORITHMS: Final = ("EdDSA", "ES256", "RS256")
KEY_HEADERS: Final = frozenset({"jku", "x5u", "jwk", "x5c", "x5t", "x5t#S256", "crit"})
ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class TokenRefusedError(Exception):
    """Raised when a token proves nothing; the text says why and holds nothing secret."""


class CanNotSignError(Exception):
    """Raised when a token is to be made and there are public keys only."""


class Identity(msgspec.Struct, frozen=True):
    """Who calls: everything the edges know about the caller comes from here.

    `expires` and `issued` are in Unix seconds; a token that does not say when it was made is as old
    as any. `id` is the token's own, where it has one. For the role agent, `subject` is the agent's
    id.
    """

    tenant: str
    subject: str
    role: Role
    expires: int
    issued: int = 0
    id: str = ""

    @property
    def actor(self) -> str:
        """How the journal names the caller."""
        return f"{self.role}:{self.subject}"


class Verifier:
    """Checks tokens against the configured keys, and remembers those it has checked."""

    def __init__(
        self,
        *,
        secret_keys: tuple[bytes, ...] = (),
        public_keys: Mapping[str, str] | None = None,
        issuer: str | None = None,
    ) -> None:
        """Takes secrets (two during a rotation) or PEM public keys by `kid`, never both.

        Raises:
            ValueError: both, none, a secret that is too short, or a key that can not be read.

        """
        if bool(secret_keys) == bool(public_keys):
            raise ValueError("configure either token secrets or public keys, not both and not none")
        if any(len(secret) < SECRET_MIN for secret in secret_keys):
            raise ValueError(f"a token secret needs at least {SECRET_MIN} bytes")
        self._secrets = secret_keys
        self._public = {kid: _public_key(pem) for kid, pem in (public_keys or {}).items()}
        self._issuer = issuer
        self._checked: dict[str, Identity] = {}

    def verify(self, token: str) -> Identity:
        """Who the token says the caller is.

        Raises:
            TokenRefusedError: the token is not valid, here and now.

        """
        known = self._checked.get(token)
        if known is not None:
            if known.expires + LEEWAY_S <= time.time():
                del self._checked[token]
                raise TokenRefusedError("the token has expired")
            return known
        identity = self._check(token)
        if len(self._checked) >= CACHE_MAX:
            self._checked.clear()
        self._checked[token] = identity
        return identity

    def is_expired(self, identity: Identity) -> bool:
        """Whether the identity's token is past its life and the leeway."""
        return identity.expires + LEEWAY_S <= time.time()

    def sign(self, *, tenant: str, subject: str, role: Role, ttl_s: int) -> str:
        """A new token, by the first secret.

        Raises:
            CanNotSignError: the keys are public ones; whoever has the private ones signs.
            ValueError: the tenant or the subject is not an id.

        """
        if not self._secrets:
            raise CanNotSignError
        return mint(
            self._secrets[0],
            tenant=tenant,
            subject=subject,
            role=role,
            ttl_s=ttl_s,
            issuer=self._issuer,
        )

    def _check(self, token: str) -> Identity:
        if len(token) > TOKEN_MAX:
            raise TokenRefusedError("the token is too long")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenRefusedError("the token is not a signed JWT") from error
        if KEY_HEADERS & header.keys():
            raise TokenRefusedError("the token's header names a key of its own")
        if str(header.get("typ", "JWT")).upper() not in ("JWT", "AT+JWT"):
            raise TokenRefusedError("the token is of another type")
        for key, algorithm in self._candidates(header):
            try:
                return _identity(self._decode(token, key, algorithm))
            except jwt.InvalidSignatureError:
                continue
            except jwt.ExpiredSignatureError as error:
                raise TokenRefusedError("the token has expired") from error
            except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
                raise TokenRefusedError("the token's claims are not valid") from error
        raise TokenRefusedError("the token is not signed by a key known here")

    def _candidates(self, header: Mapping[str, Any]) -> list[tuple[Any, str]]:
        algorithm = header.get("alg")
        if self._secrets:
            return [(key, "HS256") for key in self._secrets] if algorithm == "HS256" else []
        if algorithm not in PUBLIC_KEY_ALGORITHMS:
            return []
        kid = header.get("kid")
        if kid is None and len(self._public) == 1:
            kid = next(iter(self._public))
        named = self._public.get(kid) if isinstance(kid, str) else None
        return [named] if named is not None and named[1] == algorithm else []

    def _decode(self, token: str, key: Any, algorithm: str) -> dict[str, Any]:
        required = ["exp", "aud", "sub", "tenant", "role"]
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=AUDIENCE,
            issuer=self._issuer,
            leeway=LEEWAY_S,
            options={"require": required if self._issuer is None else [*required, "iss"]},
        )
        return claims


def _identity(claims: Mapping[str, Any]) -> Identity:
    tenant, subject, role = claims["tenant"], claims["sub"], claims["role"]
    for name, value in (("tenant", tenant), ("sub", subject)):
        if not isinstance(value, str) or not ID.fullmatch(value):
            raise TokenRefusedError(f"the token's `{name}` is not an id")
    if role not in set(Role):
        raise TokenRefusedError("the token's `role` is not gateway, agent, supervisor or admin")
    expires, token = int(claims["exp"]), claims.get("jti", "")
    if expires > time.time() + LIFE_MAX_S:
        raise TokenRefusedError("the token is to live longer than 400 days")
    return Identity(
        tenant=tenant,
        subject=subject,
        role=Role(role),
        expires=expires,
        issued=int(claims.get("iat", 0)),
        id=token if isinstance(token, str) else "",
    )


def _public_key(pem: str) -> tuple[Any, str]:
    """The key and the one algorithm that it may be used with, told by its kind."""
    for algorithm in PUBLIC_KEY_ALGORITHMS:
        try:
            key = jwt.get_algorithm_by_name(algorithm).prepare_key(pem)
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        except NotImplementedError as error:
            raise ValueError("public keys need the package `cryptography`") from error
        if type(key).__name__.endswith("PrivateKey"):
            raise ValueError("a private key stands where a public key belongs")
        return key, algorithm
    raise ValueError("not a PEM public key for EdDSA, ES256 or RS256")


def mint(
    secret: bytes, *, tenant: str, subject: str, role: Role, ttl_s: int, issuer: str | None = None
) -> str:
    """Signs a token with the secret, for development and for installations that use HS256.

    Raises:
        ValueError: the tenant or the subject is not an id.

    """
    for name, value in (("tenant", tenant), ("subject", subject)):
        if not ID.fullmatch(value):
            raise ValueError(f"{name} {value!r} is not an id: 1 to 64 of letters, digits, _ . : -")
    now = int(time.time())
    claims: dict[str, Any] = {
        "aud": AUDIENCE,
        "iat": now,
        "jti": secrets.token_hex(8),
        "exp": now + ttl_s,
        "tenant": tenant,
        "sub": subject,
        "role": str(role),
    }
    if issuer is not None:
        claims["iss"] = issuer
    return jwt.encode(claims, secret, algorithm="HS256")


def load_or_make_secret(directory: Path, name: str = SECRET_FILE) -> bytes:
    """A secret of the data directory's own; made once, readable by its owner only.

    Raises:
        OSError: the directory can not be read or written.
        ValueError: the file holds no usable secret.

    """
    path = directory / name
    fresh = directory / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        try:
            os.link(fresh, path)  # atomic: of two routers that start at once, one wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    secret = path.read_bytes().strip()
    if len(secret) < SECRET_MIN:
        raise ValueError(f"{path} holds no secret of at least {SECRET_MIN} bytes")
    return secret
