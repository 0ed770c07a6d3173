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
    offers = 0,
    tried = {},
    failures = 0,
    fp = args.fp,
    lease_ms = intake.lease_ms(args),
    address = args.address,
    subject = args.subject ~= '' and args.subject or config.tenant().default_subject,
    origin = args.origin,
    customer = args.customer,
    attributes = args.attributes,
    agents = args.agents,
    agent_wait_ms = args.agent_wait_ms,
    backup_queue = args.agents and args.backup_queue,
  }
end

-- The contact comes to wait: for its agents alone, or in its queue's line.
function arrival.enter(c)
  contact.move(c, 'queued')
  if c.agents then
    personal.wait(c, c.agents, c.agent_wait_ms or queue.load(c.queue).ring_ms)
  elseif not personal.stick(c) then
    lines.assign(c)
  end
  contact.schedule(c)
  cx.fresh[c.id] = true
  match.touch_contact(c)
end
