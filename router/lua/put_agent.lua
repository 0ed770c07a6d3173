-- put_agent: creates an agent or replaces his definition; work in hand stays with him.
-- args: agent, name, memberships, skills, slots, capacity
-- moves: presence new>offline · contact queued>queued
-- events: agent.put, contact.queued, line.made
-- outcomes: ok, unknown

local function leave_everything(a, before)
  local mine = lines.of(a)
  for channel in pairs(a.slots) do
    if a.open[channel] then
      agent.leave_channel(a, channel, mine)
    end
  end
  agent.unregister(a.id, before)
  agent.count_in(before, a.presence, -1)
end

transition.put_agent = function(args)
  for queue_id in pairs(args.memberships) do
    if not queue.load(queue_id) then
      return unknown('queue')
    end
  end
  for channel in pairs(args.slots) do
    if not config.has_channel(channel) then
      return unknown('channel')
    end
  end
  local a = agent.load(args.agent)
  local definition = { name = args.name, memberships = args.memberships, skills = args.skills }
  if a then
    local before = agent.definition(a.id)
    leave_everything(a, before)
    strategy.keep_marks(a, before, definition)
  else
    a = agent.new(args.agent)
  end
  a.slots, a.capacity = args.slots, args.capacity
  a.profile = lines.profile(args, args.slots)
  agent.changed(a)
  agent.register(a.id, definition)
  agent.count_in(definition, a.presence, 1)
  match.touch_agent(a)
  emit({
    e = 'agent.put',
    agent = a.id,
    name = args.name,
    memberships = args.memberships,
    skills = args.skills,
    slots = args.slots,
    capacity = args.capacity,
  })
  personal.resettle(a, args)
  return { outcome = 'ok' }
end
