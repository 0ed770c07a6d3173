-- archived: the archive has the journal up to a position; what nobody else needs either is cut off, and the
-- closed contacts that it names are let go. Without a position nobody archives any more.
-- args: position?, unarchived_max, contacts
-- moves:
-- events:
-- outcomes: ok

local CUT_MAX = 10000 -- entries cut off in one call, so that no call is long

local function cut(position)
  local key = cx.p .. 'journal'
  local over = redis.call('XLEN', key) - config.tenant().journal_max
  if over > 0 then
    redis.call('XTRIM', key, 'MINID', '~', position, 'LIMIT', int(math.min(over, CUT_MAX)))
  end
end

transition.archived = function(args)
  local limit = args.position and args.unarchived_max or 0
  if limit ~= cx.meta.unarchived then
    redis.call('HSET', cx.p .. 'meta', 'unarchived', int(limit))
  end
  if args.position then
    cut(args.position)
  end
  local gone = {}
  for _, id in ipairs(sorted_keys(args.contacts)) do
    local c = contact.load(id)
    if c and c.state == 'closed' and c.closed_at == args.contacts[id] then
      contact.let_go(c)
      c = nil
    end
    if not c then
      gone[#gone + 1] = id
    end
  end
  return { outcome = 'ok', contacts_gone = gone }
end
