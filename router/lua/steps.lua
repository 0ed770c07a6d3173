-- Steps: what becomes of a contact as its wait goes on: its own relaxations (`relax`), its queue's
-- steps, and the longest wait. Times count from `joined`, when it came to its queue. `stepped` and
-- `relaxed` are the times up to which they were applied; `step_at` is the instant of its timer, and
-- `late` tells that the timer came while it was rung: what is due is made up for when it waits again.

-- The first of a list after a time, or `earliest` when that is before it.
local function first_after(list, after, earliest)
  for _, one in ipairs(list) do
    if one.after_ms > after and (not earliest or one.after_ms < earliest) then
      earliest = one.after_ms
    end
  end
  return earliest
end

-- One timer, for whatever comes first; none when nothing will.
local function set_timer(c)
  local q = queue.load(c.queue)
  local after = q.wait_max_ms > 0 and q.wait_max_ms or nil
  after = first_after(q.steps, c.stepped or 0, after)
  after = first_after(c.relax or NONE, c.relaxed or 0, after)
  local at = after and math.max(c.joined + after, cx.now) -- new relaxations may be due already
  if at == c.step_at then
    return
  elseif at then
    timer.set('e|' .. c.id, at)
  else
    timer.clear('e|' .. c.id)
  end
  c.step_at = at
  contact.changed(c)
end

-- It comes to its queue now.
function steps.begin(c)
  c.joined, c.stepped, c.late = cx.now, nil, nil
  set_timer(c)
end

-- What it asks less as it waits, instead of what it would have asked less.
function steps.relax(c, relax)
  c.relax, c.relaxed = #relax > 0 and relax or nil, nil
  if c.state == 'queued' or c.state == 'offered' then
    set_timer(c)
  end
end

-- It waits no more.
function steps.stop(c)
  if c.step_at then
    timer.clear('e|' .. c.id)
    c.step_at = nil
  end
  c.late = nil
end

local function add_due(due, source, list, after, upto)
  for i, one in ipairs(list) do
    if one.after_ms > after and one.after_ms <= upto then
      due[#due + 1] = { source = source, index = i, step = one }
    end
  end
end

-- By time; a contact's own before its queue's; then as they are listed.
local function comes_before(x, y)
  if x.step.after_ms ~= y.step.after_ms then
    return x.step.after_ms < y.step.after_ms
  elseif x.source ~= y.source then
    return x.source == 'contact'
  end
  return x.index < y.index
end

-- Less of each skill is asked: 1 at least.
local function lowered(skills, by)
  local asked = {}
  for skill, level in pairs(skills) do
    asked[skill] = math.max(level - (by[skill] or 0), 1)
  end
  return asked
end

-- What is asked after a step. Of whom a dropped skill was one alternative, nothing is asked there.
local function relaxed(c, one)
  local by, dropped, any_of = one.lower or NONE, {}, {}
  for _, skill in ipairs(one.drop or NONE) do
    dropped[skill] = true
  end
  local requirements = lowered(one.requirements or c.requirements, by)
  for skill in pairs(dropped) do
    requirements[skill] = nil
  end
  for _, clause in ipairs(one.any_of or c.any_of or NONE) do
    local is_asked = true
    for skill in pairs(clause) do
      is_asked = is_asked and not dropped[skill]
    end
    if is_asked then
      any_of[#any_of + 1] = lowered(clause, by)
    end
  end
  return requirements, any_of
end

local function change_line(c, one)
  arrival.leave_line(c)
  c.requirements, c.any_of = relaxed(c, one)
  c.tier = math.max(c.tier, one.tier or 0)
  if not c.direct then
    lines.assign(c)
  end
  contact.place(c)
end

local function tell(c, source, one, to)
  emit({
    e = 'contact.step',
    contact = c.id,
    queue = c.queue,
    source = source,
    after_ms = one.after_ms,
    line = c.line,
    due = c.due,
    entered = c.entered,
    tier = c.tier,
    requirements = c.requirements,
    any_of = c.any_of,
    to = to,
  })
  if one.notify then
    emit({
      e = 'contact.notified',
      contact = c.id,
      queue = c.queue,
      text = one.notify,
      wait_ms = cx.now - c.since,
    })
  end
end

-- Applies one step; answers whether the contact still waits in its queue.
local function apply(c, source, one)
  c[source == 'queue' and 'stepped' or 'relaxed'] = one.after_ms
  contact.changed(c)
  if one.when and not limits.is_so(one.when, c.queue) then
    return true
  end
  if one.requirements or one.any_of or one.drop or one.lower or one.tier then
    change_line(c, one)
  end
  local to = limits.existing(one.to_queue)
  tell(c, source, one, to)
  if one.hand_back then
    c.instruction = one.hand_back
    arrival.give_up(c, 'overflowed', 'hand_back')
    return false
  elseif to then
    arrival.move(c, to, 'step')
    return false
  end
  return true
end

-- All that is due, in its order; a step after the longest wait never comes.
local function run(c)
  local q = queue.load(c.queue)
  local waited = cx.now - c.joined
  local is_over = q.wait_max_ms > 0 and waited >= q.wait_max_ms
  local upto, due = is_over and q.wait_max_ms or waited, {}
  add_due(due, 'queue', q.steps, c.stepped or 0, upto)
  add_due(due, 'contact', c.relax or NONE, c.relaxed or 0, upto)
  table.sort(due, comes_before)
  for _, one in ipairs(due) do
    if not apply(c, one.source, one.step) then
      return
    end
  end
  if is_over then
    arrival.overflow(c, q, 'wait', 'expired')
  else
    set_timer(c)
  end
end

-- It waits again: what came while it was rung is made up for.
function steps.resume(c)
  if c.late then
    c.late = nil
    run(c)
  end
end

on_due.e = function(id)
  local c = contact.load(id)
  if not c then
    return
  end
  c.step_at = nil
  contact.changed(c)
  if c.state == 'queued' then
    run(c)
  elseif c.state == 'offered' then
    c.late = true
    broadcast.touch(c)
  end
end
