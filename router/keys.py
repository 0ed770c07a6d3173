"""Owns the keys that the configuration names: where they lie, and how they are read."""

from pathlib import Path
from typing import Final

from router.api.auth import SECRET_FILE, Verifier, load_or_make_secret
from router.config import Config, ConfigError

CHAT_SECRET_FILE: Final = "chat.secret"  # noqa: S105 - the name of the file


def verifier(config: Config) -> Verifier:
    """Checks tokens by the configured keys; without any, by the data directory's own secret.

    Raises: ConfigError, when a key can not be read or is not one.
    """
    issuer = config.auth.issuer or None
    try:
        if public := _public_keys(config):
            return Verifier(public_keys=public, issuer=issuer)
        return Verifier(secret_keys=secrets(config), issuer=issuer)
    except ValueError as error:
        raise ConfigError([f"auth.keys: {error}"]) from None


def secrets(config: Config) -> tuple[bytes, ...]:
    """The configured secrets, the one that signs first; none with public keys.

    Without configured keys it is the data directory's own secret, made when there is none.

    Raises: ConfigError, when a secret can not be read.
    """
    found: list[bytes] = []
    for name, key in config.auth.keys.items():
        if key.secret:
            found.append(key.secret.encode())
        elif key.secret_file:
            found.append(_read(f"auth.keys.{name}.secret_file", key.secret_file).strip())
    if config.auth.keys:
        return tuple(found)
    return (_own(config, SECRET_FILE),)


def chat_secret(config: Config) -> bytes:
    """What the tickets of the web chat are signed with; made here when none is named.

    Raises: ConfigError, when it can not be read or made.
    """
    if config.chat.secret:
        return config.chat.secret.encode()
    if config.chat.secret_file:
        return _read("chat.secret_file", config.chat.secret_file).strip()
    return _own(config, CHAT_SECRET_FILE)


def _own(config: Config, name: str) -> bytes:
    directory = Path(config.store.data_dir)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return load_or_make_secret(directory, name)
    except (OSError, ValueError) as error:
        raise ConfigError([f"store.data_dir: {error}"]) from None


def _public_keys(config: Config) -> dict[str, str]:
    return {
        name: _read(f"auth.keys.{name}.public_key_file", key.public_key_file).decode()
        for name, key in config.auth.keys.items()
        if key.public_key_file
    }


def _read(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ConfigError([f"{name}: {error}"]) from None
