-- Personal lines: a contact waits for a limited time for agents who were named for it, or for the one
-- who served the same customer last. Then it is in its queue's line, at its place.

local PRUNE_EVERY = 50 -- lines that an agent knows, after which those that are empty are forgotten

-- The agent looks into the line when he has room.
local function make_known(a, id)
  if a.direct[id] then
    return
  end
  local known = 0
  for _ in pairs(a.direct) do
    known = known + 1
  end
  if known > 0 and known % PRUNE_EVERY == 0 then
    for old in pairs(a.direct) do
      if not lines.is_needed(old) then
        a.direct[old] = nil
      end
    end
  end
  a.direct[id] = true
  agent.changed(a)
end

local function stand_in_line(c, agents)
  c.direct = agents
  c.line = line.personal(c.queue, c.channel, agents)
  for _, id in ipairs(agents) do
    make_known(agent.load(id), c.line)
  end
end

-- The contact waits for these agents alone; whom it would rather have stands first.
function personal.wait(c, agents, wait_ms)
  c.direct_until = cx.now + wait_ms
  stand_in_line(c, agents)
  timer.set('d|' .. c.id, c.direct_until)
end

-- The agent who served the customer last, if he can serve this contact: now, or when he is back
-- from what he does.
local function last_agent(c, sticky)
  local id = memory.last_agent(c)
  local a = id and agent.load(id)
  if not a or (a.slots[c.channel] or 0) == 0 then
    return nil
  end
  local _, _, clauses = line.parse(line.id(c.queue, c.channel, c))
  local definition = agent.definition(id)
  if not agent.serves(definition, c.queue) or not agent.has(definition, clauses) then
    return nil
  elseif sticky == 'if_ready' then
    return agent.verdict(a, c.channel) == 'ok' and id or nil
  end
  return #a.sessions > 0 and a.presence ~= 'offline' and id or nil
end

-- As its queue has it, the contact waits for its customer's last agent; answers whether it does.
function personal.stick(c)
  local q = queue.load(c.queue)
  if q.sticky == 'off' then
    return false
  end
  local id = last_agent(c, q.sticky)
  if not id then
    return false
  end
  c.sticky = true
  personal.wait(c, { id }, q.sticky == 'wait' and q.sticky_wait_ms or 0)
  return true
end

-- It waits for nobody in particular any more.
function personal.leave(c)
  if c.direct then
    c.direct, c.direct_until, c.sticky = nil, nil, nil
    timer.clear('d|' .. c.id)
    contact.changed(c)
  end
end

-- While there is time, it waits for those of its agents who are left; answers false without any.
-- `failed` is the one who did not take it.
function personal.go_on(c, failed)
  local left = {}
  for _, id in ipairs(c.direct_until > cx.now and c.direct or NONE) do
    if id ~= failed and agent.serves(agent.definition(id), c.queue) then
      left[#left + 1] = id
    end
  end
  if #left == 0 then
    return false
  end
  stand_in_line(c, left)
  return true
end

-- Into its queue's line, or its backup queue's; answers the queue that it left.
function personal.end_wait(c)
  personal.leave(c)
  local from
  local backup = limits.existing(c.backup_queue)
  if backup and backup ~= c.queue then
    from = c.queue
    c.queue = backup
    c.failures = 0
    contact.schedule(c)
    steps.begin(c)
  end
  c.backup_queue = nil
  lines.assign(c)
  return from
end

-- The agent's queues have changed: contacts that wait for him in one that he has left do so no more.
function personal.resettle(a, definition)
  for _, id in ipairs(sorted_keys(a.direct)) do
    if not agent.serves(definition, (line.parse(id))) then
      for _, member in ipairs(line.members(id)) do
        local c = contact.load(line.contact_of(member))
        line.leave(c)
        offer.requeue(c, 'direct_over', { failed = a.id })
      end
      a.direct[id] = nil
    end
  end
end

on_due.d = function(id)
  local c = contact.load(id)
  if c and c.state == 'queued' then
    line.leave(c)
    offer.requeue(c, 'direct_over')
  end
end
