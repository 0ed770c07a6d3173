"""Planted faults: each removes or bends one guard of the Lua; the model test must fall for each."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A change of the library's text: `old` stands there exactly once."""

    name: str
    old: str
    new: str


MUTANTS = (
    # offers: whose they are, and how they end
    Mutant(
        "accept: anybody's offer",
        "return o.agent ~= a.id and { outcome = 'not_yours' } or nil",
        "return nil",
    ),
    Mutant("accept: any number", "if o and o.n == args.offer then", "if o then"),
    Mutant(
        "accept: dead session",
        "if args.session and not agent.is_live(a, args.session) then",
        "if false then",
    ),
    Mutant(
        "accept: repeat of another's",
        "if c and c.accepted == args.offer and c.owner == args.agent then",
        "if c and c.accepted == args.offer then",
    ),
    Mutant(
        "accept: misses stay",
        "  a.misses = 0\n  contact.move(c, 'assigned')",
        "  contact.move(c, 'assigned')",
    ),
    Mutant(
        "accept: deadline stays",
        "  timer.clear('o|' .. c.id .. '|' .. o.n)\n  offer.leave_personal",
        "  offer.leave_personal",
    ),
    Mutant(
        "accept: former owner keeps his slot",
        "  if from then\n    ending.free_owner(c)\n  end\n",
        "",
    ),
    Mutant("accept: failures remembered", "  c.tried, c.failures = {}, 0\n", ""),
    Mutant(
        "offer: slot not freed",
        "  agent.drop_work(a, c.id)\n  match.touch_agent(a)\n  return o\n",
        "  match.touch_agent(a)\n  return o\n",
    ),
    Mutant(
        "offer: freed agent not matched",
        "  agent.drop_work(a, c.id)\n  match.touch_agent(a)\n  return o\n",
        "  agent.drop_work(a, c.id)\n  return o\n",
    ),
    Mutant("offer: turn not used", "  a.turn = cx.now -- his turn", "  -- his turn"),
    Mutant(
        "offer: no deadline",
        "  timer.set('o|' .. c.id .. '|' .. c.offer.n, c.offer.deadline)\n",
        "",
    ),
    Mutant("offer: slot not reserved", "  agent.take_work(a, c, 'offer')\n", ""),
    Mutant(
        "offer: retry timer stays",
        "    timer.clear('r|' .. c.id)\n    c.retry = nil",
        "    c.retry = nil",
    ),
    Mutant(
        "transfer: decline counts against the contact",
        "  if c.offer.kind == 'transfer' then\n    finish",
        "  if false then\n    finish",
    ),
    Mutant(
        "revoke: transfer leaves its owner",
        "      if o.kind ~= 'transfer' then",
        "      if true then",
    ),
    Mutant("expiry: misses not counted", "  a.misses = a.misses + 1\n", ""),
    Mutant(
        "expiry: no limit of misses",
        "if a.misses >= config.tenant().max_misses and",
        "if false and",
    ),
    Mutant("expiry: state taken meanwhile is lost", " and a.presence == 'ready' then", " then"),
    Mutant(
        "expiry: other offers go on ringing",
        "    offer.revoke_all(a, 'no_answer')\n",
        "",
    ),
    Mutant(
        "escalation: never",
        "if q.offers_max > 0 and c.failures >= q.offers_max then",
        "if false then",
    ),
    Mutant(
        "escalation: due time of the old queue",
        "  c.queue = to\n  contact.schedule(c)",
        "  c.queue = to",
    ),
    # matching
    Mutant(
        "match: declined ones again at once",
        "    if not c.tried[id] then\n      return id",
        "    if true then\n      return id",
    ),
    Mutant(
        "match: cooling ignored for contacts",
        "elseif not cooled and not contact.is_cooling(c, id) then",
        "elseif not cooled then",
    ),
    Mutant(
        "match: cooling ignored for agents",
        "if not contact.is_cooling(c, a.id) then\n      return c, skipped",
        "if true then\n      return c, skipped",
    ),
    Mutant(
        "match: freed slots wait for the next event",
        "  for _, a in ipairs(agents) do\n    match_agent(a)\n  end",
        "",
    ),
    Mutant("match: unroutable agents stay in line", "    agent.withdraw(a, lines.of(a))\n", ""),
    Mutant(
        "match: one offer per pass", "  c, skipped = pick_contact(a)\n  end", "  c = nil\n  end"
    ),
    Mutant(
        "match: taken agents stay in line",
        "  agent.place(a, lines.of(a))\nend\n\n-- Calls `look`",
        "end\n\n-- Calls `look`",
    ),
    Mutant(
        "match: ties",
        "(score == best_score and member < best)",
        "(score == best_score and member > best)",
    ),
    Mutant(
        "match: latest first",
        "if member and (not best or score < best_score or",
        "if member and (not best or score > best_score or",
    ),
    Mutant("match: no second look after a cool-down", "    timer.set('r|' .. c.id, again)\n", ""),
    Mutant(
        "match: personal lines forgotten", "for id in pairs(a.direct) do", "for id in pairs({}) do"
    ),
    Mutant(
        "match: offered contacts stay in line",
        "  if not cx.fresh[c.id] then\n    line.leave(c)\n  end\n  local a",
        "  local a",
    ),
    # who is routable
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
        "if (definition.skills[skill] or 0) < level then\n      return false",
        "if not definition.skills[skill] then\n      return false",
    ),
    Mutant("verdict: supervisors are offered", "(membership.role or 'agent') == 'agent'", "true"),
    Mutant(
        "pending: never taken", "  if a.pending and next(a.work) == nil then", "  if false then"
    ),
    Mutant(
        "pending: taken too early",
        "  if a.pending and next(a.work) == nil then",
        "  if a.pending then",
    ),
    Mutant(
        "turn: placed at the old one",
        "    if a.open[channel] ~= a.turn and",
        "    if not a.open[channel] and",
    ),
    # contacts
    Mutant("admit: other content, same id", "    if known.fp ~= args.fp then", "    if false then"),
    Mutant(
        "admit: direct to a stranger",
        "    elseif not agent.serves(definition, queue_id) then\n"
        "      return { outcome = 'not_member' }",
        "    elseif false then\n      return { outcome = 'not_member' }",
    ),
    Mutant("admit: intake rules", "  return #missing > 0 and missing or nil", "  return nil"),
    Mutant(
        "admit: lines without limit",
        "  if not lines.have_room(queue_id, args.channel, args.requirements) then",
        "  if false then",
    ),
    Mutant(
        "cancel: twice",
        "  if c.state == 'wrap_up' or c.state == 'closed' then\n"
        "    return { outcome = 'ended', state = c.state }\n"
        "  end\n"
        "  if c.state == 'assigned'",
        "  if c.state == 'assigned'",
    ),
    Mutant(
        "cancel: stays in line",
        "    offer.stop_waiting(c)\n    line.leave(c)\n",
        "    offer.stop_waiting(c)\n",
    ),
    Mutant("cancel: goes on ringing", "    offer.revoke(c, args.result)\n", ""),
    Mutant(
        "update: any state",
        "  if c.state ~= 'queued' and c.state ~= 'offered' then",
        "  if c.state == 'closed' then",
    ),
    Mutant(
        "update: front place lost",
        "  if args.priority then\n    contact.schedule(c)",
        "  if true then\n    contact.schedule(c)",
    ),
    Mutant(
        "transfer: front of higher tiers too",
        "line.head_from(c.line, -(c.tier + 0.5) * TIER_SPAN)",
        "line.head_from(c.line, -1e15)",
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
    Mutant("close: transfer goes on ringing", "  ending.revoke_transfer(c, 'closed')\n", ""),
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
    Mutant("release: comes straight back", "  contact.remember(c, a.id, decline_ms, max_ms)\n", ""),
    Mutant(
        "release: idle time does not begin",
        "  a.turn = cx.now\n  agent.drop_work",
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
        "  elseif c.offer then\n    return { outcome = 'transfer_pending' }",
        "  elseif false then\n    return { outcome = 'transfer_pending' }",
    ),
    Mutant(
        "transfer: always keeps its place",
        "  if q.transfer_position == 'back' then",
        "  if false then",
    ),
    Mutant(
        "transfer: never to the front",
        "  if q.transfer_position == 'front' then",
        "  if false then",
    ),
    # sessions, time and config
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
        "  agent.set_presence(a, args.presence, args.reason, 'declared')\n"
        "  offer.revoke_all(a, 'not_ready')\n",
        "  agent.set_presence(a, args.presence, args.reason, 'declared')\n",
    ),
    Mutant(
        "state: an earlier pending state comes back",
        "  local changed = a.presence ~= 'ready' or a.pending\n  a.pending = nil\n",
        "  local changed = a.presence ~= 'ready' or a.pending\n",
    ),
    Mutant(
        "time: what is due waits for a tick",
        "    if timer.is_due() then\n",
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
    Mutant("line: dropped with people in it", "  if is_needed(id) then", "  if false then"),
    Mutant(
        "line: dropped under those about to wait",
        "    if c.line == id and c.state == 'queued' then",
        "    if false then",
    ),
    Mutant(
        "line: made without those who are ready",
        "  agent.join_line(c.line, base(c.queue, c.channel), c.requirements)\n",
        "",
    ),
    Mutant(
        "line: agents do not learn of it",
        "  cx.meta.lines = config.next_stamp(cx.meta.lines)\n",
        "",
    ),
    Mutant(
        "agent: new definition, old lines",
        "  a.profile = lines.profile(args, args.slots)\n",
        "  a.profile = a.profile or lines.profile(args, args.slots)\n",
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
        "    if not queue.load(queue_id) then\n"
        "      return unknown('queue')\n"
        "    end\n"
        "  end\n"
        "  for channel",
        "    if false then\n      return unknown('queue')\n    end\n  end\n  for channel",
    ),
    Mutant("direct: no limit", "  timer.set('d|' .. c.id, c.direct_until)\n", ""),
)
