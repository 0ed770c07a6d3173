-- Agent definitions: who an agent is, what he serves and knows, and the indexes made from it.

function agent.new(id)
  redis.call('ZADD', cx.p .. 'agents', '0', id)
  count('agents|offline', 1)
  local a = {
    id = id,
    presence = 'offline',
    reason = '',
    since = cx.now,
    misses = 0,
    epoch = 0,
    sessions = {},
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

function agent.register(id, definition)
  for queue_id in pairs(definition.memberships) do
    if agent.serves(definition, queue_id) then
      redis.call('SADD', cx.p .. 'qm:' .. queue_id, id)
    end
  end
  for skill, level in pairs(definition.skills) do
    redis.call('ZADD', cx.p .. 'sk:' .. skill, level, id)
  end
  redis.call('SET', cx.p .. 'ad:' .. id, cmsgpack.pack(definition))
  cx.definitions[id] = definition
end

function agent.unregister(id, definition)
  for queue_id in pairs(definition.memberships) do
    redis.call('SREM', cx.p .. 'qm:' .. queue_id, id)
  end
  for skill in pairs(definition.skills) do
    redis.call('ZREM', cx.p .. 'sk:' .. skill, id)
  end
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

function agent.members(queue_id)
  local ids = redis.call('SMEMBERS', cx.p .. 'qm:' .. queue_id)
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
