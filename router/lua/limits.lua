-- Limits: which arrivals a queue takes in, when those who wait leave because nobody is there, and which
-- queues a queue sends contacts on to. `n` counts for each queue its members who are not offline
-- (`here|<queue>`) and those who are ready, busy or not (`up|<queue>`).

local LEAVE_BATCH = 64 -- contacts that leave in one go, so that no call is long

local COUNTER = { nobody_logged_in = 'here|', nobody_ready = 'up|' }
local ASKED_BY = { logged_in = 'nobody_logged_in', ready = 'nobody_ready' }

-- Whether it is so of the queue now: `nobody_logged_in` or `nobody_ready`.
function limits.is_so(condition, queue_id)
  local name = COUNTER[condition] .. queue_id
  local stored = tonumber(redis.call('HGET', cx.p .. 'n', name)) or 0
  return stored + (cx.counts[name] or 0) == 0
end

-- A queue that is named, exists and handles contacts, or nil: a setting may name one that is still to
-- be made.
function limits.existing(queue_id)
  local q = queue_id and queue_id ~= '' and queue.load(queue_id)
  return q and q.handles and queue_id or nil
end

-- Whether four of five would wait less than the arrival may: by its place in its line, behind all who are
-- due before it. While an agent is ready it does not wait; of a line that is still to be made, that is
-- asked of its queue's agents.
local function is_too_long(q, queue_id, args)
  if q.estimated_wait_max_ms == 0 or args.agents then
    return false
  end
  local base, id = line.base(queue_id, args.channel), line.id(queue_id, args.channel, args)
  if agent.count_ready(line.is_known(queue_id, id) and id or base) > 0 then
    return false
  end
  local due = contact.due_at(cx.now, args, intake.priority(args), q)
  local place = line.count_below(id, contact.score_of(due, args.tier)) + 1
  local _, p80 = estimate.wait(id, place)
  return p80 ~= nil and p80 > q.estimated_wait_max_ms
end

local function obstacle(q, queue_id, args)
  local condition = ASKED_BY[q.join_when]
  if condition and limits.is_so(condition, queue_id) then
    return condition
  elseif q.length_max > 0 and line.count_waiting(queue_id) >= q.length_max then
    return 'full'
  elseif is_too_long(q, queue_id, args) then
    return 'estimated_wait'
  end
end

-- Where an arrival goes that may not join: nil when it may, else `to` a queue or `refused`.
function limits.gate(queue_id, args)
  local q = queue.load(queue_id)
  local reason = obstacle(q, queue_id, args)
  if not reason then
    return nil
  end
  local to = limits.existing(q.overflow_to)
  return {
    to = to,
    reason = reason,
    refused = not to and { outcome = 'refused', why = reason, queue = queue_id } or nil,
  }
end

-- The queues that a queue sends contacts on to, each with the setting that names it.
function limits.edges(settings)
  local edges = {}
  local function add(field, to)
    if to and to ~= '' then
      edges[#edges + 1] = { field = field, to = to }
    end
  end
  add('escalate_to', settings.escalate_to)
  add('overflow_to', settings.overflow_to)
  if settings.closed == 'divert' then
    add('closed_to', settings.closed_to)
  end
  for i, one in ipairs(settings.steps or NONE) do
    add('steps[' .. i - 1 .. '].to_queue', one.to_queue)
  end
  return edges
end

-- Whether no circle can be reached from a queue. `known` keeps what was found of each, for all changes of
-- one call: false while the search goes on, so who comes back to it has found a circle.
function limits.is_clear(queue_id, settings_of, known)
  if known[queue_id] == nil then
    known[queue_id] = false
    local own, is_clear = settings_of(queue_id), true
    for _, edge in ipairs(own and limits.edges(own) or NONE) do
      is_clear = limits.is_clear(edge.to, settings_of, known) and is_clear
    end
    known[queue_id] = is_clear
  end
  return known[queue_id]
end

-- A way so far, with one more edge: `mixed`, or only diversions while closed, by one calendar or several.
local function kind_of(edge, calendar_id, before, first_calendar)
  if edge.field ~= 'closed_to' or before and before.kind == 'mixed' then
    return 'mixed'
  end
  local is_other = before and before.kind == 'several' or calendar_id ~= first_calendar
  return is_other and 'several' or 'one'
end

local function way_to(goal, edge)
  local path = { goal }
  while edge do
    table.insert(path, 1, edge.from)
    edge = edge.before
  end
  return path
end

-- The shortest way on which contacts would come back to a queue with these settings, and the setting
-- that begins it; nil when there is none. A circle of diversions while closed is none when not all are
-- by one calendar: it ends where it is open. Looks at most three times at each queue that can be
-- reached; `settings_of` tells the settings of any other one.
function limits.loop(queue_id, settings, settings_of)
  local found, seen = {}, {}
  local function look(from, own, before)
    for _, edge in ipairs(limits.edges(own)) do
      edge.from, edge.before = from, before
      edge.first = before and before.first or edge.field
      edge.kind = kind_of(edge, own.calendar, before, settings.calendar)
      local mark = edge.kind .. '|' .. edge.to
      if edge.to == queue_id and edge.kind ~= 'several' then
        return edge
      elseif edge.to ~= queue_id and not seen[mark] then
        seen[mark] = true
        found[#found + 1] = edge
      end
    end
  end
  local back = look(queue_id, settings)
  local i = 1
  while not back and found[i] do
    local own = settings_of(found[i].to)
    back = own and look(found[i].to, own, found[i])
    i = i + 1
  end
  if back then
    return way_to(queue_id, back), back.first
  end
end

-- Queues named by a queue's settings that do not exist, or handle no contacts: they are left out.
function limits.missing_targets(settings)
  local missing, seen = {}, {}
  for _, edge in ipairs(limits.edges(settings)) do
    if not seen[edge.to] and not limits.existing(edge.to) then
      seen[edge.to] = true
      missing[#missing + 1] = edge.to
    end
  end
  return missing
end

-- Whether those who wait in the queue are to leave it now.
function limits.is_left(q, queue_id)
  return q.leave_when ~= 'never' and limits.is_so(q.leave_when, queue_id)
end

-- Before the commit: of the queues that somebody left, or where somebody came to wait, those that are
-- left alone get the timer by which their contacts leave.
function limits.look_at_deserted()
  for queue_id in pairs(cx.deserted) do
    local q = queue.load(queue_id)
    if q and limits.is_left(q, queue_id) and line.count_waiting(queue_id) > 0 then
      timer.set_if_new('q|' .. queue_id, cx.now)
    end
  end
end

-- Those who wait longest leave first; who is rung is not touched. More of them leave at the next tick,
-- unless somebody has come back.
on_due.q = function(queue_id)
  local q = queue.load(queue_id)
  if not q or not limits.is_left(q, queue_id) then
    return
  end
  for _, id in ipairs(line.list_waiting(queue_id, 0, LEAVE_BATCH - 1)) do
    arrival.overflow(contact.load(id), q, q.leave_when, 'overflowed')
  end
  cx.deserted[queue_id] = true
end
