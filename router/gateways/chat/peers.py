"""Owns whose request it is that comes through proxies. Pure.

A proxy that is trusted appends the address it was called from to a header; whatever stands further
left was written by whoever called it. So the list is read from its right end, as far as the
writers are trusted, and only the one header is read that these proxies write.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import web

Address = IPv4Address | IPv6Address
FORWARDED: Final = "forwarded"
HOME_BITS: Final = 64  # an IPv6 customer has all addresses of such a network


class Peers:
    """Tells requests' callers apart, behind the proxies of some networks."""

    def __init__(self, trusted: Iterable[str], header: str) -> None:
        """`header` is `x-forwarded-for` or `forwarded`.

        Raises:
            ValueError: a network is none.

        """
        self._trusted = tuple(ip_network(text) for text in trusted)
        self._header = header

    def of(self, request: web.BaseRequest) -> str:
        """The caller's address; of IPv6, his network."""
        lines = request.headers.getall(self._header, ())
        return self.caller(request.remote or "", lines)

    def caller(self, peer: str, lines: Iterable[str]) -> str:
        """The right-most address that is no trusted proxy's; the last proxy if it tells none."""
        address = _address(peer)
        if address is None:
            return peer
        hops = [hop for line in lines for hop in line.split(",")]
        while hops and self._is_trusted(address):
            told = _address(self._spelled(hops.pop()))
            if told is None:
                break
            address = told
        if isinstance(address, IPv6Address):
            return str(IPv6Network((int(address), HOME_BITS), strict=False))
        return str(address)

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _spelled(self, hop: str) -> str:
        """The address in one element of the header."""
        if self._header != FORWARDED:
            return hop
        for pair in hop.split(";"):
            name, _, value = pair.partition("=")
            if name.strip().lower() == "for":
                return value.strip().strip('"')
        return ""


def _address(text: str) -> Address | None:
    """An address without its port and brackets, IPv4 in IPv6 as what it is; None if it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address
