"""The demo's desktops: each agent answers, serves, transfers, writes up, and takes a break."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import aiohttp

from router.insight.demo.connection import Connection, Json
from router.insight.demo.people import People

LEAVE_S = 3.0


class Desk:
    """One agent at his desktop."""

    def __init__(
        self, http: aiohttp.ClientSession, token: str, agent: str, queues: list[str], people: People
    ) -> None:
        self.agent = agent
        self.connection = Connection(http, token, self._begin, self._see)
        self._queues = queues
        self._people = people
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def leave(self) -> None:
        """Goes home: what he was about to do is dropped."""
        for task in self._tasks.values():
            task.cancel()
        try:
            async with asyncio.timeout(LEAVE_S):
                await self.connection.command("set_state", presence="offline")
                await self.connection.bye()
        except TimeoutError:
            return  # the router is away; his lease runs out

    def _begin(self, snapshot: Json) -> None:
        """At the start, and after a gap: goes on with what the router says he has."""
        self._do("presence", self._get_ready(0.0))
        for work in snapshot["work"]:
            contact = work["contact"]
            rings = [offer["n"] for offer in work["offers"] if offer["agent"] == self.agent]
            if rings:
                self._do(contact, self._answer(contact, rings[0]))
            elif work["state"] == "assigned":
                self._do(contact, self._serve(contact))
            elif work["state"] == "wrap_up":
                self._do(contact, self._write_up(contact))

    def _see(self, event: Json) -> None:
        contact, is_mine = event.get("contact", ""), event.get("agent") == self.agent
        match event["e"]:
            case "offer.made" if is_mine:
                self._do(contact, self._answer(contact, event["offer"]))
            case "offer.revoked" | "offer.expired" if is_mine:
                self._drop(contact)
            case "contact.assigned":
                if is_mine:
                    self._do(contact, self._serve(contact))
                else:
                    self._drop(contact)
            case "contact.wrap_up" if is_mine:
                self._do(contact, self._write_up(contact))
            case "contact.closed":
                self._drop(contact)
            case "agent.state" if event["presence"] == "not_ready":
                self._do("presence", self._get_ready(self._people.wait(self._people.pace.pause)))

    async def _get_ready(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self.connection.command("set_state", presence="ready")

    async def _answer(self, contact: str, offer: int) -> None:
        people = self._people
        if people.happens(people.pace.misses):
            return  # he is not at his desk: the offer expires
        await asyncio.sleep(people.wait(people.pace.thinking))
        refuses = people.happens(people.pace.declines)
        verb, more = ("decline", {"reason": "busy"}) if refuses else ("accept", {})
        await self.connection.command(verb, contact=contact, offer=offer, **more)

    async def _serve(self, contact: str) -> None:
        people = self._people
        await asyncio.sleep(people.work(people.pace.service))
        if people.happens(people.pace.transfers) and await self._transfer(contact):
            # Until somebody accepts it is his; when nobody does, he ends it himself.
            await asyncio.sleep(people.work(people.pace.service))
        await self.connection.command("close", contact=contact, disposition="solved", resolved=True)

    async def _transfer(self, contact: str) -> bool:
        """To a queue, or to somebody who is available; the engine has the last word on that."""
        if self._people.happens(self._people.pace.to_queue):
            target: Json = {"to_queue": self._people.choice(self._queues)}
        else:
            directory = (await self.connection.command("agents")).get("result", {"agents": []})
            others = [
                agent["agent"]
                for agent in directory["agents"]
                if agent["visible"] == "available" and agent["agent"] != self.agent
            ]
            if not others:
                return False
            target = {"to_agent": self._people.choice(others)}
        answer = await self.connection.command("transfer", contact=contact, **target)
        return bool(answer["type"] == "reply")

    async def _write_up(self, contact: str) -> None:
        await asyncio.sleep(self._people.work(self._people.pace.writing_up))
        await self.connection.command("end_wrap_up", contact=contact)

    def _do(self, subject: str, doing: Coroutine[Any, Any, None]) -> None:
        """Does this now about a contact, instead of whatever he was about to do."""
        self._drop(subject)
        self._tasks[subject] = asyncio.create_task(doing)

    def _drop(self, subject: str) -> None:
        if task := self._tasks.pop(subject, None):
            task.cancel()
