"""The typed calls of the transitions that presence owns, as data. Pure.

A call names its transition and carries its arguments; `router.engine` is the one place that sends
it. Fields are the `args` of the Lua header of the same name, which a test holds them to.
"""

from typing import ClassVar, Literal

import msgspec


class PutAgent(msgspec.Struct, frozen=True, kw_only=True):
    """Creates or replaces an agent's definition; work in hand stays with him.

    `memberships` is {queue: {"role": "agent" | "supervisor", "level": 1..100, "weight": 1..100,
    "credit_ms": …}}, `skills` {skill: level}, `slots` {channel: contacts at once}, `capacity` his
    total in units.
    """

    transition: ClassVar[str] = "put_agent"
    agent: str
    name: str = ""
    memberships: dict[str, dict[str, object]] = {}
    skills: dict[str, int] = {}
    slots: dict[str, int] = {}
    capacity: int = 100


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A desktop connects: a lease of `lease_ms` that must be renewed.

    With `resume` it comes back by itself: a session that a supervisor ended stays ended then.
    """

    transition: ClassVar[str] = "open_session"
    agent: str
    session: str
    lease_ms: int
    resume: bool = False


class Renew(msgspec.Struct, frozen=True, kw_only=True):
    """Renews the leases of many sessions at once; the answer names those that are gone."""

    transition: ClassVar[str] = "renew"
    sessions: list[tuple[str, str]]
    lease_ms: int


class CloseSession(msgspec.Struct, frozen=True, kw_only=True):
    """A desktop says goodbye; with the last one the agent's offers go to others.

    `epoch` is the one that opening or resuming the session answered; an older one is stale.
    """

    transition: ClassVar[str] = "close_session"
    agent: str
    session: str
    epoch: int | None = None
    reason: str = "closed"


class SetState(msgspec.Struct, frozen=True, kw_only=True):
    """The agent declares himself ready, not ready or offline, now or once he is idle.

    `forced` tells that somebody else did it for him.
    """

    transition: ClassVar[str] = "set_state"
    agent: str
    presence: Literal["ready", "not_ready", "offline"]
    reason: str = ""
    when: Literal["now", "idle"] = "now"
    forced: bool = False
