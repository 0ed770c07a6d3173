-- cancel: the customer left, or the gateway takes the contact back; from any live state.
-- args: contact, result, reason?
-- moves: contact queued>closed, offered>closed, assigned>wrap_up, assigned>closed, held>closed,
--   scheduled>closed, waiting_customer>closed · offer pending>revoked
-- events: offer.revoked, contact.wrap_up, contact.closed
-- outcomes: ok, unknown, ended, is_callback

transition.cancel = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  end
  if c.state == 'wrap_up' or c.state == 'closed' then
    return { outcome = 'ended', state = c.state }
  elseif c.callback and args.result == 'abandoned' and c.state ~= 'assigned' then
    return { outcome = 'is_callback', state = c.state } -- he hung up because he will be called
  end
  ending.cancel(c, args.result, args.reason)
  return { outcome = 'ok', of = c }
end
