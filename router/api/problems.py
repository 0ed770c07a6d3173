"""Owns refusals as the caller sees them: RFC 9457 problem details, on HTTP and on the socket. Pure.

Every outcome of the engine has its row here; a new outcome does not pass the type checker until
it has one. Nothing of the store, of the code or of another tenant is ever in an answer.
"""

from typing import Any, Final

import msgspec

from router.api.fields import FieldError
from router.engine.reply import Obstacle, Outcome, Reply

URN: Final = "urn:vez:problem:"
RETRY_AFTER_S: Final = 1
SAID: Final = (
    *("state", "verdict", "until", "why", "queue", "path"),
    *("taken_by", "since", "opens_at", "callback"),
)
"""What a refusal tells as the engine tells it."""


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One refusal; `type` is stable and made for programs, `title` and `detail` for people.

    `errors` names fields; `state`, `verdict` and `until` (in the tenant's clock) say what stood in
    the way, `why` and `queue` which queue did not take a contact in, `taken_by` who has it and
    `since` (in the tenant's clock) when; `path` is a circle of queues; `opens_at` (on the wall
    clock) is when a closed queue opens, and `callback` asks the gateway to offer one;
    `retry_after_s` is given when the same request may succeed later.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[FieldError] = []
    state: str | None = None
    verdict: str | None = None
    until: int | None = None
    why: str | None = None
    queue: str | None = None
    path: list[str] = []
    taken_by: str | None = None
    since: int | None = None
    opens_at: int | None = None
    callback: bool = False
    retry_after_s: int | None = None


class ProblemError(Exception):
    """Raised at the edge when a request can not be carried out; it carries the whole answer."""

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        super().__init__(problem.title)
        self.problem = problem
        self.headers = headers or {}


def problem(status: int, slug: str, title: str, **more: Any) -> Problem:
    """A problem of the given kind."""
    return Problem(type=URN + slug, title=title, status=status, **more)


def bad_input(errors: list[FieldError]) -> Problem:
    """The body, a parameter or the path has faulty fields; nothing was changed."""
    return problem(422, "bad-input", "The request has fields that are not valid.", errors=errors)


def bad_field(field: str, value: Any, expected: str) -> ProblemError:
    """One faulty field that only a check beyond the struct's can find."""
    return ProblemError(bad_input([FieldError(field, value, expected)]))


def malformed(detail: str) -> Problem:
    """The body is not JSON or MessagePack at all."""
    return problem(400, "malformed", "The body can not be read.", detail=detail)


def unauthorized(detail: str) -> ProblemError:
    """No token, or one that proves nothing."""
    return ProblemError(
        problem(401, "unauthorized", "A valid bearer token is needed.", detail=detail),
        {"WWW-Authenticate": 'Bearer realm="acd", error="invalid_token"'},
    )


def forbidden(detail: str) -> Problem:
    """The caller is known, and may not do this."""
    return problem(403, "forbidden", "This token may not do that.", detail=detail)


def not_found(what: str) -> Problem:
    """No such thing, or none that this caller may see: the answer is the same."""
    return problem(404, f"unknown-{what}", f"There is no such {what}.")


def stale(version: int) -> Problem:
    """The configuration is not that on which the request builds."""
    _, title = ROWS[Outcome.STALE]
    return problem(409, "stale", title, detail=f"The current version is {version}.")


def too_large(body_max: int) -> Problem:
    """The body has more bytes than it may."""
    return problem(413, "too-large", f"The body is larger than {body_max} bytes.")


STORE_DOWN: Final = problem(
    503,
    "store-down",
    "The store does not answer; nothing was changed.",
    retry_after_s=RETRY_AFTER_S,
)
OUTCOME_UNKNOWN: Final = problem(
    503,
    "outcome-unknown",
    "The store did not confirm in time; it may or may not have happened.",
    detail="Repeat the request with the same ids and the same Idempotency-Key.",
    retry_after_s=RETRY_AFTER_S,
)
DRAINING: Final = problem(
    503, "draining", "This router is stopping; use another one.", retry_after_s=RETRY_AFTER_S
)
FULL: Final = problem(
    503, "full", "This router has as many connections as it may.", retry_after_s=RETRY_AFTER_S
)
INTERNAL: Final = problem(500, "internal", "Something is wrong on this side; it was logged.")
CAN_NOT_SIGN: Final = problem(
    409,
    "can-not-sign",
    "This router has public keys only.",
    detail="Whoever has the private keys makes the tokens.",
)
MEDIA_TYPE: Final = problem(
    415, "media-type", "Send application/json or application/msgpack and say so in Content-Type."
)
TOO_MANY: Final = problem(
    429, "too-many-requests", "More requests than the limit allows.", retry_after_s=RETRY_AFTER_S
)


_SUBJECTS: Final = {
    "unknown": "a subject of the tenant's catalogue",
    "hidden": "a subject that contacts of this origin may have",
}


def of_reply(reply: Reply) -> Problem | None:
    """The problem that the engine's answer stands for; None when it did what was asked."""
    if reply.is_ok:
        return None
    if reply.outcome is Outcome.MISSING_FIELDS:
        expected = "required for contacts of this origin"
        return bad_input([FieldError(name, None, expected) for name in reply.fields])
    if reply.outcome is Outcome.BAD_SUBJECT:
        fault = FieldError("subject", None, _SUBJECTS[reply.verdict or "unknown"])
        title = "The contact can not have this subject."
        return problem(422, "bad-subject", title, errors=[fault])
    if reply.outcome is Outcome.BAD_DISPOSITION:
        errors = [_bad_disposition(reply, field) for field in reply.fields]
        return problem(422, "bad-disposition", ROWS[reply.outcome][1], errors=errors)
    if reply.outcome is Outcome.STALE:
        return stale(reply.version or 0)
    if reply.outcome is Outcome.BLOCKED:
        errors = [FieldError(*_in_the_way(obstacle)) for obstacle in reply.problems]
        return problem(409, "blocked", ROWS[reply.outcome][1], errors=errors)
    if reply.outcome is Outcome.UNKNOWN:
        return not_found(reply.what or "contact")
    status, title = ROWS[reply.outcome]
    slug = reply.outcome.value.replace("_", "-")
    said = {name: getattr(reply, name) for name in SAID}
    detail = _ELSE.get((reply.outcome, reply.verdict or ""), "")
    return problem(status, slug, title, detail=detail, errors=_faults(reply), **said)


_ELSE: Final = {
    (Outcome.NOT_ASSIGNED, "assign"): "Nobody has it: `assign` gives it to an agent.",
    (Outcome.NOT_ASSIGNED, "supervisors"): "Nobody has it: who supervises its queue may move it.",
}
"""What can be done instead, by the refusal's outcome and verdict."""


def _bad_disposition(reply: Reply, field: str) -> FieldError:
    """What of a close is missing, or is not a code of the queue's catalogue."""
    codes = ", ".join(reply.codes)
    known = f"one of the queue's codes: {codes}" if codes else "a code"
    expected = "true or false" if field == "resolved" else known
    needed = "required: " if reply.verdict == "required" else ""
    return FieldError(field, reply.what, needed + expected)


def _faults(reply: Reply) -> list[FieldError]:
    """The setting by which contacts would go in a circle, or the reason that is not listed."""
    if reply.outcome is Outcome.BAD_REASON:
        return [FieldError("reason", reply.what, f"one of {', '.join(reply.codes)}, or none")]
    if reply.outcome is not Outcome.LOOP:
        return []
    expected = f"a queue from which none comes back: {' > '.join(reply.path)}"
    return [FieldError(reply.what or "", next(iter(reply.path[1:]), None), expected)]


def _in_the_way(obstacle: Obstacle) -> tuple[str, str, str]:
    """Which object of the request, what it was to be, and what it would take."""
    place = "tenant" if obstacle.kind == "tenant" else f"{obstacle.kind}s.{obstacle.id}"
    whose = f"{obstacle.what} {obstacle.name}"
    sentences = {
        "unknown": f"{whose} to exist",
        "twice": "to be named once",
        "default_queue": "to stay: it is the default queue",
        "in_use": "to be without contacts",
        "referred": f"to be named by no other: {whose} names it",
        "used": f"to be used by no queue: {', '.join(obstacle.names)}",
        "not_offline": "to be offline",
        "awaited": "to be awaited by no contact",
        "loop": f"no circle: {' > '.join(obstacle.path)}",
    }
    return place, obstacle.id, sentences[obstacle.why]


ROWS: Final = {
    Outcome.OK: (200, "It was done."),
    Outcome.PENDING: (200, "It was done."),
    Outcome.HEALTHY: (409, "It is as it must be: nothing was changed."),
    Outcome.UNREPAIRABLE: (409, "What is right can not be told from what is there."),
    Outcome.UNKNOWN: (404, "There is no such thing."),
    Outcome.MISSING_FIELDS: (422, "This Idempotency-Key was used for another request."),
    Outcome.BAD_SUBJECT: (422, "This Idempotency-Key was used for another request."),
    Outcome.KEY_REUSED: (422, "This Idempotency-Key was used for another request."),
    Outcome.LOOP: (422, "Contacts would be sent on in a circle."),
    Outcome.REFUSED: (409, "The queue takes no contact in now."),
    Outcome.NO_TENANT: (404, "The tenant has not been set up."),
    Outcome.NOT_YOURS: (403, "It belongs to another agent."),
    Outcome.GONE: (410, "It is over: there is nothing left to answer."),
    Outcome.TOO_MANY: (429, "There are as many of them as the limit allows."),
    Outcome.CONFLICT: (409, "The id is taken by a contact with other content."),
    Outcome.BAD_CLOCK: (409, "The tenant's clock is simulated: it can not be driven from here."),
    Outcome.NOT_MEMBER: (409, "The agent does not serve this queue."),
    Outcome.NOT_ACCEPTED: (409, "The queue does not accept such a contact."),
    Outcome.TOO_MANY_LINES: (409, "Contacts with too many different requirements wait already."),
    Outcome.NOT_WAITING: (409, "The contact does not wait any more."),
    Outcome.STALE_SESSION: (409, "The session is over; open a new one."),
    Outcome.LOGGED_OFF: (409, "The session is over; open a new one."),
    Outcome.SUPERSEDED: (409, "The session has been resumed on another connection."),
    Outcome.NOT_ASSIGNED: (409, "The contact is not assigned to an agent."),
    Outcome.STALE: (409, "The configuration has changed since: look at it again."),
    Outcome.BLOCKED: (409, "The changes do not fit the configuration; nothing was changed."),
    Outcome.TOO_MANY_CHANGES: (422, "More changes than one request may bring."),
    Outcome.NOT_CONNECTED: (409, "The agent has no connected desktop."),
    Outcome.NOT_SCHEDULED: (409, "The contact is not scheduled: `not_before` says nothing."),
    Outcome.TOO_FAR: (422, "`not_before` is more than 400 days ahead."),
    Outcome.CLOSED: (409, "The queue is closed now."),
    Outcome.IS_CALLBACK: (409, "The customer is to be called back: only `cancelled` ends this."),
    Outcome.NO_CALLBACK: (409, "The contact is not a callback."),
    Outcome.TAKEN: (409, "Another agent has it."),
    Outcome.LOCKED: (409, "The contact is over and stays so."),
    Outcome.PUSH_ONLY: (409, "The queue offers its contacts: nobody claims there."),
    Outcome.NOT_ALLOWED: (403, "The queue does not let this agent take contacts over."),
    Outcome.TRANSFER_PENDING: (409, "Another agent is asked about this contact already."),
    Outcome.NOT_AVAILABLE: (409, "The agent can not take a contact now."),
    Outcome.CONSULTING: (409, "An agent is consulted about this contact: that must end first."),
    Outcome.NOT_CONSULTING: (409, "Nobody is consulted about this contact."),
    Outcome.ENDED: (409, "The contact has ended already."),
    Outcome.NOT_IN_WRAP_UP: (409, "The contact is not in wrap-up."),
    Outcome.TOO_EARLY: (409, "This queue's wrap-up lasts until the instant told."),
    Outcome.BAD_DISPOSITION: (422, "What is told of the contact is not what its queue asks for."),
    Outcome.BAD_REASON: (422, "The tenant does not list this reason for not ready."),
    Outcome.NOT_ENDED: (409, "The contact has not ended yet."),
    Outcome.SCORED: (409, "The customer has already said what he says of it."),
}
"""What is answered for each outcome: the status, and the title of the problem."""
