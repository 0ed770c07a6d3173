-- monitor: a supervisor listens to a conversation, speaks to its agent alone (coach) or to both (barge),
-- or stops. The engine keeps who does, and tells the gateway, which carries it out.
-- args: contact, supervisor, mode, reason
-- moves:
-- events: contact.monitored
-- outcomes: ok, unknown, not_assigned, too_many

local MONITORS_MAX = 3 -- of one contact

transition.monitor = function(args)
  local c = contact.load(args.contact)
  local refused = ending.refusal(c)
  if refused then
    return refused
  end
  local monitors = c.monitors or {}
  local mode = args.mode ~= 'stop' and args.mode or nil
  if monitors[args.supervisor] == mode then
    return { outcome = 'ok', of = c }
  elseif not monitors[args.supervisor] and #sorted_keys(monitors) >= MONITORS_MAX then
    return { outcome = 'too_many' }
  end
  monitors[args.supervisor] = mode
  c.monitors = next(monitors) and monitors or nil
  contact.changed(c)
  contact.tell_monitor(c, args.supervisor, args.mode, args.reason)
  return { outcome = 'ok', of = c }
end
