-- Response clocks: by when a customer who waits for an answer of ours is to have it, by his queue's
-- targets. `c.response` is the clock of this waiting: its `queue`, `from` (when it began), `at` (its timer)
-- and what was `told`; `c.response_by` the deadline, if there is a target.

local RUNS = { queued = true, offered = true, assigned = true }

function response.runs(c)
  return c.customer_since ~= nil and RUNS[c.state] == true
end

local function set_timer(c, at)
  c.response.at = at and math.max(at, cx.now)
  if at then
    timer.set('t|' .. c.id, c.response.at)
  end
end

local function clear_timer(c)
  if c.response.at then
    timer.clear('t|' .. c.id)
  end
end

-- The first timer: the warning's, unless it was told already.
local function first_at(c, q, from, target)
  if c.response.told == 'late' then
    return nil
  elseif c.response.told then
    return c.response_by
  end
  return from + math.floor(target * q.response_warn_pct / 100)
end

local function begin(c, from, told)
  local q, had = queue.load(c.queue), c.response_by
  local kind = c.answered and 'next' or 'first'
  local target = kind == 'next' and q.next_response_ms or q.first_response_ms
  c.response = { queue = c.queue, from = from, told = told }
  c.response_by = target > 0 and from + target or nil
  if c.response_by then
    set_timer(c, first_at(c, q, from, target))
  end
  if c.response_by or had then
    emit({
      e = 'contact.response_clock',
      contact = c.id,
      queue = c.queue,
      agent = c.owner,
      kind = kind,
      since = from,
      response_by = c.response_by,
    })
  end
  contact.changed(c)
end

-- The clock follows what the contact is now: it begins with the wait, or when the contact comes out of a
-- state in which it rests. Another queue's targets count from the same instant, and tell nothing twice.
function response.follow(c)
  local r = c.response
  if not response.runs(c) then
    if r then
      clear_timer(c)
      c.response, c.response_by = nil, nil
    end
  elseif not r then
    begin(c, cx.now)
  elseif r.queue ~= c.queue then
    clear_timer(c)
    begin(c, r.from, r.told)
  end
end

-- All that a step has changed, before it is written.
function response.follow_all()
  for _, id in ipairs(sorted_keys(cx.changed_contacts)) do
    response.follow(cx.changed_contacts[id])
  end
end

-- Whether an answer now is in time, or nil where there is no target.
function response.is_met(c)
  return c.response_by and cx.now < c.response_by
end

local function tell(c, name)
  emit({
    e = name,
    contact = c.id,
    queue = c.queue,
    agent = c.owner,
    since = c.response.from,
    response_by = c.response_by,
  })
end

on_due.t = function(id)
  local c = contact.load(id)
  local r = c and c.response
  if not r or not response.runs(c) or r.queue ~= c.queue then
    return -- what else was due has changed it: its clock is set anew before this is written
  end
  local is_late = cx.now >= c.response_by
  r.told = is_late and 'late' or 'due'
  set_timer(c, not is_late and c.response_by or nil)
  contact.changed(c)
  tell(c, is_late and 'contact.response_late' or 'contact.response_due')
end
