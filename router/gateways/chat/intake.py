"""Owns what a customer tells to start a conversation, and what of it a router is told. Pure."""

import re
from typing import Any, Final

from msgspec import Struct

from router.gateways.chat.refusals import Fault

NAME_MAX: Final = 100
REACH_MAX: Final = 200
SUBJECT_MAX: Final = 256
COMMENT_MAX: Final = 1_024
SCORE_MAX: Final = 10

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().-]{5,30}")
_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_CHANCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class Start(Struct, frozen=True):
    """How a customer begins.

    `browser` and `key` are chosen by chance in his browser: one for all its conversations, one for
    this beginning, so that a repeat is no second one. `reach` is an e-mail address or a telephone
    number, in one spelling.
    """

    browser: str
    key: str
    name: str
    reach: str
    department: str | None
    subject: str
    message: str
    language: str


def read_start(
    given: dict[str, Any], required: tuple[str, ...], message_max: int
) -> Start | list[Fault]:
    """What the customer told, or every field that is not as it must be."""
    faults: list[Fault] = []

    def text(field: str, most: int, *, is_required: bool) -> str:
        value = given.get(field)
        if value is not None and not isinstance(value, str):
            faults.append(Fault(field, "invalid"))
            return ""
        value = (value or "").strip()
        if is_required and not value:
            faults.append(Fault(field, "required"))
        elif len(value) > most:
            faults.append(Fault(field, "long", most))
        return value

    def chance(field: str) -> str:
        value = given.get(field)
        if isinstance(value, str) and _CHANCE.fullmatch(value):
            return value
        faults.append(Fault(field, "invalid"))
        return ""

    start = Start(
        browser=chance("browser"),
        key=chance("key"),
        name=text("name", NAME_MAX, is_required=True),
        reach=text("reach", REACH_MAX, is_required=True),
        department=text("department", 64, is_required="department" in required) or None,
        subject=text("subject", SUBJECT_MAX, is_required="subject" in required),
        message=text("message", message_max, is_required=True),
        language=text("language", 20, is_required=False),
    )
    reach = spelling(start.reach)
    if reach is None and not any(fault.field == "reach" for fault in faults):
        faults.append(Fault("reach", "invalid"))
    if start.department is not None and not _ID.fullmatch(start.department):
        faults.append(Fault("department", "unknown"))
    if start.language and not _LANGUAGE.fullmatch(start.language):
        faults.append(Fault("language", "invalid"))
    return faults or Start(**{**_plain(start), "reach": reach})


def read_message(given: dict[str, Any], message_max: int) -> tuple[str, str] | list[Fault]:
    """A message's id and text, or every field that is not as it must be."""
    faults: list[Fault] = []
    name, text = given.get("id"), given.get("text")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        faults.append(Fault("id", "invalid"))
    if not isinstance(text, str) or not text.strip():
        faults.append(Fault("message", "required"))
    elif len(text) > message_max:
        faults.append(Fault("message", "long", message_max))
    return faults or (str(name), str(text))


def read_rating(given: dict[str, Any]) -> dict[str, Any] | list[Fault]:
    """What the customer says of the conversation, or every field that is not as it must be."""
    faults: list[Fault] = []
    score, comment = given.get("score"), given.get("comment") or ""
    if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= SCORE_MAX:
        faults.append(Fault("score", "required" if score is None else "invalid"))
    if not isinstance(comment, str):
        faults.append(Fault("comment", "invalid"))
    elif len(comment) > COMMENT_MAX:
        faults.append(Fault("comment", "long", COMMENT_MAX))
    said = {"score": score} | ({"comment": comment.strip()} if str(comment).strip() else {})
    return faults or said


def spelling(reach: str) -> str | None:
    """An e-mail address in small letters or a telephone number without signs; None if neither."""
    if _EMAIL.fullmatch(reach):
        return reach.lower()
    if _PHONE.fullmatch(reach):
        return ("+" if reach.startswith("+") else "") + re.sub(r"\D", "", reach)
    return None


def _plain(start: Start) -> dict[str, Any]:
    return {name: getattr(start, name) for name in Start.__struct_fields__}
