"""The typed queries: what can be read of a tenant's state, as data. Pure.

A query names its function and carries its arguments; `router.engine` is the one place that sends
it. Queries change nothing.
"""

from typing import Any, ClassVar, Literal

import msgspec


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """The journal's end and the epoch that it belongs to."""

    transition: ClassVar[str] = "position"


class ViewContact(msgspec.Struct, frozen=True, kw_only=True):
    """One contact's record."""

    transition: ClassVar[str] = "view_contact"
    contact: str


class PlaceOfContact(msgspec.Struct, frozen=True, kw_only=True):
    """Where one contact stands and how long it will wait, without any agent's data."""

    transition: ClassVar[str] = "place_of_contact"
    contact: str


class PlacesOfContacts(msgspec.Struct, frozen=True, kw_only=True):
    """The same of many contacts, in the order asked; false for those that are unknown."""

    transition: ClassVar[str] = "places_of_contacts"
    contacts: list[str]


class ViewAgent(msgspec.Struct, frozen=True, kw_only=True):
    """One agent with his work, as of a position in the journal."""

    transition: ClassVar[str] = "view_agent"
    agent: str


class ListAgents(msgspec.Struct, frozen=True, kw_only=True):
    """The directory in pages by id; of one queue when it is named."""

    transition: ClassVar[str] = "list_agents"
    queue: str | None = None
    limit: int
    cursor: str | None = None


class CountAgents(msgspec.Struct, frozen=True, kw_only=True):
    """How many agents of each queue are ready, busy, not ready and offline, of a page by id."""

    transition: ClassVar[str] = "count_agents"
    limit: int
    cursor: str | None = None


class CountQueues(msgspec.Struct, frozen=True, kw_only=True):
    """How the queues stand, in pages by id, and how many agents declared what."""

    transition: ClassVar[str] = "count_queues"
    limit: int
    cursor: str | None = None


class ListQueues(msgspec.Struct, frozen=True, kw_only=True):
    """Every queue with its settings and counts, the agents' counts and the tenant's settings."""

    transition: ClassVar[str] = "list_queues"


class ListVersions(msgspec.Struct, frozen=True, kw_only=True):
    """The versions of the configuration that are kept, newest first, those below one of them.

    `whole` brings the objects before and after each change.
    """

    transition: ClassVar[str] = "list_versions"
    limit: int
    below: int | None = None
    whole: bool = False


class ListCalendars(msgspec.Struct, frozen=True, kw_only=True):
    """Every calendar with its settings and hours, and the store's instant on the wall."""

    transition: ClassVar[str] = "list_calendars"


class ListFiled(msgspec.Struct, frozen=True, kw_only=True):
    """What the file last said of objects, in pages; `cursor` is "0" at first and after the last."""

    transition: ClassVar[str] = "list_filed"
    cursor: str = "0"
    limit: int


class ListRevoked(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens that were taken back, in pages; `cursor` is "0" at first and after the last."""

    transition: ClassVar[str] = "list_revoked"
    cursor: str = "0"
    limit: int


class ListWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """Who waits in a queue, is held, scheduled or asked something there, in pages by rank."""

    transition: ClassVar[str] = "list_waiting"
    queue: str
    state: Literal["queued", "held", "scheduled", "waiting_customer"] = "queued"
    offset: int = 0
    limit: int


class WhyAgent(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent could take, and for each line that he serves why he gets nothing from it."""

    transition: ClassVar[str] = "why_agent"
    agent: str
    limit: int


class WhyContact(msgspec.Struct, frozen=True, kw_only=True):
    """Where a contact stands, and for each agent of its queue why he could or could not take it."""

    transition: ClassVar[str] = "why_contact"
    contact: str
    limit: int


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the tenant's keys with their types, or of the names in one of them (`of`)."""

    transition: ClassVar[str] = "survey"
    cursor: str
    limit: int
    of: str | None = None


class Examine(msgspec.Struct, frozen=True, kw_only=True):
    """All that belongs to some things, as of one instant; `subjects` are {kind, id, places}.

    `since` is a position: what the journal names from there on is looked at too, and the counters.
    """

    transition: ClassVar[str] = "examine"
    subjects: list[dict[str, Any]]
    since: str | None = None
