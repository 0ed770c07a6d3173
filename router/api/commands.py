"""Owns what the commands of a socket do: one call or one question each, and one answer.

Whatever becomes of a command, exactly one reply or problem with its id is sent.
"""

from time import perf_counter
from typing import Any, Final

import structlog

from router.api import problems, views
from router.api.actions import ACTIONS, idempotency_key
from router.api.codec import Encoding, Reader
from router.api.codes import CloseCode
from router.api.edge import Edge
from router.api.frames import message_frame
from router.api.inbox import CountQuery, InboxQuery, counts, inbox
from router.api.limits import extra_cost
from router.api.parameters import AgentQuery, SubjectQuery
from router.api.problems import Problem, ProblemError
from router.api.protocol import (
    Command,
    CommandDone,
    ContactArgs,
    NoArgs,
    OfferArgs,
    PositionsArgs,
    ProblemMessage,
    WhyAgentArgs,
    WhyArgs,
)
from router.api.roles import COMMANDS, may_command
from router.api.session import Session, end_code
from router.api.wallboard import WallQuery
from router.engine.driver import StoreBusy, StoreDown, StoreError, StoreUnknown
from router.engine.reply import Outcome, Reply

QUESTIONS: Final[dict[str, Any]] = {
    "snapshot": NoArgs,
    "agents": AgentQuery,
    "queues": NoArgs,
    "wall": WallQuery,
    "subjects": SubjectQuery,
    "contact": ContactArgs,
    "position": ContactArgs,
    "positions": PositionsArgs,
    "inbox": InboxQuery,
    "inbox_counts": CountQuery,
    "why": WhyArgs,
    "why_offer": OfferArgs,
    "why_agent": WhyAgentArgs,
}
"""Command name -> struct of its arguments, for those that change nothing."""

STRIKES_MAX: Final = 100
EMPTY: Final = {Encoding.JSON: b"{}", Encoding.MSGPACK: b"\x80"}

log = structlog.get_logger()


class Commands:
    """Carries out commands, those of one socket in their order."""

    def __init__(self, edge: Edge) -> None:
        """Makes a reader for each kind of arguments, once."""
        self._edge = edge
        kinds = {name: action.args for name, action in ACTIONS.items()} | QUESTIONS
        self._readers = {name: Reader(kind) for name, kind in kinds.items()}

    async def run(self, session: Session, command: Command) -> None:
        """Carries out one command and answers it."""
        started = perf_counter()
        try:
            frame = message_frame(await self._run(session, command), session.encoding)
        except ProblemError as error:
            refuse(session, command.id, error.problem)
        except (StoreDown, StoreBusy):
            refuse(session, command.id, problems.STORE_DOWN)
        except StoreUnknown:
            refuse(session, command.id, problems.OUTCOME_UNKNOWN)
        except StoreError:
            log.exception("store.failed", command=command.name)
            refuse(session, command.id, problems.STORE_DOWN)
        except Exception:  # the edge's watchdog: a bug is logged, and told without a trace
            log.exception("command.failed", command=command.name)
            self._edge.metrics.on_request("open_stream", 500, perf_counter() - started)
            refuse(session, command.id, problems.INTERNAL)
        else:
            if command.name in QUESTIONS:
                await session.write_whole(frame)
            else:
                session.write(frame)

    async def _run(self, session: Session, command: Command) -> CommandDone:
        identity = session.identity
        self._charge(session, 1)
        if command.name not in QUESTIONS:
            session.strikes = 0
        if command.name not in COMMANDS:
            known = ", ".join(COMMANDS)
            raise problems.bad_field("name", command.name, f"one of {known}")
        if not may_command(identity.role, command.name):
            raise ProblemError(problems.forbidden(f"The role {identity.role} may not do that."))
        given = bytes(command.args) or EMPTY[session.encoding]
        args = self._readers[command.name].read(given, session.encoding)
        action = ACTIONS.get(command.name)
        if action is None:
            self._charge(session, extra_cost(args))
            session.strikes = 0
            result = await self._answer(session, command.name, args)
            return CommandDone(id=command.id, outcome="ok", result=result)
        call = action.build(identity, args, session.id)
        reply = await self._edge.call(identity, call, idempotency_key(identity, command.key, call))
        return self._settle(session, command.id, reply)

    def _charge(self, session: Session, cost: float) -> None:
        """Takes what the command costs.

        Raises:
            ProblemError: 429; who goes on in spite of it is cut off.

        """
        if not cost or session.bucket.take(cost):
            return
        session.strikes += 1
        if session.strikes > STRIKES_MAX:
            session.close(CloseCode.TOO_MANY_COMMANDS)
        raise ProblemError(problems.TOO_MANY)

    def _settle(self, session: Session, command_id: int | str, reply: Reply) -> CommandDone:
        refusal = problems.of_reply(reply)
        if refusal is not None:
            if reply.outcome is Outcome.STALE_SESSION:
                refuse(session, command_id, refusal)  # before the close; after it nothing is sent
                session.close(end_code(reply.verdict))
            raise ProblemError(refusal)
        return CommandDone(
            id=command_id,
            outcome=reply.outcome,
            now=reply.now,
            position=reply.position,
            repeated=reply.repeated,
            state=reply.state,
            unreachable=reply.unreachable,
            offers=views.offers(reply),
            contacts_gone=reply.contacts_gone,
            fork=reply.fork,
            contact=reply.contact,
            attached=reply.attached,
        )

    async def _answer(self, session: Session, name: str, args: Any) -> dict[str, Any]:
        reads, identity = self._edge.reads, session.identity
        match name:
            case "snapshot":
                key, state = await reads.snapshot(identity)
                return state | {"position": key.entry}
            case "agents":
                return await reads.agents(identity, args)
            case "subjects":
                return await reads.subjects(identity, args.origin)
            case "queues":
                return await reads.queues(identity)
            case "contact":
                return await reads.past.contact(identity, args.contact)
            case "inbox":
                return await inbox(reads, identity, args)
            case "inbox_counts":
                return await counts(reads, identity, args)
            case _:
                return await self._look(session, name, args)

    async def _look(self, session: Session, name: str, args: Any) -> dict[str, Any]:
        reads, identity = self._edge.reads, session.identity
        match name:
            case "wall":
                return await reads.wallboard.look(identity.tenant, args)
            case "position":
                return await reads.place(identity, args.contact)
            case "positions":
                return await reads.places(identity, args.contacts)
            case "why_offer":
                return await reads.why_offer(identity, args.contact, args.offer)
            case "why_agent":
                return await reads.why_agent(identity, args.agent, args.limit)
            case _:
                return await reads.why(identity, args.contact, args.limit)


def refuse(session: Session, command_id: int | str | None, problem: Problem) -> None:
    """Answers with a problem."""
    session.send(ProblemMessage(id=command_id, problem=problem))
