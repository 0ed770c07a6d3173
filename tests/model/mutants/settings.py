"""Faults in sessions, time and configuration."""

from tests.model.mutants.kind import Mutant

MUTANTS = (
    Mutant(
        "session: offers ring on without a desktop", "    offer.revoke_all(a, 'agent_gone')\n", ""
    ),
    Mutant(
        "session: no grace", "    timer.set('g|' .. a.id, cx.now + config.tenant().grace_ms)\n", ""
    ),
    Mutant("session: grace goes on after a return", "    timer.clear('g|' .. a.id)\n", ""),
    Mutant(
        "session: no limit",
        "if not resumed and #a.sessions >= config.tenant().max_sessions then",
        "if false then",
    ),
    Mutant(
        "session: lease stays after goodbye", "  timer.clear('s|' .. a.id .. '|' .. session)\n", ""
    ),
    Mutant(
        "renew: the dead rise",
        "    if redis.call('ZSCORE', cx.p .. 'timers', member) then",
        "    if true then",
    ),
    Mutant(
        "grace: pending state outlives it",
        "  a.pending = nil\n  agent.changed(a)\n  for _, contact_id",
        "  for _, contact_id",
    ),
    Mutant(
        "grace: orphans always go back",
        "  if queue.load(c.queue).orphan == 'close' then",
        "  if false then",
    ),
    Mutant(
        "state: ready without a desktop",
        "  return presence == 'ready' or a.presence == 'offline'",
        "  return a.presence == 'offline'",
    ),
    Mutant(
        "state: offline with contacts in hand",
        "elseif args.presence == 'offline' and agent.has_work(a, HELD) then",
        "elseif false then",
    ),
    Mutant(
        "state: offers ring on",
        "  agent.set_presence(a, args.presence, args.reason, 'declared', args.forced)\n"
        "  offer.revoke_all(a, 'not_ready')\n",
        "  agent.set_presence(a, args.presence, args.reason, 'declared', args.forced)\n",
    ),
    Mutant(
        "state: an earlier pending state comes back",
        "  local changed = a.presence ~= 'ready' or a.pending\n  a.pending = nil\n",
        "  local changed = a.presence ~= 'ready' or a.pending\n",
    ),
    Mutant(
        "time: what is due waits for a tick",
        "    if timer.is_due() and name ~= 'repair' then\n",
        "    if timer.is_due() and name == 'tick' then\n",
    ),
    Mutant(
        "time: runs back", "    return given and math.max(given, meta.virt)", "    return given"
    ),
    Mutant("time: a real instant from a caller", "  if given then\n    return nil\n  end\n", ""),
    Mutant(
        "repeat: other content, same key", "  if record.fp ~= args.fp_key then", "  if false then"
    ),
    Mutant(
        "repeat: not remembered",
        "  if args.key and (reply.outcome == 'ok' or reply.outcome == 'pending') then",
        "  if false then",
    ),
    Mutant("line: dropped with people in it", "  if lines.is_needed(id) then", "  if false then"),
    Mutant(
        "line: dropped under those about to wait",
        "    if c.line == id and c.state == 'queued' then",
        "    if false then",
    ),
    Mutant(
        "line: made without those who are ready",
        "  agent.join_line(c.line, line.base(c.queue, c.channel), clauses, weight)\n",
        "",
    ),
    Mutant(
        "line: agents do not learn of it",
        "  cx.meta.lines = config.next_stamp(cx.meta.lines)\n",
        "",
    ),
    Mutant(
        "agent: new definition, old lines",
        "  a.profile = lines.profile(settings, settings.slots)\n",
        "  a.profile = a.profile or lines.profile(settings, settings.slots)\n",
    ),
    Mutant(
        "agent: levels do not count in a profile",
        "skill .. '=' .. int(definition.skills[skill])",
        "skill",
    ),
    Mutant(
        "agent: stays in the lines he left", "    if a.open[channel] then\n", "    if false then\n"
    ),
    Mutant(
        "agent: unknown queue",
        "      if not future(plan, 'queue', id) then\n",
        "      if false then\n",
    ),
    Mutant("direct: no limit", "  timer.set('d|' .. c.id, c.direct_until)\n", ""),
    Mutant(
        "session: with one desktop all are gone",
        "  if #a.sessions == 0 then\n    offer.revoke_all",
        "  if true then\n    offer.revoke_all",
    ),
    Mutant(
        "session: the other one is forgotten, too",
        "    if id == session then\n      table.remove(a.sessions, i)",
        "    if true then\n      table.remove(a.sessions, i)",
    ),
)
