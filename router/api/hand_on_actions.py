"""Owns what a command is, and those that bring in a colleague or another queue. Pure."""

import hashlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from router.api.auth import Identity
from router.api.protocol import ConsultArgs, ForkArgs, PartArgs
from router.api.roles import Role
from router.api.schema import encode_text
from router.calls import CompleteConsult, Consult, Fork, LeaveConsult
from router.engine.engine import Call


class Action(NamedTuple):
    """A command: the struct of its arguments, and how they become a call.

    `session` is the caller's own session on a WebSocket; it fences answers to offers.
    """

    args: Any
    build: Callable[[Identity, Any, str | None], Call]


def fingerprint(body: msgspec.Struct) -> str:
    """The same for the same content, and no other."""
    return hashlib.blake2b(encode_text(body), digest_size=16).hexdigest()


def owner_of(identity: Identity) -> str | None:
    """The agent who acts for himself, or nobody: the caller may act for any."""
    return identity.subject if identity.role is Role.AGENT else None


def consult(identity: Identity, args: ConsultArgs, _session: str | None) -> Call:
    """Another agent is asked to take part."""
    return Consult(
        contact=args.contact, agent=owner_of(identity), to_agent=args.to_agent, note=args.note
    )


def complete_consult(identity: Identity, args: PartArgs, _session: str | None) -> Call:
    """Who takes part has the contact from now on."""
    return CompleteConsult(contact=args.contact, agent=owner_of(identity))


def leave_consult(identity: Identity, args: PartArgs, _session: str | None) -> Call:
    """Nobody takes part any more."""
    return LeaveConsult(contact=args.contact, agent=owner_of(identity))


def fork(identity: Identity, args: ForkArgs, _session: str | None) -> Call:
    """Another contact of the same customer, for another queue."""
    return Fork(
        contact=args.contact,
        agent=owner_of(identity),
        to_queue=args.to_queue,
        fork=args.fork,
        channel=args.channel,
        priority=args.priority,
        requirements=args.requirements,
        any_of=args.any_of or None,
        subject=args.subject,
        note=args.note,
        fp=fingerprint(args),
    )


HAND_ON: Final[dict[str, Action]] = {
    "consult": Action(ConsultArgs, consult),
    "complete_consult": Action(PartArgs, complete_consult),
    "leave_consult": Action(PartArgs, leave_consult),
    "fork": Action(ForkArgs, fork),
}
"""Command name -> action."""
