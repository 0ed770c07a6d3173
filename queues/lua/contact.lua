-- Contact records: `c:<id>`. States: scheduled, held, queued, offered, assigned,
-- waiting_customer, wrap_up, closed.

local ARCHIVED_MS = 2592000000 -- for a closed contact that the archive should let go long before
local TIER_SPAN = 1e13 -- more than any span of due times, and exact in a double up to tier 900

local COUNTED = { offered = true, assigned = true, waiting_customer = true, wrap_up = true }

function contact.load(id)
  local c = cx.contacts[id]
  if c == nil then
    c = load_record(cx.p .. 'c:' .. id) or false
    if c and c.let_go then
      cx.traces[id], c = c, false
    end
    cx.contacts[id] = c
  end
  return c or nil
end

-- What is left of a contact that was let go: it was here, with this fingerprint.
function contact.trace(id)
  return not contact.load(id) and cx.traces[id] or nil
end

-- The id of the contact that is meant by an id: its own, or that of an admission which attached to it.
function contact.meant(id)
  local trace = contact.trace(id)
  return trace and trace.attached or id
end

local function keep_trace(trace)
  redis.call('SET', cx.p .. 'c:' .. trace.id, cmsgpack.pack(trace), 'PX', int(config.tenant().closed_ttl_ms))
  cx.contacts[trace.id], cx.traces[trace.id] = false, trace
end

-- A closed contact that the archive has: its id is known for a while, and nothing else of it.
function contact.let_go(c)
  conversation.forget(c)
  keep_trace({ id = c.id, state = c.state, fp = c.fp, closed_at = c.closed_at, let_go = true })
end

-- An admission that went to another contact: its id is known for a while, and where it went.
function contact.leave_trace(id, fp, attached)
  keep_trace({ id = id, state = 'closed', fp = fp, closed_at = cx.now, attached = attached, let_go = true })
end

function contact.changed(c)
  cx.contacts[c.id] = c
  cx.changed_contacts[c.id] = c
end

-- Whether contacts of the queue are somewhere beyond its lines.
function contact.any_served(queue_id)
  for state in pairs(COUNTED) do
    if (tonumber(redis.call('HGET', cx.p .. 'n', state .. '|' .. queue_id)) or 0) > 0 then
      return true
    end
  end
  return false
end

-- Of a queue that goes, and of which nothing is anywhere.
function contact.forget_counts(queue_id)
  for state in pairs(COUNTED) do
    uncount(state .. '|' .. queue_id)
  end
end

function contact.save(id, c)
  local key, blob = cx.p .. 'c:' .. id, cmsgpack.pack(c)
  if c.state == 'closed' then
    local kept = config.is_archived() and ARCHIVED_MS or config.tenant().closed_ttl_ms
    redis.call('SET', key, blob, 'PX', int(kept))
    conversation.expire(c, kept)
  else
    redis.call('SET', key, blob)
  end
end

function contact.tell_monitor(c, supervisor, mode, reason)
  emit({
    e = 'contact.monitored',
    contact = c.id,
    queue = c.queue,
    owner = c.owner, -- not `agent`: he is not told
    supervisor = supervisor,
    mode = mode,
    reason = reason,
  })
end

-- Who listens, listens to its owner: with him, that is over.
function contact.end_monitors(c)
  for _, supervisor in ipairs(sorted_keys(c.monitors or NONE)) do
    contact.tell_monitor(c, supervisor, 'stop', 'over')
  end
  c.monitors = nil
end

function contact.move(c, state)
  if c.monitors then
    contact.end_monitors(c)
  end
  if COUNTED[c.state] then
    count(c.state .. '|' .. c.queue, -1)
  end
  if COUNTED[state] then
    count(state .. '|' .. c.queue, 1)
  end
  c.state = state
  contact.changed(c)
end

-- How long it was in its owner's hands until an instant.
function contact.handle_ms(c, at)
  return (c.worked_ms or 0) + (c.assigned_at and at - c.assigned_at or 0)
end

-- Due: entry + target - priority x credit; a tier comes before every due time of a lower one. The
-- target is the contact's own, else its queue's.
function contact.schedule(c)
  local q = queue.load(c.queue)
  c.due = contact.due_at(c.entered, c, c.priority, q)
  contact.place(c)
end

function contact.due_at(entered, asked, priority, q)
  return entered + (asked.target_ms or q.target_ms) - priority * q.priority_credit_ms
end

function contact.score_of(due, tier)
  return due - tier * TIER_SPAN
end

-- Its place follows from its due time and its tier.
function contact.place(c)
  c.score = contact.score_of(c.due, c.tier)
end

-- Before everybody of its tier or below who waits in its line now, or without a line is held in its queue.
function contact.schedule_front(c)
  contact.schedule(c)
  local from = -(c.tier + 0.5) * TIER_SPAN
  local head
  if c.line then
    head = line.head_from(c.line, from)
  else
    head = hold.head_from(c.queue, from)
  end
  if head and head <= c.score then
    c.score = head - 1
    c.due = c.score + c.tier * TIER_SPAN
  end
end

function contact.is_cooling(c, agent_id)
  local t = c.tried[agent_id]
  return t ~= nil and t['until'] > cx.now
end

-- Remembers a failure between this contact and this agent; the cool-down doubles each time.
function contact.remember(c, agent_id, base_ms, max_ms)
  local t = c.tried[agent_id] or { n = 0 }
  t.n = t.n + 1
  t['until'] = cx.now + math.min(base_ms * 2 ^ (t.n - 1), max_ms)
  c.tried[agent_id] = t
  return t['until']
end

-- The earliest end of a cool-down that is still running.
function contact.next_cooled(c)
  local earliest
  for _, t in pairs(c.tried) do
    local over = t['until']
    if over > cx.now and (not earliest or over < earliest) then
      earliest = over
    end
  end
  return earliest
end

local LINKS_MAX = 20 -- of one contact

function contact.can_link(c)
  return #(c.links or NONE) < LINKS_MAX
end

-- Notes that the contact has to do with another one: `kind` says how.
function contact.link(c, kind, other)
  local links = { unpack(c.links or NONE) } -- events hold the old list
  links[#links + 1] = { kind = kind, contact = other }
  c.links = links
  contact.changed(c)
end

-- What an offer shows; `note` is from who hands it on.
function contact.card(c, note)
  return {
    address = c.address,
    subject = c.subject,
    origin = c.origin,
    customer = c.customer,
    attributes = c.attributes,
    priority = c.priority,
    arrived = c.arrived,
    entered = c.entered,
    customer_since = c.customer_since,
    response_by = c.response_by,
    callback = c.callback,
    note = note or c.note,
  }
end
