"""The URL of a store, read into its parts. Pure."""

from typing import Literal
from urllib.parse import parse_qsl, unquote

import msgspec

Place = tuple[str, int]
PORT_DEFAULT = 6379
SENTINEL_PORT_DEFAULT = 26379


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """Files of a TLS connection; without `ca` the system's authorities are trusted."""

    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    check_hostname: bool = True


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where a store is and who we are there; `places` are seeds for Sentinel and Cluster."""

    kind: Literal["single", "unix", "sentinel", "cluster"]
    places: tuple[Place, ...] = ()
    path: str = ""
    service: str = ""
    db: int = 0
    username: str | None = None
    password: str | None = None
    sentinel_username: str | None = None
    sentinel_password: str | None = None
    tls: Tls | None = None

    def __str__(self) -> str:
        """The address without its secrets."""
        where = self.path or ",".join(f"{host}:{port}" for host, port in self.places)
        return f"{self.kind} {where}" + (f" service {self.service}" if self.service else "")


class _Query(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    db: int = 0
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    check_hostname: bool = True
    sentinel_username: str | None = None
    sentinel_password: str | None = None


FORMS = (
    "redis://host:port/db, rediss://host:port/db?ca=FILE, unix:///path?db=0, "
    "redis+sentinel://host:port,host:port/service?db=0, redis+cluster://host:port,host:port"
)
_KINDS: dict[str, Literal["single", "sentinel", "cluster"]] = {
    "": "single",
    "sentinel": "sentinel",
    "cluster": "cluster",
}


def parse(url: str) -> Address:
    """Reads a store URL. Raises: ValueError, with the forms that are understood."""
    scheme, separator, rest = url.partition("://")
    transport, _, kind_name = scheme.partition("+")
    kind = _KINDS.get(kind_name)
    if not separator or kind is None or transport not in ("redis", "rediss", "unix"):
        raise ValueError(f"not a store URL: the forms are {FORMS}")
    rest, _, query_text = rest.partition("?")
    query = _query(query_text)
    userinfo, _, rest = rest.rpartition("@")
    username, password = _credentials(userinfo)
    if transport == "unix":
        if kind != "single" or not rest.startswith("/"):
            raise ValueError(f"a unix URL names an absolute path: {FORMS}")
        path = unquote(rest)
        return Address(kind="unix", path=path, db=query.db, username=username, password=password)
    hosts, _, tail = rest.partition("/")
    if kind == "sentinel" and not tail:
        raise ValueError(f"a sentinel URL names its service: {FORMS}")
    if not hosts:
        raise ValueError(f"the store URL names no host: {FORMS}")
    tls = Tls(ca=query.ca, cert=query.cert, key=query.key, check_hostname=query.check_hostname)
    return Address(
        kind=kind,
        places=_places(hosts, SENTINEL_PORT_DEFAULT if kind == "sentinel" else PORT_DEFAULT),
        service=tail if kind == "sentinel" else "",
        db=_db(tail) if kind == "single" and tail else query.db,
        username=username,
        password=password,
        sentinel_username=query.sentinel_username,
        sentinel_password=query.sentinel_password,
        tls=tls if transport == "rediss" else None,
    )


def _db(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"not the number of a database: {text}")
    return int(text)


def _query(text: str) -> _Query:
    try:
        return msgspec.convert(dict(parse_qsl(text)), _Query, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"in the query of the store URL: {error}") from None


def _credentials(userinfo: str) -> tuple[str | None, str | None]:
    username, _, password = userinfo.partition(":")
    return unquote(username) or None, unquote(password) or None


def _places(hosts: str, port_default: int) -> tuple[Place, ...]:
    return tuple(_place(host, port_default) for host in hosts.split(",") if host)


def _place(text: str, port_default: int) -> Place:
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    else:
        host, _, port = text.partition(":")
    if not host or not (port or "0").isdecimal():
        raise ValueError(f"not a host and port: {text}")
    return host, int(port) if port else port_default
