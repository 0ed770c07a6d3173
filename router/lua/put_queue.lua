-- put_queue: creates a queue or replaces its settings; contacts that wait keep their due time.
-- args: queue, settings
-- moves:
-- events: config.queue
-- outcomes: ok

transition.put_queue = function(args)
  local version = config.change()
  queue.save(args.queue, args.settings)
  emit({ e = 'config.queue', version = version, queue = args.queue, settings = args.settings })
  return { outcome = 'ok', version = version }
end
