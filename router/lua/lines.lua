-- Lines come and go: made when a contact first needs one, dropped when empty for a while. Which lines
-- an agent serves follows from his profile and the lines there are. The server keeps the lists between
-- calls, one for all agents of a profile: every table that outlives a call makes each call's garbage
-- collection dearer, and a list for each of 10,000 agents cost half as much again as all the rest.

local known, known_count, KNOWN_MAX = {}, 0, 2000 -- lists kept, over all tenants

-- What of an agent decides his lines and his choice among them, in short: queues that he serves and what
-- they are credited with for him, channels, skills and levels.
function lines.profile(definition, slots)
  local parts = sorted_keys(slots)
  parts[#parts + 1] = '|'
  for _, queue_id in ipairs(sorted_keys(definition.memberships)) do
    if agent.serves(definition, queue_id) then
      local credit = definition.memberships[queue_id].credit_ms or 0
      parts[#parts + 1] = credit == 0 and queue_id or queue_id .. '+' .. int(credit)
    end
  end
  parts[#parts + 1] = '|'
  for _, skill in ipairs(sorted_keys(definition.skills)) do
    parts[#parts + 1] = skill .. '=' .. int(definition.skills[skill])
  end
  return redis.sha1hex(table.concat(parts, ','))
end

-- The agent's lines by channel: those of which he is offered contacts, or all that he could serve.
local function compute(a, definition, could)
  local mine = {}
  for channel in pairs(a.slots) do
    mine[channel] = {}
  end
  for _, queue_id in ipairs(sorted_keys(definition.memberships)) do
    if agent.serves(definition, queue_id) and (could or not queue.is_pull(queue.load(queue_id))) then
      for channel, ids in pairs(mine) do
        ids[#ids + 1] = line.base(queue_id, channel)
      end
      for _, id in ipairs(line.of_queue(queue_id)) do
        local _, channel, clauses = line.parse(id)
        if mine[channel] and agent.has(definition, clauses) then
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

-- What else the agents of a profile share: whether more than the turn counts in a row of theirs, and
-- what each of their queues is credited with when they choose; nothing for the defaults.
local function rules_of(definition)
  local row, credits
  for queue_id, membership in pairs(definition.memberships) do
    if agent.serves(definition, queue_id) then
      local q = queue.load(queue_id)
      if not strategy.is_turn(q) then
        row = strategy
      end
      local credit = q.credit_ms + (membership.credit_ms or 0)
      if credit ~= 0 then
        credits = credits or {}
        credits[queue_id] = credit
      end
    end
  end
  return row, credits
end

local function look_up(a)
  local key = cx.p .. a.profile
  local entry = known[key]
  if entry and entry.stamp == cx.meta.lines then
    return entry
  end
  if not entry then
    known_count = known_count + 1
    if known_count > KNOWN_MAX then
      known, known_count = {}, 1
    end
  end
  local definition = agent.definition(a.id)
  local row, credits = rules_of(definition)
  entry = { stamp = cx.meta.lines, lines = compute(a, definition), row = row, credits = credits }
  known[key] = entry
  return entry
end

-- The same as it is now, whatever is kept: his lines by channel, and the row in which more than the turn
-- counts.
function lines.compute(a, definition)
  return compute(a, definition), (rules_of(definition))
end

-- The lines of which an agent is offered contacts, by channel, and his credits by queue if there are any.
function lines.of(a)
  local entry = look_up(a)
  return entry.lines, entry.credits
end

-- The same with the lines of queues where agents choose: all that he could serve.
function lines.could_serve(a)
  return compute(a, agent.definition(a.id), true)
end

-- Stands where he is routable and nowhere else.
function lines.place(a)
  local entry = look_up(a)
  agent.place(a, entry.lines, entry.row)
end

-- The same, for the channels in which he stands already.
function lines.restand(a)
  local entry = look_up(a)
  agent.restand(a, entry.lines, entry.row)
end

-- It waits where nobody who is defined could ever serve it; as of now, whatever was told.
function lines.is_dead_end(c)
  return c.state == 'queued' and not c.direct and agent.reach(c.line) == 0 or nil
end

-- What the server keeps of the lines is not so any more.
function lines.changed()
  cx.meta.lines = config.next_stamp(cx.meta.lines)
  redis.call('HSET', cx.p .. 'meta', 'lines', cx.meta.lines)
end

-- Whether the line of what is asked (`requirements`, `any_of`) exists, or the queue has room for it.
function lines.have_room(queue_id, channel, asked)
  if not line.is_asking(asked) then
    return true
  end
  return line.has_room(queue_id, line.id(queue_id, channel, asked), config.tenant().line_max)
end

-- Gives the contact the line of its queue, channel and requirements, made if it is not there.
function lines.assign(c)
  c.line = line.id(c.queue, c.channel, c)
  if not line.is_asking(c) or not line.add(c.queue, c.line) then
    return
  end
  local _, _, clauses = line.parse(c.line)
  local weight = strategy.level_weight(c.queue, clauses)
  agent.join_line(c.line, line.base(c.queue, c.channel), clauses, weight)
  agent.found_reach(c.line, c.queue, c.channel, clauses)
  lines.changed()
  timer.set('l|' .. c.line, cx.now + config.tenant().line_idle_ms)
  emit({ e = 'line.made', line = c.line })
end

-- Somebody waits in the line, or is about to in this very call.
function lines.is_needed(id)
  for _, c in pairs(cx.touched_contacts) do
    if c.line == id and c.state == 'queued' then
      return true
    end
  end
  return line.length(id) > 0 or broadcast.needs(id)
end

local function drop(queue_id, id)
  line.remove(queue_id, id)
  agent.drop_line(id)
  agent.forget_reach(id)
  lines.changed()
  emit({ e = 'line.dropped', line = id })
end

on_due.l = function(id)
  if lines.is_needed(id) then
    timer.set('l|' .. id, cx.now + config.tenant().line_idle_ms)
    return
  end
  drop(line.parse(id), id)
end

-- Nobody is called by the rows of this queue any more.
function lines.clear_rows(queue_id)
  for _, id in ipairs(line.of_queue(queue_id)) do
    agent.drop_line(id)
  end
  for _, agent_id in ipairs(agent.members(queue_id)) do
    for channel in pairs(agent.load(agent_id).slots) do
      agent.drop_line(line.base(queue_id, channel))
    end
  end
end

-- Nobody waits in the queue any more, and it goes.
function lines.drop_all(queue_id)
  local ids = line.of_queue(queue_id)
  table.sort(ids) -- servers have the members of a set in orders of their own
  for _, id in ipairs(ids) do
    timer.clear('l|' .. id)
    drop(queue_id, id)
  end
  lines.changed() -- lists of lines are kept by profile, with what the queue's settings said
end
