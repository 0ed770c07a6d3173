-- Mending where a contact stands, its conversation and its timers: what its record calls for, and nothing else.

-- The entries that its record calls for, as 'index name' -> score; nil elsewhere.
local function places_of(c)
  local member, places = line.member(c), {}
  if c.state == 'queued' then
    places['w:' .. c.line .. ' ' .. member] = c.score
    places['wq:' .. c.queue .. ' ' .. c.id] = c.since
  elseif c.state == 'held' then
    places['hq:' .. c.queue .. ' ' .. member] = c.score
  elseif c.state == 'scheduled' then
    places['sq:' .. c.queue .. ' ' .. c.id] = c.not_before
  elseif c.state == 'waiting_customer' then
    places['aq:' .. c.queue .. ' ' .. c.id] = c.asked_at
    places['aa:' .. c.owner .. ' ' .. c.id] = c.asked_at
  elseif broadcast.is_short(c) then
    places['br:' .. c.line .. ' ' .. member] = c.score
  end
  return places
end

-- It stands there and nowhere else: in `places` it was found besides.
function mend.contact_places(c, was_line, places)
  local expected, member = places_of(c), line.member(c)
  for _, at in ipairs({
    { 'wq:' .. c.queue, c.id },
    { 'sq:' .. c.queue, c.id },
    { 'aq:' .. c.queue, c.id },
    { 'aa:' .. (c.owner or ''), c.id },
    { 'hq:' .. c.queue, member },
    c.line and { 'w:' .. c.line, member } or nil,
    c.line and { 'br:' .. c.line, member } or nil,
  }) do
    mend.score(at[1], at[2], expected[at[1] .. ' ' .. at[2]])
  end
  if was_line and was_line ~= c.line then
    mend.score('w:' .. was_line, member, nil)
  end
  for _, at in ipairs(places) do
    if at[1] ~= 'timers' then
      mend.score(at[1], at[2], expected[at[1] .. ' ' .. at[2]])
    end
  end
  local short = broadcast.is_short(c) and c.line or nil
  if c.short ~= short then
    c.short = short
    mend.note('it was said to ring too few in ', tostring(c.short))
  end
  mend.lead(c)
end

-- The timers that its record calls for; `true` where no record tells the instant.
local function timers_of(c)
  local due, state = {}, c.state
  for _, o in ipairs(c.ringing or NONE) do
    due['o|' .. c.id .. '|' .. int(o.n)] = o.deadline
  end
  due['b|' .. c.id] = state == 'offered' and c.widen_at or nil
  due['v|' .. c.id] = c.lease_ms and state ~= 'wrap_up' and state ~= 'closed' and true or nil
  due['e|' .. c.id] = c.step_at
  due['w|' .. c.id] = state == 'wrap_up' and (c.wrap_until or cx.now) or nil
  due['h|' .. c.id] = state == 'scheduled' and c.look_at or state == 'held' and c.held_until or nil
  due['d|' .. c.id] = state == 'queued' and c.direct_until or state == 'offered' and c.direct and true or nil
  due['u|' .. c.id] = state == 'waiting_customer' and c.no_answer_at or nil
  due['r|' .. c.id] = state == 'queued' and c.retry or nil
  due['t|' .. c.id] = c.response and c.response.at
  return due
end

local LETTERS = { 'b', 'v', 'e', 'w', 'h', 'd', 'r', 'u', 't' }

function mend.contact_timers(c, places)
  local due, names = timers_of(c), {}
  for name in pairs(due) do
    names[name] = true
  end
  for _, letter in ipairs(LETTERS) do
    names[letter .. '|' .. c.id] = true
  end
  for _, at in ipairs(places) do
    if at[1] == 'timers' then
      names[at[2]] = true
    end
  end
  for _, name in ipairs(sorted_keys(names)) do
    if due[name] ~= true then
      mend.score('timers', name, due[name])
    elseif string.sub(name, 1, 1) == 'v' then
      mend.timer(name, cx.now + c.lease_ms)
    end
  end
end
