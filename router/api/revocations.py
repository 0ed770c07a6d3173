"""Owns which tokens were taken back before their end, as this router knows it.

What the store has of a tenant is read once; from then on the tenant's journal tells. So a request
costs no question, and what is taken back on one router is refused on all a moment later.
"""

from collections.abc import Callable
from typing import Any, Final

from router.api.auth import Identity, TokenRefusedError
from router.engine.engine import Engine
from router.journal.entry import Entry
from router.journal.tail import Journals
from router.queries import ListRevoked

PAGE: Final = 500
SECOND_MS: Final = 1_000


class _Known:
    """What was taken back of one tenant; `doubts` counts how often it may have become less."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.before: dict[str, int] = {}
        self.doubts = 0
        self.read_at: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it was read, and has followed the journal since."""
        return self.read_at == self.doubts

    def put(self, told: dict[str, Any]) -> None:
        """One more, as the store or an event tells it."""
        if told.get("id") is not None:
            self.ids.add(told["id"])
        else:
            subject = told["subject"]
            self.before[subject] = max(told["before"], self.before.get(subject, 0))

    def has(self, identity: Identity) -> bool:
        """Whether the token is among them."""
        before = self.before.get(identity.subject, -1)
        return identity.id in self.ids or identity.issued * SECOND_MS <= before


class Revocations:
    """The tokens that were taken back, by tenant."""

    def __init__(self, engine: Engine, journals: Journals) -> None:
        """Knows nothing yet. `listeners` are told the tenant of which one more is taken back."""
        self.listeners: list[Callable[[str], None]] = []
        self._engine = engine
        self._journals = journals
        self._known: dict[str, _Known] = {}

    async def check(self, identity: Identity) -> None:
        """Sees to it that the token was not taken back.

        Raises:
            TokenRefusedError: it was.
            StoreError: that can not be known now.

        """
        known = self._known.get(identity.tenant)
        if known is None or not known.is_whole or self._journals.get(identity.tenant) is None:
            await self._read(identity.tenant)
        if self.has(identity):
            raise TokenRefusedError("the token was revoked")

    def has(self, identity: Identity) -> bool:
        """Whether the token was taken back, as far as it is known."""
        known = self._known.get(identity.tenant)
        return known is not None and known.has(identity)

    def doubt(self, tenant: str) -> None:
        """The journal was not followed for a while: what is known is read anew then."""
        if (known := self._known.get(tenant)) is not None:
            known.doubts += 1

    def on_entry(self, tenant: str, entry: Entry) -> None:
        """Takes what the journal tells."""
        if entry.transition == "revoke" and (known := self._known.get(tenant)) is not None:
            for event in entry.events:
                known.put(event.fields)
            for tell in self.listeners:
                tell(tenant)

    async def _read(self, tenant: str) -> None:
        if await self._journals.open(tenant) is None:
            return  # there is no such tenant: there is nothing to protect
        known = self._known.setdefault(tenant, _Known())
        doubts, cursor = known.doubts, "0"
        while True:
            page = await self._engine.read(tenant, ListRevoked(cursor=cursor, limit=PAGE))
            for told in page["revoked"] or []:
                known.put(told)
            cursor = page["cursor"]
            if cursor == "0":
                break
        known.read_at = doubts
