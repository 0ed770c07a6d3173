"""Owns the table of HTTP operations: path, parameters, body, and what is done. Pure.

Routing, role checks, bad-input checks and the OpenAPI document all come from these rows.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from presence.calls import PutAgent
from presence.settings import AgentDefinition
from queues.calls import PutQueue
from queues.settings import QueueSettings, Unfit, unfit
from router.api import answers, problems, schema
from router.api.archive_operations import ARCHIVE
from router.api.auth import Identity
from router.api.calendar_operations import CALENDARS
from router.api.configs import CONFIG_OPERATIONS
from router.api.doctor_operations import DOCTOR_OPERATIONS
from router.api.fields import FieldError
from router.api.inbox import INBOX
from router.api.operation import Operation
from router.api.talk_schema import ReportBody
from router.api.verbs import CONTACTS, HANDED_ON, OFFER, ONE, action, verb
from router.calls import PutTenant
from router.engine.engine import Call
from router.settings import TenantSettings, unfit_channels


def _put_agent(_identity: Identity, path: schema.AgentPath, body: AgentDefinition) -> Call:
    return PutAgent(agent=path.agent, **msgspec.to_builtins(body))


def _put_queue(_identity: Identity, path: schema.QueuePath, body: QueueSettings) -> Call:
    _refuse(unfit(body))
    return PutQueue(queue=path.queue, settings=msgspec.to_builtins(body))


def _put_tenant(_identity: Identity, _path: schema.NoPath, body: TenantSettings) -> Call:
    _refuse(unfit_channels(body.channels))
    return PutTenant(settings=msgspec.to_builtins(body))


def _refuse(found: Iterable[Unfit]) -> None:
    """Raises: ProblemError, when there is something that does not go with the rest."""
    faults = [FieldError(".".join(path), value, expected) for path, value, expected in found]
    if faults:
        raise problems.ProblemError(problems.bad_input(faults))


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "admit_contact",
        "POST",
        CONTACTS,
        "A contact arrives, under the gateway's own id; the same one again changes nothing.",
        body_type=schema.AdmitBody,
        build=action("admit"),
        is_body_needed=True,
        example={
            "contact": "call-4711",
            "channel": "voice",
            "queue": "sales",
            "address": "+55 11 5555 0100",
            "subject": "Invoice",
            "origin": "pbx",
            "priority": 2,
            "requirements": {"english": 60},
            "attributes": {"order": 1234},
        },
    ),
    Operation(
        "keep_alive",
        "POST",
        "/v1/keep-alive",
        "The gateway still has these contacts; those with a lease live on.",
        body_type=schema.KeepAliveBody,
        build=action("keep_alive"),
        is_body_needed=True,
        example={"contacts": ["call-4711", "call-4712"]},
    ),
    Operation(
        "list_subjects",
        "GET",
        "/v1/subjects",
        "The catalogue of subjects, or those that contacts of one origin may have.",
        query_type=schema.SubjectQuery,
        answer=answers.subjects,
    ),
    Operation(
        "list_contacts",
        "GET",
        CONTACTS,
        "Live contacts of a queue, a state, an owner (`me` is the caller) or an origin.",
        query_type=schema.ContactQuery,
        answer=answers.contacts,
    ),
    Operation(
        "get_contact",
        "GET",
        ONE,
        "One contact: where it stands, who has it, and since when.",
        path_type=schema.ContactPath,
        answer=answers.contact,
    ),
    Operation(
        "update_contact",
        "PATCH",
        ONE,
        "Changes what a waiting contact asks for; fields left out stay as they are.",
        path_type=schema.ContactPath,
        body_type=schema.UpdateBody,
        build=action("update"),
        is_body_needed=True,
        example={"priority": 10, "requirements": {"english": 40}},
    ),
    verb(
        "cancel_contact",
        "cancel",
        "The customer left, or the gateway takes the contact back.",
        schema.CancelBody,
        {"result": "abandoned", "reason": "hung up"},
        needed=False,
    ),
    verb(
        "call_back_contact",
        "call-back",
        "A waiting customer hangs up and is to be called back; he keeps his place.",
        schema.CallBackBody,
        {"address": "+55 11 5555 0100", "not_before": 1_798_718_400_000},
        needed=False,
    ),
    verb(
        "not_reached_contact",
        "not-reached",
        "The customer did not answer the call back; the contact comes again later.",
        schema.NotReachedBody,
        {"reason": "busy"},
        needed=False,
    ),
    verb(
        "release_contact",
        "release",
        "The owner gives the contact back to its queue, or a supervisor takes it from him.",
        schema.ReleaseBody,
        {"reason": "wrong department"},
        needed=False,
    ),
    verb(
        "report_contact",
        "activity",
        "Something was said: by the customer, an agent or a system, in public or as a note.",
        ReportBody,
        {"author": "agent", "agent": "ann", "text": "Which order?", "id": "m-17", "wait": True},
        needed=True,
    ),
    verb(
        "take_over_contact",
        "take-over",
        "The agent takes the contact from its owner, as the queue allows.",
        schema.TakeOverBody,
        {"agent": "ann", "reason": "bob has gone home"},
        needed=False,
    ),
    verb(
        "assign_contact",
        "assign",
        "A supervisor gives the contact to an agent, wherever it is now.",
        schema.AssignBody,
        {"agent": "ann", "over_capacity": True, "reason": "knows the customer"},
        needed=True,
    ),
    verb(
        "monitor_contact",
        "monitor",
        "The caller listens to a conversation, coaches its agent, barges in, or stops.",
        schema.MonitorBody,
        {"mode": "listen", "reason": "quality"},
        needed=True,
    ),
    *HANDED_ON,
    verb(
        "close_contact",
        "close",
        "The conversation is over; wrap-up begins where the queue has it.",
        schema.CloseBody,
        {"disposition": "invoice", "resolved": True},
        needed=False,
    ),
    Operation(
        "end_wrap_up",
        "POST",
        f"{ONE}/end-wrap-up",
        "The after-call work is done; the slot is free.",
        path_type=schema.ContactPath,
        body_type=schema.EndWrapUpBody,
        build=action("end_wrap_up"),
        example={"disposition": "invoice", "resolved": True},
    ),
    Operation(
        "accept_offer",
        "POST",
        f"{OFFER}/accept",
        "The agent takes the contact he was offered.",
        path_type=schema.OfferPath,
        body_type=schema.AcceptBody,
        build=action("accept"),
        example={"agent": "ann"},
    ),
    Operation(
        "decline_offer",
        "POST",
        f"{OFFER}/decline",
        "The agent refuses the offer, or the gateway could not reach him.",
        path_type=schema.OfferPath,
        body_type=schema.DeclineBody,
        build=action("decline"),
        example={"agent": "ann", "cause": "unreachable"},
    ),
    Operation(
        "get_position",
        "GET",
        f"{ONE}/position",
        "Where the contact stands and how long it will still wait; nothing about agents.",
        path_type=schema.ContactPath,
        answer=answers.place,
    ),
    Operation(
        "why_contact",
        "GET",
        f"{ONE}/why",
        "Why the contact still waits: each agent of its queue, with what stands in the way.",
        path_type=schema.ContactPath,
        query_type=schema.LimitQuery,
        answer=answers.why,
    ),
    Operation(
        "why_offer",
        "GET",
        f"{OFFER}/why",
        "Why an offer was made to its agent, who was passed over, and how it ended.",
        path_type=schema.OfferPath,
        answer=answers.why_offer,
    ),
    Operation(
        "why_agent",
        "GET",
        "/v1/agents/{agent}/why",
        "Why an agent gets nothing: each of his lines, who waits there, and who is before him.",
        path_type=schema.AgentPath,
        query_type=schema.LinesQuery,
        answer=answers.why_agent,
    ),
    Operation(
        "put_agent",
        "PUT",
        "/v1/agents/{agent}",
        "Creates an agent or replaces his definition; his work stays with him.",
        path_type=schema.AgentPath,
        body_type=AgentDefinition,
        build=_put_agent,
        is_body_needed=True,
        example={
            "name": "Ann",
            "memberships": {"sales": {"role": "agent", "level": 80}},
            "skills": {"english": 100},
            "slots": {"voice": 1, "chat": 3},
            "capacity": 6,
        },
    ),
    Operation(
        "get_agent",
        "GET",
        "/v1/agents/{agent}",
        "One agent: presence, what he could take now, and his work.",
        path_type=schema.AgentPath,
        answer=answers.agent,
    ),
    Operation(
        "list_agents",
        "GET",
        "/v1/agents",
        "The directory: who is there, and who could take a contact now.",
        query_type=schema.AgentQuery,
        answer=answers.agents,
    ),
    Operation(
        "set_agent_state",
        "POST",
        "/v1/agents/{agent}/state",
        "The agent declares himself ready, not ready or offline, at once or when idle.",
        path_type=schema.AgentPath,
        body_type=schema.StateBody,
        build=action("set_state"),
        is_body_needed=True,
        example={"presence": "not_ready", "reason": "lunch", "when": "idle"},
    ),
    Operation(
        "log_off_agent",
        "POST",
        "/v1/agents/{agent}/log-off",
        "A supervisor ends an agent's sessions; his contacts wait for him or go back.",
        path_type=schema.AgentPath,
        body_type=schema.LogOffBody,
        build=action("log_off"),
        example={"contacts": "requeue", "reason": "left without a word"},
    ),
    Operation(
        "put_queue",
        "PUT",
        "/v1/queues/{queue}",
        "Creates a queue or replaces its settings; contacts that wait keep their due time.",
        path_type=schema.QueuePath,
        body_type=QueueSettings,
        build=_put_queue,
        is_body_needed=True,
        example={"name": "Sales", "target_ms": 20_000, "wrap_up_ms": 10_000},
    ),
    Operation(
        "get_queue",
        "GET",
        "/v1/queues/{queue}",
        "One queue: settings and counts.",
        path_type=schema.QueuePath,
        answer=answers.queue,
    ),
    Operation(
        "list_queues",
        "GET",
        "/v1/queues",
        "Every queue: settings and counts.",
        answer=answers.queues,
    ),
    *ARCHIVE,
    *CALENDARS,
    *INBOX,
    Operation(
        "put_tenant",
        "PUT",
        "/v1/tenant",
        "Creates the token's tenant or replaces its settings.",
        body_type=TenantSettings,
        build=_put_tenant,
        is_body_needed=True,
        example={"grace_ms": 60_000, "channels": {"voice": {"cost": 6}, "chat": {"cost": 2}}},
    ),
    *CONFIG_OPERATIONS,
    *DOCTOR_OPERATIONS,
    Operation("get_openapi", "GET", "/v1/openapi.json", "This document."),
    Operation("open_stream", "GET", "/v1/stream", "The WebSocket; see docs/protocol.md."),
)
