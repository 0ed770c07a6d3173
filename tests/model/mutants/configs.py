"""Faults in how settings change together, and in what is remembered of it."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "config: a stale base is as good as any",
        "  if args.base and args.base ~= version then",
        "  if false then",
    ),
    Mutant("config: no bound", "elseif #args.changes > CHANGES_MAX or", "elseif"),
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
        "  { 'agent' },\n  { 'agent', true },\n  { 'queue', true },\n",
        "  { 'queue', true },\n  { 'agent' },\n  { 'agent', true },\n",
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
        "    by.queue[edge.to] = by.queue[edge.to] or id\n",
        "",
    ),
    Mutant(
        "queue removed: under its supervisors",
        "redis.call('SUNION', cx.p .. 'qm:' .. queue_id, cx.p .. 'qs:' .. queue_id)",
        "redis.call('SMEMBERS', cx.p .. 'qm:' .. queue_id)",
    ),
    Mutant("queue removed: its lines stay", "    lines.drop_all(id)\n", ""),
    Mutant("queue removed: still counts contacts", "    contact.forget_counts(id)\n", ""),
    Mutant("queue removed: still counts agents", "    agent.forget_counts(id)\n", ""),
    Mutant(
        "queue removed: its estimates stay", "    if gone[queue_of(id)] then", "    if false then"
    ),
    Mutant(
        "queue removed: estimates come after it",
        "    if queue.load(queue_of(id)) then\n      flat",
        "    if true then\n      flat",
    ),
    Mutant(
        "calendar removed: under its queues",
        "  problem = function(plan, change)\n    local users = change.remove and",
        "  problem = function(plan, change)\n    local users = false and",
    ),
    Mutant(
        "calendar removed: it stays",
        "  redis.call('DEL', cx.p .. 'cal:' .. id)\n",
        "",
    ),
    Mutant(
        "calendar removed: before its queues let go of it",
        "    local users = change.remove and named(plan).calendar[change.id]",
        "    local users = change.remove and named({ queue = {} }).calendar[change.id]",
    ),
    Mutant(
        "calendar: known for longer is a version",
        "not history.is_same(known.settings, args.settings)",
        "true",
    ),
    Mutant(
        "calendar: known for longer is not seen",
        "  local version = config.refresh()",
        "  local version = cx.cache.version",
    ),
    Mutant(
        "calendar: other hours make no version",
        "  if not known or not history.is_same(",
        "  if not known or false and history.is_same(",
    ),
    Mutant(
        "calendar: with others, lets nobody in",
        "    elseif change.kind == 'calendar' then\n      hours[change.id] = true\n",
        "",
    ),
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
    Mutant("file: its words have no bound", " or #(args.file or NONE) > CHANGES_MAX then", " then"),
    Mutant(
        "file: what it names no more is known for ever",
        "      redis.call('HDEL', key, name)\n",
        "      redis.call('HGET', key, name)\n",
    ),
    Mutant("revoke: kept for ever", "    redis.call('HDEL', cx.p .. 'rev', unpack(over))\n", ""),
    Mutant(
        "revoke: an earlier instant counts, told later",
        "math.max(args.before, known.before or 0)",
        "args.before",
    ),
    Mutant(
        "revoke: ends earlier, told again",
        "math.max(args['until'], known['until'] or 0)",
        "args['until']",
    ),
    Mutant(
        "queue removed: all estimates go with it",
        "    if gone[queue_of(id)] then",
        "    if true then",
    ),
)
