-- match: every transition ends by matching what it touched. First the contacts that came to wait look
-- for a ready agent, in the order of their scores; then the agents who may have room look for the
-- contact that is due first on any of their lines, in the order of their turns. When several have room,
-- a contact goes to the one who is first in its line's row. Last, contacts that may ring several agents
-- ring those for whom nobody waits. Whoever took a contact unasked gives up what rings him and is
-- interrupted by it: that is matched again.
-- args:
-- moves: contact queued>offered, offered>assigned, offered>queued, queued>queued, queued>closed
--   · offer new>pending, pending>accepted, pending>revoked
-- events: offer.made, contact.unreachable, offer.accepted, contact.assigned, work.interrupted, work.resumed,
--   offer.revoked, contact.queued, contact.step, contact.notified, contact.closed, line.made
-- outcomes:

local NOBODY = {}

function match.touch_contact(c)
  cx.touched_contacts[c.id] = c
end

function match.touch_agent(a)
  cx.touched_agents[a.id] = a
end

local function by_score(x, y)
  local x_score = x.score - queue.load(x.queue).credit_ms
  local y_score = y.score - queue.load(y.queue).credit_ms
  if x_score ~= y_score then
    return x_score < y_score
  end
  return line.member(x) < line.member(y)
end

local function by_turn(x, y)
  local x_turn, y_turn = x.turn or 0, y.turn or 0
  if x_turn ~= y_turn then
    return x_turn < y_turn
  end
  return x.id < y.id
end

local function in_order(touched, comes_before)
  if next(touched) == nil then
    return NOBODY
  end
  local list = {}
  for _, record in pairs(touched) do
    list[#list + 1] = record
  end
  table.sort(list, comes_before)
  return list
end

local function tried_count(c)
  local count_of = 0
  for _ in pairs(c.tried) do
    count_of = count_of + 1
  end
  return count_of
end

-- The first two of the row whom the contact would call: those who have not failed it, then those whose
-- cool-down is over. In as many as have failed it and two more, there are two others, or all are seen.
local function first_two(c)
  local found = agent.first_scored(c.line, tried_count(c) + 2)
  local fresh, cooled = {}, {}
  for i = 1, #found, 2 do
    local id = found[i]
    local group = not c.tried[id] and fresh or not contact.is_cooling(c, id) and cooled
    if group and #group < 2 then
      group[#group + 1] = { agent = id, rank = (i + 1) / 2, score = tonumber(found[i + 1]) }
    end
  end
  return found, fresh[1] or cooled[1], fresh[2] or (fresh[1] and cooled[1] or cooled[2])
end

-- Those before the one who is called: they have failed this contact, and are left alone until then.
local function passed_over(c, found, rank)
  local passed = rank > 1 and {} or nil
  for i = 1, rank - 1 do
    local id = found[2 * i - 1]
    passed[i] = { agent = id, ['until'] = c.tried[id]['until'] }
  end
  return passed
end

-- The first ready agent who has not failed this contact; else the first whose cool-down is over. Also
-- who was passed over, and who would have been called without him.
local function pick_agent(c)
  local found, first, second = first_two(c)
  if not first then
    return nil
  end
  local spare = second and { agent = second.agent, score = second.score }
  return first.agent, first.rank, { passed = passed_over(c, found, first.rank), next = spare }
end

-- The first of its agents, in the order in which it would have them.
local function match_personal(c)
  for _, id in ipairs(c.direct) do
    if agent.verdict(agent.load(id), c.channel) == 'ok' and not contact.is_cooling(c, id) then
      return id, 1
    end
  end
end

-- Told once for each line: it waits where nobody, present or not, could ever serve it.
local function tell_unreachable(c)
  if c.direct then
    return
  end
  local dead_end = agent.reach(c.line) == 0 and c.line or nil
  if c.dead_end ~= dead_end then
    c.dead_end = dead_end
    contact.changed(c)
    if dead_end then
      emit({ e = 'contact.unreachable', contact = c.id, queue = c.queue, channel = c.channel, line = c.line })
    end
  end
end

-- The contact stays in its line; a running cool-down sets the instant to look again.
local function wait(c)
  tell_unreachable(c)
  if cx.fresh[c.id] then
    line.enter(c)
    cx.deserted[c.queue] = true
  end
  local again = contact.next_cooled(c)
  if again and again ~= c.retry then
    c.retry = again
    timer.set('r|' .. c.id, again)
    contact.changed(c)
  end
end

-- Who is called for the contact: its first, by its line's row and by what it remembers.
function match.first_for(c)
  if c.direct then
    return match_personal(c)
  end
  return pick_agent(c)
end

local function match_contact(c)
  local id, rank, beside = match.first_for(c)
  if not id then
    return wait(c)
  end
  if not cx.fresh[c.id] then
    line.leave(c)
  end
  local a = agent.load(id)
  local kind = c.direct and 'direct' or 'queue'
  local side = kind == 'direct' and 'direct' or 'contact'
  offer.make(c, a, { kind = kind, side = side, rank = rank, beside = beside })
  lines.restand(a)
end

local credits -- of the agent who looks

-- Calls `look` with each line that the agent has room for, and a rank in it.
local function each_open_line(a, look)
  local mine
  mine, credits = lines.of(a)
  for channel, ids in pairs(mine) do
    if agent.verdict(a, channel) == 'ok' then
      for _, id in ipairs(ids) do
        look(id)
      end
    end
  end
  for id in pairs(a.direct) do
    local _, channel = line.parse(id)
    if line.length(id) == 0 then
      a.direct[id] = nil
      agent.changed(a)
    elseif agent.verdict(a, channel) == 'ok' then
      look(id)
    end
  end
end

-- Who waits at a rank of a line, and when he is due for this agent: a queue may be credited. Within a
-- line the order is the same for all.
local function waits_at(id, rank)
  local member, score = line.at(id, rank)
  if member and credits then
    score = score - (credits[line.queue_of(id)] or 0)
  end
  return member, score
end

local best, best_score -- the first of all heads looked at

local function look(id)
  local member, score = waits_at(id, 0)
  if member and (not best or score < best_score or (score == best_score and member < best)) then
    best, best_score = member, score
  end
end

local heads -- for an agent who has failed the first one: each line with the rank looked at

local function collect(id)
  local head = { id = id, rank = 0 }
  head.member, head.score = waits_at(id, 0)
  heads[#heads + 1] = head
end

local function first_due()
  local first
  for _, head in ipairs(heads) do
    if head.member then
      if
        not first
        or head.score < first.score
        or (head.score == first.score and head.member < first.member)
      then
        first = head
      end
    end
  end
  return first
end

-- Passes over those that are cooling for him: as many as he has failed, whatever waits behind.
local function pick_beyond(a)
  heads = {}
  each_open_line(a, collect)
  local skipped = 0
  local head = first_due()
  while head do
    local c = contact.load(line.contact_of(head.member))
    if not contact.is_cooling(c, a.id) then
      return c, skipped
    end
    skipped = skipped + 1
    head.rank = head.rank + 1
    head.member, head.score = waits_at(head.id, head.rank)
    head = first_due()
  end
end

-- The contact due first on any of his lines that is not cooling for him, and how many were passed over.
local function pick_contact(a)
  best = nil
  each_open_line(a, look)
  if not best then
    return nil
  end
  local c = contact.load(line.contact_of(best))
  if contact.is_cooling(c, a.id) then
    return pick_beyond(a)
  end
  return c, 0
end

local function take(a, c, skipped)
  line.leave(c)
  offer.make(c, a, { kind = c.direct and 'direct' or 'queue', side = 'agent', rank = skipped + 1 })
end

-- Only he has room for what waits: nobody stands before him, and he need not stand himself.
local function serve_alone(a)
  local c, skipped = pick_contact(a)
  while c do
    take(a, c, skipped)
    c, skipped = pick_contact(a)
  end
  lines.place(a)
end

local HOPS_MAX = 8

-- One contact for one of several who stand: what is due first for this agent goes to whom its line's row
-- calls, unless something else is due first for him; then that is looked at, and so on.
local function serve_next(a)
  local c, skipped = pick_contact(a)
  if not c then
    return false
  end
  for _ = 1, HOPS_MAX do
    local first = match.first_for(c)
    if first == a.id then
      break
    end
    a = agent.load(first)
    local own
    own, skipped = pick_contact(a)
    if own == c then
      break
    end
    c = own
  end
  take(a, c, skipped)
  lines.place(a)
  return true
end

local function serve(agents)
  local hungry = {}
  for _, a in ipairs(agents) do
    if pick_contact(a) then
      hungry[#hungry + 1] = a
    else
      lines.place(a)
    end
  end
  if #hungry == 1 then
    return serve_alone(hungry[1])
  end
  for _, a in ipairs(hungry) do
    lines.place(a)
  end
  for _, a in ipairs(hungry) do
    local goes_on = true
    while goes_on do
      goes_on = serve_next(a)
    end
  end
end

local function match_rings(agents)
  for _, c in ipairs(in_order(cx.wide, by_score)) do
    broadcast.fill(c)
  end
  if cx.meta.short > 0 then
    table.sort(agents, by_turn)
    for _, a in ipairs(agents) do
      broadcast.join(a)
    end
  end
end

local function match_touched()
  local agents = in_order(cx.touched_agents, by_turn)
  local contacts = in_order(cx.touched_contacts, by_score)
  for _, a in ipairs(agents) do
    if #contacts > 0 then
      lines.restand(a)
    else
      agent.withdraw(a, (lines.of(a)))
    end
  end
  for _, c in ipairs(contacts) do
    if c.state == 'queued' then
      match_contact(c)
    end
  end
  if #agents == 1 then
    serve_alone(agents[1])
  else
    serve(agents)
  end
  match_rings(agents)
end

-- Contacts were taken as they were offered: what they interrupt and still rings comes to wait again.
local function make_way()
  local crowded = {}
  for i, one in ipairs(cx.crowded) do
    crowded[i] = one
  end
  wipe(cx.crowded)
  wipe(cx.touched_contacts)
  wipe(cx.touched_agents)
  wipe(cx.wide)
  wipe(cx.fresh)
  for _, one in ipairs(crowded) do
    offer.revoke_all(one.agent, 'interrupted', agent.gives_way(one.agent, one.channel) or NONE)
  end
end

function match.run()
  match_touched()
  while cx.crowded[1] do -- ends: channels do not interrupt one another in a circle
    make_way()
    match_touched()
  end
  limits.look_at_deserted()
end
