-- The customer's turn: a contact that waits for him keeps its owner; the slot is free meanwhile, where
-- the queue has it so (`freed`). His message brings it back, to its owner or to its queue; without one
-- it ends.

local function tell(c, reason)
  emit({
    e = 'contact.waiting_customer',
    contact = c.id,
    queue = c.queue,
    agent = c.owner,
    freed = c.freed,
    handle_ms = c.worked_ms,
    ['until'] = c.no_answer_at,
    reason = reason,
  })
end

-- The owner has asked something; asked again, the time runs anew.
function awaiting.begin(c)
  local q = queue.load(c.queue)
  if c.state == 'assigned' then
    offer.revoke_ringing(c, 'waiting_customer') -- a transfer that still rings
    colleague.part(c, 'over')
    c.worked_ms = contact.handle_ms(c, cx.now)
    contact.move(c, 'waiting_customer')
    c.assigned_at = nil
    if q.waiting_frees then
      c.freed = true
      ending.free_owner(c)
    else
      agent.hold_as(agent.load(c.owner), c.id, 'waiting_customer')
    end
  end
  c.asked_at, c.no_answer_at = cx.now, cx.now + q.waiting_customer_ms
  contact.changed(c)
  talk.stand(c)
  timer.set('u|' .. c.id, c.no_answer_at)
  tell(c)
end

local function stop(c)
  timer.clear('u|' .. c.id)
  talk.leave(c)
  c.asked_at, c.no_answer_at = nil, nil
end

-- It waits for him no more; its owner's slot, if it was held, is free. The caller says where to.
function awaiting.leave(c)
  stop(c)
  if not c.freed then
    ending.free_owner(c)
  end
  c.freed = nil
end

-- Its owner is not there any more, and holds no slot for it; it goes on waiting.
function awaiting.let_go(c)
  ending.free_owner(c)
  c.freed = true
  contact.changed(c)
  tell(c, 'owner_gone')
end

local function give_back(c, a)
  local not_ready = c.freed and a.presence ~= 'ready' or nil
  if c.freed then
    agent.take_work(a, c, 'assigned')
    agent.use_turn(a)
    match.touch_agent(a)
  else
    agent.hold_as(a, c.id, 'assigned')
  end
  stop(c)
  c.freed = nil
  contact.move(c, 'assigned')
  c.assigned_at = cx.now
  emit({
    e = 'contact.assigned',
    contact = c.id,
    queue = c.queue,
    channel = c.channel,
    agent = a.id,
    how = 'customer_replied',
    not_ready = not_ready,
  })
  offer.give_way(c, a)
end

-- While its owner is there, it waits for him alone for a time, where the queue has it so.
local function stick(c, a, q)
  local is_there = a and agent.serves(agent.definition(a.id), c.queue) and not agent.absence(a)
  if q.sticky ~= 'wait' or not is_there or (a.slots[c.channel] or 0) == 0 then
    return false
  end
  c.sticky = true
  personal.wait(c, { a.id }, q.sticky_wait_ms)
  return true
end

local function to_queue(c, a)
  local q, owner = queue.load(c.queue), c.owner
  awaiting.leave(c)
  contact.move(c, 'queued')
  c.owner = nil
  c.since = cx.now
  if q.return_position == 'back' then
    c.entered = cx.now
  end
  if not stick(c, a, q) then
    lines.assign(c)
  end
  if q.return_position == 'front' then
    contact.schedule_front(c)
  elseif q.return_position == 'back' then
    contact.schedule(c)
  end
  steps.begin(c)
  offer.wait_again(c, 'customer_replied', { agent = owner })
end

-- Whether its owner can take it now: as one who is offered it, or as one who claims it, where agents may.
local function can_go_on(c, a)
  if not a then
    return false
  elseif agent.can_take(a, c.queue, c.channel) then
    return true
  end
  local may_claim = queue.load(c.queue).distribution ~= 'push' and agent.belongs(agent.definition(a.id), c.queue)
  return may_claim and not claim.obstacle(c, a)
end

-- He has said something: its owner goes on with it if he has it in hand or can take it now.
function awaiting.go_on(c)
  local a = agent.load(c.owner)
  if not c.freed or can_go_on(c, a) then
    give_back(c, a)
  else
    to_queue(c, a)
  end
end

on_due.u = function(id)
  local c = contact.load(id)
  if c and c.state == 'waiting_customer' then
    awaiting.leave(c)
    c.ended_at = cx.now
    ending.close(c, 'expired', 'no_answer')
  end
end
