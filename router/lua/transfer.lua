-- transfer: to an agent who is routable at this instant (the owner keeps the contact until he accepts), or to
-- a queue, at the place that the call names or the queue's policy says. What nobody has goes to a queue, too,
-- by whoever supervises its own: it waits on there, is held while that is closed, or comes at its instant.
-- args: contact, agent?, to_agent?, to_queue?, position?, if_waiting, note?
-- moves: contact assigned>assigned, assigned>queued, waiting_customer>queued, queued>queued, offered>queued,
--   held>queued, queued>held, offered>held, held>held, scheduled>scheduled
--   · offer new>pending, pending>revoked
-- events: offer.made, offer.revoked, line.made, contact.queued, contact.held, contact.scheduled
-- outcomes: ok, unknown, not_assigned, not_yours, taken, transfer_pending, consulting, not_available, not_member,
--   not_accepted, too_many_lines

local WAITS = { queued = true, offered = true, held = true, scheduled = true }

local function to_agent(c, id, note)
  local refused = colleague.refusal(c, id)
  if refused then
    return refused
  end
  offer.make(c, agent.load(id), { kind = 'transfer', side = 'transfer', rank = 1, note = note })
  return { outcome = 'ok', of = c }
end

-- It is in its new queue, at its place there; of what comes later, that is its instant.
local function enter(c, q, args)
  local position = args.position or q.transfer_position
  c.queue, c.note, c.failures = args.to_queue, args.note, 0
  if c.state == 'queued' then
    lines.assign(c)
  else
    c.line = nil
  end
  if c.state == 'scheduled' then
    position = 'keep'
  elseif position == 'back' then
    c.entered = cx.now
  end
  if position == 'front' then
    contact.schedule_front(c)
  elseif c.due then
    contact.schedule(c)
  end
end

local function wait_there(c, left)
  steps.begin(c)
  offer.wait_again(c, 'transferred', left)
end

local function from_owner(c, q, args)
  local left = { agent = c.owner, queue = c.queue, note = args.note }
  ending.leave_owner(c, q.decline_ms, q.cooldown_max_ms)
  enter(c, q, args)
  wait_there(c, left)
end

-- Nobody has it: whom it rang rings no more, and whom it waited for is forgotten.
local function from_waiting(c, q, args)
  local left = { queue = c.queue, note = args.note }
  local not_before, was_held, closed = c.not_before, c.state == 'held', calendar.closed(q)
  arrival.withdraw(c, 'transferred')
  personal.leave(c)
  c.agents, c.backup_queue = nil, nil
  steps.stop(c)
  broadcast.forget(c)
  contact.move(c, not_before and 'scheduled' or closed and 'held' or 'queued')
  enter(c, q, args)
  if not_before then
    calendar.schedule(c, not_before)
    calendar.emit_scheduled(c, 'transferred', left)
    return
  elseif closed then
    calendar.hold(c)
    calendar.emit_held(c, closed, 'transferred', left)
    return
  elseif was_held then
    c.since, c.customer_since = cx.now, c.customer_since or cx.now
  end
  wait_there(c, left)
end

local function to_queue(c, args)
  local q = queue.load(args.to_queue)
  if not q then
    return unknown('queue')
  elseif not q.handles then
    return { outcome = 'not_accepted', verdict = 'handles_nothing' }
  elseif not lines.have_room(args.to_queue, c.channel, c) then
    return { outcome = 'too_many_lines' }
  end
  local move = WAITS[c.state] and from_waiting or from_owner
  move(c, q, args)
  return { outcome = 'ok', of = c }
end

-- Why this caller can not move what nobody has, or nil.
local function waiting_refusal(c, args)
  local is_allowed = not args.agent or agent.supervises(agent.definition(args.agent), c.queue)
  if not args.to_queue then
    return { outcome = 'not_assigned', state = c.state, verdict = 'assign' }
  elseif not is_allowed then
    return { outcome = 'not_assigned', state = c.state, verdict = 'supervisors' }
  elseif c.queue == args.to_queue and (args.position or 'keep') == 'keep' then
    return { outcome = 'ok', repeated = true, of = c }
  end
end

local function owned_refusal(c, args)
  local refused = ending.refusal(c, args.agent, args.to_queue and 'waiting_customer')
  if refused then
    return refused
  elseif args.if_waiting then
    return claim.taken(c)
  elseif c.ringing then
    return { outcome = 'transfer_pending' }
  elseif c.consult then
    return { outcome = 'consulting', state = c.state }
  end
end

transition.transfer = function(args)
  local c = contact.load(args.contact)
  local refusal = c and WAITS[c.state] and waiting_refusal or owned_refusal
  local answer = refusal(c, args)
  if answer then
    return answer
  elseif args.to_agent then
    return to_agent(c, args.to_agent, args.note)
  end
  return to_queue(c, args)
end
