-- transfer: to an agent who is routable at this instant (the owner keeps the contact until he
-- accepts), or to a queue, at the place that the call names or the queue's policy says.
-- args: contact, agent?, to_agent?, to_queue?, position?, note?
-- moves: contact assigned>assigned, assigned>queued, waiting_customer>queued · offer new>pending
-- events: offer.made, line.made, contact.queued
-- outcomes: ok, unknown, not_assigned, not_yours, transfer_pending, consulting, not_available, not_member,
--   not_accepted, too_many_lines

local function to_agent(c, id, note)
  local refused = colleague.refusal(c, id)
  if refused then
    return refused
  end
  offer.make(c, agent.load(id), { kind = 'transfer', side = 'transfer', rank = 1, note = note })
  return { outcome = 'ok', of = c }
end

local function to_queue(c, id, position, note)
  local q = queue.load(id)
  if not q then
    return unknown('queue')
  elseif not q.handles then
    return { outcome = 'not_accepted', verdict = 'handles_nothing' }
  elseif not lines.have_room(id, c.channel, c) then
    return { outcome = 'too_many_lines' }
  end
  position = position or q.transfer_position
  local left = { agent = c.owner, queue = c.queue, note = note }
  ending.leave_owner(c, q.decline_ms, q.cooldown_max_ms)
  c.queue = id
  c.note = note
  c.failures = 0
  if position == 'back' then
    c.entered = cx.now
  end
  lines.assign(c)
  if position == 'front' then
    contact.schedule_front(c)
  else
    contact.schedule(c)
  end
  steps.begin(c)
  offer.wait_again(c, 'transferred', left)
  return { outcome = 'ok', of = c }
end

transition.transfer = function(args)
  local c = contact.load(args.contact)
  local refused = ending.refusal(c, args.agent, args.to_queue and 'waiting_customer')
  if refused then
    return refused
  elseif c.ringing then
    return { outcome = 'transfer_pending' }
  elseif c.consult then
    return { outcome = 'consulting', state = c.state }
  end
  if args.to_agent then
    return to_agent(c, args.to_agent, args.note)
  end
  return to_queue(c, args.to_queue, args.position, args.note)
end
