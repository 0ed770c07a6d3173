"""What a story is played on: a tenant of its own on a running router, reached by clients."""

import asyncio
from collections.abc import Callable
from typing import Any, Self

import aiohttp
import msgspec

from router.api.roles import Role
from router.insight.demo.connection import Connection, Json

PATIENCE_S = 10.0


class StoryError(Exception):
    """Something went another way than the story tells; the text says what."""


class Scene:
    """The people of a story and what they do; `tell` gets each sentence of it."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        token: Callable[[Role, str], str],
        tell: Callable[[str], None],
    ) -> None:
        """`token` signs for a role and a name in the story's tenant."""
        self.tell = tell
        self._http = http
        self._token = token
        self._persons: list[Person] = []

    async def asks(
        self, role: Role, method: str, path: str, body: Json | None = None, *, who: str = "story"
    ) -> Json:
        """The answer to a request. Raises: StoryError when it is refused."""
        status, answer = await self._request(role, who, method, path, body)
        hold(status < 300, f"{method} {path} was refused", answer)
        return answer

    async def is_refused(
        self, role: Role, method: str, path: str, body: Json | None = None, *, who: str = "story"
    ) -> Json:
        """The problem with which a request is refused. Raises: StoryError when it is not."""
        status, answer = await self._request(role, who, method, path, body)
        hold(status >= 400, f"{method} {path} was not refused", answer)
        return answer

    async def furnish(self, tenant: Json, queues: Json, agents: Json) -> None:
        """Makes the tenant with its queues and agents."""
        await self.asks(Role.ADMIN, "PUT", "/v1/tenant", tenant)
        for queue, settings in queues.items():
            await self.asks(Role.ADMIN, "PUT", f"/v1/queues/{queue}", settings)
        for agent, definition in agents.items():
            await self.asks(Role.ADMIN, "PUT", f"/v1/agents/{agent}", definition)

    async def brings(self, contact: str, **more: Any) -> Json:
        """A gateway pushes a contact."""
        return await self.asks(Role.GATEWAY, "POST", "/v1/contacts", {"contact": contact} | more)

    async def record(self, contact: str) -> Json:
        """The contact as a supervisor sees it."""
        return await self.asks(Role.SUPERVISOR, "GET", f"/v1/contacts/{contact}")

    async def arrives(self, name: str, role: Role = Role.AGENT, **hello: Any) -> "Person":
        """Somebody opens his desktop."""
        person = Person(self._http, self._token(role, name), name, hello)
        self._persons.append(await person.open())
        return person

    async def end(self) -> None:
        """Everybody goes home."""
        for person in self._persons:
            await person.leave()

    async def _request(
        self, role: Role, who: str, method: str, path: str, body: Json | None
    ) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {self._token(role, who)}"}
        async with self._http.request(method, path, json=body, headers=headers) as answer:
            return answer.status, msgspec.json.decode(await answer.read())


class Person:
    """Somebody at a desktop, on a WebSocket: what he does, and what he sees."""

    def __init__(self, http: aiohttp.ClientSession, token: str, name: str, hello: Json) -> None:
        self.name = name
        self.snapshot: Json = {}
        self._seen: asyncio.Queue[Json] = asyncio.Queue()
        self._connection = Connection(http, token, self._begin, self._seen.put_nowait, hello=hello)
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> Self:
        """Connects. Raises: StoryError when he is not welcomed."""
        self._task = asyncio.create_task(self._connection.run())
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._connection.is_welcome.wait()
        except TimeoutError:
            raise StoryError(f"{self.name} was not welcomed") from None
        return self

    async def does(self, command: str, **args: Any) -> Json:
        """The reply to a command. Raises: StoryError when it is refused."""
        answer = await self._connection.command(command, **args)
        hold(answer["type"] == "reply", f"{self.name} was refused: {command} {args}", answer)
        return answer

    async def is_refused(self, command: str, **args: Any) -> Json:
        """The problem with which a command is refused. Raises: StoryError when it is not."""
        answer = await self._connection.command(command, **args)
        hold(answer["type"] == "problem", f"{self.name} was not refused: {command} {args}", answer)
        problem: Json = answer["problem"]
        return problem

    async def sees(self, event: str, **fields: Any) -> Json:
        """The next event of this name with these fields. Raises: StoryError when none comes."""
        wanted = {"e": event} | fields
        passed: list[str] = []
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not wanted.items() <= (seen := await self._seen.get()).items():
                    passed.append(seen["e"])
        except TimeoutError:
            raise StoryError(f"{self.name} did not see {wanted}, but {passed}") from None
        return seen

    async def leave(self) -> None:
        """Closes the desktop; his session ends at once."""
        if self._task is None or self._task.done():
            return
        await self._connection.bye()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _begin(self, snapshot: Json) -> None:
        self.snapshot = snapshot


def hold(is_so: object, what: str, seen: object) -> None:
    """Raises: StoryError when it is not so, with what was seen."""
    if not is_so:
        raise StoryError(f"{what}: {seen}")
