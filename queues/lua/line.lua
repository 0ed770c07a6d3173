-- Lines: `w:<line>` holds who waits, by score; `ql:<queue>` names the queue's lines with requirements;
-- `wq:<queue>` holds all who wait in a queue's lines, by the instant their wait began.

-- Canonical: the same queue, channel and requirements give the same line.
function line.id(queue_id, channel, requirements)
  if next(requirements) == nil then
    return queue_id .. '|' .. channel .. '|'
  end
  local asks = {}
  for _, skill in ipairs(sorted_keys(requirements)) do
    asks[#asks + 1] = skill .. '=' .. string.format('%d', requirements[skill])
  end
  return queue_id .. '|' .. channel .. '|' .. table.concat(asks, ',')
end

function line.personal(queue_id, channel, agent_id)
  return queue_id .. '|' .. channel .. '|@' .. agent_id
end

function line.parse(id)
  local queue_id, channel, asks = string.match(id, '^([^|]*)|([^|]*)|(.*)$')
  local requirements = {}
  for skill, level in string.gmatch(asks, '([^=,]+)=(%d+)') do
    requirements[skill] = tonumber(level)
  end
  return queue_id, channel, requirements
end

function line.of_queue(queue_id)
  return redis.call('SMEMBERS', cx.p .. 'ql:' .. queue_id)
end

-- Answers true when the line is new.
function line.add(queue_id, id)
  return redis.call('SADD', cx.p .. 'ql:' .. queue_id, id) == 1
end

function line.remove(queue_id, id)
  redis.call('SREM', cx.p .. 'ql:' .. queue_id, id)
end

function line.has_room(queue_id, id, limit)
  local key = cx.p .. 'ql:' .. queue_id
  return redis.call('SCARD', key) < limit or redis.call('SISMEMBER', key, id) == 1
end

-- Ties in the score go by entry, then by id: the order is total.
function line.member(c)
  return string.format('%013d', c.entered) .. c.id
end

function line.contact_of(member)
  return string.sub(member, 14)
end

function line.enter(c)
  redis.call('ZADD', cx.p .. 'w:' .. c.line, int(c.score), line.member(c))
  redis.call('ZADD', cx.p .. 'wq:' .. c.queue, int(c.since), c.id)
end

function line.leave(c)
  redis.call('ZREM', cx.p .. 'w:' .. c.line, line.member(c))
  redis.call('ZREM', cx.p .. 'wq:' .. c.queue, c.id)
end

-- The lowest score that is not below `score`.
function line.head_from(id, score)
  local key = cx.p .. 'w:' .. id
  local head = redis.call('ZRANGE', key, int(score), '+inf', 'BYSCORE', 'LIMIT', '0', '1', 'WITHSCORES')
  return tonumber(head[2])
end

-- The member at a rank with its score, or nil.
function line.at(id, rank)
  local at = int(rank)
  local found = redis.call('ZRANGE', cx.p .. 'w:' .. id, at, at, 'WITHSCORES')
  return found[1], tonumber(found[2])
end

function line.length(id)
  return redis.call('ZCARD', cx.p .. 'w:' .. id)
end

-- How many wait in a queue, and since when the one who waits longest.
function line.waiting(queue_id)
  local key = cx.p .. 'wq:' .. queue_id
  local first = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  return redis.call('ZCARD', key), tonumber(first[2])
end

function line.list_waiting(queue_id, from, to)
  return redis.call('ZRANGE', cx.p .. 'wq:' .. queue_id, from, to)
end

-- How many of its line are before it.
function line.rank(c)
  return redis.call('ZRANK', cx.p .. 'w:' .. c.line, line.member(c))
end
