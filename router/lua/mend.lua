-- Mend: how what follows from records is made right again. Every correction compares first and is noted, so
-- that what is right is not touched. Nothing here matches: other things may be as wrong, and matching
-- trusts them; what comes to wait is looked at anew by its timer.

-- Whatever is in another state is left as it is: a newer version may know it.
mend.STATES = {
  scheduled = true,
  held = true,
  queued = true,
  offered = true,
  assigned = true,
  waiting_customer = true,
  wrap_up = true,
  closed = true,
}

local notes -- what was wrong in this call, in words

function mend.begin()
  notes = {}
end

function mend.notes()
  return notes
end

function mend.note(...)
  notes[#notes + 1] = table.concat({ ... })
end

-- A name's score in a sorted set, nil for none.
function mend.score(index, name, should)
  local found = redis.call('ZSCORE', cx.p .. index, name)
  local is = tonumber(found)
  if is == should then
    return
  elseif should then
    redis.call('ZADD', cx.p .. index, int(should), name)
  else
    redis.call('ZREM', cx.p .. index, name)
  end
  mend.note(index, ' had ', name, ' at ', is and int(is) or 'none', ', not ', should and int(should) or 'none')
end

function mend.entry(index, name, should)
  local is = redis.call('SISMEMBER', cx.p .. index, name) == 1
  if is ~= should then
    redis.call(should and 'SADD' or 'SREM', cx.p .. index, name)
    mend.note(index, is and ' had ' or ' missed ', name)
  end
end

-- A timer whose instant no record tells: any that is there will do.
function mend.timer(member, due)
  if not redis.call('ZSCORE', cx.p .. 'timers', member) then
    mend.score('timers', member, due)
  end
end

-- A record, nil where there is none or it can not be read; and whether there is something.
function mend.peek(key)
  local blob = redis.pcall('GET', cx.p .. key)
  local ok, value = pcall(cmsgpack.unpack, type(blob) == 'string' and blob or '')
  return ok and type(value) == 'table' and value or nil, blob and true
end

-- A record as it can be worked with: what can not be read is put aside, and is not there.
function mend.record(key)
  local value, is_there = mend.peek(key)
  if is_there and not value then
    mend.put_aside(key)
  end
  return value
end

function mend.put_aside(key)
  redis.call('RENAME', cx.p .. key, cx.p .. 'bad:' .. key)
  mend.note(key, ' could not be read, and is kept as bad:', key)
end

-- Fields of a record that are not what they must be: given their default, or taken away without one.
function mend.fields(what, record, kinds)
  for name, rule in pairs(kinds) do
    local kind, default = rule[1], rule[2]
    if type(record[name]) ~= kind and (record[name] ~= nil or default ~= nil) then
      record[name] = type(default) == 'function' and default() or default
      mend.note(what, ' had no ', name)
    end
  end
end

-- Entries of a map or a list that are not what they must be go; a list closes its ranks.
function mend.entries(what, map, is_right)
  local length, at = #map, 0
  for name, value in pairs(map) do
    if not is_right(value, name) then
      map[name] = nil
      mend.note(what, ' had a wrong ', tostring(name))
    end
  end
  for i = 1, length do
    local value = map[i]
    map[i] = nil
    if value ~= nil then
      at = at + 1
      map[at] = value
    end
  end
end

function mend.is_step(one)
  return type(one) == 'table' and type(one.after_ms) == 'number'
end

function mend.is_name(one)
  return type(one) == 'string'
end

-- A table for a field that has none.
function mend.empty()
  return {}
end

-- An agent as others may rely on him, or nil.
function mend.sound_agent(id)
  local a = type(id) == 'string' and agent.load(id) or nil
  local is_sound = a
    and type(a.work) == 'table'
    and type(a.sessions) == 'table'
    and type(a.slots) == 'table'
    and type(a.capacity) == 'number'
    and agent.definition(id)
  return is_sound and a or nil
end
