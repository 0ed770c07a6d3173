-- Reach: how many of the agents that are defined could ever serve a line, present or not. `reach` holds
-- the count of each line, `ch:<channel>` the agents who have slots of a channel.

function agent.open_channels(id, slots)
  for channel, count_of in pairs(slots) do
    if count_of > 0 then
      redis.call('SADD', cx.p .. 'ch:' .. channel, id)
    end
  end
end

function agent.close_channels(id, slots)
  for channel in pairs(slots) do
    redis.call('SREM', cx.p .. 'ch:' .. channel, id)
  end
end

-- Adds the agent to the changes of the lines' counts, or with -1 takes him out. `mine` are his, by channel.
function agent.count_reach(a, mine, changes, by)
  for channel, ids in pairs(mine) do
    for _, id in ipairs(a.slots[channel] > 0 and ids or NONE) do
      changes[id] = (changes[id] or 0) + by
    end
  end
end

function agent.change_reach(changes)
  for id, by in pairs(changes) do
    if by ~= 0 and redis.call('HINCRBY', cx.p .. 'reach', id, int(by)) == 0 then
      redis.call('HDEL', cx.p .. 'reach', id)
    end
  end
end

-- Counts who could serve a new line: members of the queue with slots of the channel who meet each clause.
function agent.found_reach(id, queue_id, channel, clauses)
  local who, pool, spare = cx.p .. 'who', cx.p .. 'pool', cx.p .. 'spare'
  local able = redis.call('ZINTERSTORE', who, '2', cx.p .. 'qm:' .. queue_id, cx.p .. 'ch:' .. channel)
  for _, clause in ipairs(clauses) do
    agent.gather(pool, spare, clause)
    able = redis.call('ZINTERSTORE', who, '2', who, pool)
  end
  redis.call('DEL', who, pool, spare)
  if able > 0 then
    redis.call('HSET', cx.p .. 'reach', id, int(able))
  end
end

function agent.forget_reach(id)
  redis.call('HDEL', cx.p .. 'reach', id)
end

-- How many could ever serve the line.
function agent.reach(id)
  return tonumber(redis.call('HGET', cx.p .. 'reach', id) or '0')
end

local PAGE = 500 -- lines asked about in one command

-- The same for several lines, by id.
function agent.reaches(ids)
  local by_id = {}
  for from = 1, #ids, PAGE do
    local to = math.min(from + PAGE - 1, #ids)
    local found = redis.call('HMGET', cx.p .. 'reach', unpack(ids, from, to))
    for i = from, to do
      by_id[ids[i]] = tonumber(found[i - from + 1] or '0')
    end
  end
  return by_id
end
