-- Reopening: what becomes of a contact that is over when it is spoken of again, by its queue's policy: it
-- comes back, a new contact follows it, or it stays as it is (`locked`).

local HOPS_MAX, FOLLOWERS_MAX, ID_MAX = 20, 50, 64
local OVER = { wrap_up = true, closed = true }

function reopening.is_over(c)
  return OVER[c.state] == true
end

-- The contact that goes on where this one has ended: the latest of its conversation, else the last of
-- those that follow it.
function reopening.latest(c)
  for _ = 1, HOPS_MAX do
    local next_one = c.followed_by and contact.load(c.followed_by)
    if not next_one then
      break
    end
    c = next_one
  end
  return conversation.latest(c) or c
end

local function is_named(list, by)
  for _, one in ipairs(list) do
    if one == by then
      return true
    end
  end
  return false
end

local function obstacle(c, q, by)
  if not q or not q.handles then
    return 'queue'
  elseif q.reopen == 'locked' then
    return 'policy'
  elseif by == 'supervisor' then
    return nil -- neither the time nor who may is held against him
  elseif not is_named(q.reopen_by, by) then
    return 'by'
  elseif q.reopen_window_ms > 0 and c.closed_at and cx.now > c.closed_at + q.reopen_window_ms then
    return 'window'
  end
end

-- Why the customer, an agent or a supervisor can not bring it back, or nil.
function reopening.refusal(c, by)
  local why = obstacle(c, queue.load(c.queue), by)
  return why and { outcome = 'locked', state = c.state, why = why } or nil
end

-- The agent, if he is there and has room for it: then he takes it.
function reopening.taker(c, agent_id)
  local a = agent_id and agent.load(agent_id)
  return a and not claim.obstacle(c, a) and a or nil
end

local GONE = {
  'result',
  'reason',
  'instruction',
  'disposition',
  'resolved',
  'rating',
  'survey_wish',
  'survey_requested',
  'closed_by',
  'closed_at',
  'ended_at',
  'wrap_until',
  'wrap_up',
}

local function tell(c, by, how)
  emit({
    e = 'contact.reopened',
    contact = c.id,
    state = c.state,
    queue = c.queue,
    channel = c.channel,
    line = c.line,
    due = c.due,
    entered = c.entered,
    tier = c.tier,
    conversation = c.conversation,
    customer = c.conversation and c.customer,
    agent = c.owner,
    by = by,
    episode = c.episode,
    reason = how.reason,
    customer_since = c.customer_since,
    direct = c.direct,
    sticky = c.sticky,
  })
end

-- Its owner still writes it up: it is in his hands again.
local function back_to_owner(c, by, how)
  timer.clear('w|' .. c.id)
  c.worked_ms = contact.handle_ms(c, c.ended_at)
  for _, name in ipairs(GONE) do
    c[name] = nil
  end
  c.assigned_at = cx.now
  contact.move(c, 'assigned')
  agent.hold_as(agent.load(c.owner), c.id, 'assigned')
  intake.extend_lease(c)
  tell(c, by, how)
end

-- Whoever had it last is asked first, if he could take it now.
local function choose_line(c, last)
  local a = last and agent.load(last)
  if a and agent.can_take(a, c.queue, c.channel) then
    c.sticky = true
    personal.wait(c, { a.id }, 0)
  else
    lines.assign(c)
  end
end

-- As one that comes now, in its queue.
local function come_again(c, by, how)
  local last = c.owner
  for _, name in ipairs(GONE) do
    c[name] = nil
  end
  c.owner, c.assigned_at, c.accepted, c.worked_ms = nil, nil, nil, nil
  c.tried, c.failures, c.stepped, c.relaxed = {}, 0, nil, nil
  c.entered, c.since = cx.now, cx.now
  c.customer_since = c.customer_since or (by ~= 'agent' and cx.now or nil)
  contact.move(c, 'queued')
  if how.agent then
    lines.assign(c)
  else
    choose_line(c, last)
  end
  contact.schedule(c)
  intake.extend_lease(c)
  tell(c, by, how)
  if how.agent then
    claim.take(c, how.agent, 'reopen')
  else
    steps.begin(c)
    offer.wait_again(c, 'reopened', {})
  end
end

local function is_taken(id)
  return contact.load(id) ~= nil or contact.trace(id) ~= nil
end

local function is_linked(c, id)
  for _, link in ipairs(c.links or NONE) do
    if link.contact == id then
      return true
    end
  end
  return false
end

-- An id for a contact that follows: that of the first, with a number. One that has followed is known by
-- its link, however long ago it was.
local function free_id(c)
  local base = string.sub(c.follows or c.id, 1, ID_MAX - 4)
  for n = 2, FOLLOWERS_MAX do
    local id = base .. '.' .. int(n)
    if not is_taken(id) and not is_linked(c, id) then
      return id
    end
  end
end

local COPIED = {
  'channel',
  'priority',
  'tier',
  'requirements',
  'any_of',
  'target_ms',
  'address',
  'subject',
  'origin',
  'customer',
  'attributes',
  'conversation',
  'relax',
}

-- Another contact goes on for it, and knows of it; it knows of that one while it has room for a link.
function reopening.hand_on(c, id, reason)
  c.followed_by = id
  if contact.can_link(c) then
    contact.link(c, 'follow_up', id)
  end
  contact.changed(c)
  emit({
    e = 'contact.linked',
    contact = c.id,
    queue = c.queue,
    other = id,
    kind = 'follow_up',
    links = c.links,
    reason = reason,
  })
end

-- A new contact goes on for it, with what it asked for; each knows of the other.
local function follow(c, id, how)
  local args = { contact = id, fp = '' }
  for _, name in ipairs(COPIED) do
    args[name] = c[name]
  end
  local n = arrival.record(args, c.queue)
  n.follows = c.follows or c.id
  intake.extend_lease(n)
  contact.link(n, 'follow_up_of', c.id)
  arrival.enter(n)
  arrival.tell(n)
  conversation.lead(n)
  reopening.hand_on(c, id, how.reason)
  if how.agent and not claim.obstacle(n, how.agent) then -- he may still write up the old one
    claim.take(n, how.agent, 'reopen')
  end
  return n
end

-- It goes on: answers the contact in which it does, or nil with the reason why it can not. `how` has an
-- `agent` who takes it at once, the `id` for a new contact, and a `reason`. The caller has asked whether
-- it may.
function reopening.go_on(c, by, how)
  if queue.load(c.queue).reopen == 'new_linked_contact' then
    local id = how.id or free_id(c)
    if not id or is_taken(id) or not contact.can_link(c) then
      return nil, { outcome = 'conflict', state = c.state }
    end
    contact.keep(c)
    return follow(c, id, how)
  end
  contact.keep(c)
  c.episode = (c.episode or 1) + 1
  conversation.lead(c)
  if c.state == 'wrap_up' then
    back_to_owner(c, by, how)
  else
    come_again(c, by, how)
  end
  return c
end
