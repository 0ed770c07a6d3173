"""Owns tickets: what a customer's browser holds, signed, to come back to his conversation.

A ticket names one contact and when it expires; it opens nothing else. Ids of contacts and keys of
conversations are made from what the browser chose by chance, and do not give that away.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

import jwt
from msgspec import Struct

AUDIENCE: Final = "acd-chat"
ALGORITHM: Final = "HS256"
TICKET_MAX: Final = 2_048
SECRET_MIN: Final = 32


class TicketRefusedError(Exception):
    """Raised when a ticket proves nothing, here and now."""


class Ticket(Struct, frozen=True):
    """Whose conversation it is; `expires` in Unix seconds."""

    contact: str
    expires: int


class Tickets:
    """Makes and checks the tickets of one tenant's chat."""

    def __init__(
        self, secret: bytes, *, tenant: str, ttl_ms: int, wall_ms: Callable[[], int]
    ) -> None:
        """`wall_ms` is the machine's time.

        Raises:
            ValueError: the secret is too short.

        """
        if len(secret) < SECRET_MIN:
            raise ValueError(f"the chat's secret needs at least {SECRET_MIN} bytes")
        self._secret = secret
        self._tenant = tenant
        self._ttl_s = ttl_ms // 1_000
        self._wall_ms = wall_ms

    def make(self, contact: str) -> str:
        """A ticket for the contact."""
        claims = {"aud": AUDIENCE, "tenant": self._tenant, "sub": contact}
        expires = self._wall_ms() // 1_000 + self._ttl_s
        return jwt.encode(claims | {"exp": expires}, self._secret, ALGORITHM)

    def check(self, ticket: str) -> Ticket:
        """What the ticket says.

        Raises:
            TicketRefusedError: it is not one of these, or has expired.

        """
        if len(ticket) > TICKET_MAX:
            raise TicketRefusedError
        try:
            claims = jwt.decode(
                ticket,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["exp", "sub", "aud"], "verify_exp": False},
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise TicketRefusedError from error
        expires = claims["exp"]
        if not isinstance(expires, int) or expires <= self._wall_ms() // 1_000:
            raise TicketRefusedError
        if claims.get("tenant") != self._tenant or not isinstance(claims["sub"], str):
            raise TicketRefusedError
        return Ticket(claims["sub"], expires)

    def is_worn(self, ticket: Ticket) -> bool:
        """Whether half its life is over, so that a fresh one should follow."""
        return ticket.expires - self._wall_ms() // 1_000 < self._ttl_s // 2

    def name(self, purpose: str, *parts: str) -> str:
        """A name made from what only its browser knows: the same parts give the same name."""
        text = "\0".join((purpose, self._tenant, *parts)).encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:32]
