-- Estimated waits: hash `est`, line -> P50 and P80 in ms of PLACES, as the routers have learned them
-- from the journal (router/estimates). The row of a base line speaks for the lines that have none.

local PLACES = { 1, 2, 4, 8, 16, 32, 64 }
local LINES_MAX = 2000 -- rows kept; beyond it all are forgotten, and told again as they change
local TOLD_MAX_MS = 86400000

local function queue_of(line_id)
  return string.match(line_id, '^[^|]*')
end

-- What was learned of a queue that has gone since is no use.
function estimate.put(rows)
  local key, flat = cx.p .. 'est', {}
  for id, row in pairs(rows) do
    if queue.load(queue_of(id)) then
      flat[#flat + 1] = id
      flat[#flat + 1] = cmsgpack.pack(row)
    end
  end
  if #flat == 0 then
    return
  end
  if redis.call('HLEN', key) + #flat / 2 > LINES_MAX then
    redis.call('DEL', key)
  end
  redis.call('HSET', key, unpack(flat))
end

-- Queues have gone: a set of ids.
function estimate.forget(gone)
  if next(gone) == nil then
    return
  end
  for _, id in ipairs(redis.call('HKEYS', cx.p .. 'est')) do
    if gone[queue_of(id)] then
      redis.call('HDEL', cx.p .. 'est', id)
    end
  end
end

-- On the straight line between the row's places, or beyond the last one.
local function between(row, place)
  local i = 1
  while PLACES[i + 1] and PLACES[i + 1] <= place do
    i = i + 1
  end
  local low, high = PLACES[i], PLACES[i + 1]
  if not high then
    return math.min(TOLD_MAX_MS, math.floor(row[i] * place / low))
  end
  return row[i] + math.floor((row[i + 1] - row[i]) * (place - low) / (high - low))
end

-- How long a place in a line takes from now: its P50 and P80 in ms, or nil when nobody can say. Who
-- waits for one agent alone waits until he is free or the time for it is over: no estimate.
function estimate.wait(line_id, place)
  local base = string.match(line_id, '^[^|]*|[^|]*|')
  if string.sub(line_id, #base + 1, #base + 1) == '@' then
    return nil
  end
  local found = redis.call('HMGET', cx.p .. 'est', line_id, base)
  local blob = found[1] or found[2]
  if not blob then
    return nil
  end
  local row = cmsgpack.unpack(blob)
  return between(row[1], place), between(row[2], place)
end

-- The same, as an answer shows it.
function estimate.view(line_id, place)
  local p50, p80 = estimate.wait(line_id, place)
  return p50 and { p50 = p50, p80 = p80 }
end
