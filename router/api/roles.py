"""Owns who may do what: every operation of the HTTP edge and every command of the socket. Pure.

Deny by default: a name that is not in a table is allowed to nobody. What an agent may do, he may
do on his own behalf only; `router.api.actions` puts his own id into every call he makes.
"""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a token's bearer is to the tenant."""

    GATEWAY = "gateway"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


ALL: Final = frozenset(Role)
NOBODY: Final[frozenset[Role]] = frozenset()
CONTACT_SIDE: Final = frozenset({Role.GATEWAY, Role.SUPERVISOR, Role.ADMIN})
STAFF: Final = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN})
WATCHERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})

OPERATIONS: Final[dict[str, frozenset[Role]]] = {
    "admit_contact": frozenset({Role.GATEWAY, Role.ADMIN}),
    "list_contacts": ALL,
    "get_contact": ALL,
    "list_inbox": STAFF,
    "count_inbox": STAFF,
    "get_timeline": ALL,
    "get_history": ALL,
    "get_report": WATCHERS,
    "update_contact": CONTACT_SIDE,
    "cancel_contact": CONTACT_SIDE,
    "keep_alive": frozenset({Role.GATEWAY}),
    "list_subjects": ALL,
    "call_back_contact": CONTACT_SIDE,
    "not_reached_contact": ALL,
    "release_contact": STAFF,
    "claim_contact": frozenset({Role.AGENT, Role.GATEWAY, Role.ADMIN}),
    "take_over_contact": STAFF,
    "reopen_contact": ALL,
    "report_contact": ALL,
    "assign_contact": WATCHERS,
    "monitor_contact": WATCHERS,
    "transfer_contact": ALL,
    "consult_contact": ALL,
    "complete_consult": ALL,
    "leave_consult": ALL,
    "fork_contact": ALL,
    "close_contact": ALL,
    "end_wrap_up": STAFF,
    "score_contact": CONTACT_SIDE,
    "accept_offer": frozenset({Role.AGENT, Role.GATEWAY}),
    "decline_offer": frozenset({Role.AGENT, Role.GATEWAY}),
    "get_position": CONTACT_SIDE,
    "get_positions": CONTACT_SIDE,
    "why_contact": WATCHERS,
    "why_offer": WATCHERS,
    "why_agent": WATCHERS,
    "put_agent": frozenset({Role.ADMIN}),
    "get_agent": ALL,
    "list_agents": ALL,
    "set_agent_state": STAFF,
    "log_off_agent": WATCHERS,
    "put_queue": frozenset({Role.ADMIN}),
    "get_queue": ALL,
    "list_queues": ALL,
    "get_wall": WATCHERS,
    "get_config": frozenset({Role.ADMIN}),
    "list_config_versions": WATCHERS,
    "plan_config": frozenset({Role.ADMIN}),
    "apply_config": frozenset({Role.ADMIN}),
    "plan_way_back": frozenset({Role.ADMIN}),
    "roll_config_back": frozenset({Role.ADMIN}),
    "get_findings": frozenset({Role.ADMIN}),
    "repair_findings": frozenset({Role.ADMIN}),
    "make_token": frozenset({Role.ADMIN}),
    "revoke_tokens": frozenset({Role.ADMIN}),
    "list_revoked_tokens": frozenset({Role.ADMIN}),
    "put_calendar": frozenset({Role.ADMIN}),
    "delete_calendar": frozenset({Role.ADMIN}),
    "get_calendar": ALL,
    "list_calendars": ALL,
    "put_tenant": frozenset({Role.ADMIN}),
    "get_tenant": WATCHERS,
    "get_openapi": ALL,
    "open_stream": ALL,
}
"""HTTP: operation id -> roles. `/healthz` and `/readyz` are open and not in the table."""

COMMANDS: Final[dict[str, frozenset[Role]]] = {
    "admit": OPERATIONS["admit_contact"],
    "update": OPERATIONS["update_contact"],
    "cancel": OPERATIONS["cancel_contact"],
    "keep_alive": OPERATIONS["keep_alive"],
    "subjects": OPERATIONS["list_subjects"],
    "accept": OPERATIONS["accept_offer"],
    "decline": OPERATIONS["decline_offer"],
    "call_back": OPERATIONS["call_back_contact"],
    "not_reached": OPERATIONS["not_reached_contact"],
    "release": OPERATIONS["release_contact"],
    "claim": OPERATIONS["claim_contact"],
    "take_over": OPERATIONS["take_over_contact"],
    "reopen": OPERATIONS["reopen_contact"],
    "report": OPERATIONS["report_contact"],
    "assign": OPERATIONS["assign_contact"],
    "monitor": OPERATIONS["monitor_contact"],
    "transfer": OPERATIONS["transfer_contact"],
    "consult": OPERATIONS["consult_contact"],
    "complete_consult": OPERATIONS["complete_consult"],
    "leave_consult": OPERATIONS["leave_consult"],
    "fork": OPERATIONS["fork_contact"],
    "close": OPERATIONS["close_contact"],
    "end_wrap_up": OPERATIONS["end_wrap_up"],
    "score": OPERATIONS["score_contact"],
    "set_state": OPERATIONS["set_agent_state"],
    "log_off": OPERATIONS["log_off_agent"],
    "snapshot": ALL,
    "agents": OPERATIONS["list_agents"],
    "queues": OPERATIONS["list_queues"],
    "wall": OPERATIONS["get_wall"],
    "contact": OPERATIONS["get_contact"],
    "inbox": OPERATIONS["list_inbox"],
    "inbox_counts": OPERATIONS["count_inbox"],
    "position": OPERATIONS["get_position"],
    "positions": OPERATIONS["get_positions"],
    "why": OPERATIONS["why_contact"],
    "why_offer": OPERATIONS["why_offer"],
    "why_agent": OPERATIONS["why_agent"],
}
"""WebSocket: command name -> roles."""


def may_call(role: Role, operation: str) -> bool:
    """Whether the role may call the HTTP operation; an operation without a row is for nobody."""
    return role in OPERATIONS.get(operation, NOBODY)


def may_command(role: Role, command: str) -> bool:
    """Whether the role may send the command; a command without a row is for nobody."""
    return role in COMMANDS.get(command, NOBODY)
