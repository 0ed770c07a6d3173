"""Faults in how settings change together, and in what is remembered of it."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "config: a stale base is as good as any",
        "  if args.base and args.base ~= version then",
        "  if false then",
    ),
    Mutant("config: no bound", "elseif #args.changes > CHANGES_MAX then", "elseif false then"),
    Mutant(
        "config: what stands in the way is overrun", "  if #found > 0 then\n", "  if false then\n"
    ),
    Mutant(
        "config: of two changes of one object the last counts",
        "plan[change.kind][change.id] or change\n",
        "change\n",
    ),
    Mutant(
        "config: an object may be named twice",
        "  if plan[change.kind][change.id] ~= change then",
        "  if false then",
    ),
    Mutant(
        "config: a version for each change",
        "        act(change.remove and change.id or change)\n",
        "        act(change.remove and change.id or change)\n        version = config.change()\n",
    ),
    Mutant(
        "config: what goes, goes first",
        "{ 'agent' }, { 'agent', true }, { 'queue', true } }",
        "{ 'queue', true }, { 'agent' }, { 'agent', true } }",
    ),
    Mutant(
        "config: checked against what is there now",
        "  if change then\n    return change.settings\n  end\n",
        "",
    ),
    Mutant(
        "agent removed: with a desktop",
        "  if a.presence ~= 'offline' or #a.sessions > 0 then",
        "  if a.presence ~= 'offline' then",
    ),
    Mutant(
        "agent removed: with contacts in hand",
        "  elseif next(a.work) then\n",
        "  elseif false then\n",
    ),
    Mutant(
        "agent removed: while somebody waits for him",
        "    if line.length(line_id) > 0 then\n",
        "    if false then\n",
    ),
    Mutant("agent removed: his grace goes on", "    timer.clear('g|' .. id)\n", ""),
    Mutant(
        "agent removed: his skills stay",
        "  agent.unregister(a.id, agent.definition(a.id))\n  redis.call('ZREM'",
        "  redis.call('ZREM'",
    ),
    Mutant("agent removed: still counted", "  count('agents|offline', -1)\n", ""),
    Mutant(
        "queue removed: the default one", "  if tenant.default_queue == id then", "  if false then"
    ),
    Mutant(
        "queue removed: with contacts",
        "  elseif line.waiting(id) > 0 or hold.any(id) or contact.any_served(id) then",
        "  elseif line.waiting(id) > 0 then",
    ),
    Mutant(
        "queue removed: while another one escalates to it",
        "      if edge.to == queue_id then\n        return id",
        "      if false then\n        return id",
    ),
    Mutant(
        "queue removed: under its supervisors",
        "redis.call('SUNION', cx.p .. 'qm:' .. queue_id, cx.p .. 'qs:' .. queue_id)",
        "redis.call('SMEMBERS', cx.p .. 'qm:' .. queue_id)",
    ),
    Mutant("queue removed: its lines stay", "    lines.drop_all(id)\n", ""),
    Mutant(
        "history: what was is not taken out of the hash",
        "with(with(hash, change, change.before), change, change.settings)",
        "with(hash, change, change.settings)",
    ),
    Mutant("history: kept for ever", "    redis.call('HDEL', key, int(old))\n", ""),
    Mutant(
        "history: a lowered limit forgets the last one only",
        "  for old = math.min(first, last), last do",
        "  for old = last, last do",
    ),
)
