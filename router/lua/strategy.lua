-- Strategies: an agent's score in the row of those who are ready for a line. The smallest is called
-- first; ties go by id, so the order is total. The score follows from the agent and the strategy of the
-- line's queue, and nothing else computes it. Scores are whole and below 2^53: exact in a sorted set.
-- `v` counts, by queue, for the strategies that give marks; `a.marks` are an agent's, by queue.

local SPAN = 1e13 -- more than any instant in ms; 800 spans and one more are exact
local SPANS_MAX = 800
local LEVEL_MAX = 100

local function idle(a, q)
  if q.idle_since == 'activity' then
    return agent.active(a)
  end
  return a.turn
end

local function membership(a, queue_id)
  return agent.definition(a.id).memberships[queue_id] or {}
end

local function spans(number)
  return math.min(number, SPANS_MAX) * SPAN
end

-- The queue's count: of its calls, or how far its race has come.
local function count_of(queue_id)
  return tonumber(redis.call('HGET', cx.p .. 'v', queue_id)) or 0
end

-- Weighted random is a race: each agent's mark is the instant at which his clock rings, exponential
-- with his weight as its rate, on an axis where `v` is now. The first of independent exponential clocks
-- is i with probability weight_i / sum of weights; who was not first has, by memorylessness, a residual
-- wait with his own rate again; who was called draws anew from where his clock rang. So every call is a
-- fresh draw among the ready, though only he who was called is placed again. The keys -ln(u) / weight
-- are those of Efraimidis and Spirakis, "Weighted random sampling with a reservoir", Information
-- Processing Letters 97 (2006). `v` grows with each call, so it numbers an agent's draws.
local DRAW_UNIT = 1e7 -- of a mean wait at weight 1; 9e8 such calls stay exact

local function draw(a, q, queue_id, from)
  local hex = redis.sha1hex(table.concat({ int(q.seed), queue_id, a.id, int(from) }, '|'))
  local u = (tonumber(string.sub(hex, 1, 13), 16) + 0.5) / 2 ^ 52
  local weight = membership(a, queue_id).weight or 1
  return from + 1 + math.floor(-math.log(u) / weight * DRAW_UNIT)
end

-- His mark in a queue; who has none stands behind everybody who was called, or draws one.
local function mark(a, q, _, queue_id)
  a.marks = a.marks or {}
  if not a.marks[queue_id] then
    local v = count_of(queue_id)
    a.marks[queue_id] = q.strategy == 'round_robin' and v or draw(a, q, queue_id, v)
    agent.changed(a)
  end
  return a.marks[queue_id]
end

local SCORES = { round_robin = mark, weighted_random = mark }

function SCORES.longest_idle(a, q)
  return idle(a, q)
end

function SCORES.least_occupied(a, q)
  return spans(agent.units(a)) + idle(a, q)
end

function SCORES.top_down(a, q, _, queue_id)
  return spans(LEVEL_MAX - (membership(a, queue_id).level or 50)) + idle(a, q)
end

function SCORES.specialists_first(a, q)
  return spans(agent.breadth(agent.definition(a.id))) + idle(a, q)
end

-- What one level of a required skill is worth in a row by skill: the mean level counts, linearly.
local function level_worth(clauses)
  return math.floor(SPAN / #clauses)
end

function SCORES.best_skill(a, q, id)
  local _, _, clauses = line.parse(id)
  local score = spans(LEVEL_MAX) + idle(a, q)
  if #clauses == 0 then
    return score
  end
  local definition, worth = agent.definition(a.id), level_worth(clauses)
  for _, clause in ipairs(clauses) do
    score = score - worth * agent.level_for(definition, clause)
  end
  return score
end

function strategy.is_known(name)
  return SCORES[name] ~= nil
end

-- His score in a line's row, now.
function strategy.score(a, id)
  local queue_id = line.queue_of(id)
  local q = queue.load(queue_id)
  return SCORES[q.strategy](a, q, id, queue_id)
end

-- Whether the turn alone is the score, which costs least.
function strategy.is_turn(q)
  return q.strategy == 'longest_idle' and q.idle_since == 'contact'
end

-- What a level is worth in the score of a new line, beside the score in its base line.
function strategy.level_weight(queue_id, clauses)
  if queue.load(queue_id).strategy ~= 'best_skill' then
    return 0
  end
  return -level_worth(clauses)
end

-- He was called. In a race only who was first draws anew: a contact that asks for him is no race.
function strategy.called(a, c, is_race)
  local q = queue.load(c.queue)
  if q.strategy == 'round_robin' then
    a.marks = a.marks or {}
    a.marks[c.queue] = redis.call('HINCRBY', cx.p .. 'v', c.queue, '1')
  elseif q.strategy == 'weighted_random' and is_race then
    local rang = math.max(count_of(c.queue), a.marks[c.queue])
    redis.call('HSET', cx.p .. 'v', c.queue, int(rang))
    a.marks[c.queue] = draw(a, q, c.queue, rang)
  end
end

-- Who stood nowhere comes to stand: a clock that rang while he was away is wound up again.
function strategy.come_back(a)
  for queue_id, rings in pairs(a.marks or {}) do
    local q = queue.load(queue_id)
    local v = q.strategy == 'weighted_random' and count_of(queue_id)
    if v and rings < v then
      a.marks[queue_id] = draw(a, q, queue_id, v)
      agent.changed(a)
    end
  end
end

-- With another definition he keeps the marks of queues that he goes on serving at the same weight.
function strategy.keep_marks(a, before, after)
  for queue_id in pairs(a.marks or {}) do
    local was, is = before.memberships[queue_id], after.memberships[queue_id]
    local serves = agent.serves(before, queue_id) and agent.serves(after, queue_id)
    if not serves or (was.weight or 1) ~= (is.weight or 1) then
      a.marks[queue_id] = nil
    end
  end
end

local RULES = { 'strategy', 'idle_since', 'seed' }
local SHARED = { 'strategy', 'idle_since', 'credit_ms' } -- what lines.lua keeps of a queue

local function differ(before, after, names)
  for _, name in ipairs(names) do
    if before[name] ~= after[name] then
      return true
    end
  end
  return false
end

-- The queue's count begins anew.
function strategy.forget(queue_id)
  redis.call('HDEL', cx.p .. 'v', queue_id)
end

-- Other rules begin with a new count; whoever stands in the queue's rows is placed again.
function strategy.change(queue_id, before, after)
  local is_pull = queue.is_pull(after)
  local is_other = is_pull ~= queue.is_pull(before)
  if is_other or differ(before, after, SHARED) then
    lines.changed()
  end
  if not is_other and not differ(before, after, RULES) then
    return
  end
  strategy.forget(queue_id)
  if is_pull then
    lines.clear_rows(queue_id)
  end
  for _, id in ipairs(agent.members(queue_id)) do
    local a = agent.load(id)
    if a.marks and a.marks[queue_id] then
      a.marks[queue_id] = nil
      agent.changed(a)
    end
    if next(a.open) ~= nil then
      agent.unsettle(a, 'turn')
      match.touch_agent(a)
    end
  end
end
