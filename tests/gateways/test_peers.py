"""Who is counted behind proxies: the one that trusted proxies saw, whatever he writes himself."""

import pytest

from router.gateways.chat.peers import Peers
from tests.clients import Api
from tests.gateways.conftest import NewGateway, furnish

PROXIES = ("10.0.0.0/8", "fd00::/8")


@pytest.mark.parametrize(
    ("peer", "lines", "caller"),
    [
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7, 10.0.0.2", "10.0.0.3"], "203.0.113.7"),
        ("10.0.0.1", ["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
        ("::ffff:10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("10.0.0.1", ["[2001:db8:1:2::5]:443"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("", ["203.0.113.7"], ""),
    ],
)
def test_the_right_most_address_that_is_no_proxy_calls(
    peer: str, lines: list[str], caller: str
) -> None:
    assert Peers(PROXIES, "x-forwarded-for").caller(peer, lines) == caller


@pytest.mark.parametrize(
    ("peer", "lines", "caller"),
    [
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1, 10.0.0.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["10.0.0.5", "198.51.100.1", "203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, "], "10.0.0.1"),
        ("10.0.0.1", ["<img src=x>"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7/24"], "10.0.0.1"),
    ],
)
def test_what_a_caller_writes_himself_is_not_believed(
    peer: str, lines: list[str], caller: str
) -> None:
    assert Peers(PROXIES, "x-forwarded-for").caller(peer, lines) == caller


@pytest.mark.parametrize(
    ("lines", "caller"),
    [
        (["for=203.0.113.7;proto=https;by=10.0.0.1"], "203.0.113.7"),
        (['proto=https; For="[2001:db8:1:2::5]:4711"'], "2001:db8:1:2::/64"),
        (["for=198.51.100.1, for=203.0.113.7, for=10.0.0.2"], "203.0.113.7"),
        (['for="198.51.100.1, for=203.0.113.7'], "203.0.113.7"),
        (["for=203.0.113.7, for=_hidden"], "10.0.0.1"),
        (["by=203.0.113.7"], "10.0.0.1"),
    ],
)
def test_the_standard_header_says_it_with_names(lines: list[str], caller: str) -> None:
    assert Peers(PROXIES, "forwarded").caller("10.0.0.1", lines) == caller


async def test_customers_behind_a_proxy_are_counted_each(
    archived: Api, new_chat: NewGateway
) -> None:
    await furnish(archived)
    chat = await new_chat(archived.url, starts_per_minute=1, trusted_proxies=("127.0.0.0/8",))
    zoe = chat.customer()

    async def start(**headers: str) -> int:
        return (await zoe.call("POST", "/chat/start", zoe.form(), **headers))[0]

    said = [
        await start(**{"X-Forwarded-For": "203.0.113.7"}),
        await start(**{"X-Forwarded-For": "198.51.100.99, 203.0.113.7"}),
        await start(**{"X-Forwarded-For": "203.0.113.8", "Forwarded": "for=203.0.113.7"}),
    ]

    assert said == [201, 429, 200]


async def test_nobody_is_believed_who_is_not_named(archived: Api, new_chat: NewGateway) -> None:
    await furnish(archived)
    chat = await new_chat(archived.url, starts_per_minute=1)
    zoe = chat.customer()

    said = [
        (await zoe.call("POST", "/chat/start", zoe.form(), **{"X-Forwarded-For": address}))[0]
        for address in ("203.0.113.7", "203.0.113.8")
    ]

    assert said == [201, 429]
