"""Owns the commands by which a supervisor acts: one request each to a running router."""

import functools
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import click

from router.cli.frame import (
    MistakeError,
    config_option,
    json_option,
    load_config,
    tenant_option,
    told,
    url_option,
)

EPOCH: Final = 1970
Param = Callable[[Any], Any]
Words = dict[str, Any]


class Act(NamedTuple):
    """What is asked of the router: of which contact or agent, and how."""

    about: str
    path: str
    body: Words
    method: str = "POST"


SHARED: Final[tuple[Param, ...]] = (
    click.option("--reason", help="Why; it stands in the journal."),
    click.option("--as", "actor", default="acd", show_default=True, help="Who does it: an id."),
    url_option,
    tenant_option,
    config_option,
    json_option,
)
contact_argument = click.argument("contact")
agent_argument = click.argument("agent")


def _verb(name: str, summary: str, *params: Param) -> Callable[[Callable[..., Act]], click.Command]:
    """A command that sends what the function makes of its own words, and prints the answer."""

    def register(build: Callable[..., Act]) -> click.Command:
        @functools.wraps(build)
        def run(
            own_path: Path | None,
            tenant: str | None,
            url: str | None,
            actor: str,
            *,
            is_json: bool,
            **words: Any,
        ) -> None:
            from router.cli.caller import send  # noqa: PLC0415  --help is quick without it

            act = build(**words)
            body = {name: value for name, value in act.body.items() if value is not None}
            config = load_config(own_path)
            answer = send(config, tenant, url, act.method, act.path, body, subject=actor)
            _show(act.about, answer, is_json=is_json)

        command = told(run)
        for param in reversed((*params, *SHARED)):
            command = param(command)
        return click.command(name, short_help=summary)(command)

    return register


def _of_contact(contact: str, verb: str, **body: Any) -> Act:
    return Act(contact, f"contacts/{quote(contact, safe='')}/{verb}", body)


def _of_agent(agent: str, verb: str, **body: Any) -> Act:
    return Act(agent, f"agents/{quote(agent, safe='')}/{verb}", body)


@_verb(
    "assign",
    "Gives a contact to an agent.",
    contact_argument,
    agent_argument,
    click.option("--over-capacity", is_flag=True, help="Though he has no room for it."),
    click.option("--not-ready", is_flag=True, help="Though he is not ready."),
    click.option("--not-member", is_flag=True, help="Though he does not serve its queue."),
)
def assign(contact: str, agent: str, **words: Any) -> Act:
    """Gives CONTACT to AGENT at once: one that waits, rings, is another's, or comes later."""
    return _of_contact(contact, "assign", agent=agent, **words)


@_verb("release", "Takes a contact away from its agent.", contact_argument)
def release(contact: str, reason: str | None) -> Act:
    """Takes CONTACT away from its agent: it is back in its queue, at its place."""
    return _of_contact(contact, "release", reason=reason)


@_verb(
    "monitor",
    "Takes part in a conversation.",
    contact_argument,
    click.argument("mode", type=click.Choice(["listen", "coach", "barge", "stop"])),
)
def monitor(contact: str, mode: str, reason: str | None) -> Act:
    """The one named with --as listens to CONTACT, coaches its agent, barges in, or stops."""
    return _of_contact(contact, "monitor", mode=mode, reason=reason)


@_verb(
    "close",
    "Ends a contact as handled.",
    contact_argument,
    click.option("--disposition", metavar="CODE", help="Why the customer got in touch."),
    click.option("--resolved/--unresolved", default=None, help="Whether that was solved."),
    click.option(
        "--wrap-up/--no-wrap-up", default=None, help="Whether its agent writes it up, if he may."
    ),
)
def close(
    contact: str,
    disposition: str | None,
    reason: str | None,
    *,
    resolved: bool | None,
    wrap_up: bool | None,
) -> Act:
    """Ends CONTACT, which an agent has, or which is held or scheduled."""
    return _of_contact(
        contact,
        "close",
        disposition=disposition,
        resolved=resolved,
        reason=reason,
        wrap_up=wrap_up,
    )


@_verb(
    "cancel",
    "Ends a contact that nobody serves any more.",
    contact_argument,
    click.option(
        "--result",
        type=click.Choice(["abandoned", "cancelled"]),
        default="cancelled",
        show_default=True,
        help="Whether the customer left, or it is taken back.",
    ),
)
def cancel(contact: str, result: str, reason: str | None) -> Act:
    """Ends CONTACT, wherever it is."""
    return _of_contact(contact, "cancel", result=result, reason=reason)


@_verb(
    "update",
    "Changes what a waiting contact asks for.",
    contact_argument,
    click.option("--priority", type=click.IntRange(0, 100), help="Waiting time credited."),
    click.option("--tier", type=click.IntRange(0, 100), help="A higher one goes first."),
    click.option("--target-ms", type=click.IntRange(0), help="Wait after which it is due."),
    click.option("--subject", help="What it is about."),
    click.option(
        "--skill", "skills", multiple=True, metavar="SKILL=LEVEL", help="All that is asked now."
    ),
    click.option("--no-skills", is_flag=True, help="Nothing is asked any more."),
    click.option(
        "--relax", metavar="JSON", help="What is asked less later, a list; null: nothing."
    ),
    click.option("--not-before", metavar="INSTANT", help="When it comes: now, or ISO 8601."),
)
def update(
    contact: str,
    skills: tuple[str, ...],
    relax: str | None,
    not_before: str | None,
    *,
    no_skills: bool,
    **words: Any,
) -> Act:
    """Changes the priority of CONTACT, or what it asks for, while it waits; the rest stays."""
    if skills and no_skills:
        raise MistakeError("--skill or --no-skills, not both")
    asked = {name: _scalar(level) for name, level in _pairs(skills, "--skill")}
    body = {**words, "not_before": _instant(not_before)}
    if relax is not None:
        body["relax"] = _relaxations(relax)
    if skills or no_skills:
        body["requirements"] = asked
    if no_skills:
        body["any_of"] = []
    if all(value is None for name, value in body.items() if name != "reason"):
        raise MistakeError("nothing to change: name at least one option besides --reason")
    return Act(contact, f"contacts/{quote(contact, safe='')}", body, method="PATCH")


@_verb(
    "state",
    "Declares an agent ready, not ready or offline.",
    agent_argument,
    click.argument("presence", type=click.Choice(["ready", "not_ready", "offline"])),
    click.option(
        "--when",
        type=click.Choice(["now", "idle"]),
        default="now",
        show_default=True,
        help="At once, or when the work in hand is done.",
    ),
)
def state(agent: str, presence: str, when: str, reason: str | None) -> Act:
    """Declares AGENT to be PRESENCE, in his stead."""
    return _of_agent(agent, "state", presence=presence, when=when, reason=reason)


@_verb(
    "log-off",
    "Ends an agent's sessions.",
    agent_argument,
    click.option(
        "--contacts",
        type=click.Choice(["keep", "requeue"]),
        default="keep",
        show_default=True,
        help="His contacts wait for him for the grace time, or are back at once.",
    ),
)
def log_off(agent: str, contacts: str, reason: str | None) -> Act:
    """Ends all sessions of AGENT, who is offline at once."""
    return _of_agent(agent, "log-off", contacts=contacts, reason=reason)


VERBS: Final = (assign, cancel, close, log_off, monitor, release, state, update)


def _pairs(given: tuple[str, ...], option: str) -> list[tuple[str, str]]:
    """The names and values of a repeated option. Raises: MistakeError."""
    pairs = [text.partition("=") for text in given]
    for text, (name, equals, _) in zip(given, pairs, strict=True):
        if not (name and equals):
            raise MistakeError(f"{option} {text}: expected NAME=VALUE")
    return [(name, value) for name, _, value in pairs]


def _relaxations(text: str) -> Any:
    """What the option says, as JSON. Raises: MistakeError."""
    try:
        return json.loads(text) or []
    except ValueError as error:
        raise MistakeError(f"--relax: expected JSON: {error}") from None


def _instant(text: str | None) -> int | None:
    """Ms on the wall clock; `now` is an instant that has passed. Raises: MistakeError."""
    if text in (None, "now"):
        return None if text is None else 0
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year < EPOCH:
        expected = "now, or an instant with its zone, as in 2026-12-24T09:00-03:00"
        raise MistakeError(f"--not-before {text}: expected {expected}")
    return int(at.timestamp() * 1_000)


def _scalar(text: str) -> str | float | bool | None:
    """What JSON would read in it, if that is a number, true, false or null; else the text."""
    words = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text) else text


def _show(about: str, answer: Words, *, is_json: bool) -> None:
    """The answer; for people, where the contact or the agent stands now."""
    import msgspec  # noqa: PLC0415  --help is quick without it

    if is_json:
        click.echo(msgspec.json.encode(answer).decode())
        return
    rung = ", ".join(offer["agent"] for offer in answer.get("offers", ()))
    click.echo(
        f"{about}: {answer.get('state') or answer['outcome']}" + (f" to {rung}" * bool(rung))
    )
