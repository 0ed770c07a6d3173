-- admit: a gateway brings a contact under its own id; it is offered at once, waits, or waits for the
-- queue's hours or its own instant.
-- args: contact, queue?, channel, priority?, tier, requirements, any_of?, target_ms?, relax?, address,
--   subject, origin, customer, attributes, agents?, agent_wait_ms?, backup_queue?, not_before?, callback,
--   fp
-- moves: contact new>queued, new>held, new>scheduled
-- events: contact.admitted, contact.diverted, line.made
-- outcomes: ok, conflict, unknown, not_member, missing_fields, bad_subject, not_accepted, refused,
--   too_many_lines, too_far, closed

transition.admit = function(args)
  local known = contact.load(args.contact) or contact.trace(args.contact)
  if known then
    if known.fp ~= args.fp then
      return { outcome = 'conflict', state = known.state }
    end
    return { outcome = 'ok', repeated = true, of = known }
  end
  local asked = intake.queue(args)
  local refused = arrival.refusal(args, asked)
  if refused then
    return refused
  elseif calendar.is_too_far(args.not_before) then
    return { outcome = 'too_far' }
  end
  local is_later = calendar.is_later(args.not_before)
  local queue_id, hops, till = asked, nil, nil
  if not is_later then
    queue_id, hops, till = arrival.destination(args, asked)
  end
  if not queue_id then
    return hops
  end
  local c = arrival.record(args, queue_id)
  local resumed = not is_later and memory.resume(c) or nil
  if is_later or c.callback then
    c.lease_ms = nil -- no gateway has a customer on the line
  end
  intake.extend_lease(c)
  if not is_later and not till then
    arrival.enter(c)
  else
    arrival.put_off(c, args.not_before, is_later)
  end
  arrival.tell(c, resumed)
  arrival.tell_hops(c, hops)
  return { outcome = 'ok', of = c }
end
