"""Faults in calls about what is not there, and in what is remembered of who was."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "assign: what is over",
        "    return unknown('contact')\n  elseif c.state == 'wrap_up' or c.state == 'closed' then\n"
        "    return { outcome = 'ended', state = c.state }\n  elseif not a then",
        "    return unknown('contact')\n  elseif not a then",
    ),
    Mutant(
        "assign: to who has it",
        "  elseif a.id == c.owner then\n    return { outcome = 'not_available', verdict",
        "  elseif false then\n    return { outcome = 'not_available', verdict",
    ),
    Mutant(
        "assign: out of the queue",
        "not args.not_member and not agent.serves(agent.definition(a.id), c.queue) then",
        "false then",
    ),
    Mutant(
        "assign: never out of the queue",
        "not args.not_member and not agent.serves(agent.definition(a.id), c.queue) then",
        "not agent.serves(agent.definition(a.id), c.queue) then",
    ),
    Mutant(
        "session: another one says goodbye",
        "  elseif not agent.is_live(a, args.session) then\n    return { outcome = 'gone' }",
        "  elseif false then\n    return { outcome = 'gone' }",
    ),
    Mutant(
        "time: a simulated tenant becomes a real one",
        "  elseif args.simulated ~= cx.meta.sim then",
        "  elseif false then",
    ),
    Mutant(
        "grace: what is written up goes back",
        "    elseif c.state == 'wrap_up' then\n      ending.end_wrap_up(c)\n"
        "    elseif c.state == 'waiting_customer' then\n      awaiting.let_go(c)\n"
        "    else\n      orphan(c)",
        "    elseif c.state == 'waiting_customer' then\n      awaiting.let_go(c)\n"
        "    else\n      orphan(c)",
    ),
    Mutant(
        "log off: what is written up goes back",
        "    elseif c.state == 'wrap_up' then\n      ending.end_wrap_up(c)\n"
        "    elseif c.state == 'waiting_customer' then\n      awaiting.let_go(c)\n"
        "    else\n      offer.revoke",
        "    elseif c.state == 'waiting_customer' then\n      awaiting.let_go(c)\n"
        "    else\n      offer.revoke",
    ),
    Mutant(
        "broadcast: widens for ever as it once did",
        "  if every == 0 or add == 0 then\n    c.widen_at = nil\n    return\n  end\n",
        "  every = math.max(every, 1)\n",
    ),
    Mutant(
        "resume: its agents again",
        "  if c.since then\n    lines.assign(c)",
        "  if false then\n    lines.assign(c)",
    ),
    Mutant(
        "memory: by name alone",
        "  elseif (c.address or '') ~= '' then\n    return 'a='",
        "  elseif false then\n    return 'a='",
    ),
    Mutant(
        "memory: all who come from nowhere are one",
        "  elseif (c.address or '') ~= '' then\n    return 'a='",
        "  elseif true then\n    return 'a='",
    ),
    Mutant(
        "lease: of a callback",
        "  if is_later or c.callback then\n    c.lease_ms = nil",
        "  if is_later then\n    c.lease_ms = nil",
    ),
    Mutant(
        "lease: of what comes later",
        "  if is_later or c.callback then\n    c.lease_ms = nil",
        "  if c.callback then\n    c.lease_ms = nil",
    ),
)
