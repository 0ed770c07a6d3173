"""Owns what callers may ask of the past: timelines, history, contacts that the store has let go.

A gateway sees what its customer may see. An agent sees the contacts of his queues and those he took
part in; of any other he is told what he would be told of one that does not exist.
"""

import asyncio
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from queues.calls import Admit
from router.api import problems, views
from router.api.archive_schema import HistoryQuery, ReportQuery, TimelineQuery
from router.api.auth import Identity
from router.api.problems import ProblemError, problem
from router.api.roles import Role
from router.archive import fold
from router.archive.archive import Archive
from router.archive.database import ArchiveError
from router.archive.intervals import cut
from router.archive.questions import Known, Questions, Seen, Told, Wanted
from router.archive.reports import Asked, columns, definitions
from router.journal.entry import Key, parse_position

JsonObject = dict[str, Any]
INTERVALS_MAX: Final = 1_000
ARRIVAL_WAIT_S: Final = 1.0
BEGIN: Final = Key(0, 0, -1)
NO_ARCHIVE: Final = problem(404, "unknown-archive", "This installation keeps no archive.")
ARCHIVE_DOWN: Final = problem(503, "archive-down", "The archive does not answer.", retry_after_s=1)
ARCHIVE_BEHIND: Final = problem(
    503, "archive-behind", "The archive does not have that position yet.", retry_after_s=1
)

log = structlog.get_logger()


class Present(Protocol):
    """What is asked of the store."""

    async def contact(self, identity: Identity, contact: str) -> JsonObject:
        """One contact that the caller may see."""
        ...

    async def memberships(self, identity: Identity) -> JsonObject:
        """The queues of an agent, and what he is in each."""
        ...

    async def meant(self, tenant: str, contact: str) -> str:
        """The contact's own id, of one that may be an admission's that attached to it."""
        ...


class Past:
    """Answers questions about one tenant's past, for one caller at a time."""

    def __init__(self, present: Present, archive: Archive | None) -> None:
        """Asks the archive, and the store for what is live and who serves which queue."""
        self._present = present
        self._questions = None if archive is None else Questions(archive.archiver)

    @property
    def is_kept(self) -> bool:
        """Whether there is an archive at all."""
        return self._questions is not None

    @property
    def questions(self) -> Questions:
        """Raises: ProblemError, without an archive."""
        if self._questions is None:
            raise ProblemError(NO_ARCHIVE)
        return self._questions

    async def contact(self, identity: Identity, contact: str) -> JsonObject:
        """One contact, from the store or, when that has let it go, from the archive.

        Raises:
            ProblemError: there is none, or it is not for him.

        """
        try:
            return await self._present.contact(identity, contact)
        except ProblemError as refused:
            if refused.problem != problems.not_found("contact") or self._questions is None:
                raise
        known = await self._known(identity, contact)
        return _shown(identity, known.record) | {"archived": True}

    async def closed(self, identity: Identity, contact: str) -> JsonObject | None:
        """The record of a contact that has ended, as far as the caller may see it; None without.

        Raises:
            ProblemError: the archive does not answer.

        """
        if self._questions is None:
            return None
        try:
            known = await self._known(identity, contact)
        except ProblemError as refused:
            if refused.problem != problems.not_found("contact"):
                raise
            return None
        return known.record if known.record.get("state") == "closed" else None

    async def last_of(self, tenant: str, asked: Admit) -> JsonObject | None:
        """The record of the last contact of the conversation that is asked for, if it has ended.

        Nobody is turned away because the archive does not answer: then there is none.
        """
        if self._questions is None or asked.conversation is None:
            return None
        thread = (asked.customer, asked.channel, asked.conversation)
        try:
            async with asyncio.timeout(ARRIVAL_WAIT_S):
                record = await self._questions.last_of(tenant, *thread)
        except (ArchiveError, TimeoutError) as error:
            log.warning("archive.unasked", tenant=tenant, contact=asked.contact, error=repr(error))
            return None
        if record is None or record.get("state") != "closed":
            return None
        same = (record.get("customer"), record.get("channel"), record.get("conversation"))
        return record if same == thread else None

    async def timeline(self, identity: Identity, contact: str, query: TimelineQuery) -> JsonObject:
        """Every movement of a contact, oldest first, with its instant and who asked for it."""
        await self.wait(identity, query.after)
        is_public = query.view == "customer" or identity.role is Role.GATEWAY
        begin = BEGIN if query.cursor is None else _position("cursor", query.cursor)
        try:
            known = await self._known(identity, contact)
            contact = known.record["id"]
            found = await self.questions.timeline(
                identity.tenant, contact, known.life, begin, query.limit, is_public=is_public
            )
        except ArchiveError:
            raise ProblemError(ARCHIVE_DOWN) from None
        shown = [_entry(identity, told, is_public=is_public) for told in found]
        page: JsonObject = {"contact": contact, "entries": shown}
        if len(found) == query.limit:
            page["cursor"] = _text(found[-1].key)
        return page

    async def history(self, identity: Identity, query: HistoryQuery) -> JsonObject:
        """Earlier contacts of a customer or an address, the newest first."""
        await self.wait(identity, query.after)
        wanted = Wanted(
            query.customer,
            query.address,
            with_hidden=self.may_see_hidden(identity, asked=query.hidden),
        )
        if identity.role is Role.AGENT:
            queues = list(await self._present.memberships(identity))
            wanted = wanted._replace(queues=queues, agent=identity.subject)
        before = None if query.cursor is None else _seen(query.cursor)
        try:
            found = await self.questions.history(identity.tenant, wanted, before, query.limit)
        except ArchiveError:
            raise ProblemError(ARCHIVE_DOWN) from None
        page: JsonObject = {"contacts": [_shown(identity, record) for _, record in found]}
        if len(found) == query.limit:
            last = found[-1][0]
            page["cursor"] = f"{last.arrived}_{last.life}_{last.contact}"
        return page

    async def report(self, identity: Identity, query: ReportQuery) -> JsonObject:
        """What was counted in each interval, with what each number is."""
        await self.wait(identity, query.after)
        zone = zone_of(query.time_zone)
        try:
            intervals = cut(query.interval, query.from_, query.to, zone, INTERVALS_MAX)
        except (ValueError, OverflowError) as error:
            raise problems.bad_field("from", query.from_, str(error)) from None
        asked = Asked(intervals, query.by, query.service_level_ms, query.short_abandon_ms)
        try:
            rows = await self.questions.report(identity.tenant, asked)
        except ArchiveError:
            raise ProblemError(ARCHIVE_DOWN) from None
        return {
            "interval": query.interval,
            "by": query.by,
            "from": intervals[0].begin,
            "to": intervals[-1].end,
            "time_zone": query.time_zone,
            "service_level_ms": query.service_level_ms,
            "short_abandon_ms": query.short_abandon_ms,
            "definitions": definitions(columns(query.by)),
            "rows": rows,
        }

    async def _known(self, identity: Identity, contact: str) -> Known:
        """Raises: ProblemError, when there is none or it is not for him."""
        try:
            known = await self._find(identity, contact)
            if known is None:
                meant = await self._present.meant(identity.tenant, contact)
                known = None if meant == contact else await self._find(identity, meant)
        except ArchiveError:
            raise ProblemError(ARCHIVE_DOWN) from None
        if known is not None and identity.role is Role.AGENT:
            is_his = identity.subject in (known.record.get("owner"), *known.agents)
            if not is_his:
                queues = await self._present.memberships(identity)
                known = known if known.record.get("queue") in queues else None
        if known is None:
            raise ProblemError(problems.not_found("contact"))
        return known

    async def _find(self, identity: Identity, contact: str) -> Known | None:
        with_hidden = identity.role is Role.ADMIN
        return await self.questions.contact(identity.tenant, contact, with_hidden=with_hidden)

    async def wait(self, identity: Identity, after: str | None) -> None:
        """Returns once the archive has the position, if one is named.

        Raises: ProblemError, when it does not come there in time.

        """
        if after is None:
            return
        try:
            has = await self.questions.has(identity.tenant, _position("after", after))
        except ArchiveError:
            raise ProblemError(ARCHIVE_DOWN) from None
        if not has:
            raise ProblemError(ARCHIVE_BEHIND)

    def may_see_hidden(self, identity: Identity, *, asked: bool | None) -> bool:
        """Whether hidden contacts are shown. Raises: ProblemError, when he may not ask."""
        if asked and identity.role is not Role.ADMIN:
            raise ProblemError(problems.forbidden("Hidden contacts are for administrators."))
        return bool(asked)


def _shown(identity: Identity, record: JsonObject) -> JsonObject:
    """A contact of the past; a gateway is not told who had it."""
    view = views.contact(record)
    if identity.role is Role.GATEWAY:
        return views.without(view, views.HANDLED)
    return view


def _entry(identity: Identity, told: Told, *, is_public: bool) -> JsonObject:
    place = {"position": _text(told.key), "at": told.at}
    if is_public:
        shown = fold.for_customer(told.event)
        return place | {"event": {"e": told.event["e"], **views.event(shown)}}
    event = views.event(told.event)
    if identity.role is Role.AGENT:
        event = views.without(event, views.PEERS)
    return place | {"actor": told.actor, "visibility": told.visibility, "event": event}


def _text(key: Key) -> str:
    return f"{key.ms}-{key.seq}.{key.nth}"


def _position(field: str, text: str) -> Key:
    key = parse_position(text)
    if key is None or key.ms >= 2**63 or key.seq >= 2**63:
        raise problems.bad_field(field, text, "a position")
    return key


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name. Raises: ProblemError."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise problems.bad_field("time_zone", name, "a time zone, as Europe/Lisbon") from None


def _seen(text: str) -> Seen:
    arrived, _, rest = text.partition("_")
    life, _, contact = rest.partition("_")
    if not (arrived.isdecimal() and life.isdecimal() and contact) or len(arrived + life) > 20:
        raise problems.bad_field("cursor", text, "the cursor of a page")
    return Seen(int(arrived), contact, int(life))
