-- admit: a gateway brings a contact under its own id; it is offered at once or waits.
-- args: contact, queue?, channel, priority?, tier, requirements, any_of?, target_ms?, relax?, address,
--   subject, origin, customer, attributes, agents?, agent_wait_ms?, backup_queue?, fp
-- moves: contact new>queued
-- events: contact.admitted, contact.diverted, line.made
-- outcomes: ok, conflict, unknown, not_member, missing_fields, bad_subject, not_accepted, refused,
--   too_many_lines

transition.admit = function(args)
  local known = contact.load(args.contact)
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
  end
  local queue_id, hops = arrival.destination(args, asked)
  if not queue_id then
    return hops
  end
  local c = arrival.record(args, queue_id)
  local resumed = memory.resume(c)
  intake.extend_lease(c)
  arrival.enter(c)
  emit({
    e = 'contact.admitted',
    contact = c.id,
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
    address = c.address,
    subject = c.subject,
    origin = c.origin,
    customer = c.customer,
    attributes = c.attributes,
    direct = c.direct,
    sticky = c.sticky,
    resumed = resumed,
    relax = c.relax,
  })
  arrival.tell_hops(c, hops)
  return { outcome = 'ok', of = c }
end
