"""The demo's gateway: customers come and give up, over HTTP; a socket tells what becomes of them."""

import asyncio

import aiohttp

from router.insight.demo.connection import Connection
from router.insight.demo.ledger import Ledger
from router.insight.demo.people import People

ATTEMPT_S = 1.0


class Gateway:
    """Brings contacts until it is told to stop, and cancels those whose customers lose patience."""

    def __init__(
        self, http: aiohttp.ClientSession, token: str, people: People, ledger: Ledger, run: str
    ) -> None:
        self.connection = Connection(http, token, lambda _: None, ledger.see)
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self._people = people
        self._ledger = ledger
        self._run = run
        self._customers: set[asyncio.Task[None]] = set()

    async def bring(self, most: int | None, stop: asyncio.Event) -> None:
        """Contacts at random instants, until there are enough or `stop` is set."""
        number = 0
        while (most is None or number < most) and not stop.is_set():
            number += 1
            customer = asyncio.create_task(self._customer(number))
            self._customers.add(customer)
            customer.add_done_callback(self._customers.discard)
            gap = self._people.wait(self._people.pace.between_contacts)
            try:
                async with asyncio.timeout(gap):
                    await stop.wait()
            except TimeoutError:
                continue

    async def hang_up_all(self) -> None:
        """Every customer who still waits leaves."""
        for customer in tuple(self._customers):
            customer.cancel()
        await asyncio.gather(*self._customers, return_exceptions=True)
        for contact in self._ledger.live():
            if self._ledger.is_waiting(contact):
                await self._cancel(contact, "demo ended")

    async def check_live(self) -> None:
        """Asks for those whose end was not told: their records have the last word."""
        for contact in self._ledger.live():
            async with self._http.get(f"/v1/contacts/{contact}", headers=self._headers) as answer:
                record = await answer.json() if answer.status == 200 else {}
            if record.get("state") == "closed":
                self._ledger.end(contact, record["result"])

    async def _customer(self, number: int) -> None:
        """Comes, and gives up when nobody has answered in time."""
        body = self._people.contact(number, self._run)
        patience = self._people.wait(self._people.pace.patience)
        # Sent again when no answer came: the contact's own id makes that safe.
        while await self._post("/v1/contacts", body) is None:
            await asyncio.sleep(ATTEMPT_S)
        self._ledger.push(body["contact"])
        await asyncio.sleep(patience)
        if self._ledger.is_waiting(body["contact"]):
            await self._cancel(body["contact"], "hung up")

    async def _cancel(self, contact: str, reason: str) -> None:
        path = f"/v1/contacts/{contact}/cancel"
        while await self._post(path, {"result": "abandoned", "reason": reason}) is None:
            await asyncio.sleep(ATTEMPT_S)

    async def _post(self, path: str, body: object) -> int | None:
        """The status of the answer; None when nothing is known of it, or the store is away."""
        try:
            async with self._http.post(path, json=body, headers=self._headers) as answer:
                return None if answer.status == 503 else answer.status
        except aiohttp.ClientError:
            return None
