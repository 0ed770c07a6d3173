-- Reads: what a contact, an agent and the queues look like now. They change nothing.

local function last_position()
  local last = redis.call('XREVRANGE', cx.p .. 'journal', '+', '-', 'COUNT', 1)
  return last[1] and last[1][1] or '0-0'
end

-- The position of the journal's end, and the epoch that it belongs to.
query.position = function()
  return { position = last_position(), epoch = redis.call('HGET', cx.p .. 'meta', 'epoch') }
end

-- The place of a contact that waits, 1 for the next, and how long it will take from now.
local function place_of(c)
  local ahead = c.state == 'queued' and line.rank(c)
  if ahead then
    return ahead + 1, estimate.view(c.line, ahead + 1)
  end
end

query.view_contact = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  end
  c.unreachable = lines.is_dead_end(c)
  local place, wait = place_of(c)
  return { contact = c, place = place, estimated_wait_ms = wait, position = last_position() }
end

-- Where a contact stands, without who has it: for gateways and for the customer himself.
local function customers_view(c)
  local place, wait = place_of(c)
  return {
    contact = c.id,
    state = c.state,
    queue = c.queue,
    since = c.since,
    place = place,
    estimated_wait_ms = wait,
  }
end

query.place_of_contact = function(args)
  local c = contact.load(args.contact)
  return c and customers_view(c) or unknown('contact')
end

-- The same of many: in the order asked, false for one that is unknown.
query.places_of_contacts = function(args)
  local places = {}
  for i, id in ipairs(args.contacts) do
    local c = contact.load(id)
    places[i] = c and customers_view(c) or false
  end
  return { places = places }
end

-- Peers see three colours: available, busy, offline.
local function visible(a, verdicts)
  if #a.sessions == 0 or a.presence == 'offline' then
    return 'offline'
  end
  for _, verdict in pairs(verdicts) do
    if verdict == 'ok' then
      return 'available'
    end
  end
  return 'busy'
end

local function verdicts(a)
  local by_channel = {}
  for channel in pairs(a.slots) do
    by_channel[channel] = agent.verdict(a, channel)
  end
  return by_channel
end

local function agent_view(a)
  local by_channel = verdicts(a)
  local definition = agent.definition(a.id)
  local view = {
    agent = a.id,
    presence = a.presence,
    reason = a.reason,
    pending = a.pending,
    since = a.since,
    turn = a.turn,
    active = a.presence == 'ready' and agent.active(a) or nil,
    misses = a.misses,
    declines = a.declines,
    unreached = a.unreached,
    return_at = a.return_at,
    sessions = a.sessions,
    work = a.work,
    verdicts = by_channel,
    visible = visible(a, by_channel),
  }
  for name, value in pairs(definition) do
    view[name] = value
  end
  return view
end

local AWAITED_TOLD = 200 -- contacts of an owner that wait for their customers

-- One agent with his work: what a desktop shows, as of a position in the journal.
query.view_agent = function(args)
  local a = agent.load(args.agent)
  if not a then
    return unknown('agent')
  end
  local work = {}
  for _, id in ipairs(sorted_keys(a.work)) do
    local c = contact.load(id)
    c.interrupted = a.work[id].interrupted
    work[#work + 1] = c
  end
  for _, id in ipairs(talk.list_of_agent(a.id, AWAITED_TOLD)) do
    if not a.work[id] then
      work[#work + 1] = contact.load(id)
    end
  end
  local at = query.position()
  return { agent = agent_view(a), work = work, position = at.position, epoch = at.epoch }
end

local function members_after(queue_id, after, limit)
  local found = {}
  for _, id in ipairs(agent.members(queue_id)) do
    if (not after or id > after) and #found < limit then
      found[#found + 1] = id
    end
  end
  return found
end

-- The directory, in pages by id; of one queue when it is named.
query.list_agents = function(args)
  if args.queue and not queue.load(args.queue) then
    return unknown('queue')
  end
  local ids
  if args.queue then
    ids = members_after(args.queue, args.cursor, args.limit + 1)
  else
    ids = agent.page(args.cursor, args.limit + 1)
  end
  local found = {}
  for i = 1, math.min(#ids, args.limit) do
    found[i] = agent_view(agent.load(ids[i]))
  end
  local cursor = ids[args.limit + 1] and ids[args.limit]
  return { agents = found, cursor = cursor, version = cx.cache.version }
end

-- What a wall shows of him: `ready`, he could be offered a contact now; `busy`, he could not for what he has in
-- hand; `not_ready`, he is there, and neither; or `offline`.
local function standing(a)
  if a.presence == 'offline' or #a.sessions == 0 then
    return 'offline'
  elseif next(a.open) then
    return 'ready'
  end
  local has_work = not agent.is_idle(a) or (a.presence == 'ready' and next(a.work) ~= nil)
  return has_work and 'busy' or 'not_ready'
end

-- A page of the directory, counted: for each queue how many of those who serve it stand how.
query.count_agents = function(args)
  local ids, queues = agent.page(args.cursor, args.limit + 1), {}
  for i = 1, math.min(#ids, args.limit) do
    local definition, how = agent.definition(ids[i]), standing(agent.load(ids[i]))
    for queue_id in pairs(definition.memberships) do
      if agent.serves(definition, queue_id) then
        local counts = queues[queue_id] or {}
        counts[how] = (counts[how] or 0) + 1
        queues[queue_id] = counts
      end
    end
  end
  return { queues = queues, cursor = ids[args.limit + 1] and ids[args.limit] }
end

local function number(hash_value)
  return tonumber(hash_value) or 0
end

-- How many could be offered a contact now, by channel.
local function ready_agents(queue_id)
  local ready = {}
  for channel in pairs(config.tenant().channels) do
    ready[channel] = agent.count_ready(line.base(queue_id, channel))
  end
  return ready
end

-- How long somebody who came now would wait, by channel, where that is known.
local function newcomer_waits(queue_id, ready)
  local waits = {}
  for channel, free in pairs(ready) do
    local base = line.base(queue_id, channel)
    local before = line.length(base)
    if before == 0 and free > 0 then
      waits[channel] = { p50 = 0, p80 = 0 }
    else
      waits[channel] = estimate.view(base, before + 1)
    end
  end
  return waits
end

-- Whether a calendar is open, and when that changes; `missing` is one whose hours nobody knows now.
local function hours(id)
  local found = calendar.look(id)
  local view = { calendar = id, is_open = found.is_open, missing = found.missing }
  view[found.is_open and 'closes_at' or 'opens_at'] = found.changes
  return view
end

local LINES_TOLD = 20 -- dead ends named of one queue

-- How many agents could ever serve the queue, by channel; how many wait in lines that nobody could ever
-- serve, and the first of these lines.
local function reach(queue_id)
  local ids, could_serve = line.of_queue(queue_id), {}
  table.sort(ids)
  for channel in pairs(config.tenant().channels) do
    table.insert(ids, 1, line.base(queue_id, channel))
  end
  local reaches, waiting, dead_ends = agent.reaches(ids), 0, {}
  for _, id in ipairs(ids) do
    local length = reaches[id] == 0 and line.length(id) or 0
    waiting = waiting + length
    if length > 0 and #dead_ends < LINES_TOLD then
      dead_ends[#dead_ends + 1] = { line = id, waiting = length }
    end
  end
  for channel in pairs(config.tenant().channels) do
    could_serve[channel] = reaches[line.base(queue_id, channel)]
  end
  return could_serve, waiting, dead_ends
end

-- How a queue stands now.
local function counts_of(id, settings)
  local n = redis.call(
    'HMGET', cx.p .. 'n', 'offered|' .. id, 'assigned|' .. id, 'wrap_up|' .. id, 'here|' .. id,
    'up|' .. id, 'waiting_customer|' .. id
  )
  local held, scheduled = hold.counts(id)
  local waiting, oldest_since, oldest = line.waiting(id)
  local ready = ready_agents(id)
  local could_serve, unreachable, dead_ends = reach(id)
  return {
    queue = id,
    members = { logged_in = number(n[4]), ready = number(n[5]) },
    hours = settings.calendar ~= '' and hours(settings.calendar) or nil,
    held = held,
    scheduled = scheduled,
    waiting = waiting,
    oldest = oldest,
    oldest_since = oldest_since,
    offered = number(n[1]),
    assigned = number(n[2]),
    wrap_up = number(n[3]),
    waiting_customer = number(n[6]),
    ready = ready,
    estimated_wait_ms = newcomer_waits(id, ready),
    could_serve = could_serve,
    unreachable = unreachable,
    dead_ends = dead_ends,
  }
end

local function count_presences()
  local n = redis.call('HMGET', cx.p .. 'n', 'agents|ready', 'agents|not_ready', 'agents|offline')
  return { ready = number(n[1]), not_ready = number(n[2]), offline = number(n[3]) }
end

-- The queues in pages by id, with their counts, and of their settings what a wall needs.
query.count_queues = function(args)
  local found, cursor = {}, nil
  for _, id in ipairs(queue.all()) do
    if not args.cursor or id > args.cursor then
      if #found == args.limit then
        cursor = found[#found].queue
        break
      end
      local settings = queue.load(id)
      local view = counts_of(id, settings)
      view.name, view.target_ms = settings.name, settings.target_ms
      found[#found + 1] = view
    end
  end
  local reasons = config.tenant().not_ready_reasons
  return { queues = found, agents = count_presences(), not_ready_reasons = reasons, cursor = cursor }
end

query.list_queues = function()
  local found = {}
  for _, id in ipairs(queue.all()) do
    local settings = queue.load(id)
    local view = counts_of(id, settings)
    view.settings, view.missing_targets = settings, limits.missing_targets(settings)
    found[#found + 1] = view
  end
  return {
    queues = found,
    agents = count_presences(),
    tenant = config.tenant(),
    version = cx.cache.version,
    hash = history.hash(),
  }
end

-- Every calendar with its settings, and the instant on the wall that they are told for.
query.list_calendars = function()
  local found = {}
  for _, id in ipairs(calendar.all()) do
    local record, view = calendar.load(id), hours(id)
    view.settings, view['until'] = record.settings, record['until']
    found[#found + 1] = view
  end
  return { calendars = found, wall = clock.wall(), version = cx.cache.version }
end

local LISTS = {
  held = hold.list_held,
  scheduled = hold.list_scheduled,
  queued = line.list_waiting,
  waiting_customer = talk.list_of_queue,
}

-- Who waits in a queue, by the instant the wait began, in pages by rank; or who is held, by place, or
-- scheduled, by the instant he comes; or
-- what waits for its customer, by the instant since when.
query.list_waiting = function(args)
  if not queue.load(args.queue) then
    return unknown('queue')
  end
  local from = args.offset or 0
  local found = {}
  for _, id in ipairs(LISTS[args.state](args.queue, from, from + args.limit - 1)) do
    local c = contact.load(id)
    if c then
      c.unreachable = lines.is_dead_end(c)
      found[#found + 1] = c
    end
  end
  return { contacts = found }
end
