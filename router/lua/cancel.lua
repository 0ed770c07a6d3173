-- cancel: the customer left, or the gateway takes the contact back; from any live state.
-- args: contact, result, reason?
-- moves: contact queued>closed, offered>closed, assigned>wrap_up, assigned>closed · offer pending>revoked
-- events: offer.revoked, contact.wrap_up, contact.closed
-- outcomes: ok, unknown, ended

transition.cancel = function(args)
  local c = contact.load(args.contact)
  if not c then
    return unknown('contact')
  end
  if c.state == 'wrap_up' or c.state == 'closed' then
    return { outcome = 'ended', state = c.state }
  end
  if c.state == 'assigned' then
    ending.by_owner(c, { reason = args.reason or 'customer_left' })
    return { outcome = 'ok', of = c }
  end
  if c.state == 'offered' then
    offer.revoke_ringing(c, args.result)
  else
    offer.stop_waiting(c)
    line.leave(c)
  end
  ending.close(c, args.result, args.reason)
  return { outcome = 'ok', of = c }
end
