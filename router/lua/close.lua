-- close: the work on the contact is done; the owner's slot is free, or held while he writes it up. One
-- that is held or scheduled has no owner: it is closed by whoever acts for nobody.
-- args: contact, agent?, disposition?, reason?, wrap_up?
-- moves: contact assigned>wrap_up, assigned>closed, held>closed, scheduled>closed · offer pending>revoked
-- events: offer.revoked, contact.wrap_up, contact.closed
-- outcomes: ok, unknown, not_assigned, not_yours, ended

transition.close = function(args)
  local c = contact.load(args.contact)
  if c and (c.state == 'wrap_up' or c.state == 'closed') then
    return { outcome = 'ended', state = c.state }
  end
  if c and not args.agent and (c.state == 'held' or c.state == 'scheduled') then
    calendar.leave(c)
    c.disposition = args.disposition
    ending.close(c, 'handled', args.reason)
    return { outcome = 'ok', of = c }
  end
  local refused = ending.refusal(c, args.agent)
  if refused then
    return refused
  end
  ending.by_owner(c, args)
  return { outcome = 'ok', of = c }
end
