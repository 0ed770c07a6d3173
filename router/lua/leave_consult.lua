-- leave_consult: who is consulted leaves, or the owner goes on without him; who is still rung is rung no more.
-- args: contact, agent?
-- moves: offer pending>revoked
-- events: contact.consult_ended, offer.revoked
-- outcomes: ok, unknown, not_assigned, not_yours, not_consulting

transition.leave_consult = function(args)
  local c = contact.load(args.contact)
  local refused = colleague.stranger(c, args.agent)
  if refused then
    return refused
  elseif c.consult then
    colleague.part(c, args.agent == c.consult.agent and 'left' or 'dismissed')
  elseif c.ringing and c.ringing[1].kind == 'consult' then
    offer.revoke_ringing(c, 'dismissed')
  else
    return { outcome = 'not_consulting', state = c.state }
  end
  return { outcome = 'ok', of = c }
end
