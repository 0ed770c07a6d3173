"""Owns what customers' browsers are told when something can not be done. Pure.

A browser is told a problem (RFC 9457) with names of the chat's own fields; nothing of what a router
says of itself, its agents or other customers goes through.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

URN: Final = "urn:vez:problem:"
RETRY_AFTER_S: Final = 2


class Fault(Struct, frozen=True, omit_defaults=True):
    """A field that is not as it must be: `code` is `required`, `long`, `invalid` or `unknown`."""

    field: str
    code: str
    most: int | None = None


class Refusal(Exception):
    """Raised when a request can not be carried out; it carries the whole answer.

    `kind` is the problem's slug; `said` is what else the browser is told. `cause` is what the
    router called it, and is told to nobody.
    """

    cause = ""

    def __init__(self, status: int, kind: str, title: str, **said: Any) -> None:
        super().__init__(title)
        self.status = status
        self.kind = kind
        self.body = {"type": URN + kind, "title": title, "status": status, **said}


FIELDS: Final = {
    "queue": "department",
    "subject": "subject",
    "address": "reach",
    "customer": "reach",
    "text": "message",
    "comment": "comment",
    "score": "score",
}
"""A router's field -> the chat's."""

TOLD: Final = {
    "closed": (409, "The department is closed now."),
    "refused": (409, "The department can not take more customers now."),
    "locked": (409, "The conversation is over and can not be reopened."),
    "ended": (409, "The conversation has ended already."),
    "not-ended": (409, "The conversation has not ended yet."),
    "scored": (409, "The conversation has been rated already."),
    "unknown-contact": (404, "There is no such conversation."),
}
"""Problems of a router that are the customer's too."""
FAULTS: Final = {
    "unknown-queue": Fault("department", "unknown"),
    "not-accepted": Fault("department", "unknown"),
}
LATER: Final = frozenset({429, 502, 503, 504})


def bad_fields(faults: list[Fault]) -> Refusal:
    """Some fields are not as they must be; nothing has happened."""
    return Refusal(422, "bad-input", "Some fields are not valid.", errors=faults)


def later(kind: str = "later") -> Refusal:
    """It could not be done now, and perhaps it was: the same request again is safe."""
    title = "That can not be done now; it may be repeated."
    return Refusal(503, kind, title, retry_after_s=RETRY_AFTER_S)


def too_many(retry_after_s: int) -> Refusal:
    """More than the limit allows."""
    return Refusal(429, "too-many", "That was too much at once.", retry_after_s=retry_after_s)


def no_ticket() -> Refusal:
    """No ticket, or one that proves nothing."""
    return Refusal(401, "ticket", "A valid ticket is needed.")


def of_router(status: int, problem: Mapping[str, Any]) -> Refusal:
    """What the router's problem is to the customer."""
    kind = str(problem.get("type", "")).removeprefix(URN)
    refusal = _of_router(status, kind, problem)
    refusal.cause = kind
    return refusal


def _of_router(status: int, kind: str, problem: Mapping[str, Any]) -> Refusal:
    if status in LATER:
        return later()
    if kind in FAULTS:
        return bad_fields([FAULTS[kind]])
    faults = [_fault(error) for error in problem.get("errors") or ()]
    if status == 422 and faults and all(fault is not None for fault in faults):
        return bad_fields(list(dict.fromkeys(fault for fault in faults if fault)))
    if kind in TOLD:
        code, title = TOLD[kind]
        said = {name: problem[name] for name in ("opens_at",) if problem.get(name) is not None}
        return Refusal(code, kind, title, **said)
    return Refusal(502, "router", "The chat's router refused the request.")


def _fault(error: Mapping[str, Any]) -> Fault | None:
    field = FIELDS.get(str(error.get("field", "")).partition("[")[0])
    if field is None:
        return None
    is_missing = str(error.get("expected", "")).startswith("required")
    return Fault(field, "required" if is_missing else "invalid")
