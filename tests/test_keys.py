"""The keys that tokens are checked with: from the file, or the data directory's own."""

import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from router.api.auth import mint
from router.api.roles import Role
from router.config import AuthConfig, AuthKey, Config, ConfigError, StoreConfig
from router.keys import secrets, verifier

OLD, NEW = "o" * 32, "n" * 32


def config(tmp_path: Path, **keys: AuthKey) -> Config:
    return Config(auth=AuthConfig(keys=keys), store=StoreConfig(data_dir=str(tmp_path / "store")))


def test_without_keys_the_data_directory_has_one_of_its_own(tmp_path: Path) -> None:
    first, second = secrets(config(tmp_path)), secrets(config(tmp_path))

    assert first == second
    assert len(first[0]) >= 32
    assert (tmp_path / "store/token.secret").stat().st_mode & 0o777 == 0o600


def test_during_a_rotation_the_first_secret_signs_and_both_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "old"
    file.write_text(f"{OLD}\n")
    both = config(tmp_path, new=AuthKey(secret=NEW), old=AuthKey(secret_file=str(file)))

    assert secrets(both) == (NEW.encode(), OLD.encode())
    for secret in secrets(both):
        token = mint(secret, tenant="demo", subject="ann", role=Role.AGENT, ttl_s=60)
        assert verifier(both).verify(token).subject == "ann"


def test_a_public_key_checks_tokens_and_signs_none(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    file.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    own = config(tmp_path, main=AuthKey(public_key_file=str(file)))
    end = int(time.time()) + 600  # noqa: TID251 - tokens live by wall time
    claims = {"aud": "acd", "exp": end, "tenant": "demo", "sub": "ann", "role": "agent"}

    token = jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": "main"})

    assert verifier(own).verify(token).subject == "ann"
    assert secrets(own) == ()


@pytest.mark.parametrize("kind", ["secret_file", "public_key_file"])
def test_a_missing_file_is_told_with_the_name_of_its_setting(tmp_path: Path, kind: str) -> None:
    key = AuthKey(**{kind: str(tmp_path / "none")})

    with pytest.raises(ConfigError, match=rf"auth\.keys\.main\.{kind}: .*No such file"):
        verifier(config(tmp_path, main=key))


def test_a_file_without_a_key_is_told(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("not a key")

    with pytest.raises(ConfigError, match=r"auth\.keys: not a PEM public key"):
        verifier(config(tmp_path, main=AuthKey(public_key_file=str(file))))


def test_a_data_directory_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file stands here")

    with pytest.raises(ConfigError, match=r"store\.data_dir: "):
        secrets(config(tmp_path))
