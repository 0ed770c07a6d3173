"""Owns the HTTP operations that are one command on one contact, and those that hand it on. Pure."""

from typing import Any, Final

from router.api import hand_on, parameters, schema
from router.api.actions import ACTIONS
from router.api.auth import Identity
from router.api.operation import Build, Operation
from router.api.talk_schema import ScoreBody
from router.engine.engine import Call

CONTACTS: Final = "/v1/contacts"
ONE: Final = "/v1/contacts/{contact}"
OFFER: Final = ONE + "/offers/{offer}"


def action(name: str) -> Build:
    """The shared action, with its arguments taken from path and body."""
    args_type, build = ACTIONS[name]

    def from_request(identity: Identity, path: Any, body: Any) -> Call:
        if not path.__struct_fields__:
            return build(identity, body, None)
        own = {name: getattr(path, name) for name in path.__struct_fields__}
        given = {name: getattr(body, name) for name in body.__struct_fields__}
        return build(identity, args_type(**own, **given), None)

    return from_request


def verb(
    operation: str, verb: str, summary: str, body: Any, example: dict[str, Any], *, needed: bool
) -> Operation:
    """A command on one contact."""
    return Operation(
        operation,
        "POST",
        f"{ONE}/{verb}",
        summary,
        path_type=parameters.ContactPath,
        body_type=body,
        build=action(operation.removesuffix("_contact")),
        is_body_needed=needed,
        example=example,
    )


HANDED_ON: Final[tuple[Operation, ...]] = (
    verb(
        "transfer_contact",
        "transfer",
        "To an agent who can take it at this instant, or to a queue, as what waits can, too.",
        schema.TransferBody,
        {"to_queue": "support", "note": "wants to move house"},
        needed=True,
    ),
    verb(
        "consult_contact",
        "consult",
        "The owner asks an agent who can take the contact at this instant to take part in it.",
        hand_on.ConsultBody,
        {"to_agent": "bob", "note": "is this covered?"},
        needed=True,
    ),
    verb(
        "complete_consult",
        "complete-consult",
        "Who is consulted has the contact from now on.",
        hand_on.PartBody,
        {},
        needed=False,
    ),
    verb(
        "leave_consult",
        "leave-consult",
        "Who is consulted leaves, or the owner goes on without him.",
        hand_on.PartBody,
        {},
        needed=False,
    ),
    verb(
        "fork_contact",
        "fork",
        "A new, linked contact of the same customer in another queue; this one stays as it is.",
        hand_on.ForkBody,
        {"to_queue": "billing", "subject": "Invoice", "note": "asks for a copy"},
        needed=True,
    ),
    verb(
        "score_contact",
        "score",
        "What the customer says of a contact that has ended.",
        ScoreBody,
        {"score": 9, "comment": "quick"},
        needed=True,
    ),
)
