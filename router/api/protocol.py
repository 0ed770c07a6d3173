"""Owns the messages of the WebSocket, both ways, and the arguments of its commands. Pure.

A client says hello, is welcomed, then sends commands and gets replies and events.
`docs/protocol.md` is the same for people.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from queues.settings import Id
from router.api.hand_on import ConsultBody, ForkBody, PartBody
from router.api.problems import Problem
from router.api.schema import (
    AcceptBody,
    AssignBody,
    CallBackBody,
    CancelBody,
    ClaimBody,
    CloseBody,
    DeclineBody,
    EndWrapUpBody,
    KeepAliveBody,
    LogOffBody,
    MonitorBody,
    NotReachedBody,
    OfferReply,
    PositionsBody,
    ReleaseBody,
    StateBody,
    TakeOverBody,
    TransferBody,
    UpdateBody,
)
from router.api.talk_schema import ReopenBody, ReportBody, ScoreBody

VERSION: Final = 1
SUBPROTOCOL_JSON: Final = "acd.json"
SUBPROTOCOL_MSGPACK: Final = "acd.msgpack"

CommandId = (
    Annotated[int, Meta(ge=0, le=2**53 - 1)] | Annotated[str, Meta(min_length=1, max_length=64)]
)
OfferNumber = Annotated[int, Meta(ge=1, le=2**31)]
Key = Annotated[str, Meta(min_length=1, max_length=128)]
Queues = Annotated[list[Id], Meta(max_length=200)] | Literal["all"]


class Position(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to where a client has read: the id of its last event, in one epoch of the journal."""

    epoch: Annotated[str, Meta(max_length=128)]
    id: Annotated[str, Meta(max_length=64)]


class Hello(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="hello"):
    """The first message: who the client is, and what it has already seen.

    An agent's desktop may name queues of his whose contacts it watches.
    """

    protocol: Literal[1]
    token: Annotated[str, Meta(max_length=4096)] | None = None
    session: Id | None = None
    position: Position | None = None
    queues: Queues | None = None


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="command"):
    """Something to be done; `id` comes back in the reply, `key` makes a repeat safe."""

    id: CommandId
    name: Annotated[str, Meta(max_length=64)]
    args: msgspec.Raw = msgspec.Raw(b"")
    key: Key | None = None


class NewToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="token"):
    """A fresh token for the same caller, before the old one expires."""

    token: Annotated[str, Meta(max_length=4096)]


class Heartbeat(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="heartbeat"):
    """A sign of life for clients that can not see pings; it is answered with one."""


class Bye(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="bye"):
    """The client leaves: its session ends at once."""


ClientMessage = Hello | Command | NewToken | Heartbeat | Bye


class Welcome(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="welcome"):
    """The session stands: either every event since `position` follows, or here is the state.

    With `recovered` the whole gap follows as events; without it `snapshot` is the state as of
    `position`, and every later event follows. Times are milliseconds, `now` is the tenant's clock.
    `queues` are those whose contacts the desktop watches from here on.
    """

    protocol: int
    role: str
    subject: str
    session: str | None = None
    epoch: str
    position: str
    recovered: bool
    snapshot: dict[str, Any] | None = None
    lease_ms: int
    heartbeat_ms: int
    now: int
    queues: list[str] = []


class CommandDone(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="reply"):
    """The answer to a command that was carried out; `result` is the answer to a question."""

    id: int | str
    outcome: str
    now: int | None = None
    position: str | None = None
    repeated: bool = False
    state: str | None = None
    unreachable: bool = False
    offers: list[OfferReply] = []
    contacts_gone: list[str] = []
    fork: str | None = None
    contact: str | None = None
    attached: bool = False
    result: dict[str, Any] | None = None


class ProblemMessage(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="problem"):
    """The answer to a command that was refused, or to a message that could not be read."""

    id: int | str | None = None
    problem: Problem


class Reconnect(Struct, frozen=True, kw_only=True, tag="reconnect"):
    """The socket closes now; come back after `delay_ms` and resume."""

    delay_ms: int
    reason: str


class HeartbeatReply(Struct, frozen=True, kw_only=True, tag="heartbeat"):
    """The answer to a heartbeat."""


class UpdateArgs(UpdateBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`update`: what changes on which contact."""

    contact: Id


class CancelArgs(CancelBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`cancel`: which contact ends without an agent."""

    contact: Id


class KeepAliveArgs(KeepAliveBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`keep_alive`: which contacts the gateway still has."""


class PositionsArgs(PositionsBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`positions`: of which contacts."""


class CallBackArgs(CallBackBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`call_back`: which waiting customer is to be called back."""

    contact: Id


class NotReachedArgs(NotReachedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`not_reached`: which customer did not answer the call back."""

    contact: Id


class AcceptArgs(AcceptBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`accept`: which offer is taken."""

    contact: Id
    offer: OfferNumber


class DeclineArgs(DeclineBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`decline`: which offer is refused."""

    contact: Id
    offer: OfferNumber


class ReleaseArgs(ReleaseBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`release`: which contact goes back to its queue."""

    contact: Id


class ReopenArgs(ReopenBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`reopen`: which contact goes on."""

    contact: Id


class ReportArgs(ReportBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`report`: in which contact what was said."""

    contact: Id


class TransferArgs(TransferBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`transfer`: which contact goes where."""

    contact: Id


class ConsultArgs(ConsultBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`consult`: about which contact, and whom."""

    contact: Id


class PartArgs(PartBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`complete_consult`, `leave_consult`: of which contact."""

    contact: Id


class ForkArgs(ForkBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`fork`: of which contact, and to where."""

    contact: Id


class CloseArgs(CloseBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`close`: which contact has ended, and how."""

    contact: Id


class EndWrapUpArgs(EndWrapUpBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`end_wrap_up`: which contact is written up."""

    contact: Id


class ClaimArgs(ClaimBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`claim`: which contact an agent takes."""

    contact: Id


class ScoreArgs(ScoreBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`score`: which contact the customer speaks of."""

    contact: Id


class TakeOverArgs(TakeOverBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`take_over`: which contact changes its owner."""

    contact: Id


class AssignArgs(AssignBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`assign`: which contact a supervisor gives to whom."""

    contact: Id


class MonitorArgs(MonitorBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`monitor`: in which conversation a supervisor takes part."""

    contact: Id


class LogOffArgs(LogOffBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`log_off`: whose sessions a supervisor ends."""

    agent: Id


class StateArgs(StateBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`set_state`: an agent declares himself; a supervisor names the agent."""

    agent: Id | None = None


class NoArgs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`snapshot`, `queues`: nothing to say."""


class ContactArgs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`contact`, `position`: which one to show."""

    contact: Id


class OfferArgs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`why_offer`: which offer to explain."""

    contact: Id
    offer: OfferNumber


class WhyAgentArgs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`why_agent`: which agent to explain, with how many of his lines."""

    agent: Id
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class WhyArgs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`why`: which contact to explain, with how many candidates."""

    contact: Id
    limit: Annotated[int, Meta(ge=1, le=200)] = 20
