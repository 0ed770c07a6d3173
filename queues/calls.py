"""The typed calls of the transitions that queues own, as data. Pure.

A call names its transition and carries its arguments; `router.engine` is the one place that sends
it. Fields are the `args` of the Lua header of the same name, which a test holds them to.
"""

from typing import Any, ClassVar, Literal

import msgspec


class Admit(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway brings a contact under its own id.

    The agent must meet all `requirements`, and one alternative of each clause of `any_of`.
    `target_ms` is the contact's own, instead of its queue's. The same id with the same content
    (`fp`) answers the same again; other content is a conflict.
    `relax` asks less as the wait goes on: a list of {"after_ms"} with at least one of
    "requirements", "any_of", "drop" and "lower".
    With `agents`, the contact waits up to `agent_wait_ms` for these alone, the first of them
    preferred, then in the queue, or in `backup_queue`.
    With `conversation`, at most one contact of the customer, channel and conversation is open: the
    admission attaches to that one (`attached`, `contact`), as a message with this id.
    Who `asks_archive` is answered `unknown` (`conversation`) when the store knows none: he asks the
    archive and calls again, with the `record` of the conversation's last contact if there is one.
    With `not_before` (wall ms) it comes at that instant; with `callback` the agent calls him.
    """

    transition: ClassVar[str] = "admit"
    contact: str
    queue: str | None = None
    channel: str
    priority: int | None = None
    tier: int = 0
    requirements: dict[str, int] = {}
    any_of: list[dict[str, int]] | None = None
    target_ms: int | None = None
    address: str = ""
    subject: str = ""
    origin: str = ""
    customer: str = ""
    conversation: str | None = None
    attributes: str = ""
    relax: list[dict[str, object]] | None = None
    agents: list[str] | None = None
    agent_wait_ms: int | None = None
    backup_queue: str | None = None
    not_before: int | None = None
    callback: bool = False
    asks_archive: bool = False
    record: dict[str, Any] | None = None
    fp: str


class KeepAlive(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway tells which of its contacts it still has; the answer names those that are over."""

    transition: ClassVar[str] = "keep_alive"
    contacts: list[str]


class Cancel(msgspec.Struct, frozen=True, kw_only=True):
    """The customer left, or the gateway takes the contact back; from any live state."""

    transition: ClassVar[str] = "cancel"
    contact: str
    result: Literal["abandoned", "cancelled"] = "abandoned"
    reason: str | None = None


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer says of a contact that has ended, once; 0 to 10.

    `record` is the contact's as it was archived, for when the store does not know it any more.
    """

    transition: ClassVar[str] = "score"
    contact: str
    score: int
    comment: str | None = None
    record: dict[str, Any] | None = None


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """Changes what a waiting contact asks for; fields that are None stay as they are.

    `relax` replaces all that it would ask less later: an empty list, with nothing. `not_before`
    (wall ms) is for a scheduled one: it comes then, or now if that has passed.
    """

    transition: ClassVar[str] = "update"
    contact: str
    priority: int | None = None
    tier: int | None = None
    requirements: dict[str, int] | None = None
    any_of: list[dict[str, int]] | None = None
    target_ms: int | None = None
    attributes: str | None = None
    subject: str | None = None
    relax: list[dict[str, object]] | None = None
    not_before: int | None = None
    reason: str | None = None


class PutQueue(msgspec.Struct, frozen=True, kw_only=True):
    """Creates or replaces a queue's settings; contacts that wait keep their due time.

    Settings by which contacts would be sent on in a circle are refused (`loop`).
    """

    transition: ClassVar[str] = "put_queue"
    queue: str
    settings: dict[str, object]
