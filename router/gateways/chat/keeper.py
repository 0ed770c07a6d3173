"""Owns what is done again and again: leases of contacts whose customers are there, and places.

A contact whose customer's last page has been gone for long is not named any more, and its lease,
which the router keeps, ends it. What waits for its customer is named though he is away.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog

from router.gateways.chat.catalogue import Catalogue
from router.gateways.chat.chats import Chat, Chats
from router.gateways.chat.refusals import Refusal
from router.gateways.chat.transcript import Phase
from router.gateways.chat.upstream import Json, Router

UP_WITHIN_S: Final = 60.0
KEEP_S: Final = (0.05, 20.0)
NAMED_MAX: Final = 1_000
ASKED_MAX: Final = 200
LISTED_MAX: Final = "1000"

log = structlog.get_logger()


class Keeper:
    """Names live contacts to the router, and asks for the places of those who wait."""

    def __init__(
        self,
        router: Router,
        catalogue: Catalogue,
        chats: Chats,
        *,
        origin: str,
        absent_ms: int,
        place_ms: int,
        clock: Callable[[], float],
    ) -> None:
        """Nothing runs before `start`."""
        self._router = router
        self._catalogue = catalogue
        self._chats = chats
        self._origin = origin
        self._absent_s = absent_ms / 1_000
        self._place_s = place_ms / 1_000
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []
        self._knows_those_there = False

    def start(self) -> None:
        """Begins; `close` ends it."""
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._for_ever(self._keep), name="chat-leases"),
            loop.create_task(self._for_ever(self._show_places), name="chat-places"),
        ]

    async def close(self) -> None:
        """Ends what runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _for_ever(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        stream = self._chats.stream
        while True:
            try:
                await stream.wait_up(UP_WITHIN_S)
                await work()
            except Refusal:
                await asyncio.sleep(self._place_s)  # the router is away; it has been logged
            except Exception:  # the keeper's watchdog: a bug is logged, and the rest goes on
                log.exception("chat.keeper_failed")
                await asyncio.sleep(self._place_s)

    async def _know_those_there(self) -> None:
        """Conversations of an earlier life of this process: their customers may be on the way."""
        query = {"origin": self._origin, "limit": LISTED_MAX}
        found = await self._router.ask("GET", "/v1/contacts", query=query)
        for record in found["contacts"]:
            self._chats.know(record["contact"], record["state"])
        self._knows_those_there = True

    async def _keep(self) -> None:
        """Names who is there, and lets go of conversations that nobody looks at."""
        if not self._knows_those_there:
            await self._know_those_there()
        await self._catalogue.options()
        least_s, most_s = KEEP_S
        lease_s = self._catalogue.lease_ms / 1_000
        named = [chat.contact for chat in self._chats.all() if self._is_there(chat)]
        if lease_s > 0:
            named += await self._awaited()
            for first in range(0, len(named), NAMED_MAX):
                body = {"contacts": named[first : first + NAMED_MAX]}
                await self._router.ask("POST", "/v1/keep-alive", body)
        for chat in self._chats.all():
            if self._is_away(chat):
                self._chats.forget(chat)
        await asyncio.sleep(min(max(lease_s / 3, least_s), most_s) if lease_s else most_s)

    async def _awaited(self) -> list[str]:
        """Contacts whose customers were asked something, and may take their time to answer."""
        query = {"origin": self._origin, "state": "waiting_customer", "limit": LISTED_MAX}
        found = await self._router.ask("GET", "/v1/contacts", query=query)
        return [record["contact"] for record in found["contacts"]]

    def _is_away(self, chat: Chat) -> bool:
        """Whether nobody has looked at it for long."""
        is_long = self._clock() - chat.absent_since > self._absent_s
        return is_long and not chat.browsers and chat.loading is None

    def _is_there(self, chat: Chat) -> bool:
        return not chat.is_over and not self._is_away(chat)

    async def _show_places(self) -> None:
        """Asks for everybody who waits, many at once."""
        waiting = [(chat.contact, chat) for chat in self._chats.all() if self._waits(chat)]
        for first in range(0, len(waiting), ASKED_MAX):
            some = waiting[first : first + ASKED_MAX]
            body = {"contacts": [contact for contact, _ in some]}
            found = (await self._router.ask("POST", "/v1/positions", body))["positions"]
            for contact, chat in some:
                if chat.contact == contact and self._waits(chat) and contact in found:
                    self._show_place(chat, found[contact])
        await asyncio.sleep(self._place_s)

    def _waits(self, chat: Chat) -> bool:
        return bool(chat.browsers) and chat.transcript.phase is Phase.WAITING

    def _show_place(self, chat: Chat, place: Json) -> None:
        names = ("place", "estimated_wait_ms")
        chat.place = {name: place[name] for name in names if place.get(name) is not None}
        self._chats.tell(chat)
