"""Owns the questions that callers may ask, and what each role may see of the answer.

An agent sees the contacts he has or is offered, and those of his queues; of any other he is told
what he would be told of one that does not exist.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from router.api import explain, problems, views
from router.api.auth import Identity
from router.api.parameters import AgentQuery, ContactQuery
from router.api.past import Past
from router.api.roles import Role
from router.api.wallboard import Wallboard
from router.archive.archive import Archive
from router.engine.engine import Call, Engine
from router.engine.reply import Outcome
from router.journal.entry import START, Key, parse_position
from router.journal.past import find_offer
from router.queries import (
    ListAgents,
    ListCalendars,
    ListQueues,
    ListWaiting,
    PlaceOfContact,
    PlacesOfContacts,
    Position,
    ViewAgent,
    ViewContact,
    WhyAgent,
    WhyContact,
)
from router.settings import IntakeSettings

ME: Final = "me"
DIRECTORY_PAGE: Final = 200
WAITING_PAGE: Final = 1_000
WaitingState = Literal["queued", "held", "scheduled", "waiting_customer"]
LISTED: Final[tuple[WaitingState, ...]] = ("queued", "held", "scheduled", "waiting_customer")
"""States of which the queues keep lists; the others are found with the agents."""

JsonObject = dict[str, Any]


class Reads:
    """Answers questions about one tenant's state, for one caller at a time."""

    def __init__(
        self, engine: Engine, archive: Archive | None = None, service_level_ms: int = 20_000
    ) -> None:
        """Reads through the engine, and the past from the archive; only walls share answers."""
        self.engine = engine
        self.past = Past(self, archive)
        self.wallboard = Wallboard(self._ask, self.past, service_level_ms)

    async def contact(self, identity: Identity, contact: str) -> JsonObject:
        """One contact that the caller may see.

        Raises:
            ProblemError: there is none, or it is not for him.

        """
        reply = await self._ask(identity.tenant, ViewContact(contact=contact))
        record = reply["contact"]
        if identity.role is Role.AGENT and not await self._is_his(identity, record):
            raise problems.ProblemError(problems.not_found("contact"))
        wait = {name: reply[name] for name in views.WAIT if name in reply}
        return views.contact(record) | wait | {"position": reply["position"]}

    async def meant(self, tenant: str, contact: str) -> str:
        """The contact's own id, of one that may be an admission's that attached to it."""
        reply = await self.engine.read(tenant, ViewContact(contact=contact))
        found = reply.get("contact", contact)
        return str(found["id"] if isinstance(found, dict) else found)

    async def place(self, identity: Identity, contact: str) -> JsonObject:
        """Where a contact stands, for its customer: nothing about agents."""
        return views.place(await self._ask(identity.tenant, PlaceOfContact(contact=contact)))

    async def places(self, identity: Identity, contacts: Sequence[str]) -> JsonObject:
        """Where many contacts stand, each by the id it was asked by; and which are unknown."""
        asked = list(dict.fromkeys(contacts))
        reply = await self._ask(identity.tenant, PlacesOfContacts(contacts=asked))
        found = dict(zip(asked, reply["places"], strict=True))
        return {
            "positions": {name: place for name, place in found.items() if place},
            "contacts_gone": [name for name, place in found.items() if not place],
            "now": reply["now"],
        }

    async def why(self, identity: Identity, contact: str, limit: int) -> JsonObject:
        """Where a contact stands, and why each agent of its queue could or could not take it."""
        asked = WhyContact(contact=contact, limit=limit)
        return explain.contact(await self._ask(identity.tenant, asked))

    async def why_agent(self, identity: Identity, agent: str, limit: int) -> JsonObject:
        """What an agent could take now, and why he gets nothing from each of his lines."""
        return explain.agent(await self._ask(identity.tenant, WhyAgent(agent=agent, limit=limit)))

    async def why_offer(self, identity: Identity, contact: str, number: int) -> JsonObject:
        """Why an offer was made to whom, and how it ended.

        Raises:
            ProblemError: neither the store nor the journal knows of such an offer.

        """
        past = await find_offer(self.engine.store, identity.tenant, contact, number)
        if past.made is None:
            record = (await self._ask(identity.tenant, ViewContact(contact=contact)))["contact"]
            if record["id"] != contact:
                return await self.why_offer(identity, record["id"], number)
            if number > record["offers"]:
                raise problems.ProblemError(problems.not_found("offer"))
        return explain.offer(contact, number, past)

    async def contacts(self, identity: Identity, query: ContactQuery) -> JsonObject:
        """Live contacts: those an agent has or is offered, those of a queue, or all."""
        owner = identity.subject if query.owner == ME else query.owner
        if identity.role is Role.AGENT:
            await self._check_scope(identity, owner, query.queue)
        if owner is not None:
            records = await self._held(identity.tenant, [owner], query)
        else:
            records = await self._of_tenant(identity.tenant, query)
        return {"contacts": [views.contact(record) for record in records[: query.limit]]}

    async def agent(self, identity: Identity, agent: str) -> JsonObject:
        """One agent; with his work for himself and for those who watch."""
        reply = await self._ask(identity.tenant, ViewAgent(agent=agent))
        if identity.role is Role.AGENT and identity.subject != agent:
            return views.peer(reply["agent"])
        view = views.agent_with_work(reply)
        own: JsonObject = view["agent"]
        return own | {"work": view["work"]}

    async def memberships(self, identity: Identity) -> JsonObject:
        """The queues of the agent who asks, and what he is in each."""
        reply = await self._ask(identity.tenant, ViewAgent(agent=identity.subject))
        memberships: JsonObject = reply["agent"]["memberships"] or {}
        return memberships

    async def agents(self, identity: Identity, query: AgentQuery) -> JsonObject:
        """A page of the directory: who is there, and who could take a contact now."""
        asked = ListAgents(queue=query.queue, limit=query.limit, cursor=query.cursor)
        with_work = identity.role is not Role.AGENT
        return views.agents(await self._ask(identity.tenant, asked), with_work=with_work)

    async def queues(self, identity: Identity) -> JsonObject:
        """Every queue with its settings and counts."""
        return views.queues(await self._ask(identity.tenant, ListQueues()))

    async def queue(self, identity: Identity, queue: str) -> JsonObject:
        """One queue with its settings and counts."""
        found: list[JsonObject] = (await self.queues(identity))["queues"]
        for view in found:
            if view["queue"] == queue:
                return view
        raise problems.ProblemError(problems.not_found("queue"))

    async def calendars(self, identity: Identity) -> JsonObject:
        """Every calendar with its settings, and whether it is open now."""
        reply = await self._ask(identity.tenant, ListCalendars())
        return {"calendars": [views.calendar(record) for record in reply["calendars"] or []]}

    async def calendar(self, identity: Identity, calendar: str) -> JsonObject:
        """One calendar."""
        found: list[JsonObject] = (await self.calendars(identity))["calendars"]
        for view in found:
            if view["calendar"] == calendar:
                return view
        raise problems.ProblemError(problems.not_found("calendar"))

    async def wall(self, identity: Identity) -> int:
        """The instant on the wall that the tenant's calendars are held to."""
        reply = await self._ask(identity.tenant, ListCalendars())
        wall: int = reply["wall"]
        return wall

    async def tenant(self, identity: Identity) -> JsonObject:
        """The tenant's settings."""
        reply = await self._ask(identity.tenant, ListQueues())
        return views.outside(reply["tenant"])

    async def subjects(self, identity: Identity, origin: str | None) -> JsonObject:
        """The catalogue of subjects; with an origin, what its contacts may have and must bring."""
        reply = await self._ask(identity.tenant, ListQueues())
        catalogue = reply["tenant"].get("subjects") or {}
        visible = {
            name: {"queue": subject.get("queue") or None, "priority": subject.get("priority")}
            for name, subject in catalogue.items()
            if origin is None or origin in (subject.get("origins") or (origin,))
        }
        if origin is None:
            return {"subjects": visible}
        own = (reply["tenant"]["intake"] or {}).get(origin, {})
        rule = msgspec.to_builtins(IntakeSettings()) | views.outside(own)
        return {"subjects": visible, "intake": rule}

    async def snapshot(self, identity: Identity) -> tuple[Key, JsonObject]:
        """What a reader starts from: an agent his work, a watcher queues and agents.

        Whatever happened before the key is in it; all that came later is told as events.
        """
        tenant = identity.tenant
        if identity.role is Role.AGENT:
            reply = await self._ask(tenant, ViewAgent(agent=identity.subject))
            return _place(reply), views.agent_with_work(reply)
        place = await self._ask(tenant, Position())
        if identity.role is Role.GATEWAY:
            return _place(place), {}
        state = await self.queues(identity)
        directory = await self._directory(tenant, None)
        return _place(place), state | {"directory": [views.outside(agent) for agent in directory]}

    async def _ask(self, tenant: str, query: Call) -> JsonObject:
        reply = await self.engine.read(tenant, query)
        match reply["outcome"]:
            case Outcome.OK:
                return reply
            case Outcome.UNKNOWN:
                raise problems.ProblemError(problems.not_found(reply["what"]))
            case _:
                raise problems.ProblemError(problems.not_found("tenant"))

    async def _is_his(self, identity: Identity, record: JsonObject) -> bool:
        agent = identity.subject
        rung = [offer["agent"] for offer in record.get("ringing") or ()]
        consulted = (record.get("consult") or {}).get("agent")
        if agent in (record.get("owner"), consulted, *rung):
            return True
        return await self._serves(identity, record["queue"])

    async def _serves(self, identity: Identity, queue: str) -> bool:
        return queue in await self.memberships(identity)

    async def _check_scope(self, identity: Identity, owner: str | None, queue: str | None) -> None:
        """An agent lists his own contacts, or those of a queue that is his."""
        if owner == identity.subject:
            return
        if owner is None and queue is not None and await self._serves(identity, queue):
            return
        detail = "An agent lists his own contacts (owner=me) or those of his queues (queue=)."
        raise problems.ProblemError(problems.forbidden(detail))

    async def _of_tenant(self, tenant: str, query: ContactQuery) -> list[JsonObject]:
        found: list[JsonObject] = []
        for state in LISTED:
            if query.state in (None, state) and len(found) < query.limit:
                found.extend(await self._waiting(tenant, query, state))
        if query.state not in LISTED and len(found) < query.limit:
            directory = await self._directory(tenant, None)
            busy = [agent["agent"] for agent in directory if agent["work"]]
            held = await self._held(tenant, busy, query)
            found.extend(record for record in held if record["state"] not in LISTED)
        return found

    async def _waiting(
        self, tenant: str, query: ContactQuery, state: WaitingState
    ) -> list[JsonObject]:
        if query.queue is not None:
            names = [query.queue]
        else:
            reply = await self._ask(tenant, ListQueues())
            names = [queue["queue"] for queue in reply["queues"] or []]
        found: list[JsonObject] = []
        for name in names:
            offset = 0
            while len(found) < query.limit:
                asked = ListWaiting(queue=name, state=state, offset=offset, limit=WAITING_PAGE)
                page = (await self._ask(tenant, asked))["contacts"] or []
                found.extend(record for record in page if _matches(record, query))
                offset += WAITING_PAGE
                if len(page) < WAITING_PAGE:
                    break
        return found

    async def _held(self, tenant: str, agents: list[str], query: ContactQuery) -> list[JsonObject]:
        """Contacts that these agents have or are offered; each once."""
        found: dict[str, JsonObject] = {}
        for start in range(0, len(agents), DIRECTORY_PAGE):
            page = agents[start : start + DIRECTORY_PAGE]
            replies = await asyncio.gather(*(self._ask(tenant, ViewAgent(agent=a)) for a in page))
            for reply in replies:
                for record in reply["work"] or []:
                    if _matches(record, query):
                        found[record["id"]] = record
            if len(found) >= query.limit:
                break
        return list(found.values())

    async def _directory(self, tenant: str, queue: str | None) -> list[JsonObject]:
        found: list[JsonObject] = []
        cursor = None
        while True:
            asked = ListAgents(queue=queue, limit=DIRECTORY_PAGE, cursor=cursor)
            reply = await self._ask(tenant, asked)
            found.extend(reply["agents"] or [])
            cursor = reply.get("cursor")
            if cursor is None:
                return found


def _place(reply: JsonObject) -> Key:
    return parse_position(reply["position"]) or START


def _matches(record: JsonObject, query: ContactQuery) -> bool:
    return (
        (query.queue is None or record["queue"] == query.queue)
        and (query.state is None or record["state"] == query.state)
        and (query.origin is None or record["origin"] == query.origin)
    )
