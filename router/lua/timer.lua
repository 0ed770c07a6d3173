-- Timers: one sorted set of due instants per tenant; a member names its kind and its subject.

local BATCH_MAX = 64 -- timers applied in one call, so that no call is long

function timer.set(member, due)
  redis.call('ZADD', cx.p .. 'timers', int(due), member)
  if not cx.next or due < cx.next then
    cx.next = due
  end
end

-- Leaves the instant as it is when the timer is set already.
function timer.set_if_new(member, due)
  redis.call('ZADD', cx.p .. 'timers', 'NX', int(due), member)
  if not cx.next or due < cx.next then
    cx.next = due
  end
end

function timer.clear(member)
  redis.call('ZREM', cx.p .. 'timers', member)
end

-- Looks at the earliest timer, and answers whether anything is due.
function timer.is_due()
  local head = redis.call('ZRANGE', cx.p .. 'timers', '0', '0', 'WITHSCORES')
  cx.next = tonumber(head[2])
  return cx.next ~= nil and cx.next <= cx.now
end

local function fire(member)
  local kind, subject, more = string.match(member, '^(%a)|([^|]*)|?(.*)$')
  if kind == 'l' then
    subject = string.sub(member, 3) -- a line's id has bars of its own
  end
  on_due[kind](subject, more)
end

-- One damaged record must not stop the tenant's time, nor take other timers with it.
local function fire_safely(member)
  local ok, failure = pcall(fire, member)
  if not ok then
    emit({ e = 'timer.failed', timer = member, reason = tostring(failure.err or failure) })
  end
end

-- Applies what is due, oldest first, all of it before one matching pass. A timer that an earlier one
-- of the batch has cleared is not there any more.
function timer.fire_due()
  local key = cx.p .. 'timers'
  local due = redis.call('ZRANGE', key, '-inf', int(cx.now), 'BYSCORE', 'LIMIT', '0', int(BATCH_MAX))
  for _, member in ipairs(due) do
    if redis.call('ZREM', key, member) == 1 then
      fire_safely(member)
    end
  end
  cx.more = timer.is_due()
end
