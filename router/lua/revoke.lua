-- revoke: tokens are taken back before they end: one by its id, or those of a subject that were made up to
-- an instant. `rev` holds what was taken back until no such token can live any more, `rvt` until when.
-- args: id?, subject?, before?, until, at, reason
-- moves:
-- events: token.revoked
-- outcomes: ok

local PRUNED_MAX = 100 -- in one call

local function prune(at)
  local key = cx.p .. 'rvt'
  local over = redis.call('ZRANGEBYSCORE', key, '-inf', int(at), 'LIMIT', '0', int(PRUNED_MAX))
  if #over > 0 then
    redis.call('ZREM', key, unpack(over))
    redis.call('HDEL', cx.p .. 'rev', unpack(over))
  end
end

transition.revoke = function(args)
  prune(args.at)
  local name = args.id and 't|' .. args.id or 's|' .. args.subject
  local blob = redis.call('HGET', cx.p .. 'rev', name)
  local known = blob and cmsgpack.unpack(blob) or NONE
  local record = {
    id = args.id,
    subject = args.subject,
    before = args.before and math.max(args.before, known.before or 0),
    ['until'] = math.max(args['until'], known['until'] or 0),
    at = args.at,
    by = cx.args.actor,
    reason = args.reason,
  }
  redis.call('HSET', cx.p .. 'rev', name, cmsgpack.pack(record))
  redis.call('ZADD', cx.p .. 'rvt', int(record['until']), name)
  emit({
    e = 'token.revoked',
    id = record.id,
    subject = record.subject,
    before = record.before,
    ['until'] = record['until'],
    reason = record.reason,
  })
  return { outcome = 'ok' }
end

-- In pages; one that was told twice was written meanwhile.
query.list_revoked = function(args)
  local page = redis.call('HSCAN', cx.p .. 'rev', args.cursor, 'COUNT', int(args.limit))
  local found = {}
  for at = 2, #page[2], 2 do
    found[#found + 1] = (cmsgpack.unpack(page[2][at]))
  end
  return { revoked = found, cursor = page[1] }
end
