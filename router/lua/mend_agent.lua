-- Mending an agent: his record and his definition are believed, and where he stands, what he holds and who
-- finds him follow from them. A definition that is gone is taken from the configuration's history.

local function zero()
  return 0
end

local FIELDS = {
  reason = { 'string', function()
    return ''
  end },
  since = { 'number', function()
    return cx.now
  end },
  epoch = { 'number', zero },
  misses = { 'number', zero },
  declines = { 'number', zero },
  unreached = { 'number', zero },
  sessions = { 'table', mend.empty },
  attached = { 'table', mend.empty },
  work = { 'table', mend.empty },
  open = { 'table', mend.empty },
  direct = { 'table', mend.empty },
  slots = { 'table', mend.empty },
  capacity = { 'number', zero },
  turn = { 'number' },
  return_at = { 'number' },
  pending = { 'table' },
  marks = { 'table' },
  logged_off = { 'table' },
}
local DEFINITION = {
  name = { 'string', function()
    return ''
  end },
  memberships = { 'table', mend.empty },
  skills = { 'table', mend.empty },
  slots = { 'table', mend.empty },
  capacity = { 'number', function()
    return agent.DEFAULTS.capacity
  end },
}
local PRESENCES = { offline = true, not_ready = true, ready = true }

local function is_number(value)
  return type(value) == 'number'
end

local function is_membership(value, queue_id)
  return type(value) == 'table' and queue.load(queue_id) ~= nil
end

local function sound_definition(id, a)
  local definition = mend.record('ad:' .. id)
  local kept, known = definition, history.last_of('agent', id)
  if not definition or known and not history.is_same(definition, known) then
    definition = known or (a and { slots = a.slots, capacity = a.capacity })
    if not definition then
      return nil
    end
    kept = nil
    mend.note('agent ', id, ' had another definition than the configuration, or none')
  end
  local before = #mend.notes()
  local what = 'the definition of ' .. id
  mend.fields(what, definition, DEFINITION)
  mend.entries(what, definition.memberships, is_membership)
  mend.entries(what, definition.skills, is_number)
  mend.entries(what, definition.slots, is_number)
  if not kept or #mend.notes() > before then
    redis.call('SET', cx.p .. 'ad:' .. id, cmsgpack.pack(definition))
  end
  cx.definitions[id] = definition
  return definition
end

local function is_session(value, i)
  return type(value) == 'string' and type(i) == 'number'
end

local function make_sound(a, id)
  local what = 'agent ' .. id
  mend.fields(what, a, FIELDS)
  if a.id ~= id then
    a.id = id
    mend.note(what, ' had another id')
  end
  if not PRESENCES[a.presence] then
    a.presence = #a.sessions > 0 and 'not_ready' or 'offline'
    mend.note(what, ' had no presence')
  end
  mend.entries(what, a.sessions, is_session)
  mend.entries(what, a.attached, is_number)
  mend.entries(what, a.marks or NONE, is_number)
  if a.pending and not PRESENCES[a.pending.presence] then
    a.pending = nil
    mend.note(what, ' was to be nothing')
  end
  if a.presence == 'ready' and not a.turn then
    a.turn = cx.now
    mend.note(what, ' had no turn')
  end
end

local function same(x, y)
  for name, value in pairs(x) do
    if y[name] ~= value then
      return false
    end
  end
  for name in pairs(y) do
    if x[name] == nil then
      return false
    end
  end
  return true
end

local function follow(a, definition)
  if a.capacity ~= definition.capacity or not same(a.slots, definition.slots) then
    a.slots, a.capacity = definition.slots, definition.capacity
    mend.note('his slots were not those of his definition')
  end
  local profile = lines.profile(definition, a.slots)
  if a.profile ~= profile then
    a.profile = profile
    mend.note('his profile was not that of his definition')
  end
end

local function mend_rosters(a, definition, places)
  for queue_id in pairs(definition.memberships) do
    local serves = agent.serves(definition, queue_id)
    mend.entry('qm:' .. queue_id, a.id, serves)
    mend.entry('qs:' .. queue_id, a.id, not serves)
  end
  for channel, slots in pairs(a.slots) do
    mend.entry('ch:' .. channel, a.id, slots > 0)
  end
  for skill, level in pairs(definition.skills) do
    mend.score('sk:' .. skill, a.id, level)
  end
  for _, at in ipairs(places) do
    local kind, rest = string.match(at[1], '^(%a+):(.*)$')
    if kind == 'sk' then
      mend.score(at[1], at[2], definition.skills[rest])
    elseif kind == 'ch' then
      mend.entry(at[1], at[2], (a.slots[rest] or 0) > 0)
    elseif kind == 'qm' or kind == 'qs' then
      local is_his = definition.memberships[rest] ~= nil
      mend.entry(at[1], at[2], is_his and agent.serves(definition, rest) == (kind == 'qm'))
    end
  end
end

local HOLDS = { assigned = true, waiting_customer = true, wrap_up = true }

-- As what the contact says that he holds it, or nil.
local function held_as(c, a, work)
  if type(c) ~= 'table' then
    return nil
  elseif not mend.STATES[c.state] then
    return type(work) == 'table' and work.k or nil -- what is left as it is keeps its slot
  elseif HOLDS[c.state] and c.owner == a.id and not (c.state == 'waiting_customer' and c.freed) then
    return c.state
  elseif c.state == 'assigned' and type(c.consult) == 'table' and c.consult.agent == a.id then
    return 'consult'
  end
  for _, o in ipairs(type(c.ringing) == 'table' and c.ringing or NONE) do
    if type(o) == 'table' and o.agent == a.id then
      return 'offer'
    end
  end
end

-- What the contact says, unless it is damaged itself: then what he held it as.
local function channel_of(c, work)
  if type(c.channel) == 'string' and c.channel ~= '' then
    return c.channel
  end
  return type(work) == 'table' and type(work.ch) == 'string' and work.ch or next(config.tenant().channels)
end

local function mend_work(a)
  for _, id in ipairs(sorted_keys(a.work)) do
    local work, c = a.work[id], mend.record('c:' .. id)
    local kind = held_as(c, a, work)
    local channel = kind and channel_of(c, work)
    if not c then
      emit({ e = 'contact.lost', contact = id })
    end
    if not kind then
      a.work[id] = nil
      mend.note('he held ', id, ', which is not his')
    elseif type(work) ~= 'table' or work.k ~= kind or work.ch ~= channel or type(work.u) ~= 'number' then
      a.work[id] = { k = kind, ch = channel, u = config.cost(channel) }
      mend.note('he held ', id, ' as something else')
    end
  end
end

-- Answers what was marked as interrupted before.
local function mend_interruptions(a)
  local told, before = #cx.events, {}
  for id, work in pairs(a.work) do
    before[id] = work.interrupted
  end
  if config.precedence() then
    agent.tell_interruptions(a)
  else
    for id, work in pairs(a.work) do
      if work.interrupted then
        work.interrupted = nil
        emit({ e = 'work.resumed', agent = a.id, contact = id })
      end
    end
  end
  if #cx.events > told then
    mend.note('what he does was interrupted, or was not')
  end
  return before
end

local function mend_timers(a, places)
  local needed, grace = {}, config.tenant().grace_ms
  for _, session in ipairs(a.sessions) do
    needed['s|' .. a.id .. '|' .. session] = cx.now + grace
  end
  needed['y|' .. a.id] = a.return_at
  local is_gone = a.presence == 'offline' and next(a.work) == nil
  if #a.sessions == 0 then
    needed['g|' .. a.id] = not is_gone and cx.now + grace or true -- one that is there may stay
  end
  for _, name in ipairs(sorted_keys(needed)) do
    if needed[name] ~= true then
      mend.timer(name, needed[name])
    end
  end
  mend.score('timers', 'y|' .. a.id, a.return_at)
  if #a.sessions > 0 then
    mend.score('timers', 'g|' .. a.id, nil)
  end
  for _, at in ipairs(places) do
    if at[1] == 'timers' and not needed[at[2]] then
      mend.score('timers', at[2], nil)
    end
  end
end

-- In the ready sets of his lines where he can be offered something now, and of no others.
local function mend_standing(a, definition, places)
  local mine, row = lines.compute(a, definition)
  local stands = {}
  for channel, ids in pairs(mine) do
    local is_open = agent.verdict(a, channel) == 'ok' or nil
    for _, id in ipairs(ids) do
      stands['r:' .. id] = is_open and (row and row.score(a, id) or a.turn)
      mend.score('r:' .. id, a.id, stands['r:' .. id])
    end
    a.open[channel] = is_open
  end
  for channel in pairs(a.open) do
    if not mine[channel] then
      a.open[channel] = nil
    end
  end
  for _, at in ipairs(places) do
    if string.sub(at[1], 1, 2) == 'r:' then
      mend.score(at[1], at[2], stands[at[1]])
    end
  end
  a.stale = nil
end

-- Neither record nor definition is there: nothing finds him any more.
local function forget(id, places)
  mend.score('agents', id, nil)
  for _, at in ipairs(places) do
    local kind = string.match(at[1], '^%a+')
    if kind == 'qm' or kind == 'qs' or kind == 'ch' then
      mend.entry(at[1], at[2], false)
    else
      mend.score(at[1], at[2], nil)
    end
  end
  for _, timer_name in ipairs({ 'g|' .. id, 'y|' .. id }) do
    mend.score('timers', timer_name, nil)
  end
end

-- What he is from here on; `interrupted` is as it was before what is told now.
local function as_mended(a, interrupted)
  local work = {}
  for id, held in pairs(a.work) do
    work[id] = { k = held.k, ch = held.ch, u = held.u }
  end
  return {
    presence = a.presence,
    reason = a.reason,
    pending = a.pending,
    sessions = a.sessions,
    slots = a.slots,
    capacity = a.capacity,
    work = work,
    interrupted = interrupted,
  }
end

function mend.agent(id, places)
  local a = mend.record('a:' .. id)
  local definition = sound_definition(id, a)
  if not definition then
    return forget(id, places)
  end
  if not a then
    a = agent.new(id)
    mend.note('agent ', id, ' had no record')
  end
  cx.agents[id] = a
  make_sound(a, id)
  follow(a, definition)
  mend.score('agents', id, 0)
  mend_rosters(a, definition, places)
  mend_work(a)
  local interrupted = mend_interruptions(a)
  mend_timers(a, places)
  cx.changed_agents[id] = nil
  mend_standing(a, definition, places)
  if cx.changed_agents[id] then
    mend.note('he had no mark where marks count')
  end
  if #mend.notes() > 0 then
    agent.changed(a)
  end
  return as_mended(a, interrupted)
end
