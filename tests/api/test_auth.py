"""Tokens: the right ones tell who calls, and no other is accepted."""

import base64
import json
import stat
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from router.api.auth import (
    LEEWAY_S,
    SECRET_FILE,
    Identity,
    TokenRefusedError,
    Verifier,
    load_or_make_secret,
    mint,
)
from router.api.roles import Role

NOW = int(time.time())  # noqa: TID251 - tokens live by wall time
SECRET = b"0123456789abcdef0123456789abcdef"
OTHER = b"another secret of at least 32 bytes"


def claims(**more: Any) -> dict[str, Any]:
    now = NOW
    fine = {
        "aud": "acd",
        "exp": now + 600,
        "tenant": "demo",
        "sub": "ann",
        "role": "agent",
    }
    return {name: value for name, value in (fine | more).items() if value is not ...}


def signed(
    payload: dict[str, Any], key: Any = SECRET, algorithm: str = "HS256", **header: Any
) -> str:
    return jwt.encode(payload, key, algorithm=algorithm, headers=header or None)


def segment(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.fixture
def verifier() -> Verifier:
    return Verifier(secret_keys=(SECRET,))


def test_a_minted_token_tells_who_calls(verifier: Verifier) -> None:
    token = mint(SECRET, tenant="demo", subject="ann", role=Role.AGENT, ttl_s=60)

    identity = verifier.verify(token)

    assert (identity.tenant, identity.subject, identity.role) == ("demo", "ann", Role.AGENT)
    assert identity.actor == "agent:ann"
    assert verifier.verify(token) is identity


def test_during_a_rotation_both_secrets_count() -> None:
    verifier = Verifier(secret_keys=(SECRET, OTHER))

    for key in (SECRET, OTHER):
        assert verifier.verify(signed(claims(), key)).subject == "ann"


BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "no aud": {"aud": ...},
    "other aud": {"aud": "crm"},
    "aud list without us": {"aud": ["crm", "erp"]},
    "no exp": {"exp": ...},
    "expired": {"exp": NOW - LEEWAY_S - 5},
    "exp as text": {"exp": "tomorrow"},
    "exp null": {"exp": None},
    "exp infinite": {"exp": float("inf")},
    "not yet": {"nbf": NOW + 3600},
    "from the future": {"iat": NOW + 3600},
    "no tenant": {"tenant": ...},
    "tenant empty": {"tenant": ""},
    "tenant with braces": {"tenant": "a}{b"},
    "tenant with newline": {"tenant": "demo\n"},
    "tenant a number": {"tenant": 7},
    "tenant a list": {"tenant": ["demo"]},
    "tenant too long": {"tenant": "t" * 65},
    "tenant unicode": {"tenant": "dém"},
    "no sub": {"sub": ...},
    "sub a number": {"sub": 7},
    "sub empty": {"sub": ""},
    "sub with pipe": {"sub": "a|b"},
    "no role": {"role": ...},
    "role unknown": {"role": "root"},
    "role in capitals": {"role": "ADMIN"},
    "role list": {"role": ["admin"]},
    "role null": {"role": None},
}


@pytest.mark.parametrize("bad", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_token_with_bad_claims_is_refused(verifier: Verifier, bad: dict[str, Any]) -> None:
    with pytest.raises(TokenRefusedError):
        verifier.verify(signed(claims(**bad)))


BAD_HEADERS: dict[str, dict[str, Any]] = {
    "jku": {"jku": "https://evil.example/keys"},
    "x5u": {"x5u": "https://evil.example/cert"},
    "jwk": {"jwk": {"kty": "oct", "k": "AAAA"}},
    "x5c": {"x5c": ["AAAA"]},
    "crit": {"crit": ["exp"]},
    "typ": {"typ": "JWE"},
}


@pytest.mark.parametrize("header", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_a_token_that_brings_its_own_key_is_refused(
    verifier: Verifier, header: dict[str, Any]
) -> None:
    with pytest.raises(TokenRefusedError):
        verifier.verify(signed(claims(), **header))


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "nOnE", "", "HS1", "RS256", "HS512", 7, None]
)
def test_another_algorithm_than_ours_is_refused(verifier: Verifier, algorithm: Any) -> None:
    head = segment({"alg": algorithm, "typ": "JWT"})

    for signature in ("", "AAAA"):
        with pytest.raises(TokenRefusedError):
            verifier.verify(f"{head}.{segment(claims())}.{signature}")


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_the_right_secret_with_another_hash_is_refused(verifier: Verifier, algorithm: str) -> None:
    with pytest.raises(TokenRefusedError):
        verifier.verify(signed(claims(), SECRET * 2, algorithm))


def test_a_foreign_signature_is_refused(verifier: Verifier) -> None:
    with pytest.raises(TokenRefusedError, match="not signed by a key known here"):
        verifier.verify(signed(claims(), OTHER))


def test_every_single_change_of_a_character_is_refused(verifier: Verifier) -> None:
    token = signed(claims())
    signature = len(token) - token.rindex(".") - 1

    for place in range(len(token) - 1):  # the last character holds bits that mean nothing
        changed = "A" if token[place] != "A" else "B"
        with pytest.raises(TokenRefusedError):
            verifier.verify(token[:place] + changed + token[place + 1 :])
    assert signature == 43


@pytest.mark.parametrize("size", [0, 1, 10, 100, -1, -10])
def test_a_truncated_token_is_refused(verifier: Verifier, size: int) -> None:
    with pytest.raises(TokenRefusedError):
        verifier.verify(signed(claims())[:size])


def test_a_huge_token_is_refused_unread(verifier: Verifier) -> None:
    with pytest.raises(TokenRefusedError, match="too long"):
        verifier.verify(signed(claims(more="x" * 1_000_000)))


@given(st.text(max_size=200))
def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(TokenRefusedError):
        Verifier(secret_keys=(SECRET,)).verify(text)


@given(
    st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text(max_size=8)),
    st.recursive(st.none() | st.integers() | st.text(max_size=8), st.lists, max_leaves=5),
)
def test_no_header_and_payload_without_our_signature_is_a_token(header: Any, payload: Any) -> None:
    with pytest.raises(TokenRefusedError):
        Verifier(secret_keys=(SECRET,)).verify(f"{segment(header)}.{segment(payload)}.AAAA")


def test_a_token_that_expires_is_refused_though_it_was_known(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = signed(claims())
    identity = verifier.verify(token)
    later = identity.expires + LEEWAY_S
    monkeypatch.setattr("router.api.auth.time.time", lambda: later)

    assert verifier.is_expired(identity)
    with pytest.raises(TokenRefusedError, match="expired"):
        verifier.verify(token)


def test_an_issuer_that_is_configured_must_be_named() -> None:
    verifier = Verifier(secret_keys=(SECRET,), issuer="idp")

    assert verifier.verify(signed(claims(iss="idp"))).subject == "ann"
    for wrong in (claims(), claims(iss="other"), claims(iss="")):
        with pytest.raises(TokenRefusedError):
            verifier.verify(signed(wrong))


def pem(private: Any) -> str:
    public: bytes = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode()


KEYS: dict[str, Any] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "RS256": rsa.generate_private_key(public_exponent=65_537, key_size=2_048),
}


@pytest.mark.parametrize("algorithm", KEYS)
def test_the_holder_of_a_configured_key_signs(algorithm: str) -> None:
    verifier = Verifier(public_keys={"main": pem(KEYS[algorithm])})

    assert verifier.verify(signed(claims(), KEYS[algorithm], algorithm)).role is Role.AGENT
    named = signed(claims(), KEYS[algorithm], algorithm, kid="main")
    assert verifier.verify(named).role is Role.AGENT


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_public_key_is_no_secret(algorithm: str) -> None:
    """The key's own text as HMAC secret: the best known forgery."""
    text = pem(KEYS[algorithm])
    verifier = Verifier(public_keys={"main": text})
    head, body = segment({"alg": "HS256", "typ": "JWT"}), segment(claims())
    digest = jwt.get_algorithm_by_name("HS256").sign(f"{head}.{body}".encode(), text.encode())
    signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    with pytest.raises(TokenRefusedError):
        verifier.verify(f"{head}.{body}.{signature}")


@pytest.mark.parametrize("kid", ["other", "", "../main", "main\0", None, 5, ["main"]])
def test_a_key_is_found_by_its_exact_name_only(kid: Any) -> None:
    keys = {"main": pem(KEYS["EdDSA"]), "next": pem(KEYS["ES256"])}
    verifier = Verifier(public_keys=keys)
    head = segment({"alg": "EdDSA", "typ": "JWT", "kid": kid})
    body = segment(claims())
    signature = KEYS["EdDSA"].sign(f"{head}.{body}".encode())
    text = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()

    with pytest.raises(TokenRefusedError):
        verifier.verify(f"{head}.{body}.{text}")


def test_a_key_of_another_algorithm_does_not_count() -> None:
    verifier = Verifier(public_keys={"main": pem(KEYS["ES256"])})

    with pytest.raises(TokenRefusedError):
        verifier.verify(signed(claims(), KEYS["EdDSA"], "EdDSA", kid="main"))


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"secret_keys": (SECRET,), "public_keys": {"main": pem(KEYS["EdDSA"])}},
        {"secret_keys": (b"short",)},
        {"public_keys": {"main": "no key"}},
    ],
    ids=["none", "both", "short", "unreadable"],
)
def test_keys_that_can_not_be_used_are_refused_at_the_start(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"configure|at least|PEM"):
        Verifier(**arguments)


def test_a_private_key_is_refused_where_a_public_one_belongs() -> None:
    private = KEYS["EdDSA"].private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

    with pytest.raises(ValueError, match="private key"):
        Verifier(public_keys={"main": private.decode()})


def test_only_ids_can_be_minted() -> None:
    for tenant, subject in (("a b", "ann"), ("demo", "a{b}")):
        with pytest.raises(ValueError, match="is not an id"):
            mint(SECRET, tenant=tenant, subject=subject, role=Role.AGENT, ttl_s=60)


def test_the_data_directory_keeps_one_secret_for_its_owner_only(tmp_path: Path) -> None:
    first = load_or_make_secret(tmp_path)

    assert load_or_make_secret(tmp_path) == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]


def test_a_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("short\n")

    with pytest.raises(ValueError, match="no secret of at least 32 bytes"):
        load_or_make_secret(tmp_path)


def test_an_identity_is_a_value() -> None:
    one = Identity(tenant="t", subject="s", role=Role.ADMIN, expires=1)

    assert one == Identity(tenant="t", subject="s", role=Role.ADMIN, expires=1)
