"""Faults in what agents take by themselves."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "claim: from its owner",
        "  elseif c.owner ~= a.id then\n    return claim.taken(c)",
        "  elseif c.owner ~= a.id and is_asking then\n    return claim.taken(c)",
    ),
    Mutant(
        "claim: who has it is told as of now",
        "since = c.assigned_at or c.asked_at }",
        "since = cx.now }",
    ),
    Mutant(
        "claim: where contacts are offered only",
        "  elseif c.owner ~= a.id and queue.load(c.queue).distribution == 'push' then",
        "  elseif false then",
    ),
    Mutant(
        "claim: by anybody",
        "not agent.belongs(agent.definition(a.id), c.queue) then",
        "false then",
    ),
    Mutant(
        "claim: not by those who supervise",
        "not agent.belongs(agent.definition(a.id), c.queue) then",
        "not agent.serves(agent.definition(a.id), c.queue) then",
    ),
    Mutant(
        "claim: without a desktop",
        "  local absence = a.presence == 'offline' and 'offline' or #a.sessions == 0 and",
        "  local absence = a.presence == 'offline' and 'offline' or false and",
    ),
    Mutant(
        "claim: while offline",
        "  local absence = a.presence == 'offline' and 'offline' or #a.sessions == 0 and",
        "  local absence = #a.sessions == 0 and",
    ),
    Mutant(
        "claim: beyond his room",
        "  local verdict = absence or agent.room(a, c.channel, c.id)",
        "  local verdict = absence or 'ok'",
    ),
    Mutant(
        "claim: his own offer in his way",
        "  local verdict = absence or agent.room(a, c.channel, c.id)",
        "  local verdict = absence or agent.room(a, c.channel)",
    ),
    Mutant(
        "claim: from a desktop that is gone",
        "  local stale = offer.fence(a, args.session)\n  if stale then\n    return stale\n  elseif",
        "  local stale = false\n  if stale then\n    return stale\n  elseif",
    ),
    Mutant(
        "claim: before its time",
        "  elseif c.state == 'scheduled' then\n    return { outcome",
        "  elseif false then\n    return { outcome",
    ),
    Mutant(
        "claim: it rings on",
        "  offer.revoke_ringing(c, REVOKED[how], a.id)\n",
        "",
    ),
    Mutant(
        "claim: nobody is told who has it",
        "  offer.revoke_ringing(c, REVOKED[how], a.id)\n",
        "  offer.revoke_ringing(c, REVOKED[how])\n",
    ),
    Mutant(
        "claim: it stays in its line",
        "    line.leave(c)\n    offer.stop_waiting(c)\n  end\n  offer.revoke_ringing(c, REVOKED",
        "    offer.stop_waiting(c)\n  end\n  offer.revoke_ringing(c, REVOKED",
    ),
    Mutant("claim: his failures stay", "  if how ~= 'hand' then\n    streak.reset(a)\n  end\n", ""),
    Mutant(
        "claim: his turn stays",
        "  agent.take_work(a, c, 'assigned')\n  agent.use_turn(a)\n",
        "  agent.take_work(a, c, 'assigned')\n",
    ),
    Mutant(
        "claim: what rings him is not accepted by it",
        "  local own = how ~= 'hand' and ringing.of_agent(c, a.id)",
        "  local own = false",
    ),
    Mutant(
        "take over: where nobody may",
        "  return mode == 'members'\n",
        "  return true\n",
    ),
    Mutant(
        "take over: by any member",
        "    return args.is_supervisor or agent.supervises(agent.definition(a.id), c.queue)\n",
        "    return true\n",
    ),
    Mutant(
        "take over: not by the queue's supervisors",
        "    return args.is_supervisor or agent.supervises(agent.definition(a.id), c.queue)\n",
        "    return args.is_supervisor\n",
    ),
    Mutant(
        "take over: what nobody has",
        "  if not is_anothers(c, a) then\n"
        "    return { outcome = 'not_assigned', state = c.state }\n"
        "  elseif not is_allowed",
        "  if not is_allowed",
    ),
    Mutant(
        "take over: from himself",
        "  elseif c.owner == a.id and c.state == 'assigned' then",
        "  elseif false then",
    ),
    Mutant(
        "pull: agents are called all the same",
        "agent.serves(definition, queue_id) and (could or not queue.is_pull(queue.load(queue_id)))",
        "agent.serves(definition, queue_id)",
    ),
    Mutant(
        "pull: rows stay",
        "  if is_pull then\n    lines.clear_rows(queue_id)\n  end\n",
        "",
    ),
    Mutant(
        "pull: rows of skills stay",
        "  for _, id in ipairs(line.of_queue(queue_id)) do\n    agent.drop_line(id)\n  end\n",
        "",
    ),
    Mutant(
        "pull: who waits is not offered when it ends",
        "  if not is_other and not differ(before, after, RULES) then",
        "  if not differ(before, after, RULES) then",
    ),
    Mutant(
        "pull: agents go on looking into it",
        "  if is_other or differ(before, after, SHARED) then",
        "  if differ(before, after, SHARED) then",
    ),
    Mutant(
        "pull: nobody could serve it",
        "  return compute(a, agent.definition(a.id), true)",
        "  return compute(a, agent.definition(a.id))",
    ),
    Mutant(
        "assign: his failures are forgiven",
        "  if how ~= 'hand' then\n    streak.reset(a)",
        "  if true then\n    streak.reset(a)",
    ),
    Mutant(
        "claim: what waits for his customer is his already",
        "  elseif not is_asking then\n    return { outcome = 'ok', repeated",
        "  elseif true then\n    return { outcome = 'ok', repeated",
    ),
)
