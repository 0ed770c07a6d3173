"""Owns how questions over HTTP are put to the reads: one function for each operation that reads."""

from typing import Any

from router.api.auth import Identity
from router.api.reads import Reads


async def contacts(reads: Reads, who: Identity, _path: Any, query: Any) -> dict[str, Any]:
    """A list of live contacts."""
    return await reads.contacts(who, query)


async def subjects(reads: Reads, who: Identity, _path: Any, query: Any) -> dict[str, Any]:
    """The catalogue of subjects."""
    return await reads.subjects(who, query.origin)


async def contact(reads: Reads, who: Identity, path: Any, _query: Any) -> dict[str, Any]:
    """One contact."""
    return await reads.past.contact(who, path.contact)


async def timeline(reads: Reads, who: Identity, path: Any, query: Any) -> dict[str, Any]:
    """What happened to a contact."""
    return await reads.past.timeline(who, path.contact, query)


async def history(reads: Reads, who: Identity, _path: Any, query: Any) -> dict[str, Any]:
    """Earlier contacts of a customer."""
    return await reads.past.history(who, query)


async def place(reads: Reads, who: Identity, path: Any, _query: Any) -> dict[str, Any]:
    """Where a contact stands in its line."""
    return await reads.place(who, path.contact)


async def places(reads: Reads, who: Identity, body: Any) -> dict[str, Any]:
    """Where many contacts stand."""
    return await reads.places(who, body.contacts)


async def why(reads: Reads, who: Identity, path: Any, query: Any) -> dict[str, Any]:
    """Why a contact waits."""
    return await reads.why(who, path.contact, query.limit)


async def why_offer(reads: Reads, who: Identity, path: Any, _query: Any) -> dict[str, Any]:
    """Why an offer was made."""
    return await reads.why_offer(who, path.contact, path.offer)


async def why_agent(reads: Reads, who: Identity, path: Any, query: Any) -> dict[str, Any]:
    """Why an agent gets nothing."""
    return await reads.why_agent(who, path.agent, query.limit)


async def agents(reads: Reads, who: Identity, _path: Any, query: Any) -> dict[str, Any]:
    """A page of the directory."""
    return await reads.agents(who, query)


async def agent(reads: Reads, who: Identity, path: Any, _query: Any) -> dict[str, Any]:
    """One agent with his work."""
    return await reads.agent(who, path.agent)


async def queues(reads: Reads, who: Identity, _path: Any, _query: Any) -> dict[str, Any]:
    """Every queue."""
    return await reads.queues(who)


async def wall(reads: Reads, who: Identity, _path: Any, query: Any) -> dict[str, Any]:
    """Every queue as a wall shows it."""
    return await reads.wallboard.look(who.tenant, query)


async def queue(reads: Reads, who: Identity, path: Any, _query: Any) -> dict[str, Any]:
    """One queue."""
    return await reads.queue(who, path.queue)


async def tenant(reads: Reads, who: Identity, _path: Any, _query: Any) -> dict[str, Any]:
    """The tenant's settings."""
    return await reads.tenant(who)
