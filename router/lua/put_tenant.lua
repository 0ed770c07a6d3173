-- put_tenant: makes a tenant with its default queue, or replaces its settings.
-- args: settings, simulated
-- moves:
-- events: config.tenant, config.queue
-- outcomes: ok, bad_clock

transition.put_tenant = function(args)
  if not cx.meta then
    if args.simulated ~= (args.now ~= nil) then
      return { outcome = 'bad_clock' }
    end
    cx.meta = { sim = args.simulated, lines = 0, virt = -1 }
    clock.start(args.simulated, args.now)
    local t = redis.call('TIME')
    local epoch = string.sub(redis.sha1hex(cx.p .. t[1] .. t[2]), 1, 16)
    redis.call('HSET', cx.p .. 'meta', 'epoch', epoch, 'lines', 0)
  elseif args.simulated ~= cx.meta.sim then
    return { outcome = 'bad_clock' }
  end
  local settings = args.settings
  local version = config.next_version()
  config.save_tenant(settings)
  emit('config.tenant', { version = version, settings = settings })
  if not queue.load(settings.default_queue) then
    local defaults = {}
    queue.save(settings.default_queue, defaults)
    cx.cache.queues = {}
    emit('config.queue', { version = version, queue = settings.default_queue, settings = defaults })
  end
  return { outcome = 'ok', version = version }
end
