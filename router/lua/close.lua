-- close: the work on the contact is done; the owner's slot is free, or held while he writes it up.
-- args: contact, agent?, disposition?, reason?, wrap_up?
-- moves: contact assigned>wrap_up, assigned>closed · offer pending>revoked
-- events: offer.revoked, contact.wrap_up, contact.closed
-- outcomes: ok, unknown, not_assigned, not_yours, ended

transition.close = function(args)
  local c = contact.load(args.contact)
  if c and (c.state == 'wrap_up' or c.state == 'closed') then
    return { outcome = 'ended', state = c.state }
  end
  local refused = ending.refusal(c, args.agent)
  if refused then
    return refused
  end
  ending.by_owner(c, args)
  return { outcome = 'ok', of = c }
end
