-- Why: where a contact stands, and for each agent of its queue why he could or could not take it.
-- The verdicts come from the functions that matching itself uses.

-- Each clause of the line that he does not meet, as `en>=50` or `fr>=30 or ge>=30`.
local function missing_skills(definition, clauses)
  local missing = {}
  for _, clause in ipairs(clauses) do
    if not agent.has(definition, { clause }) then
      local asks = {}
      for _, skill in ipairs(sorted_keys(clause)) do
        asks[#asks + 1] = skill .. '>=' .. clause[skill]
      end
      missing[#missing + 1] = table.concat(asks, ' or ')
    end
  end
  return missing
end

local function is_named(agents, id)
  for _, named in ipairs(agents) do
    if named == id then
      return true
    end
  end
  return false
end

local function candidate(c, id, clauses)
  local a = agent.load(id)
  local definition = agent.definition(id)
  local view = { agent = id, name = definition.name, turn = a.turn }
  local missing = missing_skills(definition, clauses)
  local tried = c.tried[id]
  view.failures = tried and tried.n
  if c.direct and not is_named(c.direct, id) then
    view.verdict = 'direct_to_another'
  elseif not c.direct and #missing > 0 then
    view.verdict, view.missing = 'lacks_skill', missing
  elseif ringing.of_agent(c, id) then
    view.verdict = 'offered'
  elseif c.owner == id then
    view.verdict = 'owner'
  else
    view.verdict = agent.verdict(a, c.channel)
    if view.verdict == 'ok' and not c.direct and queue.is_pull(queue.load(c.queue)) then
      view.verdict = 'may_claim'
    elseif view.verdict == 'ok' and contact.is_cooling(c, id) then
      view.verdict, view['until'] = 'cooling', tried['until']
    end
  end
  view.rank, view.score = agent.rank(c.line, id), agent.score_in(c.line, id)
  return view
end

local LOOKED_AT_MAX = 500 -- agents in one answer's tally, so that a question never holds up the store

local function candidates(c, limit)
  local found, tally = {}, {}
  local ids = agent.members(c.queue)
  local _, _, clauses = line.parse(line.id(c.queue, c.channel, c))
  for i = 1, math.min(#ids, LOOKED_AT_MAX) do
    local view = candidate(c, ids[i], clauses)
    tally[view.verdict] = (tally[view.verdict] or 0) + 1
    if #found < limit then
      found[#found + 1] = view
    end
  end
  return found, tally, #ids > LOOKED_AT_MAX
end

-- The strategy and who is first in the row of the contact's line: what ranks and scores are of.
local function row_of(c)
  local first = agent.first_scored(c.line, 1)
  return {
    strategy = queue.load(c.queue).strategy,
    ready = agent.count_ready(c.line),
    first = first[1],
    score = tonumber(first[2]),
  }
end

query.why_contact = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  end
  local reply = { contact = c }
  if c.state == 'closed' or c.state == 'wrap_up' then
    return reply
  end
  if c.state == 'held' or c.state == 'scheduled' then
    local closed = calendar.closed(queue.load(c.queue))
    reply.opens_at = closed and closed.changes
    return reply
  end
  reply.waited_ms = cx.now - c.since
  reply.unreachable = lines.is_dead_end(c)
  local ahead = c.state == 'queued' and line.rank(c)
  if ahead then
    reply.rank = ahead + 1
    reply.waiting = line.length(c.line)
    reply.estimated_wait_ms = estimate.view(c.line, ahead + 1)
  end
  reply.row = row_of(c)
  reply.candidates, reply.tally, reply.tally_partial = candidates(c, args.limit)
  return reply
end
