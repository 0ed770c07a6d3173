-- How contacts end: the close itself, the wrap-up before it, and what becomes of an owner's slot.

-- The contact has reached its end; the record stays for a while, so that repeats find it.
function ending.close(c, result, reason)
  local before = c.state
  local waited = (before == 'queued' or before == 'offered') and cx.now - c.since or nil
  personal.leave(c)
  broadcast.forget(c)
  steps.stop(c)
  intake.end_lease(c)
  c.result, c.reason, c.closed_at, c.customer_since = result, reason, cx.now, nil
  contact.move(c, 'closed')
  memory.of_end(c, before, result)
  local told = disposition.at_end(c, result == 'handled' and c.owner ~= nil)
  emit({
    e = 'contact.closed',
    contact = c.id,
    queue = c.queue,
    channel = c.channel,
    origin = c.origin,
    agent = c.owner,
    closed_by = c.closed_by,
    result = result,
    reason = reason,
    state_before = before,
    wait_ms = waited,
    handle_ms = c.ended_at and contact.handle_ms(c, c.ended_at),
    wrap_up_ms = c.ended_at and cx.now - c.ended_at,
    disposition = c.disposition,
    disposition_label = told.label,
    disposition_missing = told.is_missing,
    resolved = c.resolved,
    survey_requested = c.survey_requested,
    instruction = c.instruction,
  })
end

-- The owner's slot is free, and his idle time begins.
function ending.free_owner(c)
  colleague.part(c, 'over')
  local a = agent.load(c.owner)
  agent.use_turn(a)
  agent.drop_work(a, c.id)
  match.touch_agent(a)
  return a
end

local HELD = {
  off = function()
    return false
  end,
  on_request = function(wish)
    return wish == true
  end,
  optional = function(wish)
    return wish ~= false
  end,
  forced = function()
    return true
  end,
  forced_limit = function()
    return true
  end,
}

-- How long the owner's slot is held for writing up, by the queue's mode and his wish (nil: none told). What
-- waits for its customer is in nobody's hands.
function ending.wrap_up_ms(c, q, wish)
  if c.state == 'waiting_customer' or not HELD[q.wrap_up](wish) then
    return 0
  end
  local longest = config.tenant().wrap_up_max_ms
  return q.wrap_up == 'forced' and longest or math.min(q.wrap_up_ms, longest)
end

-- The conversation is over: the owner writes it up, or is free at once.
function ending.by_owner(c, how)
  local q = queue.load(c.queue)
  local limit = ending.wrap_up_ms(c, q, how.wrap_up)
  offer.revoke_ringing(c, 'closed') -- a transfer that still rings
  colleague.part(c, 'over')
  intake.end_lease(c)
  c.ended_at = cx.now
  c.reason = how.reason
  c.closed_by = how.agent ~= c.owner and how.agent or nil
  disposition.keep(c, how)
  if limit > 0 then
    c.wrap_until = cx.now + limit
    c.wrap_up = q.wrap_up
    contact.move(c, 'wrap_up')
    agent.hold_as(agent.load(c.owner), c.id, 'wrap_up')
    timer.set('w|' .. c.id, c.wrap_until)
    emit({
      e = 'contact.wrap_up',
      contact = c.id,
      queue = c.queue,
      agent = c.owner,
      closed_by = c.closed_by,
      reason = c.reason,
      disposition = c.disposition,
      resolved = c.resolved,
      handle_ms = contact.handle_ms(c, c.ended_at),
      mode = c.wrap_up,
      ['until'] = c.wrap_until,
    })
  else
    ending.part(c)
    ending.close(c, 'handled', c.reason)
  end
end

-- The customer is not there any more, whatever the contact was doing.
function ending.cancel(c, result, reason)
  if c.state == 'assigned' or c.state == 'waiting_customer' then
    ending.by_owner(c, { reason = reason or 'customer_left' })
    return
  end
  arrival.withdraw(c, result)
  ending.close(c, result, reason)
end

function ending.end_wrap_up(c)
  timer.clear('w|' .. c.id)
  ending.free_owner(c)
  ending.close(c, 'handled', c.reason)
end

-- Its owner has it no more, in hand or while it waits for its customer.
function ending.part(c)
  if c.state == 'waiting_customer' then
    awaiting.leave(c)
  else
    ending.free_owner(c)
  end
end

-- Back to waiting, away from the owner, who is remembered as if he had declined.
function ending.leave_owner(c, decline_ms, max_ms)
  local owner = c.owner
  ending.part(c)
  contact.remember(c, owner, decline_ms, max_ms)
  contact.move(c, 'queued')
  c.owner, c.assigned_at = nil, nil
  c.since = cx.now
  talk.wait_anew(c)
end

-- Back to its queue, at its place: its owner is not there any more.
function ending.lose_owner(c, reason)
  local owner = c.owner
  ending.free_owner(c)
  contact.move(c, 'queued')
  c.owner, c.assigned_at = nil, nil
  c.since = cx.now
  talk.wait_anew(c)
  steps.begin(c)
  offer.requeue(c, reason, { agent = owner })
end

-- Why this owner's verb can not be taken, or nil; some are for contacts in one other state too.
function ending.refusal(c, agent_id, other)
  if not c then
    return unknown('contact')
  elseif c.state ~= 'assigned' and c.state ~= other then
    return { outcome = 'not_assigned', state = c.state }
  elseif agent_id and agent_id ~= c.owner then
    return { outcome = 'not_yours' }
  end
end

on_due.w = function(id)
  local c = contact.load(id)
  if c and c.state == 'wrap_up' then
    ending.end_wrap_up(c)
  end
end
