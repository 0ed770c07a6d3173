-- put_tenant: makes a tenant with its default queue, or replaces its settings.
-- args: settings, simulated
-- moves:
-- events: config.tenant, config.queue, work.interrupted, work.resumed
-- outcomes: ok, bad_clock

local function create(args)
  cx.meta = { sim = args.simulated, config = '0', lines = '0', short = 0 }
  cx.cache = step.settings_cache(cx.p, cx.meta.config)
  clock.start(args.simulated, args.now)
  local t = redis.call('TIME')
  local epoch = string.sub(redis.sha1hex(cx.p .. t[1] .. t[2]), 1, 16)
  redis.call('HSET', cx.p .. 'meta', 'epoch', epoch, 'lines', config.next_stamp('0'))
end

transition.put_tenant = function(args)
  if not cx.meta then
    if args.simulated ~= (args.now ~= nil) then
      return { outcome = 'bad_clock' }
    end
    create(args)
  elseif args.simulated ~= cx.meta.sim then
    return { outcome = 'bad_clock' }
  end
  local changes = { { kind = 'tenant', settings = args.settings } }
  setup.problems(changes) -- completes the settings, and adds the default queue
  return { outcome = 'ok', version = setup.apply(changes) }
end
