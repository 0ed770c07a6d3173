-- not_reached: the customer did not answer the call back; the agent is free, and the contact comes again
-- after a while, until the queue's limit of attempts.
-- args: contact, agent?, reason?
-- moves: contact assigned>scheduled, assigned>closed · offer pending>revoked
-- events: offer.revoked, contact.not_reached, contact.scheduled, contact.closed
-- outcomes: ok, unknown, not_assigned, not_yours, no_callback

transition.not_reached = function(args)
  local c = contact.load(args.contact)
  local refused = ending.refusal(c, args.agent)
  if refused then
    return refused
  elseif not c.callback then
    return { outcome = 'no_callback', state = c.state }
  end
  local q = queue.load(c.queue)
  offer.revoke_ringing(c, 'not_reached') -- a transfer that still rings
  c.callback = { attempts = c.callback.attempts + 1, address = c.callback.address }
  emit({
    e = 'contact.not_reached',
    contact = c.id,
    queue = c.queue,
    agent = c.owner,
    attempts = c.callback.attempts,
    reason = args.reason,
    handle_ms = contact.handle_ms(c, cx.now),
  })
  ending.free_owner(c)
  if c.callback.attempts >= q.callback_attempts_max then
    c.ended_at = cx.now
    ending.close(c, 'expired', 'not_reached')
  else
    contact.end_monitors(c)
    c.owner, c.assigned_at = nil, nil
    calendar.schedule(c, clock.wall() + q.callback_retry_ms)
    calendar.emit_scheduled(c, 'not_reached')
  end
  return { outcome = 'ok', of = c }
end
