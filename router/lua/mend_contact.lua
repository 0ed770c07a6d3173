-- Mending a contact: its record is believed, and all that follows from it is made so. Where its record and
-- an agent's contradict each other, he gets it back if he has room; else it waits again, at its place.

local function zero()
  return 0
end

local FIELDS = {
  tier = { 'number', zero },
  priority = { 'number', zero },
  offers = { 'number', zero },
  failures = { 'number', zero },
  tried = { 'table', mend.empty },
  requirements = { 'table', mend.empty },
}
local NUMBERS = {
  'since', 'due', 'score', 'joined', 'stepped', 'relaxed', 'step_at', 'width', 'widen_at', 'retry', 'direct_until',
  'wrap_until', 'held_until', 'not_before', 'look_at', 'lease_ms', 'target_ms', 'accepted', 'assigned_at', 'arrived',
  'asked_at', 'no_answer_at', 'worked_ms', 'customer_since', 'response_by', 'episode',
}
local STRINGS =
  { 'queue', 'channel', 'line', 'owner', 'follows', 'followed_by', 'note', 'customer', 'conversation' }
local TABLES =
  { 'any_of', 'ringing', 'relax', 'consult', 'direct', 'monitors', 'links', 'participants', 'messages' }
local KINDS = { { 'number', NUMBERS }, { 'string', STRINGS }, { 'table', TABLES } }
for k = 1, #KINDS do
  local kind, names = KINDS[k][1], KINDS[k][2]
  for i = 1, #names do
    FIELDS[names[i]] = { kind }
  end
end

local RINGS = { offered = { queue = true, direct = true }, assigned = { transfer = true, consult = true } }
local BY_HAND = RINGS.assigned
local HOLDS = { assigned = 'assigned', waiting_customer = 'waiting_customer', wrap_up = 'wrap_up' }

local TIER_MAX = 100

local function is_try(t)
  return type(t) == 'table' and type(t.n) == 'number' and type(t['until']) == 'number'
end

local function is_offer(o)
  return type(o) == 'table'
    and type(o.n) == 'number'
    and type(o.agent) == 'string'
    and type(o.deadline) == 'number'
    and type(o.made) == 'number'
    and type(o.kind) == 'string'
end

local function is_link(one)
  return type(one) == 'table' and type(one.contact) == 'string' and type(one.kind) == 'string'
end

local function is_level(value)
  return type(value) == 'number'
end

-- Makes the record one that can be worked with.
local function make_sound(c, id)
  local what = 'contact ' .. id
  mend.fields(what, c, FIELDS)
  mend.entries(what, c.tried, is_try)
  mend.entries(what, c.requirements, is_level)
  mend.entries(what, c.relax or NONE, mend.is_step)
  mend.entries(what, c.links or NONE, is_link)
  mend.entries(what, c.participants or NONE, mend.is_name)
  mend.entries(what, c.messages or NONE, mend.is_name)
  if c.id ~= id then
    mend.note(what, ' had another id')
    c.id = id
  end
  if type(c.entered) ~= 'number' then
    mend.note(what, ' had no entry')
    c.entered = c.since or c.arrived or cx.now
  end
  local of_line = c.line and { string.match(c.line, '^([^|]*)|([^|]*)|') } or NONE
  if (c.queue or '') == '' or c.state ~= 'closed' and not queue.load(c.queue) then
    mend.note(what, ' had no queue')
    c.queue = of_line[1] and queue.load(of_line[1]) and of_line[1] or config.tenant().default_queue
  end
  if c.tier < 0 or c.tier > TIER_MAX then
    mend.note(what, ' had tier ', tostring(c.tier))
    c.tier = 0
  end
  if (c.channel or '') == '' then
    mend.note(what, ' had no channel')
    c.channel = of_line[2] or next(config.tenant().channels)
  end
end

local function take_back(a, c, kind)
  a.work[c.id] = { k = kind, ch = c.channel, u = config.cost(c.channel) }
  a.stale = nil -- where he stands is his own repair
  agent.changed(a)
  mend.note('agent ', a.id, ' did not hold it')
end

local function let_go(a, c)
  if a and a.work[c.id] then
    a.work[c.id] = nil
    agent.changed(a)
    mend.note('agent ', a.id, ' held it')
  end
end

-- Whether the agent may be rung by it; he holds its slot afterwards.
local function can_ring(c, o)
  local a = mend.sound_agent(o.agent)
  local is_there = a and (a.presence == 'ready' or BY_HAND[o.kind] and a.presence == 'not_ready')
  if not is_there or #a.sessions == 0 or a.id == c.owner then
    return false
  end
  local work = a.work[c.id]
  if type(work) == 'table' and work.k == 'offer' and work.ch == c.channel then
    return true
  elseif agent.absence(a) or agent.room(a, c.channel, c.id) ~= 'ok' then
    return false
  end
  take_back(a, c, 'offer')
  return true
end

local function revoke(c, o)
  mend.note('offer ', tostring(type(o) == 'table' and o.n), ' could not be pending')
  if is_offer(o) then
    timer.clear('o|' .. c.id .. '|' .. int(o.n))
    emit({
      e = 'offer.revoked',
      contact = c.id,
      agent = o.agent,
      offer = o.n,
      kind = o.kind,
      queue = c.queue,
      ring_ms = cx.now - o.made,
      reason = 'repaired',
    })
    if o.agent ~= c.owner then
      let_go(mend.sound_agent(o.agent), c)
    end
  end
end

-- How many may be rung at once.
local function width_of(c, kept)
  for _, o in ipairs(kept) do
    if o.kind ~= 'queue' then
      return 1
    end
  end
  return math.max(c.width or 1, 1)
end

-- Only offers that can be pending are.
local function mend_offers(c)
  local kinds, seen, kept, last = RINGS[c.state] or NONE, {}, {}, 0
  for _, o in ipairs(c.ringing or NONE) do
    if is_offer(o) and kinds[o.kind] and not seen[o.agent] and o.n > last and can_ring(c, o) then
      seen[o.agent], last = true, o.n
      kept[#kept + 1] = o
    else
      revoke(c, o)
    end
  end
  while #kept > width_of(c, kept) do
    revoke(c, table.remove(kept))
  end
  c.ringing = #kept > 0 and kept or nil
  if last > c.offers then
    mend.note('more offers were made than counted')
    c.offers = last
  end
end

-- Who is asked beside the owner takes part no more.
local function dismiss_guest(c)
  if c.consult then
    let_go(mend.sound_agent(c.consult.agent), c)
    colleague.tell_end(c, 'repaired')
  end
end

-- To wait again, at its place; the clock looks for an agent.
local function wait_again(c)
  local owner = c.owner
  dismiss_guest(c)
  for _, o in ipairs(c.ringing or NONE) do
    revoke(c, o)
  end
  broadcast.forget(c)
  personal.leave(c)
  contact.move(c, 'queued')
  c.owner, c.assigned_at, c.ringing, c.wrap_until = nil, nil, nil, nil
  c.freed, c.asked_at, c.no_answer_at = nil, nil, nil
  c.since = owner and cx.now or c.since or cx.now
  lines.assign(c)
  steps.begin(c)
  c.retry = cx.now
  offer.tell_queued(c, 'repaired', { agent = owner })
end

local function mend_owner(c)
  local kind = HOLDS[c.state]
  local a = mend.sound_agent(c.owner)
  local work = a and a.work[c.id]
  if type(work) == 'table' and work.k == kind and work.ch == c.channel then
    return
  elseif a and (work or agent.room(a, c.channel, c.id) == 'ok') then
    return take_back(a, c, kind)
  end
  mend.note('agent ', tostring(c.owner), ' could not hold it')
  if c.state == 'wrap_up' then
    ending.close(c, 'handled', 'repaired')
  else
    wait_again(c)
  end
end

local function mend_line(c)
  local is_direct = c.direct ~= nil and #c.direct > 0
  for _, id in ipairs(c.direct or NONE) do
    is_direct = is_direct and mend.sound_agent(id) ~= nil
  end
  if c.direct and not is_direct or not c.direct and c.direct_until then
    mend.note('it waited for agents who are not there')
    c.direct, c.direct_until, c.sticky = nil, nil, nil
  end
  local was = c.line
  if c.direct then
    c.direct_until = c.direct_until or cx.now
    c.line = line.personal(c.queue, c.channel, c.direct)
    for _, id in ipairs(c.direct) do
      local a = agent.load(id)
      if not (type(a.direct) == 'table' and a.direct[c.line]) then
        a.direct = type(a.direct) == 'table' and a.direct or {}
        a.direct[c.line] = true
        agent.changed(a)
        mend.note('agent ', id, ' did not know its line')
      end
    end
  else
    local id = line.id(c.queue, c.channel, c)
    if line.is_asking(c) and not line.is_known(c.queue, id) then
      mend.note('line ', id, ' was not known')
    end
    lines.assign(c)
  end
  if c.line ~= was then
    mend.note('it was in line ', tostring(was))
  end
end

local function mend_place(c)
  if not c.due then
    contact.schedule(c)
    mend.note('it was due at no time')
  end
  local score = contact.score_of(c.due, c.tier)
  if c.score ~= score then
    c.score = score
    mend.note('its score was not of its due time')
  end
end

-- Nothing is to happen in time to a contact that is to ask less.
local function mend_steps(c)
  if not c.joined then
    c.joined = cx.now
    mend.note('it had not joined its queue')
  end
  local next_at
  for _, one in ipairs(c.relax or NONE) do
    if one.after_ms > (c.relaxed or 0) then
      local at = math.max(c.joined + one.after_ms, cx.now) -- new ones may be due already
      next_at = math.min(next_at or at, at)
    end
  end
  if next_at and not c.late and (not c.step_at or c.step_at > next_at) then
    c.step_at = next_at
    mend.note('its next step had no instant')
  end
end

local mend_state = {}

function mend_state.queued(c)
  mend_line(c)
  mend_place(c)
  mend_steps(c)
  c.since = c.since or cx.now
end

function mend_state.offered(c)
  if not c.ringing then
    mend.note('it rang nobody')
    return wait_again(c)
  end
  mend_place(c)
  mend_steps(c)
end

-- Who is asked beside the owner holds a slot, too.
local function mend_guest(c)
  local a = c.consult and mend.sound_agent(c.consult.agent)
  local work = a and a.work[c.id]
  if not c.consult or type(work) == 'table' and work.k == 'consult' and work.ch == c.channel then
    return
  elseif a and agent.room(a, c.channel, c.id) == 'ok' then
    return take_back(a, c, 'consult')
  end
  mend.note('who was asked beside the owner is not there')
  dismiss_guest(c)
end

function mend_state.assigned(c)
  mend_guest(c)
  mend_owner(c)
end

mend_state.wrap_up = mend_owner

-- It keeps its owner; with a slot of his only where it is not `freed`.
function mend_state.waiting_customer(c)
  if not c.freed then
    mend_owner(c)
  elseif not mend.sound_agent(c.owner) then
    mend.note('its owner is not there')
    wait_again(c)
  end
  if c.state == 'waiting_customer' then
    c.asked_at = c.asked_at or cx.now
    c.no_answer_at = c.no_answer_at or cx.now + queue.load(c.queue).waiting_customer_ms
  end
end

function mend_state.held(c)
  mend_place(c)
  c.held_until = c.held_until or cx.now + config.tenant().held_max_ms
end

function mend_state.scheduled(c)
  c.not_before = c.not_before or clock.wall()
  c.look_at = c.look_at or cx.now
end

function mend_state.closed() end

-- What is left of a contact whose record is gone: those who knew it are told that it is lost, unless it
-- had ended and was let go.
local function forget(id, places, trace)
  for _, at in ipairs(places) do
    mend.score(at[1], at[2], nil)
  end
  if #mend.notes() > 0 and not trace then
    emit({ e = 'contact.lost', contact = id })
  end
end

-- The whole record: from here on it is what the journal says.
local function as_recorded(c)
  local copy = {}
  for name, value in pairs(c) do
    copy[name] = value
  end
  return copy
end

function mend.contact(id, places)
  local c = mend.record('c:' .. id)
  if not c or c.let_go then
    return forget(id, places, c)
  elseif not mend.STATES[c.state] then
    return nil, 'unrepairable'
  end
  make_sound(c, id)
  cx.contacts[id] = c
  local was = as_recorded(c)
  local was_line = c.line
  mend_offers(c)
  mend_state[c.state](c)
  mend.response(c)
  mend.contact_places(c, was_line, places)
  mend.contact_timers(c, places)
  if (redis.call('PTTL', cx.p .. 'c:' .. id) >= 0) ~= (c.state == 'closed') then
    mend.note('it had a time to live only when closed')
  end
  if #mend.notes() > 0 then
    contact.changed(c)
  end
  return was
end
