"""Faults in the life of contacts."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant("admit: other content, same id", "  if known.fp ~= args.fp then", "  if false then"),
    Mutant(
        "admit: direct to a stranger",
        "    elseif not agent.serves(definition, queue_id) then\n"
        "      return { outcome = 'not_member' }",
        "    elseif false then\n      return { outcome = 'not_member' }",
    ),
    Mutant("admit: intake rules", "  return #missing > 0 and missing or nil", "  return nil"),
    Mutant(
        "admit: lines without limit",
        "  elseif not lines.have_room(queue_id, args.channel, args) then",
        "  elseif false then",
    ),
    Mutant(
        "cancel: twice",
        "  if c.state == 'wrap_up' or c.state == 'closed' then\n"
        "    return { outcome = 'ended', state = c.state }\n"
        "  elseif c.callback",
        "  if c.callback",
    ),
    Mutant(
        "cancel: stays in line",
        "    offer.stop_waiting(c)\n    line.leave(c)\n",
        "    offer.stop_waiting(c)\n",
    ),
    Mutant("cancel: goes on ringing", "    offer.revoke_ringing(c, reason)\n", ""),
    Mutant(
        "update: any state",
        "    return unknown('contact')\n  elseif not WAITS[c.state] then\n"
        "    return { outcome = 'not_waiting', state = c.state }\n  elseif args.not_before",
        "    return unknown('contact')\n  elseif c.state == 'closed' then\n"
        "    return { outcome = 'not_waiting', state = c.state }\n  elseif args.not_before",
    ),
    Mutant(
        "update: front place lost",
        "  if c.due and (args.priority or args.target_ms) then\n    contact.schedule(c)",
        "  if c.due then\n    contact.schedule(c)",
    ),
    Mutant(
        "transfer: front of higher tiers too",
        "  local from = -(c.tier + 0.5) * TIER_SPAN\n",
        "  local from = -1e15\n",
    ),
    Mutant(
        "update: tier does not move it",
        "    contact.place(c) -- a place at the front, or by older settings, is kept\n",
        "",
    ),
    Mutant(
        "close: anybody's",
        "  elseif agent_id and agent_id ~= c.owner then\n    return { outcome = 'not_yours' }",
        "  elseif false then\n    return { outcome = 'not_yours' }",
    ),
    Mutant("close: wrap-up has no limit", "    timer.set('w|' .. c.id, c.wrap_until)\n", ""),
    Mutant(
        "close: transfer goes on ringing",
        "  offer.revoke_ringing(c, 'closed') -- a transfer that still rings\n",
        "",
    ),
    Mutant(
        "wrap-up: anybody ends it",
        "  elseif args.agent and args.agent ~= c.owner then",
        "  elseif false then",
    ),
    Mutant(
        "wrap-up: timer stays",
        "  timer.clear('w|' .. c.id)\n  ending.free_owner",
        "  ending.free_owner",
    ),
    Mutant(
        "release: comes straight back", "  contact.remember(c, owner, decline_ms, max_ms)\n", ""
    ),
    Mutant(
        "release: idle time does not begin",
        "  agent.use_turn(a)\n  agent.drop_work",
        "  agent.drop_work",
    ),
    Mutant(
        "transfer: to anybody",
        "  if verdict ~= 'ok' then\n"
        "    return { outcome = 'not_available', verdict = verdict }\n"
        "  end\n",
        "",
    ),
    Mutant("transfer: to himself", "  elseif id == c.owner then", "  elseif false then"),
    Mutant(
        "transfer: out of the queue",
        "  elseif not agent.serves(agent.definition(id), c.queue) then",
        "  elseif false then",
    ),
    Mutant(
        "transfer: twice at once",
        "  elseif c.ringing then\n    return { outcome = 'transfer_pending' }\n  elseif c.consult",
        "  elseif c.consult",
    ),
    Mutant(
        "transfer: always keeps its place",
        "  elseif position == 'back' then\n    c.entered = cx.now\n",
        "  elseif false then\n    c.entered = cx.now\n",
    ),
    Mutant(
        "transfer: never to the front",
        "  if position == 'front' then",
        "  if false then",
    ),
)
