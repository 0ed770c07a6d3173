"""Owns what bodies of settings become: a typed call, when their values go together. Pure."""

from collections.abc import Iterable

import msgspec

from presence.calls import PutAgent
from presence.settings import AgentDefinition
from queues.calls import PutQueue
from queues.settings import QueueSettings, Unfit, unfit
from router.api import parameters, problems
from router.api.auth import Identity
from router.api.fields import FieldError
from router.calls import PutTenant
from router.engine.engine import Call
from router.settings import TenantSettings, unfit_tenant


def put_agent(_identity: Identity, path: parameters.AgentPath, body: AgentDefinition) -> Call:
    """An agent as it is to be."""
    return PutAgent(agent=path.agent, **msgspec.to_builtins(body))


def put_queue(_identity: Identity, path: parameters.QueuePath, body: QueueSettings) -> Call:
    """A queue as it is to be. Raises: ProblemError."""
    _refuse(unfit(body))
    return PutQueue(queue=path.queue, settings=msgspec.to_builtins(body))


def put_tenant(_identity: Identity, _path: parameters.NoPath, body: TenantSettings) -> Call:
    """The tenant as it is to be. Raises: ProblemError."""
    _refuse(unfit_tenant(body))
    return PutTenant(settings=msgspec.to_builtins(body))


def _refuse(found: Iterable[Unfit]) -> None:
    """Raises: ProblemError, when there is something that does not go with the rest."""
    faults = [FieldError(".".join(path), value, expected) for path, value, expected in found]
    if faults:
        raise problems.ProblemError(problems.bad_input(faults))
