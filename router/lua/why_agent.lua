-- Why an agent gets nothing: what he could take by channel, and for each line that he serves who waits
-- there, why he does not get the first, and who would be called before him.

local LOOKED_AT_MAX = 5 -- contacts of one line that are cooling for him, before the rest is left out

-- The contact that he would get from a line, or why he does not: nobody waits, he is rung, or those are
-- cooling for him who do.
local function head_for(a, id)
  local soonest
  for rank = 0, LOOKED_AT_MAX - 1 do
    local member = line.at(id, rank)
    if not member then
      return soonest or { verdict = 'nobody_waits' }
    end
    local c = contact.load(line.contact_of(member))
    if ringing.of_agent(c, a.id) then
      return { verdict = 'offered', contact = c.id, waited_ms = cx.now - c.since }
    end
    if not contact.is_cooling(c, a.id) then
      return { verdict = 'ok', contact = c.id, waited_ms = cx.now - c.since }
    end
    local over = c.tried[a.id]['until']
    if not soonest or over < soonest['until'] then
      soonest = { verdict = 'cooling', contact = c.id, waited_ms = cx.now - c.since, ['until'] = over }
    end
  end
  return soonest
end

-- One of his lines. `rank` is his place in its row, and `first` stands there before everybody.
local function line_view(a, id, verdict)
  local view = verdict == 'ok' and head_for(a, id) or { verdict = verdict }
  local first = agent.first_scored(id, 1)
  view.line, view.waiting, view.ready = id, line.length(id), agent.count_ready(id)
  view.rank, view.score = agent.rank(id, a.id), agent.score_in(id, a.id)
  view.first, view.first_score = first[1], tonumber(first[2])
  view.strategy = queue.load(line.queue_of(id)).strategy
  return view
end

-- Queues that he sees but is not offered contacts of.
local function not_offered(a)
  local found, memberships = {}, agent.definition(a.id).memberships
  for _, queue_id in ipairs(sorted_keys(memberships)) do
    if not agent.serves(agent.definition(a.id), queue_id) or queue.is_pull(queue.load(queue_id)) then
      found[#found + 1] = queue_id
    end
  end
  return found
end

-- The lines that he serves, those for him alone first: at most `limit`, and how many there are.
local function his_lines(a, limit)
  local found, total = {}, 0
  local function add(id, verdict)
    total = total + 1
    if total <= limit then
      found[total] = line_view(a, id, verdict)
    end
  end
  for _, id in ipairs(sorted_keys(a.direct)) do
    if line.length(id) > 0 then
      local _, channel = line.parse(id)
      add(id, agent.verdict(a, channel))
    end
  end
  local mine = lines.of(a)
  for _, channel in ipairs(sorted_keys(mine)) do
    local verdict = agent.verdict(a, channel)
    for _, id in ipairs(mine[channel]) do
      add(id, verdict)
    end
  end
  return found, total
end

query.why_agent = function(args)
  local a = agent.load(args.agent)
  if not a then
    return unknown('agent')
  end
  local verdicts = {}
  for channel in pairs(a.slots) do
    verdicts[channel] = agent.verdict(a, channel)
  end
  local found, total = his_lines(a, args.limit)
  return {
    agent = a.id,
    presence = a.presence,
    reason = a.reason,
    pending = a.pending,
    since = a.since,
    turn = a.turn,
    verdicts = verdicts,
    lines = found,
    lines_total = total,
    not_offered = not_offered(a),
  }
end
