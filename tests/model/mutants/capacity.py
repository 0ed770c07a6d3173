"""Faults in what holds an agent's slots, and in what is done to him."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant("wrap-up: unasked", "    return wish == true", "    return wish ~= false"),
    Mutant("wrap-up: only when asked", "    return wish ~= false", "    return wish == true"),
    Mutant(
        "wrap-up: off is forgotten",
        "  off = function()\n    return false",
        "  off = function()\n    return true",
    ),
    Mutant(
        "wrap-up: forced can be refused",
        "  forced = function()\n    return true",
        "  forced = function(wish)\n    return wish ~= false",
    ),
    Mutant(
        "wrap-up: forced by the queue's limit",
        "  return q.wrap_up == 'forced' and longest or math.min(q.wrap_up_ms, longest)",
        "  return math.min(q.wrap_up_ms, longest)",
    ),
    Mutant(
        "wrap-up: longer than the tenant allows",
        "math.min(q.wrap_up_ms, longest)",
        "q.wrap_up_ms",
    ),
    Mutant(
        "wrap-up: ended early",
        "  elseif args.agent and c.wrap_up == 'forced_limit' then",
        "  elseif false then",
    ),
    Mutant(
        "precedence: interrupts whatever it likes",
        "      if not mine.interrupts[work.ch] then\n        units",
        "      if not next(mine.interrupts) then\n        units",
    ),
    Mutant(
        "precedence: what is interrupted counts for nobody",
        "      if not mine.interrupts[work.ch] then\n        units",
        "      if not interrupter(a, rules, work.ch) then\n        units",
    ),
    Mutant(
        "precedence: more work beside the exclusive one",
        "  elseif is_alone or (mine.exclusive and beside > 0) then",
        "  elseif mine.exclusive and beside > 0 then",
    ),
    Mutant(
        "precedence: exclusive beside other work",
        "  elseif is_alone or (mine.exclusive and beside > 0) then",
        "  elseif is_alone then",
    ),
    Mutant(
        "precedence: interrupted by a mere offer",
        "    if work.k ~= 'offer' and rule_of(rules, work.ch)",
        "    if rule_of(rules, work.ch)",
    ),
    Mutant(
        "precedence: never resumed",
        "  if config.precedence() then\n    agent.tell_interruptions(a)\n  end\n  take_pending",
        "  take_pending",
    ),
    Mutant(
        "precedence: resumed though another one goes on",
        "    elseif work.interrupted and not by then",
        "    elseif work.interrupted then",
    ),
    Mutant(
        "precedence: interrupted work rings on",
        "    offer.revoke_all(a, 'interrupted', agent.gives_way(a, c.channel) or NONE)\n",
        "",
    ),
    Mutant(
        "precedence: offers revoked though all has room",
        "(mine.exclusive or agent.units(a) > a.capacity) and",
        "true and",
    ),
    Mutant(
        "precedence: new settings wait for the next call",
        "        match.touch_agent(a)\n        agent.tell_interruptions(a)\n",
        "        agent.tell_interruptions(a)\n",
    ),
    Mutant(
        "precedence: new settings are not told",
        "        match.touch_agent(a)\n        agent.tell_interruptions(a)\n",
        "        match.touch_agent(a)\n",
    ),
    Mutant(
        "precedence: a change of it changes nothing",
        "    and table.concat(was.interrupts or NONE, '|') == "
        "table.concat(is.interrupts or NONE, '|')",
        "",
    ),
    Mutant(
        "streak: declines of one, misses of all",
        "declined = { count = 'declines'",
        "declined = { count = 'misses'",
    ),
    Mutant("streak: a limit of none", "  if limit == 0 or n < limit", "  if n < limit"),
    Mutant(
        "streak: not ended by getting ready",
        "  a.pending = nil\n  streak.reset(a)\n",
        "  a.pending = nil\n",
    ),
    Mutant("streak: never back", "    timer.set('y|' .. a.id, a.return_at)\n", ""),
    Mutant(
        "streak: back without a desktop",
        "  if #a.sessions > 0 then\n    streak.reset(a)",
        "  if true then\n    streak.reset(a)",
    ),
    Mutant(
        "streak: back with the old one", "    streak.reset(a)\n    match.touch", "    match.touch"
    ),
    Mutant(
        "streak: back in spite of what he declared",
        "  local was = a.presence\n  agent.stay(a)\n",
        "  local was = a.presence\n",
    ),
    Mutant(
        "streak: back in spite of what he has put off",
        "reason = args.reason }\n  agent.stay(a)\n",
        "reason = args.reason }\n  agent.changed(a)\n",
    ),
    Mutant(
        "streak: back in spite of what he had put off",
        "  if tenant.return_ms > 0 and not a.pending then",
        "  if tenant.return_ms > 0 then",
    ),
    Mutant(
        "session: an old connection ends it",
        "  elseif args.epoch and args.epoch ~= a.attached[args.session] then",
        "  elseif false then",
    ),
    Mutant(
        "session: resumed under the old epoch",
        "  a.attached[args.session] = a.epoch\n",
        "  a.attached[args.session] = a.attached[args.session] or a.epoch\n",
    ),
    Mutant(
        "assign: over capacity without the word",
        "  elseif room == 'no_channel' or not args.over_capacity then",
        "  elseif room == 'no_channel' then",
    ),
    Mutant(
        "assign: whatever he is",
        "  if absence and not (absence == 'not_ready' and args.not_ready) then",
        "  if absence and not args.not_ready then",
    ),
    Mutant(
        "assign: his own offer in his way",
        "local room = agent.room(a, c.channel, c.id)",
        "local room = agent.room(a, c.channel)",
    ),
    Mutant(
        "assign: over capacity is not told",
        "{ over_capacity = is_over, reason = args.reason }",
        "{ reason = args.reason }",
    ),
    Mutant(
        "log off: comes back by himself",
        "  if args.resume and agent.was_logged_off",
        "  if false and agent.was_logged_off",
    ),
    Mutant(
        "log off: contacts wait for nobody",
        "    timer.set(grace, cx.now + config.tenant().grace_ms)\n",
        "",
    ),
    Mutant("log off: grace for nothing", "    timer.clear(grace)\n", ""),
    Mutant(
        "monitor: goes on with the next owner",
        "    contact.end_monitors(c)\n  end\n  if COUNTED",
        "  end\n  if COUNTED",
    ),
    Mutant("monitor: told twice", "  if monitors[args.supervisor] == mode then", "  if false then"),
)
