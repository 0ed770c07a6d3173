-- admit: a gateway brings a contact under its own id; it is offered at once, waits, or waits for the
-- queue's hours or its own instant.
-- args: contact, queue?, channel, priority?, tier, requirements, any_of?, target_ms?, relax?, address,
--   subject, origin, customer, attributes, agents?, agent_wait_ms?, backup_queue?, not_before?, callback,
--   fp
-- moves: contact new>queued, new>held, new>scheduled
-- events: contact.admitted, contact.diverted, line.made
-- outcomes: ok, conflict, unknown, not_member, missing_fields, bad_subject, not_accepted, refused,
--   too_many_lines, too_far, closed

local function emit_admitted(c, resumed)
  emit({
    e = 'contact.admitted',
    contact = c.id,
    state = c.state,
    queue = c.queue,
    channel = c.channel,
    line = c.line,
    priority = c.priority,
    tier = c.tier,
    requirements = c.requirements,
    any_of = c.any_of,
    target_ms = c.target_ms,
    due = c.due,
    entered = c.entered,
    customer_since = c.customer_since,
    address = c.address,
    subject = c.subject,
    origin = c.origin,
    customer = c.customer,
    attributes = c.attributes,
    direct = c.direct,
    sticky = c.sticky,
    resumed = resumed,
    relax = c.relax,
    callback = c.callback,
    not_before = c.not_before,
    held_until = c.held_until,
  })
end

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
  emit_admitted(c, resumed)
  arrival.tell_hops(c, hops)
  return { outcome = 'ok', of = c }
end
