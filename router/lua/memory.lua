-- Memory: what is worth knowing of a customer for a while. `la:<channel>|<who>`: who served him last;
-- `rs:<queue>|<channel>|<who>`: the entry of a contact of his that hung up. To lose it costs comfort
-- alone, so it has a time to live; not in a simulated tenant, whose clock is not the server's. The
-- value says until when it counts by the tenant's clock.

-- The customer, else the address that he comes from; nil for somebody unknown.
local function who(c)
  if (c.customer or '') ~= '' then
    return 'c=' .. c.customer
  elseif (c.address or '') ~= '' then
    return 'a=' .. c.address
  end
end

local function keep(key, ms, value)
  local text = int(cx.now + ms) .. '|' .. value
  if cx.meta.sim then
    redis.call('SET', cx.p .. key, text)
  else
    redis.call('SET', cx.p .. key, text, 'PX', int(ms))
  end
end

local function recall(found)
  local over, value = string.match(found or '', '^(%d+)|(.*)$')
  if over and tonumber(over) > cx.now then
    return value
  end
end

function memory.last_agent(c)
  local customer = who(c)
  return customer and recall(redis.call('GET', cx.p .. 'la:' .. c.channel .. '|' .. customer))
end

-- Keeps what the end of a contact tells of its customer, where its queue has a use for it.
function memory.of_end(c, before, result)
  local q, customer = queue.load(c.queue), who(c)
  if not customer then
    return
  elseif result == 'handled' and c.owner and q.sticky ~= 'off' then
    keep('la:' .. c.channel .. '|' .. customer, q.sticky_memory_ms, c.owner)
  elseif result == 'abandoned' and q.resume_ms > 0 and (before == 'queued' or before == 'offered') then
    keep('rs:' .. c.queue .. '|' .. c.channel .. '|' .. customer, q.resume_ms, int(c.entered))
  end
end

-- Whoever hung up and is back in time takes his place again, once; answers true then.
function memory.resume(c)
  local customer = queue.load(c.queue).resume_ms > 0 and who(c)
  if not customer then
    return nil
  end
  local entered = recall(redis.call('GETDEL', cx.p .. 'rs:' .. c.queue .. '|' .. c.channel .. '|' .. customer))
  if entered then
    c.entered = tonumber(entered)
    return true
  end
end
