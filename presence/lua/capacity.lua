-- Capacity: what an agent holds (offers, contacts, wrap-ups), and whether one more has room. A channel may
-- take its agent alone (`exclusive`), and may interrupt work of other channels: what it interrupts does
-- not count when it looks for room, and counts for everybody else.

local NO_RULE = { exclusive = false, interrupts = {} }

local function rule_of(rules, channel)
  return rules and rules[channel] or NO_RULE
end

-- Why this agent can not be offered anything now, or nil.
function agent.absence(a)
  if a.presence == 'offline' then
    return 'offline'
  elseif #a.sessions == 0 then
    return 'not_connected'
  elseif a.presence ~= 'ready' then
    return 'not_ready'
  elseif a.pending then
    return 'pending'
  end
end

-- The first contact in his hands, by id, that interrupts work of this channel, or nil.
local function interrupter(a, rules, channel)
  local first
  for id, work in pairs(a.work) do
    if work.k ~= 'offer' and rule_of(rules, work.ch).interrupts[channel] and (not first or id < first) then
      first = id
    end
  end
  return first
end

-- Whether one more contact of this channel has room beside all that he holds, but for `without`.
function agent.room(a, channel, without)
  if not a.slots[channel] then
    return 'no_channel'
  end
  local rules = config.precedence()
  local mine = rule_of(rules, channel)
  local used, units, beside, is_alone = 0, config.cost(channel), 0, false
  for id, work in pairs(a.work) do
    if id ~= without then
      if work.ch == channel then
        used = used + 1
      end
      if not mine.interrupts[work.ch] then
        units, beside = units + work.u, beside + 1
      end
      is_alone = is_alone or rule_of(rules, work.ch).exclusive
    end
  end
  if used >= a.slots[channel] then
    return 'no_slot'
  elseif is_alone or (mine.exclusive and beside > 0) then
    return 'exclusive'
  end
  return units <= a.capacity and 'ok' or 'no_capacity'
end

-- Why this agent can not be offered a contact of this channel now, or `ok`.
function agent.verdict(a, channel)
  return agent.absence(a) or agent.room(a, channel)
end

-- Whether he could be given a contact of this queue and channel now.
function agent.can_take(a, queue_id, channel)
  return agent.serves(agent.definition(a.id), queue_id) and agent.verdict(a, channel) == 'ok'
end

function agent.take_work(a, c, kind)
  a.work[c.id] = { k = kind, ch = c.channel, u = config.cost(c.channel) }
  agent.unsettle(a, 'load')
end

-- Whether he holds nothing but contacts that wait for their customer.
function agent.is_idle(a)
  for _, work in pairs(a.work) do
    if work.k ~= 'waiting_customer' then
      return false
    end
  end
  return true
end

-- A state that waited until he is idle is taken then.
local function take_pending(a)
  if a.pending and agent.is_idle(a) then
    local pending = a.pending
    a.pending = nil
    agent.set_presence(a, pending.presence, pending.reason, 'pending')
  end
end

function agent.hold_as(a, contact_id, kind)
  a.work[contact_id].k = kind
  agent.changed(a)
  take_pending(a)
end

-- His slot is free.
function agent.drop_work(a, contact_id)
  a.work[contact_id] = nil
  agent.unsettle(a, 'load')
  if config.precedence() then
    agent.tell_interruptions(a)
  end
  take_pending(a)
end

-- Tells which contacts in his hands are interrupted now and were not, and which no longer are.
function agent.tell_interruptions(a)
  local rules = config.precedence()
  for _, id in ipairs(sorted_keys(a.work)) do
    local work = a.work[id]
    local by = work.k ~= 'offer' and interrupter(a, rules, work.ch) or nil
    if by and not work.interrupted then
      work.interrupted = true
      emit({ e = 'work.interrupted', agent = a.id, contact = id, by = by })
      agent.changed(a)
    elseif work.interrupted and not by then
      work.interrupted = nil
      emit({ e = 'work.resumed', agent = a.id, contact = id })
      agent.changed(a)
    end
  end
end

-- Which channels' offers must go to others, now that he has taken a contact of this one: those that it
-- interrupts, unless everything together has room. nil: none.
function agent.gives_way(a, channel)
  local mine = rule_of(config.precedence(), channel)
  return (mine.exclusive or agent.units(a) > a.capacity) and mine.interrupts or nil
end
