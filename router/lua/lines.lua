-- Lines come and go: made when a contact first needs one, dropped when empty for a while. An agent
-- keeps the list of his lines and makes it anew when the tenant's count of line changes has moved.

local function base(queue_id, channel)
  return line.id(queue_id, channel, {})
end

local function compute(a)
  local definition = agent.definition(a.id)
  local mine = {}
  for channel in pairs(a.slots) do
    mine[channel] = {}
  end
  for _, queue_id in ipairs(sorted_keys(definition.memberships)) do
    if agent.serves(definition, queue_id) then
      for channel, ids in pairs(mine) do
        ids[#ids + 1] = base(queue_id, channel)
      end
      for _, id in ipairs(line.of_queue(queue_id)) do
        local _, channel, requirements = line.parse(id)
        if mine[channel] and agent.has(definition, requirements) then
          table.insert(mine[channel], id)
        end
      end
    end
  end
  for _, ids in pairs(mine) do
    table.sort(ids)
  end
  return mine
end

-- Brings the agent's list of lines up to date.
function lines.refresh(a)
  if a.lines_v ~= cx.meta.lines then
    a.lines = compute(a)
    a.lines_v = cx.meta.lines
    agent.changed(a)
  end
end

local function changed()
  cx.meta.lines = redis.call('HINCRBY', cx.p .. 'meta', 'lines', 1)
end

function lines.have_room(queue_id, channel, requirements)
  if next(requirements) == nil then
    return true
  end
  return line.has_room(queue_id, line.id(queue_id, channel, requirements), config.tenant().line_max)
end

-- Gives the contact the line of its queue, channel and requirements, made if it is not there.
function lines.assign(c)
  c.line = line.id(c.queue, c.channel, c.requirements)
  if next(c.requirements) == nil or not line.add(c.queue, c.line) then
    return
  end
  agent.join_line(c.line, base(c.queue, c.channel), c.requirements)
  changed()
  timer.set('l|' .. c.line, cx.now + config.tenant().line_idle_ms)
  emit('line.made', { line = c.line })
end

on_due.l = function(id)
  if line.length(id) > 0 then
    timer.set('l|' .. id, cx.now + config.tenant().line_idle_ms)
    return
  end
  line.remove(line.parse(id), id)
  agent.drop_line(id)
  changed()
  emit('line.dropped', { line = id })
end
