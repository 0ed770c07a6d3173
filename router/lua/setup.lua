-- Setup: how settings change, whoever asks for it. First every change is checked against the
-- configuration as it would be with all of them; then all are written, under one new version.
-- A change is { kind, id, settings } or { kind, id, remove = true }; the tenant has no id, and a
-- calendar comes with its edges.

local NAMED_MAX = 20

local kinds = {}

-- What an object will be: its settings, or nil when there is none.
local function future(plan, kind, id)
  local change = plan[kind][id]
  if change then
    return change.settings
  end
  return kinds[kind].get(id)
end

kinds.tenant = {
  get = function()
    return config.tenant()
  end,
  problem = function() end,
  put = function(change)
    config.save_tenant(change.settings)
  end,
}

-- Every queue that is there, or is to be.
local function all_queues(plan)
  local ids = {}
  for _, id in ipairs(queue.all()) do
    ids[id] = true
  end
  for id in pairs(plan.queue) do
    ids[id] = true
  end
  return sorted_keys(ids)
end

local function add_names(by, id, settings)
  for _, edge in ipairs(limits.edges(settings)) do
    by.queue[edge.to] = by.queue[edge.to] or id
  end
  local users = by.calendar[settings.calendar] or {}
  users[#users + 1] = id
  by.calendar[settings.calendar] = users
end

-- For each queue one that will still name it, and for each calendar all that will. Every queue is
-- looked at, so once for all changes.
local function named(plan)
  if not plan.named then
    plan.named = { queue = {}, calendar = {} }
    for _, id in ipairs(all_queues(plan)) do
      local settings = future(plan, 'queue', id)
      if settings then
        add_names(plan.named, id, settings)
      end
    end
  end
  return plan.named
end

-- A subject of the catalogue that will still lead to the queue, or nil.
local function subject_for(tenant, queue_id)
  for _, name in ipairs(sorted_keys(tenant.subjects)) do
    if tenant.subjects[name].queue == queue_id then
      return name
    end
  end
end

-- Somebody whose definition will still name the queue, or nil.
local function member(plan, queue_id)
  for _, id in ipairs(agent.rostered(queue_id)) do
    local definition = future(plan, 'agent', id)
    if definition and definition.memberships[queue_id] then
      return id
    end
  end
end

local function queue_stays(plan, id)
  local tenant = future(plan, 'tenant', '')
  if tenant.default_queue == id then
    return { why = 'default_queue' }
  elseif line.waiting(id) > 0 or hold.any(id) or contact.any_served(id) then
    return { why = 'in_use' }
  end
  local name = named(plan).queue[id]
  if name then
    return { why = 'referred', what = 'queue', name = name }
  end
  name = subject_for(tenant, id)
  if name then
    return { why = 'referred', what = 'subject', name = name }
  end
  name = member(plan, id)
  return name and { why = 'referred', what = 'agent', name = name }
end

kinds.queue = {
  get = function(id)
    return queue.load(id)
  end,
  problem = function(plan, change)
    if change.remove then
      return queue_stays(plan, change.id)
    end
    local function settings_of(id)
      return future(plan, 'queue', id)
    end
    plan.clear = plan.clear or {}
    if limits.is_clear(change.id, settings_of, plan.clear) then
      return nil
    end
    local path, field = limits.loop(change.id, change.settings, settings_of)
    return path and { why = 'loop', what = field, path = path }
  end,
  put = function(change)
    queue.save(change.id, change.settings)
    if change.before then
      strategy.change(change.id, change.before, change.settings)
    end
    cx.deserted[change.id] = true
    calendar.review(change.id)
  end,
  remove = function(id)
    timer.clear('q|' .. id)
    timer.clear('h|@' .. id)
    lines.drop_all(id)
    strategy.forget(id)
    contact.forget_counts(id)
    agent.forget_counts(id)
    queue.remove(id)
  end,
}

kinds.calendar = {
  get = function(id)
    local record = calendar.load(id)
    return record and record.settings
  end,
  problem = function(plan, change)
    local users = change.remove and named(plan).calendar[change.id]
    return users and { why = 'used', names = { unpack(users, 1, math.min(#users, NAMED_MAX)) } }
  end,
  put = function(change)
    calendar.save(change)
  end,
  remove = function(id)
    calendar.remove(id)
  end,
}

local function agent_stays(id)
  local a = agent.load(id)
  if a.presence ~= 'offline' or #a.sessions > 0 then
    return { why = 'not_offline' }
  elseif next(a.work) then
    return { why = 'in_use' }
  end
  for line_id in pairs(a.direct) do
    if line.length(line_id) > 0 then
      return { why = 'awaited' }
    end
  end
end

local function leave_everything(a, before, reach)
  local mine = lines.of(a)
  agent.count_reach(a, lines.could_serve(a), reach, -1)
  for channel in pairs(a.slots) do
    if a.open[channel] then
      agent.leave_channel(a, channel, mine)
    end
  end
  agent.unregister(a.id, before)
  agent.count_in(before, a.presence, -1)
end

local function put_agent(change)
  local settings = change.settings
  local a, reach = agent.load(change.id), {}
  if a then
    leave_everything(a, change.before, reach)
    strategy.keep_marks(a, change.before, settings)
  else
    a = agent.new(change.id)
  end
  a.slots, a.capacity = settings.slots, settings.capacity
  a.profile = lines.profile(settings, settings.slots)
  agent.changed(a)
  agent.register(a.id, settings)
  agent.count_in(settings, a.presence, 1)
  agent.count_reach(a, lines.could_serve(a), reach, 1)
  agent.change_reach(reach)
  match.touch_agent(a)
end

kinds.agent = {
  get = function(id)
    return agent.definition(id)
  end,
  problem = function(plan, change)
    if change.remove then
      return agent_stays(change.id)
    end
    for _, id in ipairs(sorted_keys(change.settings.memberships)) do
      if not future(plan, 'queue', id) then
        return { why = 'unknown', what = 'queue', name = id }
      end
    end
    local channels = future(plan, 'tenant', '').channels
    for _, channel in ipairs(sorted_keys(change.settings.slots)) do
      if not channels[channel] then
        return { why = 'unknown', what = 'channel', name = channel }
      end
    end
  end,
  put = put_agent,
  remove = function(id)
    timer.clear('g|' .. id)
    local a, reach = agent.load(id), {}
    agent.count_reach(a, lines.could_serve(a), reach, -1)
    agent.change_reach(reach)
    agent.remove(a)
  end,
}

local COMPLETE = {
  tenant = config.complete,
  calendar = function(settings)
    return settings
  end,
  queue = queue.complete,
  agent = agent.settings,
}

-- The default queue comes with the tenant's settings that name it.
local function add_default_queue(plan, changes)
  local tenant = plan.tenant['']
  local id = tenant and tenant.settings.default_queue
  if id and not plan.queue[id] and not queue.load(id) then
    local change = { kind = 'queue', id = id, settings = queue.complete({}) }
    changes[#changes + 1], plan.queue[id] = change, change
  end
end

local function problem_of(plan, change)
  if plan[change.kind][change.id] ~= change then
    return { why = 'twice' }
  elseif change.remove and not kinds[change.kind].get(change.id) then
    return { why = 'unknown', what = change.kind, name = change.id }
  end
  return kinds[change.kind].problem(plan, change)
end

-- What stands in the way of the changes: a list that is empty when nothing does. Completes them.
function setup.problems(changes)
  local plan = { tenant = {}, calendar = {}, queue = {}, agent = {} }
  for _, change in ipairs(changes) do
    change.id = change.kind == 'tenant' and '' or change.id
    change.settings = not change.remove and COMPLETE[change.kind](change.settings) or nil
    plan[change.kind][change.id] = plan[change.kind][change.id] or change
  end
  add_default_queue(plan, changes)
  local found = {}
  for i, change in ipairs(changes) do
    local problem = problem_of(plan, change)
    if problem then
      problem.n, problem.kind, problem.id = i - 1, change.kind, change.id
      found[#found + 1] = problem
    end
  end
  return found
end

local function is_same(was, is)
  return (was.cost or 1) == (is.cost or 1)
    and (was.exclusive == true) == (is.exclusive == true)
    and table.concat(was.interrupts or NONE, '|') == table.concat(is.interrupts or NONE, '|')
end

-- Other costs and precedences make other agents routable: the one change of settings that looks at
-- every agent.
local function rematch(before, after)
  local channels = {}
  for _, settings in ipairs({ before, after }) do
    for channel in pairs(settings) do
      channels[channel] = true
    end
  end
  for channel in pairs(channels) do
    if not is_same(before[channel] or NONE, after[channel] or NONE) then
      for _, id in ipairs(agent.all()) do
        local a = agent.load(id)
        match.touch_agent(a)
        agent.tell_interruptions(a)
      end
      return
    end
  end
end

local function tell(change, version)
  local id, settings = change.id, change.settings
  if change.remove and change.kind == 'agent' then
    emit({ e = 'agent.removed', agent = id, version = version })
  elseif change.remove and change.kind == 'calendar' then
    emit({ e = 'config.calendar_removed', calendar = id, version = version })
  elseif change.remove then
    emit({ e = 'config.queue_removed', queue = id, version = version })
  elseif change.kind == 'tenant' then
    emit({ e = 'config.tenant', version = version, settings = settings })
  elseif change.kind == 'queue' then
    emit({ e = 'config.queue', version = version, queue = id, settings = settings })
  elseif change.kind == 'calendar' then
    calendar.tell(change, version)
  else
    local event = { e = 'agent.put', version = version, agent = id }
    for name, value in pairs(settings) do
      event[name] = value
    end
    emit(event)
  end
end

-- What is named must be there before what names it, and go after it.
local PASSES = {
  { 'tenant' },
  { 'calendar' },
  { 'queue' },
  { 'agent' },
  { 'agent', true },
  { 'queue', true },
  { 'calendar', true },
}

-- What a change leaves to be done once all of them are made.
local function follow_up(changes)
  local gone, hours = {}, {}
  for _, change in ipairs(changes) do
    if change.kind == 'tenant' and change.before then
      rematch(change.before.channels, change.settings.channels)
    elseif change.kind == 'agent' and change.settings then
      personal.resettle(agent.load(change.id), change.settings)
    elseif change.kind == 'queue' and change.remove then
      gone[change.id] = true
    elseif change.kind == 'calendar' then
      hours[change.id] = true
    end
  end
  estimate.forget(gone)
  calendar.review_all(hours)
end

-- Writes changes without problems, all under one version, which it answers.
function setup.apply(changes, note)
  for _, change in ipairs(changes) do
    change.before = kinds[change.kind].get(change.id)
  end
  local version = config.change()
  for _, pass in ipairs(PASSES) do
    for _, change in ipairs(changes) do
      if change.kind == pass[1] and (change.remove or false) == (pass[2] or false) then
        local act = change.remove and kinds[change.kind].remove or kinds[change.kind].put
        act(change.remove and change.id or change)
        tell(change, version)
      end
    end
  end
  follow_up(changes)
  history.write(version, note, changes)
  return version
end
