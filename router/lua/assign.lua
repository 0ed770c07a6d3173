-- assign: a supervisor puts a contact into the hands of one agent, whether it waits, rings, is another's,
-- or was to come later.
-- args: contact, agent, over_capacity, not_ready, not_member, reason
-- moves: contact queued>assigned, offered>assigned, assigned>assigned, held>assigned,
--   scheduled>assigned, offered>queued · offer pending>revoked
-- events: contact.assigned, offer.revoked, contact.queued, line.made, work.interrupted, work.resumed
-- outcomes: ok, unknown, ended, not_member, not_available

-- What stands in the agent's way, or nil; and whether he will hold more than he may.
local function obstacle(c, a, args)
  local absence = agent.absence(a)
  if absence and not (absence == 'not_ready' and args.not_ready) then
    return absence
  end
  local room = agent.room(a, c.channel, c.id)
  if room == 'ok' then
    return nil
  elseif room == 'no_channel' or not args.over_capacity then
    return room
  end
  return nil, true
end

local function refusal(c, a, args)
  if not c then
    return unknown('contact')
  elseif c.state == 'wrap_up' or c.state == 'closed' then
    return { outcome = 'ended', state = c.state }
  elseif not a then
    return unknown('agent')
  elseif a.id == c.owner then
    return { outcome = 'not_available', verdict = 'owner' }
  elseif not args.not_member and not agent.serves(agent.definition(a.id), c.queue) then
    return { outcome = 'not_member' }
  end
end

-- Out of hold or schedule: it comes now. A place that it has is kept, for when it is given back.
local function bring(c)
  calendar.leave(c)
  c.since = cx.now
  if not c.due then
    c.entered = cx.now
    contact.schedule(c)
  end
end

transition.assign = function(args)
  local c, a = contact.load(args.contact), agent.load(args.agent)
  local refused = refusal(c, a, args)
  if refused then
    return refused
  end
  local verdict, is_over = obstacle(c, a, args)
  if verdict then
    return { outcome = 'not_available', verdict = verdict }
  end
  local wait_ms = (c.state == 'queued' or c.state == 'offered') and cx.now - c.since or nil
  local from, is_away = c.owner, c.state == 'held' or c.state == 'scheduled'
  if c.state == 'queued' then
    line.leave(c)
    offer.stop_waiting(c)
  elseif is_away then
    bring(c)
  end
  offer.revoke_ringing(c, 'assigned')
  offer.end_wait(c)
  agent.take_work(a, c, 'assigned')
  agent.use_turn(a)
  match.touch_agent(a)
  offer.give(c, a)
  emit({
    e = 'contact.assigned',
    contact = c.id,
    queue = c.queue,
    agent = a.id,
    from = from,
    by_hand = true,
    over_capacity = is_over,
    not_ready = a.presence ~= 'ready' or nil,
    wait_ms = wait_ms,
    due = is_away and c.due or nil,
    entered = is_away and c.entered or nil,
    reason = args.reason,
  })
  offer.give_way(c, a)
  return { outcome = 'ok', of = c }
end
