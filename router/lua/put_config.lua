-- put_config: changes any number of settings in one step, under one version; all of them or none.
-- args: changes, base?, note, file?
-- moves: presence new>offline, offline>removed · contact queued>queued
-- events: config.applied, config.file, config.tenant, config.queue, config.queue_removed, config.calendar,
--   config.calendar_removed, agent.put, agent.removed,
--   line.dropped, line.made, contact.queued
-- outcomes: ok, stale, blocked, too_many_changes

local CHANGES_MAX = 200 -- one call holds up the store for as long as this many take
local TOLD_MAX = 20

transition.put_config = function(args)
  local version = cx.cache.version
  if args.base and args.base ~= version then
    return { outcome = 'stale', version = version }
  elseif #args.changes > CHANGES_MAX or #(args.file or NONE) > CHANGES_MAX then
    return { outcome = 'too_many_changes' }
  end
  local found = setup.problems(args.changes)
  if #found > 0 then
    local told = {}
    for i = 1, math.min(#found, TOLD_MAX) do
      told[i] = found[i]
    end
    return { outcome = 'blocked', problems = told }
  end
  local is_new = #args.changes > 0
  if is_new then
    emit({ e = 'config.applied', version = version + 1, changes = #args.changes, note = args.note })
    version = setup.apply(args.changes, args.note)
  end
  filed.keep(args.file or NONE)
  return { outcome = 'ok', version = version, hash = history.hash() }
end
