-- Arrival: what an admission must fulfil, the record that it makes, and how a contact comes to wait.

-- Why the contact can not be admitted, or nil.
function arrival.refusal(args, queue_id)
  local q = queue.load(queue_id)
  if not q then
    return unknown('queue')
  end
  local refused = intake.refusal(args, q)
  if refused then
    return refused
  end
  if not config.has_channel(args.channel) then
    return unknown('channel')
  end
  if args.agent then
    local definition = agent.definition(args.agent)
    if not definition then
      return unknown('agent')
    elseif not agent.serves(definition, queue_id) then
      return { outcome = 'not_member' }
    end
  end
  if not lines.have_room(queue_id, args.channel, args) then
    return { outcome = 'too_many_lines' }
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
    agent = args.agent,
    agent_wait_ms = args.agent_wait_ms,
  }
end

-- The personal line of one agent, for a limited time.
local function wait_for_agent(c)
  local a = agent.load(c.agent)
  c.direct = a.id
  c.direct_until = cx.now + (c.agent_wait_ms or queue.load(c.queue).ring_ms)
  c.line = line.personal(c.queue, c.channel, a.id)
  a.direct[c.line] = true
  agent.changed(a)
  timer.set('d|' .. c.id, c.direct_until)
end

-- The contact comes to wait: for its agent alone, or in its queue's line.
function arrival.enter(c)
  contact.move(c, 'queued')
  if c.agent then
    wait_for_agent(c)
  else
    lines.assign(c)
  end
  contact.schedule(c)
  cx.fresh[c.id] = true
  match.touch_contact(c)
end
