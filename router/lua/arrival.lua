-- Arrival: what an admission must fulfil, the record that it makes, and how a contact comes to wait.

local function agents_refused(ids, queue_id)
  for _, id in ipairs(ids) do
    local definition = agent.definition(id)
    if not definition then
      return unknown('agent')
    elseif not agent.serves(definition, queue_id) then
      return { outcome = 'not_member' }
    end
  end
end

-- Why the queue can not take the contact in, or nil.
local function queue_refusal(args, queue_id)
  local q = queue.load(queue_id)
  if not q then
    return unknown('queue')
  end
  local refused = intake.refusal(args, q)
  if refused then
    return refused
  elseif not config.has_channel(args.channel) then
    return unknown('channel')
  elseif not lines.have_room(queue_id, args.channel, args) then
    return { outcome = 'too_many_lines' }
  end
end

-- Why the contact can not be admitted, or nil.
function arrival.refusal(args, queue_id)
  return queue_refusal(args, queue_id)
    or args.agents and agents_refused(args.agents, queue_id)
    or args.backup_queue and queue_refusal(args, args.backup_queue)
end

-- Where it was sent on to, those of its agents are waited for who serve there.
local function agents_at(ids, queue_id)
  local found = {}
  for _, id in ipairs(ids or NONE) do
    local definition = agent.definition(id)
    if definition and agent.serves(definition, queue_id) then
      found[#found + 1] = id
    end
  end
  return #found > 0 and found or nil
end

local HOPS_MAX = 8 -- queues that an arrival is sent on to, one after the other

-- No queue is left for it: when the last one is closed, until the first of those on its way opens.
local function no_way(way, queue_id, opens_at)
  if way.reason == 'closed' then
    return { outcome = 'closed', opens_at = opens_at, callback = false }
  end
  return { outcome = 'refused', why = way.reason, queue = queue_id }
end

-- The queue that takes an arrival in, after the gates of those that do not: nil with a refusal, or a
-- queue with the hops to it, if there were any, and the instant until which it is held there.
function arrival.destination(args, queue_id)
  local hops, opens_at
  local way = calendar.gate(queue_id, args) or limits.gate(queue_id, args)
  while way and not way.hold do
    hops = hops or {}
    opens_at = math.min(opens_at or math.huge, way.opens_at or math.huge)
    if way.refused or #hops == HOPS_MAX then
      return nil, way.refused or no_way(way, queue_id, opens_at < math.huge and opens_at or nil)
    end
    hops[#hops + 1] = { from = queue_id, to = way.to, reason = way.reason }
    queue_id = way.to
    way = calendar.gate(queue_id, args) or limits.gate(queue_id, args)
  end
  if hops then
    if not lines.have_room(queue_id, args.channel, args) then
      return nil, { outcome = 'too_many_lines' }
    end
    args.agents = agents_at(args.agents, queue_id)
  end
  return queue_id, hops, way and way.hold
end

-- It is there: everything that is known of it.
function arrival.tell(c, resumed)
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
    conversation = c.conversation,
    attributes = c.attributes,
    direct = c.direct,
    sticky = c.sticky,
    resumed = resumed,
    relax = c.relax,
    callback = c.callback,
    not_before = c.not_before,
    held_until = c.held_until,
    links = c.links,
    follows = c.follows,
    note = c.note,
  })
end

function arrival.tell_hops(c, hops)
  for _, hop in ipairs(hops or NONE) do
    emit({ e = 'contact.diverted', contact = c.id, from = hop.from, to = hop.to, reason = hop.reason })
  end
end

-- A new contact of this instant, in no state yet.
function arrival.record(args, queue_id)
  return {
    id = args.contact,
    queue = queue_id,
    channel = args.channel,
    priority = intake.priority(args),
    tier = args.tier,
    requirements = args.requirements,
    any_of = args.any_of,
    target_ms = args.target_ms,
    arrived = cx.now,
    entered = cx.now,
    since = cx.now,
    customer_since = cx.now,
    offers = 0,
    tried = {},
    failures = 0,
    fp = args.fp,
    lease_ms = intake.lease_ms(args),
    address = args.address,
    subject = args.subject ~= '' and args.subject or config.tenant().default_subject,
    origin = args.origin,
    customer = args.customer,
    conversation = args.conversation,
    attributes = args.attributes,
    relax = args.relax,
    agents = args.agents,
    agent_wait_ms = args.agent_wait_ms,
    backup_queue = args.agents and args.backup_queue,
    callback = args.callback and { attempts = 0, address = args.address } or nil,
  }
end

local function choose_line(c)
  if c.agents then
    personal.wait(c, c.agents, c.agent_wait_ms or queue.load(c.queue).ring_ms)
  elseif not personal.stick(c) then
    lines.assign(c)
  end
end

-- The contact comes to wait: for its agents alone, or in its queue's line.
function arrival.enter(c)
  contact.move(c, 'queued')
  choose_line(c)
  contact.schedule(c)
  steps.begin(c)
  cx.fresh[c.id] = true
  match.touch_contact(c)
end

-- A new contact that does not wait yet: it is scheduled, or held until its queue opens.
function arrival.put_off(c, not_before, is_later)
  c.since = nil
  if is_later then
    calendar.schedule(c, not_before)
  else
    calendar.hold(c)
  end
end

-- A contact that was held or scheduled comes to wait, at the place that it has. The wish for agents
-- counts from here when it has never waited before.
function arrival.resume(c, reason)
  contact.move(c, 'queued')
  if c.since then
    lines.assign(c)
  else
    c.agents = agents_at(c.agents, c.queue) -- they may have left since
    choose_line(c)
  end
  c.since, c.customer_since = cx.now, c.customer_since or cx.now
  if not c.due then
    contact.schedule(c)
  end
  steps.begin(c)
  offer.wait_again(c, reason, {})
end

-- Out of wherever it waits: offers, line, hold or schedule. The caller says where to.
function arrival.withdraw(c, reason)
  if c.state == 'offered' then
    offer.revoke_ringing(c, reason)
  elseif c.state == 'queued' then
    offer.stop_waiting(c)
    line.leave(c)
  else
    calendar.leave(c)
  end
end
