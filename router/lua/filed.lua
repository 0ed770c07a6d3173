-- What a router's file last said of each object: `file` holds it by kind and id, without what is the
-- default. A start compares with it, so that only what the file says anew is put over other changes.

-- Remembers words, and forgets those of objects that the file names no more.
function filed.keep(words)
  for _, said in ipairs(words) do
    local key, name = cx.p .. 'file', said.kind .. '|' .. said.id
    if said.settings then
      redis.call('HSET', key, name, cmsgpack.pack(said.settings))
    else
      redis.call('HDEL', key, name)
    end
    emit({ e = 'config.file', kind = said.kind, id = said.id, settings = said.settings })
  end
end

-- In pages; one that was told twice was written meanwhile.
query.list_filed = function(args)
  local page = redis.call('HSCAN', cx.p .. 'file', args.cursor, 'COUNT', int(args.limit))
  local found = {}
  for at = 1, #page[2], 2 do
    local kind, id = string.match(page[2][at], '^(%a+)|(.*)$')
    found[#found + 1] = { kind = kind, id = id, settings = (cmsgpack.unpack(page[2][at + 1])) }
  end
  return { filed = found, cursor = page[1] }
end
