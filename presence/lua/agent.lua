-- Agent records: `a:<id>` (state), `ad:<id>` (definition), `qm:<queue>`, `sk:<skill>`, and the ready
-- sets `r:<line>`: the row of those who can be offered a contact of that line now.

function agent.load(id)
  local a = cx.agents[id]
  if a == nil then
    a = load_record(cx.p .. 'a:' .. id) or false
    cx.agents[id] = a
  end
  return a or nil
end

function agent.changed(a)
  cx.agents[a.id] = a
  cx.changed_agents[a.id] = a
end

function agent.save(id, a)
  redis.call('SET', cx.p .. 'a:' .. id, cmsgpack.pack(a))
end

function agent.definition(id)
  local definition = cx.definitions[id]
  if definition == nil then
    definition = load_record(cx.p .. 'ad:' .. id) or false
    cx.definitions[id] = definition
  end
  return definition or nil
end

function agent.serves(definition, queue_id)
  local membership = definition and definition.memberships[queue_id] -- who is gone serves nothing
  return membership ~= nil and (membership.role or 'agent') == 'agent'
end

-- Whether he is a member of the queue in any role: he serves it, or supervises it.
function agent.belongs(definition, queue_id)
  return definition ~= nil and definition ~= false and definition.memberships[queue_id] ~= nil
end

function agent.supervises(definition, queue_id)
  return agent.belongs(definition, queue_id) and definition.memberships[queue_id].role == 'supervisor'
end

local function meets(definition, clause)
  for skill, level in pairs(clause) do
    if (definition.skills[skill] or 0) >= level then
      return true
    end
  end
  return false
end

-- Whether he meets one alternative of each clause.
function agent.has(definition, clauses)
  for _, clause in ipairs(clauses) do
    if not meets(definition, clause) then
      return false
    end
  end
  return true
end

-- The best level that he brings to a clause, of the alternatives that he meets.
function agent.level_for(definition, clause)
  local best = 0
  for skill, least in pairs(clause) do
    local level = definition.skills[skill] or 0
    if level >= least then
      best = math.max(best, level)
    end
  end
  return best
end

-- The units of work that he holds.
function agent.units(a)
  local units = 0
  for _, work in pairs(a.work) do
    units = units + work.u
  end
  return units
end

-- Since when nothing happened to him: no call, no end of work, no return to ready.
function agent.active(a)
  return math.max(a.turn, a.since)
end

-- His score is another one now: `turn` in every line, `load` where more than the turn counts.
function agent.unsettle(a, what)
  if a.stale ~= 'turn' then
    a.stale = what
  end
  agent.changed(a)
end

-- His turn is used: he goes to the end of the row.
function agent.use_turn(a)
  if a.turn ~= cx.now then
    a.turn = cx.now
    agent.unsettle(a, 'turn')
  end
end

-- He does not return to ready by himself any more.
function agent.stay(a)
  if a.return_at then
    timer.clear('y|' .. a.id)
    a.return_at = nil
  end
  agent.changed(a)
end

function agent.set_presence(a, presence, reason, cause, forced)
  local was = a.presence
  agent.stay(a)
  if was ~= presence then
    count('agents|' .. was, -1)
    count('agents|' .. presence, 1)
    local definition = agent.definition(a.id)
    agent.count_in(definition, was, -1)
    agent.count_in(definition, presence, 1)
    a.presence = presence
    a.since = cx.now
    if presence == 'ready' then
      a.turn = a.turn or cx.now
      agent.unsettle(a, 'load')
    end
  end
  a.reason = reason
  agent.changed(a)
  agent.emit_state(a, was, cause, forced)
end

function agent.emit_state(a, was, cause, forced)
  emit({
    e = 'agent.state',
    agent = a.id,
    presence = a.presence,
    reason = a.reason,
    pending = a.pending,
    was = was,
    cause = cause,
    forced = forced or nil,
  })
end

-- Leaves the ready sets of the channels in which he can not be offered anything now.
-- `mine` are the agent's, by channel.
function agent.withdraw(a, mine)
  for channel in pairs(a.open) do
    if agent.verdict(a, channel) ~= 'ok' then
      agent.leave_channel(a, channel, mine)
    end
  end
end

function agent.leave_channel(a, channel, mine)
  for _, id in ipairs(mine[channel]) do
    redis.call('ZREM', cx.p .. 'r:' .. id, a.id)
  end
  a.open[channel] = nil
  agent.changed(a)
end

local function stand(a, channel, ids, row)
  for _, id in ipairs(ids) do
    redis.call('ZADD', cx.p .. 'r:' .. id, int(row and row.score(a, id) or a.turn), a.id)
  end
  a.open[channel] = true
  agent.changed(a)
end

-- Leaves the channels in which he is not routable, and stands at his score of now in the others.
-- `row` tells his score in a line; without it, it is his turn in all of them.
function agent.restand(a, mine, row)
  agent.withdraw(a, mine)
  if a.stale and (row or a.stale == 'turn') then
    for channel in pairs(a.open) do
      stand(a, channel, mine[channel], row)
    end
  end
  a.stale = nil
end

-- Stands in the ready sets of exactly the channels where he is routable.
function agent.place(a, mine, row)
  agent.restand(a, mine, row)
  local was_away = next(a.open) == nil
  for channel, ids in pairs(mine) do
    if not a.open[channel] and agent.verdict(a, channel) == 'ok' then
      if was_away and row then
        row.come_back(a)
        was_away = false
      end
      stand(a, channel, ids, row)
    end
  end
end

-- Puts those who meet one alternative of the clause in `pool`, each with the best level he brings.
function agent.gather(pool, spare, clause)
  local into = pool
  for skill, level in pairs(clause) do
    redis.call('ZRANGESTORE', into, cx.p .. 'sk:' .. skill, level, '+inf', 'BYSCORE')
    if into == spare then
      redis.call('ZUNIONSTORE', pool, 2, pool, spare, 'AGGREGATE', 'MAX')
    end
    into = spare
  end
end

-- Fills the ready set of a new line from its queue's base line: those who have the skills. Their score
-- there is that of the base line, and `weight` for each level that they bring to a clause.
function agent.join_line(id, base, clauses, weight)
  local target, from = cx.p .. 'r:' .. id, cx.p .. 'r:' .. base
  local pool, spare = cx.p .. 'pool', cx.p .. 'spare'
  for _, clause in ipairs(clauses) do
    agent.gather(pool, spare, clause)
    redis.call('ZINTERSTORE', target, '2', from, pool, 'WEIGHTS', '1', int(weight))
    from = target
  end
  redis.call('DEL', pool, spare)
end

function agent.drop_line(id)
  redis.call('DEL', cx.p .. 'r:' .. id)
end

-- The first agents of a line's ready set, in the order of the row.
function agent.first_ready(id, limit)
  return redis.call('ZRANGE', cx.p .. 'r:' .. id, '0', int(limit - 1))
end

-- The same, each followed by his score.
function agent.first_scored(id, limit)
  return redis.call('ZRANGE', cx.p .. 'r:' .. id, '0', int(limit - 1), 'WITHSCORES')
end

function agent.is_live(a, session)
  for _, id in ipairs(a.sessions) do
    if id == session then
      return true
    end
  end
  return false
end

-- 'logged_off' when a supervisor ended this session, and it was not opened anew since.
function agent.was_logged_off(a, session)
  return a.logged_off and a.logged_off[session] and 'logged_off' or nil
end

function agent.has_work(a, kinds)
  for _, work in pairs(a.work) do
    if kinds[work.k] then
      return true
    end
  end
  return false
end

function agent.forget_session(a, session)
  for i, id in ipairs(a.sessions) do
    if id == session then
      table.remove(a.sessions, i)
    end
  end
  a.attached[session] = nil
  timer.clear('s|' .. a.id .. '|' .. session)
  agent.changed(a)
end

function agent.count_ready(line_id)
  return redis.call('ZCARD', cx.p .. 'r:' .. line_id)
end

-- His rank in a line's ready set, 1 for the next one, or nil when he does not stand there.
function agent.rank(line_id, id)
  local rank = redis.call('ZRANK', cx.p .. 'r:' .. line_id, id)
  return rank and rank + 1 or nil
end

-- His score there, or nil.
function agent.score_in(line_id, id)
  return tonumber(redis.call('ZSCORE', cx.p .. 'r:' .. line_id, id))
end
