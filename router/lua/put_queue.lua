-- put_queue: creates a queue or replaces its settings; contacts that wait keep their due time, agents
--   who are ready stand by its strategy at once.
-- args: queue, settings
-- moves:
-- events: config.queue
-- outcomes: ok

transition.put_queue = function(args)
  local before = queue.load(args.queue)
  local version = config.change()
  queue.save(args.queue, args.settings)
  if before then
    strategy.change(args.queue, before, args.settings)
  end
  emit({ e = 'config.queue', version = version, queue = args.queue, settings = args.settings })
  return { outcome = 'ok', version = version }
end
