-- Examine: all that belongs to some things of the tenant, as of one instant: their records, their entries
-- in indexes, their timers, and the records of those they name. The checks are the caller's.
-- What can not be read is named as damaged, and is not there.

local HEADS = 20 -- of a line, who waits and who is ready
local TIMERS_OF_CONTACT = { 'b', 'v', 'e', 'w', 'h', 'd', 'r', 'u', 't' }
local CONTACT_INDEXES =
  { w = 'line', br = 'line', wq = 'queue', hq = 'queue', sq = 'queue', aq = 'queue', aa = 'owner' }
local BY_MEMBER = { w = true, br = true, hq = true }

local found -- the answer that is put together

local function put(part, key, name, value)
  local held = found[part][key]
  if not held then
    held = {}
    found[part][key] = held
  end
  held[name] = value
end

local function record(kind, id)
  local key = kind == 'tenant' and kind or kind .. ':' .. id
  local known = found.records[kind] and found.records[kind][id]
  if known ~= nil then
    return known
  end
  local blob = redis.pcall('GET', cx.p .. key)
  if not blob then
    return nil
  end
  local ok, value = pcall(cmsgpack.unpack, type(blob) == 'string' and blob or '')
  if not ok or type(value) ~= 'table' then
    found.damaged[key] = true
    return nil
  end
  put('records', kind, id, value)
  return value
end

local function score(index, name)
  local value = redis.pcall('ZSCORE', cx.p .. index, name)
  if type(value) == 'string' then
    put('scores', index, name, tonumber(value))
  end
end

local function entry(index, name)
  if redis.pcall('SISMEMBER', cx.p .. index, name) == 1 then
    put('entries', index, name, true)
  end
end

local function number(index, name)
  local value = redis.pcall('HGET', cx.p .. index, name)
  if type(value) == 'string' then
    put('numbers', index, name, tonumber(value))
  end
end

local function timers(letters, id)
  for _, letter in ipairs(letters) do
    score('timers', letter .. '|' .. id)
  end
end

local function entries(index)
  local names = redis.pcall('SMEMBERS', cx.p .. index)
  for _, name in ipairs(names.err and NONE or names) do
    put('entries', index, name, true)
  end
  return names.err and NONE or names
end

local function first(index, limit)
  local names = redis.pcall('ZRANGE', cx.p .. index, '0', int(limit - 1))
  return names.err and NONE or names
end

local function list(value)
  return type(value) == 'table' and value or NONE
end

local function agents_of_line(id)
  local agents = string.match(id, '|@(.*)$')
  local ids = {}
  for one in string.gmatch(agents or '', '[^,]+') do
    ids[#ids + 1] = one
  end
  return ids
end

local function offers(c, id)
  for _, o in ipairs(list(c.ringing)) do
    if type(o) == 'table' and type(o.n) == 'number' and type(o.agent) == 'string' then
      score('timers', 'o|' .. id .. '|' .. int(o.n))
      record('a', o.agent)
    end
  end
end

local function lapses(key)
  return redis.call('PTTL', cx.p .. key) >= 0
end

local function latest(name)
  local id = redis.pcall('GET', cx.p .. 'cv:' .. name)
  if type(id) == 'string' then
    put('latest', name, 'id', id)
    put('latest', name, 'lapses', lapses('cv:' .. name))
    return id
  end
end

local look_at = {}

function look_at.contact(id)
  if lapses('c:' .. id) then
    found.expiring[#found.expiring + 1] = id
  end
  timers(TIMERS_OF_CONTACT, id)
  local c = record('c', id)
  if not c or type(c.queue) ~= 'string' then
    return
  end
  local member = type(c.entered) == 'number' and line.member({ entered = c.entered, id = id })
  local of = { line = type(c.line) == 'string' and c.line or nil, queue = c.queue }
  of.owner = type(c.owner) == 'string' and c.owner or nil
  for index, where in pairs(CONTACT_INDEXES) do
    if of[where] and (member or not BY_MEMBER[index]) then
      score(index .. ':' .. of[where], BY_MEMBER[index] and member or id)
    end
  end
  offers(c, id)
  if type(c.conversation) == 'string' and type(c.channel) == 'string' and type(c.customer or '') == 'string' then
    latest(conversation.name(c))
  end
  if type(c.owner) == 'string' then
    record('a', c.owner)
  end
  local guest = list(c.consult).agent
  if type(guest) == 'string' then
    record('a', guest)
  end
  if of.line then
    entry('ql:' .. line.queue_of(of.line), of.line)
    for _, one in ipairs(agents_of_line(of.line)) do
      record('a', one)
    end
  end
end

local function stands(id, queue_id, slots)
  for channel in pairs(slots) do
    score('r:' .. line.base(queue_id, channel), id)
  end
  for _, line_id in ipairs(entries('ql:' .. queue_id)) do
    score('r:' .. line_id, id)
  end
end

function look_at.agent(id)
  score('agents', id)
  timers({ 'g', 'y' }, id)
  local a, definition = record('a', id) or NONE, record('ad', id) or NONE
  for _, session in ipairs(list(a.sessions)) do
    score('timers', 's|' .. id .. '|' .. tostring(session))
  end
  for channel in pairs(list(a.slots)) do
    entry('ch:' .. channel, id)
  end
  for skill in pairs(list(definition.skills)) do
    score('sk:' .. skill, id)
  end
  for queue_id in pairs(list(definition.memberships)) do
    record('q', queue_id)
    entry('qm:' .. queue_id, id)
    entry('qs:' .. queue_id, id)
    stands(id, queue_id, list(a.slots))
  end
  for contact_id in pairs(list(a.work)) do
    record('c', contact_id)
  end
end

local function with_definition(ids)
  for _, id in ipairs(ids) do
    record('a', id)
    record('ad', id)
  end
end

function look_at.line(id)
  entry('ql:' .. line.queue_of(id), id)
  score('timers', 'l|' .. id)
  number('reach', id)
  record('q', line.queue_of(id))
  for _, index in ipairs({ 'w:', 'br:' }) do
    for _, member in ipairs(first(index .. id, HEADS)) do
      score(index .. id, member)
      local contact_id = line.contact_of(member)
      record('c', contact_id)
      score('timers', 'r|' .. contact_id)
    end
  end
  with_definition(first('r:' .. id, HEADS))
  with_definition(agents_of_line(id))
end

function look_at.queue(id)
  record('q', id)
  entry('queues', id)
  timers({ 'q' }, id)
  timers({ 'h' }, '@' .. id)
  for _, index in ipairs({ 'wq:', 'hq:', 'sq:', 'aq:' }) do
    for _, name in ipairs(first(index .. id, 1)) do
      score(index .. id, name)
    end
  end
  entries('ql:' .. id)
  number('n', 'here|' .. id)
  number('n', 'up|' .. id)
end

function look_at.conversation(name)
  local id = latest(name)
  if id then
    record('c', id)
    if lapses('c:' .. id) then
      found.expiring[#found.expiring + 1] = id
    end
  end
end

function look_at.calendar(id)
  record('cal', id)
  entry('calendars', id)
end

-- Where the survey has found it besides: an index and the name in it.
local function look_where(where)
  local index, name = where[1], where[2]
  local kind = string.match(index, '^%a+')
  if kind == 'queues' or kind == 'calendars' or kind == 'qm' or kind == 'qs' or kind == 'ch' or kind == 'ql' then
    entry(index, name)
  else
    score(index, name)
  end
end

local ENTRIES_MAX = 200 -- of the journal, in one call

local function named(blob, contacts, agents)
  for _, event in ipairs(cmsgpack.unpack(blob).ev) do
    if event.contact then
      contacts[event.contact] = true
    end
    if event.agent then
      agents[event.agent] = true
    end
  end
end

-- Looks at whatever the journal names after a position, so that who has counted up to there can go on
-- to this instant. Answers the contacts and the agents named, and the last entry's position.
local function look_since(position)
  local contacts, agents = {}, {}
  local page = redis.call('XRANGE', cx.p .. 'journal', '(' .. position, '+', 'COUNT', int(ENTRIES_MAX))
  for _, one in ipairs(page) do
    named(one[2][2], contacts, agents)
    position = one[1]
  end
  found.contacts, found.agents = sorted_keys(contacts), sorted_keys(agents)
  for _, id in ipairs(found.contacts) do
    look_at.contact(id)
  end
  for _, id in ipairs(found.agents) do
    look_at.agent(id)
  end
  found.position, found.more = position, #page == ENTRIES_MAX
end

local function look_at_counts()
  local flat = redis.call('HGETALL', cx.p .. 'n')
  for i = 1, #flat, 2 do
    put('numbers', 'n', flat[i], tonumber(flat[i + 1]))
  end
  found.short, found.mended = cx.meta.short, redis.call('HGET', cx.p .. 'meta', 'mended')
end

-- `subjects` are {kind, id, places?}; `since` looks at what the journal names from there on, too.
query.examine = function(args)
  found = { records = {}, scores = {}, entries = {}, numbers = {}, expiring = {}, damaged = {} }
  found.latest = {}
  found.stamp = cx.meta.config .. ' ' .. cx.meta.lines
  record('tenant', '')
  for _, one in ipairs(args.subjects) do
    look_at[one.kind](one.id)
    for _, where in ipairs(one.places or NONE) do
      look_where(where)
    end
  end
  if args.since then
    look_since(args.since)
    look_at_counts()
  end
  local reply = found
  found = nil
  return reply
end
