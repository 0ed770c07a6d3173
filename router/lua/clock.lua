-- The tenant's clock: follows the server's, never runs back, never jumps far in one step.

local STEP_MAX_MS = 5000 -- per call, while timers are pending

local function server_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function forward(meta, real)
  local passed = math.max(real - meta.real, 0)
  if passed > STEP_MAX_MS and redis.call('EXISTS', cx.p .. 'timers') == 1 then
    passed = STEP_MAX_MS
  end
  return meta.virt + passed
end

-- Answers the instant of this call, or nil when the caller's instant does not fit the tenant.
function clock.read(given)
  local meta = cx.meta
  if meta.sim then
    return given and math.max(given, meta.virt)
  end
  if given then
    return nil
  end
  cx.real = server_ms()
  return forward(meta, cx.real)
end

-- The instant for a read, which can not write the clock: a simulated tenant's stands still.
function clock.peek()
  if cx.meta.sim then
    return cx.meta.virt
  end
  cx.real = server_ms()
  return forward(cx.meta, cx.real)
end

-- The instant on the wall, which calendars are made for: the server's, or a simulated tenant's own.
function clock.wall()
  return cx.meta.sim and cx.now or cx.real
end

function clock.save()
  local meta, real = cx.meta, cx.real or 0
  if meta.virt ~= cx.now or meta.real ~= real then
    redis.call('HSET', cx.p .. 'meta', 'real', int(real), 'virt', int(cx.now))
    meta.virt, meta.real = cx.now, real
  end
end

function clock.start(simulated, given)
  cx.real = simulated and 0 or server_ms()
  cx.now = simulated and given or cx.real
  cx.meta.virt = cx.now
  redis.call('HSET', cx.p .. 'meta', 'sim', simulated and '1' or '0', 'real', int(cx.real), 'virt', int(cx.now))
end
