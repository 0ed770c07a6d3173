"""What a call answers, with types. Pure."""

from enum import StrEnum
from typing import Any, TypeVar

import msgspec


class ReplyError(Exception):
    """A function answered something that its contract does not allow: a bug."""


class Outcome(StrEnum):
    """How a call ended; every one but OK and PENDING changed nothing by itself."""

    OK = "ok"
    PENDING = "pending"
    NO_TENANT = "no_tenant"
    BAD_CLOCK = "bad_clock"
    KEY_REUSED = "key_reused"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    NOT_MEMBER = "not_member"
    MISSING_FIELDS = "missing_fields"
    BAD_SUBJECT = "bad_subject"
    NOT_ACCEPTED = "not_accepted"
    REFUSED = "refused"
    TOO_MANY_LINES = "too_many_lines"
    LOOP = "loop"
    TOO_FAR = "too_far"
    LOCKED = "locked"
    CLOSED = "closed"
    NOT_SCHEDULED = "not_scheduled"
    IS_CALLBACK = "is_callback"
    NO_CALLBACK = "no_callback"
    ENDED = "ended"
    NOT_WAITING = "not_waiting"
    TAKEN = "taken"
    PUSH_ONLY = "push_only"
    NOT_ALLOWED = "not_allowed"
    NOT_YOURS = "not_yours"
    GONE = "gone"
    STALE_SESSION = "stale_session"
    NOT_ASSIGNED = "not_assigned"
    TRANSFER_PENDING = "transfer_pending"
    NOT_AVAILABLE = "not_available"
    CONSULTING = "consulting"
    NOT_CONSULTING = "not_consulting"
    NOT_IN_WRAP_UP = "not_in_wrap_up"
    TOO_EARLY = "too_early"
    BAD_DISPOSITION = "bad_disposition"
    BAD_REASON = "bad_reason"
    NOT_ENDED = "not_ended"
    SCORED = "scored"
    TOO_MANY = "too_many"
    NOT_CONNECTED = "not_connected"
    STALE = "stale"
    SUPERSEDED = "superseded"
    BLOCKED = "blocked"
    TOO_MANY_CHANGES = "too_many_changes"
    LOGGED_OFF = "logged_off"
    HEALTHY = "healthy"
    UNREPAIRABLE = "unrepairable"


class OfferMade(msgspec.Struct, frozen=True):
    """A pending offer of the contact that a call was about; `deadline` in tenant-clock ms."""

    n: int
    agent: str
    deadline: int


class Obstacle(msgspec.Struct, frozen=True):
    """Why one of several changes of settings can not be made; `n` is its place, from 0.

    `what` and `name` are what it needs and is not there, or what still names it; with `loop`,
    `what` is the setting that begins a circle, and `path` the queues on it; `names` are some of
    the queues that use a calendar.
    """

    n: int
    kind: str
    id: str
    why: str
    what: str = ""
    name: str = ""
    names: list[str] = []
    path: list[str] = []


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a call.

    `now` and `next` (the earliest known timer, possibly too early) are tenant-clock ms; `position`
    is the journal's entry when the call wrote one. The rest is there for the calls that tell it.
    """

    outcome: Outcome
    now: int | None = None
    next: int | None = None
    position: str | None = None
    repeated: bool = False
    state: str | None = None
    unreachable: bool = False
    offers: list[OfferMade] = []
    what: str | None = None
    fields: list[str] = []
    codes: list[str] = []
    verdict: str | None = None
    until: int | None = None
    why: str | None = None
    queue: str | None = None
    path: list[str] = []
    taken_by: str | None = None
    since: int | None = None
    version: int | None = None
    hash: str | None = None
    problems: list[Obstacle] = []
    resumed: bool = False
    epoch: int | None = None
    opens_at: int | None = None
    callback: bool = False
    gone: list[tuple[str, str, str]] = []
    contacts_gone: list[str] = []
    fork: str | None = None
    contact: str | None = None
    attached: bool = False
    wrong: list[str] = []
    more: bool = False
    events: list[dict[str, Any]] = []

    @property
    def is_ok(self) -> bool:
        """True when the call did what it was asked, now or later (`pending`)."""
        return self.outcome in (Outcome.OK, Outcome.PENDING)


T = TypeVar("T")
_reply_decoder = msgspec.msgpack.Decoder(Reply)


def decode_reply(blob: bytes) -> Reply:
    """Raises: ReplyError when the blob is not what a transition may answer."""
    try:
        return _reply_decoder.decode(blob)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReplyError(f"a transition's reply is not understood: {error}") from error


def decode_map(blob: bytes) -> dict[str, Any]:
    """The answer to a query. An empty Lua table has no kind, so {} may stand where [] is meant."""
    try:
        return msgspec.msgpack.decode(blob, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReplyError(f"a query's reply is not understood: {error}") from error
