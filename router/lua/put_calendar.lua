-- put_calendar: makes a calendar or replaces it: the instants at which it opens and closes in turn, and
-- until when they are known. Contacts that its queues hold are looked at again.
-- args: calendar, settings, edges, until
-- moves:
-- events: config.calendar
-- outcomes: ok

transition.put_calendar = function(args)
  local version = config.change()
  local till = args['until']
  calendar.save(args.calendar, { settings = args.settings, edges = args.edges, ['until'] = till })
  for _, queue_id in ipairs(queue.all()) do
    if queue.load(queue_id).calendar == args.calendar then
      calendar.review(queue_id)
    end
  end
  emit({
    e = 'config.calendar',
    version = version,
    calendar = args.calendar,
    settings = args.settings,
    ['until'] = till,
  })
  history.write(version, 'calendar ' .. args.calendar, NONE) -- versions without a gap
  return { outcome = 'ok', version = version }
end
