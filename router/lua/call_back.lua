-- call_back: a waiting customer hangs up and is to be called back; the contact keeps his place, and
-- waits on without him, or comes again at a later instant.
-- args: contact, address?, not_before?
-- moves: contact queued>scheduled, offered>scheduled, held>scheduled, scheduled>scheduled
--   · offer pending>revoked
-- events: contact.callback, contact.scheduled, offer.revoked
-- outcomes: ok, unknown, not_waiting, too_far

local WAITS = { queued = true, offered = true, held = true, scheduled = true }

transition.call_back = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  elseif not WAITS[c.state] then
    return { outcome = 'not_waiting', state = c.state }
  elseif calendar.is_too_far(args.not_before) then
    return { outcome = 'too_far' }
  end
  local before = c.callback or { attempts = 0, address = c.address }
  local callback = { attempts = before.attempts, address = args.address or before.address }
  intake.end_lease(c)
  c.lease_ms = nil -- his gateway has nobody on the line any more
  c.callback = callback -- a new table: events of this call hold the old one
  contact.changed(c)
  emit({
    e = 'contact.callback',
    contact = c.id,
    queue = c.queue,
    agents = ringing.agents(c),
    address = callback.address,
    attempts = callback.attempts,
  })
  if calendar.is_later(args.not_before) or (args.not_before and c.state == 'scheduled') then
    calendar.postpone(c, args.not_before, 'call_back')
  end
  return { outcome = 'ok', of = c }
end
