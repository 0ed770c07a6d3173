-- Offers: a contact put to one agent, with a number and a deadline; each ends exactly once.
-- The offer lives in the contact's record (ringing.lua), its slot in the agent's.

function offer.make(c, a, why)
  local q = queue.load(c.queue)
  local is_asked = colleague.asks(why.kind)
  local is_row = not is_asked and not c.direct
  local absence = agent.absence(a) -- nobody who is away, unless a colleague may ask him
  local turn, score = a.turn, is_row and strategy.score(a, c.line) or nil
  offer.stop_waiting(c)
  c.offers = c.offers + 1
  local o =
    { n = c.offers, agent = a.id, made = cx.now, deadline = cx.now + q.ring_ms, kind = why.kind, note = why.note }
  local is_automatic = not is_asked and config.auto_accepts(c.channel)
  if why.kind == 'queue' and not c.ringing and not is_automatic then
    broadcast.begin(c, q)
  end
  ringing.put_in(c, o)
  if not is_asked then
    contact.move(c, 'offered')
  end
  response.follow(c) -- the offer shows it
  agent.take_work(a, c, 'offer')
  agent.use_turn(a) -- when he is called, as in a taxi rank
  strategy.called(a, c, is_row)
  match.touch_agent(a)
  emit({
    e = 'offer.made',
    contact = c.id,
    agent = a.id,
    offer = o.n,
    kind = why.kind,
    sticky = why.kind == 'direct' and c.sticky or nil,
    queue = c.queue,
    channel = c.channel,
    deadline = o.deadline,
    ring_ms = q.ring_ms,
    wait_ms = cx.now - c.since,
    since = c.since,
    line = c.line,
    turn = turn,
    strategy = is_row and q.strategy or nil,
    score = score,
    rank = why.rank,
    skipped = why.rank - 1,
    side = why.side,
    width = c.width,
    passed = why.beside and why.beside.passed,
    next = why.beside and why.beside.next,
    not_ready = absence and true,
    agents = is_asked and { c.owner } or nil, -- who asks is told
    card = contact.card(c, why.note),
  })
  if is_automatic then
    offer.take(c, o, true)
  else
    timer.set('o|' .. c.id .. '|' .. o.n, o.deadline)
  end
end

function offer.stop_waiting(c)
  if c.retry then
    timer.clear('r|' .. c.id)
    c.retry = nil
  end
end

-- Ends a pending offer and frees its slot; the caller says what becomes of the contact.
local function finish(c, o, name, how)
  ringing.take_out(c, o)
  timer.clear('o|' .. c.id .. '|' .. o.n)
  emit({
    e = name,
    contact = c.id,
    agent = o.agent,
    offer = o.n,
    kind = o.kind,
    queue = c.queue,
    ring_ms = cx.now - o.made,
    cause = how.cause,
    reason = how.reason,
    taken_by = how.taken_by,
    agents = colleague.asks(o.kind) and { c.owner } or nil,
    ['until'] = how.over,
  })
  local a = agent.load(o.agent)
  agent.drop_work(a, c.id)
  match.touch_agent(a)
end

-- The contact waits for nobody any more, and who had it is free.
function offer.end_wait(c)
  local from = c.owner
  personal.leave(c)
  steps.stop(c)
  broadcast.forget(c)
  if from then
    ending.part(c)
  end
end

-- It is the agent's; `n` is the offer that he accepted, if there was one.
function offer.give(c, a, n)
  contact.move(c, 'assigned')
  if c.owner ~= a.id then
    c.worked_ms = nil
  end
  c.accepted, c.owner, c.assigned_at = n, a.id, cx.now
  c.tried, c.failures = {}, 0
end

function offer.tell_accepted(c, o, is_automatic)
  emit({
    e = 'offer.accepted',
    contact = c.id,
    agent = o.agent,
    offer = o.n,
    kind = o.kind,
    agents = o.kind == 'consult' and { c.owner } or nil,
    queue = c.queue,
    channel = c.channel,
    ring_ms = cx.now - o.made,
    wait_ms = cx.now - c.since,
    auto = is_automatic,
  })
end

-- The agent has the contact. Whoever else it rang loses it in the same step, and is told to whom.
function offer.take(c, o, is_automatic)
  local a, from = agent.load(o.agent), c.owner
  ringing.take_out(c, o)
  offer.end_wait(c)
  agent.hold_as(a, c.id, 'assigned')
  offer.give(c, a, o.n)
  c.note = o.note or c.note
  offer.tell_accepted(c, o, is_automatic)
  offer.revoke_ringing(c, 'taken', a.id)
  emit({
    e = 'contact.assigned',
    contact = c.id,
    queue = c.queue,
    agent = a.id,
    from = from,
    how = 'offer',
    note = o.note,
  })
  if config.precedence() then
    agent.tell_interruptions(a)
    if is_automatic then
      table.insert(cx.crowded, { agent = a, channel = c.channel })
    end
  end
end

-- He says yes to the offer that rings him.
function offer.accept(c, o, a)
  timer.clear('o|' .. c.id .. '|' .. o.n)
  streak.reset(a)
  if o.kind == 'consult' then
    colleague.join(c, o)
  else
    offer.take(c, o)
  end
  offer.give_way(c, a)
end

-- Back to its line, at its place: its queue's, or its agents' while it waits for them. `left` names
-- the agent or the queue that it left, `failed` the agent who did not take it.
function offer.requeue(c, reason, left)
  left = left or {}
  broadcast.silence(c)
  contact.move(c, 'queued')
  if not c.direct then
    lines.assign(c)
  elseif not personal.go_on(c, left.failed) then
    left.queue = personal.end_wait(c)
  end
  offer.wait_again(c, reason, left)
  steps.resume(c)
end

function offer.wait_again(c, reason, left)
  cx.fresh[c.id] = true
  match.touch_contact(c)
  offer.tell_queued(c, reason, left)
end

function offer.tell_queued(c, reason, left)
  emit({
    e = 'contact.queued',
    contact = c.id,
    queue = c.queue,
    line = c.line,
    due = c.due,
    entered = c.entered,
    tier = c.tier,
    since = c.since,
    customer_since = c.customer_since,
    direct = c.direct,
    reason = reason,
    agent = left.agent,
    from = left.queue,
    note = left.note,
  })
end

-- Where a contact goes that has failed too often, or nil.
local function escalation(c, q)
  if q.offers_max == 0 or c.failures < q.offers_max then
    return nil
  end
  local to = limits.existing(q.escalate_to)
  emit({ e = 'contact.escalated', contact = c.id, queue = c.queue, failures = c.failures, to = to })
  c.failures = 0
  broadcast.forget(c)
  return to
end

local BASE = { declined = 'decline_ms', expired = 'miss_ms', unreachable = 'unreachable_ms' }

-- The offer failed at its agent: he is remembered, and the contact looks for another. When a
-- colleague asked, it stays with its owner.
function offer.fail(c, o, cause, reason)
  local name = cause == 'expired' and 'offer.expired' or 'offer.declined'
  local how = { cause = cause, reason = reason }
  if colleague.asks(o.kind) then
    finish(c, o, name, how)
    return
  end
  local q = queue.load(c.queue)
  how.over = contact.remember(c, o.agent, q[BASE[cause]], q.cooldown_max_ms)
  finish(c, o, name, how)
  c.failures = c.failures + 1
  if c.ringing then
    broadcast.lost_one(c, q)
    return
  end
  local to = escalation(c, q)
  if to then
    arrival.move(c, to, 'escalated')
  else
    offer.requeue(c, cause, { failed = o.agent })
  end
end

-- The contact rings nobody any more, through no fault of the agents; a transfer too.
function offer.revoke_ringing(c, reason, taken_by)
  while c.ringing do
    finish(c, c.ringing[1], 'offer.revoked', { reason = reason, taken_by = taken_by })
  end
end

-- All pending offers of an agent who is no longer routable, or those of some channels, go to others.
function offer.revoke_all(a, reason, channels)
  for _, id in ipairs(sorted_keys(a.work)) do
    local work = a.work[id]
    if work and work.k == 'offer' and (not channels or channels[work.ch]) then
      local c = contact.load(id)
      local o = ringing.of_agent(c, a.id)
      finish(c, o, 'offer.revoked', { reason = reason })
      if c.ringing then
        broadcast.touch(c)
      elseif not colleague.asks(o.kind) then
        offer.requeue(c, 'revoked', { failed = a.id })
      end
    end
  end
end

-- The contact is in its agent's hands: what it interrupts is told, and rings somebody else.
function offer.give_way(c, a)
  if config.precedence() then
    agent.tell_interruptions(a)
    offer.revoke_all(a, 'interrupted', agent.gives_way(a, c.channel) or NONE)
  end
end

-- Why nothing is taken from this desktop any more, or nil.
function offer.fence(a, session)
  if session and not agent.is_live(a, session) then
    return { outcome = 'stale_session', verdict = agent.was_logged_off(a, session) }
  end
end

-- Answers why this answer to an offer can not be taken, or nil when it can.
function offer.refusal(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  end
  local a = agent.load(args.agent)
  if not a then
    return unknown('agent')
  end
  local stale = offer.fence(a, args.session)
  if stale then
    return stale
  end
  local o = ringing.numbered(c, args.offer)
  if o then
    return o.agent ~= a.id and { outcome = 'not_yours' } or nil
  end
  if c.accepted == args.offer and c.owner and c.owner ~= a.id then
    return { outcome = 'not_yours' }
  end
  return { outcome = 'gone', state = c.state, taken_by = c.owner ~= a.id and c.owner or nil }
end

on_due.o = function(id, n)
  local c = contact.load(id)
  local o = c and ringing.numbered(c, tonumber(n))
  if not o then
    return
  end
  offer.fail(c, o, 'expired')
  streak.add(agent.load(o.agent), 'expired')
end

on_due.r = function(id)
  local c = contact.load(id)
  if not c then
    return
  end
  c.retry = nil
  contact.changed(c)
  match.touch_contact(c)
end
