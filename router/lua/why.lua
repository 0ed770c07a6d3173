-- Why: where a contact stands, and for each agent of its queue why he could or could not take it.
-- The verdicts come from the functions that matching itself uses.

local function missing_skills(definition, requirements)
  local missing = {}
  for _, skill in ipairs(sorted_keys(requirements)) do
    if (definition.skills[skill] or 0) < requirements[skill] then
      missing[#missing + 1] = skill .. '>=' .. requirements[skill]
    end
  end
  return missing
end

local function candidate(c, id)
  local a = agent.load(id)
  local definition = agent.definition(id)
  local view = { agent = id, name = definition.name, turn = a.turn }
  local missing = missing_skills(definition, c.requirements)
  local tried = c.tried[id]
  view.failures = tried and tried.n
  if c.direct and c.direct ~= id then
    view.verdict = 'direct_to_another'
  elseif not c.direct and #missing > 0 then
    view.verdict, view.missing = 'lacks_skill', missing
  elseif ringing.of_agent(c, id) then
    view.verdict = 'offered'
  elseif c.owner == id then
    view.verdict = 'owner'
  else
    view.verdict = agent.verdict(a, c.channel)
    if view.verdict == 'ok' and contact.is_cooling(c, id) then
      view.verdict, view['until'] = 'cooling', tried['until']
    end
  end
  view.rank = agent.rank(c.line, id)
  return view
end

local LOOKED_AT_MAX = 500 -- agents in one answer's tally, so that a question never holds up the store

local function candidates(c, limit)
  local found, tally = {}, {}
  local ids = agent.members(c.queue)
  for i = 1, math.min(#ids, LOOKED_AT_MAX) do
    local view = candidate(c, ids[i])
    tally[view.verdict] = (tally[view.verdict] or 0) + 1
    if #found < limit then
      found[#found + 1] = view
    end
  end
  return found, tally, #ids > LOOKED_AT_MAX
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
  reply.waited_ms = cx.now - c.since
  local ahead = c.state == 'queued' and line.rank(c)
  if ahead then
    reply.rank = ahead + 1
    reply.waiting = line.length(c.line)
  end
  reply.candidates, reply.tally, reply.tally_partial = candidates(c, args.limit)
  return reply
end
