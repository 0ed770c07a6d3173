-- put_queue: creates a queue or replaces its settings; contacts that wait keep their due time, agents
--   who are ready stand by its strategy at once. Contacts must not be sent on in a circle.
-- args: queue, settings
-- moves:
-- events: config.queue
-- outcomes: ok, loop

transition.put_queue = function(args)
  local path, field = limits.loop(args.queue, args.settings)
  if path then
    return { outcome = 'loop', path = path, what = field }
  end
  local before = queue.load(args.queue)
  local version = config.change()
  queue.save(args.queue, args.settings)
  if before then
    strategy.change(args.queue, before, args.settings)
  end
  cx.deserted[args.queue] = true
  emit({ e = 'config.queue', version = version, queue = args.queue, settings = args.settings })
  return { outcome = 'ok', version = version }
end
