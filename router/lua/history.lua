-- History: what each version of the configuration changed, kept for the last ones, and the fingerprint
-- of all settings together. `cfg` holds a record for each version kept, by its number.

-- Every value has one text, whatever order its map was made in, and nothing is as good as not there.
local text

-- By bytes: Lua compares as the server's locale does, and two servers may have two.
local function comes_before(x, y)
  local length = math.min(#x, #y)
  for i = 1, length do
    local a, b = string.byte(x, i), string.byte(y, i)
    if a ~= b then
      return a < b
    end
  end
  return #x < #y
end

local function map_text(map)
  local keys, parts = {}, {}
  for key in pairs(map) do
    keys[#keys + 1] = key
  end
  table.sort(keys, comes_before)
  for i, key in ipairs(keys) do
    parts[i] = text(key) .. text(map[key])
  end
  return '{' .. table.concat(parts) .. '}'
end

text = function(value)
  local kind = type(value)
  if kind == 'string' then
    return #value .. ':' .. value
  elseif kind == 'number' then
    return string.format('%.17g;', value)
  elseif kind == 'boolean' then
    return value and 'T' or 'F'
  elseif value[1] == nil then
    return map_text(value)
  end
  local parts = {}
  for i, item in ipairs(value) do
    parts[i] = text(item)
  end
  return '[' .. table.concat(parts) .. ']'
end

function history.is_same(settings, others)
  return text(settings) == text(others)
end

-- The whole is the exclusive or of its objects' hashes: a change costs what it changes, however large
-- the rest is.
local function mix(hash, other)
  local parts = {}
  for at = 1, 40, 8 do
    local x = tonumber(string.sub(hash, at, at + 7), 16)
    local y = tonumber(string.sub(other, at, at + 7), 16)
    parts[#parts + 1] = bit.tohex(bit.bxor(x, y))
  end
  return table.concat(parts)
end

local function with(hash, change, settings)
  if not settings then
    return hash
  end
  return mix(hash, redis.sha1hex(text(change.kind) .. text(change.id) .. text(settings)))
end

local NOTHING = '0000000000000000000000000000000000000000' -- the hash of no object

function history.hash()
  return redis.call('HGET', cx.p .. 'meta', 'hash') or NOTHING
end

local function forget_before(version)
  local key = cx.p .. 'cfg'
  local first, last = version - redis.call('HLEN', key) + 1, version - config.tenant().config_history
  for old = math.min(first, last), last do
    redis.call('HDEL', key, int(old))
  end
end

function history.write(version, note, changes)
  local hash, told = history.hash(), {}
  for i, change in ipairs(changes) do
    hash = with(with(hash, change, change.before), change, change.settings)
    told[i] = { kind = change.kind, id = change.id, before = change.before, after = change.settings }
  end
  redis.call('HSET', cx.p .. 'meta', 'hash', hash)
  local record =
    { version = version, at = cx.now, actor = cx.args.actor, note = note or '', hash = hash, changes = told }
  redis.call('HSET', cx.p .. 'cfg', int(version), cmsgpack.pack(record))
  forget_before(version)
end

-- The record of a version, or nil when it is not kept.
function history.load(version)
  local blob = redis.call('HGET', cx.p .. 'cfg', int(version))
  return blob and (cmsgpack.unpack(blob)) or nil
end

-- The settings that an object had last, as far as versions are kept, or nil.
function history.last_of(kind, id)
  for version = cx.cache.version, 1, -1 do
    local record = history.load(version)
    if not record then
      return nil
    end
    for _, change in ipairs(record.changes) do
      if change.kind == kind and change.id == id then
        return change.after
      end
    end
  end
end

local function brief(record)
  for i, change in ipairs(record.changes) do
    local what = not change.before and 'added' or change.after and 'changed' or 'removed'
    record.changes[i] = { kind = change.kind, id = change.id, what = what }
  end
  return record
end

-- The versions kept, newest first, below one of them; as many as asked for.
query.list_versions = function(args)
  local from = math.min(args.below or math.huge, cx.cache.version + 1) - 1
  local found = {}
  for version = from, math.max(1, from - args.limit + 1), -1 do
    local record = history.load(version)
    if not record then
      break
    end
    found[#found + 1] = args.whole and record or brief(record)
  end
  return { versions = found, version = cx.cache.version, hash = history.hash() }
end
