-- Survey: which keys a tenant has, and whom its indexes name, in pages of bounded work. What is found is a
-- hint where to look: things move between two pages.

local SCANS = { zset = 'ZSCAN', set = 'SSCAN', hash = 'HSCAN' }

-- The names in one index; a sorted set and a hash answer them in pairs.
local function names_in(key, cursor, limit)
  local kind = redis.call('TYPE', key).ok
  if not SCANS[kind] then
    return '0', {}
  end
  local page = redis.call(SCANS[kind], key, cursor, 'COUNT', int(limit))
  local names = {}
  for i = 1, #page[2], kind == 'set' and 1 or 2 do
    names[#names + 1] = page[2][i]
  end
  return page[1], names
end

-- A page of the tenant's keys with their types, or of the names in one of them (`of`).
query.survey = function(args)
  if args.of then
    local cursor, names = names_in(cx.p .. args.of, args.cursor, args.limit)
    return { cursor = cursor, names = names }
  end
  local page = redis.call('SCAN', args.cursor, 'MATCH', cx.p .. '*', 'COUNT', int(args.limit))
  local keys = {}
  for i, key in ipairs(page[2]) do
    keys[i] = { string.sub(key, #cx.p + 1), redis.call('TYPE', key).ok }
  end
  return { cursor = page[1], keys = keys }
end
