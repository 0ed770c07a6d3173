-- Calendars: `cal:<id>` holds the instants at which one opens and closes, on the wall clock, and until
-- when they are known; `calendars` names them all. Time zones are the router's affair: here are
-- instants only. What a closed queue's contacts do, and those of a later instant, is here too.

local LOOK_MS = 900000 -- the wall clock is looked at this often: it goes on while the tenant's stands
local BATCH_MAX = 64 -- contacts that come out of hold in one call
local AHEAD_MAX_MS = 400 * 86400000

function calendar.save(own)
  local record = { settings = own.settings, edges = own.edges, ['until'] = own['until'] }
  redis.call('SADD', cx.p .. 'calendars', own.id)
  redis.call('SET', cx.p .. 'cal:' .. own.id, cmsgpack.pack(record))
end

-- The caller has seen to it that no queue names it.
function calendar.remove(id)
  redis.call('SREM', cx.p .. 'calendars', id)
  redis.call('DEL', cx.p .. 'cal:' .. id)
end

-- The edges follow from the settings and from until when they are known.
function calendar.tell(own, version)
  local event = { e = 'config.calendar', calendar = own.id, version = version, settings = own.settings }
  event['until'] = own['until']
  emit(event)
end

function calendar.load(id)
  return load_record(cx.p .. 'cal:' .. id)
end

function calendar.all()
  local ids = redis.call('SMEMBERS', cx.p .. 'calendars')
  table.sort(ids)
  return ids
end

local EVER = 1e15 -- beyond any instant
local UNKNOWN = { from = 0, to = EVER, is_open = true, missing = true }

-- The stretch of open or closed time around an instant, from one edge to the next.
local function stretch(id, wall)
  local record = calendar.load(id)
  if not record or wall >= record['until'] then
    return UNKNOWN
  end
  local edges = record.edges
  local low, high = 0, #edges
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if edges[middle] <= wall then
      low = middle
    else
      high = middle - 1
    end
  end
  return {
    from = edges[low] or 0,
    to = edges[low + 1] or record['until'],
    is_open = low % 2 == 1,
    changes = edges[low + 1],
  }
end

-- What the calendar says of this instant. Only this is kept between calls, not the list of edges: it
-- holds until the next edge or change of config. One that nobody knows is always open.
function calendar.look(id)
  local wall = clock.wall()
  local found = cx.cache.calendars[id]
  if not found or wall < found.from or wall >= found.to then
    found = stretch(id, wall)
    cx.cache.calendars[id] = found
  end
  return found
end

-- The closed stretch that the queue is in, or nil when it is open.
function calendar.closed(q)
  if q.calendar == '' then
    return nil
  end
  local found = calendar.look(q.calendar)
  return not found.is_open and found or nil
end

-- Where an arrival goes that the queue does not take in now, or nil: it is open.
function calendar.gate(queue_id, args)
  local q = queue.load(queue_id)
  local closed = calendar.closed(q)
  if not closed then
    return nil
  end
  local to = q.closed == 'divert' and limits.existing(q.closed_to)
  if to then
    return { to = to, reason = 'closed', opens_at = closed.changes }
  elseif q.closed == 'hold' or (q.closed == 'callback' and args.callback) then
    return { hold = closed.to }
  end
  return { refused = { outcome = 'closed', opens_at = closed.changes, callback = q.closed == 'callback' } }
end

function calendar.is_later(not_before)
  return not_before ~= nil and not_before > clock.wall()
end

function calendar.is_too_far(not_before)
  return not_before ~= nil and not_before > clock.wall() + AHEAD_MAX_MS
end

-- Looks again when the hours change, in the tenant's time, or earlier.
local function watch(queue_id)
  local closed = calendar.closed(queue.load(queue_id))
  timer.set('h|@' .. queue_id, cx.now + math.min(closed.to - clock.wall(), LOOK_MS))
end

-- The settings of the queue or of its hours have changed: those it holds may come in now.
function calendar.review(queue_id)
  if not hold.is_empty(queue_id) then
    timer.set('h|@' .. queue_id, cx.now)
  end
end

-- The same for every queue that uses one of the calendars: `ids` is a set.
function calendar.review_all(ids)
  if next(ids) == nil then
    return
  end
  for _, queue_id in ipairs(queue.all()) do
    if ids[queue.load(queue_id).calendar] then
      calendar.review(queue_id)
    end
  end
end

-- The contact waits for its queue to open, for a limited time; its place is that of its arrival.
function calendar.hold(c)
  if not c.due then
    contact.schedule(c)
  end
  c.held_until = cx.now + config.tenant().held_max_ms
  contact.move(c, 'held')
  hold.keep(c)
  timer.set('h|' .. c.id, c.held_until)
  watch(c.queue)
end

local function arm(c)
  local left = math.max(c.not_before - clock.wall(), 0)
  c.look_at = cx.now + math.min(left, LOOK_MS)
  contact.changed(c)
  timer.set('h|' .. c.id, c.look_at)
end

-- The contact waits for an instant of the wall clock, outside of every line.
function calendar.schedule(c, not_before)
  c.not_before = not_before
  c.line, c.customer_since = nil, nil
  contact.move(c, 'scheduled')
  hold.schedule(c)
  arm(c)
end

-- Out of hold or schedule: the caller says where to.
function calendar.leave(c)
  hold.forget(c)
  timer.clear('h|' .. c.id)
  c.not_before, c.held_until, c.look_at = nil, nil, nil
  contact.changed(c)
end

-- From wherever it waits to a later instant; a place that it has is kept.
function calendar.postpone(c, not_before, reason)
  arrival.withdraw(c, reason)
  personal.leave(c)
  steps.stop(c)
  broadcast.forget(c)
  calendar.schedule(c, not_before)
  calendar.emit_scheduled(c, reason)
end

-- `left` names the queue that it left, and the note that goes with it.
function calendar.emit_scheduled(c, reason, left)
  emit({
    e = 'contact.scheduled',
    contact = c.id,
    queue = c.queue,
    due = left and c.due,
    not_before = c.not_before,
    reason = reason,
    from = left and left.queue,
    note = left and left.note,
  })
end

-- The same of one that is held; `closed` is the stretch of its queue.
function calendar.emit_held(c, closed, reason, left)
  emit({
    e = 'contact.held',
    contact = c.id,
    queue = c.queue,
    due = c.due,
    entered = c.entered,
    opens_at = closed.changes,
    ['until'] = c.held_until,
    reason = reason,
    from = left and left.queue,
    note = left and left.note,
  })
end

-- Its instant has come: into its queue, or into hold while the queue is closed.
local function come(c)
  local wall = clock.wall()
  if wall < c.not_before then
    return arm(c)
  end
  if not c.due then
    c.entered = math.max(cx.now - (wall - c.not_before), c.arrived)
  end
  calendar.leave(c)
  local closed = calendar.closed(queue.load(c.queue))
  if not closed then
    return arrival.resume(c, 'scheduled')
  end
  calendar.hold(c)
  calendar.emit_held(c, closed, 'scheduled')
end

-- The queue is open: those it holds come in, the first due first, some in each call.
local function open_queue(queue_id)
  if calendar.closed(queue.load(queue_id)) then
    if not hold.is_empty(queue_id) then
      watch(queue_id)
    end
    return
  end
  local room = BATCH_MAX - cx.opened
  for _, id in ipairs(room > 0 and hold.list_held(queue_id, 0, room - 1) or NONE) do
    local c = contact.load(id)
    calendar.leave(c)
    arrival.resume(c, 'opened')
    cx.opened = cx.opened + 1
  end
  calendar.review(queue_id)
end

on_due.h = function(subject)
  if string.sub(subject, 1, 1) == '@' then
    return open_queue(string.sub(subject, 2))
  end
  local c = contact.load(subject)
  if c and c.state == 'scheduled' then
    come(c)
  elseif c and c.state == 'held' then
    calendar.leave(c)
    ending.close(c, 'expired', 'held_too_long')
  end
end
