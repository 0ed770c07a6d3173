"""Faults in what contacts ask for: clauses, targets, places, agents."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "any_of: every alternative is needed",
        "    if (definition.skills[skill] or 0) >= level then\n      return true\n    end\n  end\n"
        "  return false\nend\n\n-- Whether he meets one alternative of each clause.",
        "    if (definition.skills[skill] or 0) < level then\n      return false\n    end\n  end\n"
        "  return true\nend\n\n-- Whether he meets one alternative of each clause.",
    ),
    Mutant(
        "any_of: a new line gets those of one alternative only",
        "      redis.call('ZUNIONSTORE', pool, 2, pool, spare, 'AGGREGATE', 'MAX')\n",
        "",
    ),
    Mutant(
        "any_of: one alternative is a line of its own",
        "    if skill then\n      plain[skill] = math.max(plain[skill] or 0, level)",
        "    if skill then\n      plain[skill] = level",
    ),
    Mutant(
        "any_of: what is met anyway is asked again",
        "    if not is_met_by(plain, clause) then",
        "    if not only_entry(clause) then",
    ),
    Mutant(
        "target: the queue's in spite of the contact's",
        "(asked.target_ms or q.target_ms)",
        "q.target_ms",
    ),
    Mutant(
        "target: a new one does not move it",
        "  if c.due and (args.priority or args.target_ms) then",
        "  if c.due and args.priority then",
    ),
    Mutant(
        "transfer: the call's place does not count",
        "  local position = args.position or q.transfer_position\n",
        "  local position = q.transfer_position\n",
    ),
    Mutant(
        "reach: not counted by channel",
        "ipairs(a.slots[channel] > 0 and ids or NONE)",
        "ipairs(ids)",
    ),
    Mutant(
        "reach: who is defined anew counts twice",
        "  agent.count_reach(a, lines.could_serve(a), reach, -1)\n  for channel in pairs(a.slots)",
        "  for channel in pairs(a.slots)",
    ),
    Mutant(
        "reach: of a new line, without its skills",
        "    able = redis.call('ZINTERSTORE', who, '2', who, pool)\n",
        "",
    ),
    Mutant(
        "reach: of a line that is gone",
        "  agent.drop_line(id)\n  agent.forget_reach(id)\n",
        "  agent.drop_line(id)\n",
    ),
    Mutant(
        "unreachable: told again and again",
        "  if c.dead_end ~= dead_end then",
        "  if dead_end then",
    ),
    Mutant(
        "unreachable: who waits for an agent",
        "local function tell_unreachable(c)\n  if c.direct then",
        "local function tell_unreachable(c)\n  if false then",
    ),
    Mutant(
        "unreachable: the answer does not tell",
        "    reply.unreachable = c.state == 'queued' and c.dead_end == c.line or nil\n",
        "",
    ),
    Mutant(
        "direct: the last one preferred",
        "  for _, id in ipairs(c.direct) do\n    if agent.verdict",
        "  for at = #c.direct, 1, -1 do\n    local id = c.direct[at]\n    if agent.verdict",
    ),
    Mutant(
        "direct: waits on for who did not take it",
        "    if id ~= failed and agent.serves",
        "    if agent.serves",
    ),
    Mutant(
        "direct: waits on for who has left the queue",
        "    if id ~= failed and agent.serves(agent.definition(id), c.queue) then",
        "    if id ~= failed then",
    ),
    Mutant(
        "direct: waits on beyond its limit",
        "ipairs(c.direct_until > cx.now and c.direct or NONE)",
        "ipairs(c.direct)",
    ),
    Mutant(
        "direct: nobody else may have it in the end",
        "  c.backup_queue = nil\n  lines.assign(c)\n",
        "  c.backup_queue = nil\n",
    ),
    Mutant(
        "direct: no backup queue",
        "  if backup and backup ~= c.queue then",
        "  if false then",
    ),
    Mutant(
        "direct: due in the backup queue as in the other",
        "    c.queue = backup\n    c.failures = 0\n    contact.schedule(c)\n",
        "    c.queue = backup\n    c.failures = 0\n",
    ),
    Mutant(
        "direct: empty lines are known for ever",
        "      if not lines.is_needed(old) then",
        "      if false then",
    ),
    Mutant(
        "direct: lines are forgotten with people in them",
        "      if not lines.is_needed(old) then",
        "      if true then",
    ),
    Mutant(
        "direct: waits for who left the queue",
        "      personal.resettle(agent.load(change.id), change.settings)\n",
        "",
    ),
    Mutant(
        "direct: an unknown backup queue",
        "    or args.backup_queue and queue_refusal(args, args.backup_queue)\n",
        "",
    ),
    Mutant(
        "sticky: without the skills",
        "  if not agent.serves(definition, c.queue) or not agent.has(definition, clauses) then",
        "  if not agent.serves(definition, c.queue) then",
    ),
    Mutant(
        "sticky: out of the queue",
        "  if not agent.serves(definition, c.queue) or not agent.has(definition, clauses) then",
        "  if not agent.has(definition, clauses) then",
    ),
    Mutant(
        "sticky: waits for who is not there",
        "  return #a.sessions > 0 and a.presence ~= 'offline' and id or nil",
        "  return id",
    ),
    Mutant(
        "sticky: waits though it should not",
        "    return agent.verdict(a, c.channel) == 'ok' and id or nil",
        "    return id",
    ),
    Mutant(
        "sticky: no slot for the channel",
        "  if not a or (a.slots[c.channel] or 0) == 0 then",
        "  if not a then",
    ),
    Mutant(
        "sticky: kept where nobody asked for it",
        "  elseif result == 'handled' and c.owner and q.sticky ~= 'off' then",
        "  elseif result == 'handled' and c.owner then",
    ),
    Mutant(
        "memory: for ever",
        "  if over and tonumber(over) > cx.now then",
        "  if over then",
    ),
    Mutant("resume: twice", "redis.call('GETDEL', ", "redis.call('GET', "),
    Mutant(
        "resume: the address of a known customer",
        "  if (c.customer or '') ~= '' then",
        "  if (c.customer or '') ~= '' and (c.address or '') == '' then",
    ),
)
