-- fork: another contact of the same customer comes to another queue; the one that it is made of stays with
-- its owner. Each names the other in its links.
-- args: contact, agent?, to_queue, fork?, channel?, priority?, requirements, any_of?, subject?, note?, fp
-- moves: contact new>queued, new>held
-- events: contact.forked, contact.admitted, contact.diverted, line.made
-- outcomes: ok, unknown, not_assigned, not_yours, too_many, conflict, missing_fields,
--   bad_subject, not_accepted, refused, too_many_lines, closed

local ID_MAX = 64

-- The id of its next fork, when its caller has none.
local function next_id(c)
  local tail = '-' .. #(c.links or NONE) + 1
  return string.sub(c.id, 1, ID_MAX - #tail) .. tail
end

-- What is brought: the same customer with the same words, asking for what is told.
local function asked(c, id, args)
  return {
    contact = id,
    queue = args.to_queue,
    channel = args.channel or c.channel,
    priority = args.priority or c.priority,
    tier = c.tier,
    requirements = args.requirements,
    any_of = args.any_of,
    address = c.address,
    subject = args.subject or c.subject,
    origin = c.origin,
    customer = c.customer,
    attributes = c.attributes,
    fp = args.fp,
    is_fork = true,
  }
end

local function bring(told)
  local refused = arrival.refusal(told, told.queue)
  if refused then
    return nil, refused
  end
  local queue_id, hops, till = arrival.destination(told, told.queue)
  if not queue_id then
    return nil, hops
  end
  local fork = arrival.record(told, queue_id)
  fork.lease_ms = nil -- its gateway does not know of it
  return fork, hops, till
end

transition.fork = function(args)
  local c = contact.load(args.contact)
  local refused = ending.refusal(c, args.agent)
  if refused then
    return refused
  end
  local id = args.fork or next_id(c)
  local known = contact.load(id) or contact.trace(id)
  if known and known.fp == args.fp and args.fork then
    return { outcome = 'ok', repeated = true, fork = id, of = known }
  elseif known then
    return { outcome = 'conflict', state = known.state }
  elseif not contact.can_link(c) then
    return { outcome = 'too_many', state = c.state }
  end
  local fork, hops, till = bring(asked(c, id, args))
  if not fork then
    return hops
  end
  fork.note = args.note
  contact.link(c, 'fork', id)
  contact.link(fork, 'fork_of', c.id)
  emit({
    e = 'contact.forked',
    contact = c.id,
    queue = c.queue,
    agent = c.owner,
    fork = id,
    to_queue = args.to_queue,
    note = args.note,
    links = c.links,
  })
  if till then
    arrival.put_off(fork)
  else
    arrival.enter(fork)
  end
  arrival.tell(fork)
  arrival.tell_hops(fork, hops)
  return { outcome = 'ok', fork = id, of = fork }
end
