"""The demo's gateway: customers come and give up, by HTTP; a socket tells what becomes of them."""

import asyncio

import aiohttp

from router.insight.demo.connection import Connection, Json
from router.insight.demo.ledger import Ledger
from router.insight.demo.people import People

ATTEMPT_S = 1.0
UNAVAILABLE = 503


class Gateway:
    """Brings contacts until it is told to stop, and cancels those whose customers lose patience."""

    def __init__(
        self, http: aiohttp.ClientSession, token: str, people: People, ledger: Ledger, run: str
    ) -> None:
        self.connection = Connection(http, token, self._begin, self._see)
        self._none_live = asyncio.Event()
        self._hang_up = asyncio.Event()
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

    async def end(self, patience_s: float, stop: asyncio.Event) -> None:
        """Waits for the contacts under way to end; when that is long, or stopped, who waits leaves.

        Those whose end was not told are asked for: their records have the last word.
        """
        self._look()
        ways_out = [asyncio.create_task(event.wait()) for event in (self._none_live, stop)]
        await asyncio.wait(ways_out, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        await self._hang_up_all(patience_s)
        self._look()
        await asyncio.wait(ways_out[:1], timeout=patience_s)
        for way_out in ways_out:
            way_out.cancel()
        await self._check_live()

    async def _hang_up_all(self, patience_s: float) -> None:
        """Every customer who still waits leaves; who is just coming comes first."""
        self._hang_up.set()
        if self._customers:
            _, late = await asyncio.wait(self._customers, timeout=patience_s)
            for customer in late:
                customer.cancel()

    async def _check_live(self) -> None:
        for contact in self._ledger.live():
            async with self._http.get(f"/v1/contacts/{contact}", headers=self._headers) as answer:
                record = await answer.json() if answer.status == 200 else {}
            if record.get("state") == "closed":
                self._ledger.end(contact, record["result"])

    def _begin(self, snapshot: Json) -> None:
        del snapshot  # a gateway's is empty

    def _see(self, event: Json) -> None:
        self._ledger.see(event)
        self._look()

    def _look(self) -> None:
        """Keeps `_none_live`: what wakes who waits for the end."""
        if self._ledger.live():
            self._none_live.clear()
        else:
            self._none_live.set()

    async def _customer(self, number: int) -> None:
        """Comes, and gives up when nobody has answered in time."""
        body = self._people.contact(number, self._run)
        patience = self._people.wait(self._people.pace.patience)
        status = await self._post("/v1/contacts", body)
        if status not in (200, 201):
            self._ledger.refuse(body["contact"], status)
            return
        self._ledger.push(body["contact"])
        self._look()
        try:
            async with asyncio.timeout(patience):
                await self._hang_up.wait()
        except TimeoutError:
            pass  # his patience is over
        if self._ledger.is_waiting(body["contact"]):
            await self._cancel(body["contact"], "hung up")

    async def _cancel(self, contact: str, reason: str) -> None:
        body = {"result": "abandoned", "reason": reason}
        await self._post(f"/v1/contacts/{contact}/cancel", body)

    async def _post(self, path: str, body: object) -> int:
        """The status of the answer; sent until there is one, which the contact's id makes safe."""
        while True:
            try:
                async with self._http.post(path, json=body, headers=self._headers) as answer:
                    if answer.status != UNAVAILABLE:
                        return answer.status
            except aiohttp.ClientError:
                pass  # nothing is known of it
            await asyncio.sleep(ATTEMPT_S)
