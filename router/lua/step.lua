-- One call: the clock, a repeat's stored answer, what is due, the transition, the match, the commit.

local KEY_TTL_MS = 86400000 -- an Idempotency-Key is remembered for a day

-- Settings that the server keeps parsed between calls, by tenant, under the stamp of its config.
local parsed, parsed_count, PARSED_MAX = {}, 0, 1000

function step.settings_cache(p, stamp)
  local entry = parsed[p]
  if entry and entry.stamp == stamp then
    return entry
  end
  if not entry then
    parsed_count = parsed_count + 1
    if parsed_count > PARSED_MAX then
      parsed, parsed_count = {}, 1
    end
  end
  entry = { stamp = stamp, version = config.version(stamp), queues = {}, calendars = {} }
  parsed[p] = entry
  return entry
end

local meta = {}

local function read_meta(p)
  local m = redis.call('HMGET', p .. 'meta', 'sim', 'real', 'virt', 'config', 'lines', 'short', 'unarchived')
  if not m[1] then
    return nil
  end
  meta.sim = m[1] == '1'
  meta.real, meta.virt = tonumber(m[2]), tonumber(m[3])
  meta.config, meta.lines, meta.short = m[4], m[5], tonumber(m[6]) or 0
  meta.unarchived = tonumber(m[7]) or 0
  return meta
end

local function begin_step()
  wipe(cx.events)
  wipe(cx.counts)
  wipe(cx.changed_contacts)
  wipe(cx.changed_agents)
  wipe(cx.touched_contacts)
  wipe(cx.touched_agents)
  wipe(cx.wide)
  wipe(cx.crowded)
  wipe(cx.fresh)
  wipe(cx.deserted)
  cx.opened = 0
end

local function begin(key, args)
  wipe(cx.contacts)
  wipe(cx.traces)
  wipe(cx.agents)
  wipe(cx.definitions)
  begin_step()
  cx.args = args
  cx.p = string.sub(key, 1, -5) -- KEYS[1] is the tenant's `meta`
  cx.meta = read_meta(cx.p)
  cx.cache = cx.meta and step.settings_cache(cx.p, cx.meta.config)
  cx.now, cx.real, cx.next, cx.position, cx.more, cx.echo = nil, nil, nil, nil, nil, nil
end

local function write_records()
  for id, c in pairs(cx.changed_contacts) do
    contact.save(id, c)
  end
  for id, a in pairs(cx.changed_agents) do
    agent.save(id, a)
  end
  for name, by in pairs(cx.counts) do
    if by ~= 0 then
      redis.call('HINCRBY', cx.p .. 'n', name, int(by))
    end
  end
end

-- Writes what a step changed and, when it changed anything, its one journal entry.
local function commit(name)
  response.follow_all()
  write_records()
  clock.save()
  if #cx.events == 0 then
    return
  end
  local entry = {
    t = name,
    at = cx.now,
    by = cx.args.by,
    actor = cx.args.actor,
    config = cx.cache.version,
    ev = cx.events,
  }
  local limit = int(config.journal_limit())
  cx.position = redis.call('XADD', cx.p .. 'journal', 'MAXLEN', '~', limit, '*', 'e', cmsgpack.pack(entry))
  if cx.args.echo then
    cx.echo = cx.echo or {}
    for _, event in ipairs(cx.events) do
      table.insert(cx.echo, event)
    end
  end
end

local function answer(reply)
  local c = reply.of
  if c then
    reply.of = nil
    reply.state = c.state
    reply.unreachable = c.state == 'queued' and c.dead_end == c.line or nil
    reply.offers = ringing.shown(c)
  end
  return reply
end

local function finish(reply)
  reply.now, reply.next, reply.position = cx.now, cx.next, cx.position
  if cx.args.echo then
    reply.events = cx.echo or {}
  end
  return cmsgpack.pack(reply)
end

-- A call may name its contact by an admission that attached to it; answers the contact's own id then.
local function resolve(args)
  local id = contact.meant(args.contact)
  if id ~= args.contact then
    args.contact = id
    return id
  end
end

local function stored_answer(args)
  local record = args.key and load_record(cx.p .. 'k:' .. args.key)
  if not record then
    return nil
  end
  if record.fp ~= args.fp_key then
    return { outcome = 'key_reused' }
  end
  record.reply.repeated = true
  return record.reply
end

-- A repair is made at the instant of the last call: time stands, for what is due may rest on what is wrong.
local function time_of(name, args)
  if name == 'repair' then
    cx.real = cx.meta.real
    return cx.meta.virt
  end
  return clock.read(args.now)
end

local function run(name, args)
  if not cx.meta and name ~= 'put_tenant' then
    return cmsgpack.pack({ outcome = 'no_tenant' })
  end
  if cx.meta then
    cx.now = time_of(name, args)
    if not cx.now then
      return cmsgpack.pack({ outcome = 'bad_clock' })
    end
    local stored = stored_answer(args)
    if stored then
      return finish(stored)
    end
    if timer.is_due() and name ~= 'repair' then
      timer.fire_due()
      match.run()
      commit('tick')
      begin_step()
    end
  end
  local other = args.contact and name ~= 'admit' and resolve(args) or nil
  local reply = transition[name](args)
  reply.contact = reply.contact or other
  if not cx.now then
    return cmsgpack.pack(reply) -- a new tenant was refused
  end
  match.run()
  commit(name)
  reply = answer(reply)
  if args.key and (reply.outcome == 'ok' or reply.outcome == 'pending') then
    local record = cmsgpack.pack({ fp = args.fp_key, reply = reply })
    redis.call('SET', cx.p .. 'k:' .. args.key, record, 'PX', int(KEY_TTL_MS))
  end
  return finish(reply)
end

function step.call(name, keys, argv)
  local args = cmsgpack.unpack(argv[1])
  begin(keys[1], args)
  return run(name, args)
end

function step.read(name, keys, argv)
  local args = cmsgpack.unpack(argv[1])
  begin(keys[1], args)
  if not cx.meta then
    return cmsgpack.pack({ outcome = 'no_tenant' })
  end
  cx.now = clock.peek()
  local other = args.contact and resolve(args) or nil
  local reply = query[name](args)
  reply.contact = reply.contact or other
  reply.outcome = reply.outcome or 'ok'
  reply.now = cx.now
  return cmsgpack.pack(reply)
end
