-- claim: an agent takes a contact by himself: one that waits, rings somebody, or is held until its queue
-- opens. He serves the queue or supervises it, is connected and has room; he need not be ready.
-- args: contact, agent, session?, not_member
-- moves: contact queued>assigned, offered>assigned, held>assigned, waiting_customer>assigned,
--   offered>queued, queued>queued, queued>closed · offer pending>accepted, pending>revoked
-- events: contact.assigned, offer.accepted, offer.revoked, contact.queued, contact.step, contact.notified,
--   contact.closed, line.made, work.interrupted, work.resumed
-- outcomes: ok, unknown, stale_session, not_member, taken, ended, not_waiting, push_only, not_available

-- Why it rings nobody any more.
local REVOKED = { claim = 'claimed', reply = 'claimed', take_over = 'taken_over', hand = 'assigned' }

-- Out of hold or schedule: it comes now. A place that it has is kept, for when it is given back; then it
-- waits in this line.
local function bring(c)
  calendar.leave(c)
  c.line = line.id(c.queue, c.channel, c)
  c.since = cx.now
  if not c.due then
    c.entered = cx.now
    contact.schedule(c)
  end
end

-- The contact goes into the agent's hands, from wherever it is: its line, its bells, hold, another's hands.
-- Who loses it is told to whom. `how` it came about is in the event, with all that `said` has. Whom it rings
-- accepts it by taking it himself.
function claim.take(c, a, how, said)
  local own = how ~= 'hand' and ringing.of_agent(c, a.id)
  if own then
    return offer.accept(c, own, a)
  end
  local from, is_away = c.owner ~= a.id and c.owner or nil, c.state == 'held' or c.state == 'scheduled'
  local wait_ms = (c.state == 'queued' or c.state == 'offered') and cx.now - c.since or nil
  if is_away then
    bring(c)
  elseif c.state == 'queued' then
    line.leave(c)
    offer.stop_waiting(c)
  end
  offer.revoke_ringing(c, REVOKED[how], a.id)
  offer.end_wait(c)
  if how ~= 'hand' then
    streak.reset(a)
  end
  agent.take_work(a, c, 'assigned')
  agent.use_turn(a)
  match.touch_agent(a)
  offer.give(c, a)
  local event = {
    e = 'contact.assigned',
    contact = c.id,
    queue = c.queue,
    channel = c.channel,
    agent = a.id,
    from = from,
    how = how,
    not_ready = a.presence ~= 'ready' or nil,
    wait_ms = wait_ms,
    due = is_away and c.due or nil,
    entered = is_away and c.entered or nil,
  }
  for name, value in pairs(said or NONE) do
    event[name] = value
  end
  emit(event)
  offer.give_way(c, a)
end

-- Somebody has it: who, and since when.
function claim.taken(c)
  return { outcome = 'taken', state = c.state, taken_by = c.owner, since = c.assigned_at or c.asked_at }
end

-- Who has the contact, if somebody has: the agent himself, who then repeats, or another one. What waits
-- for its customer he may take in hand again.
function claim.had(c, a)
  local is_asking = c.state == 'waiting_customer'
  if c.state ~= 'assigned' and not is_asking then
    return nil
  elseif c.owner ~= a.id then
    return claim.taken(c)
  elseif not is_asking then
    return { outcome = 'ok', repeated = true, of = c }
  end
end

-- Why he can not take one more contact into his hands, by his own wish, or nil.
function claim.obstacle(c, a)
  local absence = a.presence == 'offline' and 'offline' or #a.sessions == 0 and 'not_connected'
  local verdict = absence or agent.room(a, c.channel, c.id)
  return verdict ~= 'ok' and { outcome = 'not_available', verdict = verdict } or nil
end

-- Why he can not take it by himself, or nil.
function claim.refusal(c, a)
  if c.state == 'wrap_up' or c.state == 'closed' then
    return { outcome = 'ended', state = c.state }
  elseif c.state == 'scheduled' then
    return { outcome = 'not_waiting', state = c.state } -- it has not come yet
  elseif c.owner ~= a.id and queue.load(c.queue).distribution == 'push' then
    return { outcome = 'push_only', state = c.state }
  end
  return claim.obstacle(c, a)
end

-- Why this agent has no say in the contact at all, or nil.
function claim.stranger(c, a, args)
  if not c then
    return unknown('contact')
  elseif not a then
    return unknown('agent')
  end
  local stale = offer.fence(a, args.session)
  if stale then
    return stale
  elseif not args.not_member and not agent.belongs(agent.definition(a.id), c.queue) then
    return { outcome = 'not_member' }
  end
end

transition.claim = function(args)
  local c, a = contact.load(args.contact), agent.load(args.agent)
  local answer = claim.stranger(c, a, args) or claim.had(c, a) or claim.refusal(c, a)
  if answer then
    return answer
  end
  claim.take(c, a, 'claim')
  return { outcome = 'ok', of = c }
end
