"""Owns the OpenAPI 3.1 document, made from the operations' table and the structs. Pure."""

from functools import cache
from typing import Any, Final

import msgspec

from router.api.operation import Operation
from router.api.operations import OPERATIONS
from router.api.problems import Problem
from router.api.roles import OPERATIONS as ROLES
from router.api.schema import CommandReply

VERSION: Final = "1"
REF: Final = "#/components/schemas/{name}"
JSON: Final = "application/json"
MSGPACK: Final = "application/msgpack"
DONE_EXAMPLE: Final = {
    "outcome": "ok",
    "now": 1_732_200_000_000,
    "position": "1732200000000-0",
    "state": "offered",
    "offers": [{"n": 1, "agent": "ann", "deadline": 1_732_200_020_000}],
}
PROBLEM_EXAMPLE: Final = {
    "type": "urn:vez:problem:bad-input",
    "title": "The request has fields that are not valid.",
    "status": 422,
    "errors": [{"field": "priority", "value": 101, "expected": "an integer from 0 to 100"}],
}
READ_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "list_contacts": {"contacts": [{"contact": "call-4711", "state": "queued"}]},
    "get_contact": {"contact": "call-4711", "state": "assigned", "owner": "ann"},
    "get_timeline": {
        "contact": "call-4711",
        "entries": [
            {
                "position": "1732200000000-0.0",
                "at": 1_732_200_000_000,
                "actor": "gateway:pbx",
                "visibility": "public",
                "event": {"e": "contact.admitted", "queue": "sales"},
            }
        ],
    },
    "get_report": {
        "interval": "hour",
        "by": "queue",
        "rows": [{"from": 1_732_200_000_000, "queue": "sales", "offered": 40, "answered": 37}],
        "definitions": {"offered": "waits in the queue that began in the interval"},
    },
    "get_history": {"contacts": [{"contact": "call-4699", "state": "closed"}], "cursor": "…"},
    "get_position": {
        "contact": "call-4711",
        "state": "queued",
        "place": 3,
        "estimated_wait_ms": {"p50": 64_000, "p80": 118_000},
    },
    "get_positions": {
        "positions": {"call-4711": {"contact": "call-4711", "state": "queued", "place": 3}},
        "contacts_gone": ["call-4712"],
        "now": 1_732_200_003_000,
    },
    "why_contact": {"rank": 1, "candidates": [{"agent": "ann", "verdict": "not_ready"}]},
    "why_offer": {"offer": 1, "agent": "ann", "rank": 1, "because": "ann was first …"},
    "why_agent": {"agent": "ann", "because": "he can take nothing now: not_ready", "lines": []},
    "get_agent": {"agent": "ann", "presence": "ready", "visible": "available", "work": []},
    "list_agents": {"agents": [{"agent": "ann", "visible": "busy"}], "cursor": "ann"},
    "list_inbox": {"contacts": [], "cursor": None, "position": "1767225600000-0"},
    "count_inbox": {
        "open": [{"queue": "sales", "state": "queued", "whose": "nobody", "contacts": 3}],
        "position": "1767225600000-0",
    },
    "get_queue": {"queue": "sales", "waiting": 3, "ready": {"voice": 0}},
    "list_queues": {"queues": [{"queue": "sales", "waiting": 3, "ready": {"voice": 0}}]},
    "get_wall": {
        "now": 1_732_200_000_000,
        "queues": [
            {
                "queue": "sales",
                "waiting": 3,
                "oldest": "call-4711",
                "oldest_since": 1_732_199_940_000,
                "agents": {"ready": 0, "busy": 4, "not_ready": 1, "offline": 2},
                "service_level_ms": 20_000,
                "recent": {"offered": 31, "answered": 27, "service_level_strict": 0.8148},
            }
        ],
        "figures": {"recent": {"from": 1_732_198_200_000, "to": 1_732_200_000_001}},
    },
    "list_subjects": {"subjects": {"Invoice": {"queue": "billing", "priority": 4}}},
    "repair_findings": {
        "repairs": [
            {
                "id": "WyJjb250YWN0IiwiY2FsbC00NzExIl0",
                "kind": "contact",
                "subject": "call-4711",
                "outcome": "ok",
                "wrong": ["wq:sales had call-4711 at none, not 1732200000400"],
            }
        ]
    },
    "get_findings": {
        "findings": [
            {
                "id": "WyJjb250YWN0IiwiY2FsbC00NzExIl0",
                "check": "is_due_in_place",
                "kind": "contact",
                "subject": "call-4711",
                "text": "contact call-4711 is queued: stands in waiting of sales|voice| at None, …",
            }
        ],
        "examined": {"contact": 812, "agent": 240, "line": 31, "queue": 12},
        "is_whole": True,
        "is_counted": True,
    },
    "get_config": {"version": 12, "hash": "3f…", "tenant": {}, "queues": {}, "file": []},
    "list_config_versions": {"version": 12, "versions": [{"version": 12, "note": "a night queue"}]},
    "list_revoked_tokens": {
        "revoked": [{"subject": "ann", "before": 1_732_200_000_000, "by": "admin:root"}]
    },
    "plan_config": {"base": 12, "changes": [{"kind": "queue", "id": "night", "what": "added"}]},
    "plan_way_back": {"base": 12, "changes": [{"kind": "queue", "id": "night", "what": "removed"}]},
    "make_token": {
        "token": "eyJhbGciOi…",
        "role": "agent",
        "subject": "ann",
        "tenant": "demo",
        "expires": 1_732_228_800_000,
    },
    "get_calendar": {"calendar": "office", "is_open": False, "opens_at": 1_798_718_400_000},
    "list_calendars": {"calendars": [{"calendar": "office", "is_open": True}]},
    "get_tenant": {"grace_ms": 60_000, "lease_ms": 10_000},
    "get_openapi": {"openapi": "3.1.0"},
}
PROBLEMS: Final = {
    "400": "The body can not be read.",
    "401": "No valid bearer token.",
    "403": "This token may not do that, or it is another agent's.",
    "404": "There is no such thing.",
    "409": "The state of things does not allow it.",
    "410": "The offer is over.",
    "413": "The body is too large.",
    "415": "Neither JSON nor MessagePack.",
    "422": "Fields that are not valid, each named.",
    "429": "More than the limit allows.",
    "503": "The store or the archive does not answer, or did not confirm: repeat it.",
}


@cache
def encoded() -> bytes:
    """The whole document as it is served; made once for all routers of a process."""
    return msgspec.json.encode(document())


def document() -> dict[str, Any]:
    """The whole document, ready to be encoded."""
    kinds = [o.body_type for o in OPERATIONS if o.body_type is not None]
    _, schemas = msgspec.json.schema_components([*kinds, CommandReply, Problem], ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vez",
            "version": VERSION,
            "summary": "A real-time contact-center routing engine.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    roles = ", ".join(sorted(ROLES[operation.id]))
    entry: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": f"Roles: {roles}.",
        "tags": [operation.path.split("/")[2].partition(".")[0]],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body_type is not None:
        media = {"schema": _ref(operation.body_type)}
        entry["requestBody"] = {
            "required": operation.is_body_needed,
            "content": {JSON: media | {"example": operation.example}, MSGPACK: media},
        }
    return entry


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [
        *_fields(operation.path_type, "path"),
        *_fields(operation.query_type, "query"),
    ]
    if operation.build is not None or operation.prepare is not None:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "A repeat with the same key and content answers the same, for 24 h.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 128},
            }
        )
    return found


def _fields(kind: Any, place: str) -> list[dict[str, Any]]:
    return [
        {
            "name": field.encode_name,
            "in": place,
            "required": field.required,
            "schema": msgspec.json.schema(field.type),
        }
        for field in msgspec.structs.fields(kind)
    ]


def _responses(operation: Operation) -> dict[str, Any]:
    if operation.id == "open_stream":
        found: dict[str, Any] = {"101": {"description": "The socket is open; say hello."}}
    elif operation.build is not None or operation.prepare is not None:
        done = _answer("It was done, or had been done before.", _ref(CommandReply), DONE_EXAMPLE)
        found = {"200": done}
        if operation.id == "admit_contact":
            found["201"] = _answer("The contact is in.", _ref(CommandReply), DONE_EXAMPLE)
        if operation.id == "set_agent_state":
            found["202"] = _answer("It will be done.", _ref(CommandReply), {"outcome": "pending"})
    else:
        example = READ_EXAMPLES[operation.id]
        found = {"200": _answer("The answer.", {"type": "object"}, example)}
    for status, text in PROBLEMS.items():
        found[status] = {
            "description": text,
            "content": {
                "application/problem+json": {"schema": _ref(Problem), "example": PROBLEM_EXAMPLE}
            },
        }
    return found


def _answer(text: str, kind: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    media = {"schema": kind}
    return {"description": text, "content": {JSON: media | {"example": example}, MSGPACK: media}}


def _ref(kind: type[Any]) -> dict[str, str]:
    return {"$ref": REF.format(name=kind.__name__)}
