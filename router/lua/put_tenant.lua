-- put_tenant: makes a tenant with its default queue, or replaces its settings.
-- args: settings, simulated
-- moves:
-- events: config.tenant, config.queue
-- outcomes: ok, bad_clock

-- Other costs make other agents routable: the one change of settings that looks at every agent.
local function rematch(before, after)
  local channels = {}
  for _, settings in ipairs({ before, after }) do
    for channel in pairs(settings) do
      channels[channel] = true
    end
  end
  for channel in pairs(channels) do
    local was, is = before[channel] or { cost = 1 }, after[channel] or { cost = 1 }
    if was.cost ~= is.cost then
      for _, id in ipairs(agent.all()) do
        match.touch_agent(agent.load(id))
      end
      return
    end
  end
end

transition.put_tenant = function(args)
  local before = cx.meta and config.tenant().channels
  if not cx.meta then
    if args.simulated ~= (args.now ~= nil) then
      return { outcome = 'bad_clock' }
    end
    cx.meta = { sim = args.simulated, config = '0', lines = '0', short = 0 }
    clock.start(args.simulated, args.now)
    local t = redis.call('TIME')
    local epoch = string.sub(redis.sha1hex(cx.p .. t[1] .. t[2]), 1, 16)
    redis.call('HSET', cx.p .. 'meta', 'epoch', epoch, 'lines', '0')
  elseif args.simulated ~= cx.meta.sim then
    return { outcome = 'bad_clock' }
  end
  local settings = args.settings
  local version = config.change()
  config.save_tenant(settings)
  if before then
    rematch(before, settings.channels)
  end
  emit({ e = 'config.tenant', version = version, settings = settings })
  if not queue.load(settings.default_queue) then
    local defaults = {}
    queue.save(settings.default_queue, defaults)
    cx.cache.queues = {}
    emit({ e = 'config.queue', version = version, queue = settings.default_queue, settings = defaults })
  end
  return { outcome = 'ok', version = version }
end
