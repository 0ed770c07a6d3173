"""Owns the inbox's questions: who may ask for what, and how it is said in a request.

The archive answers them, a moment behind the store: `position` says as of when, and who has just
done something asks with `after` to find it.
"""

from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from queues.settings import Id
from router.api import problems, views
from router.api.archive_schema import Position
from router.api.auth import Identity
from router.api.operation import Operation
from router.api.parameters import Names
from router.api.past import ARCHIVE_DOWN
from router.api.reads import ME, Reads
from router.api.roles import Role
from router.archive.database import ArchiveError
from router.archive.inbox import BadCursorError, Wish

STATES: Final = (
    *("scheduled", "held", "queued", "offered", "assigned", "waiting_customer", "wrap_up"),
    "closed",
)
OPEN: Final = "open"
OTHERS: Final = "others"
NONE: Final = "none"

Text = Annotated[str, Meta(min_length=1, max_length=256)]
States = Annotated[
    str, Meta(max_length=200, description=f"some of {', '.join(STATES)}, with commas; or `{OPEN}`")
]


class InboxQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which contacts to list; all that is said must hold."""

    state: States = ""
    queue: Names | None = None
    owner: (
        Annotated[Id, Meta(description="who has it: `me`, `none`, `others`, or an agent's id")]
        | None
    ) = None
    participant: (
        Annotated[
            Id,
            Meta(description="who ever had or answered it: `me`, `others`, or an agent's id"),
        ]
        | None
    ) = None
    waiting: (
        Annotated[Literal["us", "customer", "nobody"], Meta(description="whose turn it is")] | None
    ) = None
    customer: Text | None = None
    address: Text | None = None
    conversation: Text | None = None
    channel: Id | None = None
    origin: Id | None = None
    subject: Text | None = None
    text: Annotated[str, Meta(max_length=256, description="whole words of the subject")] = ""
    hidden: Annotated[bool, Meta(description="hidden ones too; for administrators")] | None = None
    sort: Literal["newest", "oldest", "due"] = "newest"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=400)] | None = None
    after: Position | None = None


class CountQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose open contacts to count."""

    queue: Names | None = None
    after: Position | None = None


async def inbox(reads: Reads, who: Identity, query: InboxQuery) -> dict[str, Any]:
    """A page of the contacts that are asked for.

    Raises:
        ProblemError: he may not ask for them, or the archive does not answer.

    """
    past = reads.past
    with_hidden = past.may_see_hidden(who, asked=query.hidden)
    wish = await _wish(reads, who, query)
    await past.wait(who, query.after)
    try:
        page, as_of = await past.questions.inbox(
            who.tenant, wish, limit=query.limit, cursor=query.cursor, with_hidden=with_hidden
        )
    except BadCursorError:
        expected = "the cursor of a page in the same order"
        raise problems.bad_field("cursor", query.cursor, expected) from None
    except ArchiveError:
        raise problems.ProblemError(ARCHIVE_DOWN) from None
    contacts = [views.contact(record) for record in page.records]
    return {"contacts": contacts, "cursor": page.cursor, "position": as_of}


async def counts(reads: Reads, who: Identity, query: CountQuery) -> dict[str, Any]:
    """How many contacts are open, and whose they are.

    Raises:
        ProblemError: he may not ask for them, or the archive does not answer.

    """
    past = reads.past
    queues = await _scope(reads, who, query.queue)
    await past.wait(who, query.after)
    me = who.subject if who.role is Role.AGENT else None
    try:
        found, as_of = await past.questions.counts(who.tenant, queues, me)
    except ArchiveError:
        raise problems.ProblemError(ARCHIVE_DOWN) from None
    return {"open": found, "position": as_of}


async def _wish(reads: Reads, who: Identity, query: InboxQuery) -> Wish:
    owner = who.subject if query.owner == ME else query.owner
    queues = None
    if who.role is not Role.AGENT or query.owner != ME or query.queue is not None:
        queues = await _scope(reads, who, query.queue)
    participant = who.subject if query.participant == ME else query.participant
    return Wish(
        states=_states(query.state),
        queues=queues,
        owner={NONE: "", OTHERS: None}.get(owner or "", owner),
        owner_not=who.subject if owner == OTHERS else None,
        participant=None if participant == OTHERS else participant,
        participant_not=who.subject if participant == OTHERS else None,
        customer=query.customer,
        address=query.address,
        conversation=query.conversation,
        channel=query.channel,
        origin=query.origin,
        subject=query.subject,
        text=query.text,
        waiting=query.waiting,
        sort=query.sort,
    )


def _states(told: str) -> tuple[str, ...]:
    if told == OPEN:
        return STATES[:-1]
    names = tuple(told.split(",")) if told else ()
    for name in names:
        if name not in STATES:
            expected = f"`{OPEN}`, or some of {', '.join(STATES)}, with commas"
            raise problems.bad_field("state", told, expected)
    return names


async def _scope(reads: Reads, who: Identity, told: str | None) -> tuple[str, ...] | None:
    """The queues to look at: an agent's are those that he serves.

    Raises:
        ProblemError: one is named that is not his.

    """
    named = None if told is None else tuple(dict.fromkeys(told.split(",")))
    if who.role is not Role.AGENT:
        return named
    his = tuple(await reads.memberships(who))
    if named is None:
        return his
    if foreign := [queue for queue in named if queue not in his]:
        detail = f"An agent sees the contacts of his queues; {foreign[0]} is none of them."
        raise problems.ProblemError(problems.forbidden(detail))
    return named


async def _list(reads: Reads, who: Identity, _path: Any, query: InboxQuery) -> dict[str, Any]:
    return await inbox(reads, who, query)


async def _count(reads: Reads, who: Identity, _path: Any, query: CountQuery) -> dict[str, Any]:
    return await counts(reads, who, query)


INBOX: Final[tuple[Operation, ...]] = (
    Operation(
        "list_inbox",
        "GET",
        "/v1/inbox",
        "Contacts by what is asked for, closed ones too, in pages; an agent's are of his queues.",
        query_type=InboxQuery,
        answer=_list,
    ),
    Operation(
        "count_inbox",
        "GET",
        "/v1/inbox/counts",
        "How many contacts are open: by queue, state, and whose they are (me, others, nobody).",
        query_type=CountQuery,
        answer=_count,
    ),
)
