"""Store URLs, read and refused."""

import pytest

from router.engine.address import Address, Tls, parse
from router.engine.connect import connect


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://h", Address(kind="single", places=(("h", 6379),))),
        ("redis://h:1/3", Address(kind="single", places=(("h", 1),), db=3)),
        (
            "redis://me:p%40ss@h:1?db=2",
            Address(kind="single", places=(("h", 1),), db=2, username="me", password="p@ss"),
        ),
        ("redis://[::1]:7", Address(kind="single", places=(("::1", 7),))),
        (
            "rediss://:pw@h:1/0?ca=/c.pem&cert=/m.pem&key=/k.pem&check_hostname=false",
            Address(
                kind="single",
                places=(("h", 1),),
                password="pw",
                tls=Tls(ca="/c.pem", cert="/m.pem", key="/k.pem", check_hostname=False),
            ),
        ),
        ("unix:///run/my%20store/s?db=1", Address(kind="unix", path="/run/my store/s", db=1)),
        ("unix://:pw@/s", Address(kind="unix", path="/s", password="pw")),
        (
            "redis+sentinel://a:1,b/main?db=4&sentinel_password=x",
            Address(
                kind="sentinel",
                places=(("a", 1), ("b", 26379)),
                service="main",
                db=4,
                sentinel_password="x",
            ),
        ),
        (
            "rediss+cluster://u:p@a:1,b:2",
            Address(
                kind="cluster",
                places=(("a", 1), ("b", 2)),
                username="u",
                password="p",
                tls=Tls(),
            ),
        ),
    ],
)
def test_a_url_is_read_into_its_parts(url: str, address: Address) -> None:
    assert parse(url) == address


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("localhost:6379", "the forms are"),
        ("http://h", "the forms are"),
        ("redis+magic://h", "the forms are"),
        ("unix+sentinel:///s", "absolute path"),
        ("unix://relative/s", "absolute path"),
        ("redis+sentinel://a:1", "names its service"),
        ("redis://", "names no host"),
        ("redis://h:x", "not a host and port"),
        ("redis://h/zero", "database"),
        ("redis://h?timeout=3", "timeout"),
        ("redis://h?db=x", "db"),
    ],
)
def test_a_url_that_is_not_understood_says_why(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(url)


def test_an_address_shows_no_secret() -> None:
    assert str(parse("redis+sentinel://u:secret@a:1,b:2/main")) == "sentinel a:1,b:2 service main"
    assert str(parse("unix://:secret@/run/s")) == "unix /run/s"


@pytest.mark.parametrize("url", ["rediss://h", "redis+sentinel://a/s", "redis+cluster://a"])
def test_asyncio_redis_says_what_it_can_not_reach(url: str) -> None:
    with pytest.raises(ValueError, match="asyncio-redis reaches"):
        connect(url, driver="asyncio-redis")
