-- Contacts that are in no line yet: `hq:<queue>` holds who waits for the queue to open, by the score
-- of the place that he will have; `sq:<queue>` who comes later, by his instant on the wall clock.

function hold.keep(c)
  redis.call('ZADD', cx.p .. 'hq:' .. c.queue, int(c.score), line.member(c))
end

function hold.schedule(c)
  redis.call('ZADD', cx.p .. 'sq:' .. c.queue, int(c.not_before), c.id)
end

function hold.forget(c)
  if c.state == 'held' then
    redis.call('ZREM', cx.p .. 'hq:' .. c.queue, line.member(c))
  else
    redis.call('ZREM', cx.p .. 'sq:' .. c.queue, c.id)
  end
end

-- The lowest score of those held that is not below `score`.
function hold.head_from(queue_id, score)
  return line.lowest_from(cx.p .. 'hq:' .. queue_id, score)
end

function hold.is_empty(queue_id)
  return redis.call('ZCARD', cx.p .. 'hq:' .. queue_id) == 0
end

-- How many are held, and how many are scheduled.
function hold.counts(queue_id)
  return redis.call('ZCARD', cx.p .. 'hq:' .. queue_id), redis.call('ZCARD', cx.p .. 'sq:' .. queue_id)
end

function hold.any(queue_id)
  local held, scheduled = hold.counts(queue_id)
  return held + scheduled > 0
end

-- The ids of those held, by rank of their places.
function hold.list_held(queue_id, from, to)
  local found = redis.call('ZRANGE', cx.p .. 'hq:' .. queue_id, int(from), int(to))
  for i, member in ipairs(found) do
    found[i] = line.contact_of(member)
  end
  return found
end

-- The ids of those scheduled, the next one first.
function hold.list_scheduled(queue_id, from, to)
  return redis.call('ZRANGE', cx.p .. 'sq:' .. queue_id, int(from), int(to))
end
