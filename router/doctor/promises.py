"""The table of all checks, by what they look at: the one place to add one. Pure."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from router.doctor.agents import AGENT_CHECKS
from router.doctor.contacts import CONTACT_CHECKS
from router.doctor.conversations import CONVERSATION_CHECKS
from router.doctor.look import Look
from router.doctor.places import (
    CALENDAR_CHECKS,
    LINE_CHECKS,
    QUEUE_CHECKS,
    TENANT_CHECKS,
    TIMER_CHECKS,
)

Check = Callable[[Look, str], Iterator[str]]

CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "contact": CONTACT_CHECKS,
    "agent": AGENT_CHECKS,
    "line": LINE_CHECKS,
    "queue": QUEUE_CHECKS,
    "calendar": CALENDAR_CHECKS,
    "conversation": CONVERSATION_CHECKS,
    "timer": TIMER_CHECKS,
}
"""Kind of subject -> what must hold for one; what must hold for a whole tenant is apart."""


STRANGE: Final = "is_in_a_known_state"
"""What is found of a contact whose state nobody here knows; it is not repaired."""


class Finding(NamedTuple):
    """A promise that a state does not keep: which check says so, of what, and in words."""

    check: str
    kind: str
    subject: str
    text: str


def findings(look: Look) -> Iterator[Finding]:
    """Everything that is wrong in a whole state."""
    for kind, key in look.subjects():
        yield from findings_of(look, kind, key)
    for check in TENANT_CHECKS:
        for text in check(look):
            yield Finding(check.__name__, "tenant", "", text)


def findings_of(look: Look, kind: str, key: str) -> Iterator[Finding]:
    """What is wrong with one thing; the state need hold no more than belongs to it."""
    damage = look.state["damaged"].get((kind, key))
    if damage is not None:
        yield Finding("is_readable", kind, key, f"{kind} {key}: {damage}")
        return
    if kind == "contact" and key in look.state["strange"]:
        yield Finding(STRANGE, kind, key, strangeness(look.state["strange"][key], key))
        return
    for check in CHECKS.get(kind, ()):
        for text in _answers(check, look, key):
            yield Finding(check.__name__, kind, key, text)


def strangeness(state: object, key: str) -> str:
    """What is said of a contact in a state that nobody here knows."""
    return f"contact {key} is {state!r}, which is no state that is known here: it is left as it is"


def _answers(check: Check, look: Look, key: str) -> list[str]:
    """What a check says; a record that makes no sense to it is a finding, too."""
    try:
        return list(check(look, key))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return [f"{key} can not be checked: {type(error).__name__}: {error}"]
