"""Owns what a request becomes: caller and arguments in, one typed call out. Pure.

HTTP and WebSocket share these, so that a rule about who may do what in whose name stands once. An
agent always acts for himself; the engine then holds him to the contacts that are his.
"""

import hashlib
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET

from presence.calls import SetState
from queues.calls import Admit, Cancel, KeepAlive, Score, Update
from router.api import problems
from router.api.auth import Identity
from router.api.hand_on_actions import HAND_ON, Action, fingerprint, owner_of
from router.api.protocol import (
    AcceptArgs,
    AssignArgs,
    CallBackArgs,
    CancelArgs,
    ClaimArgs,
    CloseArgs,
    DeclineArgs,
    EndWrapUpArgs,
    KeepAliveArgs,
    LogOffArgs,
    MonitorArgs,
    NotReachedArgs,
    ReleaseArgs,
    ReopenArgs,
    ReportArgs,
    ScoreArgs,
    StateArgs,
    TakeOverArgs,
    TransferArgs,
    UpdateArgs,
)
from router.api.roles import Role
from router.api.schema import ATTRIBUTES_BYTES_MAX, AdmitBody, encode_text
from router.calls import (
    Accept,
    Assign,
    CallBack,
    Claim,
    Close,
    Decline,
    EndWrapUp,
    LogOff,
    Monitor,
    NotReached,
    Release,
    Reopen,
    Report,
    TakeOver,
    Transfer,
)
from router.engine.engine import Call


def admit(_identity: Identity, body: AdmitBody, _session: str | None) -> Call:
    """A gateway brings a contact; its content is remembered by a fingerprint.

    Raises: ProblemError, when it says a conversation and not whose.
    """
    if body.conversation is not None and not body.customer:
        raise problems.bad_field("customer", "", "who speaks in `conversation`")
    return Admit(
        contact=body.contact,
        queue=body.queue,
        channel=body.channel,
        priority=body.priority,
        tier=body.tier,
        requirements=body.requirements,
        any_of=body.any_of or None,
        target_ms=body.target_ms,
        address=body.address,
        subject=body.subject,
        origin=body.origin,
        customer=body.customer,
        conversation=body.conversation,
        attributes=_text(body.attributes, "attributes") or "",
        relax=msgspec.to_builtins(body.relax) or None,
        agents=_each_once(body.agents, "agents") or None,
        agent_wait_ms=body.agent_wait_ms,
        backup_queue=body.backup_queue,
        not_before=body.not_before,
        callback=body.callback,
        fp=fingerprint(body),
    )


def update(_identity: Identity, args: UpdateArgs, _session: str | None) -> Call:
    """What a waiting contact asks for changes."""
    return Update(
        contact=args.contact,
        priority=args.priority,
        tier=args.tier,
        requirements=args.requirements,
        any_of=args.any_of,
        target_ms=args.target_ms,
        attributes=_text(args.attributes, "attributes"),
        subject=args.subject,
        relax=None if args.relax is UNSET else msgspec.to_builtins(args.relax or ()),
        not_before=args.not_before,
        reason=args.reason,
    )


def cancel(_identity: Identity, args: CancelArgs, _session: str | None) -> Call:
    """The customer left, or the gateway takes the contact back."""
    return Cancel(contact=args.contact, result=args.result, reason=args.reason)


def keep_alive(_identity: Identity, args: KeepAliveArgs, _session: str | None) -> Call:
    """The gateway still has these contacts."""
    return KeepAlive(contacts=list(args.contacts))


def call_back(_identity: Identity, args: CallBackArgs, _session: str | None) -> Call:
    """The customer hangs up and will be called."""
    return CallBack(contact=args.contact, address=args.address, not_before=args.not_before)


def not_reached(identity: Identity, args: NotReachedArgs, _session: str | None) -> Call:
    """The customer did not answer; an agent says so of his own contacts."""
    return NotReached(contact=args.contact, agent=owner_of(identity), reason=args.reason)


def accept(identity: Identity, args: AcceptArgs, session: str | None) -> Call:
    """The agent takes the offer; a gateway says which agent answered."""
    agent = _answering(identity, args.agent)
    return Accept(contact=args.contact, offer=args.offer, agent=agent, session=session)


def decline(identity: Identity, args: DeclineArgs, session: str | None) -> Call:
    """The agent refuses the offer; a gateway may say that he could not be reached."""
    return Decline(
        contact=args.contact,
        offer=args.offer,
        agent=_answering(identity, args.agent),
        session=session,
        cause=args.cause,
        reason=args.reason,
    )


def release(identity: Identity, args: ReleaseArgs, _session: str | None) -> Call:
    """The contact goes back to its queue."""
    return Release(contact=args.contact, agent=owner_of(identity), reason=args.reason)


def claim(identity: Identity, args: ClaimArgs, session: str | None) -> Call:
    """The agent takes the contact by himself; a gateway or an administrator says who does."""
    _refuse_word(identity, is_said=args.not_member)
    return Claim(
        contact=args.contact,
        agent=_answering(identity, args.agent),
        session=session,
        not_member=args.not_member,
    )


def take_over(identity: Identity, args: TakeOverArgs, session: str | None) -> Call:
    """The agent takes the contact from its owner; a supervisor says who does."""
    _refuse_word(identity, is_said=args.not_member)
    return TakeOver(
        contact=args.contact,
        agent=_answering(identity, args.agent),
        session=session,
        is_supervisor=identity.role is not Role.AGENT,
        not_member=args.not_member,
        reason=args.reason,
    )


def report(identity: Identity, args: ReportArgs, _session: str | None) -> Call:
    """Something was said; an agent tells what he said himself."""
    agent = None
    if identity.role is Role.AGENT and args.author != "agent":
        raise problems.ProblemError(problems.forbidden("An agent speaks for himself only."))
    if args.author == "agent":
        agent = _answering(identity, args.agent)
    return Report(
        contact=args.contact,
        author=args.author,
        agent=agent,
        visibility=args.visibility,
        text=args.text,
        attachments=args.attachments or None,
        id=args.id,
        wait=args.wait,
        follow_up=args.follow_up,
    )


Who = Literal["customer", "agent", "supervisor"]
WHO: Final[dict[Role, Who]] = {Role.AGENT: "agent", Role.GATEWAY: "customer"}


def reopen(identity: Identity, args: ReopenArgs, _session: str | None) -> Call:
    """What is over goes on: for a gateway's customer, an agent, or a supervisor."""
    return Reopen(
        contact=args.contact,
        who=WHO.get(identity.role, "supervisor"),
        agent=owner_of(identity),
        follow_up=args.follow_up,
        reason=args.reason,
    )


def assign(identity: Identity, args: AssignArgs, _session: str | None) -> Call:
    """A supervisor gives the contact to an agent."""
    _refuse_word(identity, is_said=args.not_member)
    return Assign(
        contact=args.contact,
        agent=args.agent,
        over_capacity=args.over_capacity,
        not_ready=args.not_ready,
        not_member=args.not_member,
        reason=args.reason,
    )


def monitor(identity: Identity, args: MonitorArgs, _session: str | None) -> Call:
    """The supervisor takes part in the conversation himself."""
    return Monitor(
        contact=args.contact, supervisor=identity.subject, mode=args.mode, reason=args.reason
    )


def log_off(_identity: Identity, args: LogOffArgs, _session: str | None) -> Call:
    """A supervisor ends an agent's sessions."""
    return LogOff(agent=args.agent, contacts=args.contacts, reason=args.reason)


def transfer(identity: Identity, args: TransferArgs, _session: str | None) -> Call:
    """The contact goes to another agent or queue."""
    return Transfer(
        contact=args.contact,
        agent=owner_of(identity),
        to_agent=args.to_agent,
        to_queue=args.to_queue,
        position=args.position,
        if_waiting=args.if_waiting,
        note=args.note,
    )


def close(identity: Identity, args: CloseArgs, _session: str | None) -> Call:
    """The work on the contact is done."""
    return Close(
        contact=args.contact,
        agent=owner_of(identity),
        disposition=args.disposition,
        resolved=args.resolved,
        reason=args.reason,
        wrap_up=args.wrap_up,
        survey=args.survey,
    )


def end_wrap_up(identity: Identity, args: EndWrapUpArgs, _session: str | None) -> Call:
    """The after-call work is done."""
    return EndWrapUp(
        contact=args.contact,
        agent=owner_of(identity),
        disposition=args.disposition,
        resolved=args.resolved,
    )


def score(_identity: Identity, args: ScoreArgs, _session: str | None) -> Call:
    """What the customer says of it."""
    return Score(contact=args.contact, score=args.score, comment=args.comment)


def set_state(identity: Identity, args: StateArgs, _session: str | None) -> Call:
    """The agent declares himself; a supervisor may do it for him."""
    return SetState(
        agent=_answering(identity, args.agent),
        presence=args.presence,
        reason=args.reason,
        when=args.when,
        forced=identity.role is not Role.AGENT,
    )


ACTIONS: Final[dict[str, Action]] = {
    "admit": Action(AdmitBody, admit),
    "update": Action(UpdateArgs, update),
    "cancel": Action(CancelArgs, cancel),
    "keep_alive": Action(KeepAliveArgs, keep_alive),
    "call_back": Action(CallBackArgs, call_back),
    "not_reached": Action(NotReachedArgs, not_reached),
    "accept": Action(AcceptArgs, accept),
    "decline": Action(DeclineArgs, decline),
    "release": Action(ReleaseArgs, release),
    "claim": Action(ClaimArgs, claim),
    "take_over": Action(TakeOverArgs, take_over),
    "reopen": Action(ReopenArgs, reopen),
    "report": Action(ReportArgs, report),
    "assign": Action(AssignArgs, assign),
    "monitor": Action(MonitorArgs, monitor),
    "transfer": Action(TransferArgs, transfer),
    **HAND_ON,
    "close": Action(CloseArgs, close),
    "end_wrap_up": Action(EndWrapUpArgs, end_wrap_up),
    "score": Action(ScoreArgs, score),
    "set_state": Action(StateArgs, set_state),
    "log_off": Action(LogOffArgs, log_off),
}
"""Command name -> action. Who may send it stands in `router.api.roles`."""


def idempotency_key(identity: Identity, key: str | None, call: Call) -> str | None:
    """The caller's key as the store keeps it: nobody's key can meet another caller's.

    A sign of life has none: its repeat must count as much as the first one.
    """
    if key is None or isinstance(call, KeepAlive):
        return None
    return hashlib.blake2b(f"{identity.actor}\n{key}".encode(), digest_size=16).hexdigest()


def _refuse_word(identity: Identity, *, is_said: bool) -> None:
    """Raises: ProblemError, when somebody else than an administrator says `not_member`."""
    if is_said and identity.role is not Role.ADMIN:
        raise problems.ProblemError(problems.forbidden("`not_member` is an administrator's word."))


def _answering(identity: Identity, named: str | None) -> str:
    """The agent in whose name the call is made.

    Raises:
        ProblemError: an agent named another one, or somebody else named none.

    """
    if identity.role is Role.AGENT:
        if named not in (None, identity.subject):
            raise problems.ProblemError(problems.forbidden("An agent acts for himself only."))
        return identity.subject
    if named is None:
        raise problems.bad_field("agent", None, "required: the id of the agent this is about")
    return named


def _each_once(names: list[str], field: str) -> list[str]:
    """The names, when none stands there twice.

    Raises:
        ProblemError: one does.

    """
    for nth, name in enumerate(names):
        if name in names[:nth]:
            raise problems.bad_field(f"{field}[{nth}]", name, "each name once")
    return names


def _text(value: dict[str, Any] | None, field: str) -> str | None:
    """A map of scalars as the JSON text that the engine keeps.

    Raises:
        ProblemError: it is longer than the limit.

    """
    if value is None:
        return None
    text = encode_text(value)
    if len(text) > ATTRIBUTES_BYTES_MAX:
        limit = f"at most {ATTRIBUTES_BYTES_MAX} bytes as JSON"
        raise problems.bad_field(field, f"{len(text)} bytes", limit)
    return text.decode()
