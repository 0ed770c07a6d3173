-- put_calendar: makes a calendar or replaces it: the instants at which it opens and closes in turn, and
-- until when they are known. Contacts that its queues hold are looked at again. With the settings that
-- it has, it is known for longer, and no version is made.
-- args: calendar, settings, edges, until
-- moves:
-- events: config.calendar
-- outcomes: ok

transition.put_calendar = function(args)
  local own = { kind = 'calendar', id = args.calendar, settings = args.settings, edges = args.edges }
  own['until'] = args['until']
  local known = calendar.load(args.calendar)
  if not known or not history.is_same(known.settings, args.settings) then
    return { outcome = 'ok', version = setup.apply({ own }) }
  end
  local version = config.refresh()
  calendar.save(own)
  calendar.tell(own, version)
  calendar.review_all({ [own.id] = true })
  return { outcome = 'ok', version = version }
end
