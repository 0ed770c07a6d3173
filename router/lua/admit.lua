-- admit: a gateway brings a contact under its own id; it is offered at once, waits, or waits for the
-- queue's hours or its own instant. In a conversation that goes on it makes none: its customer has spoken
-- in the one that is there, which may come back to its owner or its queue for it. One that the store does
-- not know is told of (`conversation`) to who can ask the archive, and brings what that has of its last contact.
-- args: contact, queue?, channel, priority?, tier, requirements, any_of?, target_ms?, relax?, address,
--   subject, origin, customer, conversation?, attributes, agents?, agent_wait_ms?, backup_queue?,
--   not_before?, callback, asks_archive, record?, fp
-- moves: contact new>queued, new>held, new>scheduled, waiting_customer>assigned, waiting_customer>queued,
--   wrap_up>assigned, closed>queued, offered>queued, queued>queued, queued>closed
--   · offer pending>revoked
-- events: contact.admitted, contact.diverted, line.made, contact.activity, contact.assigned,
--   contact.reopened, contact.linked, contact.queued, contact.step, contact.notified, contact.closed,
--   contact.restored, offer.revoked, work.interrupted, work.resumed
-- outcomes: ok, conflict, unknown, not_member, missing_fields, bad_subject, not_accepted, refused,
--   too_many_lines, too_far, closed

-- An id that was here before: the same again, or other content.
local function repeated(known, args)
  if known.fp ~= args.fp then
    return { outcome = 'conflict', state = known.state }
  elseif known.attached then
    return attaching.again(known)
  end
  return { outcome = 'ok', repeated = true, of = known }
end

local function record(args, queue_id, before)
  local c = arrival.record(args, queue_id)
  if before then
    c.follows = before.follows or before.id
    contact.link(c, 'follow_up_of', before.id)
  end
  return c
end

transition.admit = function(args)
  local known = contact.load(args.contact) or contact.trace(args.contact)
  if known then
    return repeated(known, args)
  end
  local target, before = attaching.target(args)
  if target then
    return attaching.attach(target, args)
  elseif args.asks_archive and args.conversation and not before then
    return unknown('conversation')
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
  local c = record(args, queue_id, before)
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
  conversation.lead(c)
  if before then
    contact.keep(before)
    reopening.hand_on(before, c.id)
  end
  return { outcome = 'ok', of = c }
end
