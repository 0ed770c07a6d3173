-- Broadcast: a contact of such a queue rings several agents at once, up to its width, which may grow with
-- time. Whoever accepts first has it. Its bells are rung when everybody who waits has had his chance: a
-- second bell never takes an agent whom somebody waits for. `br:<line>` holds those who ring fewer agents
-- than their width, by score, so that an agent who gets ready is rung at once; `short` in `meta` counts
-- them, so that tenants without any pay nothing.

local WIDTH_MAX = 100

-- It widens with the time since its first bell, whether it rang all along or went back to its line.
local function catch_up(c, q)
  if not c.widen_at or c.widen_at > cx.now then
    return
  end
  local every, add = q.broadcast_step_ms, q.broadcast_add
  if every == 0 or add == 0 then
    c.widen_at = nil
    return
  end
  local times = math.floor((cx.now - c.widen_at) / every) + 1
  c.width = math.min(c.width + times * add, WIDTH_MAX)
  c.widen_at = c.width < WIDTH_MAX and c.widen_at + times * every or nil
end

-- The contact, which rang nobody, is about to ring: in a broadcasting queue it has a width from now on.
function broadcast.begin(c, q)
  if c.width then
    catch_up(c, q)
  else
    local grows = q.broadcast_step_ms > 0 and q.broadcast_add > 0
    if q.broadcast_to == 1 and not grows then
      return
    end
    c.width = q.broadcast_to
    c.widen_at = grows and c.width < WIDTH_MAX and cx.now + q.broadcast_step_ms or nil
  end
  if c.widen_at then
    timer.set('b|' .. c.id, c.widen_at)
  end
  broadcast.touch(c)
end

local function count_short(by)
  cx.meta.short = cx.meta.short + by
  redis.call('HINCRBY', cx.p .. 'meta', 'short', int(by))
end

local function unlist(c)
  if c.short then
    redis.call('ZREM', cx.p .. 'br:' .. c.short, line.member(c))
    c.short = nil
    count_short(-1)
  end
end

-- A contact for which the next step of its wait is due lets its bells ring out, and rings no more.
function broadcast.is_short(c)
  return c.width ~= nil and c.state == 'offered' and #c.ringing < c.width and not c.late
end

-- Looked at again at the end of the step: it may ring more agents. One that may not is none of those
-- who could from now on: a line may be looked at meanwhile.
function broadcast.touch(c)
  if c.width then
    cx.wide[c.id] = c
    if not broadcast.is_short(c) then
      unlist(c)
    end
  end
end

-- Stands among those who could ring more agents, or does not.
local function relist(c)
  if c.short and (not broadcast.is_short(c) or c.short ~= c.line) then
    unlist(c)
  end
  if broadcast.is_short(c) then
    redis.call('ZADD', cx.p .. 'br:' .. c.line, int(c.score), line.member(c))
    if not c.short then
      c.short = c.line
      count_short(1)
    end
  end
  contact.changed(c)
end

-- Whether somebody rings fewer agents of the line than he may, or will at the end of this very step.
function broadcast.needs(line_id)
  for _, c in pairs(cx.wide) do
    if c.line == line_id and broadcast.is_short(c) then
      return true
    end
  end
  return cx.meta.short > 0 and redis.call('ZCARD', cx.p .. 'br:' .. line_id) > 0
end

-- The contact rings nobody; its width goes on growing while it waits.
function broadcast.silence(c)
  if c.width then
    timer.clear('b|' .. c.id)
    unlist(c)
  end
end

-- It has an owner, an end or another queue: its next ringing begins anew.
function broadcast.forget(c)
  broadcast.silence(c)
  c.width, c.widen_at = nil, nil
end

-- One bell has failed and others ring. Another agent is rung in its place, unless as many have failed as
-- may: then those who ring are the last.
function broadcast.lost_one(c, q)
  if q.offers_max > 0 and c.failures >= q.offers_max then
    timer.clear('b|' .. c.id)
    c.width, c.widen_at = #c.ringing, nil
  end
  broadcast.touch(c)
end

-- The first agents of its line's ready set who are not rung by it: up to `limit` who have not failed it,
-- then those whose cool-down is over, with their ranks.
local function choose(c, limit)
  local tried = 0
  for _ in pairs(c.tried) do
    tried = tried + 1
  end
  local found = agent.first_ready(c.line, limit + #c.ringing + tried)
  local chosen, cooled = {}, {}
  for rank, id in ipairs(found) do
    local at = { id = id, rank = rank }
    if not ringing.of_agent(c, at.id) then
      if not c.tried[at.id] then
        chosen[#chosen + 1] = at
      elseif not contact.is_cooling(c, at.id) then
        cooled[#cooled + 1] = at
      end
    end
  end
  for _, at in ipairs(cooled) do
    chosen[#chosen + 1] = at
  end
  return chosen
end

local function ring(c, a, rank)
  offer.make(c, a, { kind = 'queue', side = 'broadcast', rank = rank })
  lines.restand(a)
end

-- Rings up to its width whoever can be rung now.
function broadcast.fill(c)
  if c.state ~= 'offered' or not c.width then
    return -- it waits again, or rings in a queue that rings one after another
  end
  local room = c.width - #c.ringing
  if broadcast.is_short(c) and not config.auto_accepts(c.channel) then
    lines.assign(c) -- it may have been dropped while the contact rang
    for i, at in ipairs(choose(c, room)) do
      if i > room then
        break
      end
      ring(c, agent.load(at.id), at.rank)
    end
  end
  relist(c)
end

-- Who stands at a rank of those who could ring more, and when he is due for an agent with these credits.
local function head_of(line_id, rank, credits)
  local found = redis.call('ZRANGE', cx.p .. 'br:' .. line_id, int(rank), int(rank), 'WITHSCORES')
  local credit = credits and credits[line.queue_of(line_id)] or 0
  return { id = line_id, rank = rank, member = found[1], score = found[1] and found[2] - credit }
end

local function comes_before(x, y)
  return x.score < y.score or (x.score == y.score and x.member < y.member)
end

-- Of those who could ring more agents on his open lines, the first that may ring him, and how many were
-- passed over: those that ring him already, or that he has failed; they ring him again when one of their
-- bells ends, or when they widen.
local function first_short(a)
  local heads = {}
  local mine, credits = lines.of(a)
  for channel, ids in pairs(mine) do
    if agent.verdict(a, channel) == 'ok' and not config.auto_accepts(channel) then
      for _, id in ipairs(ids) do
        heads[#heads + 1] = head_of(id, 0, credits)
      end
    end
  end
  local skipped = 0
  while true do
    local first
    for i, head in ipairs(heads) do
      if head.member and (not first or comes_before(head, heads[first])) then
        first = i
      end
    end
    if not first then
      return nil
    end
    local c = contact.load(line.contact_of(heads[first].member))
    if not ringing.of_agent(c, a.id) and not c.tried[a.id] then
      return c, skipped
    end
    skipped = skipped + 1
    heads[first] = head_of(heads[first].id, heads[first].rank + 1, credits)
  end
end

-- Whether somebody who could ring more agents may ring him.
function broadcast.could_join(a)
  return cx.meta.short > 0 and first_short(a) ~= nil
end

-- An agent who has room, and for whom nobody waits, is rung by those who could ring more.
function broadcast.join(a)
  local c, skipped = first_short(a)
  while c do
    ring(c, a, skipped + 1)
    relist(c)
    c, skipped = first_short(a)
  end
end

on_due.b = function(id)
  local c = contact.load(id)
  if not c or c.state ~= 'offered' or not c.width then
    return
  end
  local before = c.width
  catch_up(c, queue.load(c.queue))
  if c.widen_at then
    timer.set('b|' .. c.id, c.widen_at)
  end
  contact.changed(c)
  if c.width ~= before then
    emit({ e = 'contact.widened', contact = c.id, queue = c.queue, width = c.width })
    broadcast.touch(c)
  end
end
