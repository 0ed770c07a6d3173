-- Mending what contacts and agents stand in: lines, queues, calendars, timers, counters and keys.

-- Somebody who is free and somebody whom he may serve find each other in the match of this very call.
local function rouse(id)
  for _, member in ipairs(redis.call('ZRANGE', cx.p .. 'w:' .. id, '0', '19')) do
    local c = contact.load(line.contact_of(member))
    if c and c.state == 'queued' and c.line == id and match.first_for(c) then
      match.touch_contact(c)
      mend.note('in line ', id, ' ', c.id, ' waited while somebody was free')
    end
  end
  for _, agent_id in ipairs(agent.first_ready(id, 20)) do
    local a = agent.load(agent_id)
    if a and broadcast.could_join(a) then
      match.touch_agent(a)
      mend.note('agent ', agent_id, ' was free while somebody rang too few')
    end
  end
end

local function mend_reach(id, queue_id, channel, clauses)
  local was = agent.reach(id)
  agent.forget_reach(id)
  if queue.load(queue_id) then
    agent.found_reach(id, queue_id, channel, clauses)
  end
  if agent.reach(id) ~= was then
    mend.note('line ', id, ' was said to have ', int(was), ' who could serve it')
  end
end

local function mend_no_line(id)
  if agent.reach(id) > 0 then
    agent.forget_reach(id)
    mend.note('line ', id, ' is not there, and was said to be reached')
  end
end

-- Whether every demand that a line's name tells is one.
local function is_name(id)
  for one in string.gmatch(string.match(id, '^[^|]*|[^|]*|(.*)$') or '?', '[^,/]+') do
    if not string.find(one, '^[^=/,|@]+=%d+$') then
      return false
    end
  end
  return true
end

function mend.line(id)
  local is_personal = string.find(id, '|@', 1, true) ~= nil
  if not is_personal and not is_name(id) then
    mend.entry('ql:' .. line.queue_of(id), id, false)
    mend.score('timers', 'l|' .. id, nil)
    return mend_no_line(id)
  end
  local queue_id, channel, clauses = line.parse(id)
  local is_needed = not is_personal and #clauses > 0 and queue.load(queue_id) and line.length(id) > 0
  local is_known = line.is_known(queue_id, id)
  if is_needed and not is_known then
    mend.entry('ql:' .. queue_id, id, true)
    lines.changed()
    is_known = true
  elseif is_known and (is_personal or #clauses == 0 or not queue.load(queue_id)) then
    mend.entry('ql:' .. queue_id, id, false)
    lines.changed()
    is_known = false
  end
  if is_known then
    mend.timer('l|' .. id, cx.now + config.tenant().line_idle_ms)
  else
    mend.score('timers', 'l|' .. id, nil)
  end
  if is_known or (#clauses == 0 and not is_personal) then
    mend_reach(id, queue_id, channel, clauses)
  else
    mend_no_line(id)
  end
  rouse(id)
end

local function is_disposition(one)
  return type(one) == 'table' and type(one.code) == 'string'
end

local function is_speaker(one)
  return one == 'customer' or one == 'agent'
end

local LISTS = { steps = mend.is_step, dispositions = is_disposition, reopen_by = is_speaker }

-- The stored settings, as they can be worked with, and as the configuration had them last.
local function sound_settings(id)
  local stored = mend.record('q:' .. id)
  local known = history.last_of('queue', id)
  if not stored or known and not history.is_same(stored, known) then
    return known, stored ~= nil or known ~= nil
  end
  local before, kinds = #mend.notes(), {}
  for name in pairs(LISTS) do
    kinds[name] = { 'table', mend.empty }
  end
  for name, value in pairs(queue.DEFAULTS) do
    kinds[name] = { type(value), value }
  end
  mend.fields('queue ' .. id, stored, kinds)
  for name, is_right in pairs(LISTS) do
    mend.entries('queue ' .. id, stored[name], is_right)
  end
  if not strategy.is_known(stored.strategy) then
    mend.note('queue ', id, ' had no strategy')
    stored.strategy = queue.DEFAULTS.strategy
  end
  return stored, #mend.notes() > before
end

function mend.queue(id)
  local settings, is_wrong = sound_settings(id)
  local is_there = settings ~= nil
  local is_used = line.count_waiting(id) > 0 or hold.any(id) or next(agent.rostered(id)) ~= nil
    or contact.any_served(id)
  if is_wrong or not is_there and (is_used or id == config.tenant().default_queue) then
    queue.save(id, settings or queue.complete({}))
    config.refresh() -- whatever a server keeps of it
    lines.changed()
    mend.note('queue ', id, ' had other settings than the configuration, or none')
    is_there = true
  end
  mend.entry('queues', id, is_there)
  local q = is_there and queue.load(id)
  if q and limits.is_left(q, id) and line.count_waiting(id) > 0 then
    mend.timer('q|' .. id, cx.now)
  elseif not q then
    mend.score('timers', 'q|' .. id, nil)
  end
  if not hold.is_empty(id) then
    mend.timer('h|@' .. id, cx.now)
  elseif not q then
    mend.score('timers', 'h|@' .. id, nil)
    for _, line_id in ipairs(line.of_queue(id)) do
      mend.entry('ql:' .. id, line_id, false)
    end
  end
end

function mend.calendar(id)
  mend.entry('calendars', id, mend.record('cal:' .. id) ~= nil)
end

-- A timer of a kind that nobody knows.
function mend.stray_timer(id)
  if not on_due[string.sub(id, 1, 1)] then
    mend.score('timers', id, nil)
  end
end

-- `by` is what the counter is off: counted by the caller as of an instant, and true ever after.
function mend.counter(id, by)
  if id == 'short' then
    redis.call('HINCRBY', cx.p .. 'meta', 'short', int(by))
  elseif redis.call('HINCRBY', cx.p .. 'n', id, int(by)) == 0 then
    redis.call('HDEL', cx.p .. 'n', id)
  end
  redis.call('HINCRBY', cx.p .. 'meta', 'mended', '1')
  mend.note('counter ', id, ' was off by ', int(by))
end

local TYPES = {
  c = 'string', a = 'string', ad = 'string', q = 'string', cal = 'string', cv = 'string',
  w = 'zset', br = 'zset', r = 'zset', wq = 'zset', hq = 'zset', sq = 'zset', aq = 'zset', aa = 'zset', sk = 'zset',
  timers = 'zset', agents = 'zset', qm = 'set', qs = 'set', ch = 'set', ql = 'set', queues = 'set',
  calendars = 'set', reach = 'hash', n = 'hash',
}

-- A key of another type than its own can not be used; it is kept aside.
function mend.key(id)
  local should = TYPES[string.match(id, '^%a+')]
  local is = redis.call('TYPE', cx.p .. id).ok
  if should and is ~= 'none' and is ~= should then
    mend.put_aside(id)
  end
end
