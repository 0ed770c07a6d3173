-- put_queue: creates a queue or replaces its settings; contacts that wait keep their due time, agents
--   who are ready stand by its strategy at once. Contacts must not be sent on in a circle.
-- args: queue, settings
-- moves:
-- events: config.queue
-- outcomes: ok, loop

transition.put_queue = function(args)
  local changes = { { kind = 'queue', id = args.queue, settings = args.settings } }
  local problem = setup.problems(changes)[1]
  if problem then
    return { outcome = 'loop', path = problem.path, what = problem.what }
  end
  return { outcome = 'ok', version = setup.apply(changes) }
end
