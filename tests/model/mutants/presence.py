"""Faults in who is routable."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "verdict: without a desktop",
        "elseif #a.sessions == 0 then\n    return 'not_connected'",
        "elseif false then\n    return 'not_connected'",
    ),
    Mutant("verdict: not ready", "elseif a.presence ~= 'ready' then", "elseif false then"),
    Mutant(
        "verdict: pending",
        "  elseif a.pending then\n    return 'pending'",
        "  elseif false then\n    return 'pending'",
    ),
    Mutant("verdict: slots", "  if used >= a.slots[channel] then", "  if false then"),
    Mutant(
        "verdict: capacity",
        "  return units <= a.capacity and 'ok' or 'no_capacity'",
        "  return 'ok'",
    ),
    Mutant(
        "verdict: level",
        "if (definition.skills[skill] or 0) >= level then\n      return true",
        "if definition.skills[skill] then\n      return true",
    ),
    Mutant("verdict: supervisors are offered", "(membership.role or 'agent') == 'agent'", "true"),
    Mutant("pending: never taken", "  if a.pending and agent.is_idle(a) then", "  if false then"),
    Mutant(
        "pending: taken too early",
        "  if a.pending and agent.is_idle(a) then",
        "  if a.pending then",
    ),
    Mutant(
        "reasons: any, where some are listed",
        "(is_free or is_again or listed[args.reason])",
        "true",
    ),
    Mutant(
        "reasons: who does it for him tells one, too",
        "args.presence ~= 'not_ready' or args.forced or",
        "args.presence ~= 'not_ready' or",
    ),
    Mutant(
        "reasons: what he had told before is refused",
        "(is_free or is_again or listed[args.reason])",
        "(is_free or listed[args.reason])",
    ),
    Mutant("reasons: one must be told", "args.forced or args.reason == '' or", "args.forced or"),
)
