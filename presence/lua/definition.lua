-- Agent definitions: who an agent is, what he serves and knows, and the indexes made from it.
-- `qm:<queue>` holds who serves a queue, `qs:<queue>` who watches it, `sk:<skill>` who has a skill.

agent.DEFAULTS = {
  name = '',
  capacity = 100,
}
agent.MAPS = { 'memberships', 'skills', 'slots' } -- the settings besides: maps, empty unless given

function agent.new(id)
  redis.call('ZADD', cx.p .. 'agents', '0', id)
  count('agents|offline', 1)
  local a = {
    id = id,
    presence = 'offline',
    reason = '',
    since = cx.now,
    misses = 0,
    declines = 0,
    unreached = 0,
    epoch = 0,
    sessions = {},
    attached = {},
    work = {},
    open = {},
    direct = {},
  }
  cx.agents[id] = a
  return a
end

-- Counts him as there, and as ready, or no more, in each of his queues.
function agent.count_in(definition, presence, by)
  if presence == 'offline' then
    return
  end
  for queue_id in pairs(definition.memberships) do
    if agent.serves(definition, queue_id) then
      count('here|' .. queue_id, by)
      if presence == 'ready' then
        count('up|' .. queue_id, by)
      end
      cx.deserted[queue_id] = true
    end
  end
end

-- Of a queue that goes, and that nobody serves.
function agent.forget_counts(queue_id)
  uncount('here|' .. queue_id)
  uncount('up|' .. queue_id)
end

-- Of all that was given, what an agent's definition has.
function agent.settings(given)
  local settings = {}
  for name, value in pairs(agent.DEFAULTS) do
    settings[name] = given[name] == nil and value or given[name]
  end
  for _, name in ipairs(agent.MAPS) do
    settings[name] = given[name] or {}
  end
  return settings
end

local function roster(definition, queue_id)
  return cx.p .. (agent.serves(definition, queue_id) and 'qm:' or 'qs:') .. queue_id
end

function agent.register(id, definition)
  for queue_id in pairs(definition.memberships) do
    redis.call('SADD', roster(definition, queue_id), id)
  end
  agent.open_channels(id, definition.slots)
  for skill, level in pairs(definition.skills) do
    redis.call('ZADD', cx.p .. 'sk:' .. skill, level, id)
  end
  redis.call('SET', cx.p .. 'ad:' .. id, cmsgpack.pack(definition))
  cx.definitions[id] = definition
end

function agent.unregister(id, definition)
  for queue_id in pairs(definition.memberships) do
    redis.call('SREM', roster(definition, queue_id), id)
  end
  for skill in pairs(definition.skills) do
    redis.call('ZREM', cx.p .. 'sk:' .. skill, id)
  end
  agent.close_channels(id, definition.slots)
end

-- How many different things he serves and knows: a specialist few, a generalist many.
function agent.breadth(definition)
  local breadth = 0
  for queue_id in pairs(definition.memberships) do
    if agent.serves(definition, queue_id) then
      breadth = breadth + 1
    end
  end
  for _ in pairs(definition.skills) do
    breadth = breadth + 1
  end
  return breadth
end

-- The caller has seen to it that he is offline, holds nothing, and that nobody waits for him.
function agent.remove(a)
  agent.unregister(a.id, agent.definition(a.id))
  redis.call('ZREM', cx.p .. 'agents', a.id)
  redis.call('DEL', cx.p .. 'a:' .. a.id, cx.p .. 'ad:' .. a.id)
  count('agents|offline', -1)
  cx.agents[a.id], cx.definitions[a.id] = false, false
  cx.changed_agents[a.id], cx.touched_agents[a.id] = nil, nil
end

function agent.members(queue_id)
  local ids = redis.call('SMEMBERS', cx.p .. 'qm:' .. queue_id)
  table.sort(ids)
  return ids
end

-- Everybody whose definition names the queue, in any role.
function agent.rostered(queue_id)
  local ids = redis.call('SUNION', cx.p .. 'qm:' .. queue_id, cx.p .. 'qs:' .. queue_id)
  table.sort(ids)
  return ids
end

function agent.all()
  return redis.call('ZRANGE', cx.p .. 'agents', '0', '-1')
end

-- The next agents by id, after one or from the start.
function agent.page(after, limit)
  local from = after and '(' .. after or '-'
  return redis.call('ZRANGE', cx.p .. 'agents', from, '+', 'BYLEX', 'LIMIT', '0', int(limit))
end
