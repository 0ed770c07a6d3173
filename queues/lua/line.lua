-- Lines: `w:<line>` holds who waits, by score; `ql:<queue>` names the queue's lines with requirements;
-- `wq:<queue>` holds all who wait in a queue's lines, by the instant their wait began.

-- The line of those who ask for nothing.
function line.base(queue_id, channel)
  return queue_id .. '|' .. channel .. '|'
end

-- Whether anything is asked of the agent. `asked` has `requirements`, all of which he must meet, and
-- `any_of`, clauses of which he must meet one alternative each.
function line.is_asking(asked)
  return next(asked.requirements) ~= nil or (asked.any_of ~= nil and next(asked.any_of) ~= nil)
end

local function only_entry(clause)
  local skill, level = next(clause)
  if skill and next(clause, skill) == nil then
    return skill, level
  end
end

local function is_met_by(plain, clause)
  for skill, level in pairs(clause) do
    if (plain[skill] or 0) >= level then
      return true
    end
  end
  return false
end

-- Requirements with the clauses of one alternative among them, each skill at the highest level asked.
local function plain_of(asked)
  local plain = {}
  for skill, level in pairs(asked.requirements) do
    plain[skill] = level
  end
  for _, clause in ipairs(asked.any_of or {}) do
    local skill, level = only_entry(clause)
    if skill then
      plain[skill] = math.max(plain[skill] or 0, level)
    end
  end
  return plain
end

local function alternatives(clause)
  local found = {}
  for skill, level in pairs(clause) do
    found[#found + 1] = skill .. '=' .. int(level)
  end
  table.sort(found)
  return table.concat(found, '/')
end

-- Canonical: the same queue, channel and demands give the same line, however they are written.
-- A clause that the plain requirements meet anyway is not in it, nor is one twice.
function line.id(queue_id, channel, asked)
  if not line.is_asking(asked) then
    return line.base(queue_id, channel)
  end
  local plain, texts = plain_of(asked), {}
  for skill, level in pairs(plain) do
    texts[skill .. '=' .. int(level)] = true
  end
  for _, clause in ipairs(asked.any_of or {}) do
    if not is_met_by(plain, clause) then
      texts[alternatives(clause)] = true
    end
  end
  return line.base(queue_id, channel) .. table.concat(sorted_keys(texts), ',')
end

-- The line of those who wait for one of these agents alone.
function line.personal(queue_id, channel, agents)
  return line.base(queue_id, channel) .. '@' .. table.concat(agents, ',')
end

function line.queue_of(id)
  return string.match(id, '^[^|]*')
end

-- What a line's id says: queue, channel, and clauses, of each of which an agent must meet one alternative.
function line.parse(id)
  local queue_id, channel, tail = string.match(id, '^([^|]*)|([^|]*)|(.*)$')
  local clauses = {}
  for text in string.gmatch(tail, '[^,]+') do
    local clause = {}
    for skill, level in string.gmatch(text, '([^=/]+)=(%d+)') do
      clause[skill] = tonumber(level)
    end
    clauses[#clauses + 1] = clause
  end
  return queue_id, channel, clauses
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
  return redis.call('SCARD', key) < limit or line.is_known(queue_id, id)
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

-- The lowest score of a sorted set that is not below `score`.
function line.lowest_from(key, score)
  local head = redis.call('ZRANGE', key, int(score), '+inf', 'BYSCORE', 'LIMIT', '0', '1', 'WITHSCORES')
  return tonumber(head[2])
end

-- The same of those who wait in a line.
function line.head_from(id, score)
  return line.lowest_from(cx.p .. 'w:' .. id, score)
end

-- All members, the first one first.
function line.members(id)
  return redis.call('ZRANGE', cx.p .. 'w:' .. id, '0', '-1')
end

-- How many have a lower score.
function line.count_below(id, score)
  return redis.call('ZCOUNT', cx.p .. 'w:' .. id, '-inf', '(' .. int(score))
end

function line.is_known(queue_id, id)
  return redis.call('SISMEMBER', cx.p .. 'ql:' .. queue_id, id) == 1
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

function line.count_waiting(queue_id)
  return redis.call('ZCARD', cx.p .. 'wq:' .. queue_id)
end

-- How many wait in a queue, since when the one who waits longest, and who that is.
function line.waiting(queue_id)
  local key = cx.p .. 'wq:' .. queue_id
  local first = redis.call('ZRANGE', key, '0', '0', 'WITHSCORES')
  return redis.call('ZCARD', key), tonumber(first[2]), first[1]
end

function line.list_waiting(queue_id, from, to)
  return redis.call('ZRANGE', cx.p .. 'wq:' .. queue_id, from, to)
end

-- How many of its line are before it.
function line.rank(c)
  return redis.call('ZRANK', cx.p .. 'w:' .. c.line, line.member(c))
end
